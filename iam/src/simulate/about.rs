//! One action of one caller, asked of many resources: each with a policy of its own and with the control policies over
//! its account.
//!
//! The caller's own policies are looked through once. What comes out is what [`Engine::decide`] says of an engine that
//! was made with the resource's policies in place.

use super::engine::{Engine, Found, Rule, is_free};
use super::paths::{Question, Slot};
use super::request::{AbsentKey, AccessRequest};
use super::verdict::{PolicyPlace, Verdict};
use crate::document::Document;
use crate::evaluate::{Facts, Name, Truth, action_matches, lower_case};

/// What stands on the resource's side of a request.
#[derive(Debug, Clone, Copy, Default)]
pub struct ResourceSide<'a> {
    /// The policy of the resource: of a role its trust policy, of a key its key policy.
    pub policy: Option<&'a Document>,
    /// Resource control policies over the resource's account, level by level.
    pub rcps: &'a [Vec<Document>],
}

/// A caller's rules on one action.
#[derive(Debug, Clone)]
pub struct ActionEngine<'a> {
    engine: &'a Engine,
    /// In lower case.
    action: String,
    rules: Vec<&'a Rule>,
}

impl Engine {
    /// The rules on one action, of an engine that was made without policies of the resource's side.
    #[must_use]
    pub fn about(&self, action: &str) -> ActionEngine<'_> {
        let action = lower_case(action).into_owned();
        let mut rules = Vec::new();
        self.directory.visit(&action, |number| {
            rules.extend(self.rules.get(number).filter(|rule| rule.binds(&action)));
        });
        ActionEngine {
            engine: self,
            action,
            rules,
        }
    }
}

impl ActionEngine<'_> {
    /// Tells whether an identity policy may allow the action on something.
    #[must_use]
    pub fn has_identity_allow(&self) -> bool {
        self.rules
            .iter()
            .any(|rule| rule.slot == Some(Slot::Identity))
    }

    /// Decides a request for the action on one resource, whatever action the request names.
    #[must_use]
    pub fn decide(&self, request: &AccessRequest, side: ResourceSide<'_>) -> Verdict {
        let principal = &self.engine.principal;
        if is_free(&self.action) && principal.account_id().is_some() {
            return Verdict::Allowed { by: Vec::new() };
        }
        let facts = Facts::with_derived(
            &request.context,
            &self.engine.derived,
            &request.resource_account,
            request.absent == AbsentKey::NotInRequest,
        );
        let resource = request.resource.as_deref().map(Name::read);
        let beside = self.of_side(side);
        let mut found = Found::new(self.engine.limits.scp_levels);
        for rule in self.rules.iter().copied().chain(&beside) {
            found.add(rule, rule.scope.holds(resource.as_ref(), facts));
        }
        if found.denied == Truth::True {
            return found.refused();
        }
        let question = Question {
            across_accounts: principal.account_id() != Some(&request.resource_account),
            resource_policy_first: request.asks_the_resource_policy_first(&self.action),
        };
        let paths = self.engine.paths(&question, &found.allowed);
        found.verdict(&paths)
    }

    /// The rules on the action that stand on the resource's side.
    fn of_side(&self, side: ResourceSide<'_>) -> Vec<Rule> {
        let mut rules = Vec::new();
        let mut add = |document: &Document, place: PolicyPlace| {
            let own = self.engine.of_resource(document, place, |actions| {
                action_matches(actions, &self.action)
            });
            rules.extend(
                own.into_iter()
                    .map(|(_, rule)| rule)
                    .filter(|rule| rule.binds(&self.action)),
            );
        };
        if !self.engine.principal.is_linked_to_a_service() {
            for (level, documents) in side.rcps.iter().enumerate() {
                for (index, document) in documents.iter().enumerate() {
                    add(document, PolicyPlace::Rcp { level, index });
                }
            }
        }
        if let Some(document) = side.policy {
            add(document, PolicyPlace::Resource);
        }
        rules
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::simulate::{AccessPolicies, Principal};

    const ROLE: &str = "arn:aws:iam::111122223333:role/a";
    const OTHER: &str = "arn:aws:iam::111122223333:role/b";

    fn document(statement: &str) -> Document {
        Document::parse(&format!(
            r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#
        ))
        .unwrap()
    }

    fn allow_all() -> Document {
        document(r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#)
    }

    #[test]
    fn it_says_what_an_engine_with_the_same_policies_says() {
        let trusts = [
            document(
                r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": "sts:AssumeRole"}"#,
            ),
            document(
                r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}"#,
            ),
            document(
                r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"sts:ExternalId": "x"}}}"#,
            ),
            document(
                r#"{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "sts:AssumeRole"}"#,
            ),
            document(r#"{"Effect": "Deny", "Principal": "*", "Action": "sts:*"}"#),
        ];
        let rcps = vec![vec![document(
            r#"{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}"#,
        )]];
        let mut seen = Vec::new();
        for identity in [vec![allow_all()], Vec::new()] {
            for trust in &trusts {
                for rcps in [Vec::new(), rcps.clone()] {
                    for account in ["111122223333", "777788889999"] {
                        let own = AccessPolicies {
                            identity: identity.clone(),
                            ..AccessPolicies::default()
                        };
                        let whole = AccessPolicies {
                            resource: Some(trust.clone()),
                            rcps: rcps.clone(),
                            ..own.clone()
                        };
                        let request = AccessRequest {
                            action: "sts:AssumeRole".to_owned(),
                            resource: Some(OTHER.replace("111122223333", account)),
                            resource_account: account.to_owned(),
                            absent: AbsentKey::Unknown,
                            ..AccessRequest::default()
                        };
                        let principal = Principal::parse(ROLE).unwrap();
                        let engine = Engine::new(principal.clone(), &BTreeMap::new(), &own);
                        let side = ResourceSide {
                            policy: Some(trust),
                            rcps: &rcps,
                        };
                        let verdict = engine.about("STS:assumerole").decide(&request, side);
                        let expected =
                            Engine::new(principal, &BTreeMap::new(), &whole).decide(&request);
                        assert_eq!(verdict, expected);
                        seen.push(verdict.as_str());
                    }
                }
            }
        }
        for verdict in [
            "allowed",
            "undecided",
            "implicitly_denied",
            "explicitly_denied",
        ] {
            assert!(seen.contains(&verdict), "{verdict} was not tried");
        }
    }
}
