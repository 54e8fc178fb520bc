-- How many actions of each agent and role stand where, per window; also of a role that the snapshot lacks.
-- `exercised` has `possible` uncertain ones in it: actions that a call only possibly needs, and granted actions that
-- only calls without an agent use. Both ends, `exercised - possible` and `exercised`, are true.
-- in:  bindings, windows, buckets, exercised, attempted, uses
-- out: agent text, role_arn text, window_days bigint, granted bigint, exercised bigint, attempted bigint, used bigint,
--      non_legitimate bigint, inherited bigint, unobservable bigint, never_used bigint, possible bigint, calls bigint,
--      sessions bigint
-- key: agent, role_arn, window_days
WITH bound AS (
    SELECT DISTINCT
        bindings.agent,
        bindings.role_arn
    FROM bindings
),
by_bucket AS (
    SELECT
        buckets.agent,
        buckets.role_arn,
        buckets.window_days,
        count(*) AS granted,
        sum(CASE WHEN buckets.bucket = 'used' THEN 1 ELSE 0 END) AS used,
        sum(CASE WHEN buckets.bucket = 'non_legitimate' THEN 1 ELSE 0 END) AS non_legitimate,
        sum(CASE WHEN buckets.bucket = 'inherited' THEN 1 ELSE 0 END) AS inherited,
        sum(CASE WHEN buckets.bucket = 'unobservable' THEN 1 ELSE 0 END) AS unobservable,
        sum(CASE WHEN buckets.bucket = 'never_used' THEN 1 ELSE 0 END) AS never_used,
        sum(CASE WHEN buckets.calls = 0 AND buckets.unattributed_use THEN 1 ELSE 0 END) AS by_nobody
    FROM buckets
    GROUP BY buckets.agent, buckets.role_arn, buckets.window_days
),
by_use AS (
    SELECT
        exercised.agent,
        exercised.role_arn,
        exercised.window_days,
        count(*) AS exercised,
        sum(CASE WHEN exercised.certain_calls = 0 THEN 1 ELSE 0 END) AS possible
    FROM exercised
    GROUP BY exercised.agent, exercised.role_arn, exercised.window_days
),
by_attempt AS (
    SELECT
        attempted.agent,
        attempted.role_arn,
        attempted.window_days,
        count(*) AS attempted
    FROM attempted
    GROUP BY attempted.agent, attempted.role_arn, attempted.window_days
),
calls_in_window AS (
    SELECT
        uses.agent,
        uses.role_arn,
        windows.window_days,
        uses.session_key,
        uses.record_key
    FROM uses
    INNER JOIN windows
        ON uses.event_time >= windows.starts_at
        AND uses.event_time < windows.ends_at
    GROUP BY uses.agent, uses.role_arn, windows.window_days, uses.session_key, uses.record_key
),
by_session AS (
    SELECT
        calls_in_window.agent,
        calls_in_window.role_arn,
        calls_in_window.window_days,
        calls_in_window.session_key,
        count(*) AS calls
    FROM calls_in_window
    GROUP BY
        calls_in_window.agent, calls_in_window.role_arn, calls_in_window.window_days, calls_in_window.session_key
),
by_call AS (
    SELECT
        by_session.agent,
        by_session.role_arn,
        by_session.window_days,
        sum(by_session.calls) AS calls,
        count(*) AS sessions
    FROM by_session
    GROUP BY by_session.agent, by_session.role_arn, by_session.window_days
)
SELECT
    bound.agent,
    bound.role_arn,
    windows.window_days,
    coalesce(by_bucket.granted, 0) AS granted,
    coalesce(by_use.exercised, 0) + coalesce(by_bucket.by_nobody, 0) AS exercised,
    coalesce(by_attempt.attempted, 0) AS attempted,
    coalesce(by_bucket.used, 0) AS used,
    coalesce(by_bucket.non_legitimate, 0) AS non_legitimate,
    coalesce(by_bucket.inherited, 0) AS inherited,
    coalesce(by_bucket.unobservable, 0) AS unobservable,
    coalesce(by_bucket.never_used, 0) AS never_used,
    coalesce(by_use.possible, 0) + coalesce(by_bucket.by_nobody, 0) AS possible,
    coalesce(by_call.calls, 0) AS calls,
    coalesce(by_call.sessions, 0) AS sessions
FROM bound
CROSS JOIN windows
LEFT JOIN by_bucket
    ON bound.agent = by_bucket.agent
    AND bound.role_arn = by_bucket.role_arn
    AND windows.window_days = by_bucket.window_days
LEFT JOIN by_use
    ON bound.agent = by_use.agent
    AND bound.role_arn = by_use.role_arn
    AND windows.window_days = by_use.window_days
LEFT JOIN by_attempt
    ON bound.agent = by_attempt.agent
    AND bound.role_arn = by_attempt.role_arn
    AND windows.window_days = by_attempt.window_days
LEFT JOIN by_call
    ON bound.agent = by_call.agent
    AND bound.role_arn = by_call.role_arn
    AND windows.window_days = by_call.window_days
