-- Calls that failed authorization, per agent, role, action and window: the action that the refusal names, else those
-- that the call certainly needs.
-- in:  calls, windows
-- out: agent text, role_arn text, action text, window_days bigint, denied_calls bigint, first_denied timestamp,
--      last_denied timestamp
-- key: agent, role_arn, action, window_days
WITH denied AS (
    SELECT
        calls.record_key,
        calls.action,
        min(calls.agent) AS agent,
        min(calls.role_arn) AS role_arn,
        min(calls.event_time) AS event_time
    FROM calls
    WHERE calls.outcome = 'denied'
        AND calls.strength = 'certain'
        AND calls.role_status <> 'former'
    GROUP BY calls.record_key, calls.action
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
