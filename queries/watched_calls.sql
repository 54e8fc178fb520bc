-- Calls that legitimacy rules look at one by one: those that were refused, and those whose action changes guardrails,
-- logging or permissions, assumes a role or reads a secret. Only what the call certainly needed.
--
-- A call is `direct` if the agent made it itself, or the service that runs agents did in its name (Bedrock, AgentCore,
-- the AWS MCP Server); what another service did with the agent's rights (a forward access session) is not.
-- Source: IAM User Guide, "Forward access sessions"; the actions: Service Authorization Reference.
-- in:  calls
-- out: record_key text, event_time timestamp, event_date date, agent text, role_arn text, account_id text, action text,
--      kind text (guardrail, logging_off, logging, permission, role, secret; null: none of them), resource text,
--      outcome text (succeeded, failed, denied), via text, direct boolean, session_key text, aws_region text
-- key: record_key, action, resource
WITH sorted AS (
    SELECT
        calls.record_key,
        calls.event_time,
        calls.event_date,
        calls.agent,
        calls.role_arn,
        calls.account_id,
        calls.action,
        CASE
            WHEN calls.action IN (
                'bedrock:UpdateGuardrail', 'bedrock:DeleteGuardrail', 'bedrock:PutEnforcedGuardrailConfiguration',
                'bedrock:DeleteEnforcedGuardrailConfiguration', 'bedrock-agentcore:UpdatePolicy',
                'bedrock-agentcore:DeletePolicy', 'bedrock-agentcore:UpdatePolicyEngine',
                'bedrock-agentcore:DeletePolicyEngine', 'wisdom:UpdateAIGuardrail', 'wisdom:DeleteAIGuardrail',
                'wisdom:DeleteAIGuardrailVersion', 'controltower:DisableControl', 'controltower:DisableGuardrail',
                'organizations:DetachPolicy', 'organizations:DeletePolicy', 'organizations:UpdatePolicy',
                'organizations:DisablePolicyType'
            ) THEN 'guardrail'
            WHEN calls.action IN (
                'cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:StopEventDataStoreIngestion',
                'cloudtrail:DeleteEventDataStore', 'guardduty:DeleteDetector', 'guardduty:StopMonitoringMembers',
                'guardduty:DisassociateMembers', 'guardduty:DisassociateFromAdministratorAccount',
                'guardduty:DisassociateFromMasterAccount', 'config:StopConfigurationRecorder',
                'config:DeleteConfigurationRecorder', 'config:DeleteDeliveryChannel', 'securityhub:DisableSecurityHub',
                'securityhub:DisassociateFromAdministratorAccount', 'macie2:DisableMacie',
                'macie2:DisassociateFromAdministratorAccount', 'inspector2:Disable', 'detective:DeleteGraph',
                'bedrock:DeleteModelInvocationLoggingConfiguration'
            ) THEN 'logging_off'
            WHEN calls.action IN (
                'cloudtrail:UpdateTrail', 'cloudtrail:PutEventSelectors', 'cloudtrail:PutInsightSelectors',
                'cloudtrail:UpdateEventDataStore', 'guardduty:UpdateDetector', 'guardduty:UpdateMemberDetectors',
                'guardduty:CreateFilter', 'guardduty:UpdateFilter', 'guardduty:CreateIPSet', 'guardduty:UpdateIPSet',
                'config:PutConfigurationRecorder', 'config:DeleteConfigRule', 'config:PutRetentionConfiguration',
                'access-analyzer:DeleteAnalyzer', 'logs:DeleteLogGroup', 'logs:DeleteLogStream',
                'logs:DeleteSubscriptionFilter', 'logs:DeleteMetricFilter', 'cloudwatch:DeleteAlarms',
                'cloudwatch:DisableAlarmActions', 'ec2:DeleteFlowLogs', 's3:PutBucketLogging',
                'bedrock:PutModelInvocationLoggingConfiguration', 'wafv2:DeleteLoggingConfiguration',
                'route53resolver:DeleteResolverQueryLogConfig', 'route53resolver:DisassociateResolverQueryLogConfig'
            ) THEN 'logging'
            WHEN calls.action IN (
                'iam:AttachRolePolicy', 'iam:DetachRolePolicy', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy',
                'iam:PutRolePermissionsBoundary', 'iam:DeleteRolePermissionsBoundary', 'iam:UpdateAssumeRolePolicy',
                'iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:DeletePolicyVersion'
            ) THEN 'permission'
            WHEN calls.action IN ('sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoot')
                THEN 'role'
            WHEN calls.action = 'secretsmanager:GetSecretValue' THEN 'secret'
        END AS kind,
        calls.resource,
        calls.outcome,
        calls.via,
        calls.session_key,
        calls.aws_region
    FROM calls
    WHERE calls.strength = 'certain'
        AND calls.role_status <> 'former'
        AND calls.outcome IN ('succeeded', 'failed', 'denied')
)
SELECT
    sorted.record_key,
    sorted.event_time,
    sorted.event_date,
    sorted.agent,
    sorted.role_arn,
    sorted.account_id,
    sorted.action,
    sorted.kind,
    sorted.resource,
    sorted.outcome,
    sorted.via,
    coalesce(
        sorted.via IN ('aws-mcp.amazonaws.com', 'bedrock.amazonaws.com', 'bedrock-agentcore.amazonaws.com'),
        true
    ) AS direct,
    sorted.session_key,
    sorted.aws_region
FROM sorted
WHERE sorted.kind IS NOT NULL
    OR sorted.outcome = 'denied'
