-- The posture checks: what each asks, the standards that it serves, and what to do where it fails.
-- in:  nothing
-- out: check_id text, title text, standard text, remedy text
-- key: check_id
SELECT
    checks.column1 AS check_id,
    checks.column2 AS title,
    checks.column3 AS standard,
    checks.column4 AS remedy
FROM (VALUES
    ('own_role', 'It has a role of its own',
        'OWASP NHI Top 10 NHI9; OWASP Agentic Top 10 ASI03; NIST SP 800-53 IA-4', 'give each agent a role, or a session of its own'),
    ('no_wildcard_action', 'No action wildcard over a service',
        'AWS Security Hub IAM.21; OWASP NHI Top 10 NHI5; NIST SP 800-53 AC-6', 'list the actions that are used'),
    ('no_unscoped_resource', 'No action that takes resources is allowed on all of them',
        'AWS Well-Architected SEC03-BP02; OWASP NHI Top 10 NHI5; NIST SP 800-53 AC-6', 'name the resources, or their tags in a condition'),
    ('resources_named', 'Resource patterns have names in them',
        'AWS Well-Architected SEC03-BP02; NIST SP 800-53 AC-6', 'put a name or prefix in the place of the wildcard'),
    ('no_long_lived_credentials', 'No long-lived access key stands behind its sessions',
        'AWS Well-Architected SEC02-BP02; OWASP NHI Top 10 NHI7; NIST SP 800-53 IA-5', 'issue the sessions by a role of the compute or a web identity'),
    ('audit_logging', 'The log shows what it may touch',
        'AWS Well-Architected SEC04-BP01; OWASP Agentic Top 10 ASI10; NIST SP 800-53 AU-2', 'select the events named in a trail'),
    ('reviewed', 'Its excess was decided on within the quarter',
        'OWASP NHI Top 10 NHI5; NIST SP 800-53 AC-2; NIST AI RMF GOVERN 1.5', 'decide on its findings'),
    ('trust_scoped', 'Its role trusts its workload alone',
        'IAM User Guide, The confused deputy problem; OWASP NHI Top 10 NHI6; NIST SP 800-207 2.1', 'add the subject and audience, or the source account and ARN, to the trust policy'),
    ('assumable_roles_listed', 'It may assume no role that its declaration does not list',
        'OWASP Agentic Top 10 ASI03; NIST SP 800-207 2.1; NIST SP 800-53 AC-6', 'list the roles as assumable, or take the permission away'),
    ('no_admin_role', 'No role that it may assume is an administrator''s',
        'OWASP Agentic Top 10 ASI03; NIST SP 800-53 AC-6', 'take the permission away, or trust it no more'),
    ('guardrails_protected', 'It cannot change its own guardrails',
        'OWASP Agentic Top 10 ASI10; NIST SP 800-53 AC-3; CSA MAESTRO layer 6', 'deny the actions named by a boundary or service control policy'),
    ('scp_ceiling', 'Service control policies limit its account',
        'AWS Well-Architected SEC01-BP01; NIST SP 800-53 AC-3', 'attach a service control policy that denies what no agent needs')
) AS checks
