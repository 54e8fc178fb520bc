-- What agents.toml says of each agent's parts, a pattern or name a row.
--
-- An owner is a name of `owners`. A binding is told by its role and its strongest key, as attribution ranks them. Of the
-- envelope, `tool` and `model` are what it lists as such, and `data_store` are the resources of services that keep data.
-- in:  agents, bindings, envelopes
-- out: agent text, kind text (role, binding, binding_pattern, propagation_pattern, owner, region, network, assumed_role,
--      tool, model, data_store), pattern text
-- key: agent, kind, pattern
WITH owners AS (
    SELECT
        agents.agent,
        unnest(string_to_array(agents.owners, ', ')) AS pattern
    FROM agents
),
limits AS (
    SELECT
        envelopes.agent,
        CASE envelopes.kind
            WHEN 'assumable_role' THEN 'assumed_role'
            WHEN 'resource' THEN 'data_store'
            ELSE envelopes.kind
        END AS kind,
        envelopes.pattern
    FROM envelopes
    WHERE envelopes.kind IN ('region', 'network', 'assumable_role', 'tool', 'model', 'resource')
),
told AS (
    SELECT
        bindings.agent,
        'role' AS kind,
        bindings.role_arn AS pattern
    FROM bindings
    UNION ALL
    SELECT
        bindings.agent,
        'binding' AS kind,
        concat(bindings.role_arn, ' by ', CASE
            WHEN bindings.oidc_subject IS NOT NULL THEN 'oidc_subject'
            WHEN bindings.service_account IS NOT NULL THEN 'service_account'
            WHEN bindings.lambda_function IS NOT NULL THEN 'lambda_function'
            WHEN bindings.ecs_task_family IS NOT NULL THEN 'ecs_task_family'
            WHEN bindings.instance_id IS NOT NULL THEN 'instance_id'
            WHEN bindings.source_identity IS NOT NULL THEN 'source_identity'
            WHEN bindings.session_name IS NOT NULL THEN 'session_name'
            WHEN bindings.user_agent IS NOT NULL THEN 'user_agent'
            WHEN bindings.source_network IS NOT NULL THEN 'source_network'
            ELSE 'role'
        END) AS pattern
    FROM bindings
    UNION ALL
    SELECT
        agents.agent,
        'binding_pattern' AS kind,
        agents.binding_pattern AS pattern
    FROM agents
    UNION ALL
    SELECT
        agents.agent,
        'propagation_pattern' AS kind,
        agents.propagation_pattern AS pattern
    FROM agents
    UNION ALL
    SELECT
        owners.agent,
        'owner' AS kind,
        owners.pattern
    FROM owners
    UNION ALL
    SELECT
        limits.agent,
        limits.kind,
        limits.pattern
    FROM limits
)
SELECT DISTINCT
    told.agent,
    told.kind,
    told.pattern
FROM told
WHERE told.pattern <> ''
