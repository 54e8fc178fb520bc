-- Every granted action of every agent and role, per window, judged: `needed` where a call for the agent's work certainly
-- needed it, `uncertain` where the log cannot tell, and `excess` otherwise, with its weight.
--
-- Uncertain is what the log could not have shown, what calls only possibly needed, and what only calls without an agent
-- used. See docs/measures.md.
-- in:  buckets, level_weights
-- out: agent text, role_arn text, action text, access_level text, window_days bigint, weight bigint, need text (needed,
--      uncertain, excess), undecided_grant boolean (whether it is granted at all hangs on what is not known)
-- key: agent, role_arn, action, window_days
SELECT
    buckets.agent,
    buckets.role_arn,
    buckets.action,
    buckets.access_level,
    buckets.window_days,
    coalesce(level_weights.weight, 5) AS weight,
    CASE
        WHEN buckets.bucket = 'used' AND buckets.legitimate_calls > 0 AND NOT buckets.possible THEN 'needed'
        WHEN buckets.unobservable OR buckets.possible OR buckets.unattributed_use THEN 'uncertain'
        ELSE 'excess'
    END AS need,
    buckets.undecided_grant
FROM buckets
LEFT JOIN level_weights ON coalesce(buckets.access_level, '') = level_weights.access_level
