//! AWS `CloudFormation`, which acts with the caller's credentials on other services.
//!
//! Source: AWS `CloudFormation` User Guide, "Logging `CloudFormation` API calls with AWS CloudTrail";
//! IAM User Guide, "Forward access sessions".

use serde_json::json;

use crate::call::Call;
use crate::draw::Draw;
use crate::events::lambda;

const SOURCE: &str = "cloudformation.amazonaws.com";

/// `CreateChangeSet`.
pub(crate) fn create_change_set(draw: &mut Draw<'_>, stack: &str) -> Call {
    let set = format!("release-{}", draw.random.hex(6));
    Call::write(SOURCE, "CreateChangeSet", "cloudformation:CreateChangeSet")
        .asking(json!({
            "stackName": stack, "changeSetName": set, "changeSetType": "UPDATE",
            "capabilities": ["CAPABILITY_IAM"],
            "templateURL": "https://halden-artifacts.s3.eu-west-1.amazonaws.com/templates/live.yaml",
        }))
        .answering(json!({"stackId": stack_arn(draw, stack)}))
        .perhaps(&["s3:GetObject", "iam:PassRole"])
}

/// `DescribeChangeSet`.
pub(crate) fn describe_change_set(stack: &str) -> Call {
    Call::read(
        SOURCE,
        "DescribeChangeSet",
        "cloudformation:DescribeChangeSet",
    )
    .asking(json!({"stackName": stack, "changeSetName": "release"}))
}

/// `ExecuteChangeSet`: `CloudFormation` updates a function with the caller's credentials.
pub(crate) fn execute_change_set(draw: &mut Draw<'_>, stack: &str, function: &str) -> Call {
    let update = lambda::update_function_code(draw, function).via(SOURCE);
    let look = lambda::get_function(draw, function).via(SOURCE);
    Call::write(
        SOURCE,
        "ExecuteChangeSet",
        "cloudformation:ExecuteChangeSet",
    )
    .asking(json!({"stackName": stack, "changeSetName": "release"}))
    .causing(update)
    .causing(look)
}

/// `DescribeStacks`.
pub(crate) fn describe_stacks(stack: &str) -> Call {
    Call::read(SOURCE, "DescribeStacks", "cloudformation:DescribeStacks")
        .asking(json!({"stackName": stack}))
}

/// `DescribeStackEvents`.
pub(crate) fn describe_stack_events(stack: &str) -> Call {
    Call::read(
        SOURCE,
        "DescribeStackEvents",
        "cloudformation:DescribeStackEvents",
    )
    .asking(json!({"stackName": stack}))
}

fn stack_arn(draw: &Draw<'_>, stack: &str) -> String {
    format!(
        "arn:aws:cloudformation:{}:{}:stack/{stack}/4d2f0c10-9a55-11f0-8c11-0a1b2c3d4e5f",
        draw.region, draw.account
    )
}
