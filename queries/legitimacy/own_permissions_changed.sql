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
-- Calls of IAM name a role without its path; within an account that name is the role's alone. A managed policy is the
-- role's own if the snapshot has it attached to the role or as its boundary. No breach is an action that the agent's
-- envelope names, and what a service did with the agent's rights (a stack that is deployed). What the agent
-- does to other roles is a matter of its envelope.
-- Source: IAM User Guide, "IAM identifiers".
-- in:  watched_calls, declared_work, role_calls, current_snapshots
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
WITH changes AS (
    SELECT
        watched_calls.record_key,
        watched_calls.action,
        watched_calls.agent,
        watched_calls.role_arn,
        watched_calls.account_id,
        watched_calls.resource,
        watched_calls.outcome
    FROM watched_calls
    LEFT ANTI JOIN declared_work
        ON watched_calls.agent = declared_work.agent
        AND watched_calls.action = declared_work.action
    WHERE watched_calls.kind = 'permission'
        AND watched_calls.outcome IN ('succeeded', 'failed')
        AND watched_calls.direct
),
named AS (
    SELECT
        role_calls.record_key,
        role_calls.iam_role_name
    FROM role_calls
    WHERE role_calls.iam_role_name IS NOT NULL
),
roles_changed AS (
    SELECT
        changes.record_key,
        changes.action
    FROM changes
    INNER JOIN named ON changes.record_key = named.record_key
    WHERE changes.account_id = split_part(changes.role_arn, ':', 5)
        AND lower(named.iam_role_name) = lower(regexp_replace(changes.role_arn, '^.*/', ''))
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
        CASE WHEN own_policies.resource IS NULL THEN 'its own role'
            ELSE concat('policy ', changes.resource, ' of its own role') END,
        CASE WHEN changes.outcome = 'failed' THEN ' (the call failed)' ELSE '' END
    )) AS reason
FROM changes
LEFT JOIN roles_changed
    ON changes.record_key = roles_changed.record_key
    AND changes.action = roles_changed.action
LEFT JOIN own_policies
    ON changes.role_arn = own_policies.role_arn
    AND changes.resource = own_policies.resource
WHERE changes.resource = changes.role_arn
    OR roles_changed.record_key IS NOT NULL
    OR own_policies.resource IS NOT NULL
GROUP BY changes.record_key, changes.action
