-- Objects whose rows in `quarantine` are not those that the checkpoint says: one per record that could not be read, one for
-- an object that could not be. An object that could not be opened has no row in the checkpoint, so that it is tried again.
-- in:  quarantine, objects
-- out: source text, object_key text, etag text, status text (null without a row in the checkpoint),
--      records_quarantined bigint, records bigint (rows found), wholes bigint (rows found for the object as a whole)
-- key: source, object_key, etag
WITH parts AS (
    SELECT
        objects.source,
        objects.object_key,
        objects.etag,
        objects.status,
        coalesce(objects.records_quarantined, 0) AS records_quarantined,
        0 AS records,
        0 AS wholes
    FROM objects
    UNION ALL
    SELECT
        quarantine.source,
        quarantine.object_key,
        quarantine.etag,
        NULL AS status,
        0 AS records_quarantined,
        count(quarantine.record_index) AS records,
        count(*) - count(quarantine.record_index) AS wholes
    FROM quarantine
    GROUP BY quarantine.source, quarantine.object_key, quarantine.etag
),
sums AS (
    SELECT
        parts.source,
        parts.object_key,
        parts.etag,
        max(parts.status) AS status,
        sum(parts.records_quarantined) AS records_quarantined,
        sum(parts.records) AS records,
        sum(parts.wholes) AS wholes
    FROM parts
    GROUP BY parts.source, parts.object_key, parts.etag
)
SELECT
    sums.source,
    sums.object_key,
    sums.etag,
    sums.status,
    sums.records_quarantined,
    sums.records,
    sums.wholes
FROM sums
WHERE sums.records <> sums.records_quarantined
    OR (sums.status = 'quarantined' AND sums.wholes = 0)
ORDER BY sums.source, sums.object_key, sums.etag
LIMIT $limit
