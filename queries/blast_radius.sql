-- The blast radius of each agent and of the organisation, per window: the distinct actions that its roles let it do,
-- directly and through bindings, by weight, as they are now and without what the window shows to be excess.
-- Every action counts once, however many roles give it. The lower bounds leave out grants that hang on what is not known.
-- `*_after` is what would remain if all excess of the agent's own roles were removed and bindings left as they are.
-- The formulas are in docs/measures.md.
-- in:  reachable_roles, grants, excess_actions, level_weights, actions, windows
-- out: scope text (agent, organisation), agent text (null: the organisation), window_days bigint, roles bigint,
--      roles_through_bindings bigint, actions bigint, actions_through_bindings bigint (that no role of its own gives),
--      weight_low bigint, weight_high bigint, share_low double, share_high double (of the weight of all actions that AWS
--      has, 0 to 100), actions_after bigint, weight_after bigint
-- key: scope, agent, window_days
WITH weighed AS (
    SELECT
        reachable_roles.agent,
        grants.action,
        coalesce(level_weights.weight, 5) AS weight,
        grants.status = 'granted' AS decided,
        reachable_roles.hops = 0 AS own,
        reachable_roles.role_arn
    FROM reachable_roles
    INNER JOIN grants ON reachable_roles.role_arn = grants.role_arn
    LEFT JOIN level_weights ON coalesce(grants.access_level, '') = level_weights.access_level
    WHERE grants.status IN ('granted', 'undecided')
),
kept AS (
    SELECT
        weighed.agent,
        weighed.action,
        windows.window_days,
        bool_or(NOT weighed.own OR excess_actions.need IS NULL OR excess_actions.need <> 'excess') AS stays
    FROM weighed
    CROSS JOIN windows
    LEFT JOIN excess_actions
        ON weighed.own
        AND weighed.agent = excess_actions.agent
        AND weighed.role_arn = excess_actions.role_arn
        AND weighed.action = excess_actions.action
        AND windows.window_days = excess_actions.window_days
    GROUP BY weighed.agent, weighed.action, windows.window_days
),
each AS (
    SELECT
        weighed.agent,
        weighed.action,
        max(weighed.weight) AS weight,
        bool_or(weighed.decided) AS decided,
        bool_or(weighed.own) AS own
    FROM weighed
    GROUP BY weighed.agent, weighed.action
),
reached AS (
    SELECT
        'agent' AS scope,
        each.agent,
        kept.window_days,
        each.action,
        each.weight,
        each.decided,
        each.own,
        kept.stays
    FROM each
    INNER JOIN kept ON each.agent = kept.agent AND each.action = kept.action
    UNION ALL
    SELECT
        'organisation' AS scope,
        CAST(NULL AS TEXT) AS agent,
        kept.window_days,
        each.action,
        max(each.weight) AS weight,
        bool_or(each.decided) AS decided,
        bool_or(each.own) AS own,
        bool_or(kept.stays) AS stays
    FROM each
    INNER JOIN kept ON each.agent = kept.agent AND each.action = kept.action
    GROUP BY kept.window_days, each.action
),
sums AS (
    SELECT
        reached.scope,
        reached.agent,
        reached.window_days,
        count(*) AS actions,
        sum(CASE WHEN reached.own THEN 0 ELSE 1 END) AS actions_through_bindings,
        sum(CASE WHEN reached.decided THEN reached.weight ELSE 0 END) AS weight_low,
        sum(reached.weight) AS weight_high,
        sum(CASE WHEN reached.stays THEN 1 ELSE 0 END) AS actions_after,
        sum(CASE WHEN reached.stays THEN reached.weight ELSE 0 END) AS weight_after
    FROM reached
    GROUP BY reached.scope, reached.agent, reached.window_days
),
distinct_roles AS (
    SELECT
        reachable_roles.agent,
        reachable_roles.role_arn,
        min(reachable_roles.hops) AS hops
    FROM reachable_roles
    GROUP BY reachable_roles.agent, reachable_roles.role_arn
),
organisation_roles AS (
    SELECT
        distinct_roles.role_arn,
        min(distinct_roles.hops) AS hops
    FROM distinct_roles
    GROUP BY distinct_roles.role_arn
),
role_counts AS (
    SELECT
        'agent' AS scope,
        distinct_roles.agent,
        count(*) AS roles,
        sum(CASE WHEN distinct_roles.hops > 0 THEN 1 ELSE 0 END) AS roles_through_bindings
    FROM distinct_roles
    GROUP BY distinct_roles.agent
    UNION ALL
    SELECT
        'organisation' AS scope,
        CAST(NULL AS TEXT) AS agent,
        count(*) AS roles,
        sum(CASE WHEN organisation_roles.hops > 0 THEN 1 ELSE 0 END) AS roles_through_bindings
    FROM organisation_roles
),
everything AS (
    SELECT sum(coalesce(level_weights.weight, 5)) AS weight
    FROM actions
    LEFT JOIN level_weights ON coalesce(actions.access_level, '') = level_weights.access_level
)
SELECT
    role_counts.scope,
    role_counts.agent,
    windows.window_days,
    role_counts.roles,
    role_counts.roles_through_bindings,
    coalesce(sums.actions, 0) AS actions,
    coalesce(sums.actions_through_bindings, 0) AS actions_through_bindings,
    coalesce(sums.weight_low, 0) AS weight_low,
    coalesce(sums.weight_high, 0) AS weight_high,
    -- An action that the catalog lacks has a weight, and no place in the whole.
    CASE WHEN everything.weight > 0
        THEN least(100.0, floor(1000.0 * coalesce(sums.weight_low, 0) / everything.weight) / 10)
    END AS share_low,
    CASE WHEN everything.weight > 0
        THEN least(100.0, ceil(1000.0 * coalesce(sums.weight_high, 0) / everything.weight) / 10)
    END AS share_high,
    coalesce(sums.actions_after, 0) AS actions_after,
    coalesce(sums.weight_after, 0) AS weight_after
FROM role_counts
CROSS JOIN windows
CROSS JOIN everything
LEFT JOIN sums
    ON role_counts.scope = sums.scope
    AND windows.window_days = sums.window_days
    AND coalesce(role_counts.agent, '') = coalesce(sums.agent, '')
