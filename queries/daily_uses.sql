-- Which actions each agent certainly used on which day, with one record of the day.
-- in:  calls
-- out: agent text, role_arn text, action text, event_date date, first_used timestamp, record_key text
-- key: agent, role_arn, action, event_date
SELECT
    calls.agent,
    calls.role_arn,
    calls.action,
    calls.event_date,
    min(calls.event_time) AS first_used,
    min(calls.record_key) AS record_key
FROM calls
WHERE calls.strength = 'certain'
    AND calls.role_status <> 'former'
    AND calls.outcome IN ('succeeded', 'failed')
    AND calls.event_date IS NOT NULL
GROUP BY calls.agent, calls.role_arn, calls.action, calls.event_date
