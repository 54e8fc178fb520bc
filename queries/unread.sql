-- The services of which a role made authorized calls that the catalog cannot map to actions. Any granted action of such a
-- service may have been what the call needed, so that none of them is called never used.
-- DataFusion only: event_services (function of curtail), string_agg with an order.
-- in:  role_calls, granted, windows
-- out: role_arn text, service text, window_days int, event_names text
-- key: role_arn, service, window_days
WITH unknown AS (
    SELECT DISTINCT
        role_calls.role_arn,
        concat(',', event_services(role_calls.event_source), ',') AS services,
        coalesce(role_calls.event_name, '(no name)') AS event_name,
        windows.window_days
    FROM role_calls
    CROSS JOIN windows
    WHERE role_calls.actions IS NULL
        AND role_calls.outcome <> 'denied'
        AND role_calls.role_status <> 'former'
        AND (role_calls.event_time IS NULL
            OR (role_calls.event_time >= windows.starts_at AND role_calls.event_time < windows.ends_at))
),
services AS (
    SELECT DISTINCT
        granted.role_arn,
        granted.service
    FROM granted
),
named AS (
    SELECT DISTINCT
        services.role_arn,
        services.service,
        unknown.window_days,
        unknown.event_name
    FROM services
    INNER JOIN unknown ON services.role_arn = unknown.role_arn
    WHERE unknown.services LIKE concat('%,', services.service, ',%')
)
SELECT
    named.role_arn,
    named.service,
    named.window_days,
    string_agg(named.event_name, ', ' ORDER BY named.event_name) AS event_names
FROM named
GROUP BY named.role_arn, named.service, named.window_days
