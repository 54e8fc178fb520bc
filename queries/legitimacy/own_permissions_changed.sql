-- Calls that change what the agent's own role may do: its policies, its boundary, its trust policy.
-- id: own_permissions_changed
-- title: Own permissions changed
-- severity: high
-- effect: non_legitimate
-- standards: OWASP Agentic Top 10 ASI03, OWASP NHI Top 10 NHI5, NIST SP 800-207 2.1, NIST AI RMF MANAGE 2.4,
--      CSA MAESTRO layer 6
-- parameters: none
-- false_positives: a deployer that maintains its own role; name the actions in its envelope
--
-- A managed policy is the role's own if the snapshot has it attached to the role or as its boundary. No breach is an
-- action that the agent's envelope names, and what a service did with the agent's rights (a stack that is deployed).
-- What the agent does to other roles is a matter of its envelope.
-- in:  watched_calls, declared_work, current_snapshots
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
WITH changes AS (
    SELECT
        watched_calls.record_key,
        watched_calls.action,
        watched_calls.agent,
        watched_calls.role_arn,
        watched_calls.resource,
        watched_calls.outcome
    FROM watched_calls
    LEFT ANTI JOIN declared_work
        ON watched_calls.agent = declared_work.agent
        AND watched_calls.action = declared_work.action
    WHERE watched_calls.kind = 'permission'
        AND watched_calls.outcome IN ('succeeded', 'failed')
        AND watched_calls.direct
        AND watched_calls.resource IS NOT NULL
),
policies AS (
    SELECT DISTINCT
        changes.role_arn,
        changes.resource
    FROM changes
    WHERE changes.resource LIKE 'arn:%:iam::%:policy/%'
),
own_policies AS (
    SELECT DISTINCT
        policies.role_arn,
        policies.resource
    FROM policies
    INNER JOIN current_snapshots
        ON current_snapshots.kind = 'role'
        AND policies.role_arn = current_snapshots.arn
    WHERE strpos(current_snapshots.document, concat('"', policies.resource, '"')) > 0
)
SELECT
    changes.record_key,
    changes.action,
    min(changes.agent) AS agent,
    min(changes.role_arn) AS role_arn,
    min(concat(
        changes.action, ' changes ',
        CASE WHEN changes.resource = changes.role_arn THEN 'its own role'
            ELSE concat('policy ', changes.resource, ' of its own role') END,
        CASE WHEN changes.outcome = 'failed' THEN ' (the call failed)' ELSE '' END
    )) AS reason
FROM changes
LEFT JOIN own_policies
    ON changes.role_arn = own_policies.role_arn
    AND changes.resource = own_policies.resource
WHERE changes.resource = changes.role_arn
    OR own_policies.resource IS NOT NULL
GROUP BY changes.record_key, changes.action
