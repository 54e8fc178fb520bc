-- What the roles of each agent let it do, as of the snapshot. What a boundary, an SCP or an RCP blocks is not granted;
-- what a condition decides (`undecided`) is.
-- in:  bindings, grants
-- out: agent text, role_arn text, account_id text, action text, service text, access_level text, grant_status text
--      (granted, undecided), in_catalog boolean, shared_policy boolean, sources text (JSON), limits text (JSON)
-- key: agent, role_arn, action
WITH bound AS (
    SELECT DISTINCT
        bindings.agent,
        bindings.role_arn
    FROM bindings
)
SELECT
    bound.agent,
    bound.role_arn,
    grants.account_id,
    grants.action,
    grants.service,
    grants.access_level,
    grants.status AS grant_status,
    grants.in_catalog,
    grants.shared_policy,
    grants.sources,
    grants.limits
FROM bound
INNER JOIN grants ON bound.role_arn = grants.role_arn
WHERE grants.status IN ('granted', 'undecided')
