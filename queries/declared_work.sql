-- Actions among the watched ones that the envelope of an agent names: by name or by a pattern narrower than a whole
-- service. `*` and `cloudtrail:*` name none of them: nobody who writes them has turning off a trail in mind.
-- DataFusion only: action_match (function of curtail).
-- in:  watched_calls, envelopes
-- out: agent text, action text
-- key: agent, action
WITH actions AS (
    SELECT DISTINCT
        watched_calls.agent,
        watched_calls.action
    FROM watched_calls
)
SELECT DISTINCT
    actions.agent,
    actions.action
FROM actions
INNER JOIN envelopes
    ON actions.agent = envelopes.agent
    AND envelopes.kind = 'action'
WHERE action_match(envelopes.pattern, actions.action)
    AND envelopes.pattern <> '*'
    AND envelopes.pattern NOT LIKE '%:*'
