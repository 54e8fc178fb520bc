//! Stores and streams of data.

use super::*;

#[test]
fn s3() {
    assert_spelt(
        "s3",
        &[
            (
                "GetObject",
                r#"{"bucketName":"b","Host":"b.s3.eu-west-1.amazonaws.com","key":"2026/a b.pdf"}"#,
                "arn:aws:s3:::b/2026/a b.pdf",
            ),
            (
                "PutObject",
                r#"{"bucketName":"b","key":"arn:aws:s3:::other/x"}"#,
                "arn:aws:s3:::b/arn:aws:s3:::other/x",
            ),
            (
                "ListObjectsV2",
                r#"{"bucketName":"b","prefix":"2026/"}"#,
                "arn:aws:s3:::b",
            ),
            (
                "GetBucketPolicy",
                r#"{"bucketName":"b","policy":""}"#,
                "arn:aws:s3:::b",
            ),
            (
                "GetObject",
                r#"{"bucketName":"arn:aws:s3:~:accesspoint/ap","key":"k"}"#,
                "*",
            ),
            (
                "GetObject",
                r#"{"bucketName":"arn:aws:s3:eu-west-1:444455556666:accesspoint/ap","key":"k/l"}"#,
                "arn:aws:s3:eu-west-1:444455556666:accesspoint/ap/object/k/l",
            ),
            (
                "ListObjectsV2",
                r#"{"bucketName":"arn:aws:s3:eu-west-1:444455556666:accesspoint/ap"}"#,
                "arn:aws:s3:eu-west-1:444455556666:accesspoint/ap",
            ),
            (
                "GetObject",
                r#"{"bucketName":"ap-0123-s3alias","key":"k"}"#,
                "*",
            ),
            (
                "GetAccessPointPolicy",
                r#"{"x-amz-account-id":"444455556666","name":"ap"}"#,
                "arn:aws:s3:eu-west-1:444455556666:accesspoint/ap",
            ),
            ("DeleteObjects", r#"{"bucketName":"b","delete":""}"#, "*"),
        ],
    );
}

#[test]
fn dynamodb() {
    let table = "arn:aws:dynamodb:~:table/t";
    let index = "arn:aws:dynamodb:~:table/t/index/i";
    assert_spelt(
        "dynamodb",
        &[
            ("GetItem", r#"{"tableName":"t","key":{"id":"7"}}"#, table),
            (
                "PutItem",
                r#"{"tableName":"arn:aws:dynamodb:eu-west-1:444455556666:table/t"}"#,
                "arn:aws:dynamodb:eu-west-1:444455556666:table/t",
            ),
            ("Query", r#"{"tableName":"t","indexName":"i"}"#, index),
            (
                "Query",
                r#"{"tableName":"arn:aws:dynamodb:eu-west-1:444455556666:table/t","indexName":"i"}"#,
                "arn:aws:dynamodb:eu-west-1:444455556666:table/t/index/i",
            ),
            (
                "BatchGetItem",
                r#"{"requestItems":{"t":{"keys":[]},"u":{"keys":[]}}}"#,
                "arn:aws:dynamodb:~:table/t arn:aws:dynamodb:~:table/u",
            ),
            (
                "BatchGetItem",
                r#"{"requestItems":[{"tableName":"t"},{"tableName":"u"},{"tableName":"t"}]}"#,
                "arn:aws:dynamodb:~:table/t arn:aws:dynamodb:~:table/u",
            ),
            (
                "TransactGetItems",
                r#"{"transactItems":[{"get":{"tableName":"t"}},{"get":{"tableName":"u"}}]}"#,
                "arn:aws:dynamodb:~:table/t arn:aws:dynamodb:~:table/u",
            ),
            (
                "GetRecords",
                r#"{"shardIterator":"arn:aws:dynamodb:eu-west-1:111122223333:table/t/stream/2026-01-02T03:04:05.006|1|AAAA=="}"#,
                "arn:aws:dynamodb:~:table/t/stream/2026-01-02T03:04:05.006",
            ),
            (
                "RestoreTableFromBackup",
                r#"{"targetTableName":"t","backupArn":"arn:aws:dynamodb:eu-west-1:111122223333:table/s/backup/01"}"#,
                "arn:aws:dynamodb:~:table/s/backup/01 arn:aws:dynamodb:~:table/t",
            ),
            (
                "TagResource",
                r#"{"resourceArn":"arn:aws:dynamodb:eu-west-1:111122223333:table/t","tags":[]}"#,
                table,
            ),
        ],
    );
}

#[test]
fn the_items_of_a_transaction_belong_to_their_actions() {
    let both = [
        r#"{"transactItems":[{"put":{"tableName":"t"}},{"delete":{"tableName":"u"}}]}"#,
        r#"{"requestItems":[{"operation":"Put","tableName":"t"},{"operation":"Delete","TableName":"u"}]}"#,
    ];
    for request in both {
        let call = Call::new("dynamodb", "TransactWriteItems", request);
        let (tables, _) = call.on("dynamodb:PutItem");
        assert_eq!(tables, "arn:aws:dynamodb:eu-west-1:111122223333:table/t");
        let (tables, _) = call.on("dynamodb:DeleteItem");
        assert_eq!(tables, "arn:aws:dynamodb:eu-west-1:111122223333:table/u");
    }
}

#[test]
fn rds() {
    assert_spelt(
        "rds",
        &[
            (
                "DeleteDBInstance",
                r#"{"dBInstanceIdentifier":"Orders","skipFinalSnapshot":true}"#,
                "arn:aws:rds:~:db:orders",
            ),
            (
                "CreateDBSnapshot",
                r#"{"dBSnapshotIdentifier":"s","dBInstanceIdentifier":"db1"}"#,
                "arn:aws:rds:~:db:db1 arn:aws:rds:~:snapshot:s",
            ),
            (
                "DeleteDBSnapshot",
                r#"{"dBSnapshotIdentifier":"rds:orders-2026-01-02"}"#,
                "arn:aws:rds:~:snapshot:rds:orders-2026-01-02",
            ),
            (
                "StopDBCluster",
                r#"{"dBClusterIdentifier":"c"}"#,
                "arn:aws:rds:~:cluster:c",
            ),
            (
                "CreateDBSubnetGroup",
                r#"{"dBSubnetGroupName":"g"}"#,
                "arn:aws:rds:~:subgrp:g",
            ),
            (
                "RestoreDBInstanceToPointInTime",
                r#"{"targetDBInstanceIdentifier":"new","sourceDBInstanceIdentifier":"old"}"#,
                "arn:aws:rds:~:db:new *",
            ),
        ],
    );
}

#[test]
fn glue() {
    assert_spelt(
        "glue",
        &[
            (
                "GetTable",
                r#"{"databaseName":"d","name":"t"}"#,
                "arn:aws:glue:~:database/d arn:aws:glue:~:catalog arn:aws:glue:~:table/d/t",
            ),
            (
                "GetTable",
                r#"{"catalogId":"444455556666","databaseName":"d","name":"t"}"#,
                "arn:aws:glue:eu-west-1:444455556666:database/d arn:aws:glue:eu-west-1:444455556666:catalog arn:aws:glue:eu-west-1:444455556666:table/d/t",
            ),
            (
                "GetTables",
                r#"{"databaseName":"d"}"#,
                "arn:aws:glue:~:database/d arn:aws:glue:~:catalog *",
            ),
            (
                "CreateTable",
                r#"{"databaseName":"d","tableInput":{"name":"t"}}"#,
                "arn:aws:glue:~:database/d arn:aws:glue:~:catalog arn:aws:glue:~:table/d/t",
            ),
            (
                "GetDatabase",
                r#"{"name":"d"}"#,
                "arn:aws:glue:~:database/d arn:aws:glue:~:catalog",
            ),
            ("StartJobRun", r#"{"jobName":"j"}"#, "arn:aws:glue:~:job/j"),
            (
                "StartCrawler",
                r#"{"name":"c"}"#,
                "arn:aws:glue:~:crawler/c",
            ),
            (
                "GetSchema",
                r#"{"schemaId":{"registryName":"r","schemaName":"s"}}"#,
                "arn:aws:glue:~:registry/r *",
            ),
        ],
    );
}

#[test]
fn athena_kinesis_firehose_and_redshift() {
    assert_spelt(
        "athena",
        &[
            (
                "StartQueryExecution",
                r#"{"queryString":"***OMITTED***","workGroup":"analysts"}"#,
                "arn:aws:athena:~:workgroup/analysts",
            ),
            (
                "StartQueryExecution",
                r#"{"queryString":"***OMITTED***"}"#,
                "arn:aws:athena:~:workgroup/primary",
            ),
            ("GetQueryExecution", r#"{"queryExecutionId":"0-1"}"#, "*"),
            (
                "GetDataCatalog",
                r#"{"name":"c"}"#,
                "arn:aws:athena:~:datacatalog/c",
            ),
        ],
    );
    assert_spelt(
        "kinesis",
        &[
            (
                "PutRecord",
                r#"{"streamName":"s","partitionKey":"1"}"#,
                "arn:aws:kinesis:~:stream/s",
            ),
            (
                "PutRecords",
                r#"{"streamARN":"arn:aws:kinesis:eu-west-1:444455556666:stream/s"}"#,
                "arn:aws:kinesis:eu-west-1:444455556666:stream/s",
            ),
            (
                "SubscribeToShard",
                r#"{"consumerARN":"arn:aws:kinesis:eu-west-1:111122223333:stream/s/consumer/c:1"}"#,
                "arn:aws:kinesis:~:stream/s/consumer/c:1",
            ),
        ],
    );
    assert_spelt(
        "firehose",
        &[(
            "PutRecord",
            r#"{"deliveryStreamName":"d"}"#,
            "arn:aws:firehose:~:deliverystream/d",
        )],
    );
    assert_spelt(
        "redshift-data",
        &[
            (
                "ExecuteStatement",
                r#"{"clusterIdentifier":"Dwh","database":"d","dbUser":"u"}"#,
                "arn:aws:redshift:~:cluster:dwh",
            ),
            (
                "ExecuteStatement",
                r#"{"workgroupName":"w","database":"d"}"#,
                "*",
            ),
            (
                "ExecuteStatement",
                r#"{"workgroupName":"arn:aws:redshift-serverless:eu-west-1:111122223333:workgroup/0-1"}"#,
                "arn:aws:redshift-serverless:~:workgroup/0-1",
            ),
        ],
    );
}
