-- Every authorized call that a legitimacy rule of the effect `non_legitimate` caught, by rule: the calls that were not
-- for the agent's work. Only of agents that were declared: of a role that nobody said to be an agent's, the work is not
-- known, and what a rule catches there is in `signals`.
-- in:  rule_hits, rules, agents
-- out: rule text, record_key text, action text, agent text, role_arn text, reason text
-- key: rule, record_key, action
SELECT
    rule_hits.rule,
    rule_hits.record_key,
    rule_hits.action,
    min(rule_hits.agent) AS agent,
    min(rule_hits.role_arn) AS role_arn,
    min(rule_hits.reason) AS reason
FROM rule_hits
INNER JOIN rules
    ON rule_hits.rule = rules.rule
    AND rules.effect = 'non_legitimate'
INNER JOIN agents
    ON rule_hits.agent = agents.agent
    AND agents.declared
WHERE rule_hits.record_key IS NOT NULL
    AND rule_hits.action IS NOT NULL
GROUP BY rule_hits.rule, rule_hits.record_key, rule_hits.action
