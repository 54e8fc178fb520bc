-- Every role that an agent comes to from its own roles, over any number of steps: by sure steps alone where that is
-- possible, else by the fewest. A step's evidence stands in the table reach_edges.
-- in:  bindings, reach_paths
-- out: agent text, role_arn text, reached_role_arn text, depth bigint (steps), path text, binding text (of the first
--      step: role_chain, tool_role, passed_role), via text (what the first step goes through; null: nothing), certainty
--      text (certain, possible), hangs_on text (null: nothing)
-- key: agent, role_arn, reached_role_arn
WITH bound AS (
    SELECT DISTINCT
        bindings.agent,
        bindings.role_arn
    FROM bindings
)
SELECT
    bound.agent,
    bound.role_arn,
    reach_paths.to_role AS reached_role_arn,
    reach_paths.depth,
    reach_paths.path,
    reach_paths.binding,
    reach_paths.via,
    reach_paths.certainty,
    reach_paths.hangs_on
FROM bound
INNER JOIN reach_paths ON bound.role_arn = reach_paths.from_role
