-- Credentials of a function, task, pod or instance that were also used from a network where their role is not at home.
-- id: credential_away_from_compute
-- title: Credentials used away from the compute they were issued to
-- severity: high
-- effect: finding
-- standards: OWASP Agentic Top 10 ASI03, OWASP NHI Top 10 NHI2, OWASP NHI Top 10 NHI4, NIST SP 800-207 2.1,
--      NIST AI RMF MEASURE 2.7, CSA MAESTRO layer 4
-- parameters: usual_days bigint 3 - days of use from which on a role is at home in a network
-- false_positives: the days after NAT or egress got new addresses
--
-- A credential is caught if it was used from a network that is the role's home, and from a public network that is not.
-- Networks that the agent declares, calls by services and sessions of people in the console do not count.
-- in:  credential_uses
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
WITH places AS (
    SELECT
        credential_uses.session_key,
        credential_uses.role_arn,
        credential_uses.network,
        bool_or(credential_uses.compute OR credential_uses.instance) AS compute,
        bool_or(credential_uses.declared_network) AS declared_network,
        min(credential_uses.agent) AS agent,
        min(credential_uses.record_key) AS record_key
    FROM credential_uses
    WHERE credential_uses.session_key IS NOT NULL
        AND credential_uses.network IS NOT NULL
        AND NOT credential_uses.console
    GROUP BY credential_uses.session_key, credential_uses.role_arn, credential_uses.network
),
days AS (
    SELECT DISTINCT
        credential_uses.role_arn,
        credential_uses.network,
        credential_uses.event_date
    FROM credential_uses
    WHERE credential_uses.network IS NOT NULL
        AND NOT credential_uses.console
),
homes AS (
    SELECT
        days.role_arn,
        days.network
    FROM days
    GROUP BY days.role_arn, days.network
    HAVING count(*) >= (
        SELECT min(credential_away_from_compute_parameters.usual_days)
        FROM credential_away_from_compute_parameters
    )
),
at_home AS (
    SELECT
        places.session_key,
        places.role_arn,
        min(places.agent) AS agent,
        bool_or(places.compute) AS compute
    FROM places
    INNER JOIN homes
        ON places.role_arn = homes.role_arn
        AND places.network = homes.network
    GROUP BY places.session_key, places.role_arn
)
SELECT
    places.record_key,
    CAST(NULL AS text) AS action,
    at_home.agent,
    places.role_arn,
    concat('a credential issued to compute was used from ', places.network, ' too, where the role is not at home') AS reason
FROM places
INNER JOIN at_home
    ON places.session_key = at_home.session_key
    AND places.role_arn = at_home.role_arn
LEFT ANTI JOIN homes
    ON places.role_arn = homes.role_arn
    AND places.network = homes.network
WHERE at_home.compute
    AND places.network <> 'private'
    AND NOT places.declared_network
