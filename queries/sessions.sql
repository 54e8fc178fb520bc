-- Every session with the first session of its chain: a session that was issued under another one belongs to the origin
-- of that one. Columns that begin with `origin_` are the first session's, or where that says nothing, those of the next
-- that does.
-- A chain is followed over at most 16 links. Sessions that are each other's parents have no first one, and what hangs on
-- them neither: each stands for itself, and so does what lies farther than 16 links from its first session.
-- Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element"; IAM User Guide, "Role chaining".
-- in:  issued_sessions, session_links
-- out: session_id text, parent_id text, root_id text, link text (access_key, role_session_and_second, role_session: how
--      the parent was found; missing: the parent is not in the lake; none: it has no parent; endless: the chain has no
--      first session within 16 links), access_key_id text (null where the record hides it), assumed_role_id text, issued_at
--      timestamp, depth bigint, origin_subject text, origin_service_account text (namespace/name),
--      origin_source_identity text, origin_session_name text, origin_compute text, origin_source_arn text, origin_service
--      text, origin_link text (none or missing: whether the first session that the lake knows is the first there was)
-- key: session_id
WITH RECURSIVE chain AS (
    SELECT
        issued_sessions.session_id,
        CAST(NULL AS TEXT) AS parent_id,
        issued_sessions.session_id AS root_id,
        session_links.link,
        session_links.link AS origin_link,
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
    INNER JOIN session_links ON issued_sessions.session_id = session_links.session_id
    WHERE session_links.parent_id IS NULL
    UNION ALL
    SELECT
        issued_sessions.session_id,
        session_links.parent_id,
        chain.root_id,
        session_links.link,
        chain.origin_link,
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
    INNER JOIN session_links ON chain.session_id = session_links.parent_id
    INNER JOIN issued_sessions ON session_links.session_id = issued_sessions.session_id
    WHERE chain.depth < 16
),
endless AS (
    SELECT
        issued_sessions.session_id,
        session_links.parent_id,
        issued_sessions.session_id AS root_id,
        'endless' AS link,
        'endless' AS origin_link,
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
    INNER JOIN session_links ON issued_sessions.session_id = session_links.session_id
    LEFT ANTI JOIN chain ON issued_sessions.session_id = chain.session_id
),
every AS (
    SELECT
        chain.session_id,
        chain.parent_id,
        chain.root_id,
        chain.link,
        chain.origin_link,
        chain.access_key_id,
        chain.assumed_role_id,
        chain.issued_at,
        chain.depth,
        chain.subject,
        chain.service_account,
        chain.source_identity,
        chain.first_session_name,
        chain.compute,
        chain.source_arn,
        chain.service
    FROM chain
    UNION ALL
    SELECT
        endless.session_id,
        endless.parent_id,
        endless.root_id,
        endless.link,
        endless.origin_link,
        endless.access_key_id,
        endless.assumed_role_id,
        endless.issued_at,
        endless.depth,
        endless.subject,
        endless.service_account,
        endless.source_identity,
        endless.first_session_name,
        endless.compute,
        endless.source_arn,
        endless.service
    FROM endless
)
SELECT
    every.session_id,
    every.parent_id,
    every.root_id,
    every.link,
    every.access_key_id,
    every.assumed_role_id,
    every.issued_at,
    every.depth,
    every.subject AS origin_subject,
    every.service_account AS origin_service_account,
    every.source_identity AS origin_source_identity,
    every.first_session_name AS origin_session_name,
    every.compute AS origin_compute,
    every.source_arn AS origin_source_arn,
    every.service AS origin_service,
    every.origin_link
FROM every
