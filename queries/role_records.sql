-- API calls made under a role, as recorded, with the role of the snapshot that they belong to, the IAM actions that they
-- need, and what became of them. A call that two accounts recorded is here twice (see role_calls).
--
-- A call belongs to the snapshot's role by the role's unique id; only a record without an id is joined by ARN, and a
-- record whose ARN lacks the path (it names the session alone) by account and role name, which IAM keeps unique.
-- A role deleted and made anew has a new id: calls under the old id are `former`, and no call of the new role. Calls under
-- another id after the snapshot are those of a `successor`, the role that is there now.
-- Service events, network activity events and Insights events are no calls.
-- Source: IAM User Guide, "IAM identifiers"; AWS CloudTrail User Guide, "CloudTrail userIdentity element".
-- INVARIANT: `principal_key` is one-to-one: only its last part, the user agent, can hold a `|`.
-- DataFusion only: event_actions, event_outcome (functions of curtail), json_get_str.
-- in:  events, roles, current_snapshots
-- out: record_key text, shared_event_id text, caller_account_id text, account_id text (where the record was delivered),
--      event_time timestamp, event_date date, event_source text, event_name text, aws_region text,
--      actions list of (action, strength, basis, resource, resource_basis; empty: needs none; null: not known), outcome text
--      (succeeded, failed, denied, dry_run), role_arn text, role_id text, role_status text (current, former,
--      successor, not_in_snapshot), principal_id text, session_name text, access_key_id text, session_created_at timestamp,
--      session_key text, user_agent text, source_ip_address text, source_identity text, compute text,
--      source_arn text, via text (service that made the call on the role's behalf),
--      iam_role_name text (role that a call of IAM names), data_event boolean, principal_key text
-- key: record_key
WITH records AS (
    SELECT
        events.record_key,
        events.shared_event_id,
        events.user_identity_account_id AS caller_account_id,
        events.event_time,
        events.event_date,
        events.event_source,
        events.event_name,
        events.aws_region,
        coalesce(events.recipient_account_id, events.user_identity_account_id) AS account_id,
        event_actions(
            events.event_source, events.event_name, events.event_type, events.request_parameters, events.response_elements,
            events.resources, events.error_message, events.aws_region,
            coalesce(events.recipient_account_id, events.user_identity_account_id)
        ) AS actions,
        event_outcome(events.error_code, events.error_message) AS outcome,
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
        events.user_identity_invoked_by AS via,
        CASE WHEN events.event_source = 'iam.amazonaws.com'
            THEN json_get_str(events.request_parameters, 'roleName') END AS iam_role_name,
        coalesce(events.event_category = 'Data', NOT events.management_event, false) AS data_event
    FROM events
    WHERE (events.user_identity_type IN ('AssumedRole', 'Role')
            OR (events.user_identity_type IS NULL AND events.session_issuer_type = 'Role'))
        AND coalesce(events.event_type, 'AwsApiCall')
            NOT IN ('AwsServiceEvent', 'AwsVpceEvent', 'AwsVpceEvents', 'AwsCloudTrailInsight')
        AND coalesce(events.event_category, 'Management') NOT IN ('NetworkActivity', 'Insight')
),
named AS (
    SELECT
        records.record_key,
        records.shared_event_id,
        records.caller_account_id,
        records.event_time,
        records.event_date,
        records.event_source,
        records.event_name,
        records.aws_region,
        records.account_id,
        records.actions,
        records.outcome,
        records.full_arn,
        CASE WHEN records.full_arn IS NULL
            THEN concat(split_part(records.pathless_arn, ':', 5), '/', split_part(records.pathless_arn, '/', 2))
        END AS account_and_name,
        coalesce(records.full_arn, records.pathless_arn) AS recorded_arn,
        records.recorded_role_id,
        records.principal_id,
        records.session_name,
        records.access_key_id,
        records.session_created_at,
        records.user_agent,
        records.source_ip_address,
        records.source_identity,
        records.compute,
        records.source_arn,
        records.via,
        records.iam_role_name,
        records.data_event
    FROM records
    WHERE coalesce(records.full_arn, records.pathless_arn) LIKE 'arn:%:iam::%:role/%'
),
taken AS (
    SELECT
        current_snapshots.account_id,
        max(current_snapshots.taken_at) AS taken_at
    FROM current_snapshots
    WHERE current_snapshots.kind = 'role'
    GROUP BY current_snapshots.account_id
),
joined AS (
    SELECT
        named.record_key,
        named.shared_event_id,
        named.caller_account_id,
        named.event_time,
        named.event_date,
        named.event_source,
        named.event_name,
        named.aws_region,
        named.account_id,
        named.actions,
        named.outcome,
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
            WHEN named.event_time > taken.taken_at THEN 'successor'
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
        named.via,
        named.iam_role_name,
        named.data_event
    FROM named
    LEFT JOIN taken ON split_part(named.recorded_arn, ':', 5) = taken.account_id
    LEFT JOIN roles AS by_id ON named.recorded_role_id = by_id.role_id
    LEFT JOIN roles AS by_arn ON named.full_arn = by_arn.role_arn
    LEFT JOIN roles AS by_name ON named.account_and_name = concat(by_name.account_id, '/', by_name.role_name)
)
SELECT
    joined.record_key,
    joined.shared_event_id,
    joined.caller_account_id,
    joined.event_time,
    joined.event_date,
    joined.event_source,
    joined.event_name,
    joined.aws_region,
    joined.account_id,
    joined.actions,
    joined.outcome,
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
    joined.iam_role_name,
    joined.data_event,
    concat(
        coalesce(replace(joined.role_arn, '|', ''), ''), '|',
        joined.role_status, '|',
        coalesce(replace(joined.principal_id, '|', ''), ''), '|',
        coalesce(replace(joined.session_key, '|', ''), ''), '|',
        coalesce(replace(joined.source_ip_address, '|', ''), ''), '|',
        coalesce(replace(joined.source_identity, '|', ''), ''), '|',
        coalesce(replace(joined.compute, '|', ''), ''), '|',
        coalesce(replace(joined.source_arn, '|', ''), ''), '|',
        coalesce(joined.user_agent, '')
    ) AS principal_key
FROM joined
