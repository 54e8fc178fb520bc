-- How much of each window the log of each account covers: of every account that owns a role of the snapshot,
-- or that delivered an event in a window. The event history has no data events, so that days with events of trails are counted apart.
-- in:  events, roles, windows
-- out: account_id text, window_days bigint, days_with_events bigint, days_in_window bigint, events bigint,
--      management_events bigint, days_with_trail_events bigint, first_event timestamp, last_event timestamp
-- key: account_id, window_days
WITH days AS (
    SELECT
        events.recipient_account_id AS account_id,
        windows.window_days,
        events.event_date,
        count(*) AS events,
        sum(CASE WHEN coalesce(events.event_category, 'Management') = 'Management' THEN 1 ELSE 0 END)
            AS management_events,
        sum(CASE WHEN events.source = 'cloudtrail:lookup-events/' THEN 0 ELSE 1 END) AS trail_events,
        min(events.event_time) AS first_event,
        max(events.event_time) AS last_event
    FROM events
    INNER JOIN windows
        ON events.event_time >= windows.starts_at
        AND events.event_time < windows.ends_at
    WHERE events.recipient_account_id IS NOT NULL
    GROUP BY events.recipient_account_id, windows.window_days, events.event_date
),
covered AS (
    SELECT
        days.account_id,
        days.window_days,
        count(*) AS days_with_events,
        sum(days.events) AS events,
        sum(days.management_events) AS management_events,
        sum(CASE WHEN days.trail_events > 0 THEN 1 ELSE 0 END) AS days_with_trail_events,
        min(days.first_event) AS first_event,
        max(days.last_event) AS last_event
    FROM days
    GROUP BY days.account_id, days.window_days
),
accounts AS (
    SELECT roles.account_id
    FROM roles
    UNION
    SELECT covered.account_id
    FROM covered
)
SELECT
    accounts.account_id,
    windows.window_days,
    coalesce(covered.days_with_events, 0) AS days_with_events,
    windows.days AS days_in_window,
    coalesce(covered.events, 0) AS events,
    coalesce(covered.management_events, 0) AS management_events,
    coalesce(covered.days_with_trail_events, 0) AS days_with_trail_events,
    covered.first_event,
    covered.last_event
FROM accounts
CROSS JOIN windows
LEFT JOIN covered
    ON accounts.account_id = covered.account_id
    AND windows.window_days = covered.window_days
