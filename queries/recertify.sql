-- What of an agent is not as it was declared, or is new since the review's window began: its owner has to look at it again.
--
-- `undeclared`: seen in the window, of a kind that the agent declares, and not declared. `new`: of a kind that it does
-- not declare, and first seen in the window, where the lake shows the agent for at least 14 days before. `differs`: a
-- binding that is shared and was declared as the agent's own, or a way of handing rights on that was not declared. `not_seen`: a role that the agent is bound to, and made no call under, though the
-- log holds management events of the role's account; calls that the trail does not record would not show.
-- in:  agent_materials, window_coverage, windows, params
-- out: agent text, kind text, item text, difference text (undeclared, new, differs, not_seen), integration text
--      (new_integration, new_data_store, new_owner, binding), detail text, first_seen timestamp, last_seen timestamp,
--      calls bigint
-- key: agent, kind, item, difference
WITH known AS (
    SELECT
        agent_materials.agent,
        min(agent_materials.first_seen) AS first_seen
    FROM agent_materials
    WHERE agent_materials.kind = 'region'
    GROUP BY agent_materials.agent
),
declared_patterns AS (
    SELECT
        agent_materials.agent,
        agent_materials.kind,
        min(agent_materials.item) AS pattern
    FROM agent_materials
    WHERE agent_materials.kind IN ('binding_pattern', 'propagation_pattern')
        AND agent_materials.declared
        AND NOT agent_materials.observed
    GROUP BY agent_materials.agent, agent_materials.kind
),
told AS (
    SELECT
        agent_materials.agent,
        agent_materials.kind,
        agent_materials.item,
        CASE
            WHEN agent_materials.kind IN ('tool', 'assumed_role', 'model', 'data_store', 'owner')
                AND agent_materials.observed AND NOT agent_materials.declared
                AND (agent_materials.calls > 0 OR agent_materials.kind = 'owner') THEN 'undeclared'
            WHEN agent_materials.kind IN ('tool', 'assumed_role', 'model', 'data_store')
                AND agent_materials.observed AND agent_materials.declared IS NULL
                AND agent_materials.first_seen >= windows.starts_at
                AND agent_materials.first_seen < windows.ends_at
                AND known.first_seen <= windows.starts_at - INTERVAL '14 days' THEN 'new'
            WHEN agent_materials.kind IN ('binding_pattern', 'propagation_pattern')
                AND agent_materials.observed AND NOT agent_materials.declared
                AND declared_patterns.pattern IS NOT NULL
                AND (agent_materials.kind = 'propagation_pattern'
                    OR (agent_materials.item IN ('A', 'B') AND declared_patterns.pattern IN ('C', 'D')))
                THEN 'differs'
            WHEN agent_materials.kind = 'role' AND agent_materials.declared AND NOT agent_materials.observed
                AND window_coverage.management_events > 0 THEN 'not_seen'
        END AS difference,
        CASE
            WHEN agent_materials.kind IN ('tool', 'assumed_role', 'model') THEN 'new_integration'
            WHEN agent_materials.kind = 'data_store' THEN 'new_data_store'
            WHEN agent_materials.kind = 'owner' THEN 'new_owner'
            ELSE 'binding'
        END AS integration,
        CASE WHEN declared_patterns.pattern IS NOT NULL
            THEN concat('declared as ', declared_patterns.pattern, ': ', agent_materials.detail)
            ELSE agent_materials.detail
        END AS detail,
        agent_materials.first_seen,
        agent_materials.last_seen,
        agent_materials.calls
    FROM agent_materials
    CROSS JOIN params
    INNER JOIN windows ON windows.window_days = params.window_days
    LEFT JOIN window_coverage
        ON params.window_days = window_coverage.window_days
        AND split_part(agent_materials.item, ':', 5) = window_coverage.account_id
    LEFT JOIN known ON agent_materials.agent = known.agent
    LEFT JOIN declared_patterns
        ON agent_materials.agent = declared_patterns.agent
        AND agent_materials.kind = declared_patterns.kind
)
SELECT
    told.agent,
    told.kind,
    told.item,
    told.difference,
    told.integration,
    told.detail,
    told.first_seen,
    told.last_seen,
    told.calls
FROM told
WHERE told.difference IS NOT NULL
