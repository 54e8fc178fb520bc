-- How far the log and the age of each role of the snapshot bear out what is said of its use, per window: an action that
-- was never used in a window that the log or the role covers in part may still be needed.
--
-- `high`: the log has events of the role's account on at least 90 % of the window's days, and the role was there for at
-- least 90 % of the window. `medium`: both are at least 50 %, or the role's age is not known. `low`: all else.
-- A day without events of an account counts as not covered, whether the trail failed or the account was at rest.
-- in:  roles, windows, window_coverage
-- out: role_arn text, account_id text, window_days bigint, role_age_days bigint (at the window's end; null: not known),
--      role_coverage double (share of the window that the role was there, 0 to 1; null: not known), log_coverage double
--      (share of the window's days with events, 0 to 1), confidence text (high, medium, low), because text
-- key: role_arn, window_days
WITH spans AS (
    SELECT
        roles.role_arn,
        roles.account_id,
        windows.window_days,
        date_part('epoch', windows.ends_at) - date_part('epoch', roles.created_at) AS age_seconds,
        date_part('epoch', windows.ends_at) - date_part('epoch', windows.starts_at) AS window_seconds,
        CAST(coalesce(window_coverage.days_with_events, 0) AS DOUBLE) / windows.days AS log_coverage
    FROM roles
    CROSS JOIN windows
    LEFT JOIN window_coverage
        ON roles.account_id = window_coverage.account_id
        AND windows.window_days = window_coverage.window_days
),
shares AS (
    SELECT
        spans.role_arn,
        spans.account_id,
        spans.window_days,
        CASE WHEN spans.age_seconds >= 0 THEN CAST(floor(spans.age_seconds / 86400) AS BIGINT) END AS role_age_days,
        CASE
            WHEN spans.age_seconds IS NULL THEN NULL
            WHEN spans.age_seconds <= 0 THEN 0.0
            WHEN spans.age_seconds >= spans.window_seconds THEN 1.0
            ELSE spans.age_seconds / spans.window_seconds
        END AS role_coverage,
        spans.log_coverage
    FROM spans
)
SELECT
    shares.role_arn,
    shares.account_id,
    shares.window_days,
    shares.role_age_days,
    shares.role_coverage,
    shares.log_coverage,
    CASE
        WHEN shares.log_coverage >= 0.9 AND shares.role_coverage >= 0.9 THEN 'high'
        WHEN shares.log_coverage >= 0.5 AND coalesce(shares.role_coverage, 1.0) >= 0.5 THEN 'medium'
        ELSE 'low'
    END AS confidence,
    concat(
        'the log has events of the account on ', CAST(CAST(floor(shares.log_coverage * 100) AS BIGINT) AS TEXT),
        ' % of the days, and the role ',
        CASE
            WHEN shares.role_coverage IS NULL THEN 'is of unknown age'
            ELSE concat('was there for ', CAST(CAST(floor(shares.role_coverage * 100) AS BIGINT) AS TEXT), ' % of the window')
        END
    ) AS because
FROM shares
