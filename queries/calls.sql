-- Every call of a role as the IAM actions that it needs, with the agent, the outcome and the resource.
-- A call with several actions or resources has several rows; an event without an IAM action, or that the catalog cannot
-- map, has none (see unmapped_events).
-- DataFusion only: unnest of a list in the select list.
-- in:  role_calls, attribution
-- out: record_key text, event_time timestamp, event_date date, agent text, rule text, role_arn text, role_id text,
--      role_status text, account_id text, action text, strength text (certain, possible), basis text, resource text
--      (null where the record does not prove it), outcome text (succeeded, failed, denied, dry_run), via text,
--      session_key text, aws_region text, source_ip_address text
-- key: record_key, action, resource
WITH mapped AS (
    SELECT
        role_calls.record_key,
        role_calls.event_time,
        role_calls.event_date,
        attribution.agent,
        attribution.rule,
        role_calls.role_arn,
        role_calls.role_id,
        role_calls.role_status,
        role_calls.account_id,
        role_calls.outcome,
        role_calls.via,
        role_calls.data_event,
        role_calls.session_key,
        role_calls.aws_region,
        role_calls.source_ip_address,
        role_calls.actions
    FROM role_calls
    INNER JOIN attribution ON role_calls.principal_key = attribution.principal_key
),
unnested AS (
    SELECT
        mapped.record_key,
        mapped.event_time,
        mapped.event_date,
        mapped.agent,
        mapped.rule,
        mapped.role_arn,
        mapped.role_id,
        mapped.role_status,
        mapped.account_id,
        mapped.outcome,
        mapped.via,
        mapped.data_event,
        mapped.session_key,
        mapped.aws_region,
        mapped.source_ip_address,
        unnest(mapped.actions) AS needed
    FROM mapped
    WHERE cardinality(mapped.actions) > 0
)
SELECT
    unnested.record_key,
    unnested.event_time,
    unnested.event_date,
    unnested.agent,
    unnested.rule,
    unnested.role_arn,
    unnested.role_id,
    unnested.role_status,
    unnested.account_id,
    unnested.needed['action'] AS action,
    unnested.needed['strength'] AS strength,
    unnested.needed['basis'] AS basis,
    unnested.needed['resource'] AS resource,
    unnested.outcome,
    unnested.via,
    unnested.data_event,
    unnested.session_key,
    unnested.aws_region,
    unnested.source_ip_address
FROM unnested
