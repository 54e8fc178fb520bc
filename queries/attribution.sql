-- The agent that each caller of a role is, by the bindings of agents.toml, and the rule that decided.
--
-- A binding fits a caller if every key that it gives matches. Its rank is that of its strongest key: where the session
-- comes from, then the session's name, the user agent, the network, and last the role alone, which decides only where
-- exactly one agent is bound to the role. The best rank wins; two agents at the same best rank, or none, or another
-- role of the same name, leave the caller `unattributed`.
-- The name of a session tells a function or an instance only where Lambda or EC2 is known to have given it: by the record
-- of the issue, or where the role's trust policy lets in that service and nobody else.
-- DataFusion only: wildcard_match, cidr_contains (functions of curtail).
-- in:  principals, bindings, trusts
-- out: principal_key text, agent text, rule text (key of the binding that decided, or no_agent_bound, no_rule_matches,
--      several_agents_match, former_role)
-- key: principal_key
WITH bound AS (
    SELECT
        bindings.role_arn,
        count(DISTINCT bindings.agent) AS agents
    FROM bindings
    GROUP BY bindings.role_arn
),
sole_services AS (
    SELECT
        trusts.role_arn,
        min(trusts.principal) AS service
    FROM trusts
    GROUP BY trusts.role_arn
    HAVING min(trusts.principal) = max(trusts.principal) AND min(trusts.principal_type) = 'service'
),
ranked AS (
    SELECT
        bindings.agent,
        bindings.role_arn,
        bindings.oidc_subject,
        bindings.service_account,
        bindings.lambda_function,
        bindings.lambda_function_name,
        bindings.ecs_task_family,
        bindings.instance_id,
        bindings.source_identity,
        bindings.session_name,
        bindings.user_agent,
        bindings.source_network,
        bound.agents,
        CASE
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
        END AS rule,
        CASE
            WHEN coalesce(
                bindings.oidc_subject, bindings.service_account, bindings.lambda_function, bindings.ecs_task_family,
                bindings.instance_id, bindings.source_identity
            ) IS NOT NULL THEN 1
            WHEN bindings.session_name IS NOT NULL THEN 2
            WHEN bindings.user_agent IS NOT NULL THEN 3
            WHEN bindings.source_network IS NOT NULL THEN 4
            ELSE 5
        END AS rank
    FROM bindings
    INNER JOIN bound ON bindings.role_arn = bound.role_arn
),
fits AS (
    SELECT
        principals.principal_key,
        ranked.agent,
        ranked.rule,
        ranked.rank
    FROM principals
    INNER JOIN ranked ON principals.role_arn = ranked.role_arn
    LEFT JOIN sole_services ON principals.role_arn = sole_services.role_arn
    WHERE principals.role_status <> 'former'
        AND (ranked.rank < 5 OR ranked.agents = 1)
        AND (ranked.oidc_subject IS NULL
            OR coalesce(wildcard_match(ranked.oidc_subject, principals.origin_subject), false))
        AND (ranked.service_account IS NULL
            OR coalesce(wildcard_match(ranked.service_account, principals.origin_service_account), false))
        AND (ranked.lambda_function IS NULL
            OR coalesce(wildcard_match(ranked.lambda_function, principals.compute), false)
            OR (principals.compute IS NULL
                AND coalesce(principals.origin_service, sole_services.service, '') = 'lambda.amazonaws.com'
                AND coalesce(wildcard_match(ranked.lambda_function_name, principals.origin_session_name), false)))
        AND (ranked.ecs_task_family IS NULL
            OR coalesce(wildcard_match(
                ranked.ecs_task_family,
                split_part(split_part(principals.compute, ':task-definition/', 2), ':', 1)), false)
            OR coalesce(wildcard_match(
                ranked.ecs_task_family,
                split_part(split_part(principals.source_arn, ':task-definition/', 2), ':', 1)), false))
        AND (ranked.instance_id IS NULL
            OR coalesce(wildcard_match(
                ranked.instance_id, nullif(split_part(principals.compute, ':instance/', 2), '')), false)
            OR (principals.compute IS NULL
                AND coalesce(principals.origin_service, sole_services.service, '') = 'ec2.amazonaws.com'
                AND coalesce(wildcard_match(ranked.instance_id, principals.origin_session_name), false)))
        AND (ranked.source_identity IS NULL
            OR coalesce(wildcard_match(ranked.source_identity, principals.source_identity), false))
        AND (ranked.session_name IS NULL
            OR coalesce(wildcard_match(ranked.session_name, principals.session_name), false))
        AND (ranked.user_agent IS NULL
            OR coalesce(wildcard_match(ranked.user_agent, principals.user_agent), false))
        AND (ranked.source_network IS NULL
            OR coalesce(cidr_contains(ranked.source_network, principals.source_ip_address), false))
),
best AS (
    SELECT
        fits.principal_key,
        min(fits.rank) AS rank
    FROM fits
    GROUP BY fits.principal_key
),
decided AS (
    SELECT
        fits.principal_key,
        min(fits.agent) AS agent,
        max(fits.agent) AS other_agent,
        min(fits.rule) AS rule
    FROM fits
    INNER JOIN best ON fits.principal_key = best.principal_key AND fits.rank = best.rank
    GROUP BY fits.principal_key
)
SELECT
    principals.principal_key,
    CASE WHEN decided.agent = decided.other_agent THEN decided.agent ELSE 'unattributed' END AS agent,
    CASE
        WHEN principals.role_status = 'former' THEN 'former_role'
        WHEN decided.agent = decided.other_agent THEN decided.rule
        WHEN decided.agent IS NOT NULL THEN 'several_agents_match'
        WHEN bound.agents IS NULL THEN 'no_agent_bound'
        ELSE 'no_rule_matches'
    END AS rule
FROM principals
LEFT JOIN decided ON principals.principal_key = decided.principal_key
LEFT JOIN bound ON principals.role_arn = bound.role_arn
