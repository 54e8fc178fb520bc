//! The ways known to the field in which a principal raises its own permissions: a table, a method a line.
//!
//! A method needs all its actions at once, on what its kind says. Methods are named after the actions that they need.
//! Sources: the public collections of IAM privilege escalation methods (Rhino Security Labs, pathfinding.cloud), read
//! for the facts; IAM User Guide, "Granting a user permissions to pass a role to an AWS service"; Service Authorization
//! Reference, the actions of each service and the dependent actions among them.

use std::collections::BTreeSet;

use Kind::{
    Assumable, AssumablePolicy, Function, NewRole, Node, OwnBoundary, OwnPolicy, OwnRole, Pass,
    StateMachine, Task, TrustOf, User,
};

/// What the actions of a method are done on, and with that what it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The role itself.
    OwnRole,
    /// The role itself, if it has a permissions boundary.
    OwnBoundary,
    /// A policy of the account's own that is attached to the role.
    OwnPolicy,
    /// Another role of the account, whose trust policy is then what the caller writes.
    TrustOf,
    /// Another role, which the caller may assume.
    Assumable,
    /// A policy that is attached to another role, which the caller may assume.
    AssumablePolicy,
    /// A role that the caller makes.
    NewRole,
    /// A user of the account, and its groups.
    User,
    /// A role that this service may assume, and that the caller may pass to it.
    Pass(&'static str),
    /// A function that there is.
    Function,
    /// A state machine that there is.
    StateMachine,
    /// An ECS task definition with a role.
    Task,
    /// An instance that runs under the role of an instance profile.
    Node,
}

/// A method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Method {
    pub(crate) kind: Kind,
    /// Beside `iam:PassRole`, where the kind asks for it.
    pub(crate) actions: &'static [&'static str],
    /// What there must be besides and the snapshot does not tell; empty: nothing.
    pub(crate) exists: &'static str,
    /// What it gains.
    pub(crate) gains: &'static str,
}

const ANYTHING: &str = "any permission that it writes, within boundary and control policies";
const ROLE: &str = "the permissions of the role";
const USER: &str = "the permissions of the user";
const CODE: &str = "code of its own under the role";

impl Method {
    /// Its name: the actions with `+` between them.
    pub(crate) fn name(&self) -> String {
        let pass = matches!(self.kind, Pass(_)).then_some("iam:PassRole");
        pass.into_iter()
            .chain(self.actions.iter().copied())
            .collect::<Vec<_>>()
            .join("+")
    }
}

/// Every action that some method needs, each once.
pub(super) fn actions() -> impl Iterator<Item = &'static str> {
    let named = METHODS
        .iter()
        .flat_map(|method| method.actions.iter().copied());
    named
        .chain(["iam:PassRole"])
        .collect::<BTreeSet<_>>()
        .into_iter()
}

const fn line(
    kind: Kind,
    actions: &'static [&'static str],
    exists: &'static str,
    gains: &'static str,
) -> Method {
    Method {
        kind,
        actions,
        exists,
        gains,
    }
}

