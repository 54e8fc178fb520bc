-- What earlier reviews said of excess, from the findings that the lake keeps: how many of the granted actions of an agent
-- and role each found never used. Counted by action, since findings keep no weights of what is granted.
-- DataFusion only: json_get_int, try_cast.
-- in:  findings
-- out: as_of timestamp, run_id text, agent text, role_arn text, window_days bigint, granted_actions bigint,
--      never_used_actions bigint, never_used_share double (0 to 100; null where nothing was granted)
-- key: run_id, agent, role_arn
WITH told AS (
    SELECT
        findings.as_of,
        findings.run_id,
        findings.agent,
        findings.role_arn,
        json_get_int(findings.evidence, 'window_days') AS window_days,
        json_get_int(findings.evidence, 'granted') AS granted_actions,
        json_get_int(findings.evidence, 'actions_total') AS never_used_actions
    FROM findings
    WHERE findings.category = 'never_used'
)
SELECT
    told.as_of,
    told.run_id,
    told.agent,
    told.role_arn,
    told.window_days,
    told.granted_actions,
    told.never_used_actions,
    CASE WHEN told.granted_actions > 0
        THEN round(100.0 * told.never_used_actions / told.granted_actions, 1)
    END AS never_used_share
FROM told
