-- The roles whose permissions an agent has: its own, and those that a binding leads it to, each with the way there.
-- The one place to join in what is reached through bindings: a second SELECT, by UNION ALL, of the roles at the other end
-- of the paths that begin at `bindings.role_arn`, with the number of their edges as `hops`.
-- in:  bindings
-- out: agent text, from_role_arn text, role_arn text, hops bigint (0: the agent runs under it), path text
-- key: agent, from_role_arn, role_arn
SELECT DISTINCT
    bindings.agent,
    bindings.role_arn AS from_role_arn,
    bindings.role_arn,
    CAST(0 AS BIGINT) AS hops,
    bindings.role_arn AS path
FROM bindings
