-- Objects of which the checkpoint does not account for every record.
-- in:  objects
-- out: source text, object_key text, etag text, records_read bigint, events_written bigint, duplicates bigint,
--      records_quarantined bigint
-- key: source, object_key, etag
SELECT
    objects.source,
    objects.object_key,
    objects.etag,
    objects.records_read,
    objects.events_written,
    objects.duplicates,
    objects.records_quarantined
FROM objects
WHERE objects.status = 'read'
    AND coalesce(objects.events_written + objects.duplicates + objects.records_quarantined, -1)
        <> coalesce(objects.records_read, -1)
ORDER BY objects.source, objects.object_key, objects.etag
LIMIT $limit
