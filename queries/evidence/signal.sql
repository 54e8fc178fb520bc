-- Records of an agent in the review's window that one legitimacy rule found worth a look.
-- in:  signals
-- out: action text, reason text, records bigint, first_call timestamp, last_call timestamp, sample_record_keys list of text
-- key: action, reason
SELECT
    signals.action,
    signals.reason,
    signals.records,
    signals.first_call,
    signals.last_call,
    signals.sample_record_keys
FROM signals
WHERE signals.agent = $agent
    AND signals.role_arn = $role_arn
    AND signals.rule = $rule
ORDER BY signals.action, signals.reason
