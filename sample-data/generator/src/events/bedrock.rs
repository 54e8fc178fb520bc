//! Amazon Bedrock: model invocations (management events) and the control plane.
//!
//! Source: Amazon Bedrock User Guide, "Monitor Amazon Bedrock API calls using CloudTrail": prompts
//! are not logged, the model id is; inference across regions is logged where it was asked for.

use serde_json::json;

use crate::call::{Call, Reason};
use crate::draw::Draw;

const SOURCE: &str = "bedrock.amazonaws.com";
/// The model that most agents use, through a cross-region inference profile.
pub(crate) const SONNET: &str = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
/// The small model.
pub(crate) const HAIKU: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

/// `InvokeModel`.
pub(crate) fn invoke_model(draw: &mut Draw<'_>, model: &str) -> Call {
    invocation(draw, "InvokeModel", "bedrock:InvokeModel", model)
}

/// `InvokeModelWithResponseStream`.
pub(crate) fn invoke_model_stream(draw: &mut Draw<'_>, model: &str) -> Call {
    let action = "bedrock:InvokeModelWithResponseStream";
    invocation(draw, "InvokeModelWithResponseStream", action, model)
}

/// `Converse`, which needs `bedrock:InvokeModel`.
pub(crate) fn converse(draw: &mut Draw<'_>, model: &str) -> Call {
    invocation(draw, "Converse", "bedrock:InvokeModel", model)
}

/// `ConverseStream`, which needs `bedrock:InvokeModelWithResponseStream`.
pub(crate) fn converse_stream(draw: &mut Draw<'_>, model: &str) -> Call {
    invocation(
        draw,
        "ConverseStream",
        "bedrock:InvokeModelWithResponseStream",
        model,
    )
}

/// `GetInferenceProfile`.
pub(crate) fn get_inference_profile(profile: &str) -> Call {
    Call::read(SOURCE, "GetInferenceProfile", "bedrock:GetInferenceProfile")
        .asking(json!({"inferenceProfileIdentifier": profile}))
}

/// The quota of the model is used up; the call was authorized.
pub(crate) fn throttled(call: Call) -> Call {
    call.failing(
        "ThrottlingException",
        "Too many tokens, please wait before trying again.",
    )
}

/// A model that the policy does not name.
pub(crate) fn refused_model(draw: &mut Draw<'_>) -> Call {
    let model = "amazon.nova-pro-v1:0";
    let resource = format!("arn:aws:bedrock:{}::foundation-model/{model}", draw.region);
    converse(draw, model).denied(&resource, Reason::NoIdentityPolicy)
}

fn invocation(draw: &mut Draw<'_>, name: &'static str, action: &'static str, model: &str) -> Call {
    let elsewhere = draw.one_of(&["eu-west-1", "eu-central-1", "eu-north-1", "eu-west-3"]);
    let call = Call::read(SOURCE, name, action)
        .at_host("bedrock-runtime")
        .asking(json!({"modelId": model}));
    if model.starts_with("eu.") && elsewhere != draw.region {
        return call.adding(json!({"inferenceRegion": elsewhere}));
    }
    call
}
