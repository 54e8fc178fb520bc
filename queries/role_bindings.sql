-- Bindings above an agent by which it has all that a role of its own grants: editing that role's policies is not for
-- the agent's owner, or takes from others.
--
-- permission_set: IAM Identity Center writes the role. node_role: the role is that of a node (an instance profile
-- carries it, and the log shows it joining a cluster or fetching other pods' credentials), and the agent runs on it.
-- token_reuse: every session under which the agent called is one that its parent had and called under too; the parent is
-- the agent that obtained the session, else the one that the session itself tells, not the client. Where neither tells
-- which is the parent, all agents of the session are possible.
-- Sources: IAM Identity Center User Guide, "Referencing permission sets"; Amazon ECS Developer Guide, "Amazon ECS
-- container instance IAM role"; Amazon EKS User Guide, "EKS Pod Identity".
-- DataFusion only: array_agg with an order.
-- in:  bindings, node_roles, exercised, role_calls, attribution, events
-- out: agent text, role_arn text, binding text, path text, parents list of text (agents; null: none), certainty text
--      (certain, possible)
-- key: agent, role_arn, binding
WITH bound AS (
    SELECT DISTINCT
        bindings.agent,
        bindings.role_arn
    FROM bindings
),
nodes AS (
    SELECT
        exercised.role_arn,
        min(exercised.action) AS action
    FROM exercised
    WHERE exercised.certain_calls > 0
        AND exercised.action IN (
            'ecs:RegisterContainerInstance', 'ecs:DiscoverPollEndpoint', 'ecs:SubmitTaskStateChange',
            'eks-auth:AssumeRoleForPodIdentity'
        )
    GROUP BY exercised.role_arn
),
shared_roles AS (
    SELECT
        bound.role_arn
    FROM bound
    GROUP BY bound.role_arn
    HAVING count(*) > 1
),
callers AS (
    SELECT DISTINCT
        role_calls.role_arn,
        role_calls.session_key,
        role_calls.access_key_id,
        role_calls.principal_key
    FROM role_calls
    INNER JOIN shared_roles ON role_calls.role_arn = shared_roles.role_arn
    WHERE role_calls.session_key IS NOT NULL
),
seen AS (
    SELECT DISTINCT
        callers.role_arn,
        callers.session_key,
        callers.access_key_id,
        attribution.agent,
        CASE
            WHEN attribution.rule IN ('user_agent', 'source_network', 'role') THEN 2
            ELSE 1
        END AS rank
    FROM callers
    INNER JOIN attribution ON callers.principal_key = attribution.principal_key
    WHERE attribution.agent <> 'unattributed'
),
several AS (
    SELECT
        seen.role_arn,
        seen.session_key,
        min(seen.rank) AS best_rank
    FROM seen
    GROUP BY seen.role_arn, seen.session_key
    HAVING min(seen.agent) <> max(seen.agent)
),
issued AS (
    SELECT DISTINCT
        events.issued_access_key_id AS access_key_id,
        attribution.agent
    FROM events
    INNER JOIN role_calls ON events.record_key = role_calls.record_key
    INNER JOIN attribution ON role_calls.principal_key = attribution.principal_key
    WHERE events.issued_access_key_id IS NOT NULL
        AND attribution.agent <> 'unattributed'
),
obtained AS (
    SELECT DISTINCT
        seen.role_arn,
        seen.session_key,
        seen.agent
    FROM seen
    INNER JOIN issued
        ON seen.access_key_id = issued.access_key_id
        AND seen.agent = issued.agent
),
best AS (
    SELECT
        seen.role_arn,
        seen.session_key,
        min(seen.agent) AS agent
    FROM seen
    INNER JOIN several
        ON seen.role_arn = several.role_arn
        AND seen.session_key = several.session_key
        AND seen.rank = several.best_rank
    GROUP BY seen.role_arn, seen.session_key
    HAVING min(seen.agent) = max(seen.agent)
),
shared AS (
    SELECT
        several.role_arn,
        several.session_key,
        coalesce(obtained.agent, best.agent) AS parent
    FROM several
    LEFT JOIN obtained
        ON several.role_arn = obtained.role_arn
        AND several.session_key = obtained.session_key
    LEFT JOIN best
        ON several.role_arn = best.role_arn
        AND several.session_key = best.session_key
),
sessions_of AS (
    SELECT DISTINCT
        seen.role_arn,
        seen.agent,
        seen.session_key,
        shared.session_key IS NOT NULL AS is_shared,
        shared.parent
    FROM seen
    LEFT JOIN shared
        ON seen.role_arn = shared.role_arn
        AND seen.session_key = shared.session_key
),
reuse AS (
    SELECT
        sessions_of.agent,
        sessions_of.role_arn,
        bool_and(sessions_of.parent IS NOT NULL AND sessions_of.parent <> sessions_of.agent) AS certain
    FROM sessions_of
    GROUP BY sessions_of.agent, sessions_of.role_arn
    HAVING bool_and(sessions_of.is_shared AND coalesce(sessions_of.parent <> sessions_of.agent, true))
),
parents AS (
    SELECT
        pairs.agent,
        pairs.role_arn,
        array_agg(pairs.parent ORDER BY pairs.parent) AS parents
    FROM (
        SELECT DISTINCT
            sessions_of.agent,
            sessions_of.role_arn,
            sessions_of.parent
        FROM sessions_of
        WHERE sessions_of.parent IS NOT NULL
    ) AS pairs
    GROUP BY pairs.agent, pairs.role_arn
)
SELECT
    bound.agent,
    bound.role_arn,
    'permission_set' AS binding,
    concat(bound.agent, ' runs under ', bound.role_arn, ', which IAM Identity Center writes from a permission set') AS path,
    CAST(NULL AS TEXT[]) AS parents,
    'certain' AS certainty
FROM bound
WHERE split_part(bound.role_arn, ':role/aws-reserved/sso.amazonaws.com/', 2) <> ''
UNION ALL
SELECT
    bound.agent,
    bound.role_arn,
    'node_role' AS binding,
    concat(bound.agent, ' runs under ', bound.role_arn, ' of instance profile ', node_roles.instance_profile_arn,
        ', whose node called ', nodes.action) AS path,
    CAST(NULL AS TEXT[]) AS parents,
    'certain' AS certainty
FROM bound
INNER JOIN node_roles ON bound.role_arn = node_roles.role_arn
INNER JOIN nodes ON bound.role_arn = nodes.role_arn
UNION ALL
SELECT
    reuse.agent,
    reuse.role_arn,
    'token_reuse' AS binding,
    concat(reuse.agent, ' called under sessions of ', reuse.role_arn, ' that ',
        coalesce(array_to_string(parents.parents, ', '), 'another agent'), ' called under too') AS path,
    parents.parents,
    CASE WHEN reuse.certain THEN 'certain' ELSE 'possible' END AS certainty
FROM reuse
INNER JOIN bound
    ON reuse.agent = bound.agent
    AND reuse.role_arn = bound.role_arn
LEFT JOIN parents
    ON reuse.agent = parents.agent
    AND reuse.role_arn = parents.role_arn
