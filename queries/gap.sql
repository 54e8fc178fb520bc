-- Granted against exercised: every granted action of every agent and role, with what is known of its use in each window.
-- DataFusion only: array_agg with an order.
-- in:  granted, windows, exercised, needs, observability, unread, role_bindings, resource_grants
-- out: agent text, role_arn text, account_id text, action text, service text, access_level text, grant_status text,
--      in_catalog boolean, shared_policy boolean, sources text (JSON), limits text (JSON), window_days bigint,
--      calls bigint, certain_calls bigint, legitimate_calls bigint, certain_legitimate_calls bigint, sessions bigint,
--      first_used timestamp, last_used timestamp, unattributed_calls bigint (of the role), used_by list of text (other
--      agents that need it, in order; null: none), inherited_through list of text (other certain bindings above the agent,
--      in order: node_role, permission_set, resource_policy, token_reuse; null: none), recording text, observable
--      boolean, because text, turn_on text
-- key: agent, role_arn, action, window_days
WITH reasons AS (
    SELECT
        granted.agent,
        granted.role_arn,
        granted.action,
        needs.window_days,
        needs.agent AS other,
        CAST(NULL AS TEXT) AS binding
    FROM granted
    INNER JOIN needs
        ON granted.role_arn = needs.role_arn
        AND granted.action = needs.action
    WHERE granted.agent <> needs.agent
    UNION ALL
    SELECT
        granted.agent,
        granted.role_arn,
        granted.action,
        windows.window_days,
        CAST(NULL AS TEXT) AS other,
        role_bindings.binding
    FROM granted
    INNER JOIN role_bindings
        ON granted.agent = role_bindings.agent
        AND granted.role_arn = role_bindings.role_arn
    CROSS JOIN windows
    WHERE role_bindings.certainty = 'certain'
    UNION ALL
    -- Whatever the role's own policies allow of the action, the policy of a resource gives anyway.
    SELECT DISTINCT
        granted.agent,
        granted.role_arn,
        granted.action,
        windows.window_days,
        CAST(NULL AS TEXT) AS other,
        'resource_policy' AS binding
    FROM granted
    INNER JOIN resource_grants
        ON granted.role_arn = resource_grants.role_arn
        AND granted.action = resource_grants.action
    CROSS JOIN windows
    WHERE resource_grants.certainty = 'certain'
        AND resource_grants.covers_grant
),
others AS (
    SELECT
        reasons.agent,
        reasons.role_arn,
        reasons.action,
        reasons.window_days,
        array_agg(reasons.other ORDER BY reasons.other) FILTER (WHERE reasons.other IS NOT NULL) AS used_by,
        array_agg(reasons.binding ORDER BY reasons.binding) FILTER (WHERE reasons.binding IS NOT NULL) AS inherited_through
    FROM reasons
    GROUP BY reasons.agent, reasons.role_arn, reasons.action, reasons.window_days
)
SELECT
    granted.agent,
    granted.role_arn,
    granted.account_id,
    granted.action,
    granted.service,
    granted.access_level,
    granted.grant_status,
    granted.in_catalog,
    granted.shared_policy,
    granted.sources,
    granted.limits,
    windows.window_days,
    coalesce(own.calls, 0) AS calls,
    coalesce(own.certain_calls, 0) AS certain_calls,
    coalesce(own.legitimate_calls, 0) AS legitimate_calls,
    coalesce(own.certain_legitimate_calls, 0) AS certain_legitimate_calls,
    coalesce(own.sessions, 0) AS sessions,
    own.first_used,
    own.last_used,
    coalesce(unattributed.calls, 0) AS unattributed_calls,
    others.used_by,
    others.inherited_through,
    observability.recording,
    observability.observable AND unread.service IS NULL AS observable,
    CASE WHEN observability.observable AND unread.service IS NOT NULL
        THEN concat('the role made calls of the service that the catalog does not know: ', unread.event_names)
        ELSE observability.because
    END AS because,
    observability.turn_on
FROM granted
CROSS JOIN windows
LEFT JOIN exercised AS own
    ON granted.agent = own.agent
    AND granted.role_arn = own.role_arn
    AND granted.action = own.action
    AND windows.window_days = own.window_days
LEFT JOIN exercised AS unattributed
    ON unattributed.agent = 'unattributed'
    AND granted.role_arn = unattributed.role_arn
    AND granted.action = unattributed.action
    AND windows.window_days = unattributed.window_days
LEFT JOIN others
    ON granted.agent = others.agent
    AND granted.role_arn = others.role_arn
    AND granted.action = others.action
    AND windows.window_days = others.window_days
LEFT JOIN observability
    ON granted.account_id = observability.account_id
    AND granted.action = observability.action
    AND windows.window_days = observability.window_days
LEFT JOIN unread
    ON granted.role_arn = unread.role_arn
    AND granted.service = unread.service
    AND windows.window_days = unread.window_days
