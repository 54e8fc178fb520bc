-- What points to agents: every sign that a role, or a workload under it, is one, each with how much it tells.
--
-- High: AWS itself calls it an agent (inventories of Bedrock and AgentCore, AgentCore's trust, calls of the AWS MCP Server).
-- Medium: it invokes models, is trusted to Bedrock, or is tagged as an agent. Low: it is compute that an agent may run on, or has
-- an agent's name. A sign that tells one workload's calls from another's on the role has the key and pattern of a binding.
-- A pattern is never wider than what was found, but for GitHub, whose subjects are taken by repository.
-- Service-linked roles belong to AWS and are left out; so are former roles, and roles of people (IAM Identity Center) unless
-- an agent was seen to act under them. Text of the log decides nothing here: it is shown.
-- Source: Amazon Bedrock User Guide, "Monitor Amazon Bedrock API calls using CloudTrail"; AWS MCP
-- Server User Guide; Amazon EKS User Guide, "EKS Pod Identity"; GitHub documentation, "OpenID Connect" (subject claims).
-- DataFusion only: regexp_like.
-- in:  roles, snapshot_workloads, trusts, tags, role_calls, principals
-- out: candidate text (name for people), role_arn text, kind text (bedrock_agent, agentcore_runtime, agentcore_gateway,
--      pod_identity, lambda_function, ecs_task, state_machine, trust, session, model_invocation, mcp, tag, name), evidence
--      text, confidence text (high, medium, low), binding_key text, binding_value text, owners text (mail addresses in tags)
-- key: role_arn, binding_key, binding_value, kind, evidence
WITH compute AS (
    SELECT
        principals.principal_key,
        principals.role_arn,
        principals.origin_subject,
        principals.origin_service_account,
        principals.origin_service,
        CASE WHEN principals.compute LIKE '%:function:%' THEN principals.compute END AS lambda_function,
        nullif(split_part(split_part(coalesce(principals.source_arn, principals.compute), ':task-definition/', 2), ':', 1), '')
            AS ecs_task_family,
        CASE
            WHEN regexp_like(principals.origin_subject, '^repo:[^:*?]+:.*$')
                THEN concat('repo:', split_part(principals.origin_subject, ':', 2), ':*')
            WHEN NOT regexp_like(principals.origin_subject, '[*?]') THEN principals.origin_subject
        END AS subject_pattern
    FROM principals
    WHERE principals.role_status <> 'former'
),
callers AS (
    SELECT
        compute.principal_key,
        compute.role_arn,
        compute.origin_subject,
        compute.origin_service_account,
        compute.origin_service,
        compute.lambda_function,
        compute.ecs_task_family,
        CASE
            WHEN compute.subject_pattern IS NOT NULL THEN 'oidc_subject'
            WHEN compute.origin_service_account IS NOT NULL THEN 'service_account'
            WHEN compute.lambda_function IS NOT NULL THEN 'lambda_function'
            WHEN compute.ecs_task_family IS NOT NULL THEN 'ecs_task_family'
        END AS binding_key,
        coalesce(compute.subject_pattern, compute.origin_service_account, compute.lambda_function, compute.ecs_task_family)
            AS binding_value
    FROM compute
),
invocations AS (
    SELECT
        role_calls.principal_key,
        count(*) AS calls
    FROM role_calls
    WHERE role_calls.event_source = 'bedrock.amazonaws.com'
        AND role_calls.event_name IN ('InvokeModel', 'InvokeModelWithResponseStream', 'InvokeModelWithBidirectionalStream',
            'Converse', 'ConverseStream', 'StartAsyncInvoke')
    GROUP BY role_calls.principal_key
),
model_calls AS (
    SELECT
        callers.role_arn,
        callers.binding_key,
        callers.binding_value,
        sum(invocations.calls) AS calls
    FROM invocations
    INNER JOIN callers ON invocations.principal_key = callers.principal_key
    GROUP BY callers.role_arn, callers.binding_key, callers.binding_value
),
mcp_calls AS (
    SELECT
        role_calls.role_arn,
        count(*) AS calls
    FROM role_calls
    WHERE (role_calls.event_source = 'aws-mcp.amazonaws.com' OR role_calls.via = 'aws-mcp.amazonaws.com')
        AND role_calls.role_status <> 'former'
    GROUP BY role_calls.role_arn
),
subjects AS (
    SELECT DISTINCT
        callers.role_arn,
        callers.origin_subject AS subject,
        'session' AS kind
    FROM callers
    WHERE callers.origin_subject IS NOT NULL
    UNION ALL
    SELECT
        trusts.role_arn,
        trusts.subject,
        'trust' AS kind
    FROM trusts
    WHERE trusts.subject IS NOT NULL
),
named_subjects AS (
    SELECT
        subjects.role_arn,
        subjects.kind,
        subjects.subject,
        CASE
            WHEN regexp_like(subjects.subject, '^repo:[^:*?]+:.*$')
                THEN concat('repo:', split_part(subjects.subject, ':', 2), ':*')
            WHEN NOT regexp_like(subjects.subject, '[*?]') THEN subjects.subject
        END AS pattern,
        CASE
            WHEN subjects.subject LIKE 'system:serviceaccount:%:%'
                THEN concat(split_part(subjects.subject, ':', 3), '-', split_part(subjects.subject, ':', 4))
            WHEN subjects.subject LIKE 'repo:%' THEN split_part(subjects.subject, ':', 2)
            ELSE subjects.subject
        END AS name
    FROM subjects
),
signs AS (
    SELECT
        snapshot_workloads.name AS candidate,
        snapshot_workloads.role_arn,
        snapshot_workloads.kind,
        concat(snapshot_workloads.kind, ' ', coalesce(nullif(snapshot_workloads.arn, ''), snapshot_workloads.name), ' runs under the role') AS evidence,
        CASE WHEN snapshot_workloads.kind IN ('bedrock_agent', 'agentcore_runtime', 'agentcore_gateway') THEN 'high' ELSE 'low' END
            AS confidence,
        snapshot_workloads.binding_key,
        snapshot_workloads.binding_value
    FROM snapshot_workloads
    UNION ALL
    SELECT
        NULL AS candidate,
        trusts.role_arn,
        'trust' AS kind,
        concat('the trust policy lets in ', trusts.principal) AS evidence,
        CASE trusts.principal
            WHEN 'bedrock-agentcore.amazonaws.com' THEN 'high'
            WHEN 'bedrock.amazonaws.com' THEN 'medium'
            ELSE 'low'
        END AS confidence,
        NULL AS binding_key,
        NULL AS binding_value
    FROM trusts
    WHERE trusts.principal IN ('bedrock-agentcore.amazonaws.com', 'bedrock.amazonaws.com', 'lambda.amazonaws.com',
            'ecs-tasks.amazonaws.com', 'pods.eks.amazonaws.com', 'states.amazonaws.com')
        OR (trusts.principal LIKE '%:oidc-provider/%' AND trusts.subject IS NULL)
    UNION ALL
    SELECT
        CASE WHEN named_subjects.pattern IS NOT NULL THEN named_subjects.name END AS candidate,
        named_subjects.role_arn,
        named_subjects.kind,
        concat(
            CASE WHEN named_subjects.kind = 'trust' THEN 'the trust policy lets in subject ' ELSE 'sessions were issued for subject ' END,
            named_subjects.subject) AS evidence,
        'low' AS confidence,
        CASE WHEN named_subjects.pattern IS NOT NULL THEN 'oidc_subject' END AS binding_key,
        named_subjects.pattern AS binding_value
    FROM named_subjects
    UNION ALL
    SELECT DISTINCT
        replace(callers.origin_service_account, '/', '-') AS candidate,
        callers.role_arn,
        'session' AS kind,
        concat('sessions were issued to the service account ', callers.origin_service_account) AS evidence,
        'low' AS confidence,
        'service_account' AS binding_key,
        callers.origin_service_account AS binding_value
    FROM callers
    WHERE callers.origin_service_account IS NOT NULL
    UNION ALL
    SELECT DISTINCT
        split_part(callers.lambda_function, ':', 7) AS candidate,
        callers.role_arn,
        'session' AS kind,
        concat('sessions were issued to the function ', callers.lambda_function) AS evidence,
        'low' AS confidence,
        'lambda_function' AS binding_key,
        callers.lambda_function AS binding_value
    FROM callers
    WHERE callers.lambda_function IS NOT NULL
    UNION ALL
    SELECT DISTINCT
        callers.ecs_task_family AS candidate,
        callers.role_arn,
        'session' AS kind,
        concat('sessions were issued to tasks of ', callers.ecs_task_family) AS evidence,
        'low' AS confidence,
        'ecs_task_family' AS binding_key,
        callers.ecs_task_family AS binding_value
    FROM callers
    WHERE callers.ecs_task_family IS NOT NULL
    UNION ALL
    SELECT DISTINCT
        NULL AS candidate,
        callers.role_arn,
        'session' AS kind,
        concat('sessions were issued by ', callers.origin_service) AS evidence,
        CASE callers.origin_service
            WHEN 'bedrock-agentcore.amazonaws.com' THEN 'high'
            WHEN 'bedrock.amazonaws.com' THEN 'medium'
            ELSE 'low'
        END AS confidence,
        NULL AS binding_key,
        NULL AS binding_value
    FROM callers
    WHERE callers.origin_service IN ('bedrock-agentcore.amazonaws.com', 'bedrock.amazonaws.com', 'lambda.amazonaws.com',
            'ecs-tasks.amazonaws.com', 'pods.eks.amazonaws.com', 'states.amazonaws.com')
    UNION ALL
    SELECT
        CASE model_calls.binding_key
            WHEN 'oidc_subject' THEN
                CASE
                    WHEN model_calls.binding_value LIKE 'system:serviceaccount:%:%'
                        THEN concat(split_part(model_calls.binding_value, ':', 3), '-', split_part(model_calls.binding_value, ':', 4))
                    WHEN model_calls.binding_value LIKE 'repo:%' THEN split_part(model_calls.binding_value, ':', 2)
                    ELSE model_calls.binding_value
                END
            WHEN 'service_account' THEN replace(model_calls.binding_value, '/', '-')
            WHEN 'lambda_function' THEN split_part(model_calls.binding_value, ':', 7)
            WHEN 'ecs_task_family' THEN model_calls.binding_value
        END AS candidate,
        model_calls.role_arn,
        'model_invocation' AS kind,
        concat('invoked models ', CAST(model_calls.calls AS TEXT), ' times') AS evidence,
        'medium' AS confidence,
        model_calls.binding_key,
        model_calls.binding_value
    FROM model_calls
    UNION ALL
    SELECT
        NULL AS candidate,
        mcp_calls.role_arn,
        'mcp' AS kind,
        concat('the AWS MCP Server was asked or acted ', CAST(mcp_calls.calls AS TEXT), ' times') AS evidence,
        'high' AS confidence,
        'user_agent' AS binding_key,
        'aws-mcp.amazonaws.com' AS binding_value
    FROM mcp_calls
    UNION ALL
    SELECT
        NULL AS candidate,
        tags.role_arn,
        'tag' AS kind,
        concat('tag ', tags.key, ' = ', tags.value, ' of ', tags.kind, ' ', tags.name) AS evidence,
        'medium' AS confidence,
        NULL AS binding_key,
        NULL AS binding_value
    FROM tags
    WHERE regexp_like(concat(tags.key, ' ', tags.value), '(^|[^a-z])(agents?|agentic|copilot|genai|llm)([^a-z]|$)', 'i')
    UNION ALL
    SELECT
        NULL AS candidate,
        roles.role_arn,
        'name' AS kind,
        concat('the name of the role is ', roles.role_name) AS evidence,
        'low' AS confidence,
        NULL AS binding_key,
        NULL AS binding_value
    FROM roles
    WHERE regexp_like(roles.role_name, '(^|[^a-z])(agents?|copilot|assistant|chatbot|bedrock|genai|llm)([^a-z]|$)', 'i')
        OR regexp_like(roles.role_name, '(Agent|Agents|Copilot|Assistant|Chatbot|Bedrock|GenAI|LLM)([^a-z]|$)')
),
owners AS (
    SELECT
        tags.role_arn,
        string_agg(DISTINCT tags.value, ', ' ORDER BY tags.value) AS owners
    FROM tags
    WHERE regexp_like(tags.key, '^(.*[-_:/. ])?(owners?|contact|e?mail)([-_:/. ].*)?$', 'i')
        AND regexp_like(tags.value, '^[^@[:space:]]+@[^@[:space:]]+$')
    GROUP BY tags.role_arn
),
acting AS (
    SELECT model_calls.role_arn
    FROM model_calls
    UNION
    SELECT mcp_calls.role_arn
    FROM mcp_calls
)
SELECT
    coalesce(signs.candidate, regexp_replace(signs.role_arn, '^.*/', '')) AS candidate,
    signs.role_arn,
    signs.kind,
    signs.evidence,
    min(signs.confidence) AS confidence,
    signs.binding_key,
    signs.binding_value,
    min(owners.owners) AS owners
FROM signs
LEFT JOIN owners ON signs.role_arn = owners.role_arn
LEFT JOIN acting ON signs.role_arn = acting.role_arn
WHERE signs.role_arn NOT LIKE '%:role/aws-service-role/%'
    AND (signs.role_arn NOT LIKE '%:role/aws-reserved/%' OR acting.role_arn IS NOT NULL)
GROUP BY
    coalesce(signs.candidate, regexp_replace(signs.role_arn, '^.*/', '')), signs.role_arn, signs.kind, signs.evidence,
    signs.binding_key, signs.binding_value
