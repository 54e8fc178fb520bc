-- The calls that followed from each recorded invocation, each with the rule that linked it.
--
-- `request_id`: the invocation's record names the request (`downstreamRequests` of the AWS MCP Server,
-- `downstreamRequestIds` of an AgentCore gateway); certain. `session`: a call of the invoked workload, in a session that
-- was made since the invocation; `time`: a call of the workload within 15 minutes of its last invocation, the longest
-- that a function runs; both are only possible. Calls are the workload's own where the session was issued to it, or where
-- it is the only workload known of its role. `only_candidate` is false where an earlier invocation of the workload could
-- have led to the call as well.
-- Source: AWS Lambda Developer Guide, "Lambda quotas" (timeout); Amazon Bedrock AgentCore Developer Guide, "Understanding
-- Gateway CloudTrail events"; records of the AWS MCP Server.
-- DataFusion only: json_get_array, json_get_str, unnest of a list in the select list.
-- in:  invocations, events, role_calls, workloads
-- out: invocation_key text, record_key text (of the call), rule text (request_id, session, time), strength text (certain,
--      possible), only_candidate boolean, seconds_after bigint (by the log's whole seconds), event_time timestamp,
--      event_source text, event_name text
-- key: invocation_key, record_key
WITH lists AS (
    SELECT
        invocations.invocation_key,
        invocations.event_time AS invoked_at,
        unnest(coalesce(
            json_get_array(events.additional_event_data, 'downstreamRequests'),
            json_get_array(events.additional_event_data, 'downstreamRequestIds')
        )) AS request
    FROM invocations
    INNER JOIN events ON invocations.invocation_key = events.record_key
    WHERE invocations.kind IN ('aws_mcp', 'agentcore_gateway')
),
requests AS (
    SELECT DISTINCT
        lists.invocation_key,
        lists.invoked_at,
        coalesce(json_get_str(lists.request, 'requestId'), trim(BOTH '"' FROM lists.request)) AS request_id
    FROM lists
),
by_request AS (
    SELECT
        requests.invocation_key,
        events.record_key,
        requests.invoked_at,
        events.event_time,
        events.event_source,
        events.event_name
    FROM requests
    INNER JOIN events ON requests.request_id = events.request_id
    WHERE requests.request_id <> ''
        AND events.record_key <> requests.invocation_key
        AND coalesce(events.event_category, 'Management') NOT IN ('NetworkActivity', 'Insight')
),
-- The roles that run one workload alone, as far as is known.
lone AS (
    SELECT
        workloads.role_arn,
        min(workloads.workload_arn) AS workload_arn
    FROM workloads
    GROUP BY workloads.role_arn
    HAVING min(workloads.workload_arn) = max(workloads.workload_arn)
),
invoked AS (
    SELECT
        invocations.workload_arn,
        invocations.invocation_key,
        invocations.event_time,
        row_number() OVER (
            PARTITION BY invocations.workload_arn ORDER BY invocations.event_time, invocations.invocation_key
        ) AS number,
        lag(invocations.event_time) OVER (
            PARTITION BY invocations.workload_arn ORDER BY invocations.event_time, invocations.invocation_key
        ) AS previous_time
    FROM invocations
    WHERE invocations.workload_arn IS NOT NULL
        AND invocations.kind <> 'aws_mcp'
        AND invocations.outcome IN ('succeeded', 'failed')
        AND invocations.event_time IS NOT NULL
),
own_calls AS (
    SELECT
        coalesce(
            CASE WHEN role_calls.compute LIKE 'arn:%:function:%'
                THEN regexp_replace(role_calls.compute, '^((?:[^:]*:){6}[^:]+):.*$', '\1') END,
            lone.workload_arn
        ) AS workload_arn,
        role_calls.record_key,
        role_calls.event_time,
        role_calls.event_source,
        role_calls.event_name,
        role_calls.session_created_at
    FROM role_calls
    LEFT JOIN lone ON role_calls.role_arn = lone.role_arn
    WHERE role_calls.event_time IS NOT NULL
        AND role_calls.role_status <> 'former'
        AND (role_calls.compute IS NOT NULL OR lone.workload_arn IS NOT NULL)
),
line AS (
    SELECT
        invoked.workload_arn,
        invoked.event_time,
        0 AS is_call,
        invoked.number,
        CAST(NULL AS TEXT) AS record_key,
        CAST(NULL AS TEXT) AS event_source,
        CAST(NULL AS TEXT) AS event_name,
        invoked.event_time AS session_created_at
    FROM invoked
    UNION ALL
    SELECT
        own_calls.workload_arn,
        own_calls.event_time,
        1 AS is_call,
        CAST(NULL AS BIGINT UNSIGNED) AS number,
        own_calls.record_key,
        own_calls.event_source,
        own_calls.event_name,
        own_calls.session_created_at
    FROM own_calls
    WHERE own_calls.workload_arn IS NOT NULL
),
latest AS (
    SELECT
        line.workload_arn,
        line.event_time,
        line.is_call,
        line.record_key,
        line.event_source,
        line.event_name,
        line.session_created_at,
        max(line.number) OVER (
            PARTITION BY line.workload_arn ORDER BY line.event_time, line.is_call
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS number
    FROM line
),
by_time AS (
    SELECT
        invoked.invocation_key,
        latest.record_key,
        invoked.event_time AS invoked_at,
        invoked.previous_time,
        latest.event_time,
        latest.event_source,
        latest.event_name,
        latest.session_created_at
    FROM latest
    INNER JOIN invoked
        ON latest.workload_arn = invoked.workload_arn
        AND latest.number = invoked.number
    LEFT ANTI JOIN by_request ON latest.record_key = by_request.record_key
    WHERE latest.is_call = 1
        AND latest.record_key <> invoked.invocation_key
        AND date_part('epoch', latest.event_time) - date_part('epoch', invoked.event_time) <= 900
)
SELECT
    by_request.invocation_key,
    by_request.record_key,
    'request_id' AS rule,
    'certain' AS strength,
    true AS only_candidate,
    CAST(date_part('epoch', by_request.event_time) - date_part('epoch', by_request.invoked_at) AS BIGINT) AS seconds_after,
    by_request.event_time,
    by_request.event_source,
    by_request.event_name
FROM by_request
UNION ALL
SELECT
    by_time.invocation_key,
    by_time.record_key,
    CASE WHEN by_time.session_created_at >= by_time.invoked_at THEN 'session' ELSE 'time' END AS rule,
    'possible' AS strength,
    by_time.previous_time IS NULL
        OR date_part('epoch', by_time.event_time) - date_part('epoch', by_time.previous_time) > 900 AS only_candidate,
    CAST(date_part('epoch', by_time.event_time) - date_part('epoch', by_time.invoked_at) AS BIGINT) AS seconds_after,
    by_time.event_time,
    by_time.event_source,
    by_time.event_name
FROM by_time
