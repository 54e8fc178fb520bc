-- Where and with what each credential of a role was used, a row per credential, place, client, region and day.
--
-- The `client` is the product that the user agent begins with, in lower case (`boto3`, `aws-cli`). The `network` is
-- `private` for addresses that are not routed, else the first 16 bits of an IPv4 address or 48 of an IPv6 one; it is null
-- where the record names a service instead of an address. A credential is issued to `compute` if the record, or the
-- record of its issue, says so; an instance's is shared by all that runs on the instance.
-- Source: RFC 1918, RFC 6598, RFC 4193; AWS CloudTrail User Guide, "CloudTrail record contents", sourceIPAddress.
-- DataFusion only: cidr_contains (function of curtail).
-- in:  role_calls, principals, attribution, envelopes
-- out: agent text, rule text (as in attribution), role_arn text, session_key text, client text, network text,
--      user_agent text (one of them), source_ip_address text, declared_network boolean (the agent's envelope has it), aws_region text, event_date date,
--      invokes_model boolean, compute boolean, instance boolean, console boolean, calls bigint, first_call timestamp,
--      last_call timestamp, record_key text (one of them)
-- key: session_key, role_arn, agent, rule, client, source_ip_address, aws_region, event_date, invokes_model, compute, instance
WITH used AS (
    SELECT
        role_calls.principal_key,
        role_calls.aws_region,
        role_calls.event_date,
        role_calls.event_source IN ('bedrock.amazonaws.com', 'bedrock-runtime.amazonaws.com')
            AND role_calls.event_name IN (
                'InvokeModel', 'InvokeModelWithResponseStream', 'InvokeModelWithBidirectionalStream', 'Converse',
                'ConverseStream', 'StartAsyncInvoke'
            ) AS invokes_model,
        min(role_calls.session_key) AS session_key,
        count(*) AS calls,
        min(role_calls.event_time) AS first_call,
        max(role_calls.event_time) AS last_call,
        min(role_calls.record_key) AS record_key
    FROM role_calls
    WHERE role_calls.role_status <> 'former'
    GROUP BY
        role_calls.principal_key, role_calls.aws_region, role_calls.event_date,
        role_calls.event_source IN ('bedrock.amazonaws.com', 'bedrock-runtime.amazonaws.com')
            AND role_calls.event_name IN (
                'InvokeModel', 'InvokeModelWithResponseStream', 'InvokeModelWithBidirectionalStream', 'Converse',
                'ConverseStream', 'StartAsyncInvoke'
            )
),
callers AS (
    SELECT
        principals.principal_key,
        attribution.agent,
        attribution.rule,
        principals.role_arn,
        lower(split_part(split_part(ltrim(principals.user_agent, '['), '/', 1), ' ', 1)) AS client,
        principals.user_agent,
        principals.source_ip_address,
        coalesce(principals.compute IS NOT NULL, false)
            OR coalesce(principals.origin_service, '') IN (
                'ec2.amazonaws.com', 'ecs-tasks.amazonaws.com', 'lambda.amazonaws.com', 'pods.eks.amazonaws.com',
                'bedrock-agentcore.amazonaws.com'
            ) AS compute,
        coalesce(principals.session_name LIKE 'i-%', false) AS instance,
        principals.role_arn LIKE '%/AWSReservedSSO_%'
            OR coalesce(principals.user_agent, '') IN ('AWS Internal', 'console.amazonaws.com', 'signin.amazonaws.com')
            OR coalesce(principals.user_agent, '') LIKE '%Mozilla/%' AS console
    FROM principals
    INNER JOIN attribution ON principals.principal_key = attribution.principal_key
),
addresses AS (
    SELECT DISTINCT callers.source_ip_address
    FROM callers
),
networks AS (
    SELECT
        addresses.source_ip_address,
        CASE
            WHEN cidr_contains('10.0.0.0/8', addresses.source_ip_address) IS NULL THEN NULL
            WHEN cidr_contains('10.0.0.0/8', addresses.source_ip_address)
                OR cidr_contains('172.16.0.0/12', addresses.source_ip_address)
                OR cidr_contains('192.168.0.0/16', addresses.source_ip_address)
                OR cidr_contains('100.64.0.0/10', addresses.source_ip_address)
                OR cidr_contains('fc00::/7', addresses.source_ip_address)
                THEN 'private'
            WHEN addresses.source_ip_address LIKE '%:%'
                THEN concat(
                    split_part(addresses.source_ip_address, ':', 1), ':', split_part(addresses.source_ip_address, ':', 2), ':',
                    split_part(addresses.source_ip_address, ':', 3), '::/48'
                )
            ELSE concat(
                split_part(addresses.source_ip_address, '.', 1), '.', split_part(addresses.source_ip_address, '.', 2), '.0.0/16'
            )
        END AS network
    FROM addresses
),
places AS (
    SELECT DISTINCT
        callers.agent,
        callers.source_ip_address
    FROM callers
),
declared AS (
    SELECT DISTINCT
        places.agent,
        places.source_ip_address
    FROM places
    INNER JOIN envelopes
        ON places.agent = envelopes.agent
        AND envelopes.kind = 'network'
    WHERE coalesce(cidr_contains(envelopes.pattern, places.source_ip_address), false)
)
SELECT
    callers.agent,
    callers.rule,
    callers.role_arn,
    used.session_key,
    callers.client,
    networks.network,
    min(callers.user_agent) AS user_agent,
    callers.source_ip_address,
    declared.agent IS NOT NULL AS declared_network,
    used.aws_region,
    used.event_date,
    used.invokes_model,
    callers.compute,
    callers.instance,
    callers.console,
    sum(used.calls) AS calls,
    min(used.first_call) AS first_call,
    max(used.last_call) AS last_call,
    min(used.record_key) AS record_key
FROM used
INNER JOIN callers ON used.principal_key = callers.principal_key
LEFT JOIN networks ON callers.source_ip_address = networks.source_ip_address
LEFT JOIN declared
    ON callers.agent = declared.agent
    AND callers.source_ip_address = declared.source_ip_address
GROUP BY
    callers.agent, callers.rule, callers.role_arn, used.session_key, callers.client, networks.network,
    callers.source_ip_address, declared.agent IS NOT NULL, used.aws_region, used.event_date, used.invokes_model,
    callers.compute, callers.instance, callers.console
