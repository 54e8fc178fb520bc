-- API calls made under a role, once each: of a call that two accounts recorded, one record.
-- in:  role_records, cross_account_copies
-- out: record_key text, event_time timestamp, event_date date, event_source text, event_name text, aws_region text,
--      account_id text (where the record was delivered), actions list of (action, strength, basis, resource,
--      resource_basis; empty: needs none; null: not known), outcome text (succeeded, failed, denied, dry_run), role_arn
--      text, role_id text, role_status text (current, former, not_in_snapshot), principal_id text, session_name text, access_key_id text,
--      session_created_at timestamp, session_key text, user_agent text, source_ip_address text, source_identity text,
--      compute text, source_arn text, via text (service that made the call on the role's behalf), iam_role_name text (role
--      that a call of IAM names), data_event boolean, principal_key text
-- key: record_key
SELECT
    role_records.record_key,
    role_records.event_time,
    role_records.event_date,
    role_records.event_source,
    role_records.event_name,
    role_records.aws_region,
    role_records.account_id,
    role_records.actions,
    role_records.outcome,
    role_records.role_arn,
    role_records.role_id,
    role_records.role_status,
    role_records.principal_id,
    role_records.session_name,
    role_records.access_key_id,
    role_records.session_created_at,
    role_records.session_key,
    role_records.user_agent,
    role_records.source_ip_address,
    role_records.source_identity,
    role_records.compute,
    role_records.source_arn,
    role_records.via,
    role_records.iam_role_name,
    role_records.data_event,
    role_records.principal_key
FROM role_records
LEFT ANTI JOIN cross_account_copies ON role_records.record_key = cross_account_copies.record_key
