-- What each agent exercised under each role, per action and window. The agent `unattributed` stands for calls of the
-- role that no agent could be named for. A call at the very start of a window is in it, a call at its end is not.
-- in:  uses, windows
-- out: agent text, role_arn text, action text, window_days bigint, calls bigint, certain_calls bigint,
--      legitimate_calls bigint, certain_legitimate_calls bigint, sessions bigint, first_used timestamp,
--      last_used timestamp
-- key: agent, role_arn, action, window_days
WITH by_session AS (
    -- Distinct first, then count: several counts of distinct values in one aggregate are slow.
    SELECT
        uses.agent,
        uses.role_arn,
        uses.action,
        windows.window_days,
        uses.session_key,
        count(*) AS calls,
        sum(CASE WHEN uses.certain THEN 1 ELSE 0 END) AS certain_calls,
        sum(CASE WHEN uses.legitimate THEN 1 ELSE 0 END) AS legitimate_calls,
        sum(CASE WHEN uses.certain AND uses.legitimate THEN 1 ELSE 0 END) AS certain_legitimate_calls,
        min(uses.event_time) AS first_used,
        max(uses.event_time) AS last_used
    FROM uses
    INNER JOIN windows
        ON uses.event_time >= windows.starts_at
        AND uses.event_time < windows.ends_at
    GROUP BY uses.agent, uses.role_arn, uses.action, windows.window_days, uses.session_key
)
SELECT
    by_session.agent,
    by_session.role_arn,
    by_session.action,
    by_session.window_days,
    sum(by_session.calls) AS calls,
    sum(by_session.certain_calls) AS certain_calls,
    sum(by_session.legitimate_calls) AS legitimate_calls,
    sum(by_session.certain_legitimate_calls) AS certain_legitimate_calls,
    count(*) AS sessions,
    min(by_session.first_used) AS first_used,
    max(by_session.last_used) AS last_used
FROM by_session
GROUP BY by_session.agent, by_session.role_arn, by_session.action, by_session.window_days
