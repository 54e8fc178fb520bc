-- One credential used from another network with another client than at home, or from many networks, or by many clients.
-- id: credential_from_several_places
-- title: One credential from several networks or clients
-- severity: medium
-- effect: finding
-- standards: OWASP Agentic Top 10 ASI03, OWASP NHI Top 10 NHI9, OWASP NHI Top 10 NHI2, NIST SP 800-207 2.1,
--      NIST AI RMF MEASURE 2.7, CSA MAESTRO layer 4
-- parameters: public_networks bigint 3 - different public networks of one credential from which on they are many
--      clients bigint 4 - different clients of one credential from which on they are many
-- false_positives: a workload that calls some services through a VPC endpoint and others through NAT with another SDK;
--      an IPv4 and an IPv6 route side by side; egress through a proxy that changes its addresses
--
-- Home is a network that the agent declares or a private one, else the one that the credential was first used from.
-- Other networks that the agent declares, private ones, calls by services and sessions of people in the console do not
-- count; clients of an instance's credential do not, since all that runs on the instance shares it. The same client in
-- another network is no finding below the number of public networks, since NAT and VPC endpoints look so.
-- in:  credential_uses
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
WITH places AS (
    SELECT
        credential_uses.session_key,
        credential_uses.role_arn,
        credential_uses.network,
        credential_uses.client,
        bool_or(credential_uses.instance) AS instance,
        bool_or(credential_uses.declared_network) AS declared_network,
        min(credential_uses.agent) AS agent,
        min(credential_uses.first_call) AS first_call,
        min(credential_uses.record_key) AS record_key
    FROM credential_uses
    WHERE credential_uses.session_key IS NOT NULL
        AND credential_uses.network IS NOT NULL
        AND credential_uses.client <> ''
        AND NOT credential_uses.console
    GROUP BY
        credential_uses.session_key, credential_uses.role_arn, credential_uses.network, credential_uses.client
),
keyed AS (
    SELECT
        places.session_key,
        places.role_arn,
        places.network,
        places.agent,
        concat(
            CASE WHEN places.declared_network OR places.network = 'private' THEN '0 ' ELSE '1 ' END,
            CAST(places.first_call AS text), ' ', places.network, ' ', places.client
        ) AS place
    FROM places
),
first_places AS (
    -- The smallest of these texts is home's: a place that the agent declares or a private one, then the earliest.
    SELECT
        keyed.session_key,
        keyed.role_arn,
        min(keyed.place) AS place
    FROM keyed
    GROUP BY keyed.session_key, keyed.role_arn
),
home AS (
    SELECT
        keyed.session_key,
        keyed.role_arn,
        keyed.network,
        keyed.agent
    FROM keyed
    INNER JOIN first_places
        ON keyed.session_key = first_places.session_key
        AND keyed.role_arn = first_places.role_arn
        AND keyed.place = first_places.place
),
home_clients AS (
    SELECT DISTINCT
        places.session_key,
        places.role_arn,
        places.client
    FROM places
    INNER JOIN home
        ON places.session_key = home.session_key
        AND places.role_arn = home.role_arn
        AND places.network = home.network
),
strange AS (
    SELECT
        places.session_key,
        places.role_arn,
        places.record_key,
        concat('used from ', home.network, ', and from ', places.network, ' by another client, ', places.client) AS reason
    FROM places
    INNER JOIN home
        ON places.session_key = home.session_key
        AND places.role_arn = home.role_arn
    LEFT ANTI JOIN home_clients
        ON places.session_key = home_clients.session_key
        AND places.role_arn = home_clients.role_arn
        AND places.client = home_clients.client
    WHERE places.network <> home.network
        AND places.network <> 'private'
        AND NOT places.declared_network
),
public_networks AS (
    SELECT DISTINCT
        places.session_key,
        places.role_arn,
        places.network
    FROM places
    WHERE places.network <> 'private'
        AND NOT places.declared_network
),
many_networks AS (
    SELECT
        public_networks.session_key,
        public_networks.role_arn,
        count(*) AS networks
    FROM public_networks
    GROUP BY public_networks.session_key, public_networks.role_arn
),
session_clients AS (
    SELECT DISTINCT
        places.session_key,
        places.role_arn,
        places.client
    FROM places
    WHERE NOT places.instance
),
many_clients AS (
    SELECT
        session_clients.session_key,
        session_clients.role_arn,
        count(*) AS clients
    FROM session_clients
    GROUP BY session_clients.session_key, session_clients.role_arn
),
samples AS (
    SELECT
        places.session_key,
        places.role_arn,
        max(places.record_key) AS record_key
    FROM places
    GROUP BY places.session_key, places.role_arn
),
found AS (
    SELECT
        strange.session_key,
        strange.role_arn,
        strange.record_key,
        strange.reason
    FROM strange
    UNION ALL
    SELECT
        samples.session_key,
        samples.role_arn,
        samples.record_key,
        concat('used from ', CAST(many_networks.networks AS text), ' public networks') AS reason
    FROM many_networks
    CROSS JOIN credential_from_several_places_parameters
    INNER JOIN samples
        ON many_networks.session_key = samples.session_key
        AND many_networks.role_arn = samples.role_arn
    WHERE many_networks.networks >= credential_from_several_places_parameters.public_networks
    UNION ALL
    SELECT
        samples.session_key,
        samples.role_arn,
        samples.record_key,
        concat('used by ', CAST(many_clients.clients AS text), ' different clients') AS reason
    FROM many_clients
    CROSS JOIN credential_from_several_places_parameters
    INNER JOIN samples
        ON many_clients.session_key = samples.session_key
        AND many_clients.role_arn = samples.role_arn
    WHERE many_clients.clients >= credential_from_several_places_parameters.clients
)
SELECT
    found.record_key,
    CAST(NULL AS text) AS action,
    home.agent,
    found.role_arn,
    found.reason
FROM found
INNER JOIN home
    ON found.session_key = home.session_key
    AND found.role_arn = home.role_arn
