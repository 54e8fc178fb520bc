-- Which agents need which granted action of a role: those that exercised it for their work in the window. That an
-- envelope names an action bounds the agent's work; it is no evidence that the work needs it.
-- in:  granted, exercised
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
