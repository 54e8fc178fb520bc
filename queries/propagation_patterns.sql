-- How each agent hands its rights on to what it calls, as the review's window shows it; an agent may do so in several ways.
--
-- `token_reuse`: one access key of it was used by another agent too, or by the AWS MCP Server on its behalf.
-- `scoped_sub_token`: it asked for sessions narrowed by a session policy. `fresh_binding`: it asked for sessions of another
-- role without one, or invoked a workload that runs under a role of its own. `unknown`: none of these was seen, which the
-- log shows only as far as it holds those calls.
-- Services that act with the caller's own rights (forward access sessions) are no hop of an agent.
-- in:  agents, agent_sessions, issue_scopes, invocations, bindings, windows, params
-- out: agent text, pattern text (token_reuse, fresh_binding, scoped_sub_token, unknown), because text, first_seen timestamp,
--      last_seen timestamp, times bigint (sessions or invocations that show it)
-- key: agent, pattern
WITH keys AS (
    SELECT
        agent_sessions.access_key_id,
        agent_sessions.agent,
        bool_or(agent_sessions.through_mcp) AS through_mcp,
        min(agent_sessions.first_call) AS first_call,
        max(agent_sessions.last_call) AS last_call
    FROM agent_sessions
    WHERE agent_sessions.access_key_id IS NOT NULL
        AND agent_sessions.agent <> 'unattributed'
    GROUP BY agent_sessions.access_key_id, agent_sessions.agent
),
holders AS (
    SELECT
        keys.access_key_id,
        count(*) AS agents
    FROM keys
    GROUP BY keys.access_key_id
),
own_roles AS (
    SELECT DISTINCT
        bindings.agent,
        bindings.role_arn
    FROM bindings
),
seen AS (
    SELECT
        keys.agent,
        'token_reuse' AS pattern,
        CASE WHEN holders.agents > 1 THEN 'an access key of it was used by other agents too'
            ELSE 'the AWS MCP Server called with its access key' END AS because,
        keys.first_call AS seen_at,
        keys.last_call AS seen_last
    FROM keys
    INNER JOIN holders ON keys.access_key_id = holders.access_key_id
    WHERE holders.agents > 1
        OR keys.through_mcp
    UNION ALL
    SELECT
        keys.agent,
        CASE WHEN issue_scopes.session_policy THEN 'scoped_sub_token' ELSE 'fresh_binding' END AS pattern,
        CASE WHEN issue_scopes.session_policy THEN concat('it asked for a narrowed session of ', coalesce(issue_scopes.issued_role_arn, 'itself'))
            ELSE concat('it asked for a session of ', issue_scopes.issued_role_arn) END AS because,
        issue_scopes.issued_at AS seen_at,
        issue_scopes.issued_at AS seen_last
    FROM issue_scopes
    INNER JOIN keys ON issue_scopes.caller_key = keys.access_key_id
    CROSS JOIN params
    INNER JOIN windows
        ON windows.window_days = params.window_days
        AND issue_scopes.issued_at >= windows.starts_at
        AND issue_scopes.issued_at < windows.ends_at
    WHERE issue_scopes.session_policy
        OR issue_scopes.issued_role_arn IS NOT NULL
    UNION ALL
    SELECT
        invocations.caller_agent AS agent,
        'fresh_binding' AS pattern,
        concat('it invoked ', invocations.workload_arn, ', which runs under ', invocations.target_role_arn) AS because,
        invocations.event_time AS seen_at,
        invocations.event_time AS seen_last
    FROM invocations
    CROSS JOIN params
    INNER JOIN windows
        ON windows.window_days = params.window_days
        AND invocations.event_time >= windows.starts_at
        AND invocations.event_time < windows.ends_at
    LEFT ANTI JOIN own_roles
        ON invocations.caller_agent = own_roles.agent
        AND invocations.target_role_arn = own_roles.role_arn
    WHERE invocations.caller_agent <> 'unattributed'
        AND invocations.target_role_arn IS NOT NULL
        AND invocations.outcome IN ('succeeded', 'failed')
),
found AS (
    SELECT
        seen.agent,
        seen.pattern,
        min(seen.because) AS because,
        min(seen.seen_at) AS first_seen,
        max(seen.seen_last) AS last_seen,
        count(*) AS times
    FROM seen
    GROUP BY seen.agent, seen.pattern
)
SELECT
    agents.agent,
    coalesce(found.pattern, 'unknown') AS pattern,
    coalesce(found.because, 'the log shows no hop of it') AS because,
    found.first_seen,
    found.last_seen,
    coalesce(found.times, 0) AS times
FROM agents
LEFT JOIN found ON agents.agent = found.agent
