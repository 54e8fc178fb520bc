-- Many different secrets read with one credential within an hour, more than the agent ever read in its baseline.
-- id: secrets_in_bulk
-- title: Secrets read in bulk
-- severity: high
-- effect: finding
-- standards: OWASP Agentic Top 10 ASI02, OWASP Agentic Top 10 ASI03, OWASP NHI Top 10 NHI2, NIST SP 800-207 2.1,
--      NIST AI RMF MEASURE 2.7, CSA MAESTRO layer 2
-- parameters: secrets_per_hour bigint 5 - different secrets within a clock hour from which on it is bulk
-- false_positives: a workload that loads all its secrets as it starts, before its baseline is ready; rotation
--
-- Secrets of Secrets Manager, by calls that passed and that name the secret; what another service fetched with the agent's
-- rights does not count. Parameters of Systems Manager are not told from secrets and are left out.
-- in:  watched_calls, baselines
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
WITH read AS (
    SELECT
        watched_calls.record_key,
        watched_calls.action,
        watched_calls.agent,
        watched_calls.role_arn,
        watched_calls.session_key,
        watched_calls.resource,
        watched_calls.event_date,
        date_trunc('hour', watched_calls.event_time) AS hour
    FROM watched_calls
    WHERE watched_calls.kind = 'secret'
        AND watched_calls.outcome = 'succeeded'
        AND watched_calls.direct
        AND watched_calls.resource IS NOT NULL
        AND watched_calls.session_key IS NOT NULL
),
secrets AS (
    SELECT DISTINCT
        read.agent,
        read.role_arn,
        read.session_key,
        read.event_date,
        read.hour,
        read.resource
    FROM read
),
hours AS (
    SELECT
        secrets.agent,
        secrets.role_arn,
        secrets.session_key,
        secrets.event_date,
        secrets.hour,
        count(*) AS secrets
    FROM secrets
    GROUP BY secrets.agent, secrets.role_arn, secrets.session_key, secrets.event_date, secrets.hour
),
usual AS (
    SELECT
        hours.agent,
        max(hours.secrets) AS secrets
    FROM hours
    INNER JOIN baselines
        ON hours.agent = baselines.agent
        AND baselines.status = 'ready'
        AND hours.event_date < baselines.baseline_until
    GROUP BY hours.agent
),
bulk AS (
    SELECT
        hours.agent,
        hours.role_arn,
        hours.session_key,
        hours.hour,
        hours.secrets
    FROM hours
    CROSS JOIN secrets_in_bulk_parameters
    LEFT JOIN usual ON hours.agent = usual.agent
    WHERE hours.secrets >= secrets_in_bulk_parameters.secrets_per_hour
        AND hours.secrets > coalesce(usual.secrets, 0)
)
SELECT
    read.record_key,
    read.action,
    min(read.agent) AS agent,
    min(read.role_arn) AS role_arn,
    min(concat(CAST(bulk.secrets AS text), ' different secrets read with one credential within an hour')) AS reason
FROM read
INNER JOIN bulk
    ON read.agent = bulk.agent
    AND read.role_arn = bulk.role_arn
    AND read.session_key = bulk.session_key
    AND read.hour = bulk.hour
GROUP BY read.record_key, read.action
