-- Who may invoke each agent, or act as it: the doors that a confused deputy would come through.
--
-- `identity_policy`: a role of the same account whose permissions allow it. `resource_policy`: a permission of the function
-- itself. `trust_policy`: whom the agent's role lets in. `open` tells why a door lets in others than those meant: a service
-- without the account or ARN that it acts for, a whole account, everyone; null where it does not, or where nobody can tell.
-- Who may invoke an alias of a Bedrock agent alone, and policies of other resources than functions, are not seen.
-- Source: AWS Lambda Developer Guide, "Viewing resource-based IAM policies in Lambda"; AWS CloudFormation Template
-- Reference, `AWS::Lambda::Permission`; IAM User Guide, "The confused deputy problem".
-- DataFusion only: json_get_str, concat_ws.
-- in:  workload_agents, permitted_invokers, trust_doors, bindings, current_snapshots
-- out: agent text, target_arn text (a workload, or the role), door text (identity_policy, resource_policy, trust_policy),
--      principal text, principal_kind text (role, service, account, everyone, principal, web_identity, saml), action text,
--      decision text (allowed, undecided), guards text (condition keys, after commas), open text
-- key: agent, target_arn, door, principal, action, guards
WITH permissions AS (
    SELECT
        current_snapshots.account_id,
        json_get_str(current_snapshots.document, 'Region') AS region,
        json_get_str(current_snapshots.document, 'Properties', 'FunctionName') AS function_name,
        json_get_str(current_snapshots.document, 'Properties', 'Principal') AS principal,
        json_get_str(current_snapshots.document, 'Properties', 'Action') AS action,
        json_get_str(current_snapshots.document, 'Properties', 'SourceArn') AS source_arn,
        json_get_str(current_snapshots.document, 'Properties', 'SourceAccount') AS source_account,
        json_get_str(current_snapshots.document, 'Properties', 'PrincipalOrgID') AS principal_org_id
    FROM current_snapshots
    WHERE current_snapshots.kind = 'resource'
        AND json_get_str(current_snapshots.document, 'TypeName') = 'AWS::Lambda::Permission'
),
of_functions AS (
    SELECT
        CASE WHEN permissions.function_name LIKE 'arn:%'
            THEN regexp_replace(permissions.function_name, '^((?:[^:]*:){6}[^:]+):.*$', '\1')
            ELSE concat(permissions.account_id, ' ', permissions.region, ' ', split_part(permissions.function_name, ':', 1))
        END AS function_key,
        permissions.account_id,
        permissions.principal,
        permissions.action,
        permissions.source_arn,
        permissions.source_account,
        permissions.principal_org_id
    FROM permissions
    WHERE permissions.action IN ('lambda:InvokeFunction', 'lambda:InvokeFunctionUrl', 'lambda:InvokeAsync', 'lambda:*', '*')
        AND permissions.principal IS NOT NULL
),
function_keys AS (
    SELECT
        workload_agents.agent,
        workload_agents.workload_arn,
        workload_agents.workload_arn AS function_key
    FROM workload_agents
    WHERE workload_agents.kind = 'lambda'
    UNION ALL
    SELECT
        workload_agents.agent,
        workload_agents.workload_arn,
        concat(split_part(workload_agents.workload_arn, ':', 5), ' ', split_part(workload_agents.workload_arn, ':', 4), ' ',
            split_part(workload_agents.workload_arn, ':', 7)) AS function_key
    FROM workload_agents
    WHERE workload_agents.kind = 'lambda'
),
by_resource AS (
    SELECT
        function_keys.agent,
        function_keys.workload_arn,
        of_functions.principal,
        CASE
            WHEN of_functions.principal = '*' THEN 'everyone'
            WHEN of_functions.principal LIKE '%.amazonaws.com' OR of_functions.principal LIKE '%.amazonaws.com.cn' THEN 'service'
            WHEN of_functions.principal LIKE 'arn:%:root' OR of_functions.principal NOT LIKE 'arn:%' THEN 'account'
            ELSE 'principal'
        END AS principal_kind,
        of_functions.action,
        concat_ws(', ',
            CASE WHEN of_functions.source_account IS NOT NULL THEN 'aws:sourceaccount' END,
            CASE WHEN of_functions.source_arn IS NOT NULL THEN 'aws:sourcearn' END,
            CASE WHEN of_functions.principal_org_id IS NOT NULL THEN 'aws:principalorgid' END) AS guards,
        of_functions.source_account,
        of_functions.source_arn,
        of_functions.principal_org_id,
        of_functions.account_id
    FROM of_functions
    INNER JOIN function_keys ON of_functions.function_key = function_keys.function_key
),
bound AS (
    SELECT DISTINCT
        bindings.agent,
        bindings.role_arn
    FROM bindings
),
doors AS (
    SELECT
        workload_agents.agent,
        permitted_invokers.workload_arn AS target_arn,
        'identity_policy' AS door,
        permitted_invokers.role_arn AS principal,
        'role' AS principal_kind,
        permitted_invokers.action,
        permitted_invokers.decision,
        permitted_invokers.needs AS guards,
        CAST(NULL AS TEXT) AS open
    FROM permitted_invokers
    INNER JOIN workload_agents ON permitted_invokers.workload_arn = workload_agents.workload_arn
    UNION ALL
    SELECT
        by_resource.agent,
        by_resource.workload_arn AS target_arn,
        'resource_policy' AS door,
        by_resource.principal,
        by_resource.principal_kind,
        by_resource.action,
        CASE WHEN by_resource.guards = '' THEN 'allowed' ELSE 'undecided' END AS decision,
        by_resource.guards,
        CASE
            WHEN by_resource.principal_kind = 'everyone' AND by_resource.principal_org_id IS NULL THEN 'it lets in everyone'
            WHEN by_resource.principal_kind = 'service' AND by_resource.source_account IS NULL
                AND split_part(coalesce(by_resource.source_arn, ''), ':', 5) IN ('', '*')
                THEN 'no condition on aws:SourceAccount, and no account in aws:SourceArn'
            WHEN by_resource.principal_kind = 'account' AND by_resource.principal_org_id IS NULL
                AND by_resource.principal NOT LIKE concat('%', by_resource.account_id, '%') THEN 'it lets in another account'
        END AS open
    FROM by_resource
    UNION ALL
    SELECT
        bound.agent,
        bound.role_arn AS target_arn,
        'trust_policy' AS door,
        trust_doors.principal,
        trust_doors.principal_kind,
        'sts:AssumeRole' AS action,
        CASE WHEN trust_doors.guards = '' THEN 'allowed' ELSE 'undecided' END AS decision,
        trust_doors.guards,
        trust_doors.open
    FROM bound
    INNER JOIN trust_doors ON bound.role_arn = trust_doors.role_arn
)
SELECT DISTINCT
    doors.agent,
    doors.target_arn,
    doors.door,
    doors.principal,
    doors.principal_kind,
    doors.action,
    doors.decision,
    doors.guards,
    doors.open
FROM doors
