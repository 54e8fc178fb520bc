-- The daily roll-up of the lake's table `usage`. Resources are generalised, so that it does not grow with the number of
-- objects touched: an S3 object stands for its first prefix, a log stream for its log group.
-- in:  calls, legitimacy
-- out: agent text, role_arn text, role_id text, action text, strength text, resource text, event_date date,
--      calls bigint, denied_calls bigint, legitimate_calls bigint, sessions bigint, first_used timestamp,
--      last_used timestamp
-- key: agent, role_arn, role_id, action, strength, resource, event_date
WITH caught AS (
    SELECT DISTINCT
        legitimacy.record_key,
        legitimacy.action
    FROM legitimacy
),
general AS (
    SELECT
        calls.record_key,
        calls.agent,
        calls.role_arn,
        calls.role_id,
        calls.action,
        calls.strength,
        CASE
            WHEN calls.resource LIKE 'arn:%:s3:::%/%/%'
                THEN regexp_replace(calls.resource, '^(arn:[^:]*:s3:::[^/]+/[^/]+/).*$', '\1*')
            WHEN calls.resource LIKE 'arn:%:s3:::%/%'
                THEN regexp_replace(calls.resource, '^(arn:[^:]*:s3:::[^/]+/).*$', '\1*')
            WHEN calls.resource LIKE 'arn:%:logs:%:log-group:%:log-stream:%'
                THEN regexp_replace(calls.resource, '^(.*:log-group:[^:]+:).*$', '\1*')
            ELSE calls.resource
        END AS resource,
        calls.event_date,
        calls.event_time,
        calls.session_key,
        calls.outcome,
        caught.record_key IS NULL AS legitimate
    FROM calls
    LEFT JOIN caught ON calls.record_key = caught.record_key AND calls.action = caught.action
    WHERE calls.outcome <> 'dry_run'
),
by_call AS (
    -- Distinct first, then count: several counts of distinct values in one aggregate are slow.
    SELECT DISTINCT
        general.agent,
        general.role_arn,
        general.role_id,
        general.action,
        general.strength,
        general.resource,
        general.event_date,
        general.session_key,
        general.record_key,
        general.event_time,
        general.outcome = 'denied' AS denied,
        general.legitimate
    FROM general
),
by_session AS (
    SELECT
        by_call.agent,
        by_call.role_arn,
        by_call.role_id,
        by_call.action,
        by_call.strength,
        by_call.resource,
        by_call.event_date,
        by_call.session_key,
        sum(CASE WHEN by_call.denied THEN 0 ELSE 1 END) AS calls,
        sum(CASE WHEN by_call.denied THEN 1 ELSE 0 END) AS denied_calls,
        sum(CASE WHEN by_call.legitimate AND NOT by_call.denied THEN 1 ELSE 0 END) AS legitimate_calls,
        min(by_call.event_time) AS first_used,
        max(by_call.event_time) AS last_used
    FROM by_call
    GROUP BY
        by_call.agent, by_call.role_arn, by_call.role_id, by_call.action, by_call.strength, by_call.resource,
        by_call.event_date, by_call.session_key
)
SELECT
    by_session.agent,
    by_session.role_arn,
    by_session.role_id,
    by_session.action,
    by_session.strength,
    by_session.resource,
    by_session.event_date,
    sum(by_session.calls) AS calls,
    sum(by_session.denied_calls) AS denied_calls,
    sum(by_session.legitimate_calls) AS legitimate_calls,
    count(*) AS sessions,
    min(by_session.first_used) AS first_used,
    max(by_session.last_used) AS last_used
FROM by_session
GROUP BY
    by_session.agent, by_session.role_arn, by_session.role_id, by_session.action, by_session.strength,
    by_session.resource, by_session.event_date
