-- The IAM and Organizations documents that hold at the review's date: of each account and kind the newest taken by
-- then, else the oldest there is.
-- in:  snapshots, params
-- out: account_id text, kind text, id text, arn text, name text, document text (JSON), taken_at timestamp
-- key: account_id, kind, arn, id
WITH moments AS (
    SELECT
        snapshots.account_id,
        snapshots.kind,
        max(CASE WHEN snapshots.taken_at <= params.as_of THEN snapshots.taken_at END) AS newest,
        min(snapshots.taken_at) AS oldest
    FROM snapshots
    CROSS JOIN params
    GROUP BY snapshots.account_id, snapshots.kind
)
SELECT
    snapshots.account_id,
    snapshots.kind,
    snapshots.id,
    snapshots.arn,
    snapshots.name,
    snapshots.document,
    snapshots.taken_at
FROM snapshots
INNER JOIN moments
    ON snapshots.account_id = moments.account_id
    AND snapshots.kind = moments.kind
    AND snapshots.taken_at = coalesce(moments.newest, moments.oldest)
