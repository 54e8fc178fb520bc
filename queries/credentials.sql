-- Every session credential: who had it issued to whom, under which other one, what it was limited to, how long it lasts,
-- whose it is, and from where it was used. Beside those whose issue was recorded, those that were used under a role
-- without that the lake has their issue (`link` is `unrecorded`).
--
-- A credential expires after the duration that was asked for, else after the default of the call; of one that a service
-- asked for without naming a duration it is not known. It may be revoked, and a federated one may end, before that.
-- Calls that a service makes in a session's name have no address of the caller and are counted, but not their places.
-- Source: AWS STS API Reference, `DurationSeconds` of each action (900 to 129600 seconds); IAM User Guide, "Passing session
-- tags in AWS STS" (transitive tags); AWS CloudTrail User Guide, "CloudTrail userIdentity element".
-- DataFusion only: json_get_str, json_get_int, json_get_json (functions of its JSON library).
-- in:  events, issue_records, issued_sessions, sessions, role_calls, principals, attribution
-- out: credential_id text, access_key_id text (null where the records hide it), issued_by text (service, ARN, federated user
--      or role session), event_name text (the call that issued it), issued_at timestamp, expires_at timestamp, role_arn
--      text, principal_id text (role id and session name), parent_id text, link text (see sessions; unrecorded), depth
--      bigint, root_id text, root_service text (the service or kind of caller that the chain begins with), root_subject
--      text, root_service_account text, root_session_name text, root_compute text, source_identity text, agent text (null
--      where it was not used under a role), rule text, session_policy text, session_policy_arns text (JSON), session_tags
--      text (JSON), transitive_tag_keys text (JSON), incoming_transitive_tags text (JSON), calls bigint, first_used
--      timestamp, last_used timestamp, source_ip_addresses bigint, user_agents bigint
-- key: credential_id
WITH asked AS (
    SELECT
        issue_records.session_id,
        max(json_get_str(events.request_parameters, 'policy')) AS session_policy,
        max(json_get_json(events.request_parameters, 'policyArns')) AS session_policy_arns,
        max(events.session_tags) AS session_tags,
        max(json_get_json(events.request_parameters, 'transitiveTagKeys')) AS transitive_tag_keys,
        max(json_get_json(events.request_parameters, 'incomingTransitiveTags')) AS incoming_transitive_tags,
        max(json_get_int(events.request_parameters, 'durationSeconds')) AS duration_seconds
    FROM events
    INNER JOIN issue_records ON events.record_key = issue_records.record_key
    WHERE events.error_code IS NULL
        AND (events.issued_access_key_id IS NOT NULL OR events.assumed_role_id IS NOT NULL)
    GROUP BY issue_records.session_id
),
callers AS (
    SELECT
        role_calls.principal_key,
        min(role_calls.session_key) AS session_key,
        min(role_calls.access_key_id) AS access_key_id,
        min(role_calls.principal_id) AS principal_id,
        min(role_calls.session_created_at) AS session_created_at,
        count(*) AS calls,
        min(role_calls.event_time) AS first_used,
        max(role_calls.event_time) AS last_used
    FROM role_calls
    GROUP BY role_calls.principal_key
),
other_callers AS (
    SELECT
        issued_sessions.session_id,
        events.source_ip_address,
        events.user_agent,
        count(*) AS calls,
        min(events.event_time) AS first_used,
        max(events.event_time) AS last_used
    FROM events
    INNER JOIN issued_sessions ON events.user_identity_access_key_id = issued_sessions.access_key_id
    WHERE coalesce(events.user_identity_type, '') NOT IN ('AssumedRole', 'Role', '')
    GROUP BY issued_sessions.session_id, events.source_ip_address, events.user_agent
),
used AS (
    SELECT
        coalesce(principals.session_id, callers.session_key) AS credential_id,
        principals.session_id,
        callers.access_key_id,
        callers.principal_id,
        callers.session_created_at,
        principals.role_arn,
        principals.source_identity,
        principals.source_ip_address,
        principals.user_agent,
        attribution.agent,
        attribution.rule,
        callers.calls,
        callers.first_used,
        callers.last_used
    FROM callers
    INNER JOIN principals ON callers.principal_key = principals.principal_key
    INNER JOIN attribution ON callers.principal_key = attribution.principal_key
    WHERE coalesce(principals.session_id, callers.session_key) IS NOT NULL
    UNION ALL
    SELECT
        other_callers.session_id AS credential_id,
        other_callers.session_id,
        NULL AS access_key_id,
        NULL AS principal_id,
        NULL AS session_created_at,
        NULL AS role_arn,
        NULL AS source_identity,
        other_callers.source_ip_address,
        other_callers.user_agent,
        NULL AS agent,
        NULL AS rule,
        other_callers.calls,
        other_callers.first_used,
        other_callers.last_used
    FROM other_callers
),
places AS (
    SELECT DISTINCT
        used.credential_id,
        used.source_ip_address,
        used.user_agent
    FROM used
    WHERE used.source_ip_address NOT LIKE '%.amazonaws.com'
        AND used.source_ip_address <> 'AWS Internal'
),
addresses AS (
    SELECT DISTINCT
        places.credential_id,
        places.source_ip_address
    FROM places
),
clients AS (
    SELECT DISTINCT
        places.credential_id,
        places.user_agent
    FROM places
    WHERE places.user_agent IS NOT NULL
),
address_counts AS (
    SELECT
        addresses.credential_id,
        count(*) AS source_ip_addresses
    FROM addresses
    GROUP BY addresses.credential_id
),
client_counts AS (
    SELECT
        clients.credential_id,
        count(*) AS user_agents
    FROM clients
    GROUP BY clients.credential_id
),
uses AS (
    SELECT
        used.credential_id,
        max(used.session_id) AS session_id,
        max(used.access_key_id) AS access_key_id,
        max(used.principal_id) AS principal_id,
        min(used.session_created_at) AS session_created_at,
        max(used.role_arn) AS role_arn,
        max(used.source_identity) AS source_identity,
        CASE WHEN min(used.agent) = max(used.agent) THEN min(used.agent) ELSE 'several' END AS agent,
        CASE WHEN min(used.rule) = max(used.rule) THEN min(used.rule) ELSE 'several' END AS rule,
        max(used.agent) IS NOT NULL AS attributed,
        sum(used.calls) AS calls,
        min(used.first_used) AS first_used,
        max(used.last_used) AS last_used
    FROM used
    GROUP BY used.credential_id
),
issues AS (
    SELECT
        issued_sessions.session_id,
        issued_sessions.access_key_id,
        issued_sessions.caller,
        issued_sessions.event_name,
        issued_sessions.issued_at,
        issued_sessions.role_arn,
        issued_sessions.assumed_role_id,
        CASE
            WHEN asked.duration_seconds BETWEEN 900 AND 129600 THEN asked.duration_seconds
            WHEN issued_sessions.service LIKE '%.amazonaws.com' THEN NULL
            WHEN issued_sessions.event_name LIKE 'AssumeRole%' THEN 3600
            WHEN issued_sessions.event_name = 'AssumeRoot' THEN 900
            WHEN issued_sessions.event_name IN ('GetFederationToken', 'GetSessionToken')
                THEN CASE WHEN issued_sessions.service = 'Root' THEN 3600 ELSE 43200 END
        END AS lasts_seconds,
        asked.session_policy,
        asked.session_policy_arns,
        asked.session_tags,
        asked.transitive_tag_keys,
        asked.incoming_transitive_tags
    FROM issued_sessions
    INNER JOIN asked ON issued_sessions.session_id = asked.session_id
)
SELECT
    coalesce(issues.session_id, uses.credential_id) AS credential_id,
    coalesce(issues.access_key_id, uses.access_key_id) AS access_key_id,
    issues.caller AS issued_by,
    issues.event_name,
    coalesce(issues.issued_at, uses.session_created_at) AS issued_at,
    issues.issued_at + CAST(CAST(issues.lasts_seconds AS TEXT) || ' seconds' AS INTERVAL) AS expires_at,
    coalesce(issues.role_arn, uses.role_arn) AS role_arn,
    coalesce(issues.assumed_role_id, uses.principal_id) AS principal_id,
    sessions.parent_id,
    coalesce(sessions.link, 'unrecorded') AS link,
    sessions.depth,
    sessions.root_id,
    sessions.origin_service AS root_service,
    sessions.origin_subject AS root_subject,
    sessions.origin_service_account AS root_service_account,
    sessions.origin_session_name AS root_session_name,
    sessions.origin_compute AS root_compute,
    coalesce(sessions.origin_source_identity, uses.source_identity) AS source_identity,
    CASE WHEN uses.attributed THEN uses.agent END AS agent,
    CASE WHEN uses.attributed THEN uses.rule END AS rule,
    issues.session_policy,
    issues.session_policy_arns,
    issues.session_tags,
    issues.transitive_tag_keys,
    issues.incoming_transitive_tags,
    coalesce(uses.calls, 0) AS calls,
    uses.first_used,
    uses.last_used,
    coalesce(address_counts.source_ip_addresses, 0) AS source_ip_addresses,
    coalesce(client_counts.user_agents, 0) AS user_agents
FROM issues
FULL JOIN uses ON issues.session_id = uses.credential_id
LEFT JOIN sessions ON issues.session_id = sessions.session_id
LEFT JOIN address_counts ON uses.credential_id = address_counts.credential_id
LEFT JOIN client_counts ON uses.credential_id = client_counts.credential_id
