-- Which agents need which granted action of a role: those that exercised it for their work in the window, and those
-- whose envelope names it.
-- DataFusion only: action_match (function of curtail).
-- in:  granted, exercised, envelopes, windows
-- out: agent text, role_arn text, action text, window_days bigint
-- key: agent, role_arn, action, window_days
SELECT
    exercised.agent,
    exercised.role_arn,
    exercised.action,
    exercised.window_days
FROM exercised
INNER JOIN granted
    ON exercised.agent = granted.agent
    AND exercised.role_arn = granted.role_arn
    AND exercised.action = granted.action
WHERE exercised.legitimate_calls > 0
UNION
SELECT
    granted.agent,
    granted.role_arn,
    granted.action,
    windows.window_days
FROM granted
INNER JOIN envelopes
    ON granted.agent = envelopes.agent
    AND envelopes.kind = 'action'
CROSS JOIN windows
WHERE action_match(envelopes.pattern, granted.action)
