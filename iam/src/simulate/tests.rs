//! The rules of evaluation, one test each, and the worked examples of AWS's pages.
//!
//! Every test goes the whole way: a case as JSON in, its decision out.

mod across;
mod actions;
mod combining;
mod condition_examples;
mod conditions;
mod control;
mod examples;
mod grammar;
mod operators;
mod principals;
mod resources;
mod sessions;
mod sets;
mod variables;

use serde_json::{Value, json};

use super::case::decide_line;

const ACCOUNT: &str = "111122223333";
const OTHER: &str = "444455556666";
const USER: &str = "arn:aws:iam::111122223333:user/ana";
const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/build";
const FEDERATED: &str = "arn:aws:sts::111122223333:federated-user/ana";
const ROOT: &str = "arn:aws:iam::111122223333:root";
const OBJECT: &str = "arn:aws:s3:::bucket/key";

/// A case under construction: a user who reads an object of its own account.
#[derive(Clone)]
struct Case(Value);

impl Case {
    fn of(arn: impl Into<Value>) -> Self {
        Self(json!({
            "id": 1,
            "principal": {"arn": arn.into()},
            "request": {"action": "s3:GetObject", "resource": OBJECT, "resourceAccount": ACCOUNT, "context": {}},
        }))
    }

    fn user() -> Self {
        Self::of(USER)
    }

    fn set(mut self, field: &str, value: Value) -> Self {
        self.0[field] = value;
        self
    }

    fn ask(mut self, action: &str, resource: &str) -> Self {
        self.0["request"]["action"] = json!(action);
        self.0["request"]["resource"] = json!(resource);
        self
    }

    fn owned_by(mut self, account: &str) -> Self {
        self.0["request"]["resourceAccount"] = json!(account);
        self
    }

    fn context(mut self, context: Value) -> Self {
        self.0["request"]["context"] = context;
        self
    }

    fn tags(mut self, tags: Value) -> Self {
        self.0["principal"]["tags"] = tags;
        self
    }

    fn identity(self, statements: Value) -> Self {
        self.set("identity_policies", json!([policy(statements)]))
    }

    fn boundary(self, statements: Value) -> Self {
        self.set("permission_boundary", policy(statements))
    }

    fn session(self, statements: Value) -> Self {
        self.set("session_policies", json!([policy(statements)]))
    }

    fn resource(self, statements: Value) -> Self {
        self.set("resource_policy", policy(statements))
    }

    fn answer(&self) -> Value {
        serde_json::from_str(&decide_line(&self.0.to_string()).to_line()).unwrap()
    }

    fn decision(&self) -> String {
        let answer = self.answer();
        match answer["decision"].as_str() {
            Some(decision) => decision.to_owned(),
            None => format!("error: {}", answer["error"]),
        }
    }

    #[track_caller]
    fn is(&self, decision: &str) {
        assert_eq!(self.decision(), decision, "{:#}", self.0);
    }

    #[track_caller]
    fn hangs_on(&self, needs: &[&str]) {
        let answer = self.answer();
        assert_eq!(answer["decision"], "undecided", "{answer}");
        assert_eq!(answer["needs"], json!(needs));
    }

    #[track_caller]
    fn allowed(&self) {
        self.is("allowed");
    }

    #[track_caller]
    fn denied(&self) {
        self.is("explicitly_denied");
    }

    #[track_caller]
    fn not_allowed(&self) {
        self.is("implicitly_denied");
    }
}

fn policy(statements: Value) -> Value {
    let mut policy = json!({"Version": "2012-10-17"});
    policy["Statement"] = statements;
    policy
}

fn allow(actions: impl Into<Value>) -> Value {
    json!({"Effect": "Allow", "Action": actions.into(), "Resource": "*"})
}

fn allow_on(resources: impl Into<Value>) -> Value {
    json!({"Effect": "Allow", "Action": "*", "Resource": resources.into()})
}

fn deny(actions: impl Into<Value>) -> Value {
    json!({"Effect": "Deny", "Action": actions.into(), "Resource": "*"})
}

/// An allow of everything under conditions.
fn allow_if(conditions: Value) -> Value {
    let mut statement = allow("*");
    statement["Condition"] = conditions;
    statement
}

fn deny_if(conditions: Value) -> Value {
    let mut statement = deny("*");
    statement["Condition"] = conditions;
    statement
}

/// A statement of a resource's policy for these principals of type `AWS`.
fn grant_to(principals: impl Into<Value>) -> Value {
    let mut statement = allow("*");
    statement["Principal"] = json!({"AWS": principals.into()});
    statement
}

/// One operator over one key.
fn condition(operator: &str, key: &str, listed: Value) -> Value {
    let mut conditions = json!({operator: {}});
    conditions[operator][key] = listed;
    conditions
}

/// Tells whether an allow under the conditions applies to a request with this context.
fn holds(conditions: Value, context: Value) -> bool {
    let case = Case::user().identity(allow_if(conditions)).context(context);
    match case.decision().as_str() {
        "allowed" => true,
        "implicitly_denied" => false,
        other => panic!("{other}: {:#}", case.0),
    }
}
