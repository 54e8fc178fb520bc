-- How fine the credentials of each agent are bound, as the sessions of the review's window show it, beside what was
-- declared. An agent with several roles has the coarsest of their patterns.
--
-- B: other agents are bound to the role, or were seen under it. A: it runs under the credentials of an EC2 instance, and
-- others that no agent could be named for call under them too, as on the node of a cluster. D: it has the role for itself, and each of two or more sessions whose issue is in the log was
-- narrowed by a session policy or carries a source identity. C: it has the role for itself otherwise. `unknown`: it was
-- not seen, or calls of the role that no agent could be named for leave open whether it has the role for itself.
-- in:  agents, bindings, agent_sessions, issue_scopes
-- out: agent text, declared text (null: not declared), observed text (A, B, C, D, unknown), because text
-- key: agent
WITH users AS (
    SELECT
        agent_sessions.role_arn,
        agent_sessions.agent
    FROM agent_sessions
    UNION
    SELECT
        bindings.role_arn,
        bindings.agent
    FROM bindings
),
shares AS (
    SELECT
        users.role_arn,
        sum(CASE WHEN users.agent = 'unattributed' THEN 0 ELSE 1 END) AS agents,
        bool_or(users.agent = 'unattributed') AS others_unknown
    FROM users
    GROUP BY users.role_arn
),
seen AS (
    SELECT
        agent_sessions.agent,
        agent_sessions.role_arn,
        bool_or(agent_sessions.on_instance) AS on_instance,
        sum(CASE WHEN issue_scopes.access_key_id IS NULL THEN 0 ELSE 1 END) AS issues,
        sum(CASE WHEN issue_scopes.session_policy OR issue_scopes.source_identity THEN 1 ELSE 0 END) AS scoped
    FROM agent_sessions
    LEFT JOIN issue_scopes ON agent_sessions.access_key_id = issue_scopes.access_key_id
    GROUP BY agent_sessions.agent, agent_sessions.role_arn
),
by_role AS (
    SELECT
        seen.agent,
        seen.role_arn,
        CASE
            WHEN shares.agents > 1 THEN 'B'
            WHEN seen.on_instance AND shares.others_unknown THEN 'A'
            WHEN shares.others_unknown THEN 'unknown'
            WHEN seen.issues >= 2 AND seen.scoped = seen.issues THEN 'D'
            ELSE 'C'
        END AS pattern,
        CASE
            WHEN shares.agents > 1 THEN concat(CAST(shares.agents AS TEXT), ' agents share ', seen.role_arn)
            WHEN seen.on_instance AND shares.others_unknown
                THEN concat('it has the credentials of an instance, and others call under ', seen.role_arn, ' too')
            WHEN shares.others_unknown THEN concat('calls under ', seen.role_arn, ' could be those of others')
            WHEN seen.issues >= 2 AND seen.scoped = seen.issues
                THEN concat('each of ', CAST(seen.issues AS TEXT), ' sessions of ', seen.role_arn, ' was narrowed or marked')
            ELSE concat('it has ', seen.role_arn, ' for itself')
        END AS because
    FROM seen
    INNER JOIN shares ON seen.role_arn = shares.role_arn
),
-- The letters are in order from coarse to fine, and what is not known stands before what would need to be.
ordered AS (
    SELECT
        by_role.agent,
        min(CASE by_role.pattern WHEN 'unknown' THEN 'Bu' ELSE by_role.pattern END) AS pattern
    FROM by_role
    GROUP BY by_role.agent
),
reasons AS (
    SELECT
        by_role.agent,
        by_role.pattern,
        min(by_role.because) AS because
    FROM by_role
    GROUP BY by_role.agent, by_role.pattern
)
SELECT
    agents.agent,
    agents.binding_pattern AS declared,
    CASE ordered.pattern WHEN 'Bu' THEN 'unknown' ELSE coalesce(ordered.pattern, 'unknown') END AS observed,
    coalesce(reasons.because, 'no call in the window is known to be its own') AS because
FROM agents
LEFT JOIN ordered ON agents.agent = ordered.agent
LEFT JOIN reasons
    ON ordered.agent = reasons.agent
    AND CASE ordered.pattern WHEN 'Bu' THEN 'unknown' ELSE ordered.pattern END = reasons.pattern
