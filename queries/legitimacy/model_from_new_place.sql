-- Models invoked from a region or by a client that the agent did not invoke them from in its baseline.
-- id: model_from_new_place
-- title: Models invoked from a new region or client
-- severity: low
-- effect: finding
-- standards: OWASP Agentic Top 10 ASI02, OWASP Agentic Top 10 ASI04, OWASP NHI Top 10 NHI9, NIST SP 800-207 2.1,
--      NIST AI RMF MEASURE 3.1, CSA MAESTRO layer 1
-- parameters: model_days bigint 5 - days of the baseline on which the agent invoked models, below which nothing is said
-- false_positives: a move to another region or SDK that was meant
--
-- Silent while the agent's baseline is learning. One record stands for each region or client and role. A region that the
-- agent's envelope names, and a service that invokes the model in the agent's name, are nothing new.
-- DataFusion only: wildcard_match (function of curtail).
-- in:  credential_uses, baselines, envelopes
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
WITH invoked AS (
    SELECT
        credential_uses.agent,
        credential_uses.role_arn,
        credential_uses.aws_region,
        credential_uses.client,
        credential_uses.event_date,
        credential_uses.event_date < baselines.baseline_until AS before,
        credential_uses.record_key
    FROM credential_uses
    INNER JOIN baselines
        ON credential_uses.agent = baselines.agent
        AND baselines.status = 'ready'
    WHERE credential_uses.invokes_model
),
model_days AS (
    SELECT DISTINCT
        invoked.agent,
        invoked.event_date
    FROM invoked
    WHERE invoked.before
),
known_agents AS (
    SELECT model_days.agent
    FROM model_days
    GROUP BY model_days.agent
    HAVING count(*) >= (
        SELECT min(model_from_new_place_parameters.model_days)
        FROM model_from_new_place_parameters
    )
),
places AS (
    SELECT
        invoked.agent,
        invoked.role_arn,
        'region' AS kind,
        invoked.aws_region AS place,
        invoked.before,
        invoked.record_key
    FROM invoked
    WHERE invoked.aws_region IS NOT NULL
    UNION ALL
    SELECT
        invoked.agent,
        invoked.role_arn,
        'client' AS kind,
        invoked.client AS place,
        invoked.before,
        invoked.record_key
    FROM invoked
    WHERE invoked.client <> ''
        AND invoked.client NOT LIKE '%.amazonaws.com'
),
known_places AS (
    SELECT DISTINCT
        places.agent,
        places.kind,
        places.place
    FROM places
    WHERE places.before
),
declared AS (
    SELECT DISTINCT
        places.agent,
        places.kind,
        places.place
    FROM places
    INNER JOIN envelopes
        ON places.agent = envelopes.agent
        AND envelopes.kind = 'region'
    WHERE places.kind = 'region'
        AND wildcard_match(envelopes.pattern, places.place)
)
SELECT
    min(places.record_key) AS record_key,
    CAST(NULL AS text) AS action,
    places.agent,
    places.role_arn,
    concat('models invoked from ', places.kind, ' ', places.place, ', which the baseline does not have') AS reason
FROM places
INNER JOIN known_agents ON places.agent = known_agents.agent
LEFT ANTI JOIN known_places
    ON places.agent = known_places.agent
    AND places.kind = known_places.kind
    AND places.place = known_places.place
LEFT ANTI JOIN declared
    ON places.agent = declared.agent
    AND places.kind = declared.kind
    AND places.place = declared.place
GROUP BY places.agent, places.role_arn, places.kind, places.place
