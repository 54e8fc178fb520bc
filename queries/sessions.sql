-- Every session with the first session of its chain: a key that was issued to a caller who held an issued key himself
-- belongs to the origin of that caller's key. Columns that begin with `origin_` are the first session's, or where that
-- says nothing, those of the next that does.
-- Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element"; `responseElements.credentials.accessKeyId` of
-- the parent is `userIdentity.accessKeyId` of its calls. A chain is followed over at most 16 links.
-- in:  issued_sessions
-- out: access_key_id text (null where the record hides it), assumed_role_id text, issued_at timestamp, depth bigint,
--      origin_subject text, origin_service_account text (namespace/name), origin_source_identity text,
--      origin_session_name text, origin_compute text, origin_source_arn text, origin_service text
-- key: access_key_id; where it is null: assumed_role_id, issued_at
WITH RECURSIVE chain AS (
    SELECT
        issued_sessions.session_id,
        issued_sessions.access_key_id,
        issued_sessions.assumed_role_id,
        issued_sessions.issued_at,
        CAST(0 AS BIGINT) AS depth,
        issued_sessions.subject,
        issued_sessions.service_account,
        issued_sessions.source_identity,
        issued_sessions.first_session_name,
        issued_sessions.compute,
        issued_sessions.source_arn,
        issued_sessions.service
    FROM issued_sessions
    LEFT JOIN issued_sessions AS parent ON issued_sessions.caller_key = parent.access_key_id
    WHERE parent.session_id IS NULL
    UNION ALL
    SELECT
        issued_sessions.session_id,
        issued_sessions.access_key_id,
        issued_sessions.assumed_role_id,
        issued_sessions.issued_at,
        chain.depth + 1 AS depth,
        coalesce(chain.subject, issued_sessions.subject) AS subject,
        coalesce(chain.service_account, issued_sessions.service_account) AS service_account,
        coalesce(chain.source_identity, issued_sessions.source_identity) AS source_identity,
        coalesce(chain.first_session_name, issued_sessions.first_session_name) AS first_session_name,
        coalesce(chain.compute, issued_sessions.compute) AS compute,
        coalesce(chain.source_arn, issued_sessions.source_arn) AS source_arn,
        coalesce(chain.service, issued_sessions.service) AS service
    FROM chain
    INNER JOIN issued_sessions ON issued_sessions.caller_key = chain.access_key_id
    WHERE chain.depth < 16
)
SELECT
    chain.access_key_id,
    chain.assumed_role_id,
    chain.issued_at,
    chain.depth,
    chain.subject AS origin_subject,
    chain.service_account AS origin_service_account,
    chain.source_identity AS origin_source_identity,
    chain.first_session_name AS origin_session_name,
    chain.compute AS origin_compute,
    chain.source_arn AS origin_source_arn,
    chain.service AS origin_service
FROM chain
