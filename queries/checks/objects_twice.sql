-- Objects that the checkpoint names more than once.
-- in:  objects
-- out: source text, object_key text, etag text, found bigint
-- key: source, object_key, etag
SELECT
    objects.source,
    objects.object_key,
    objects.etag,
    count(*) AS found
FROM objects
GROUP BY objects.source, objects.object_key, objects.etag
HAVING count(*) > 1
ORDER BY objects.source, objects.object_key, objects.etag
LIMIT $limit
