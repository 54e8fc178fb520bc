//! AWS Systems Manager: parameters and commands.
//!
//! Source: AWS Systems Manager User Guide, "Logging AWS Systems Manager API calls with CloudTrail".

use serde_json::json;

use crate::call::Call;
use crate::draw::Draw;

const SOURCE: &str = "ssm.amazonaws.com";

/// `GetParameter`.
pub(crate) fn get_parameter(draw: &Draw<'_>, name: &str) -> Call {
    let arn = format!(
        "arn:aws:ssm:{}:{}:parameter{name}",
        draw.region, draw.account
    );
    Call::read(SOURCE, "GetParameter", "ssm:GetParameter")
        .asking(json!({"name": name, "withDecryption": true}))
        .on(json!([{"accountId": draw.account, "ARN": arn}]))
}

/// `GetParametersByPath`.
pub(crate) fn get_parameters_by_path(path: &str) -> Call {
    Call::read(SOURCE, "GetParametersByPath", "ssm:GetParametersByPath")
        .asking(json!({"path": path, "recursive": true, "withDecryption": false}))
}

/// `SendCommand` of a shell script to an instance.
pub(crate) fn send_command(draw: &mut Draw<'_>, instance: &str) -> Call {
    Call::write(SOURCE, "SendCommand", "ssm:SendCommand")
        .asking(json!({
            "documentName": "AWS-RunShellScript", "instanceIds": [instance],
            "parameters": "HIDDEN_DUE_TO_SECURITY_REASONS", "interactive": false,
        }))
        .answering(json!({"command": {
            "commandId": draw.random.uuid(), "documentName": "AWS-RunShellScript",
            "instanceIds": [instance], "status": "Pending",
        }}))
}

/// `GetCommandInvocation`.
pub(crate) fn get_command_invocation(draw: &mut Draw<'_>, instance: &str) -> Call {
    Call::read(SOURCE, "GetCommandInvocation", "ssm:GetCommandInvocation")
        .asking(json!({"commandId": draw.random.uuid(), "instanceId": instance}))
}

/// `UpdateInstanceInformation`, the agent's heartbeat.
pub(crate) fn update_instance_information(instance: &str) -> Call {
    Call::write(
        SOURCE,
        "UpdateInstanceInformation",
        "ssm:UpdateInstanceInformation",
    )
    .asking(json!({
        "instanceId": instance, "agentVersion": "3.3.2746.0", "agentStatus": "Active",
        "platformType": "Linux", "platformName": "Amazon Linux", "platformVersion": "2023",
        "agentName": "amazon-ssm-agent", "availabilityZone": "",
    }))
}
