-- Which agent each workload is: the one whose binding names the function, else the only one that is bound to the role
-- that it runs under. A workload that several agents could be, or none, has no row.
-- DataFusion only: wildcard_match (function of curtail).
-- in:  workloads, bindings
-- out: workload_arn text, role_arn text, kind text, agent text, rule text (lambda_function, role)
-- key: workload_arn, role_arn
WITH named AS (
    SELECT
        workloads.workload_arn,
        workloads.role_arn,
        min(bindings.agent) AS agent,
        max(bindings.agent) AS other_agent
    FROM workloads
    INNER JOIN bindings ON workloads.role_arn = bindings.role_arn
    WHERE workloads.kind = 'lambda'
        AND wildcard_match(bindings.lambda_function, workloads.workload_arn)
    GROUP BY workloads.workload_arn, workloads.role_arn
),
bound AS (
    SELECT
        bindings.role_arn,
        min(bindings.agent) AS agent,
        max(bindings.agent) AS other_agent
    FROM bindings
    GROUP BY bindings.role_arn
),
decided AS (
    SELECT
        workloads.workload_arn,
        workloads.role_arn,
        workloads.kind,
        CASE
            WHEN named.agent = named.other_agent THEN named.agent
            WHEN named.agent IS NULL AND bound.agent = bound.other_agent THEN bound.agent
        END AS agent,
        CASE WHEN named.agent IS NOT NULL THEN 'lambda_function' ELSE 'role' END AS rule
    FROM workloads
    LEFT JOIN named
        ON workloads.workload_arn = named.workload_arn
        AND workloads.role_arn = named.role_arn
    LEFT JOIN bound ON workloads.role_arn = bound.role_arn
)
SELECT
    decided.workload_arn,
    decided.role_arn,
    decided.kind,
    decided.agent,
    decided.rule
FROM decided
WHERE decided.agent IS NOT NULL
