//! The AWS MCP Server: a tool call of an agent client, and the API call that it leads to.
//!
//! Source: Agent Toolkit for AWS user guide, "Logging with CloudTrail"; shapes as in real records of
//! July and September 2026: an `AwsMcpEvent` by the client, whose `downstreamRequests` names the
//! request id of the API call, made with `invokedBy` `aws-mcp.amazonaws.com`.

use serde_json::json;

use crate::call::Call;
use crate::draw::Draw;

/// The server's own name, also caller and user agent of what it does for its user.
pub(crate) const SERVER: &str = "aws-mcp.amazonaws.com";

/// Where the server stands.
pub(crate) const REGION: &str = "us-east-1";

/// `CreateOAuth2Token`: lets an agent client use the server for the signed-in user.
pub(crate) fn oauth_token(sign_in: &str) -> Call {
    Call::write("signin.amazonaws.com", "CreateOAuth2Token", "")
        .without_action()
        .asking(json!({"resource": format!("https://aws-mcp.{REGION}.api.aws/mcp")}))
        .adding(json!({
            "signInSessionArn": sign_in, "grant_type": "authorization_code", "success": "true",
        }))
        .in_region(REGION)
}

/// `CallReadWriteTool` around one API call.
pub(crate) fn tool_call(draw: &mut Draw<'_>, api: &str, call: Call) -> Call {
    Call::write(SERVER, "CallReadWriteTool", "")
        .without_action()
        .asking(json!({
            "jsonrpc": "2.0", "method": "tools/call", "id": draw.number(2, 90),
            "params": {"name": "aws___call_aws", "arguments": "HIDDEN_DUE_TO_SECURITY_REASONS"},
        }))
        .adding(json!({"downstreamRequests": [{"apiName": api, "requestId": "", "awsRegion": call.region.unwrap_or(draw.region)}]}))
        .in_region(REGION)
        .causing(call.via(SERVER))
}