/// Permissions themselves first, then credentials, roles that are passed, and compute that there is.
#[rustfmt::skip]
pub(crate) const METHODS: &[Method] = &[
    line(OwnPolicy, &["iam:CreatePolicyVersion"], "", ANYTHING),
    line(OwnPolicy, &["iam:SetDefaultPolicyVersion"], "an older version of the policy that allows more", "what an older version of its policy allows"),
    line(OwnRole, &["iam:PutRolePolicy"], "", ANYTHING),
    line(OwnRole, &["iam:AttachRolePolicy"], "", "any managed policy, within boundary and control policies"),
    line(OwnBoundary, &["iam:DeleteRolePermissionsBoundary"], "", "what its boundary kept from it"),
    line(OwnBoundary, &["iam:PutRolePermissionsBoundary"], "", "what its boundary kept from it"),
    line(NewRole, &["iam:CreateRole", "iam:AttachRolePolicy"], "", "a new role with any managed policy, within control policies"),
    line(NewRole, &["iam:CreateRole", "iam:PutRolePolicy"], "", "a new role with any permission, within control policies"),
    line(TrustOf, &["iam:UpdateAssumeRolePolicy"], "", ROLE),
    line(TrustOf, &["iam:UpdateAssumeRolePolicy", "iam:AttachRolePolicy"], "", "the role with any managed policy"),
    line(TrustOf, &["iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy"], "", "the role with any permission"),
    line(Assumable, &["iam:AttachRolePolicy", "sts:AssumeRole"], "", "any managed policy, by a role that it may assume"),
    line(Assumable, &["iam:PutRolePolicy", "sts:AssumeRole"], "", "any permission, by a role that it may assume"),
    line(AssumablePolicy, &["iam:CreatePolicyVersion", "sts:AssumeRole"], "", "any permission, by a role that it may assume"),
    line(User, &["iam:CreateAccessKey"], "", USER),
    line(User, &["iam:DeleteAccessKey", "iam:CreateAccessKey"], "", USER),
    line(User, &["iam:CreateLoginProfile"], "a user without a password", USER),
    line(User, &["iam:UpdateLoginProfile"], "a user with a password", USER),
    line(User, &["iam:PutUserPolicy", "iam:CreateAccessKey"], "", "a user with any permission"),
    line(User, &["iam:AttachUserPolicy", "iam:CreateAccessKey"], "", "a user with any managed policy"),
    line(User, &["iam:AddUserToGroup", "iam:CreateAccessKey"], "", "the permissions of a group"),
    line(User, &["iam:PutGroupPolicy", "iam:CreateAccessKey"], "", "a user with any permission"),
    line(User, &["iam:AttachGroupPolicy", "iam:CreateAccessKey"], "", "a user with any managed policy"),

    line(Pass("ec2.amazonaws.com"), &["ec2:RunInstances"], "", CODE),
    line(Pass("ec2.amazonaws.com"), &["ec2:RequestSpotInstances"], "", CODE),
    line(Pass("ec2.amazonaws.com"), &["ec2:RequestSpotFleet"], "", CODE),
    line(Pass("ec2.amazonaws.com"), &["ec2:AssociateIamInstanceProfile"], "an instance that it reaches", ROLE),
    line(Pass("ec2.amazonaws.com"), &["ec2:ReplaceIamInstanceProfileAssociation"], "an instance that it reaches", ROLE),
    line(Pass("ec2.amazonaws.com"), &["ec2:CreateLaunchTemplate", "autoscaling:CreateAutoScalingGroup"], "", CODE),
    line(Pass("ec2.amazonaws.com"), &["autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup"], "", CODE),
    line(Pass("lambda.amazonaws.com"), &["lambda:CreateFunction", "lambda:InvokeFunction"], "", CODE),
    line(Pass("lambda.amazonaws.com"), &["lambda:CreateFunction", "lambda:AddPermission"], "", CODE),
    line(Pass("lambda.amazonaws.com"), &["lambda:CreateFunction", "lambda:CreateEventSourceMapping"], "a source of events that the role may read", CODE),
    line(Pass("lambda.amazonaws.com"), &["lambda:UpdateFunctionConfiguration", "lambda:UpdateFunctionCode"], "a function", CODE),
    line(Pass("ecs-tasks.amazonaws.com"), &["ecs:RegisterTaskDefinition", "ecs:RunTask"], "", CODE),
    line(Pass("ecs-tasks.amazonaws.com"), &["ecs:RegisterTaskDefinition", "ecs:StartTask"], "a container instance", CODE),
    line(Pass("ecs-tasks.amazonaws.com"), &["ecs:RegisterTaskDefinition", "ecs:CreateService"], "", CODE),
    line(Pass("ecs-tasks.amazonaws.com"), &["ecs:RunTask"], "a task definition", "a command of its own under the role"),
    line(Pass("ecs-tasks.amazonaws.com"), &["batch:RegisterJobDefinition", "batch:SubmitJob"], "a job queue", CODE),
    line(Pass("states.amazonaws.com"), &["states:CreateStateMachine", "states:StartExecution"], "", "calls of its own under the role"),
    line(Pass("states.amazonaws.com"), &["states:UpdateStateMachine", "states:StartExecution"], "a state machine", "calls of its own under the role"),
    line(Pass("scheduler.amazonaws.com"), &["scheduler:CreateSchedule"], "", "calls of its own under the role"),
    line(Pass("cloudformation.amazonaws.com"), &["cloudformation:CreateStack"], "", "resources of its own by the role"),
    line(Pass("cloudformation.amazonaws.com"), &["cloudformation:UpdateStack"], "a stack", "resources of its own by the role"),
    line(Pass("cloudformation.amazonaws.com"), &["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"], "", "resources of its own by the role"),
    line(Pass("cloudformation.amazonaws.com"), &["cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"], "", "resources of its own by the role"),
    line(Pass("codebuild.amazonaws.com"), &["codebuild:CreateProject", "codebuild:StartBuild"], "", CODE),
    line(Pass("codebuild.amazonaws.com"), &["codebuild:UpdateProject", "codebuild:StartBuild"], "a project", CODE),
    line(Pass("codepipeline.amazonaws.com"), &["codepipeline:CreatePipeline"], "", "actions of its own under the role"),
    line(Pass("glue.amazonaws.com"), &["glue:CreateDevEndpoint"], "", CODE),
    line(Pass("glue.amazonaws.com"), &["glue:CreateJob", "glue:StartJobRun"], "", CODE),
    line(Pass("glue.amazonaws.com"), &["glue:CreateJob", "glue:CreateTrigger"], "", CODE),
    line(Pass("glue.amazonaws.com"), &["glue:UpdateJob", "glue:StartJobRun"], "a job", CODE),
    line(Pass("glue.amazonaws.com"), &["glue:CreateSession", "glue:RunStatement"], "", CODE),
    line(Pass("sagemaker.amazonaws.com"), &["sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"], "", CODE),
    line(Pass("sagemaker.amazonaws.com"), &["sagemaker:CreateTrainingJob"], "", CODE),
    line(Pass("sagemaker.amazonaws.com"), &["sagemaker:CreateProcessingJob"], "", CODE),
    line(Pass("datapipeline.amazonaws.com"), &["datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline"], "", CODE),
    line(Pass("elasticmapreduce.amazonaws.com"), &["elasticmapreduce:RunJobFlow"], "", CODE),
    line(Pass("emr-serverless.amazonaws.com"), &["emr-serverless:CreateApplication", "emr-serverless:StartJobRun"], "", CODE),
    line(Pass("tasks.apprunner.amazonaws.com"), &["apprunner:CreateService"], "", CODE),
    line(Pass("ssm.amazonaws.com"), &["ssm:StartAutomationExecution"], "", "steps of its own under the role"),
    line(Pass("pods.eks.amazonaws.com"), &["eks:CreatePodIdentityAssociation"], "a cluster where it runs pods", CODE),
    line(Pass("bedrock.amazonaws.com"), &["bedrock:CreateAgent", "bedrock:PrepareAgent", "bedrock:InvokeAgent"], "", "an agent of its own under the role"),
    line(Pass("bedrock-agentcore.amazonaws.com"), &["bedrock-agentcore:CreateAgentRuntime", "bedrock-agentcore:InvokeAgentRuntime"], "", CODE),
    line(Pass("bedrock-agentcore.amazonaws.com"), &["bedrock-agentcore:CreateCodeInterpreter", "bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore:InvokeCodeInterpreter"], "", CODE),

    line(Function, &["lambda:UpdateFunctionCode", "lambda:InvokeFunction"], "", CODE),
    line(Function, &["lambda:UpdateFunctionCode"], "an event that runs the function", CODE),
    line(Function, &["lambda:UpdateFunctionConfiguration"], "an event that runs the function", "a layer of its own in the function"),
    line(StateMachine, &["states:UpdateStateMachine", "states:StartExecution"], "", "calls of its own under the role"),
    line(Task, &["ecs:ExecuteCommand"], "a running task that lets commands in", "a shell in the task"),
    line(Node, &["ssm:SendCommand"], "an instance that runs under the role and that Systems Manager manages", "commands on the instance"),
    line(Node, &["ssm:StartSession"], "an instance that runs under the role and that Systems Manager manages", "a shell on the instance"),
    line(Node, &["ec2-instance-connect:SendSSHPublicKey"], "an instance that runs under the role and that it reaches", "a shell on the instance"),
    line(Node, &["ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"], "an instance that runs under the role", "a start script of its own on the instance"),
];

#[cfg(test)]
mod tests {
    use curtail_iam::catalog::Catalog;

    use super::*;

    #[test]
    fn every_name_stands_once_and_every_action_is_one() {
        let names: BTreeSet<(String, String)> = METHODS
            .iter()
            .map(|method| (method.name(), format!("{:?}", method.kind)))
            .collect();
        assert_eq!(names.len(), METHODS.len());
        assert!(METHODS.len() >= 60);
        let unknown: Vec<&str> = actions()
            .filter(|action| Catalog::embedded().action(action).is_none())
            .collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }
}
