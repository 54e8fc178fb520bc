-- Calls of roles in the review's window that no agent could be named for, and why. Whatever their outcome, and whether
-- or not they need an IAM action.
-- in:  role_calls, attribution, windows, params
-- out: role_arn text, reason text (no_agent_bound, no_rule_matches, several_agents_match, former_role), calls bigint,
--      sessions bigint, first_call timestamp, last_call timestamp
-- key: role_arn, reason
WITH by_session AS (
    SELECT
        role_calls.role_arn,
        attribution.rule AS reason,
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
    WHERE attribution.agent = 'unattributed'
    GROUP BY role_calls.role_arn, attribution.rule, role_calls.session_key
)
SELECT
    by_session.role_arn,
    by_session.reason,
    sum(by_session.calls) AS calls,
    count(*) AS sessions,
    min(by_session.first_call) AS first_call,
    max(by_session.last_call) AS last_call
FROM by_session
GROUP BY by_session.role_arn, by_session.reason
