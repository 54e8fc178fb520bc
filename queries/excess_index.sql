-- The excess index of each agent and of the organisation, per window: the share of what is granted that is not needed,
-- by weight, 0 to 100, with both bounds. The lower counts what is uncertain as needed, the upper as excess; a grant that
-- is itself undecided counts towards excess in the upper alone. Bounds are rounded outwards to a tenth.
-- The formulas are in docs/measures.md.
-- in:  excess_actions
-- out: scope text (agent, organisation), agent text (null: the organisation), window_days bigint, granted_actions bigint,
--      excess_actions bigint (without the uncertain), uncertain_actions bigint, granted_weight bigint, excess_low double,
--      excess_high double (both null where nothing is granted)
-- key: scope, agent, window_days
WITH by_agent AS (
    SELECT
        excess_actions.agent,
        excess_actions.window_days,
        count(*) AS granted_actions,
        sum(CASE WHEN excess_actions.need = 'excess' THEN 1 ELSE 0 END) AS excess_actions,
        sum(CASE WHEN excess_actions.need = 'uncertain' THEN 1 ELSE 0 END) AS uncertain_actions,
        sum(excess_actions.weight) AS granted_weight,
        sum(CASE WHEN excess_actions.need = 'excess' THEN excess_actions.weight ELSE 0 END) AS excess_weight,
        sum(CASE WHEN excess_actions.need = 'excess' AND excess_actions.undecided_grant THEN excess_actions.weight ELSE 0 END)
            AS undecided_weight,
        sum(CASE WHEN excess_actions.need = 'uncertain' THEN excess_actions.weight ELSE 0 END) AS uncertain_weight
    FROM excess_actions
    GROUP BY excess_actions.agent, excess_actions.window_days
),
scopes AS (
    SELECT
        'agent' AS scope,
        by_agent.agent,
        by_agent.window_days,
        by_agent.granted_actions,
        by_agent.excess_actions,
        by_agent.uncertain_actions,
        by_agent.granted_weight,
        by_agent.excess_weight,
        by_agent.undecided_weight,
        by_agent.uncertain_weight
    FROM by_agent
    UNION ALL
    SELECT
        'organisation' AS scope,
        CAST(NULL AS TEXT) AS agent,
        by_agent.window_days,
        sum(by_agent.granted_actions) AS granted_actions,
        sum(by_agent.excess_actions) AS excess_actions,
        sum(by_agent.uncertain_actions) AS uncertain_actions,
        sum(by_agent.granted_weight) AS granted_weight,
        sum(by_agent.excess_weight) AS excess_weight,
        sum(by_agent.undecided_weight) AS undecided_weight,
        sum(by_agent.uncertain_weight) AS uncertain_weight
    FROM by_agent
    GROUP BY by_agent.window_days
)
SELECT
    scopes.scope,
    scopes.agent,
    scopes.window_days,
    scopes.granted_actions,
    scopes.excess_actions,
    scopes.uncertain_actions,
    scopes.granted_weight,
    CASE
        WHEN scopes.granted_weight = 0 THEN NULL
        -- All that is granted for sure may be nothing.
        WHEN scopes.granted_weight = scopes.undecided_weight THEN 0.0
        ELSE floor(1000.0 * (scopes.excess_weight - scopes.undecided_weight)
            / (scopes.granted_weight - scopes.undecided_weight)) / 10
    END AS excess_low,
    CASE WHEN scopes.granted_weight > 0
        THEN ceil(1000.0 * (scopes.excess_weight + scopes.uncertain_weight) / scopes.granted_weight) / 10
    END AS excess_high
FROM scopes
