-- What of an agent is not as declared, or new.
SELECT recertify.kind, recertify.item, recertify.difference, recertify.detail, recertify.first_seen, recertify.last_seen, recertify.calls
FROM recertify
WHERE recertify.agent = $agent
ORDER BY recertify.kind, recertify.item
