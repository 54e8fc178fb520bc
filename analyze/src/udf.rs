//! What SQL cannot do: matching IAM patterns and networks, and mapping CloudTrail records to IAM actions.
//!
//! Each function is vectorised, pure, and gives NULL or no match on text it cannot read; none fails on data.

mod cidr_contains;
mod event_actions;
mod event_outcome;
mod event_services;
mod matching;
mod tag_value;
mod text;
mod text_function;
mod within_hours;

use datafusion::error::DataFusionError;
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::SessionContext;

/// Gives `context` the functions of this crate and those that read JSON text.
///
/// # Errors
/// If the engine refuses a function; that is our bug.
pub(crate) fn register(context: &mut SessionContext) -> Result<(), DataFusionError> {
    datafusion_functions_json::register_all(context)?;
    context.register_udf(ScalarUDF::from(cidr_contains::CidrContains::default()));
    context.register_udf(ScalarUDF::from(event_actions::EventActions::default()));
    context.register_udf(ScalarUDF::from(event_outcome::event_outcome()));
    context.register_udf(ScalarUDF::from(event_services::event_services()));
    context.register_udf(ScalarUDF::from(matching::Matching::action_match()));
    context.register_udf(ScalarUDF::from(matching::Matching::wildcard_match()));
    context.register_udf(ScalarUDF::from(tag_value::tag_value()));
    context.register_udf(ScalarUDF::from(within_hours::WithinHours::default()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use arrow::util::pretty::pretty_format_batches;

    use super::*;

    /// The answers of a query, a line per row.
    async fn answers(text: &str) -> String {
        let mut context = SessionContext::new();
        register(&mut context).unwrap();
        let batches = context.sql(text).await.unwrap().collect().await.unwrap();
        let table = pretty_format_batches(&batches).unwrap().to_string();
        let rows = table.lines().skip(3).filter(|line| line.starts_with('|'));
        rows.map(|line| {
            line.split('|')
                .map(str::trim)
                .collect::<Vec<_>>()
                .join(" ")
                .trim()
                .to_owned()
        })
        .collect::<Vec<_>>()
        .join("\n")
    }

    #[tokio::test]
    async fn actions_match_in_any_case_and_resources_do_not() {
        let text = "SELECT action_match('S3:get*', 's3:GetObject'), wildcard_match('A*', 'ab'), wildcard_match('a?', 'ab'),
            wildcard_match('*app', 'my-app'), wildcard_match('app', 'my-app')";
        assert_eq!(answers(text).await, "true false true true false");
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_in_no_known_network() {
        let text = "SELECT column1, cidr_contains('10.0.0.0/8', column1) IS NULL, cidr_contains('10.0.0.0/8', column1) IS TRUE
            FROM (VALUES ('10.1.1.1'), ('11.1.1.1'), ('s3.amazonaws.com'), (NULL)) ORDER BY 1";
        let expected =
            "10.1.1.1 false true\n11.1.1.1 false false\ns3.amazonaws.com true false\ntrue false";
        assert_eq!(answers(text).await, expected);
    }

    #[tokio::test]
    async fn an_instant_is_within_hours_or_not_and_no_instant_is_unknown() {
        let text = "SELECT within_hours('Mon-Fri 06:00-20:00 UTC', column1) FROM (VALUES ('2026-09-30T06:00:00Z'),
            ('2026-09-30T20:00:00Z'), ('yesterday'), (NULL))
            UNION ALL SELECT within_hours('whenever', '2026-09-30T06:00:00Z')";
        assert_eq!(answers(text).await, "true\nfalse\n\n\n");
    }

    #[tokio::test]
    async fn every_call_has_an_outcome() {
        let text = "SELECT event_outcome(column1, NULL) FROM (VALUES (NULL), ('AccessDenied'), ('ThrottlingException'),
            ('Client.DryRunOperation'))";
        assert_eq!(answers(text).await, "succeeded\ndenied\nfailed\ndry_run");
    }

    #[tokio::test]
    async fn no_action_is_an_empty_list_and_no_knowledge_is_null() {
        let text = "SELECT cardinality(event_actions(column1, column2, NULL, NULL, NULL, NULL, NULL, NULL, NULL)),
                event_actions(column1, column2, NULL, NULL, NULL, NULL, NULL, NULL, NULL) IS NULL
            FROM (VALUES ('s3.amazonaws.com', 'HeadBucket'), ('s3.amazonaws.com', 'Frobnicate'), (NULL, NULL))";
        assert_eq!(answers(text).await, "1 false\ntrue\ntrue");
    }

    #[tokio::test]
    async fn whatever_text_comes_is_answered() {
        let text = "SELECT event_actions('s3.amazonaws.com', 'PutObject', column1, column1, column1, column1, column1, column1, column1) IS NULL,
                tag_value(column1, column1) IS NULL, cidr_contains(column1, column1) IS NULL, event_outcome(column1, column1) IS NULL
            FROM (VALUES ('{'), (''), ('[[[['), ('{\"bucketName\": 7}'), ('\u{0}'))";
        assert_eq!(answers(text).await, ["false true true false"; 5].join("\n"));
    }
}
