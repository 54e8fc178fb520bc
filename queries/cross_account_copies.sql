-- Records to leave out of counts: CloudTrail delivers one call between two accounts to both, under one shared event id.
-- The caller's own copy is kept; where the lake lacks it, the copy with the smallest record key.
-- Source: AWS CloudTrail User Guide, "CloudTrail record contents", sharedEventID.
-- in:  role_records
-- out: record_key text
-- key: record_key
WITH home AS (
    SELECT DISTINCT role_records.shared_event_id
    FROM role_records
    WHERE role_records.shared_event_id IS NOT NULL
        AND role_records.account_id = role_records.caller_account_id
),
away AS (
    SELECT
        role_records.shared_event_id,
        role_records.record_key
    FROM role_records
    WHERE role_records.shared_event_id IS NOT NULL
        AND role_records.account_id <> role_records.caller_account_id
),
first_away AS (
    SELECT
        away.shared_event_id,
        min(away.record_key) AS record_key
    FROM away
    GROUP BY away.shared_event_id
)
SELECT away.record_key
FROM away
INNER JOIN first_away ON away.shared_event_id = first_away.shared_event_id
LEFT JOIN home ON away.shared_event_id = home.shared_event_id
WHERE home.shared_event_id IS NOT NULL
    OR away.record_key <> first_away.record_key
