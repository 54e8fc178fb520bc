-- API events of the review's window that the catalog maps to no action and does not know to need none.
-- DataFusion only: event_actions (function of curtail).
-- in:  events, windows, params
-- out: event_source text, event_name text, events bigint
-- key: event_source, event_name
WITH names AS (
    SELECT
        events.event_source,
        events.event_name,
        count(*) AS events
    FROM events
    CROSS JOIN params
    INNER JOIN windows
        ON windows.window_days = params.window_days
        AND events.event_time >= windows.starts_at
        AND events.event_time < windows.ends_at
    WHERE coalesce(events.event_type, 'AwsApiCall')
            NOT IN ('AwsServiceEvent', 'AwsVpceEvent', 'AwsVpceEvents', 'AwsCloudTrailInsight')
        AND coalesce(events.event_category, 'Management') NOT IN ('NetworkActivity', 'Insight')
        AND events.event_source IS NOT NULL
        AND events.event_name IS NOT NULL
    GROUP BY events.event_source, events.event_name
)
SELECT
    names.event_source,
    names.event_name,
    names.events
FROM names
WHERE event_actions(names.event_source, names.event_name, NULL, NULL, NULL, NULL, NULL, NULL, NULL) IS NULL
