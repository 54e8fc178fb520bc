//! AWS Lambda: invocations (data events) and functions (management events, with dated names).
//!
//! Source: AWS Lambda Developer Guide, "Logging AWS Lambda API calls using AWS CloudTrail": some
//! event names carry the API's date and version, as `GetFunction20150331v2` does.

use serde_json::json;

use crate::call::Call;
use crate::draw::Draw;

const SOURCE: &str = "lambda.amazonaws.com";
const VERSION: &str = "2015-03-31";

/// `Invoke`, which needs `lambda:InvokeFunction`.
pub(crate) fn invoke(draw: &mut Draw<'_>, function: &str) -> Call {
    let arn = function_arn(draw, function);
    Call::write(SOURCE, "Invoke", "lambda:InvokeFunction")
        .data()
        .asking(json!({"functionName": arn, "invocationType": "RequestResponse"}))
        .adding(json!({"functionVersion": format!("{arn}:$LATEST")}))
        .on(json!([{"accountId": draw.account, "type": "AWS::Lambda::Function", "ARN": arn}]))
        .version(VERSION)
}

/// All concurrency of the function is taken; the call was authorized.
pub(crate) fn throttled(call: Call) -> Call {
    call.failing("TooManyRequestsException", "Rate Exceeded.")
}

/// `GetFunction20150331v2`, which needs `lambda:GetFunction`.
pub(crate) fn get_function(draw: &Draw<'_>, function: &str) -> Call {
    Call::read(SOURCE, "GetFunction20150331v2", "lambda:GetFunction")
        .asking(json!({"functionName": function_arn(draw, function)}))
        .version(VERSION)
}

/// `ListFunctions20150331`.
pub(crate) fn list_functions() -> Call {
    Call::read(SOURCE, "ListFunctions20150331", "lambda:ListFunctions")
        .asking(json!({"maxItems": 50}))
        .version(VERSION)
}

/// `UpdateFunctionCode20150331v2`.
pub(crate) fn update_function_code(draw: &mut Draw<'_>, function: &str) -> Call {
    let arn = function_arn(draw, function);
    Call::write(
        SOURCE,
        "UpdateFunctionCode20150331v2",
        "lambda:UpdateFunctionCode",
    )
    .asking(json!({
        "functionName": arn, "s3Bucket": "halden-artifacts",
        "s3Key": format!("functions/{function}/{}.zip", draw.random.hex(8)),
        "publish": false, "dryRun": false,
    }))
    .answering(json!({
        "functionName": function, "functionArn": arn, "runtime": "python3.13",
        "handler": "index.handler", "state": "Active", "lastUpdateStatus": "InProgress",
    }))
    .perhaps(&["s3:GetObject", "s3:GetObjectVersion"])
    .version(VERSION)
}

/// `PublishVersion20150331`.
pub(crate) fn publish_version(draw: &Draw<'_>, function: &str) -> Call {
    Call::write(SOURCE, "PublishVersion20150331", "lambda:PublishVersion")
        .asking(json!({"functionName": function_arn(draw, function)}))
        .version(VERSION)
}

/// `CreateFunction20150331` with an execution role, which passes that role.
pub(crate) fn create_function(draw: &Draw<'_>, function: &str, role: &str) -> Call {
    let arn = function_arn(draw, function);
    Call::write(SOURCE, "CreateFunction20150331", "lambda:CreateFunction")
        .asking(json!({
            "functionName": function, "runtime": "python3.13", "role": role,
            "handler": "index.handler", "timeout": 60, "memorySize": 512, "packageType": "Zip",
            "code": {}, "publish": false,
        }))
        .answering(json!({
            "functionName": function, "functionArn": arn, "runtime": "python3.13", "role": role,
            "state": "Pending",
        }))
        .perhaps(&[
            "iam:PassRole",
            "lambda:TagResource",
            "s3:GetObject",
            "s3:GetObjectVersion",
        ])
        .version(VERSION)
}

fn function_arn(draw: &Draw<'_>, function: &str) -> String {
    format!(
        "arn:aws:lambda:{}:{}:function:{function}",
        draw.region, draw.account
    )
}
