-- Every distinct caller of a role, as far as attribution can tell callers apart, with the origin of its session: the
-- first session of its chain by access key, or where the issue's record hides the key, by role session and second.
-- in:  role_calls, sessions
-- out: principal_key text, role_arn text, role_status text, session_name text, user_agent text,
--      source_ip_address text, source_identity text, compute text, source_arn text, origin_subject text,
--      origin_service_account text, origin_session_name text, origin_service text
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
by_key AS (
    SELECT
        sessions.access_key_id,
        min(sessions.origin_subject) AS origin_subject,
        min(sessions.origin_service_account) AS origin_service_account,
        min(sessions.origin_source_identity) AS origin_source_identity,
        min(sessions.origin_session_name) AS origin_session_name,
        min(sessions.origin_compute) AS origin_compute,
        min(sessions.origin_source_arn) AS origin_source_arn,
        min(sessions.origin_service) AS origin_service
    FROM sessions
    WHERE sessions.access_key_id IS NOT NULL
    GROUP BY sessions.access_key_id
),
by_second AS (
    SELECT
        sessions.assumed_role_id,
        sessions.issued_at,
        min(sessions.origin_subject) AS origin_subject,
        min(sessions.origin_service_account) AS origin_service_account,
        min(sessions.origin_source_identity) AS origin_source_identity,
        min(sessions.origin_session_name) AS origin_session_name,
        min(sessions.origin_compute) AS origin_compute,
        min(sessions.origin_source_arn) AS origin_source_arn,
        min(sessions.origin_service) AS origin_service
    FROM sessions
    WHERE sessions.access_key_id IS NULL
    GROUP BY sessions.assumed_role_id, sessions.issued_at
    -- Two sessions of one name in one second cannot be told apart.
    HAVING count(*) = 1
)
SELECT
    callers.principal_key,
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
    ON callers.principal_id = by_second.assumed_role_id
    AND callers.session_created_at = by_second.issued_at
