-- Authorized calls outside the declared work envelope of their agent.
-- id: outside_envelope
-- title: Calls outside the declared work
-- severity: high
-- effect: non_legitimate
-- standards: OWASP Agentic Top 10 ASI03, OWASP NHI Top 10 NHI5, NIST SP 800-207 2.1, NIST AI RMF MANAGE 4.1,
--      CSA MAESTRO layer 7
-- parameters: none
-- false_positives: work that is right and was never declared; widen the envelope in agents.toml
--
-- An agent without an envelope, and a kind that its envelope does not limit, are never caught. What the record does not
-- settle is no breach: a resource that it does not prove, an address that is a service's name, and (for actions and
-- resources) an action that the call only possibly needs. Where the agent has a list of assumable roles, that list alone
-- decides on assuming a role (see unlisted_role). A model is known by its id or ARN; an invocation whose record proves no
-- model is no breach. Hours are those of the minute in which the call was made.
-- DataFusion only: action_match, wildcard_match, cidr_contains, within_hours (functions of curtail).
-- in:  calls, envelopes
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
WITH authorized AS (
    SELECT
        calls.record_key,
        calls.action,
        calls.agent,
        calls.role_arn,
        calls.strength,
        calls.resource,
        calls.aws_region,
        calls.source_ip_address,
        date_trunc('minute', calls.event_time) AS minute
    FROM calls
    WHERE calls.outcome IN ('succeeded', 'failed')
        AND calls.role_status <> 'former'
),
actions AS (
    SELECT DISTINCT
        authorized.agent,
        authorized.action
    FROM authorized
    WHERE authorized.strength = 'certain'
),
wrong_actions AS (
    SELECT
        actions.agent,
        actions.action
    FROM actions
    INNER JOIN envelopes ON actions.agent = envelopes.agent AND envelopes.kind = 'action'
    GROUP BY actions.agent, actions.action
    HAVING NOT bool_or(action_match(envelopes.pattern, actions.action))
),
resources AS (
    SELECT DISTINCT
        authorized.agent,
        authorized.resource,
        authorized.action LIKE 'sts:AssumeRole%'
            OR authorized.action IN ('sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext') AS assumes
    FROM authorized
    WHERE authorized.strength = 'certain'
        AND authorized.resource IS NOT NULL
),
role_lists AS (
    SELECT
        resources.agent,
        resources.resource,
        true AS listed
    FROM resources
    INNER JOIN envelopes ON resources.agent = envelopes.agent AND envelopes.kind = 'assumable_role'
    WHERE resources.assumes
    GROUP BY resources.agent, resources.resource
),
wrong_resources AS (
    SELECT
        resources.agent,
        resources.resource
    FROM resources
    INNER JOIN envelopes ON resources.agent = envelopes.agent AND envelopes.kind = 'resource'
    WHERE NOT resources.assumes
    GROUP BY resources.agent, resources.resource
    HAVING NOT bool_or(wildcard_match(envelopes.pattern, resources.resource))
),
regions AS (
    SELECT DISTINCT
        authorized.agent,
        authorized.aws_region
    FROM authorized
    WHERE authorized.aws_region IS NOT NULL
),
wrong_regions AS (
    SELECT
        regions.agent,
        regions.aws_region
    FROM regions
    INNER JOIN envelopes ON regions.agent = envelopes.agent AND envelopes.kind = 'region'
    GROUP BY regions.agent, regions.aws_region
    HAVING NOT bool_or(wildcard_match(envelopes.pattern, regions.aws_region))
),
addresses AS (
    SELECT DISTINCT
        authorized.agent,
        authorized.source_ip_address
    FROM authorized
),
wrong_addresses AS (
    SELECT
        addresses.agent,
        addresses.source_ip_address
    FROM addresses
    INNER JOIN envelopes ON addresses.agent = envelopes.agent AND envelopes.kind = 'network'
    GROUP BY addresses.agent, addresses.source_ip_address
    HAVING NOT bool_or(coalesce(cidr_contains(envelopes.pattern, addresses.source_ip_address), true))
),
models AS (
    SELECT DISTINCT
        authorized.agent,
        authorized.resource
    FROM authorized
    WHERE authorized.strength = 'certain'
        AND authorized.action LIKE 'bedrock:InvokeModel%'
        AND authorized.resource LIKE 'arn:%'
),
wrong_models AS (
    SELECT
        models.agent,
        models.resource
    FROM models
    INNER JOIN envelopes ON models.agent = envelopes.agent AND envelopes.kind = 'model'
    GROUP BY models.agent, models.resource
    HAVING NOT bool_or(
        wildcard_match(envelopes.pattern, models.resource)
        OR wildcard_match(envelopes.pattern, substr(models.resource, strpos(models.resource, '/') + 1))
    )
),
limited AS (
    SELECT DISTINCT envelopes.agent
    FROM envelopes
    WHERE envelopes.kind = 'hours'
),
minutes AS (
    SELECT DISTINCT
        authorized.agent,
        authorized.minute
    FROM authorized
    INNER JOIN limited ON authorized.agent = limited.agent
),
wrong_minutes AS (
    SELECT
        minutes.agent,
        minutes.minute
    FROM minutes
    INNER JOIN envelopes ON minutes.agent = envelopes.agent AND envelopes.kind = 'hours'
    GROUP BY minutes.agent, minutes.minute
    HAVING NOT bool_or(coalesce(within_hours(envelopes.pattern, CAST(minutes.minute AS TEXT)), true))
),
judged AS (
    SELECT
        authorized.record_key,
        authorized.action,
        authorized.agent,
        authorized.role_arn,
        CASE
            WHEN wrong_actions.action IS NOT NULL AND role_lists.listed IS NULL
                THEN concat('action ', authorized.action, ' is not in the envelope')
            WHEN wrong_models.resource IS NOT NULL
                THEN concat('model ', authorized.resource, ' is not in the envelope')
            WHEN wrong_resources.resource IS NOT NULL AND authorized.strength = 'certain'
                THEN concat('resource ', authorized.resource, ' is not in the envelope')
            WHEN wrong_regions.aws_region IS NOT NULL
                THEN concat('region ', authorized.aws_region, ' is not in the envelope')
            WHEN wrong_addresses.source_ip_address IS NOT NULL
                THEN concat('address ', authorized.source_ip_address, ' is in no network of the envelope')
            WHEN wrong_minutes.minute IS NOT NULL THEN 'the call was made outside the hours of the envelope'
        END AS reason
    FROM authorized
    LEFT JOIN wrong_actions
        ON authorized.agent = wrong_actions.agent
        AND authorized.action = wrong_actions.action
        AND authorized.strength = 'certain'
    LEFT JOIN role_lists
        ON authorized.agent = role_lists.agent
        AND authorized.resource = role_lists.resource
        AND (authorized.action LIKE 'sts:AssumeRole%'
            OR authorized.action IN ('sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'))
    LEFT JOIN wrong_resources
        ON authorized.agent = wrong_resources.agent
        AND authorized.resource = wrong_resources.resource
        AND authorized.action NOT LIKE 'sts:AssumeRole%'
        AND authorized.action NOT IN ('sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext')
    LEFT JOIN wrong_regions
        ON authorized.agent = wrong_regions.agent
        AND authorized.aws_region = wrong_regions.aws_region
        AND authorized.action <> 's3:ListAllMyBuckets'
        AND split_part(authorized.action, ':', 1) NOT IN (
            'account', 'aws-portal', 'billing', 'budgets', 'ce', 'cloudfront', 'globalaccelerator', 'health', 'iam',
            'networkmanager', 'organizations', 'route53', 'route53domains', 'shield', 'support', 'trustedadvisor', 'waf'
        )
    LEFT JOIN wrong_models
        ON authorized.agent = wrong_models.agent
        AND authorized.resource = wrong_models.resource
        AND authorized.strength = 'certain'
        AND authorized.action LIKE 'bedrock:InvokeModel%'
    LEFT JOIN wrong_minutes
        ON authorized.agent = wrong_minutes.agent
        AND authorized.minute = wrong_minutes.minute
    LEFT JOIN wrong_addresses
        ON authorized.agent = wrong_addresses.agent
        AND authorized.source_ip_address = wrong_addresses.source_ip_address
)
SELECT
    judged.record_key,
    judged.action,
    min(judged.agent) AS agent,
    min(judged.role_arn) AS role_arn,
    min(judged.reason) AS reason
FROM judged
WHERE judged.reason IS NOT NULL
GROUP BY judged.record_key, judged.action
