-- Whether the log would have shown a call of each granted action, per account and window, and why.
--
-- The snapshot's event selectors decide; a selector that covers only some resources, regions or events of a kind
-- supports no claim. Without selectors, management events count as recorded, and data events of a kind only where the
-- window itself shows calls of that kind and direction. Nothing is claimed for an account without management events in
-- the window, for a permission that is no call of its own, or for what CloudTrail does not record.
-- A trail that records only reads or only writes goes by CloudTrail's `readOnly`, which follows the access level except
-- where a service says otherwise: KMS and Bedrock need both directions here.
-- Source: AWS CloudTrail User Guide, "Logging management events", "Logging data events".
-- in:  granted, catalog_actions, selectors, coverage, calls, windows
-- out: account_id text, action text, window_days bigint, recording text, observable boolean, because text,
--      turn_on text (resource type whose data events would have to be selected, or 'management'; null where nothing
--      can be turned on)
-- key: account_id, action, window_days
WITH asked AS (
    SELECT DISTINCT
        granted.account_id,
        granted.action,
        granted.service
    FROM granted
),
known AS (
    SELECT
        asked.account_id,
        asked.action,
        asked.service,
        coalesce(catalog_actions.recording, 'unknown') AS recording,
        CASE catalog_actions.recording
            WHEN 'management' THEN 'management'
            WHEN 'data' THEN catalog_actions.data_resource_type
        END AS resource_type,
        asked.service IN ('kms', 'bedrock') OR catalog_actions.access_level IN ('list', 'read') AS may_read,
        asked.service IN ('kms', 'bedrock') OR catalog_actions.access_level NOT IN ('list', 'read') AS may_write
    FROM asked
    LEFT JOIN catalog_actions ON asked.action = catalog_actions.action
),
selected AS (
    SELECT
        known.account_id,
        known.action,
        min(selectors.trail_arn) FILTER (WHERE NOT selectors.limited
            AND (selectors.read_events OR NOT known.may_read)
            AND (selectors.write_events OR NOT known.may_write)
            AND NOT concat(',', selectors.excluded_services, ',') LIKE concat('%,', known.service, ',%')) AS trail_arn,
        bool_or(selectors.limited) AS limited,
        bool_or(concat(',', selectors.excluded_services, ',') LIKE concat('%,', known.service, ',%')) AS excluded
    FROM known
    INNER JOIN selectors
        ON known.account_id = selectors.account_id
        AND known.resource_type = selectors.resource_type
    GROUP BY known.account_id, known.action
),
accounts_with_selectors AS (
    SELECT DISTINCT selectors.account_id
    FROM selectors
),
seen_calls AS (
    SELECT DISTINCT
        calls.account_id,
        calls.action,
        windows.window_days
    FROM calls
    INNER JOIN windows
        ON calls.event_time >= windows.starts_at
        AND calls.event_time < windows.ends_at
    WHERE calls.data_event
        AND calls.strength = 'certain'
        AND calls.basis <> 'message'
),
seen AS (
    SELECT
        seen_calls.account_id,
        seen_calls.window_days,
        catalog_actions.data_resource_type AS resource_type,
        bool_or(catalog_actions.access_level IN ('list', 'read')) AS reads,
        bool_or(catalog_actions.access_level NOT IN ('list', 'read')) AS writes
    FROM seen_calls
    INNER JOIN catalog_actions ON seen_calls.action = catalog_actions.action
    WHERE catalog_actions.recording = 'data'
    GROUP BY seen_calls.account_id, seen_calls.window_days, catalog_actions.data_resource_type
),
facts AS (
    SELECT
        known.account_id,
        known.action,
        known.service,
        windows.window_days,
        known.recording,
        known.resource_type,
        coalesce(coverage.management_events, 0) > 0 AS has_events,
        accounts_with_selectors.account_id IS NOT NULL AS has_selectors,
        selected.trail_arn,
        coalesce(selected.limited, false) AS limited,
        coalesce(selected.excluded, false) AS excluded,
        selected.account_id IS NOT NULL AS has_selector_of_kind,
        coalesce((seen.reads OR NOT known.may_read) AND (seen.writes OR NOT known.may_write), false) AS kind_seen
    FROM known
    CROSS JOIN windows
    LEFT JOIN coverage
        ON known.account_id = coverage.account_id
        AND windows.window_days = coverage.window_days
    LEFT JOIN accounts_with_selectors ON known.account_id = accounts_with_selectors.account_id
    LEFT JOIN selected
        ON known.account_id = selected.account_id
        AND known.action = selected.action
    LEFT JOIN seen
        ON known.account_id = seen.account_id
        AND windows.window_days = seen.window_days
        AND known.resource_type = seen.resource_type
)
SELECT
    facts.account_id,
    facts.action,
    facts.window_days,
    facts.recording,
    CASE
        WHEN NOT facts.has_events OR facts.resource_type IS NULL THEN false
        WHEN facts.has_selectors THEN facts.trail_arn IS NOT NULL
        WHEN facts.recording = 'management' THEN true
        ELSE facts.kind_seen
    END AS observable,
    CASE
        WHEN facts.recording = 'unknown' THEN 'the action is not in the catalog'
        WHEN facts.recording = 'permission_only' THEN 'a permission that is no call of its own: CloudTrail never names it'
        WHEN facts.recording = 'not_logged' THEN 'CloudTrail does not record calls of this kind'
        WHEN facts.resource_type IS NULL THEN 'no event selector of CloudTrail is known for it'
        WHEN NOT facts.has_events
            THEN concat('no management event of account ', facts.account_id, ' in the window')
        WHEN facts.has_selectors AND facts.trail_arn IS NOT NULL AND facts.recording = 'management'
            THEN concat('management events are selected by ', facts.trail_arn)
        WHEN facts.has_selectors AND facts.trail_arn IS NOT NULL
            THEN concat('data events of ', facts.resource_type, ' are selected by ', facts.trail_arn)
        WHEN facts.has_selectors AND facts.excluded
            THEN concat('events of ', facts.service, ' are excluded from the trail')
        WHEN facts.has_selectors AND facts.limited AND facts.recording = 'management'
            THEN 'the trail selects only a part of the management events'
        WHEN facts.has_selectors AND facts.limited
            THEN concat('the trail selects data events of only a part of ', facts.resource_type)
        WHEN facts.has_selectors AND facts.has_selector_of_kind
            THEN 'the trail records only read events or only write events of this kind'
        WHEN facts.has_selectors AND facts.recording = 'management' THEN 'no trail selects management events'
        WHEN facts.has_selectors THEN concat('no trail selects data events of ', facts.resource_type)
        WHEN facts.recording = 'management' THEN 'management events of the account are in the log'
        WHEN facts.kind_seen THEN concat('data events of ', facts.resource_type, ' are in the log')
        ELSE concat('data events of ', facts.resource_type, ' are in no event selector known and not in the log')
    END AS because,
    CASE
        WHEN facts.has_selectors AND facts.trail_arn IS NOT NULL THEN NULL
        WHEN NOT facts.has_selectors AND (facts.recording = 'management' OR facts.kind_seen) THEN NULL
        ELSE facts.resource_type
    END AS turn_on
FROM facts
