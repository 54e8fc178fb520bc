-- What an action weighs in the excess index and the blast radius, by its access level. Chosen, see docs/measures.md: what
-- changes data weighs more than what shows it, and what changes permissions most. An action whose level the catalog
-- does not know (the empty text) weighs as one that writes.
-- in:  nothing
-- out: access_level text, weight bigint
-- key: access_level
SELECT
    weights.column1 AS access_level,
    weights.column2 AS weight
FROM (VALUES ('list', 1), ('read', 2), ('tagging', 3), ('write', 5), ('permissions_management', 10), ('', 5)) AS weights
