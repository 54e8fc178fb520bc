-- Calls that failed authorization, per agent, role, action and window: the action that the refusal names, else those
-- that the call certainly needs.
-- in:  watched_calls, windows
-- out: agent text, role_arn text, action text, window_days bigint, denied_calls bigint, first_denied timestamp,
--      last_denied timestamp
-- key: agent, role_arn, action, window_days
WITH denied AS (
    SELECT
        watched_calls.record_key,
        watched_calls.action,
        min(watched_calls.agent) AS agent,
        min(watched_calls.role_arn) AS role_arn,
        min(watched_calls.event_time) AS event_time
    FROM watched_calls
    WHERE watched_calls.outcome = 'denied'
    GROUP BY watched_calls.record_key, watched_calls.action
)
SELECT
    denied.agent,
    denied.role_arn,
    denied.action,
    windows.window_days,
    count(*) AS denied_calls,
    min(denied.event_time) AS first_denied,
    max(denied.event_time) AS last_denied
FROM denied
INNER JOIN windows
    ON denied.event_time >= windows.starts_at
    AND denied.event_time < windows.ends_at
GROUP BY denied.agent, denied.role_arn, denied.action, windows.window_days
