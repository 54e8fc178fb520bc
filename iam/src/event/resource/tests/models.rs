//! Bedrock and `AgentCore`.

use super::*;

#[test]
fn bedrock() {
    let model =
        "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-5-sonnet-20240620-v1:0";
    assert_spelt(
        "bedrock",
        &[
            (
                "InvokeModel",
                r#"{"modelId":"anthropic.claude-3-5-sonnet-20240620-v1:0"}"#,
                model,
            ),
            (
                "Converse",
                r#"{"modelId":"arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-5-sonnet-20240620-v1:0"}"#,
                model,
            ),
            (
                "Converse",
                r#"{"modelId":"eu.anthropic.claude-sonnet-4-20250514-v1:0"}"#,
                "arn:aws:bedrock:~:inference-profile/eu.anthropic.claude-sonnet-4-20250514-v1:0 *",
            ),
            (
                "InvokeModel",
                r#"{"modelId":"arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/ab12"}"#,
                "arn:aws:bedrock:~:application-inference-profile/ab12 *",
            ),
            (
                "InvokeAgent",
                r#"{"agentId":"A1","agentAliasId":"B2","sessionId":"s"}"#,
                "arn:aws:bedrock:~:agent-alias/A1/B2",
            ),
            (
                "GetAgent",
                r#"{"agentId":"A1"}"#,
                "arn:aws:bedrock:~:agent/A1",
            ),
            (
                "Retrieve",
                r#"{"knowledgeBaseId":"K1"}"#,
                "arn:aws:bedrock:~:knowledge-base/K1",
            ),
            (
                "ApplyGuardrail",
                r#"{"guardrailIdentifier":"g1","guardrailVersion":"1"}"#,
                "arn:aws:bedrock:~:guardrail/g1",
            ),
            (
                "GetGuardrail",
                r#"{"guardrailIdentifier":"arn:aws:bedrock:eu-west-1:444455556666:guardrail/g1"}"#,
                "arn:aws:bedrock:eu-west-1:444455556666:guardrail/g1",
            ),
            (
                "InvokeFlow",
                r#"{"flowIdentifier":"F1","flowAliasIdentifier":"L1"}"#,
                "arn:aws:bedrock:~:flow/F1/alias/L1",
            ),
            (
                "GetFlow",
                r#"{"flowIdentifier":"F1"}"#,
                "arn:aws:bedrock:~:flow/F1",
            ),
            (
                "GetInferenceProfile",
                r#"{"inferenceProfileIdentifier":"us.amazon.nova-micro-v1:0"}"#,
                "arn:aws:bedrock:~:inference-profile/us.amazon.nova-micro-v1:0",
            ),
        ],
    );
}

#[test]
fn agentcore() {
    let core = "bedrock-agentcore";
    assert_spelt(
        core,
        &[
            (
                "InvokeAgentRuntime",
                r#"{"agentRuntimeArn":"arn:aws:bedrock-agentcore:eu-west-1:111122223333:runtime/r-1"}"#,
                "arn:aws:bedrock-agentcore:~:runtime/r-1 arn:aws:bedrock-agentcore:~:runtime/r-1/runtime-endpoint/DEFAULT",
            ),
            (
                "GetAgentRuntime",
                r#"{"agentRuntimeId":"r-1"}"#,
                "arn:aws:bedrock-agentcore:~:runtime/r-1",
            ),
            (
                "CreateEvent",
                r#"{"memoryId":"m-1","actorId":"a"}"#,
                "arn:aws:bedrock-agentcore:~:memory/m-1",
            ),
            (
                "GetGateway",
                r#"{"gatewayIdentifier":"g-1"}"#,
                "arn:aws:bedrock-agentcore:~:gateway/g-1",
            ),
            (
                "StartBrowserSession",
                r#"{"browserIdentifier":"aws.browser.v1"}"#,
                "arn:aws:bedrock-agentcore:eu-west-1:aws:browser/aws.browser.v1",
            ),
            (
                "StartBrowserSession",
                r#"{"browserIdentifier":"own-1"}"#,
                "arn:aws:bedrock-agentcore:~:browser-custom/own-1",
            ),
            (
                "InvokeCodeInterpreter",
                r#"{"codeInterpreterIdentifier":"aws.codeinterpreter.v1"}"#,
                "arn:aws:bedrock-agentcore:eu-west-1:aws:code-interpreter/aws.codeinterpreter.v1",
            ),
            (
                "GetWorkloadAccessToken",
                r#"{"workloadName":"w"}"#,
                "arn:aws:bedrock-agentcore:~:workload-identity-directory/default/workload-identity/w arn:aws:bedrock-agentcore:~:workload-identity-directory/default",
            ),
        ],
    );
}
