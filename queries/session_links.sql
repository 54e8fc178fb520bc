-- The session under which each session was issued: its parent, and how the two were found to belong together.
--
-- By the caller's access key, which the parent's issue shows; else, where one of the two records shows no key, by role
-- session and the second in which the caller's session began (to one second); else, where the record shows neither key
-- nor beginning (the role owner's record of a caller from another account), by role session alone, if all sessions of
-- that role session came about in the same way and one was issued within the 12 hours that a role session can last.
-- What several sessions fit that came about in different ways has no parent here, rather than a wrong one.
-- Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element" (creationDate); IAM User Guide, "Update the
-- maximum session duration for a role" (12 hours).
-- in:  issued_sessions
-- out: session_id text, parent_id text, link text (access_key, role_session_and_second, role_session; missing: it was
--      issued under a session that the lake does not know; none: it was not issued under a session)
-- key: session_id
WITH by_key AS (
    SELECT
        issued_sessions.session_id,
        parents.session_id AS parent_id
    FROM issued_sessions
    INNER JOIN issued_sessions AS parents ON issued_sessions.caller_key = parents.access_key_id
    WHERE issued_sessions.session_id <> parents.session_id
),
unlinked AS (
    SELECT
        issued_sessions.session_id,
        issued_sessions.caller_key,
        issued_sessions.caller_id,
        issued_sessions.caller_created_at,
        issued_sessions.issued_at
    FROM issued_sessions
    LEFT ANTI JOIN by_key ON issued_sessions.session_id = by_key.session_id
    WHERE issued_sessions.caller_id IS NOT NULL
),
ways AS (
    SELECT
        issued_sessions.session_id,
        issued_sessions.access_key_id,
        issued_sessions.assumed_role_id,
        issued_sessions.issued_at,
        concat(
            coalesce(issued_sessions.caller_key, issued_sessions.caller_id, ''), '|', coalesce(issued_sessions.subject, ''), '|',
            coalesce(issued_sessions.service_account, ''), '|', coalesce(issued_sessions.source_identity, ''), '|',
            coalesce(issued_sessions.first_session_name, ''), '|', coalesce(issued_sessions.compute, ''), '|',
            coalesce(issued_sessions.source_arn, ''), '|', coalesce(issued_sessions.service, '')
        ) AS way
    FROM issued_sessions
    LEFT SEMI JOIN unlinked ON issued_sessions.assumed_role_id = unlinked.caller_id
),
seconds AS (
    SELECT
        unlinked.session_id,
        unlinked.caller_key,
        unlinked.caller_id,
        unlinked.caller_created_at + steps.step AS moment
    FROM unlinked
    CROSS JOIN (VALUES (INTERVAL '-1 second'), (INTERVAL '0 seconds'), (INTERVAL '1 second')) AS steps (step)
    WHERE unlinked.caller_created_at IS NOT NULL
),
by_second AS (
    SELECT
        seconds.session_id,
        first_value(ways.session_id ORDER BY ways.issued_at, ways.session_id) AS parent_id
    FROM seconds
    INNER JOIN ways ON seconds.caller_id = ways.assumed_role_id AND seconds.moment = ways.issued_at
    WHERE seconds.session_id <> ways.session_id
        AND (seconds.caller_key IS NULL OR ways.access_key_id IS NULL)
    GROUP BY seconds.session_id
    HAVING min(ways.way) = max(ways.way)
),
hours AS (
    SELECT
        ways.assumed_role_id,
        date_trunc('hour', ways.issued_at) AS hour,
        min(ways.issued_at) AS first_issued_at,
        first_value(ways.session_id ORDER BY ways.issued_at, ways.session_id) AS session_id
    FROM ways
    GROUP BY ways.assumed_role_id, date_trunc('hour', ways.issued_at)
),
alike AS (
    SELECT ways.assumed_role_id
    FROM ways
    GROUP BY ways.assumed_role_id
    HAVING min(ways.way) = max(ways.way)
),
by_name AS (
    SELECT
        unlinked.session_id,
        last_value(hours.session_id ORDER BY hours.hour, hours.session_id) AS parent_id
    FROM unlinked
    INNER JOIN alike ON unlinked.caller_id = alike.assumed_role_id
    INNER JOIN hours ON unlinked.caller_id = hours.assumed_role_id
    WHERE unlinked.caller_key IS NULL
        AND unlinked.caller_created_at IS NULL
        AND hours.first_issued_at <= unlinked.issued_at
        AND hours.first_issued_at > unlinked.issued_at - INTERVAL '12 hours'
        AND hours.session_id <> unlinked.session_id
    GROUP BY unlinked.session_id
)
SELECT
    issued_sessions.session_id,
    coalesce(by_key.parent_id, by_second.parent_id, by_name.parent_id) AS parent_id,
    CASE
        WHEN by_key.parent_id IS NOT NULL THEN 'access_key'
        WHEN by_second.parent_id IS NOT NULL THEN 'role_session_and_second'
        WHEN by_name.parent_id IS NOT NULL THEN 'role_session'
        WHEN issued_sessions.caller_id IS NOT NULL OR issued_sessions.caller_key LIKE 'ASIA%' THEN 'missing'
        ELSE 'none'
    END AS link
FROM issued_sessions
LEFT JOIN by_key ON issued_sessions.session_id = by_key.session_id
LEFT JOIN by_second ON issued_sessions.session_id = by_second.session_id
LEFT JOIN by_name ON issued_sessions.session_id = by_name.session_id
