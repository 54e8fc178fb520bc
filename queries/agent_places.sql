-- Where each agent's calls came from and went to: its Regions and source addresses, whenever the lake shows it.
-- Addresses that are a service's name are left out, as are calls that were denied.
-- DataFusion only: cidr_contains (function of curtail).
-- in:  role_calls, attribution, windows, params
-- out: agent text, aws_region text, source_ip_address text (null: a service called for it), first_seen timestamp,
--      last_seen timestamp, calls bigint (in the review's window)
-- key: agent, aws_region, source_ip_address
WITH by_principal AS (
    SELECT
        role_calls.principal_key,
        role_calls.aws_region,
        min(role_calls.source_ip_address) AS source_ip_address,
        min(role_calls.event_time) AS first_seen,
        max(role_calls.event_time) AS last_seen,
        sum(CASE WHEN role_calls.event_time >= windows.starts_at AND role_calls.event_time < windows.ends_at THEN 1 ELSE 0 END)
            AS calls
    FROM role_calls
    CROSS JOIN params
    INNER JOIN windows ON windows.window_days = params.window_days
    WHERE role_calls.outcome IN ('succeeded', 'failed')
        AND role_calls.role_status <> 'former'
    GROUP BY role_calls.principal_key, role_calls.aws_region
),
named AS (
    SELECT
        attribution.agent,
        by_principal.aws_region,
        CASE WHEN coalesce(cidr_contains('0.0.0.0/0', by_principal.source_ip_address), false)
                OR coalesce(cidr_contains('::/0', by_principal.source_ip_address), false)
            THEN by_principal.source_ip_address END AS source_ip_address,
        by_principal.first_seen,
        by_principal.last_seen,
        by_principal.calls
    FROM by_principal
    INNER JOIN attribution ON by_principal.principal_key = attribution.principal_key
    WHERE attribution.agent <> 'unattributed'
)
SELECT
    named.agent,
    named.aws_region,
    named.source_ip_address,
    min(named.first_seen) AS first_seen,
    max(named.last_seen) AS last_seen,
    sum(named.calls) AS calls
FROM named
GROUP BY named.agent, named.aws_region, named.source_ip_address
