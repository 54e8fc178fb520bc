-- Every recorded event, whoever made it, as the IAM actions that it needed, with what became of it.
--
-- An event with several actions or resources has several rows; one that needs no IAM action, or that the catalog cannot
-- map (see unmapped_events), has none. A call that two accounts recorded is here twice. Network activity events repeat
-- calls that are recorded elsewhere too: `event_category` tells them.
-- DataFusion only: unnest of a list in the select list; event_actions, event_outcome (functions of curtail).
-- in:  events
-- out: record_key text, event_time timestamp, event_date date, event_source text, event_name text, event_category text,
--      aws_region text, account_id text (where the record was delivered), user_identity_arn text, via text (service that
--      made the call on the caller's behalf), outcome text (succeeded, failed, denied, dry_run), action text, strength
--      text (certain, possible), basis text (identity, exception, documentation, hand, message, unverified), resource
--      text (null where the record does not prove it), resource_basis text (message, record, parameters, assumed_path,
--      partial, takes_none, unknown)
-- key: record_key, action, resource
WITH mapped AS (
    SELECT
        events.record_key,
        events.event_time,
        events.event_date,
        events.event_source,
        events.event_name,
        events.event_category,
        events.aws_region,
        coalesce(events.recipient_account_id, events.user_identity_account_id) AS account_id,
        events.user_identity_arn,
        events.user_identity_invoked_by AS via,
        event_outcome(events.error_code, events.error_message) AS outcome,
        event_actions(
            events.event_source, events.event_name, events.event_type, events.request_parameters, events.response_elements,
            events.resources, events.error_message, events.aws_region,
            coalesce(events.recipient_account_id, events.user_identity_account_id)
        ) AS actions
    FROM events
),
unnested AS (
    SELECT
        mapped.record_key,
        mapped.event_time,
        mapped.event_date,
        mapped.event_source,
        mapped.event_name,
        mapped.event_category,
        mapped.aws_region,
        mapped.account_id,
        mapped.user_identity_arn,
        mapped.via,
        mapped.outcome,
        unnest(mapped.actions) AS needed
    FROM mapped
    WHERE cardinality(mapped.actions) > 0
)
SELECT
    unnested.record_key,
    unnested.event_time,
    unnested.event_date,
    unnested.event_source,
    unnested.event_name,
    unnested.event_category,
    unnested.aws_region,
    unnested.account_id,
    unnested.user_identity_arn,
    unnested.via,
    unnested.outcome,
    unnested.needed['action'] AS action,
    unnested.needed['strength'] AS strength,
    unnested.needed['basis'] AS basis,
    unnested.needed['resource'] AS resource,
    unnested.needed['resource_basis'] AS resource_basis
FROM unnested
