-- Bursts of refused calls that try different things, as somebody does who looks for what a credential can do.
-- id: denied_burst
-- title: A burst of denied calls, as in reconnaissance
-- severity: medium
-- effect: finding
-- standards: OWASP Agentic Top 10 ASI03, OWASP Agentic Top 10 ASI10, OWASP NHI Top 10 NHI5, NIST SP 800-207 2.1,
--      NIST AI RMF MEASURE 2.7, CSA MAESTRO layer 5
-- parameters: actions_per_hour bigint 5 - different actions refused within a clock hour from which on it is a burst
--      resources_per_hour bigint 20 - different resources refused within a clock hour from which on it is a burst
-- false_positives: an inventory or posture tool that asks every service; a policy that was cut too far
--
-- Counted per agent and role. The same call tried again counts once, so that retries are no burst; what a service was
-- refused with the agent's rights does not count.
-- in:  watched_calls
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
WITH denied AS (
    SELECT
        watched_calls.record_key,
        watched_calls.action,
        watched_calls.agent,
        watched_calls.role_arn,
        watched_calls.resource,
        date_trunc('hour', watched_calls.event_time) AS hour
    FROM watched_calls
    WHERE watched_calls.outcome = 'denied'
        AND watched_calls.direct
),
actions AS (
    SELECT DISTINCT
        denied.agent,
        denied.role_arn,
        denied.hour,
        denied.action
    FROM denied
),
by_action AS (
    SELECT
        actions.agent,
        actions.role_arn,
        actions.hour,
        count(*) AS actions
    FROM actions
    GROUP BY actions.agent, actions.role_arn, actions.hour
),
resources AS (
    SELECT DISTINCT
        denied.agent,
        denied.role_arn,
        denied.hour,
        denied.resource
    FROM denied
    WHERE denied.resource IS NOT NULL
),
by_resource AS (
    SELECT
        resources.agent,
        resources.role_arn,
        resources.hour,
        count(*) AS resources
    FROM resources
    GROUP BY resources.agent, resources.role_arn, resources.hour
),
bursts AS (
    SELECT
        by_action.agent,
        by_action.role_arn,
        by_action.hour,
        by_action.actions,
        coalesce(by_resource.resources, 0) AS resources
    FROM by_action
    CROSS JOIN denied_burst_parameters
    LEFT JOIN by_resource
        ON by_action.agent = by_resource.agent
        AND by_action.role_arn = by_resource.role_arn
        AND by_action.hour = by_resource.hour
    WHERE by_action.actions >= denied_burst_parameters.actions_per_hour
        OR coalesce(by_resource.resources, 0) >= denied_burst_parameters.resources_per_hour
)
SELECT
    denied.record_key,
    denied.action,
    min(denied.agent) AS agent,
    min(denied.role_arn) AS role_arn,
    min(concat(
        CAST(bursts.actions AS text), ' different actions on ', CAST(bursts.resources AS text),
        ' named resources refused within an hour'
    )) AS reason
FROM denied
INNER JOIN bursts
    ON denied.agent = bursts.agent
    AND denied.role_arn = bursts.role_arn
    AND denied.hour = bursts.hour
GROUP BY denied.record_key, denied.action
