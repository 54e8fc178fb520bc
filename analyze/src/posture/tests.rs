//! Each check where it passes, where it fails, and where it cannot be decided.

use serde_json::{Value, json};

use super::*;
use crate::inventory::testbed::{inventory, organization};

const ROLE: &str = "arn:aws:iam::111122223333:role/app";

fn lambda() -> Value {
    json!({"Principal": {"Service": "lambda.amazonaws.com"}})
}

/// A role with one inline policy and one trust statement.
fn role(statement: &Value, trust: &Value) -> Value {
    let mut own = json!({"Effect": "Allow", "Resource": "*"});
    let mut entry = json!({"Effect": "Allow", "Action": "sts:AssumeRole"});
    for (target, more) in [(&mut own, statement), (&mut entry, trust)] {
        for (key, value) in more.as_object().unwrap() {
            target[key] = value.clone();
        }
    }
    json!({
        "RoleName": "app", "Path": "/",
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": own}}],
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": entry},
    })
}

fn checked(document: Value, more: Vec<(&str, &str, &str, Value)>, id: &str) -> (Status, String) {
    let mut documents = vec![("role", "111122223333", ROLE, document)];
    documents.extend(more);
    let inventory = inventory(documents);
    let subject = Subject::of(inventory.role(ROLE).unwrap(), &inventory);
    let (_, check) = CHECKS.iter().find(|(known, _)| *known == id).unwrap();
    let outcome = check(&subject);
    (outcome.status, outcome.evidence)
}

fn of_policy(statement: &Value, id: &str) -> Status {
    checked(role(statement, &lambda()), Vec::new(), id).0
}

fn of_trust(trust: &Value) -> (Status, String) {
    checked(
        role(&json!({"Action": "s3:GetObject"}), trust),
        Vec::new(),
        "trust_scoped",
    )
}

/// A role with a managed policy that the snapshot lacks.
fn with_a_gap(statement: &Value) -> Value {
    let mut document = role(statement, &lambda());
    document["AttachedManagedPolicies"] =
        json!([{"PolicyName": "gone", "PolicyArn": "arn:aws:iam::111122223333:policy/gone"}]);
    document
}

#[test]
fn a_wildcard_over_a_service_fails_and_one_over_names_does_not() {
    let of = |statement: Value| of_policy(&statement, "no_wildcard_action");
    assert_eq!(of(json!({"Action": "*"})), Status::Fail);
    assert_eq!(
        of(json!({"Action": ["s3:GetObject", "sqs:*"]})),
        Status::Fail
    );
    assert_eq!(of(json!({"NotAction": "iam:*"})), Status::Fail);
    assert_eq!(of(json!({"Action": "s3:Get*"})), Status::Pass);
    assert_eq!(of(json!({"Effect": "Deny", "Action": "*"})), Status::Pass);
}

