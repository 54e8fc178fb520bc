-- Audit logging or threat detection turned off by an agent.
-- id: logging_turned_off
-- title: Logging or detection turned off
-- severity: high
-- effect: non_legitimate
-- standards: OWASP Agentic Top 10 ASI10, OWASP NHI Top 10 NHI5, NIST SP 800-207 2.1, NIST AI RMF MEASURE 3.1,
--      CSA MAESTRO layer 5
-- parameters: none
-- false_positives: an agent that takes accounts or test environments down; name the actions in its envelope
--
-- CloudTrail, GuardDuty, Config, Security Hub, Macie, Inspector, Detective and the log of model invocations, by calls that
-- can mean nothing else. What may mean it stands in logging_changed. No breach is an action that the agent's envelope
-- names, and what a service did with the agent's rights (that is in logging_changed too).
-- in:  watched_calls, declared_work
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
SELECT
    watched_calls.record_key,
    watched_calls.action,
    min(watched_calls.agent) AS agent,
    min(watched_calls.role_arn) AS role_arn,
    min(concat(
        watched_calls.action, ' turns off logging or detection',
        CASE WHEN watched_calls.resource IS NULL THEN '' ELSE concat(' of ', watched_calls.resource) END,
        CASE WHEN watched_calls.outcome = 'failed' THEN ' (the call failed)' ELSE '' END
    )) AS reason
FROM watched_calls
LEFT ANTI JOIN declared_work
    ON watched_calls.agent = declared_work.agent
    AND watched_calls.action = declared_work.action
WHERE watched_calls.kind = 'logging_off'
    AND watched_calls.outcome IN ('succeeded', 'failed')
    AND watched_calls.direct
GROUP BY watched_calls.record_key, watched_calls.action
