-- What legitimacy rules found in the review's window that makes no call non-legitimate, with up to five records of each:
-- all that rules of the effect `finding` caught, and what the others caught of agents that nobody declared. What a
-- caller did whom no agent could be named for is told to every agent that is bound to the role.
--
-- `records` counts the records that the rule gave, which can be one for many calls; the action is the rule's, else the
-- first that the record needs, else the name of the event.
-- DataFusion only: array_agg with an order.
-- in:  rule_hits, legitimacy, agents, bindings, role_calls, windows, params
-- out: agent text, role_arn text, action text, rule text, reason text, records bigint, first_call timestamp,
--      last_call timestamp, sample_record_keys list of text
-- key: agent, role_arn, action, rule, reason
WITH hits AS (
    SELECT DISTINCT
        rule_hits.rule,
        rule_hits.record_key,
        rule_hits.action,
        rule_hits.agent,
        rule_hits.role_arn,
        rule_hits.reason
    FROM rule_hits
    LEFT ANTI JOIN legitimacy
        ON rule_hits.rule = legitimacy.rule
        AND rule_hits.record_key = legitimacy.record_key
),
bound AS (
    SELECT DISTINCT
        bindings.agent,
        bindings.role_arn
    FROM bindings
),
owned AS (
    SELECT
        hits.rule,
        hits.record_key,
        hits.action,
        hits.agent,
        hits.role_arn,
        hits.reason
    FROM hits
    INNER JOIN agents ON hits.agent = agents.agent
    UNION ALL
    SELECT
        hits.rule,
        hits.record_key,
        hits.action,
        bound.agent,
        hits.role_arn,
        concat(hits.reason, '; no agent could be named for the caller') AS reason
    FROM hits
    INNER JOIN bound ON hits.role_arn = bound.role_arn
    WHERE hits.agent = 'unattributed'
),
timed AS (
    SELECT
        owned.agent,
        owned.role_arn,
        coalesce(
            owned.action,
            role_calls.actions[1]['action'],
            concat(split_part(role_calls.event_source, '.', 1), ':', role_calls.event_name)
        ) AS action,
        owned.rule,
        owned.reason,
        owned.record_key,
        role_calls.event_time
    FROM owned
    INNER JOIN role_calls ON owned.record_key = role_calls.record_key
    CROSS JOIN params
    INNER JOIN windows
        ON windows.window_days = params.window_days
        AND role_calls.event_time >= windows.starts_at
        AND role_calls.event_time < windows.ends_at
),
numbered AS (
    SELECT
        timed.agent,
        timed.role_arn,
        timed.action,
        timed.rule,
        timed.reason,
        timed.record_key,
        timed.event_time,
        row_number() OVER (
            PARTITION BY timed.agent, timed.role_arn, timed.action, timed.rule, timed.reason
            ORDER BY timed.record_key
        ) AS number
    FROM timed
)
SELECT
    numbered.agent,
    numbered.role_arn,
    numbered.action,
    numbered.rule,
    numbered.reason,
    count(*) AS records,
    min(numbered.event_time) AS first_call,
    max(numbered.event_time) AS last_call,
    array_agg(numbered.record_key ORDER BY numbered.record_key) FILTER (WHERE numbered.number <= 5)
        AS sample_record_keys
FROM numbered
GROUP BY numbered.agent, numbered.role_arn, numbered.action, numbered.rule, numbered.reason
