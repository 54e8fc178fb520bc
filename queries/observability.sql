-- Whether the log would have shown a use of each granted action, per account and window, and why.
--
-- Uses of an action leave one or several kinds of events (`action_recordings`). Only where the log holds every kind is a
-- missing event evidence of no use. The snapshot's event selectors decide; a selector that covers only some resources,
-- regions or events of a kind supports no claim, nor do network activity events, which show calls through a VPC endpoint
-- alone. Without selectors, management events count as recorded, and data events of a kind only where the window itself
-- shows calls of that kind and direction. Of an account of which the log holds no more than the event history (LookupEvents)
-- on some days, which has management events alone, no data events count as recorded, whatever a trail selects. Nothing is claimed for an account without management events in the window, for a
-- permission that no call of its own uses, or for what CloudTrail does not record.
-- A trail that records only reads or only writes goes by CloudTrail's `readOnly`, which follows the access level except
-- where a service says otherwise: the services named below need both directions here.
-- Source: AWS CloudTrail User Guide, "Logging management events", "Logging data events", "Logging network activity events".
-- DataFusion only: string_agg with an order and a filter.
-- in:  granted, actions, action_recordings, selectors, window_coverage, calls, windows
-- out: account_id text, action text, window_days bigint, recording text (kinds after commas: management, data,
--      permission_only, not_logged; unknown), observable boolean, because text, turn_on text (after commas, 'management' or
--      the resource types whose data events would have to be selected; null where nothing is missing or nothing would
--      do), implied_by text (what implies a use besides a call of its own; null: not known)
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
        coalesce(asked.service, '') AS service,
        coalesce(actions.recording, 'unknown') AS recording,
        coalesce(actions.data_resource_types, '') AS data_resource_types,
        coalesce(actions.access_level IN ('list', 'read'), false) AS reads,
        actions.network_activity,
        actions.implied_by
    FROM asked
    LEFT JOIN actions ON asked.action = actions.action
),
-- Actions of one service with the same kinds and direction have the same answer, which is found once, for the first.
firsts AS (
    SELECT
        known.account_id,
        known.service,
        known.recording,
        known.data_resource_types,
        known.reads,
        min(known.action) AS action,
        known.service IN ('bedrock', 'bedrock-agentcore', 'kms', 'rds-data', 's3express', 'sqs', 'sts') AS both_directions
    FROM known
    GROUP BY known.account_id, known.service, known.recording, known.data_resource_types, known.reads
),
kinds AS (
    SELECT
        firsts.account_id,
        firsts.action,
        firsts.service,
        coalesce(action_recordings.recording, 'unknown') AS kind,
        action_recordings.resource_type,
        firsts.both_directions OR firsts.reads AS may_read,
        firsts.both_directions OR NOT firsts.reads AS may_write
    FROM firsts
    LEFT JOIN action_recordings ON firsts.action = action_recordings.action
),
whole AS (
    SELECT
        kinds.account_id,
        kinds.action,
        kinds.resource_type,
        min(selectors.trail_arn) FILTER (WHERE selectors.read_events AND NOT selectors.limited
            AND NOT concat(',', selectors.excluded_services, ',') LIKE concat('%,', kinds.service, ',%')) AS reads_by,
        min(selectors.trail_arn) FILTER (WHERE selectors.write_events AND NOT selectors.limited
            AND NOT concat(',', selectors.excluded_services, ',') LIKE concat('%,', kinds.service, ',%')) AS writes_by,
        bool_or(concat(',', selectors.excluded_services, ',') LIKE concat('%,', kinds.service, ',%')) AS excluded
    FROM kinds
    INNER JOIN selectors
        ON kinds.account_id = selectors.account_id
        AND kinds.resource_type = selectors.resource_type
    GROUP BY kinds.account_id, kinds.action, kinds.resource_type
),
distinct_parts AS (
    SELECT DISTINCT
        selectors.account_id,
        selectors.resource_type,
        selectors.part
    FROM selectors
    WHERE selectors.limited
),
parts AS (
    SELECT
        distinct_parts.account_id,
        distinct_parts.resource_type,
        string_agg(distinct_parts.part, ' or ' ORDER BY distinct_parts.part) AS part
    FROM distinct_parts
    GROUP BY distinct_parts.account_id, distinct_parts.resource_type
),
trails AS (
    SELECT
        selectors.account_id,
        min(selectors.trail_arn) FILTER (WHERE selectors.resource_type = 'stopped') AS stopped
    FROM selectors
    GROUP BY selectors.account_id
),
network AS (
    SELECT
        selectors.account_id,
        selectors.event_source,
        min(selectors.trail_arn) AS trail_arn
    FROM selectors
    WHERE selectors.resource_type = 'network_activity'
    GROUP BY selectors.account_id, selectors.event_source
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
-- A call of an action with several kinds of data events does not tell which of them it left.
seen AS (
    SELECT
        seen_calls.account_id,
        seen_calls.window_days,
        actions.data_resource_types AS resource_type,
        bool_or(actions.access_level IN ('list', 'read')) AS reads,
        bool_or(actions.access_level NOT IN ('list', 'read')) AS writes
    FROM seen_calls
    INNER JOIN actions ON seen_calls.action = actions.action
    WHERE actions.data_resource_types <> ''
        AND actions.data_resource_types NOT LIKE '%,%'
    GROUP BY seen_calls.account_id, seen_calls.window_days, actions.data_resource_types
),
facts AS (
    SELECT
        kinds.account_id,
        kinds.action,
        kinds.service,
        windows.window_days,
        kinds.kind,
        kinds.resource_type,
        CASE WHEN kinds.kind = 'management' THEN 'management events'
            ELSE concat('data events of ', kinds.resource_type)
        END AS events,
        trails.account_id IS NOT NULL AS has_selectors,
        coalesce(window_coverage.days_with_trail_events < window_coverage.days_with_events, false)
            AND kinds.kind <> 'management' AS history_only,
        CASE
            WHEN kinds.resource_type IS NULL THEN false
            WHEN kinds.kind <> 'management' AND window_coverage.days_with_trail_events < window_coverage.days_with_events
                THEN false
            WHEN trails.account_id IS NOT NULL
                THEN (whole.reads_by IS NOT NULL OR NOT kinds.may_read) AND (whole.writes_by IS NOT NULL OR NOT kinds.may_write)
            WHEN kinds.kind = 'management' THEN true
            ELSE coalesce((seen.reads OR NOT kinds.may_read) AND (seen.writes OR NOT kinds.may_write), false)
        END AS recorded,
        CASE
            WHEN NOT kinds.may_write OR whole.reads_by = whole.writes_by THEN whole.reads_by
            WHEN NOT kinds.may_read THEN whole.writes_by
            ELSE concat(whole.reads_by, ' and ', whole.writes_by)
        END AS trail_arn,
        whole.account_id IS NOT NULL AS has_selector_of_kind,
        coalesce(whole.excluded, false) AS excluded,
        parts.part
    FROM kinds
    CROSS JOIN windows
    LEFT JOIN trails ON kinds.account_id = trails.account_id
    LEFT JOIN whole
        ON kinds.account_id = whole.account_id
        AND kinds.action = whole.action
        AND kinds.resource_type = whole.resource_type
    LEFT JOIN parts
        ON kinds.account_id = parts.account_id
        AND kinds.resource_type = parts.resource_type
    LEFT JOIN seen
        ON kinds.account_id = seen.account_id
        AND windows.window_days = seen.window_days
        AND kinds.resource_type = seen.resource_type
    LEFT JOIN window_coverage
        ON kinds.account_id = window_coverage.account_id
        AND windows.window_days = window_coverage.window_days
),
told AS (
    SELECT
        facts.account_id,
        facts.action,
        facts.window_days,
        facts.kind,
        facts.resource_type,
        facts.recorded,
        concat(CASE WHEN facts.kind = 'management' THEN '0' ELSE '1' END, facts.resource_type) AS place,
        CASE
            WHEN facts.resource_type IS NULL THEN NULL
            WHEN facts.recorded AND facts.has_selectors THEN concat(facts.events, ' are selected by ', facts.trail_arn)
            WHEN facts.recorded AND facts.kind = 'management' THEN 'management events of the account are in the log'
            WHEN facts.recorded THEN concat(facts.events, ' are in the log')
            WHEN facts.history_only THEN concat(facts.events, ' are not in the event history, which is all that the log holds of some days')
            WHEN facts.excluded THEN concat('events of ', facts.service, ' are excluded from the trail')
            WHEN facts.part IS NOT NULL THEN concat(facts.events, ' are selected only for ', facts.part)
            WHEN facts.has_selector_of_kind THEN concat('only reads or only writes are selected of ', facts.events)
            WHEN facts.has_selectors THEN concat('no trail selects ', facts.events)
            ELSE concat(facts.events, ' are in no event selector known and not in the log')
        END AS reason
    FROM facts
),
answers AS (
    SELECT
        told.account_id,
        told.action,
        told.window_days,
        bool_and(told.recorded) AS recorded,
        bool_or(told.kind = 'not_logged') AS not_logged,
        bool_or(told.resource_type IS NOT NULL) AS logged,
        string_agg(told.reason, ', ' ORDER BY told.place) FILTER (WHERE told.recorded) AS recorded_reason,
        string_agg(told.reason, ', ' ORDER BY told.place) FILTER (WHERE NOT told.recorded) AS missing_reason,
        string_agg(told.resource_type, ',' ORDER BY told.place) FILTER (WHERE NOT told.recorded) AS missing
    FROM told
    GROUP BY told.account_id, told.action, told.window_days
)
SELECT
    known.account_id,
    known.action,
    answers.window_days,
    known.recording,
    answers.recorded AND coalesce(window_coverage.management_events, 0) > 0 AS observable,
    CASE
        WHEN known.recording = 'unknown' THEN 'the action is not in the catalog'
        WHEN known.recording = 'permission_only' AND known.implied_by IS NOT NULL
            THEN concat('a permission that no call of its own uses, implied by ', known.implied_by)
        WHEN known.recording = 'permission_only' THEN 'a permission that no call of its own uses'
        WHEN answers.not_logged AND answers.logged THEN 'CloudTrail does not record some of its calls'
        WHEN answers.not_logged THEN 'CloudTrail does not record calls of this kind'
        WHEN coalesce(window_coverage.management_events, 0) = 0
            THEN concat('no management event of account ', known.account_id, ' in the window')
        WHEN answers.recorded THEN answers.recorded_reason
        ELSE concat(
            answers.missing_reason,
            CASE WHEN trails.stopped IS NOT NULL THEN concat(', and ', trails.stopped, ' does not log') END,
            CASE WHEN network.trail_arn IS NOT NULL
                THEN concat(', though network activity events of calls through VPC endpoints are selected by ', network.trail_arn)
            END
        )
    END AS because,
    CASE WHEN NOT answers.not_logged THEN answers.missing END AS turn_on,
    known.implied_by
FROM known
INNER JOIN firsts
    ON known.account_id = firsts.account_id
    AND known.service = firsts.service
    AND known.recording = firsts.recording
    AND known.data_resource_types = firsts.data_resource_types
    AND known.reads = firsts.reads
INNER JOIN answers
    ON firsts.account_id = answers.account_id
    AND firsts.action = answers.action
LEFT JOIN window_coverage
    ON known.account_id = window_coverage.account_id
    AND answers.window_days = window_coverage.window_days
LEFT JOIN trails ON known.account_id = trails.account_id
LEFT JOIN network
    ON known.account_id = network.account_id
    AND known.network_activity = network.event_source
