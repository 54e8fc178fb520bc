-- Actions that a role grants an agent and that no call in the review's window needed, though the log would have shown it.
-- in:  buckets, params
-- out: action text, access_level text, shared_policy boolean, because text, sources text (JSON)
-- key: action
SELECT
    buckets.action,
    buckets.access_level,
    buckets.shared_policy,
    buckets.because,
    buckets.sources
FROM buckets
INNER JOIN params ON buckets.window_days = params.window_days
WHERE buckets.agent = $agent
    AND buckets.role_arn = $role_arn
    AND buckets.bucket = 'never_used'
ORDER BY buckets.action