#[test]
fn what_could_not_be_read_never_passes() {
    let of = |statement: Value, id: &str| checked(with_a_gap(&statement), Vec::new(), id).0;
    let fine = json!({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"});
    for id in [
        "no_wildcard_action",
        "no_unscoped_resource",
        "resources_named",
    ] {
        assert_eq!(of(fine.clone(), id), Status::Unknown, "{id}");
    }
    assert_eq!(
        of(json!({"Action": "*"}), "no_wildcard_action"),
        Status::Fail
    );
}

#[test]
fn all_resources_are_a_fault_only_of_actions_that_take_some() {
    let of = |statement: Value| of_policy(&statement, "no_unscoped_resource");
    assert_eq!(of(json!({"Action": "s3:GetObject"})), Status::Fail);
    assert_eq!(of(json!({"Action": "s3:ListAllMyBuckets"})), Status::Pass);
    assert_eq!(
        of(json!({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"})),
        Status::Pass
    );
    let tagged = json!({"Action": "s3:GetObject", "Condition": {"StringEquals": {"aws:ResourceAccount": "111122223333"}}});
    assert_eq!(of(tagged), Status::Pass);
}

#[test]
fn a_kind_of_resource_with_a_star_is_no_name() {
    let of = |resource: &str| {
        of_policy(
            &json!({"Action": "s3:GetObject", "Resource": resource}),
            "resources_named",
        )
    };
    assert_eq!(of("arn:aws:s3:::*"), Status::Fail);
    assert_eq!(of("arn:aws:s3:::*/*"), Status::Fail);
    assert_eq!(
        of("arn:aws:lambda:eu-west-1:111122223333:function:*"),
        Status::Fail
    );
    assert_eq!(of("arn:aws:sqs:*:*:*"), Status::Fail);
    assert_eq!(of("arn:aws:s3:::b/*"), Status::Pass);
    assert_eq!(of("arn:aws:logs:*:*:log-group:/aws/lambda/*"), Status::Pass);
    assert_eq!(of("*"), Status::Pass);
}

#[test]
fn a_service_needs_the_resource_that_it_acts_for() {
    let bedrock = |condition: Value| {
        of_trust(
            &json!({"Principal": {"Service": "bedrock.amazonaws.com"}, "Condition": condition}),
        )
        .0
    };
    assert_eq!(bedrock(json!({})), Status::Fail);
    assert_eq!(
        bedrock(json!({"StringEquals": {"aws:SourceAccount": "111122223333"}})),
        Status::Pass
    );
    assert_eq!(
        bedrock(json!({"ArnLike": {"AWS:SourceArn": "arn:aws:bedrock:*:111122223333:agent/*"}})),
        Status::Pass
    );
    for vain in [
        json!({"ArnLike": {"aws:SourceArn": "arn:aws:bedrock:*:*:agent/*"}}),
        json!({"StringLike": {"aws:SourceAccount": "*"}}),
        json!({"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}),
        json!({"StringNotEquals": {"aws:SourceAccount": "444455556666"}}),
        json!({"ForAllValues:StringEquals": {"aws:SourceAccount": "111122223333"}}),
    ] {
        assert_eq!(bedrock(vain.clone()), Status::Fail, "{vain}");
    }
    assert_eq!(of_trust(&lambda()).0, Status::Pass);
}

#[test]
fn a_web_identity_needs_subject_and_audience() {
    let provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
    let key = |name: &str| format!("token.actions.githubusercontent.com:{name}");
    let of = |subject: Option<&str>, audience: bool| {
        let mut equals = json!({});
        if audience {
            equals[key("aud")] = json!("sts.amazonaws.com");
        }
        let mut like = json!({});
        if let Some(subject) = subject {
            like[key("sub")] = json!(subject);
        }
        of_trust(
            &json!({"Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": equals, "StringLike": like}}),
        )
        .0
    };
    assert_eq!(of(Some("repo:halden/portal:*"), true), Status::Pass);
    assert_eq!(of(Some("repo:*"), true), Status::Fail);
    assert_eq!(of(Some("*"), true), Status::Fail);
    assert_eq!(of(None, true), Status::Fail);
    assert_eq!(of(Some("repo:halden/portal:*"), false), Status::Fail);
}

#[test]
fn an_account_is_no_workload_and_a_role_is_one() {
    let of = |principal: &str, condition: Value| {
        of_trust(&json!({"Principal": {"AWS": principal}, "Condition": condition})).0
    };
    assert_eq!(
        of("arn:aws:iam::111122223333:role/planner", json!({})),
        Status::Pass
    );
    assert_eq!(
        of("arn:aws:iam::111122223333:root", json!({})),
        Status::Fail
    );
    assert_eq!(of("444455556666", json!({})), Status::Fail);
    let external = json!({"StringEquals": {"sts:ExternalId": "x"}});
    assert_eq!(of("444455556666", external.clone()), Status::Pass);
    assert_eq!(of("111122223333", external), Status::Fail);
    assert_eq!(of("*", json!({})), Status::Fail);
    assert_eq!(
        of(
            "*",
            json!({"StringEquals": {"aws:PrincipalOrgID": "o-abcd"}})
        ),
        Status::Pass
    );
}

#[test]
fn beside_a_deny_and_without_a_policy_trust_is_not_decided() {
    let mut document = role(
        &json!({"Action": "s3:GetObject"}),
        &json!({"Principal": {"Service": "bedrock.amazonaws.com"}}),
    );
    let allow = document["AssumeRolePolicyDocument"]["Statement"].clone();
    document["AssumeRolePolicyDocument"]["Statement"] = json!([allow,
        {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"StringNotEquals": {"aws:SourceAccount": "111122223333"}}}]);
    assert_eq!(
        checked(document, Vec::new(), "trust_scoped").0,
        Status::Unknown
    );
    let untold = json!({"RoleName": "app", "Path": "/"});
    assert_eq!(
        checked(untold, Vec::new(), "trust_scoped").0,
        Status::Unknown
    );
}

#[test]
fn a_ceiling_is_one_that_limits() {
    let of = |more| {
        checked(
            role(&json!({"Action": "s3:GetObject"}), &lambda()),
            more,
            "scp_ceiling",
        )
        .0
    };
    let full = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let deny = json!([full, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]);
    assert_eq!(of(Vec::new()), Status::Unknown);
    assert_eq!(of(organization(&full, "111122223333")), Status::Fail);
    assert_eq!(of(organization(&deny, "111122223333")), Status::Pass);
    assert_eq!(
        of(organization(
            &json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}),
            "111122223333"
        )),
        Status::Pass
    );
    let mut managed = organization(&deny, "111122223333");
    for document in &mut managed {
        document.1 = "111122223333";
    }
    assert_eq!(of(managed), Status::Fail);
}

fn assumed(own: &Value, trust: &Value) -> Vec<(String, String)> {
    let target = "arn:aws:iam::111122223333:role/target";
    let mut boss = role(&json!({"Action": "*"}), trust);
    boss["RoleName"] = json!("target");
    let inventory = inventory(vec![
        ("role", "111122223333", ROLE, role(own, &lambda())),
        ("role", "111122223333", target, boss),
    ]);
    let batch = assumable_roles(&inventory, &BTreeSet::from([ROLE.to_owned()])).unwrap();
    let columns = crate::read::Columns {
        view: "assumable_roles",
        batch: &batch,
    };
    let [decision, admin] = columns.text_columns(["decision", "admin"]).unwrap();
    columns
        .rows()
        .map(|row| (decision.owned(row), admin.owned(row)))
        .collect()
}

#[test]
fn to_assume_takes_permission_and_trust() {
    let may = json!({"Action": "sts:AssumeRole"});
    let may_not = json!({"Action": "s3:GetObject"});
    let account = json!({"Principal": {"AWS": "111122223333"}});
    let named = json!({"Principal": {"AWS": ROLE}});
    let allowed = vec![("allowed".to_owned(), "yes".to_owned())];
    assert_eq!(assumed(&may, &account), allowed);
    assert_eq!(assumed(&may_not, &named), allowed);
    assert!(assumed(&may_not, &account).is_empty());
    assert!(assumed(&may, &lambda()).is_empty());
    let on_condition = json!({"Principal": {"AWS": "111122223333"}, "Condition": {"StringEquals": {"sts:ExternalId": "x"}}});
    assert_eq!(
        assumed(&may, &on_condition),
        [("undecided".to_owned(), "yes".to_owned())]
    );
}
