-- Every recorded invocation of a function, a state machine, an agent or the AWS MCP Server, whoever made it, with the
-- workload that it reached and the agent that this is. An invocation that two accounts recorded is one row.
--
-- Invocations of functions and agents are data events: without selectors that name them they are not in the log.
-- Source: AWS CloudTrail User Guide, "Logging data events"; Amazon Bedrock User Guide, "Monitor Amazon Bedrock API calls
-- using CloudTrail"; records of the AWS MCP Server (`requestParameters.params.name` is the tool).
-- DataFusion only: event_actions, event_outcome (functions of curtail), json_get_str, unnest of a list in the select list.
-- in:  events, role_records, attribution, workload_agents, workloads
-- out: invocation_key text (the record's), event_time timestamp, kind text (lambda, state_machine, bedrock_agent,
--      agentcore_runtime, agentcore_gateway, aws_mcp), caller_arn text, caller_role_arn text (null: no role),
--      caller_agent text (null: no role), target text (null: the record does not prove it), workload_arn text,
--      target_role_arn text (null: not known), target_agent text (null: none or several), outcome text, request_id text,
--      aws_region text, source_ip_address text, user_agent text
-- key: invocation_key
WITH candidates AS (
    SELECT
        events.record_key,
        coalesce(events.shared_event_id, events.record_key) AS call,
        events.event_time,
        events.event_source,
        events.event_name,
        events.user_identity_arn,
        events.user_identity_account_id,
        events.user_identity_invoked_by,
        events.request_id,
        events.aws_region,
        events.source_ip_address,
        events.user_agent,
        event_outcome(events.error_code, events.error_message) AS outcome,
        CASE WHEN events.event_source = 'aws-mcp.amazonaws.com'
            THEN json_get_str(events.request_parameters, 'params', 'name') END AS mcp_tool,
        CASE WHEN events.event_source <> 'aws-mcp.amazonaws.com' THEN event_actions(
            events.event_source, events.event_name, events.event_type, events.request_parameters, events.response_elements,
            events.resources, events.error_message, events.aws_region,
            coalesce(events.recipient_account_id, events.user_identity_account_id)
        ) END AS actions
    FROM events
    WHERE events.event_source IN ('lambda.amazonaws.com', 'states.amazonaws.com', 'bedrock.amazonaws.com',
            'bedrock-agent-runtime.amazonaws.com', 'bedrock-agentcore.amazonaws.com', 'aws-mcp.amazonaws.com')
        AND coalesce(events.event_category, 'Management') NOT IN ('NetworkActivity', 'Insight')
        AND coalesce(events.event_type, 'AwsApiCall')
            NOT IN ('AwsServiceEvent', 'AwsVpceEvent', 'AwsVpceEvents', 'AwsCloudTrailInsight')
        AND (events.event_name LIKE 'Invoke%' OR events.event_name LIKE 'Start%Execution'
            OR events.event_name IN ('CallReadWriteTool', 'CallReadOnlyTool', 'CallTool'))
),
needed AS (
    SELECT
        candidates.record_key,
        unnest(candidates.actions) AS needed
    FROM candidates
    WHERE cardinality(candidates.actions) > 0
),
reached AS (
    SELECT
        needed.record_key,
        CASE min(lower(needed.needed['action']))
            WHEN 'lambda:invokefunction' THEN 'lambda'
            WHEN 'states:startexecution' THEN 'state_machine'
            WHEN 'states:startsyncexecution' THEN 'state_machine'
            WHEN 'bedrock-agentcore:invokeagentruntime' THEN 'agentcore_runtime'
            WHEN 'bedrock-agentcore:invokegateway' THEN 'agentcore_gateway'
            ELSE 'bedrock_agent'
        END AS kind,
        min(needed.needed['resource']) AS target
    FROM needed
    WHERE lower(needed.needed['action']) IN (
        'lambda:invokefunction', 'states:startexecution', 'states:startsyncexecution', 'bedrock:invokeagent',
        'bedrock:invokeinlineagent', 'bedrock-agentcore:invokeagentruntime', 'bedrock-agentcore:invokegateway')
    GROUP BY needed.record_key
),
told AS (
    SELECT
        candidates.record_key,
        candidates.call,
        candidates.event_time,
        coalesce(reached.kind, 'aws_mcp') AS kind,
        candidates.user_identity_arn,
        candidates.user_identity_account_id,
        candidates.user_identity_invoked_by,
        coalesce(reached.target, candidates.mcp_tool) AS target,
        CASE
            WHEN reached.kind IN ('lambda', 'state_machine')
                THEN regexp_replace(reached.target, '^((?:[^:]*:){6}[^:]+):.*$', '\1')
            WHEN reached.kind = 'bedrock_agent'
                THEN regexp_replace(reached.target, ':agent-alias/([^/]+)/.*$', ':agent/\1')
            WHEN reached.kind = 'agentcore_runtime'
                THEN regexp_replace(reached.target, '(:runtime/[^/]+)/.*$', '\1')
            ELSE reached.target
        END AS workload_arn,
        candidates.outcome,
        candidates.request_id,
        candidates.aws_region,
        candidates.source_ip_address,
        candidates.user_agent
    FROM candidates
    LEFT JOIN reached ON candidates.record_key = reached.record_key
    WHERE reached.record_key IS NOT NULL
        OR candidates.event_name IN ('CallReadWriteTool', 'CallReadOnlyTool', 'CallTool')
),
roles_of_workloads AS (
    SELECT
        workloads.workload_arn,
        CASE WHEN min(workloads.role_arn) = max(workloads.role_arn) THEN min(workloads.role_arn) END AS role_arn
    FROM workloads
    GROUP BY workloads.workload_arn
),
agents_of_workloads AS (
    SELECT
        workload_agents.workload_arn,
        CASE WHEN min(workload_agents.agent) = max(workload_agents.agent) THEN min(workload_agents.agent) END AS agent
    FROM workload_agents
    GROUP BY workload_agents.workload_arn
),
joined AS (
    SELECT
        told.record_key,
        told.event_time,
        told.kind,
        coalesce(told.user_identity_arn, told.user_identity_invoked_by, told.user_identity_account_id) AS caller_arn,
        role_records.role_arn AS caller_role_arn,
        CASE WHEN role_records.record_key IS NOT NULL THEN coalesce(attribution.agent, 'unattributed') END AS caller_agent,
        told.target,
        told.workload_arn,
        roles_of_workloads.role_arn AS target_role_arn,
        agents_of_workloads.agent AS target_agent,
        told.outcome,
        told.request_id,
        told.aws_region,
        told.source_ip_address,
        told.user_agent,
        row_number() OVER (
            PARTITION BY told.call
            ORDER BY CASE WHEN attribution.agent IS NULL THEN 1 ELSE 0 END, told.record_key
        ) AS copy
    FROM told
    LEFT JOIN role_records ON told.record_key = role_records.record_key
    LEFT JOIN attribution ON role_records.principal_key = attribution.principal_key
    LEFT JOIN roles_of_workloads ON told.workload_arn = roles_of_workloads.workload_arn
    LEFT JOIN agents_of_workloads ON told.workload_arn = agents_of_workloads.workload_arn
)
SELECT
    joined.record_key AS invocation_key,
    joined.event_time,
    joined.kind,
    joined.caller_arn,
    joined.caller_role_arn,
    joined.caller_agent,
    joined.target,
    joined.workload_arn,
    joined.target_role_arn,
    joined.target_agent,
    joined.outcome,
    joined.request_id,
    joined.aws_region,
    joined.source_ip_address,
    joined.user_agent
FROM joined
WHERE joined.copy = 1
