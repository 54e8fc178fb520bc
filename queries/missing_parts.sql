-- What AWS did not give when the snapshot that holds at the review's date was taken: denied, not supported in the region,
-- or not reached. What rests on such a part is not known to be absent.
-- DataFusion only: json_get_str.
-- in:  current_snapshots
-- out: account_id text, part text (account, iam, organization, scp, rcp, trails, event_selectors, trail_status, inventory,
--      or a type of resource), region text (null where it has none), subject text (null: all of the part), operation text,
--      code text, message text, taken_at timestamp
-- key: account_id, part, region, subject
SELECT
    missing.account_id,
    json_get_str(missing.document, 'Part') AS part,
    nullif(json_get_str(missing.document, 'Region'), '') AS region,
    nullif(json_get_str(missing.document, 'Subject'), '') AS subject,
    json_get_str(missing.document, 'Operation') AS operation,
    json_get_str(missing.document, 'Code') AS code,
    json_get_str(missing.document, 'Message') AS message,
    missing.taken_at
FROM current_snapshots AS missing
INNER JOIN current_snapshots AS visit
    ON missing.account_id = visit.account_id
    AND missing.taken_at = visit.taken_at
WHERE missing.kind = 'missing_part' AND visit.kind = 'fetch'
