-- The functions, state machines and agents that run under roles: what the snapshot says, and what the log shows of
-- sessions that were issued to compute. Versions and aliases stand for the workload itself.
-- Source: AWS CloudFormation Template Reference, the role's property of each type; AWS CloudTrail User Guide, "CloudTrail
-- userIdentity element", inScopeOf.
-- DataFusion only: json_get_str.
-- in:  current_snapshots, principals
-- out: workload_arn text, role_arn text, kind text (lambda, state_machine, bedrock_agent, agentcore_runtime,
--      agentcore_gateway, ecs_task, other), in_snapshot boolean, in_log boolean
-- key: workload_arn, role_arn
WITH found AS (
    SELECT
        current_snapshots.arn,
        coalesce(
            json_get_str(current_snapshots.document, 'Properties', 'Role'),
            json_get_str(current_snapshots.document, 'Properties', 'RoleArn'),
            json_get_str(current_snapshots.document, 'Properties', 'AgentResourceRoleArn'),
            json_get_str(current_snapshots.document, 'Properties', 'TaskRoleArn')
        ) AS role_arn,
        true AS in_snapshot
    FROM current_snapshots
    WHERE current_snapshots.kind = 'resource'
        AND current_snapshots.arn <> ''
        AND json_get_str(current_snapshots.document, 'TypeName') IN (
            'AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine', 'AWS::Bedrock::Agent',
            'AWS::BedrockAgentCore::Runtime', 'AWS::BedrockAgentCore::Gateway', 'AWS::ECS::TaskDefinition')
    UNION ALL
    SELECT DISTINCT
        principals.compute AS arn,
        principals.role_arn,
        false AS in_snapshot
    FROM principals
    WHERE principals.compute LIKE 'arn:%'
        AND principals.role_status <> 'former'
),
general AS (
    SELECT
        CASE
            WHEN found.arn LIKE 'arn:%:lambda:%:function:%' OR found.arn LIKE 'arn:%:states:%:stateMachine:%'
                THEN regexp_replace(found.arn, '^((?:[^:]*:){6}[^:]+):.*$', '\1')
            WHEN found.arn LIKE 'arn:%:ecs:%:task-definition/%'
                THEN regexp_replace(found.arn, '^(.*:task-definition/[^:]+):.*$', '\1')
            ELSE found.arn
        END AS workload_arn,
        found.role_arn,
        found.in_snapshot
    FROM found
    WHERE found.role_arn LIKE 'arn:%:iam::%:role/%'
)
SELECT
    general.workload_arn,
    general.role_arn,
    CASE
        WHEN general.workload_arn LIKE 'arn:%:lambda:%:function:%' THEN 'lambda'
        WHEN general.workload_arn LIKE 'arn:%:states:%:stateMachine:%' THEN 'state_machine'
        WHEN general.workload_arn LIKE 'arn:%:bedrock:%:agent/%' THEN 'bedrock_agent'
        WHEN general.workload_arn LIKE 'arn:%:bedrock-agentcore:%:runtime/%' THEN 'agentcore_runtime'
        WHEN general.workload_arn LIKE 'arn:%:bedrock-agentcore:%:gateway/%' THEN 'agentcore_gateway'
        WHEN general.workload_arn LIKE 'arn:%:ecs:%:task-definition/%' THEN 'ecs_task'
        ELSE 'other'
    END AS kind,
    bool_or(general.in_snapshot) AS in_snapshot,
    bool_or(NOT general.in_snapshot) AS in_log
FROM general
GROUP BY general.workload_arn, general.role_arn
