-- Roles assumed that are not on the agent's list of assumable roles.
-- id: unlisted_role
-- title: Roles assumed that are not on the agent's list
-- severity: high
-- effect: non_legitimate
-- standards: OWASP Agentic Top 10 ASI03, OWASP NHI Top 10 NHI5, NIST SP 800-207 2.1, NIST AI RMF MANAGE 4.1,
--      CSA MAESTRO layer 7
-- parameters: none
-- false_positives: a role that was renamed or added and is not on the list of agents.toml yet
--
-- An agent without a list is never caught. No breach is a role that the record does not prove, the agent's own role (its
-- session is taken anew), and a role that a service assumed with the agent's rights.
-- DataFusion only: wildcard_match (function of curtail).
-- in:  watched_calls, envelopes
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
WITH assumed AS (
    SELECT DISTINCT
        watched_calls.agent,
        watched_calls.role_arn,
        watched_calls.resource
    FROM watched_calls
    WHERE watched_calls.kind = 'role'
        AND watched_calls.outcome IN ('succeeded', 'failed')
        AND watched_calls.direct
        AND watched_calls.resource LIKE 'arn:%:iam::%:role/%'
        AND watched_calls.resource <> watched_calls.role_arn
),
unlisted AS (
    SELECT
        assumed.agent,
        assumed.role_arn,
        assumed.resource
    FROM assumed
    INNER JOIN envelopes
        ON assumed.agent = envelopes.agent
        AND envelopes.kind = 'assumable_role'
    GROUP BY assumed.agent, assumed.role_arn, assumed.resource
    HAVING NOT bool_or(wildcard_match(envelopes.pattern, assumed.resource))
)
SELECT
    watched_calls.record_key,
    watched_calls.action,
    min(watched_calls.agent) AS agent,
    min(watched_calls.role_arn) AS role_arn,
    min(concat('role ', unlisted.resource, ' is not on the list of roles that the agent may assume')) AS reason
FROM watched_calls
INNER JOIN unlisted
    ON watched_calls.agent = unlisted.agent
    AND watched_calls.role_arn = unlisted.role_arn
    AND watched_calls.resource = unlisted.resource
WHERE watched_calls.kind = 'role'
    AND watched_calls.outcome IN ('succeeded', 'failed')
    AND watched_calls.direct
GROUP BY watched_calls.record_key, watched_calls.action
