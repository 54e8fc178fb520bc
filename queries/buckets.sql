-- The bucket of every granted action of every agent and role, per window: the first that fits of non_legitimate, used,
-- inherited, unobservable, never_used; the others stay as flags. What is only possibly used, or used only by calls of
-- the role that no agent could be named for, counts as used, so that no count is below the truth.
-- `confidence` tells how sure it is that the agent needs the action, or does not: recorded calls make it sure; what their
-- absence tells is as sure as the role's own `confidence` in the window, and nothing where the log could not have shown them.
-- in:  gap, confidence
-- out: agent text, role_arn text, account_id text, action text, service text, access_level text, window_days bigint,
--      bucket text, possible boolean, unattributed_use boolean, mixed boolean, inherited boolean,
--      unobservable boolean, shared_policy boolean, undecided_grant boolean, not_in_catalog boolean,
--      grant_status text, calls bigint, sessions bigint, legitimate_calls bigint, first_used timestamp,
--      last_used timestamp, used_by list of text, inherited_through list of text (see gap), recording text, observable boolean,
--      because text, turn_on text, sources text (JSON), limits text (JSON), confidence text (high, medium, low, none),
--      confidence_because text, role_age_days bigint (null: not known), role_coverage double, log_coverage double (both 0 to 1)
-- key: agent, role_arn, action, window_days
WITH sorted AS (
    SELECT
        gap.agent,
        gap.role_arn,
        gap.account_id,
        gap.action,
        gap.service,
        gap.access_level,
        gap.window_days,
        CASE
            WHEN gap.calls > 0 AND gap.legitimate_calls = 0 THEN 'non_legitimate'
            WHEN gap.legitimate_calls > 0 OR gap.unattributed_calls > 0 THEN 'used'
            WHEN gap.used_by IS NOT NULL OR gap.inherited_through IS NOT NULL THEN 'inherited'
            WHEN NOT coalesce(gap.observable, false) THEN 'unobservable'
            ELSE 'never_used'
        END AS bucket,
        gap.grant_status,
        gap.calls,
        gap.certain_calls,
        gap.sessions,
        gap.legitimate_calls,
        gap.certain_legitimate_calls,
        gap.first_used,
        gap.last_used,
        gap.unattributed_calls,
        gap.used_by,
        gap.inherited_through,
        gap.recording,
        coalesce(gap.observable, false) AS observable,
        gap.because,
        gap.turn_on,
        gap.in_catalog,
        gap.shared_policy,
        gap.sources,
        gap.limits
    FROM gap
)
SELECT
    sorted.agent,
    sorted.role_arn,
    sorted.account_id,
    sorted.action,
    sorted.service,
    sorted.access_level,
    sorted.window_days,
    sorted.bucket,
    CASE sorted.bucket
        WHEN 'non_legitimate' THEN sorted.certain_calls = 0
        WHEN 'used' THEN sorted.legitimate_calls > 0 AND sorted.certain_legitimate_calls = 0
        ELSE false
    END AS possible,
    sorted.unattributed_calls > 0 AS unattributed_use,
    sorted.legitimate_calls > 0 AND sorted.calls > sorted.legitimate_calls AS mixed,
    sorted.used_by IS NOT NULL OR sorted.inherited_through IS NOT NULL AS inherited,
    NOT sorted.observable AS unobservable,
    coalesce(sorted.shared_policy, false) AS shared_policy,
    sorted.grant_status = 'undecided' AS undecided_grant,
    NOT coalesce(sorted.in_catalog, false) AS not_in_catalog,
    sorted.grant_status,
    sorted.calls,
    sorted.sessions,
    sorted.legitimate_calls,
    sorted.first_used,
    sorted.last_used,
    sorted.used_by,
    sorted.inherited_through,
    sorted.recording,
    sorted.observable,
    sorted.because,
    sorted.turn_on,
    sorted.sources,
    sorted.limits,
    CASE
        WHEN sorted.bucket = 'non_legitimate' AND sorted.certain_calls > 0 THEN 'high'
        WHEN sorted.bucket = 'used' AND sorted.certain_legitimate_calls > 0 THEN 'high'
        WHEN sorted.bucket IN ('non_legitimate', 'used') THEN 'medium'
        WHEN sorted.bucket = 'unobservable' THEN 'none'
        WHEN NOT sorted.observable THEN 'low'
        ELSE coalesce(confidence.confidence, 'low')
    END AS confidence,
    CASE
        WHEN sorted.bucket = 'non_legitimate' AND sorted.certain_calls > 0 THEN 'its calls are in the log'
        WHEN sorted.bucket = 'used' AND sorted.certain_legitimate_calls > 0 THEN 'its calls are in the log'
        WHEN sorted.bucket IN ('non_legitimate', 'used') AND sorted.calls > 0
            THEN 'calls are in the log that only possibly need it'
        WHEN sorted.bucket = 'used' THEN 'calls of the role are in the log that no agent could be named for'
        WHEN NOT sorted.observable THEN 'the log could not have shown its calls'
        ELSE coalesce(confidence.because, 'nothing is known of the role or the log of its account')
    END AS confidence_because,
    confidence.role_age_days,
    confidence.role_coverage,
    confidence.log_coverage
FROM sorted
LEFT JOIN confidence
    ON sorted.role_arn = confidence.role_arn
    AND sorted.window_days = confidence.window_days
