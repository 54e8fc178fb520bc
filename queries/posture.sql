-- The posture of each agent's roles: pass, fail or unknown for every check, with what the verdict rests on.
--
-- What policies decide is in `role_posture`, `assumable_roles` and `trust_doors`; the rest is decided here, in the
-- review's window. A check without evidence either way is `unknown`, never a pass. Roles that may be assumed are those one
-- hop away. Guardrails are the actions that loosen a boundary, a policy or a trust policy, or that stop logging and detection.
-- Source: IAM User Guide, "Permissions boundaries for IAM entities"; AWS CloudTrail User Guide, "CloudTrail userIdentity
-- element" (`AKIA` begins the id of a long-lived access key).
-- DataFusion only: string_agg with an order, wildcard_match (function of curtail).
-- in:  bindings, roles, posture_checks, role_posture, assumable_roles, envelopes, agent_sessions, issue_scopes, buckets,
--      grants, findings, decisions, params
-- out: agent text, role_arn text, check_id text, title text, status text (pass, fail, unknown), evidence text, standard
--      text, remedy text
-- key: agent, role_arn, check_id
WITH bound AS (
    SELECT DISTINCT
        bindings.agent,
        bindings.role_arn
    FROM bindings
),
held AS (
    SELECT
        bound.agent,
        bound.role_arn,
        roles.role_arn IS NOT NULL AS in_snapshot
    FROM bound
    LEFT JOIN roles ON bound.role_arn = roles.role_arn
),
users AS (
    SELECT
        agent_sessions.role_arn,
        agent_sessions.agent
    FROM agent_sessions
    UNION
    SELECT
        bound.role_arn,
        bound.agent
    FROM bound
),
others AS (
    SELECT
        bound.agent,
        bound.role_arn,
        string_agg(users.agent, ', ' ORDER BY users.agent) FILTER (WHERE users.agent <> 'unattributed') AS others,
        bool_or(users.agent = 'unattributed') AS unattributed
    FROM bound
    INNER JOIN users ON bound.role_arn = users.role_arn
    WHERE users.agent <> bound.agent
    GROUP BY bound.agent, bound.role_arn
),
own_role AS (
    SELECT
        bound.agent,
        bound.role_arn,
        'own_role' AS check_id,
        CASE
            WHEN others.others IS NOT NULL THEN 'fail'
            WHEN others.unattributed THEN 'unknown'
            ELSE 'pass'
        END AS status,
        CASE
            WHEN others.others IS NOT NULL THEN concat('shared with ', others.others)
            WHEN others.unattributed THEN 'calls of the role could be named for no agent'
            ELSE 'no other agent is bound to it or was seen under it'
        END AS evidence
    FROM bound
    LEFT JOIN others ON bound.agent = others.agent AND bound.role_arn = others.role_arn
),
issued AS (
    SELECT
        agent_sessions.agent,
        agent_sessions.role_arn,
        count(*) AS sessions,
        sum(CASE WHEN issue_scopes.access_key_id IS NULL THEN 1 ELSE 0 END) AS untold,
        sum(CASE WHEN issue_scopes.caller_key LIKE 'AKIA%' OR agent_sessions.access_key_id LIKE 'AKIA%' THEN 1 ELSE 0 END)
            AS long_lived
    FROM agent_sessions
    LEFT JOIN issue_scopes ON agent_sessions.access_key_id = issue_scopes.access_key_id
    GROUP BY agent_sessions.agent, agent_sessions.role_arn
),
credentials AS (
    SELECT
        bound.agent,
        bound.role_arn,
        'no_long_lived_credentials' AS check_id,
        CASE
            WHEN issued.long_lived > 0 THEN 'fail'
            WHEN issued.sessions IS NULL OR issued.untold > 0 THEN 'unknown'
            ELSE 'pass'
        END AS status,
        CASE
            WHEN issued.long_lived > 0
                THEN concat(CAST(issued.long_lived AS TEXT), ' of ', CAST(issued.sessions AS TEXT), ' sessions were asked for with a long-lived access key')
            WHEN issued.sessions IS NULL THEN 'no session of it is in the window'
            WHEN issued.untold > 0
                THEN concat('the log does not show who asked for ', CAST(issued.untold AS TEXT), ' of ', CAST(issued.sessions AS TEXT), ' sessions')
            ELSE concat('none of ', CAST(issued.sessions AS TEXT), ' sessions was asked for with a long-lived access key')
        END AS evidence
    FROM bound
    LEFT JOIN issued ON bound.agent = issued.agent AND bound.role_arn = issued.role_arn
),
blind AS (
    SELECT
        buckets.agent,
        buckets.role_arn,
        count(*) AS granted,
        sum(CASE WHEN buckets.unobservable AND buckets.turn_on IS NOT NULL THEN 1 ELSE 0 END) AS blind,
        min(CASE WHEN buckets.unobservable THEN buckets.turn_on END) AS turn_on
    FROM buckets
    INNER JOIN params ON buckets.window_days = params.window_days
    GROUP BY buckets.agent, buckets.role_arn
),
logging AS (
    SELECT
        bound.agent,
        bound.role_arn,
        'audit_logging' AS check_id,
        CASE
            WHEN blind.granted IS NULL THEN 'unknown'
            WHEN blind.blind > 0 THEN 'fail'
            ELSE 'pass'
        END AS status,
        CASE
            WHEN blind.granted IS NULL THEN 'nothing is known to be granted'
            WHEN blind.blind > 0
                THEN concat(CAST(blind.blind AS TEXT), ' of ', CAST(blind.granted AS TEXT), ' granted actions leave no event that is logged; select ', blind.turn_on, ' and others')
            ELSE 'every event that its granted actions leave, and that can be logged, is'
        END AS evidence
    FROM bound
    LEFT JOIN blind ON bound.agent = blind.agent AND bound.role_arn = blind.role_arn
),
decided AS (
    SELECT
        findings.agent,
        findings.role_arn,
        max(decisions.decided_at) AS decided_at
    FROM findings
    INNER JOIN decisions ON findings.finding_id = decisions.finding_id
    CROSS JOIN params
    WHERE decisions.decided_at < params.as_of
    GROUP BY findings.agent, findings.role_arn
),
any_decision AS (
    SELECT count(*) AS decisions
    FROM decisions
),
reviewed AS (
    SELECT
        bound.agent,
        bound.role_arn,
        'reviewed' AS check_id,
        CASE
            WHEN any_decision.decisions = 0 THEN 'unknown'
            WHEN decided.decided_at >= params.as_of - INTERVAL '92 days' THEN 'pass'
            ELSE 'fail'
        END AS status,
        CASE
            WHEN any_decision.decisions = 0 THEN 'the lake holds no decision on any agent'
            WHEN decided.decided_at IS NULL THEN 'no finding of it was ever decided on'
            ELSE concat('last decided on at ', CAST(decided.decided_at AS TEXT))
        END AS evidence
    FROM bound
    CROSS JOIN params
    CROSS JOIN any_decision
    LEFT JOIN decided ON bound.agent = decided.agent AND bound.role_arn = decided.role_arn
),
lists AS (
    SELECT DISTINCT envelopes.agent
    FROM envelopes
    WHERE envelopes.kind = 'assumable_role'
),
listed AS (
    SELECT DISTINCT
        envelopes.agent,
        assumable_roles.to_role_arn
    FROM envelopes
    CROSS JOIN assumable_roles
    WHERE envelopes.kind = 'assumable_role'
        AND wildcard_match(envelopes.pattern, assumable_roles.to_role_arn)
),
hops AS (
    SELECT
        bound.agent,
        bound.role_arn,
        count(*) AS hops,
        sum(CASE WHEN listed.agent IS NULL AND assumable_roles.decision = 'allowed' THEN 1 ELSE 0 END) AS unlisted,
        sum(CASE WHEN listed.agent IS NULL AND assumable_roles.decision <> 'allowed' THEN 1 ELSE 0 END) AS maybe_unlisted,
        min(CASE WHEN listed.agent IS NULL THEN assumable_roles.to_role_arn END) AS first_unlisted,
        sum(CASE WHEN assumable_roles.admin = 'yes' AND assumable_roles.decision = 'allowed' THEN 1 ELSE 0 END) AS admins,
        sum(CASE WHEN assumable_roles.admin <> 'no' THEN 1 ELSE 0 END) AS maybe_admins,
        min(CASE WHEN assumable_roles.admin <> 'no' THEN assumable_roles.to_role_arn END) AS first_admin
    FROM bound
    INNER JOIN assumable_roles ON bound.role_arn = assumable_roles.from_role_arn
    LEFT JOIN listed
        ON bound.agent = listed.agent
        AND assumable_roles.to_role_arn = listed.to_role_arn
    GROUP BY bound.agent, bound.role_arn
),
on_list AS (
    SELECT
        held.agent,
        held.role_arn,
        'assumable_roles_listed' AS check_id,
        CASE
            WHEN NOT held.in_snapshot THEN 'unknown'
            WHEN hops.unlisted > 0 THEN 'fail'
            WHEN hops.maybe_unlisted > 0 THEN 'unknown'
            ELSE 'pass'
        END AS status,
        CASE
            WHEN NOT held.in_snapshot THEN 'the snapshot does not have the role'
            WHEN hops.unlisted > 0
                THEN concat(CAST(hops.unlisted AS TEXT), ' roles that ',
                    CASE WHEN lists.agent IS NULL THEN 'no list names, since none is declared' ELSE 'its list does not name' END,
                    ', such as ', hops.first_unlisted)
            WHEN hops.maybe_unlisted > 0 THEN concat('whether it may assume ', hops.first_unlisted, ' hangs on what is not known')
            WHEN hops.hops > 0 THEN 'its list names every role that it may assume'
            ELSE 'it may assume no role of the snapshot'
        END AS evidence
    FROM held
    LEFT JOIN lists ON held.agent = lists.agent
    LEFT JOIN hops ON held.agent = hops.agent AND held.role_arn = hops.role_arn
),
to_admin AS (
    SELECT
        held.agent,
        held.role_arn,
        'no_admin_role' AS check_id,
        CASE
            WHEN NOT held.in_snapshot THEN 'unknown'
            WHEN hops.admins > 0 THEN 'fail'
            WHEN hops.maybe_admins > 0 THEN 'unknown'
            ELSE 'pass'
        END AS status,
        CASE
            WHEN NOT held.in_snapshot THEN 'the snapshot does not have the role'
            WHEN hops.admins > 0 THEN concat('it may assume ', hops.first_admin)
            WHEN hops.maybe_admins > 0 THEN concat('whether ', hops.first_admin, ' is one, and it may assume it, hangs on what is not known')
            ELSE 'no role of the snapshot that it may assume at once allows everything'
        END AS evidence
    FROM held
    LEFT JOIN hops ON held.agent = hops.agent AND held.role_arn = hops.role_arn
),
loosening AS (
    SELECT
        grants.role_arn,
        bool_or(grants.status = 'granted') AS granted,
        string_agg(grants.action, ', ' ORDER BY grants.action) AS actions
    FROM grants
    WHERE grants.status IN ('granted', 'undecided')
        AND grants.action IN (
            'iam:PutRolePermissionsBoundary', 'iam:DeleteRolePermissionsBoundary', 'iam:PutRolePolicy',
            'iam:DeleteRolePolicy', 'iam:AttachRolePolicy', 'iam:DetachRolePolicy', 'iam:UpdateAssumeRolePolicy',
            'iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'organizations:DetachPolicy',
            'organizations:UpdatePolicy', 'organizations:DeletePolicy', 'organizations:DisablePolicyType',
            'cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:UpdateTrail', 'cloudtrail:PutEventSelectors',
            'guardduty:DeleteDetector', 'guardduty:UpdateDetector', 'config:StopConfigurationRecorder',
            'config:DeleteConfigurationRecorder', 'securityhub:DisableSecurityHub', 'bedrock:DeleteGuardrail',
            'bedrock:UpdateGuardrail', 'bedrock:DeleteModelInvocationLoggingConfiguration')
    GROUP BY grants.role_arn
),
guardrails AS (
    SELECT
        held.agent,
        held.role_arn,
        'guardrails_protected' AS check_id,
        CASE
            WHEN NOT held.in_snapshot THEN 'unknown'
            WHEN loosening.granted THEN 'fail'
            WHEN loosening.actions IS NOT NULL THEN 'unknown'
            ELSE 'pass'
        END AS status,
        CASE
            WHEN NOT held.in_snapshot THEN 'the snapshot does not have the role'
            WHEN loosening.granted THEN concat('it may ', loosening.actions)
            WHEN loosening.actions IS NOT NULL THEN concat('it hangs on what is not known whether it may ', loosening.actions)
            ELSE 'it may change no boundary, policy, trail or detector'
        END AS evidence
    FROM held
    LEFT JOIN loosening ON held.role_arn = loosening.role_arn
),
of_policies AS (
    SELECT
        held.agent,
        held.role_arn,
        posture_checks.check_id,
        coalesce(role_posture.status, 'unknown') AS status,
        coalesce(role_posture.evidence, 'the snapshot does not have the role') AS evidence
    FROM held
    CROSS JOIN posture_checks
    LEFT JOIN role_posture
        ON held.role_arn = role_posture.role_arn
        AND posture_checks.check_id = role_posture.check_id
    WHERE posture_checks.check_id IN ('no_wildcard_action', 'no_unscoped_resource', 'resources_named', 'trust_scoped', 'scp_ceiling')
),
verdicts AS (
    SELECT own_role.agent, own_role.role_arn, own_role.check_id, own_role.status, own_role.evidence
    FROM own_role
    UNION ALL
    SELECT credentials.agent, credentials.role_arn, credentials.check_id, credentials.status, credentials.evidence
    FROM credentials
    UNION ALL
    SELECT logging.agent, logging.role_arn, logging.check_id, logging.status, logging.evidence
    FROM logging
    UNION ALL
    SELECT reviewed.agent, reviewed.role_arn, reviewed.check_id, reviewed.status, reviewed.evidence
    FROM reviewed
    UNION ALL
    SELECT on_list.agent, on_list.role_arn, on_list.check_id, on_list.status, on_list.evidence
    FROM on_list
    UNION ALL
    SELECT to_admin.agent, to_admin.role_arn, to_admin.check_id, to_admin.status, to_admin.evidence
    FROM to_admin
    UNION ALL
    SELECT guardrails.agent, guardrails.role_arn, guardrails.check_id, guardrails.status, guardrails.evidence
    FROM guardrails
    UNION ALL
    SELECT of_policies.agent, of_policies.role_arn, of_policies.check_id, of_policies.status, of_policies.evidence
    FROM of_policies
)
SELECT
    verdicts.agent,
    verdicts.role_arn,
    verdicts.check_id,
    posture_checks.title,
    verdicts.status,
    verdicts.evidence,
    posture_checks.standard,
    posture_checks.remedy
FROM verdicts
INNER JOIN posture_checks ON verdicts.check_id = posture_checks.check_id
