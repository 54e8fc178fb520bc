-- Each agent's roles as declared and as observed in the review's window: how the declaration tells its calls, by which
-- rule they were told, and how many there were. A role that no binding names is not here; calls that nobody could be named for
-- are in `unattributed`.
-- in:  bindings, role_calls, attribution, windows, params
-- out: agent text, role_arn text, declared text (keys of the bindings, `role` where a binding gives none), observed text
--      (rules that named the agent; null: no call was the agent's), calls bigint, sessions bigint, first_call timestamp,
--      last_call timestamp
-- key: agent, role_arn
WITH keys AS (
    SELECT DISTINCT
        bindings.agent,
        bindings.role_arn,
        CASE WHEN concat(
            bindings.oidc_subject, bindings.service_account, bindings.lambda_function, bindings.ecs_task_family,
            bindings.instance_id, bindings.source_identity, bindings.session_name, bindings.user_agent, bindings.source_network
        ) = '' THEN 'role'
        ELSE substr(concat(
            CASE WHEN bindings.oidc_subject IS NOT NULL THEN concat(', oidc_subject=', bindings.oidc_subject) END,
            CASE WHEN bindings.service_account IS NOT NULL THEN concat(', service_account=', bindings.service_account) END,
            CASE WHEN bindings.lambda_function IS NOT NULL THEN concat(', lambda_function=', bindings.lambda_function) END,
            CASE WHEN bindings.ecs_task_family IS NOT NULL THEN concat(', ecs_task_family=', bindings.ecs_task_family) END,
            CASE WHEN bindings.instance_id IS NOT NULL THEN concat(', instance_id=', bindings.instance_id) END,
            CASE WHEN bindings.source_identity IS NOT NULL THEN concat(', source_identity=', bindings.source_identity) END,
            CASE WHEN bindings.session_name IS NOT NULL THEN concat(', session_name=', bindings.session_name) END,
            CASE WHEN bindings.user_agent IS NOT NULL THEN concat(', user_agent=', bindings.user_agent) END,
            CASE WHEN bindings.source_network IS NOT NULL THEN concat(', source_network=', bindings.source_network) END
        ), 3) END AS declared
    FROM bindings
),
declared AS (
    SELECT
        keys.agent,
        keys.role_arn,
        string_agg(keys.declared, ' or ' ORDER BY keys.declared) AS declared
    FROM keys
    GROUP BY keys.agent, keys.role_arn
),
by_session AS (
    SELECT
        attribution.agent,
        role_calls.role_arn,
        attribution.rule,
        role_calls.session_key,
        count(*) AS calls,
        min(role_calls.event_time) AS first_call,
        max(role_calls.event_time) AS last_call
    FROM role_calls
    INNER JOIN attribution ON role_calls.principal_key = attribution.principal_key
    CROSS JOIN params
    INNER JOIN windows
        ON windows.window_days = params.window_days
        AND role_calls.event_time >= windows.starts_at
        AND role_calls.event_time < windows.ends_at
    WHERE attribution.agent <> 'unattributed'
    GROUP BY attribution.agent, role_calls.role_arn, attribution.rule, role_calls.session_key
),
by_rule AS (
    SELECT
        by_session.agent,
        by_session.role_arn,
        by_session.rule,
        sum(by_session.calls) AS calls,
        min(by_session.first_call) AS first_call,
        max(by_session.last_call) AS last_call
    FROM by_session
    GROUP BY by_session.agent, by_session.role_arn, by_session.rule
),
sessions_of AS (
    SELECT
        distinct_sessions.agent,
        distinct_sessions.role_arn,
        count(distinct_sessions.session_key) AS sessions
    FROM (SELECT DISTINCT by_session.agent, by_session.role_arn, by_session.session_key FROM by_session) AS distinct_sessions
    GROUP BY distinct_sessions.agent, distinct_sessions.role_arn
),
observed AS (
    SELECT
        by_rule.agent,
        by_rule.role_arn,
        string_agg(by_rule.rule, ', ' ORDER BY by_rule.rule) AS observed,
        sum(by_rule.calls) AS calls,
        min(by_rule.first_call) AS first_call,
        max(by_rule.last_call) AS last_call
    FROM by_rule
    GROUP BY by_rule.agent, by_rule.role_arn
)
SELECT
    declared.agent,
    declared.role_arn,
    declared.declared,
    observed.observed,
    coalesce(observed.calls, 0) AS calls,
    coalesce(sessions_of.sessions, 0) AS sessions,
    observed.first_call,
    observed.last_call
FROM declared
LEFT JOIN observed ON declared.agent = observed.agent AND declared.role_arn = observed.role_arn
LEFT JOIN sessions_of ON declared.agent = sessions_of.agent AND declared.role_arn = sessions_of.role_arn
