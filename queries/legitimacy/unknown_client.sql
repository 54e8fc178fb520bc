-- Calls under an agent's role by a caller that no binding of any agent fits.
-- id: unknown_client
-- title: Calls by a client that no agent runs
-- severity: low
-- effect: finding
-- standards: OWASP Agentic Top 10 ASI03, OWASP NHI Top 10 NHI9, OWASP NHI Top 10 NHI10, NIST SP 800-207 2.1,
--      NIST AI RMF GOVERN 1.6, CSA MAESTRO layer 7
-- parameters: none
-- false_positives: a tool, a new version or a person on a role that agents share, which agents.toml does not tell
--
-- Only of roles that agents are bound to, and that their bindings tell apart. What runs on an instance shares its role
-- (the kubelet, agents of Systems Manager and CloudWatch), people share a permission set, and services call for
-- themselves: none of them is told. One record stands for the calls of a client in a session on a day.
-- in:  credential_uses
-- out: record_key text, action text, agent text, role_arn text, reason text
-- key: record_key, action
WITH strangers AS (
    SELECT
        credential_uses.role_arn,
        credential_uses.user_agent,
        credential_uses.record_key
    FROM credential_uses
    WHERE credential_uses.agent = 'unattributed'
        AND credential_uses.rule = 'no_rule_matches'
        AND credential_uses.network IS NOT NULL
        AND coalesce(credential_uses.client, '') NOT LIKE '%.amazonaws.com'
        AND NOT credential_uses.instance
        AND NOT credential_uses.console
)
SELECT
    strangers.record_key,
    CAST(NULL AS text) AS action,
    'unattributed' AS agent,
    strangers.role_arn,
    concat('client ', coalesce(nullif(strangers.user_agent, ''), 'without a name')) AS reason
FROM strangers
