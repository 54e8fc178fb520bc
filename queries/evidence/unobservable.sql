-- Actions that a role grants an agent and whose use the log could not have shown, and what to turn on.
-- in:  buckets, params
-- out: action text, access_level text, because text, turn_on text
-- key: action
SELECT
    buckets.action,
    buckets.access_level,
    buckets.because,
    buckets.turn_on
FROM buckets
INNER JOIN params ON buckets.window_days = params.window_days
WHERE buckets.agent = $agent
    AND buckets.role_arn = $role_arn
    AND buckets.bucket = 'unobservable'
ORDER BY buckets.action
