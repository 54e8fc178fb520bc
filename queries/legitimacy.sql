-- Every authorized call that a legitimacy rule caught, by rule.
-- in:  outside_envelope
-- out: rule text, record_key text, action text, agent text, role_arn text, reason text
-- key: rule, record_key, action
SELECT
    'outside_envelope' AS rule,
    outside_envelope.record_key,
    outside_envelope.action,
    outside_envelope.agent,
    outside_envelope.role_arn,
    outside_envelope.reason
FROM outside_envelope
