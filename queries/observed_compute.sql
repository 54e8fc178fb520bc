-- Compute that the log shows to run under a role: the resource that the credentials of a call were issued to.
-- Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element" (`inScopeOf.credentialsIssuedTo`).
-- in:  role_calls
-- out: compute_arn text, role_arn text
-- key: compute_arn, role_arn
SELECT DISTINCT
    role_calls.compute AS compute_arn,
    role_calls.role_arn
FROM role_calls
WHERE role_calls.compute IS NOT NULL
    AND role_calls.role_status = 'current'
