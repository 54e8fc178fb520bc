-- The agent's bill of materials: its parts as declared and as observed, one a row.
--
-- `declared` is null where the agent's declaration says nothing of that kind, so that no difference can be told. What is
-- declared as a pattern stands as the things seen that it matches, and as itself only where it matches none. A bucket is
-- declared if any of its objects are.
-- DataFusion only: wildcard_match (function of curtail).
-- in:  declared_materials, observed_materials
-- out: agent text, kind text (role, binding, binding_pattern, propagation_pattern, owner, tool, tool_role, assumed_role,
--      model, data_store, network, region), item text, declared boolean, observed boolean, first_seen timestamp,
--      last_seen timestamp, calls bigint (in the review's window; null: not counted), detail text
-- key: agent, kind, item
WITH kinds AS (
    SELECT DISTINCT
        declared_materials.agent,
        declared_materials.kind
    FROM declared_materials
),
matches AS (
    SELECT DISTINCT
        observed_materials.agent,
        observed_materials.kind,
        observed_materials.item,
        declared_materials.pattern
    FROM observed_materials
    INNER JOIN declared_materials
        ON observed_materials.agent = declared_materials.agent
        AND observed_materials.kind = declared_materials.kind
    WHERE observed_materials.item = declared_materials.pattern
        OR (observed_materials.kind IN ('region', 'assumed_role', 'tool', 'model', 'data_store')
            AND wildcard_match(declared_materials.pattern, observed_materials.item))
        OR (observed_materials.kind = 'data_store'
            AND starts_with(declared_materials.pattern, concat(observed_materials.item, '/')))
),
matched_items AS (
    SELECT DISTINCT
        matches.agent,
        matches.kind,
        matches.item
    FROM matches
)
SELECT
    observed_materials.agent,
    observed_materials.kind,
    observed_materials.item,
    CASE WHEN kinds.agent IS NOT NULL THEN matched_items.item IS NOT NULL END AS declared,
    observed_materials.item <> 'unknown' AS observed,
    observed_materials.first_seen,
    observed_materials.last_seen,
    observed_materials.calls,
    observed_materials.detail
FROM observed_materials
LEFT JOIN kinds
    ON observed_materials.agent = kinds.agent
    AND observed_materials.kind = kinds.kind
LEFT JOIN matched_items
    ON observed_materials.agent = matched_items.agent
    AND observed_materials.kind = matched_items.kind
    AND observed_materials.item = matched_items.item
UNION ALL
SELECT
    declared_materials.agent,
    declared_materials.kind,
    declared_materials.pattern AS item,
    true AS declared,
    false AS observed,
    CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS first_seen,
    CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS last_seen,
    CAST(NULL AS BIGINT) AS calls,
    CAST(NULL AS TEXT) AS detail
FROM declared_materials
LEFT ANTI JOIN matches
    ON declared_materials.agent = matches.agent
    AND declared_materials.kind = matches.kind
    AND declared_materials.pattern = matches.pattern
