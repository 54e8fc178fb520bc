-- Logging, detection or alarms changed by an agent in a way that may have turned them off.
-- id: logging_changed
-- title: Logging or detection changed
-- severity: medium
-- effect: finding
-- standards: OWASP Agentic Top 10 ASI10, OWASP NHI Top 10 NHI5, NIST SP 800-207 2.1, NIST AI RMF MEASURE 3.1,
--      CSA MAESTRO layer 5
-- parameters: none
-- false_positives: log groups, alarms and flow logs that go with what a deployment removes, and settings that record
--      more than before
--
-- Selectors, filters, retention, log groups, alarms and flow logs; and what a service turned off with the agent's rights.
-- No finding is an action that the agent's envelope names.
-- in:  watched_calls, declared_work
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
SELECT
    watched_calls.record_key,
    watched_calls.action,
    min(watched_calls.agent) AS agent,
    min(watched_calls.role_arn) AS role_arn,
    min(concat(
        watched_calls.action, ' may lower what is logged or detected',
        CASE WHEN watched_calls.direct THEN '' ELSE concat(', called through ', watched_calls.via) END
    )) AS reason
FROM watched_calls
LEFT ANTI JOIN declared_work
    ON watched_calls.agent = declared_work.agent
    AND watched_calls.action = declared_work.action
WHERE (watched_calls.kind = 'logging'
        OR (watched_calls.kind = 'logging_off' AND NOT watched_calls.direct))
    AND watched_calls.outcome = 'succeeded'
GROUP BY watched_calls.record_key, watched_calls.action
