-- Objects whose rows in `events` are not those that the checkpoint says. A run that is killed after its events have landed
-- reads the object again and counts them as duplicates, so that rows may exceed what was written by as many as those, not
-- by more.
-- in:  events, objects
-- out: source text, object_key text, objects bigint (rows of the checkpoint), events_written bigint, duplicates bigint,
--      events bigint (rows found)
-- key: source, object_key
WITH parts AS (
    SELECT
        objects.source,
        objects.object_key,
        1 AS objects,
        coalesce(objects.events_written, 0) AS events_written,
        coalesce(objects.duplicates, 0) AS duplicates,
        0 AS events
    FROM objects
    UNION ALL
    SELECT
        events.source,
        events.object_key,
        0 AS objects,
        0 AS events_written,
        0 AS duplicates,
        count(*) AS events
    FROM events
    GROUP BY events.source, events.object_key
),
sums AS (
    SELECT
        parts.source,
        parts.object_key,
        sum(parts.objects) AS objects,
        sum(parts.events_written) AS events_written,
        sum(parts.duplicates) AS duplicates,
        sum(parts.events) AS events
    FROM parts
    GROUP BY parts.source, parts.object_key
)
SELECT
    sums.source,
    sums.object_key,
    sums.objects,
    sums.events_written,
    sums.duplicates,
    sums.events
FROM sums
WHERE sums.events < sums.events_written
    OR sums.events > sums.events_written + sums.duplicates
ORDER BY sums.source, sums.object_key
LIMIT $limit
