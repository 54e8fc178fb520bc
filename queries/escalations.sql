-- The ways known to the field in which a role can raise its own permissions, as far as they are open to it. A method
-- is named after the actions that it needs together.
-- in:  escalation_paths, bindings
-- out: agent text (null: no agent is bound to the role), role_arn text, method text, target text (the surest, then the
--      first by name), targets bigint, gains text, certainty text (certain, possible), evidence text, hangs_on text
--      (null: nothing)
-- key: agent, role_arn, method, gains
WITH bound AS (
    SELECT DISTINCT
        bindings.agent,
        bindings.role_arn
    FROM bindings
)
SELECT
    bound.agent,
    escalation_paths.role_arn,
    escalation_paths.method,
    escalation_paths.target,
    escalation_paths.targets,
    escalation_paths.gains,
    escalation_paths.certainty,
    escalation_paths.evidence,
    escalation_paths.hangs_on
FROM escalation_paths
LEFT JOIN bound ON escalation_paths.role_arn = bound.role_arn
