-- Every distinct caller of a role, as far as attribution can tell callers apart, with the origin of its session: the
-- first session of its chain. The session is found by access key; where the record of the call or that of the issue shows
-- none, by role session and second (to one second), if all sessions that fit have one origin.
-- in:  role_calls, sessions
-- out: principal_key text, session_id text (null where it is not known), role_arn text, role_status text, session_name
--      text, user_agent text, source_ip_address text, source_identity text, compute text, source_arn text, origin_subject
--      text, origin_service_account text, origin_session_name text, origin_service text
-- key: principal_key
WITH callers AS (
    SELECT
        role_calls.principal_key,
        min(role_calls.role_arn) AS role_arn,
        min(role_calls.role_status) AS role_status,
        min(role_calls.principal_id) AS principal_id,
        min(role_calls.session_name) AS session_name,
        min(role_calls.access_key_id) AS access_key_id,
        min(role_calls.session_created_at) AS session_created_at,
        min(role_calls.user_agent) AS user_agent,
        min(role_calls.source_ip_address) AS source_ip_address,
        min(role_calls.source_identity) AS source_identity,
        min(role_calls.compute) AS compute,
        min(role_calls.source_arn) AS source_arn
    FROM role_calls
    GROUP BY role_calls.principal_key
),
without_issue AS (
    SELECT DISTINCT
        callers.principal_id,
        callers.session_created_at,
        callers.access_key_id IS NULL AS keyless
    FROM callers
    LEFT ANTI JOIN sessions ON callers.access_key_id = sessions.access_key_id
    WHERE callers.session_created_at IS NOT NULL
),
moments AS (
    SELECT
        without_issue.principal_id,
        without_issue.session_created_at,
        without_issue.keyless,
        without_issue.session_created_at + steps.step AS moment
    FROM without_issue
    CROSS JOIN (VALUES (INTERVAL '-1 second'), (INTERVAL '0 seconds'), (INTERVAL '1 second')) AS steps (step)
),
by_second AS (
    SELECT
        moments.principal_id,
        moments.session_created_at,
        moments.keyless,
        CASE WHEN min(sessions.session_id) = max(sessions.session_id) THEN min(sessions.session_id) END AS session_id,
        min(sessions.origin_subject) AS origin_subject,
        min(sessions.origin_service_account) AS origin_service_account,
        min(sessions.origin_source_identity) AS origin_source_identity,
        min(sessions.origin_session_name) AS origin_session_name,
        min(sessions.origin_compute) AS origin_compute,
        min(sessions.origin_source_arn) AS origin_source_arn,
        min(sessions.origin_service) AS origin_service
    FROM moments
    INNER JOIN sessions ON moments.principal_id = sessions.assumed_role_id AND moments.moment = sessions.issued_at
    WHERE moments.keyless OR sessions.access_key_id IS NULL
    GROUP BY moments.principal_id, moments.session_created_at, moments.keyless
    -- Sessions of one name and time that came about in different ways cannot be told apart.
    HAVING min(concat(
            coalesce(sessions.origin_subject, ''), '|', coalesce(sessions.origin_service_account, ''), '|',
            coalesce(sessions.origin_source_identity, ''), '|', coalesce(sessions.origin_session_name, ''), '|',
            coalesce(sessions.origin_compute, ''), '|', coalesce(sessions.origin_source_arn, ''), '|',
            coalesce(sessions.origin_service, ''))) = max(concat(
            coalesce(sessions.origin_subject, ''), '|', coalesce(sessions.origin_service_account, ''), '|',
            coalesce(sessions.origin_source_identity, ''), '|', coalesce(sessions.origin_session_name, ''), '|',
            coalesce(sessions.origin_compute, ''), '|', coalesce(sessions.origin_source_arn, ''), '|',
            coalesce(sessions.origin_service, '')))
),
by_key AS (
    SELECT
        sessions.access_key_id,
        sessions.session_id,
        sessions.origin_subject,
        sessions.origin_service_account,
        sessions.origin_source_identity,
        sessions.origin_session_name,
        sessions.origin_compute,
        sessions.origin_source_arn,
        sessions.origin_service
    FROM sessions
    WHERE sessions.access_key_id IS NOT NULL
)
SELECT
    callers.principal_key,
    coalesce(by_key.session_id, by_second.session_id) AS session_id,
    callers.role_arn,
    callers.role_status,
    callers.session_name,
    callers.user_agent,
    callers.source_ip_address,
    coalesce(by_key.origin_source_identity, by_second.origin_source_identity, callers.source_identity) AS source_identity,
    coalesce(callers.compute, by_key.origin_compute, by_second.origin_compute) AS compute,
    coalesce(callers.source_arn, by_key.origin_source_arn, by_second.origin_source_arn) AS source_arn,
    coalesce(by_key.origin_subject, by_second.origin_subject) AS origin_subject,
    coalesce(by_key.origin_service_account, by_second.origin_service_account) AS origin_service_account,
    coalesce(by_key.origin_session_name, by_second.origin_session_name, callers.session_name) AS origin_session_name,
    coalesce(by_key.origin_service, by_second.origin_service) AS origin_service
FROM callers
LEFT JOIN by_key ON callers.access_key_id = by_key.access_key_id
LEFT JOIN by_second
    ON by_key.session_id IS NULL
    AND callers.principal_id = by_second.principal_id
    AND callers.session_created_at = by_second.session_created_at
    AND (callers.access_key_id IS NULL) = by_second.keyless
