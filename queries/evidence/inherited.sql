-- Actions that an agent did not use in the review's window and has because of a binding above it: others on its role
-- need them, or the role or the policy of a resource gives them from above.
-- in:  buckets, params
-- out: action text, access_level text, used_by list of text, inherited_through list of text
-- key: action
SELECT
    buckets.action,
    buckets.access_level,
    buckets.used_by,
    buckets.inherited_through
FROM buckets
INNER JOIN params ON buckets.window_days = params.window_days
WHERE buckets.agent = $agent
    AND buckets.role_arn = $role_arn
    AND buckets.bucket = 'inherited'
ORDER BY buckets.action
