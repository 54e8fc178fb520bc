-- Every issue of session credentials, with what its records say of who they are for. Both accounts of a call between
-- two record the issue, each with other parts of it; here it is one row. Tags name a service account only where EKS
-- itself set them: any other caller may set what tags it likes.
-- Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element"; AWS STS API Reference, `AssumeRole`; Amazon EKS
-- User Guide, "EKS Pod Identity" (session tags).
-- DataFusion only: tag_value (function of curtail).
-- in:  events, issue_records
-- out: session_id text, access_key_id text (null where the records hide it), assumed_role_id text, role_arn text,
--      event_name text, issued_at timestamp, caller text (who had it issued: a service, an ARN, a federated user or a role
--      session), caller_key text (access key of the caller), caller_id text (role id and session name of the caller),
--      caller_created_at timestamp, subject text, service_account text (namespace/name), source_identity text,
--      first_session_name text (the caller's, where it has one), compute text, source_arn text, service text (the
--      service that asked for the session, else the kind of caller)
-- key: session_id
WITH records AS (
    SELECT
        issue_records.session_id,
        issue_records.access_key_id,
        issue_records.assumed_role_id,
        issue_records.issued_at,
        nullif(events.assumed_role_arn, '') AS role_arn,
        events.event_name,
        CASE WHEN events.user_identity_type NOT IN ('AWSAccount', 'AWSService')
            THEN nullif(events.user_identity_arn, '') END AS caller_arn,
        coalesce(
            nullif(events.user_identity_user_name, ''),
            nullif(events.user_identity_principal_id, ''),
            nullif(events.user_identity_account_id, '')
        ) AS caller_name,
        events.user_identity_invoked_by AS invoked_by,
        nullif(events.user_identity_access_key_id, '') AS caller_key,
        CASE WHEN events.user_identity_principal_id LIKE 'AROA%:_%' THEN events.user_identity_principal_id END AS caller_id,
        CASE WHEN events.user_identity_principal_id LIKE 'AROA%:_%' THEN events.session_creation_date END AS caller_created_at,
        coalesce(
            nullif(events.web_identity_subject, ''),
            CASE WHEN events.user_identity_type = 'WebIdentityUser' THEN nullif(events.user_identity_user_name, '') END
        ) AS subject,
        coalesce(events.session_source_identity, events.requested_source_identity) AS source_identity,
        CASE WHEN events.user_identity_principal_id LIKE 'AROA%:_%'
            THEN split_part(events.user_identity_principal_id, ':', 2) END AS caller_session_name,
        coalesce(
            nullif(events.role_session_name, ''),
            nullif(split_part(issue_records.assumed_role_id, ':', 2), '')
        ) AS session_name,
        events.in_scope_of_credentials_issued_to AS compute,
        events.in_scope_of_source_arn AS source_arn,
        CASE
            WHEN events.user_identity_type NOT IN ('AWSAccount', 'AWSService', 'Unknown') THEN events.user_identity_type
        END AS kind,
        CASE WHEN events.user_identity_type = 'AWSAccount' THEN 'AWSAccount' END AS stranger,
        CASE WHEN events.user_identity_invoked_by = 'pods.eks.amazonaws.com'
            THEN concat(
                tag_value(events.session_tags, 'kubernetes-namespace'), '/',
                tag_value(events.session_tags, 'kubernetes-service-account')
            ) END AS service_account
    FROM events
    INNER JOIN issue_records ON events.record_key = issue_records.record_key
    WHERE events.error_code IS NULL
        AND (events.issued_access_key_id IS NOT NULL OR events.assumed_role_id IS NOT NULL)
)
SELECT
    records.session_id,
    max(records.access_key_id) AS access_key_id,
    max(records.assumed_role_id) AS assumed_role_id,
    max(records.role_arn) AS role_arn,
    min(records.event_name) AS event_name,
    min(records.issued_at) AS issued_at,
    coalesce(max(records.caller_arn), max(records.invoked_by), max(records.caller_name)) AS caller,
    max(records.caller_key) AS caller_key,
    max(records.caller_id) AS caller_id,
    max(records.caller_created_at) AS caller_created_at,
    max(records.subject) AS subject,
    max(records.service_account) FILTER (WHERE records.service_account LIKE '_%/_%') AS service_account,
    max(records.source_identity) AS source_identity,
    coalesce(max(records.caller_session_name), max(records.session_name)) AS first_session_name,
    max(records.compute) AS compute,
    max(records.source_arn) AS source_arn,
    coalesce(max(records.invoked_by), max(records.kind), max(records.stranger)) AS service
FROM records
GROUP BY records.session_id
