-- What the log holds of each account, region and day, and where it has holes.
--
-- Days count from the account's first event to the day before the review's date. On a day that is `quiet` the log holds
-- events of other regions of the account alone; on a `hole` it holds none of the account at all, so that a trail that
-- stopped, objects that are missing and an account at rest look the same.
-- DataFusion only: generate_series and unnest.
-- in:  events, params
-- out: account_id text, aws_region text, event_date date, status text (seen, quiet, hole), events bigint,
--      management_events bigint, objects bigint, first_event timestamp, last_event timestamp
-- key: account_id, aws_region, event_date
WITH seen AS (
    SELECT
        events.recipient_account_id AS account_id,
        coalesce(events.aws_region, '') AS aws_region,
        events.event_date,
        count(*) AS events,
        sum(CASE WHEN coalesce(events.event_category, 'Management') = 'Management' THEN 1 ELSE 0 END)
            AS management_events,
        count(DISTINCT concat(events.source, events.object_key)) AS objects,
        min(events.event_time) AS first_event,
        max(events.event_time) AS last_event
    FROM events
    CROSS JOIN params
    WHERE events.recipient_account_id IS NOT NULL
        AND events.event_time < params.as_of
    GROUP BY events.recipient_account_id, coalesce(events.aws_region, ''), events.event_date
),
regions AS (
    SELECT DISTINCT
        seen.account_id,
        seen.aws_region
    FROM seen
),
spans AS (
    SELECT
        seen.account_id,
        min(seen.event_date) AS first_day,
        CAST(min(params.as_of) - INTERVAL '1 microsecond' AS date) AS last_day
    FROM seen
    CROSS JOIN params
    GROUP BY seen.account_id
),
days AS (
    SELECT
        spans.account_id,
        CAST(unnest(generate_series(spans.first_day, spans.last_day, INTERVAL '1 day')) AS date) AS event_date
    FROM spans
),
active AS (
    SELECT DISTINCT
        seen.account_id,
        seen.event_date
    FROM seen
)
SELECT
    regions.account_id,
    regions.aws_region,
    days.event_date,
    CASE
        WHEN seen.events IS NOT NULL THEN 'seen'
        WHEN active.event_date IS NOT NULL THEN 'quiet'
        ELSE 'hole'
    END AS status,
    coalesce(seen.events, 0) AS events,
    coalesce(seen.management_events, 0) AS management_events,
    coalesce(seen.objects, 0) AS objects,
    seen.first_event,
    seen.last_event
FROM regions
INNER JOIN days ON regions.account_id = days.account_id
LEFT JOIN seen
    ON regions.account_id = seen.account_id
    AND regions.aws_region = seen.aws_region
    AND days.event_date = seen.event_date
LEFT JOIN active
    ON regions.account_id = active.account_id
    AND days.event_date = active.event_date
