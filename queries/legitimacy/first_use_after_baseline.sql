-- Actions that an agent first used in the review's window, after a baseline in which it had long taken up nothing new.
-- id: first_use_after_baseline
-- title: Actions first used after a quiet baseline, to recertify
-- severity: low
-- effect: finding
-- standards: OWASP Agentic Top 10 ASI10, OWASP NHI Top 10 NHI5, NIST SP 800-207 2.1, NIST AI RMF MEASURE 3.1,
--      CSA MAESTRO layer 5
-- parameters: quiet_days bigint 14 - days at the end of the baseline in which the agent took up no new action
-- false_positives: work that comes round less often than the baseline is long, and a release that brings new work
--
-- Silent while the agent's baseline is learning. One record of the first day of use stands for each action and role.
-- in:  daily_uses, baselines
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
WITH known AS (
    SELECT
        daily_uses.agent,
        daily_uses.action,
        min(daily_uses.event_date) AS first_day
    FROM daily_uses
    INNER JOIN baselines
        ON daily_uses.agent = baselines.agent
        AND daily_uses.event_date < baselines.baseline_until
    GROUP BY daily_uses.agent, daily_uses.action
),
latest AS (
    SELECT
        known.agent,
        max(known.first_day) AS last_new_day
    FROM known
    GROUP BY known.agent
),
quiet AS (
    SELECT
        latest.agent,
        baselines.baseline_from,
        baselines.baseline_until
    FROM latest
    INNER JOIN baselines ON latest.agent = baselines.agent
    CROSS JOIN first_use_after_baseline_parameters
    WHERE baselines.status = 'ready'
        AND CAST(baselines.baseline_until AS int) - CAST(latest.last_new_day AS int) > first_use_after_baseline_parameters.quiet_days
),
first_uses AS (
    SELECT
        daily_uses.agent,
        daily_uses.role_arn,
        daily_uses.action,
        min(daily_uses.event_date) AS first_day
    FROM daily_uses
    LEFT ANTI JOIN known
        ON daily_uses.agent = known.agent
        AND daily_uses.action = known.action
    GROUP BY daily_uses.agent, daily_uses.role_arn, daily_uses.action
)
SELECT
    daily_uses.record_key,
    daily_uses.action,
    daily_uses.agent,
    daily_uses.role_arn,
    concat(
        'first used on ', CAST(daily_uses.event_date AS text), '; not used from ', CAST(quiet.baseline_from AS text),
        ' to the day before ', CAST(quiet.baseline_until AS text)
    ) AS reason
FROM daily_uses
INNER JOIN first_uses
    ON daily_uses.agent = first_uses.agent
    AND daily_uses.role_arn = first_uses.role_arn
    AND daily_uses.action = first_uses.action
    AND daily_uses.event_date = first_uses.first_day
INNER JOIN quiet ON daily_uses.agent = quiet.agent
WHERE daily_uses.record_key IS NOT NULL
