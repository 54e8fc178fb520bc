-- What each issued session was narrowed or marked by when it was asked for: session policies make its rights smaller than
-- the role's, a source identity or a web identity's subject tells whose it is. One row per access key, of the records
-- that show it.
-- Source: AWS STS API Reference, `AssumeRole` and `GetFederationToken`, Policy, PolicyArns, SourceIdentity.
-- DataFusion only: json_get_str, json_length.
-- in:  events
-- out: access_key_id text, caller_key text (access key of who asked), issued_role_arn text (null: not told), issued_at
--      timestamp, session_policy boolean, source_identity boolean
-- key: access_key_id
SELECT
    events.issued_access_key_id AS access_key_id,
    max(nullif(events.user_identity_access_key_id, '')) AS caller_key,
    max(json_get_str(events.request_parameters, 'roleArn')) AS issued_role_arn,
    min(events.event_time) AS issued_at,
    bool_or(coalesce(json_get_str(events.request_parameters, 'policy') <> '', false)
        OR coalesce(json_length(events.request_parameters, 'policyArns') > 0, false)) AS session_policy,
    bool_or(coalesce(events.requested_source_identity, events.session_source_identity) IS NOT NULL) AS source_identity
FROM events
WHERE events.issued_access_key_id <> ''
    AND events.error_code IS NULL
GROUP BY events.issued_access_key_id
