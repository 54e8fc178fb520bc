-- The excess index of each agent and of the organisation as it would have stood 0, 30, 60, ... 330 days before the
-- review's date: today's grants, against use in the review's window moved back. Dates before the log begins are left out;
-- where it begins within the window, `whole` is false and the index is no more than a hint.
-- Like excess_index in all else; see docs/measures.md.
-- in:  buckets, level_weights, uses, windows, params
-- out: scope text (agent, organisation), agent text (null: the organisation), window_ends_at timestamp, window_days bigint,
--      whole boolean, excess_low double, excess_high double
-- key: scope, agent, window_ends_at
WITH began AS (
    SELECT min(uses.event_time) AS first_use
    FROM uses
),
ends AS (
    SELECT
        windows.window_days,
        windows.starts_at - steps.column1 AS starts_at,
        windows.ends_at - steps.column1 AS ends_at,
        began.first_use <= windows.starts_at - steps.column1 AS whole
    FROM windows
    INNER JOIN params ON windows.window_days = params.window_days
    CROSS JOIN began
    CROSS JOIN (VALUES (INTERVAL '0 days'), (INTERVAL '30 days'), (INTERVAL '60 days'), (INTERVAL '90 days'),
        (INTERVAL '120 days'), (INTERVAL '150 days'), (INTERVAL '180 days'), (INTERVAL '210 days'),
        (INTERVAL '240 days'), (INTERVAL '270 days'), (INTERVAL '300 days'), (INTERVAL '330 days')) AS steps
    WHERE began.first_use < windows.ends_at - steps.column1
),
-- The first and the last use of a day tell whether one lies in a window of a day or more.
daily AS (
    SELECT
        uses.agent,
        uses.role_arn,
        uses.action,
        uses.event_date,
        uses.certain,
        min(uses.event_time) AS first_used,
        max(uses.event_time) AS last_used
    FROM uses
    WHERE uses.legitimate OR uses.agent = 'unattributed'
    GROUP BY uses.agent, uses.role_arn, uses.action, uses.event_date, uses.certain
),
used AS (
    SELECT
        daily.agent,
        daily.role_arn,
        daily.action,
        ends.ends_at,
        bool_or(daily.certain) AS certain
    FROM daily
    INNER JOIN ends
        ON (daily.first_used >= ends.starts_at AND daily.first_used < ends.ends_at)
        OR (daily.last_used >= ends.starts_at AND daily.last_used < ends.ends_at)
    GROUP BY daily.agent, daily.role_arn, daily.action, ends.ends_at
),
judged AS (
    SELECT
        buckets.agent,
        ends.ends_at,
        coalesce(level_weights.weight, 5) AS weight,
        CASE
            WHEN own.certain THEN 'needed'
            WHEN buckets.unobservable OR own.agent IS NOT NULL OR others.agent IS NOT NULL THEN 'uncertain'
            ELSE 'excess'
        END AS need,
        buckets.undecided_grant
    FROM buckets
    INNER JOIN ends ON buckets.window_days = ends.window_days
    LEFT JOIN level_weights ON coalesce(buckets.access_level, '') = level_weights.access_level
    LEFT JOIN used AS own
        ON buckets.agent = own.agent
        AND buckets.role_arn = own.role_arn
        AND buckets.action = own.action
        AND ends.ends_at = own.ends_at
    LEFT JOIN used AS others
        ON others.agent = 'unattributed'
        AND buckets.role_arn = others.role_arn
        AND buckets.action = others.action
        AND ends.ends_at = others.ends_at
),
by_agent AS (
    SELECT
        judged.agent,
        judged.ends_at,
        sum(judged.weight) AS granted_weight,
        sum(CASE WHEN judged.need = 'excess' THEN judged.weight ELSE 0 END) AS excess_weight,
        sum(CASE WHEN judged.need = 'excess' AND judged.undecided_grant THEN judged.weight ELSE 0 END) AS undecided_weight,
        sum(CASE WHEN judged.need = 'uncertain' THEN judged.weight ELSE 0 END) AS uncertain_weight
    FROM judged
    GROUP BY judged.agent, judged.ends_at
),
scopes AS (
    SELECT
        'agent' AS scope,
        by_agent.agent,
        by_agent.ends_at,
        by_agent.granted_weight,
        by_agent.excess_weight,
        by_agent.undecided_weight,
        by_agent.uncertain_weight
    FROM by_agent
    UNION ALL
    SELECT
        'organisation' AS scope,
        CAST(NULL AS TEXT) AS agent,
        by_agent.ends_at,
        sum(by_agent.granted_weight) AS granted_weight,
        sum(by_agent.excess_weight) AS excess_weight,
        sum(by_agent.undecided_weight) AS undecided_weight,
        sum(by_agent.uncertain_weight) AS uncertain_weight
    FROM by_agent
    GROUP BY by_agent.ends_at
)
SELECT
    scopes.scope,
    scopes.agent,
    scopes.ends_at AS window_ends_at,
    ends.window_days,
    ends.whole,
    CASE
        WHEN scopes.granted_weight = 0 THEN NULL
        WHEN scopes.granted_weight = scopes.undecided_weight THEN 0.0
        ELSE floor(1000.0 * (scopes.excess_weight - scopes.undecided_weight)
            / (scopes.granted_weight - scopes.undecided_weight)) / 10
    END AS excess_low,
    CASE WHEN scopes.granted_weight > 0
        THEN ceil(1000.0 * (scopes.excess_weight + scopes.uncertain_weight) / scopes.granted_weight) / 10
    END AS excess_high
FROM scopes
INNER JOIN ends ON scopes.ends_at = ends.ends_at
