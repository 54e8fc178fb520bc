//! What a trail shows of an action's use: the hand-written rules in, one answer per action out.
//!
//! Source: AWS CloudTrail User Guide, "Logging management events" and "Logging data events";
//! the head of `data/recording.tsv` tells how a row is decided.
//!
//! INVARIANT: an action is `Management` only if some API operation is authorized by it, because
//! that answer alone lets a missing record count as "not used".

use super::table::{RECORDING, Row};
use super::{Action, range_of};
use crate::pattern::wildcard_match_ignore_case;

/// What a trail shows of an action's use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recording {
    /// A management event, which a trail records unless it is told otherwise.
    Management,
    /// A data event, which a trail records only where a selector names the resource type.
    Data {
        /// The `resources.type` of the selector: `AWS::S3::Object`.
        resource_type: String,
    },
    /// No operation of its own: it is checked along with others, and no event names it.
    PermissionOnly,
    /// Used, but not by calls that CloudTrail records.
    NotLogged,
}

impl Recording {
    /// The name in tables and reports.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Management => "management",
            Self::Data { .. } => "data",
            Self::PermissionOnly => "permission_only",
            Self::NotLogged => "not_logged",
        }
    }

    /// The answer without a rule: `reach` is the column of the action table.
    pub(super) fn derive(reach: &str) -> Self {
        if reach == "operation" {
            Self::Management
        } else {
            Self::PermissionOnly
        }
    }

    fn parse(row: Row) -> Option<Self> {
        let mut columns = row.columns();
        Some(match columns.next()? {
            "management" => Self::Management,
            "data" => Self::Data {
                resource_type: columns.next()?.to_owned(),
            },
            "permission_only" => Self::PermissionOnly,
            "not_logged" => Self::NotLogged,
            _ => return None,
        })
    }
}

/// Overrides the derived answers with the rules; of several that match, the longest pattern holds.
///
/// `names` are the names of `actions` in lower case.
pub(super) fn apply_rules(names: &[&str], actions: &mut [Action]) {
    let mut rules: Vec<Row> = RECORDING.unpack().lines().map(Row::new).collect();
    rules.sort_by_key(|rule| rule.key.len());
    for rule in rules {
        let Some(recording) = Recording::parse(rule) else {
            continue;
        };
        let literal = rule.key.split(['*', '?']).next().unwrap_or_default();
        let range = range_of(names, literal);
        for action in actions.get_mut(range).unwrap_or_default() {
            if wildcard_match_ignore_case(rule.key, action.name) {
                action.recording = recording.clone();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn recording(action: &str) -> &'static Recording {
        &Catalog::embedded().action(action).unwrap().recording
    }

    fn data(resource_type: &str) -> Recording {
        Recording::Data {
            resource_type: resource_type.to_owned(),
        }
    }

    #[test]
    fn object_calls_are_data_events_and_bucket_calls_are_not() {
        for action in [
            "s3:GetObject",
            "s3:GetObjectVersion",
            "s3:PutObjectTagging",
            "s3:ListBucket",
        ] {
            assert_eq!(*recording(action), data("AWS::S3::Object"), "{action}");
        }
        for action in [
            "s3:GetBucketPolicy",
            "s3:ListAllMyBuckets",
            "s3:CreateBucket",
        ] {
            assert_eq!(*recording(action), Recording::Management, "{action}");
        }
    }

    #[test]
    fn model_calls_are_management_events_and_agent_calls_are_not() {
        assert_eq!(*recording("bedrock:InvokeModel"), Recording::Management);
        assert_eq!(
            *recording("bedrock:InvokeModelWithResponseStream"),
            Recording::Management
        );
        assert_eq!(
            *recording("bedrock:InvokeAgent"),
            data("AWS::Bedrock::AgentAlias")
        );
        assert_eq!(
            *recording("bedrock:Retrieve"),
            data("AWS::Bedrock::KnowledgeBase")
        );
        assert_eq!(
            *recording("bedrock-agentcore:InvokeAgentRuntime"),
            data("AWS::BedrockAgentCore::Runtime")
        );
    }

    #[test]
    fn what_no_operation_reaches_is_permission_only() {
        for action in [
            "iam:PassRole",
            "s3:BypassGovernanceRetention",
            "s3:ReplicateObject",
        ] {
            assert_eq!(*recording(action), Recording::PermissionOnly, "{action}");
        }
    }

    #[test]
    fn what_records_of_other_calls_prove_is_management() {
        assert_eq!(*recording("sts:TagSession"), Recording::Management);
        assert_eq!(*recording("sts:SetSourceIdentity"), Recording::Management);
    }

    #[test]
    fn data_planes_without_records_are_not_logged() {
        for action in [
            "execute-api:Invoke",
            "es:ESHttpGet",
            "rds-db:connect",
            "kafka-cluster:ReadData",
            "iot:Publish",
            "neptune-db:ReadDataViaQuery",
            "logs:PutLogEvents",
        ] {
            assert_eq!(*recording(action), Recording::NotLogged, "{action}");
        }
    }

    #[test]
    fn every_rule_reads_and_names_an_action() {
        let catalog = Catalog::embedded();
        for rule in RECORDING.unpack().lines().map(Row::new) {
            assert!(Recording::parse(rule).is_some(), "{}", rule.key);
            assert!(
                !crate::expand::expand(rule.key, catalog).is_empty(),
                "{} matches nothing",
                rule.key
            );
        }
    }
}
