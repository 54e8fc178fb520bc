-- Every issue of session credentials, with what its record says of who they are for. Both accounts of a call between
-- two record the issue, each with other parts of it; here it is one row. Tags name a service account only where EKS
-- itself set them: any other caller may set what tags it likes.
-- Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element"; AWS STS API Reference, `AssumeRole`; Amazon EKS
-- User Guide, "EKS Pod Identity" (session tags).
-- DataFusion only: tag_value (function of curtail).
-- in:  events
-- out: session_id text, access_key_id text (null where the record hides it), assumed_role_id text, issued_at timestamp,
--      caller_key text (access key of the caller), subject text, service_account text (namespace/name),
--      source_identity text, first_session_name text (the caller's, where it has one), compute text, source_arn text,
--      service text (the service that asked for the session, else the kind of person)
-- key: session_id
WITH records AS (
    SELECT
        nullif(events.issued_access_key_id, '') AS access_key_id,
        events.assumed_role_id,
        events.event_time,
        coalesce(events.shared_event_id, events.record_key) AS issue,
        nullif(events.user_identity_access_key_id, '') AS caller_key,
        events.web_identity_subject,
        events.requested_source_identity,
        events.session_source_identity,
        CASE WHEN events.user_identity_type = 'AssumedRole'
            THEN nullif(split_part(events.user_identity_principal_id, ':', 2), '') END AS caller_session_name,
        coalesce(
            nullif(events.role_session_name, ''),
            nullif(split_part(events.assumed_role_id, ':', 2), '')
        ) AS session_name,
        events.in_scope_of_credentials_issued_to,
        events.in_scope_of_source_arn,
        CASE
            WHEN events.user_identity_invoked_by IS NOT NULL THEN events.user_identity_invoked_by
            WHEN events.user_identity_type IN ('IAMUser', 'Root', 'FederatedUser', 'SAMLUser', 'WebIdentityUser')
                THEN events.user_identity_type
        END AS service,
        CASE WHEN events.user_identity_invoked_by = 'pods.eks.amazonaws.com'
            THEN concat(
                tag_value(events.session_tags, 'kubernetes-namespace'), '/',
                tag_value(events.session_tags, 'kubernetes-service-account')
            ) END AS service_account
    FROM events
    WHERE events.error_code IS NULL
        AND (events.issued_access_key_id IS NOT NULL OR events.assumed_role_id IS NOT NULL)
)
SELECT
    coalesce(records.access_key_id, concat(records.assumed_role_id, ' ', CAST(records.event_time AS TEXT), ' ', records.issue)) AS session_id,
    max(records.access_key_id) AS access_key_id,
    max(records.assumed_role_id) AS assumed_role_id,
    min(records.event_time) AS issued_at,
    max(records.caller_key) AS caller_key,
    max(records.web_identity_subject) AS subject,
    max(records.service_account) FILTER (WHERE records.service_account LIKE '_%/_%') AS service_account,
    max(coalesce(records.session_source_identity, records.requested_source_identity)) AS source_identity,
    max(coalesce(records.caller_session_name, records.session_name)) AS first_session_name,
    max(records.in_scope_of_credentials_issued_to) AS compute,
    max(records.in_scope_of_source_arn) AS source_arn,
    max(records.service) AS service
FROM records
GROUP BY coalesce(records.access_key_id, concat(records.assumed_role_id, ' ', CAST(records.event_time AS TEXT), ' ', records.issue))
