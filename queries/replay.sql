-- Every legitimate authorized call of the review's window, and every authorized call of a role that no agent could be
-- named for, as what it needs: the calls that a suggested policy must still allow. A dry run is such a call, though it is
-- no use; so is a call whose time the record does not tell.
-- in:  calls, legitimacy, windows, params
-- out: role_arn text, agent text (null: unattributed), action text, strength text, resource text, calls bigint
-- key: role_arn, agent, action, strength, resource
WITH caught AS (
    SELECT DISTINCT
        legitimacy.record_key,
        legitimacy.action
    FROM legitimacy
)
SELECT
    calls.role_arn,
    nullif(calls.agent, 'unattributed') AS agent,
    calls.action,
    calls.strength,
    calls.resource,
    count(*) AS calls
FROM calls
CROSS JOIN params
INNER JOIN windows
    ON windows.window_days = params.window_days
    AND (calls.event_time IS NULL
        OR (calls.event_time >= windows.starts_at AND calls.event_time < windows.ends_at))
LEFT ANTI JOIN caught ON calls.record_key = caught.record_key AND calls.action = caught.action
WHERE calls.outcome IN ('succeeded', 'failed', 'dry_run')
    AND calls.role_status <> 'former'
GROUP BY calls.role_arn, nullif(calls.agent, 'unattributed'), calls.action, calls.strength, calls.resource
