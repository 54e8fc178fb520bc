-- The models and data stores that each agent's authorized calls touched, whenever the lake shows it: objects stand for
-- their bucket, items and indexes for their table.
-- A call that touches one thing in several ways counts once.
-- in:  calls, windows, params
-- out: agent text, kind text (model, data_store), item text (ARN), detail text (the service), first_seen timestamp,
--      last_seen timestamp, calls bigint (in the review's window)
-- key: agent, kind, item
WITH named AS (
    SELECT
        calls.agent,
        calls.record_key,
        calls.event_time,
        split_part(calls.resource, ':', 3) AS service,
        calls.action,
        calls.resource
    FROM calls
    WHERE calls.outcome IN ('succeeded', 'failed')
        AND calls.role_status <> 'former'
        AND calls.agent <> 'unattributed'
        AND calls.resource LIKE 'arn:%'
),
sorted AS (
    SELECT
        named.agent,
        named.record_key,
        named.event_time,
        named.service,
        CASE
            WHEN named.service = 'bedrock' THEN 'model'
            ELSE 'data_store'
        END AS kind,
        CASE
            WHEN named.service = 's3' AND split_part(named.resource, ':', 4) = '' THEN split_part(named.resource, '/', 1)
            WHEN named.service IN ('s3', 's3express', 's3tables', 's3vectors', 'dynamodb', 'es', 'kinesis', 'cassandra',
                    'timestream')
                THEN concat(split_part(named.resource, '/', 1), '/', split_part(named.resource, '/', 2))
            ELSE named.resource
        END AS item
    FROM named
    WHERE named.service IN ('s3', 's3express', 's3tables', 's3vectors', 'dynamodb', 'es', 'aoss', 'kinesis', 'cassandra',
            'timestream', 'rds', 'rds-db', 'neptune-db', 'redshift', 'redshift-serverless', 'secretsmanager', 'kms',
            'elasticache', 'memorydb', 'elasticfilesystem', 'glue')
        OR (named.service = 'ssm' AND named.resource LIKE 'arn:%:parameter/%')
        OR (named.service = 'bedrock' AND named.action IN ('bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream',
            'bedrock:InvokeModelWithBidirectionalStream'))
),
once AS (
    SELECT
        sorted.agent,
        sorted.kind,
        sorted.item,
        sorted.record_key,
        min(sorted.service) AS service,
        min(sorted.event_time) AS event_time
    FROM sorted
    GROUP BY sorted.agent, sorted.kind, sorted.item, sorted.record_key
)
SELECT
    once.agent,
    once.kind,
    once.item,
    min(once.service) AS detail,
    min(once.event_time) AS first_seen,
    max(once.event_time) AS last_seen,
    sum(CASE WHEN once.event_time >= windows.starts_at AND once.event_time < windows.ends_at THEN 1 ELSE 0 END) AS calls
FROM once
CROSS JOIN params
INNER JOIN windows ON windows.window_days = params.window_days
GROUP BY once.agent, once.kind, once.item
