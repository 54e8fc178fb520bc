-- What each agent holds only through a binding above it: what it shares or was given on its own roles, and every role
-- that it comes to. A binding of a whole role has the action `*`.
-- The others that hang on a binding are those who would lose something if it were cut: the other agents of the role, and
-- those that come to the same role by the same kind of binding.
-- DataFusion only: array_agg with an order, array_to_string, array_remove.
-- in:  bindings, agents, needs, params, role_bindings, resource_grants, reach
-- out: agent text, role_arn text, reached_role_arn text (null: the binding is on the role itself), action text (or '*'),
--      binding text (shared_role, role_chain, tool_role, passed_role, node_role, token_reuse, permission_set,
--      resource_policy), path text, owner text, other_agents text (null: none), remedy text, certainty text (certain,
--      possible), hangs_on text (null: nothing)
-- key: agent, role_arn, reached_role_arn, binding, action, path
WITH bound AS (
    SELECT DISTINCT
        bindings.agent,
        bindings.role_arn
    FROM bindings
),
role_owners AS (
    SELECT
        named.role_arn,
        array_to_string(array_agg(named.owners ORDER BY named.owners), ', ') AS owners
    FROM (
        SELECT DISTINCT
            bound.role_arn,
            agents.owners
        FROM bound
        INNER JOIN agents ON bound.agent = agents.agent
        WHERE agents.owners <> ''
    ) AS named
    GROUP BY named.role_arn
),
on_role AS (
    SELECT
        bound.role_arn,
        array_agg(bound.agent ORDER BY bound.agent) AS agents
    FROM bound
    GROUP BY bound.role_arn
),
needed AS (
    SELECT DISTINCT
        needs.agent,
        needs.role_arn
    FROM needs
    INNER JOIN params ON needs.window_days = params.window_days
),
needing AS (
    SELECT
        bound.agent,
        bound.role_arn,
        array_agg(needed.agent ORDER BY needed.agent) AS others
    FROM bound
    INNER JOIN needed ON bound.role_arn = needed.role_arn
    WHERE bound.agent <> needed.agent
    GROUP BY bound.agent, bound.role_arn
),
given AS (
    SELECT
        resource_grants.role_arn,
        resource_grants.scope,
        resource_grants.resource_arn,
        resource_grants.certainty,
        count(*) AS actions,
        min(resource_grants.action) AS action,
        max(resource_grants.resources) AS resources,
        min(resource_grants.hangs_on) AS hangs_on
    FROM resource_grants
    GROUP BY resource_grants.role_arn, resource_grants.scope, resource_grants.resource_arn, resource_grants.certainty
),
reaching AS (
    SELECT
        hands.reached_role_arn,
        hands.binding,
        array_agg(hands.agent ORDER BY hands.agent) AS agents
    FROM (
        SELECT DISTINCT
            reach.agent,
            reach.reached_role_arn,
            reach.binding
        FROM reach
    ) AS hands
    GROUP BY hands.reached_role_arn, hands.binding
),
found AS (
    SELECT
        needing.agent,
        needing.role_arn,
        CAST(NULL AS TEXT) AS reached_role_arn,
        '*' AS action,
        'shared_role' AS binding,
        concat(needing.role_arn, ' is also the role of ', array_to_string(needing.others, ', '), ', who used it') AS path,
        needing.role_arn AS owned_by,
        needing.others,
        'give the agent a role of its own' AS remedy,
        'certain' AS certainty,
        CAST(NULL AS TEXT) AS hangs_on
    FROM needing
    UNION ALL
    SELECT
        role_bindings.agent,
        role_bindings.role_arn,
        CAST(NULL AS TEXT) AS reached_role_arn,
        '*' AS action,
        role_bindings.binding,
        role_bindings.path,
        CASE WHEN role_bindings.binding = 'permission_set' THEN 'IAM Identity Center' ELSE role_bindings.role_arn END AS owned_by,
        array_remove(on_role.agents, role_bindings.agent) AS others,
        CASE role_bindings.binding
            WHEN 'permission_set' THEN 'narrow the permission set in IAM Identity Center, or give the agent a role of its own'
            WHEN 'node_role' THEN 'give the task or pod a role of its own, and keep it from the metadata of the node'
            ELSE 'let the agent obtain a session of its own, under a role or a session policy for its task'
        END AS remedy,
        role_bindings.certainty,
        CASE WHEN role_bindings.certainty = 'possible' THEN 'which agent obtained the session' END AS hangs_on
    FROM role_bindings
    LEFT JOIN on_role ON role_bindings.role_arn = on_role.role_arn
    UNION ALL
    SELECT
        bound.agent,
        bound.role_arn,
        CAST(NULL AS TEXT) AS reached_role_arn,
        CASE WHEN given.actions = 1 THEN given.action ELSE '*' END AS action,
        'resource_policy' AS binding,
        concat('the policy of ', given.resource_arn,
            CASE WHEN given.resources > 1 THEN concat(' and of ', CAST(given.resources - 1 AS TEXT), ' more') ELSE '' END,
            ' lets in ', CASE given.scope WHEN 'role' THEN bound.role_arn WHEN 'anyone' THEN 'anyone' ELSE concat('the ', given.scope) END,
            ' for ', CAST(given.actions AS TEXT), ' actions') AS path,
        given.resource_arn AS owned_by,
        array_remove(on_role.agents, bound.agent) AS others,
        'narrow the principals or the conditions of the policy of the resource' AS remedy,
        given.certainty,
        given.hangs_on
    FROM bound
    INNER JOIN given ON bound.role_arn = given.role_arn
    LEFT JOIN on_role ON bound.role_arn = on_role.role_arn
    UNION ALL
    SELECT
        reach.agent,
        reach.role_arn,
        reach.reached_role_arn,
        '*' AS action,
        reach.binding,
        reach.path,
        reach.reached_role_arn AS owned_by,
        array_remove(array_distinct(array_concat(on_role.agents, reaching.agents)), reach.agent) AS others,
        CASE reach.binding
            WHEN 'role_chain' THEN 'name in the trust policy of the role only those that need it, and take sts:AssumeRole on it from the others'
            WHEN 'tool_role' THEN 'allow the agent to invoke only the tools that it needs, and narrow the role of the tool'
            ELSE 'allow iam:PassRole only on the roles that it passes, with iam:PassedToService'
        END AS remedy,
        reach.certainty,
        reach.hangs_on
    FROM reach
    LEFT JOIN on_role ON reach.role_arn = on_role.role_arn
    LEFT JOIN reaching
        ON reach.reached_role_arn = reaching.reached_role_arn
        AND reach.binding = reaching.binding
)
SELECT
    found.agent,
    found.role_arn,
    found.reached_role_arn,
    found.action,
    found.binding,
    found.path,
    coalesce(
        role_owners.owners,
        CASE WHEN found.owned_by LIKE 'arn:%' AND split_part(found.owned_by, ':', 5) <> ''
            THEN concat('account ', split_part(found.owned_by, ':', 5))
            ELSE found.owned_by
        END
    ) AS owner,
    CASE WHEN array_length(found.others) > 0
        THEN array_to_string(array_sort(found.others), ', ')
    END AS other_agents,
    found.remedy,
    found.certainty,
    found.hangs_on
FROM found
LEFT JOIN role_owners ON found.owned_by = role_owners.role_arn
