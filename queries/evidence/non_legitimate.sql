-- Authorized calls of an agent in the review's window that one legitimacy rule caught.
-- in:  non_legitimate
-- out: action text, reason text, calls bigint, first_call timestamp, last_call timestamp, sample_record_keys list of text
-- key: action, reason
SELECT
    non_legitimate.action,
    non_legitimate.reason,
    non_legitimate.calls,
    non_legitimate.first_call,
    non_legitimate.last_call,
    non_legitimate.sample_record_keys
FROM non_legitimate
WHERE non_legitimate.agent = $agent
    AND non_legitimate.role_arn = $role_arn
    AND non_legitimate.rule = $rule
ORDER BY non_legitimate.action, non_legitimate.reason
