-- How much of each agent's earlier behaviour the lake holds: the days before the review's window, from the agent's first
-- use on. Rules that tell what is new are silent while the baseline is `learning`: it is `ready` with four weeks of days
-- on which the lake holds uses (chosen: weekly work was seen several times) and five on which the agent worked.
-- in:  daily_uses, agents, windows, params
-- out: agent text, baseline_from date (null: no use before the window), baseline_until date (not in it),
--      baseline_days bigint (with uses of anybody), active_days bigint (with uses of the agent), needed_days bigint,
--      status text (learning, ready)
-- key: agent
WITH review AS (
    SELECT CAST(windows.starts_at AS date) AS first_day
    FROM windows
    INNER JOIN params ON windows.window_days = params.window_days
),
days AS (
    SELECT DISTINCT
        daily_uses.agent,
        daily_uses.event_date
    FROM daily_uses
    INNER JOIN review ON daily_uses.event_date < review.first_day
),
lake_days AS (
    SELECT DISTINCT days.event_date
    FROM days
),
own AS (
    SELECT
        days.agent,
        min(days.event_date) AS baseline_from,
        count(*) AS active_days
    FROM days
    GROUP BY days.agent
),
covered AS (
    SELECT
        own.agent,
        count(*) AS baseline_days
    FROM own
    INNER JOIN lake_days ON lake_days.event_date >= own.baseline_from
    GROUP BY own.agent
)
SELECT
    agents.agent,
    own.baseline_from,
    review.first_day AS baseline_until,
    coalesce(covered.baseline_days, 0) AS baseline_days,
    coalesce(own.active_days, 0) AS active_days,
    CAST(28 AS BIGINT) AS needed_days,
    CASE WHEN covered.baseline_days >= 28 AND own.active_days >= 5 THEN 'ready' ELSE 'learning' END AS status
FROM agents
CROSS JOIN review
LEFT JOIN own ON agents.agent = own.agent
LEFT JOIN covered ON agents.agent = covered.agent
