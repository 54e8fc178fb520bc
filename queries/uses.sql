-- Every exercised action, once per call: authorized calls under the snapshot's roles, with what legitimacy rules say.
-- A denied call is attempted, not exercised; a call that failed for another reason was authorized; a dry run is neither.
-- in:  calls, legitimacy
-- out: record_key text, action text, agent text, role_arn text, account_id text, event_time timestamp,
--      event_date date, session_key text, certain boolean (false: the call only possibly needs the action),
--      legitimate boolean (no rule caught it)
-- key: record_key, action
WITH caught AS (
    SELECT DISTINCT
        legitimacy.record_key,
        legitimacy.action
    FROM legitimacy
),
authorized AS (
    SELECT
        calls.record_key,
        calls.action,
        min(calls.agent) AS agent,
        min(calls.role_arn) AS role_arn,
        min(calls.account_id) AS account_id,
        min(calls.event_time) AS event_time,
        min(calls.event_date) AS event_date,
        min(calls.session_key) AS session_key,
        bool_or(calls.strength = 'certain') AS certain
    FROM calls
    WHERE calls.outcome IN ('succeeded', 'failed')
        AND calls.role_status <> 'former'
    GROUP BY calls.record_key, calls.action
)
SELECT
    authorized.record_key,
    authorized.action,
    authorized.agent,
    authorized.role_arn,
    authorized.account_id,
    authorized.event_time,
    authorized.event_date,
    authorized.session_key,
    authorized.certain,
    caught.record_key IS NULL AS legitimate
FROM authorized
LEFT JOIN caught ON authorized.record_key = caught.record_key AND authorized.action = caught.action
