-- Authorized calls of the review's window that a legitimacy rule caught, with up to five records of each.
-- DataFusion only: array_agg with an order.
-- in:  legitimacy, calls, windows, params
-- out: agent text, role_arn text, action text, rule text, reason text, calls bigint, first_call timestamp,
--      last_call timestamp, sample_record_keys list of text
-- key: agent, role_arn, action, rule, reason
WITH caught AS (
    SELECT DISTINCT
        legitimacy.agent,
        legitimacy.role_arn,
        legitimacy.action,
        legitimacy.rule,
        legitimacy.reason,
        legitimacy.record_key,
        calls.event_time
    FROM legitimacy
    INNER JOIN calls
        ON legitimacy.record_key = calls.record_key
        AND legitimacy.action = calls.action
    CROSS JOIN params
    INNER JOIN windows
        ON windows.window_days = params.window_days
        AND calls.event_time >= windows.starts_at
        AND calls.event_time < windows.ends_at
),
numbered AS (
    SELECT
        caught.agent,
        caught.role_arn,
        caught.action,
        caught.rule,
        caught.reason,
        caught.record_key,
        caught.event_time,
        row_number() OVER (
            PARTITION BY caught.agent, caught.role_arn, caught.action, caught.rule, caught.reason
            ORDER BY caught.record_key
        ) AS number
    FROM caught
)
SELECT
    numbered.agent,
    numbered.role_arn,
    numbered.action,
    numbered.rule,
    numbered.reason,
    count(*) AS calls,
    min(numbered.event_time) AS first_call,
    max(numbered.event_time) AS last_call,
    array_agg(numbered.record_key ORDER BY numbered.record_key) FILTER (WHERE numbered.number <= 5)
        AS sample_record_keys
FROM numbered
GROUP BY numbered.agent, numbered.role_arn, numbered.action, numbered.rule, numbered.reason
