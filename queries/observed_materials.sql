-- What the lake shows of each agent's parts, whenever it was seen.
--
-- A source address stands for the declared network that holds it, else for its /24 (of IPv6, for itself). An owner is the
-- mail address in the tag `owner` or `Owner` of a role of the agent's: it is there now, and has no time.
-- DataFusion only: cidr_contains (function of curtail), json_get_array, json_get_str.
-- in:  agent_sessions, binding_patterns, propagation_patterns, invocations, issue_scopes, touched, agent_places, envelopes,
--      bindings, current_snapshots, windows, params
-- out: agent text, kind text (as in declared_materials, and tool_role), item text, detail text, first_seen timestamp,
--      last_seen timestamp, calls bigint (in the review's window; null: not counted)
-- key: agent, kind, item
WITH networks AS (
    SELECT
        agent_places.agent,
        agent_places.source_ip_address,
        min(envelopes.pattern) AS declared
    FROM agent_places
    INNER JOIN envelopes
        ON agent_places.agent = envelopes.agent
        AND envelopes.kind = 'network'
    WHERE agent_places.source_ip_address IS NOT NULL
        AND cidr_contains(envelopes.pattern, agent_places.source_ip_address)
    GROUP BY agent_places.agent, agent_places.source_ip_address
),
role_tags AS (
    SELECT
        current_snapshots.arn AS role_arn,
        unnest(json_get_array(current_snapshots.document, 'Tags')) AS tag
    FROM current_snapshots
    WHERE current_snapshots.kind = 'role'
),
bound AS (
    SELECT DISTINCT
        bindings.agent,
        bindings.role_arn
    FROM bindings
),
seen_invocations AS (
    SELECT
        invocations.caller_agent AS agent,
        coalesce(invocations.workload_arn, invocations.target) AS tool,
        invocations.kind,
        invocations.target_role_arn,
        invocations.event_time,
        CASE WHEN invocations.event_time >= windows.starts_at AND invocations.event_time < windows.ends_at THEN 1 ELSE 0 END
            AS in_window
    FROM invocations
    CROSS JOIN params
    INNER JOIN windows ON windows.window_days = params.window_days
    WHERE invocations.outcome IN ('succeeded', 'failed')
        AND invocations.caller_agent <> 'unattributed'
),
holders AS (
    SELECT
        agent_sessions.access_key_id,
        min(agent_sessions.agent) AS agent
    FROM agent_sessions
    WHERE agent_sessions.agent <> 'unattributed'
        AND agent_sessions.access_key_id IS NOT NULL
    GROUP BY agent_sessions.access_key_id
    -- A key of several agents does not tell which of them asked.
    HAVING min(agent_sessions.agent) = max(agent_sessions.agent)
),
seen AS (
    SELECT
        agent_sessions.agent,
        'role' AS kind,
        agent_sessions.role_arn AS item,
        CAST(NULL AS TEXT) AS detail,
        agent_sessions.first_call AS first_seen,
        agent_sessions.last_call AS last_seen,
        agent_sessions.calls
    FROM agent_sessions
    UNION ALL
    SELECT
        agent_sessions.agent,
        'binding' AS kind,
        concat(agent_sessions.role_arn, ' by ', agent_sessions.rule) AS item,
        CAST(NULL AS TEXT) AS detail,
        agent_sessions.first_call AS first_seen,
        agent_sessions.last_call AS last_seen,
        agent_sessions.calls
    FROM agent_sessions
    UNION ALL
    SELECT
        binding_patterns.agent,
        'binding_pattern' AS kind,
        binding_patterns.observed AS item,
        binding_patterns.because AS detail,
        CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS first_seen,
        CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS last_seen,
        CAST(NULL AS BIGINT) AS calls
    FROM binding_patterns
    UNION ALL
    SELECT
        propagation_patterns.agent,
        'propagation_pattern' AS kind,
        propagation_patterns.pattern AS item,
        propagation_patterns.because AS detail,
        propagation_patterns.first_seen,
        propagation_patterns.last_seen,
        propagation_patterns.times AS calls
    FROM propagation_patterns
    UNION ALL
    SELECT
        bound.agent,
        'owner' AS kind,
        json_get_str(role_tags.tag, 'Value') AS item,
        concat('tag of ', bound.role_arn) AS detail,
        CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS first_seen,
        CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS last_seen,
        CAST(NULL AS BIGINT) AS calls
    FROM bound
    INNER JOIN role_tags ON bound.role_arn = role_tags.role_arn
    WHERE json_get_str(role_tags.tag, 'Key') IN ('owner', 'Owner')
        AND json_get_str(role_tags.tag, 'Value') LIKE '%@%'
    UNION ALL
    SELECT
        seen_invocations.agent,
        'tool' AS kind,
        seen_invocations.tool AS item,
        seen_invocations.kind AS detail,
        seen_invocations.event_time AS first_seen,
        seen_invocations.event_time AS last_seen,
        seen_invocations.in_window AS calls
    FROM seen_invocations
    UNION ALL
    SELECT
        seen_invocations.agent,
        'tool_role' AS kind,
        seen_invocations.target_role_arn AS item,
        concat('role of ', seen_invocations.tool) AS detail,
        seen_invocations.event_time AS first_seen,
        seen_invocations.event_time AS last_seen,
        seen_invocations.in_window AS calls
    FROM seen_invocations
    UNION ALL
    SELECT
        holders.agent,
        'assumed_role' AS kind,
        issue_scopes.issued_role_arn AS item,
        CAST(NULL AS TEXT) AS detail,
        issue_scopes.issued_at AS first_seen,
        issue_scopes.issued_at AS last_seen,
        CAST(1 AS BIGINT) AS calls
    FROM issue_scopes
    INNER JOIN holders ON issue_scopes.caller_key = holders.access_key_id
    UNION ALL
    SELECT
        touched.agent,
        touched.kind,
        touched.item,
        touched.detail,
        touched.first_seen,
        touched.last_seen,
        touched.calls
    FROM touched
    UNION ALL
    SELECT
        agent_places.agent,
        'region' AS kind,
        agent_places.aws_region AS item,
        CAST(NULL AS TEXT) AS detail,
        agent_places.first_seen,
        agent_places.last_seen,
        agent_places.calls
    FROM agent_places
    UNION ALL
    SELECT
        agent_places.agent,
        'network' AS kind,
        coalesce(networks.declared, regexp_replace(agent_places.source_ip_address, '\.[0-9]+$', '.0/24')) AS item,
        CAST(NULL AS TEXT) AS detail,
        agent_places.first_seen,
        agent_places.last_seen,
        agent_places.calls
    FROM agent_places
    LEFT JOIN networks
        ON agent_places.agent = networks.agent
        AND agent_places.source_ip_address = networks.source_ip_address
)
SELECT
    seen.agent,
    seen.kind,
    seen.item,
    min(seen.detail) AS detail,
    min(seen.first_seen) AS first_seen,
    max(seen.last_seen) AS last_seen,
    sum(seen.calls) AS calls
FROM seen
WHERE seen.item IS NOT NULL
    AND seen.agent <> 'unattributed'
GROUP BY seen.agent, seen.kind, seen.item
