-- Roles that made a call in the review's window, whatever its outcome.
-- in:  role_calls, windows, params
-- out: role_arn text
-- key: role_arn
SELECT DISTINCT role_calls.role_arn
FROM role_calls
CROSS JOIN params
INNER JOIN windows
    ON windows.window_days = params.window_days
    AND role_calls.event_time >= windows.starts_at
    AND role_calls.event_time < windows.ends_at
