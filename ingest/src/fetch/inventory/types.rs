//! Which resources are listed, and why. One table: a line more is a type more.
//!
//! Source: AWS CloudFormation resource type schemas, `handlers.list` and `primaryIdentifier` of each type; Cloud Control
//! API User Guide, "Resource types that support Cloud Control API".

use self::Found::{Below, Beside, Itself};
use self::Scope::{Account, Region};

/// A type of resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct ResourceType {
    pub(super) name: &'static str,
    pub(super) found: Found,
    pub(super) scope: Scope,
    /// The properties that the reason rests on: a list that lacks one is followed by asking for the resource.
    pub(super) needs: &'static [&'static str],
    /// What its resources tell of who may do what.
    #[cfg_attr(not(test), expect(dead_code, reason = "it is there to be read"))]
    pub(super) why: &'static str,
}

/// How its resources are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// By listing the type.
    Itself,
    /// By listing the type once per resource of another type, whose identifier is the value of `property`.
    Below {
        parent: &'static str,
        property: &'static str,
    },
    /// By asking for it under the identifier of each resource of another type. Many have none.
    Beside(&'static str),
}

/// Where its resources are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// In every region.
    Region,
    /// In the first region, for all of the account.
    Account,
}

/// Compute and agents first, then the policies of resources.
#[rustfmt::skip]
pub(super) const TYPES: &[ResourceType] = &[
    line("AWS::IAM::OIDCProvider", Itself, Account, &["Arn"], "who may assume roles by a web identity"),
    line("AWS::IAM::InstanceProfile", Itself, Account, &["Roles"], "the role of a node"),
    line("AWS::Lambda::Function", Itself, Region, &["Role"], "the role that a function runs under"),
    line("AWS::StepFunctions::StateMachine", Itself, Region, &["RoleArn"], "the role that a state machine runs under"),
    line("AWS::ECS::TaskDefinition", Itself, Region, &["ContainerDefinitions"], "the task's role and the agent's that starts it"),
    line("AWS::EKS::PodIdentityAssociation", Below { parent: "AWS::EKS::Cluster", property: "ClusterName" }, Region,
        &["RoleArn"], "the role of a service account"),
    line("AWS::Bedrock::Agent", Itself, Region, &["AgentResourceRoleArn"], "the role of an agent, and its tools"),
    line("AWS::BedrockAgentCore::Runtime", Itself, Region, &["RoleArn"], "the role of an agent's runtime"),
    line("AWS::BedrockAgentCore::Gateway", Itself, Region, &["RoleArn"], "the role that a gateway calls tools under"),
    line("AWS::S3::BucketPolicy", Itself, Region, &["PolicyDocument"], "who else a bucket lets in"),
    line("AWS::KMS::Key", Itself, Region, &["KeyPolicy"], "who may use a key, which no identity policy can say alone"),
    line("AWS::Lambda::Permission", Below { parent: "AWS::Lambda::Function", property: "FunctionName" }, Region,
        &["Principal", "Action"], "who else may invoke a function"),
    line("AWS::SQS::QueueInlinePolicy", Beside("AWS::SQS::Queue"), Region, &["PolicyDocument"], "who else a queue lets in"),
    line("AWS::SNS::TopicInlinePolicy", Beside("AWS::SNS::Topic"), Region, &["PolicyDocument"], "who else a topic lets in"),
    line("AWS::SecretsManager::ResourcePolicy", Beside("AWS::SecretsManager::Secret"), Region, &["ResourcePolicy"],
        "who else may read a secret"),
];

const fn line(
    name: &'static str,
    found: Found,
    scope: Scope,
    needs: &'static [&'static str],
    why: &'static str,
) -> ResourceType {
    ResourceType {
        name,
        found,
        scope,
        needs,
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_stands_once_and_says_why() {
        let mut names: Vec<&str> = TYPES.iter().map(|one| one.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TYPES.len());
        assert!(
            TYPES
                .iter()
                .all(|one| !one.why.is_empty() && !one.needs.is_empty())
        );
    }
}
