-- The sessions of each role that made calls in the review's window, by the agent that made them.
-- in:  role_calls, attribution, principals, windows, params
-- out: agent text (or `unattributed`), role_arn text, session_key text, access_key_id text, rule text (by which the agent
--      was told), on_instance boolean (issued to an EC2 instance), through_mcp boolean (used by the AWS MCP Server on the
--      agent's behalf), first_call timestamp, last_call timestamp, calls bigint
-- key: agent, role_arn, session_key, access_key_id, rule
WITH by_principal AS (
    SELECT
        role_calls.principal_key,
        role_calls.session_key,
        role_calls.access_key_id,
        bool_or(coalesce(role_calls.via = 'aws-mcp.amazonaws.com', false)) AS through_mcp,
        min(role_calls.event_time) AS first_call,
        max(role_calls.event_time) AS last_call,
        count(*) AS calls
    FROM role_calls
    CROSS JOIN params
    INNER JOIN windows
        ON windows.window_days = params.window_days
        AND role_calls.event_time >= windows.starts_at
        AND role_calls.event_time < windows.ends_at
    WHERE role_calls.role_status <> 'former'
    GROUP BY role_calls.principal_key, role_calls.session_key, role_calls.access_key_id
)
SELECT
    attribution.agent,
    principals.role_arn,
    by_principal.session_key,
    by_principal.access_key_id,
    attribution.rule,
    bool_or(coalesce(
        principals.origin_session_name LIKE 'i-%'
            AND coalesce(principals.origin_service, 'ec2.amazonaws.com') = 'ec2.amazonaws.com', false)) AS on_instance,
    bool_or(by_principal.through_mcp) AS through_mcp,
    min(by_principal.first_call) AS first_call,
    max(by_principal.last_call) AS last_call,
    sum(by_principal.calls) AS calls
FROM by_principal
INNER JOIN attribution ON by_principal.principal_key = attribution.principal_key
INNER JOIN principals ON by_principal.principal_key = principals.principal_key
GROUP BY
    attribution.agent, principals.role_arn, by_principal.session_key, by_principal.access_key_id, attribution.rule
