-- API calls made under a role, once each, with the role of the snapshot that they belong to.
--
-- A call belongs to the snapshot's role by the role's unique id; only a record without an id is joined by ARN, and a
-- record whose ARN lacks the path (it names the session alone) by account and role name, which IAM keeps unique.
-- A role deleted and made anew has a new id: calls under the old id are `former`, and no call of the new role.
-- Service events, network activity events and Insights events are no calls, and of a call recorded in two accounts
-- only one record counts.
-- Source: IAM User Guide, "IAM identifiers"; AWS CloudTrail User Guide, "CloudTrail userIdentity element".
-- INVARIANT: `principal_key` is one-to-one: only its last part, the user agent, can hold a `|`.
-- in:  events, roles, cross_account_copies
-- out: record_key text, event_time timestamp, event_date date, event_source text, event_name text, aws_region text,
--      account_id text (where the record was delivered), request_parameters text (JSON), resources text (JSON),
--      error_code text, error_message text, role_arn text, role_id text, role_status text (current, former,
--      not_in_snapshot), principal_id text, session_name text, access_key_id text, session_created_at timestamp,
--      session_key text, user_agent text, source_ip_address text, source_identity text, compute text,
--      source_arn text, via text (service that made the call on the role's behalf), principal_key text
-- key: record_key
WITH role_records AS (
    SELECT
        events.record_key,
        events.event_time,
        events.event_date,
        events.event_source,
        events.event_name,
        events.aws_region,
        coalesce(events.recipient_account_id, events.user_identity_account_id) AS account_id,
        events.request_parameters,
        events.resources,
        events.error_code,
        events.error_message,
        CASE
            WHEN events.session_issuer_arn LIKE 'arn:%:iam::%:role/%' THEN events.session_issuer_arn
            WHEN events.user_identity_arn LIKE 'arn:%:iam::%:role/%' THEN events.user_identity_arn
        END AS full_arn,
        regexp_replace(
            events.user_identity_arn,
            '^arn:([^:]+):sts::([0-9]+):assumed-role/([^/]+)/.*$',
            'arn:\1:iam::\2:role/\3'
        ) AS pathless_arn,
        CASE
            WHEN events.session_issuer_principal_id LIKE 'AROA%' THEN events.session_issuer_principal_id
            WHEN events.user_identity_principal_id LIKE 'AROA%' THEN split_part(events.user_identity_principal_id, ':', 1)
        END AS recorded_role_id,
        events.user_identity_principal_id AS principal_id,
        nullif(split_part(events.user_identity_principal_id, ':', 2), '') AS session_name,
        nullif(events.user_identity_access_key_id, '') AS access_key_id,
        events.session_creation_date AS session_created_at,
        events.user_agent,
        events.source_ip_address,
        events.session_source_identity AS source_identity,
        events.in_scope_of_credentials_issued_to AS compute,
        events.in_scope_of_source_arn AS source_arn,
        events.user_identity_invoked_by AS via
    FROM events
    LEFT ANTI JOIN cross_account_copies ON events.record_key = cross_account_copies.record_key
    WHERE events.user_identity_type IN ('AssumedRole', 'Role')
        AND coalesce(events.event_type, 'AwsApiCall')
            NOT IN ('AwsServiceEvent', 'AwsVpceEvent', 'AwsVpceEvents', 'AwsCloudTrailInsight')
        AND coalesce(events.event_category, 'Management') NOT IN ('NetworkActivity', 'Insight')
),
named AS (
    SELECT
        role_records.record_key,
        role_records.event_time,
        role_records.event_date,
        role_records.event_source,
        role_records.event_name,
        role_records.aws_region,
        role_records.account_id,
        role_records.request_parameters,
        role_records.resources,
        role_records.error_code,
        role_records.error_message,
        role_records.full_arn,
        CASE WHEN role_records.full_arn IS NULL
            THEN concat(split_part(role_records.pathless_arn, ':', 5), '/', split_part(role_records.pathless_arn, '/', 2))
        END AS account_and_name,
        coalesce(role_records.full_arn, role_records.pathless_arn) AS recorded_arn,
        role_records.recorded_role_id,
        role_records.principal_id,
        role_records.session_name,
        role_records.access_key_id,
        role_records.session_created_at,
        role_records.user_agent,
        role_records.source_ip_address,
        role_records.source_identity,
        role_records.compute,
        role_records.source_arn,
        role_records.via
    FROM role_records
    WHERE coalesce(role_records.full_arn, role_records.pathless_arn) LIKE 'arn:%:iam::%:role/%'
),
joined AS (
    SELECT
        named.record_key,
        named.event_time,
        named.event_date,
        named.event_source,
        named.event_name,
        named.aws_region,
        named.account_id,
        named.request_parameters,
        named.resources,
        named.error_code,
        named.error_message,
        CASE
            WHEN by_id.role_arn IS NOT NULL THEN by_id.role_arn
            ELSE coalesce(by_arn.role_arn, by_name.role_arn, named.recorded_arn)
        END AS role_arn,
        coalesce(named.recorded_role_id, by_arn.role_id, by_name.role_id) AS role_id,
        CASE
            WHEN by_id.role_arn IS NOT NULL THEN 'current'
            WHEN by_arn.role_arn IS NULL AND by_name.role_arn IS NULL THEN 'not_in_snapshot'
            WHEN named.recorded_role_id IS NULL THEN 'current'
            WHEN coalesce(by_arn.role_id, by_name.role_id) IS NULL THEN 'current'
            ELSE 'former'
        END AS role_status,
        named.principal_id,
        named.session_name,
        named.access_key_id,
        named.session_created_at,
        coalesce(
            named.access_key_id,
            nullif(concat(named.principal_id, ' ', CAST(named.session_created_at AS TEXT)), ' ')
        ) AS session_key,
        named.user_agent,
        named.source_ip_address,
        named.source_identity,
        named.compute,
        named.source_arn,
        named.via
    FROM named
    LEFT JOIN roles AS by_id ON named.recorded_role_id = by_id.role_id
    LEFT JOIN roles AS by_arn ON named.full_arn = by_arn.role_arn
    LEFT JOIN roles AS by_name ON named.account_and_name = concat(by_name.account_id, '/', by_name.role_name)
)
SELECT
    joined.record_key,
    joined.event_time,
    joined.event_date,
    joined.event_source,
    joined.event_name,
    joined.aws_region,
    joined.account_id,
    joined.request_parameters,
    joined.resources,
    joined.error_code,
    joined.error_message,
    joined.role_arn,
    joined.role_id,
    joined.role_status,
    joined.principal_id,
    joined.session_name,
    joined.access_key_id,
    joined.session_created_at,
    joined.session_key,
    joined.user_agent,
    joined.source_ip_address,
    joined.source_identity,
    joined.compute,
    joined.source_arn,
    joined.via,
    concat(
        coalesce(joined.role_arn, ''), '|',
        joined.role_status, '|',
        coalesce(replace(joined.principal_id, '|', ''), ''), '|',
        coalesce(joined.session_key, ''), '|',
        coalesce(replace(joined.source_ip_address, '|', ''), ''), '|',
        coalesce(replace(joined.source_identity, '|', ''), ''), '|',
        coalesce(replace(joined.compute, '|', ''), ''), '|',
        coalesce(replace(joined.source_arn, '|', ''), ''), '|',
        coalesce(joined.user_agent, '')
    ) AS principal_key
FROM joined
