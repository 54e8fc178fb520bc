-- Every record of an issue of session credentials, with the session that it issued. Both accounts of a call between two
-- record the issue, and a service and AWS STS may each record it: their records have one session.
--
-- A session goes by the access key that was issued. A key that several issues have in common (of another role session,
-- or more than a minute apart) is no key but a mask, and a record may hide it: then a session goes by role session, time and call.
-- Source: AWS CloudTrail User Guide, "CloudTrail record contents" (sharedEventID); AWS STS API Reference, `AssumeRole`,
-- `AssumeRoleWithSAML`, `AssumeRoleWithWebIdentity`, `AssumeRoot`, `GetFederationToken`, `GetSessionToken`; IAM Roles
-- Anywhere User Guide, `CreateSession`; Amazon Cognito API Reference, `GetCredentialsForIdentity`.
-- in:  events
-- out: record_key text, session_id text, access_key_id text (null where the record hides it), assumed_role_id text
--      (role id and session name; null where no role is assumed), issued_at timestamp
-- key: record_key
WITH records AS (
    SELECT
        events.record_key,
        nullif(events.issued_access_key_id, '') AS access_key_id,
        nullif(events.assumed_role_id, '') AS assumed_role_id,
        events.event_time,
        coalesce(events.shared_event_id, events.record_key) AS issue
    FROM events
    WHERE events.error_code IS NULL
        AND (nullif(events.issued_access_key_id, '') IS NOT NULL OR nullif(events.assumed_role_id, '') IS NOT NULL)
),
masks AS (
    SELECT records.access_key_id
    FROM records
    WHERE records.access_key_id IS NOT NULL
    GROUP BY records.access_key_id
    HAVING min(records.assumed_role_id) <> max(records.assumed_role_id)
        OR max(records.event_time) > min(records.event_time) + INTERVAL '1 minute'
),
told AS (
    SELECT
        records.record_key,
        CASE WHEN masks.access_key_id IS NULL THEN records.access_key_id END AS access_key_id,
        records.assumed_role_id,
        records.event_time,
        records.issue
    FROM records
    LEFT JOIN masks ON records.access_key_id = masks.access_key_id
)
SELECT
    told.record_key,
    coalesce(
        told.access_key_id,
        concat(told.assumed_role_id, ' ', CAST(told.event_time AS TEXT), ' ', told.issue)
    ) AS session_id,
    told.access_key_id,
    told.assumed_role_id,
    told.event_time AS issued_at
FROM told
