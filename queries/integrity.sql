-- How far CloudTrail's digests confirm the log files of each window, by the newest verdict on each; no rows where nothing
-- was ever verified. Days are those of delivery, which an object's key names.
-- DataFusion only: split_part counted from the end, try_cast.
-- in:  objects, verifications, windows
-- out: window_days bigint, objects_read bigint, verified bigint (of those read), share double (of those read; NULL where
--      none was), hash_matches_unsigned bigint, modified bigint, missing bigint, unlisted bigint, unverifiable bigint,
--      unchecked bigint (read, and without a verdict), digests_failed bigint (modified, missing or not signed), gaps bigint
-- key: window_days
WITH numbered AS (
    SELECT
        verifications.source,
        verifications.object_key,
        verifications.object_kind,
        verifications.delivered_on,
        verifications.status,
        row_number() OVER (
            PARTITION BY verifications.source, verifications.object_key, verifications.object_kind
            ORDER BY verifications.revision DESC
        ) AS age
    FROM verifications
),
newest AS (
    SELECT
        numbered.source,
        numbered.object_key,
        numbered.object_kind,
        numbered.delivered_on,
        numbered.status
    FROM numbered
    WHERE numbered.age = 1
),
objects_read AS (
    SELECT DISTINCT
        objects.source,
        objects.object_key,
        try_cast(
            concat(
                split_part(objects.object_key, '/', -4),
                '-',
                split_part(objects.object_key, '/', -3),
                '-',
                split_part(objects.object_key, '/', -2)
            ) AS DATE
        ) AS delivered_on
    FROM objects
    WHERE objects.object_kind = 'trail' AND objects.status = 'read'
),
together AS (
    SELECT
        coalesce(objects_read.delivered_on, newest.delivered_on) AS delivered_on,
        coalesce(newest.object_kind, 'trail') AS object_kind,
        coalesce(newest.status, 'unchecked') AS status,
        CASE WHEN objects_read.object_key IS NULL THEN 0 ELSE 1 END AS was_read
    FROM newest
    FULL OUTER JOIN objects_read
        ON newest.source = objects_read.source
        AND newest.object_key = objects_read.object_key
        AND newest.object_kind = 'trail'
),
counted AS (
    SELECT
        windows.window_days,
        sum(together.was_read) AS objects_read,
        sum(CASE WHEN together.was_read = 1 AND together.status = 'verified' THEN 1 ELSE 0 END) AS verified,
        sum(CASE WHEN together.object_kind = 'trail' AND together.status = 'hash_matches_unsigned' THEN 1 ELSE 0 END)
            AS hash_matches_unsigned,
        sum(CASE WHEN together.object_kind = 'trail' AND together.status = 'modified' THEN 1 ELSE 0 END) AS modified,
        sum(CASE WHEN together.object_kind = 'trail' AND together.status = 'missing' THEN 1 ELSE 0 END) AS missing,
        sum(CASE WHEN together.object_kind = 'trail' AND together.status = 'unlisted' THEN 1 ELSE 0 END) AS unlisted,
        sum(CASE WHEN together.object_kind = 'trail' AND together.status = 'unverifiable' THEN 1 ELSE 0 END)
            AS unverifiable,
        sum(CASE WHEN together.status = 'unchecked' THEN 1 ELSE 0 END) AS unchecked,
        sum(
            CASE
                WHEN together.object_kind = 'digest'
                    AND together.status IN ('modified', 'missing', 'invalid_signature')
                    THEN 1
                ELSE 0
            END
        ) AS digests_failed,
        sum(CASE WHEN together.object_kind = 'gap' THEN 1 ELSE 0 END) AS gaps
    FROM windows
    LEFT JOIN together
        ON together.delivered_on >= CAST(windows.starts_at AS DATE)
        AND together.delivered_on <= CAST(windows.ends_at - INTERVAL '1 microsecond' AS DATE)
    GROUP BY windows.window_days
),
verdicts AS (
    SELECT count(*) AS verdicts
    FROM verifications
)
SELECT
    counted.window_days,
    coalesce(counted.objects_read, 0) AS objects_read,
    counted.verified,
    CASE WHEN counted.objects_read > 0 THEN CAST(counted.verified AS DOUBLE) / counted.objects_read END AS share,
    counted.hash_matches_unsigned,
    counted.modified,
    counted.missing,
    counted.unlisted,
    counted.unverifiable,
    counted.unchecked,
    counted.digests_failed,
    counted.gaps
FROM counted
CROSS JOIN verdicts
WHERE verdicts.verdicts > 0
