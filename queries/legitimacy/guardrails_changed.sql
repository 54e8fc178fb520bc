-- Guardrails, tool policies or control policies changed or removed by an agent.
-- id: guardrails_changed
-- title: Guardrails changed
-- severity: high
-- effect: non_legitimate
-- standards: OWASP Agentic Top 10 ASI01, OWASP Agentic Top 10 ASI10, OWASP NHI Top 10 NHI5, NIST SP 800-207 2.1,
--      NIST AI RMF MANAGE 2.4, CSA MAESTRO layer 6
-- parameters: none
-- false_positives: an agent whose work it is to maintain guardrails; name the actions in its envelope
--
-- Guardrails of Bedrock and Amazon Q, policies of AgentCore, controls of Control Tower and policies of Organizations. No
-- breach is an action that the agent's envelope names, and what a service did with the agent's rights (a stack that is
-- deployed). A change of an agent's definition that leaves its guardrail out is not told from other changes.
-- in:  watched_calls, declared_work
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
SELECT
    watched_calls.record_key,
    watched_calls.action,
    min(watched_calls.agent) AS agent,
    min(watched_calls.role_arn) AS role_arn,
    min(concat(
        watched_calls.action, ' changes a guardrail',
        CASE WHEN watched_calls.resource IS NULL THEN '' ELSE concat(' of ', watched_calls.resource) END,
        CASE WHEN watched_calls.outcome = 'failed' THEN ' (the call failed)' ELSE '' END
    )) AS reason
FROM watched_calls
LEFT ANTI JOIN declared_work
    ON watched_calls.agent = declared_work.agent
    AND watched_calls.action = declared_work.action
WHERE watched_calls.kind = 'guardrail'
    AND watched_calls.outcome IN ('succeeded', 'failed')
    AND watched_calls.direct
GROUP BY watched_calls.record_key, watched_calls.action
