//! What a rule of the user's may say, and how it is told what it may not.

use super::*;
use crate::rules::{RuleFile, RuleOptions};
use crate::testbed;

const HEAD: &str = "-- What it is.
-- id: mine
-- title: T
-- severity: low
-- effect: finding
-- standards: S
-- parameters: most bigint 5 - calls
-- false_positives: none known
";

async fn refused(sql: &str) -> Option<String> {
    let options = RuleOptions {
        files: vec![RuleFile {
            name: "rules/mine.sql".to_owned(),
            text: format!("{HEAD}{sql}"),
        }],
        ..RuleOptions::default()
    };
    let rules = RuleSet::resolve(&options).unwrap();
    let context = testbed::session_before_rules().await.unwrap();
    register(&context, &rules)
        .await
        .err()
        .map(|error| error.to_string())
}

#[tokio::test]
async fn a_select_with_a_rules_columns_passes() {
    let sql = "SELECT calls.record_key, calls.action, calls.agent, calls.role_arn, 'x' AS reason FROM calls
        CROSS JOIN mine_parameters WHERE mine_parameters.most > 3";
    assert_eq!(refused(sql).await, None);
}

#[tokio::test]
async fn whatever_does_more_than_read_is_refused_with_file_and_line() {
    let cases = [
        ("COPY calls TO '/tmp/x.csv'", "`COPY` is no query"),
        ("CREATE VIEW v AS SELECT 1", "`CreateView` is no query"),
        ("DROP TABLE events", "`DropTable` is no query"),
        ("INSERT INTO params SELECT 1", "rules/mine.sql:9: "),
        (
            "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'",
            "is no query",
        ),
        ("SELECT 1; SELECT 2", "rules/mine.sql:9: "),
        ("SELECT 1 AS one FROM '/etc/passwd'", "rules/mine.sql:9: "),
        ("SELECT FROM WHERE", "rules/mine.sql:9: "),
        ("EXPLAIN SELECT 1", "it gives no column `record_key`"),
        (
            "SELECT 1 AS record_key",
            "column `record_key` is no text but Int64",
        ),
        (
            "SELECT '' AS record_key, '' AS action, '' AS agent, '' AS role_arn, '' AS reason, 1 AS more",
            "column `more` is none of a rule's",
        ),
        (
            "SELECT '' AS record_key, '' AS action, '' AS agent, '' AS role_arn, CAST(now() AS text) AS reason",
            "`now` does not depend on the lake alone",
        ),
        (
            "SELECT '' AS record_key, '' AS action, '' AS agent, '' AS role_arn, usage.agent AS reason FROM usage",
            "`usage` is a result of the analysis",
        ),
        (
            "SELECT legitimacy.rule FROM legitimacy",
            "rules/mine.sql:9: ",
        ),
    ];
    for (sql, said) in cases {
        let message = refused(sql).await.unwrap_or_default();
        assert!(message.starts_with("rules/mine.sql:"), "{sql}: {message}");
        assert!(message.contains(said), "{sql}: {message}");
    }
}
