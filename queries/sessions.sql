-- Every issue of session credentials, with the first session of its chain: a key that was issued to a caller who held
-- an issued key himself belongs to the origin of that caller's key. Columns that begin with `origin_` are the first
-- session's, or where that says nothing, the nearest session's that does.
-- Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element"; `responseElements.credentials.accessKeyId` of
-- the parent is `userIdentity.accessKeyId` of its calls. A chain is followed over at most 16 links.
-- DataFusion only: json_get_str of datafusion-functions-json, over the rows of unnest(json_get_array(...)).
-- in:  events
-- out: access_key_id text (null where the record hides it), assumed_role_id text, issued_at timestamp, depth bigint,
--      origin_subject text, origin_service_account text (namespace/name), origin_source_identity text,
--      origin_session_name text, origin_compute text, origin_source_arn text, origin_service text
-- key: access_key_id; where it is null: assumed_role_id, issued_at
WITH RECURSIVE records AS (
    SELECT
        events.record_key,
        nullif(events.issued_access_key_id, '') AS access_key_id,
        events.assumed_role_id,
        events.event_time,
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
        events.user_identity_invoked_by,
        events.session_tags
    FROM events
    WHERE events.error_code IS NULL
        AND (events.issued_access_key_id IS NOT NULL OR events.assumed_role_id IS NOT NULL)
),
tags AS (
    SELECT
        records.record_key,
        unnest(json_get_array(records.session_tags)) AS tag
    FROM records
    WHERE records.session_tags IS NOT NULL
),
service_accounts AS (
    SELECT
        tags.record_key,
        max(CASE WHEN json_get_str(tags.tag, 'key') = 'kubernetes-namespace'
            THEN json_get_str(tags.tag, 'value') END) AS namespace,
        max(CASE WHEN json_get_str(tags.tag, 'key') = 'kubernetes-service-account'
            THEN json_get_str(tags.tag, 'value') END) AS service_account
    FROM tags
    GROUP BY tags.record_key
),
issued AS (
    -- Both accounts of a cross-account call record the issue, each with other parts of it.
    SELECT
        coalesce(records.access_key_id, concat(records.assumed_role_id, ' ', CAST(records.event_time AS TEXT))) AS session_id,
        max(records.access_key_id) AS access_key_id,
        max(records.assumed_role_id) AS assumed_role_id,
        min(records.event_time) AS issued_at,
        max(records.caller_key) AS caller_key,
        max(records.web_identity_subject) AS subject,
        max(concat(service_accounts.namespace, '/', service_accounts.service_account))
            FILTER (WHERE service_accounts.namespace IS NOT NULL AND service_accounts.service_account IS NOT NULL)
            AS service_account,
        max(coalesce(records.session_source_identity, records.requested_source_identity)) AS source_identity,
        max(coalesce(records.caller_session_name, records.session_name)) AS first_session_name,
        max(records.in_scope_of_credentials_issued_to) AS compute,
        max(records.in_scope_of_source_arn) AS source_arn,
        max(records.user_identity_invoked_by) AS service
    FROM records
    LEFT JOIN service_accounts ON records.record_key = service_accounts.record_key
    GROUP BY coalesce(records.access_key_id, concat(records.assumed_role_id, ' ', CAST(records.event_time AS TEXT)))
),
chain AS (
    SELECT
        issued.session_id,
        issued.access_key_id,
        issued.assumed_role_id,
        issued.issued_at,
        CAST(0 AS BIGINT) AS depth,
        issued.subject,
        issued.service_account,
        issued.source_identity,
        issued.first_session_name,
        issued.compute,
        issued.source_arn,
        issued.service
    FROM issued
    LEFT JOIN issued AS parent ON issued.caller_key = parent.access_key_id
    WHERE parent.session_id IS NULL
    UNION ALL
    SELECT
        issued.session_id,
        issued.access_key_id,
        issued.assumed_role_id,
        issued.issued_at,
        chain.depth + 1 AS depth,
        coalesce(chain.subject, issued.subject) AS subject,
        coalesce(chain.service_account, issued.service_account) AS service_account,
        coalesce(chain.source_identity, issued.source_identity) AS source_identity,
        coalesce(chain.first_session_name, issued.first_session_name) AS first_session_name,
        coalesce(chain.compute, issued.compute) AS compute,
        coalesce(chain.source_arn, issued.source_arn) AS source_arn,
        coalesce(chain.service, issued.service) AS service
    FROM chain
    INNER JOIN issued ON issued.caller_key = chain.access_key_id
    WHERE chain.depth < 16
)
SELECT
    chain.access_key_id,
    chain.assumed_role_id,
    chain.issued_at,
    chain.depth,
    chain.subject AS origin_subject,
    chain.service_account AS origin_service_account,
    chain.source_identity AS origin_source_identity,
    chain.first_session_name AS origin_session_name,
    chain.compute AS origin_compute,
    chain.source_arn AS origin_source_arn,
    chain.service AS origin_service
FROM chain
