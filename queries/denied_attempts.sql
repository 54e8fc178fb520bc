-- What each agent tried in the review's window and was refused, and how much it probed: an action a row, with the
-- measures of all that the agent was refused under the role beside it.
--
-- A record that names no resource counts as none. An action was `ever_authorized` if the lake holds a call of the role,
-- at any time, that needed it for certain and passed; `grant_status` is of the snapshot.
-- in:  watched_calls, daily_uses, grants, windows, params
-- out: agent text, role_arn text, action text, service text, kind text (as in watched_calls), denied_calls bigint,
--      first_denied timestamp, last_denied timestamp, resources bigint (different ones that were named), peak_per_hour
--      bigint (most refusals of the action within a clock hour), grant_status text (granted, undecided, blocked,
--      not_granted), ever_authorized boolean, probed_actions bigint (different ones refused to the agent under the role),
--      probed_resources bigint, probed_per_hour bigint (most different actions within a clock hour)
-- key: agent, role_arn, action
WITH denied AS (
    SELECT DISTINCT
        watched_calls.agent,
        watched_calls.role_arn,
        watched_calls.action,
        watched_calls.kind,
        watched_calls.resource,
        watched_calls.record_key,
        watched_calls.event_time,
        date_trunc('hour', watched_calls.event_time) AS hour
    FROM watched_calls
    CROSS JOIN params
    INNER JOIN windows
        ON windows.window_days = params.window_days
        AND watched_calls.event_time >= windows.starts_at
        AND watched_calls.event_time < windows.ends_at
    WHERE watched_calls.outcome = 'denied'
),
records AS (
    SELECT
        denied.agent,
        denied.role_arn,
        denied.action,
        denied.record_key,
        min(denied.kind) AS kind,
        min(denied.event_time) AS event_time,
        min(denied.hour) AS hour
    FROM denied
    GROUP BY denied.agent, denied.role_arn, denied.action, denied.record_key
),
hours AS (
    SELECT
        records.agent,
        records.role_arn,
        records.action,
        records.hour,
        min(records.kind) AS kind,
        count(*) AS calls,
        min(records.event_time) AS first_denied,
        max(records.event_time) AS last_denied
    FROM records
    GROUP BY records.agent, records.role_arn, records.action, records.hour
),
actions AS (
    SELECT
        hours.agent,
        hours.role_arn,
        hours.action,
        min(hours.kind) AS kind,
        sum(hours.calls) AS denied_calls,
        max(hours.calls) AS peak_per_hour,
        min(hours.first_denied) AS first_denied,
        max(hours.last_denied) AS last_denied
    FROM hours
    GROUP BY hours.agent, hours.role_arn, hours.action
),
named AS (
    SELECT DISTINCT
        denied.agent,
        denied.role_arn,
        denied.action,
        denied.resource
    FROM denied
    WHERE denied.resource IS NOT NULL
),
resources AS (
    SELECT
        named.agent,
        named.role_arn,
        named.action,
        count(*) AS resources
    FROM named
    GROUP BY named.agent, named.role_arn, named.action
),
probed_resources AS (
    SELECT
        named.agent,
        named.role_arn,
        count(DISTINCT named.resource) AS resources
    FROM named
    GROUP BY named.agent, named.role_arn
),
probed_actions AS (
    SELECT
        actions.agent,
        actions.role_arn,
        count(*) AS actions
    FROM actions
    GROUP BY actions.agent, actions.role_arn
),
actions_of_hours AS (
    SELECT
        hours.agent,
        hours.role_arn,
        hours.hour,
        count(*) AS actions
    FROM hours
    GROUP BY hours.agent, hours.role_arn, hours.hour
),
probed_per_hour AS (
    SELECT
        actions_of_hours.agent,
        actions_of_hours.role_arn,
        max(actions_of_hours.actions) AS actions
    FROM actions_of_hours
    GROUP BY actions_of_hours.agent, actions_of_hours.role_arn
),
passed AS (
    SELECT DISTINCT
        daily_uses.role_arn,
        daily_uses.action
    FROM daily_uses
),
held AS (
    SELECT
        grants.role_arn,
        grants.action,
        min(grants.status) AS status
    FROM grants
    GROUP BY grants.role_arn, grants.action
)
SELECT
    actions.agent,
    actions.role_arn,
    actions.action,
    split_part(actions.action, ':', 1) AS service,
    actions.kind,
    actions.denied_calls,
    actions.first_denied,
    actions.last_denied,
    coalesce(resources.resources, 0) AS resources,
    actions.peak_per_hour,
    coalesce(held.status, 'not_granted') AS grant_status,
    passed.action IS NOT NULL AS ever_authorized,
    probed_actions.actions AS probed_actions,
    coalesce(probed_resources.resources, 0) AS probed_resources,
    probed_per_hour.actions AS probed_per_hour
FROM actions
INNER JOIN probed_actions
    ON actions.agent = probed_actions.agent
    AND actions.role_arn = probed_actions.role_arn
INNER JOIN probed_per_hour
    ON actions.agent = probed_per_hour.agent
    AND actions.role_arn = probed_per_hour.role_arn
LEFT JOIN probed_resources
    ON actions.agent = probed_resources.agent
    AND actions.role_arn = probed_resources.role_arn
LEFT JOIN resources
    ON actions.agent = resources.agent
    AND actions.role_arn = resources.role_arn
    AND actions.action = resources.action
LEFT JOIN passed
    ON actions.role_arn = passed.role_arn
    AND actions.action = passed.action
LEFT JOIN held
    ON actions.role_arn = held.role_arn
    AND actions.action = held.action
