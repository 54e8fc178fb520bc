//! The rows of a query, batch by batch, and the refusal of what is no query.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::LogicalPlan;
use futures::StreamExt;

use crate::Error;

/// The rows of a query as they come.
pub struct Rows {
    stream: SendableRecordBatchStream,
}

impl Rows {
    pub(super) fn new(stream: SendableRecordBatchStream) -> Self {
        Self { stream }
    }

    /// Names and types of the columns.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        self.stream.schema()
    }

    /// The next batch of rows; none at the end.
    ///
    /// # Errors
    /// [`Error::Query`] if the query fails on the way.
    pub async fn next(&mut self) -> Result<Option<RecordBatch>, Error> {
        self.stream.next().await.transpose().map_err(Error::query)
    }
}

/// Lets a plan pass that only reads.
///
/// # Errors
/// [`Error::NotReadOnly`] if any part of it would define, change or set something.
pub(super) fn refuse_changes(plan: &LogicalPlan) -> Result<(), Error> {
    let reading = SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false);
    reading.verify_plan(plan).map_err(|error| {
        let message = error.strip_backtrace();
        let what = message
            .rsplit(" not supported: ")
            .next()
            .unwrap_or(&message);
        Error::NotReadOnly {
            what: what.trim().to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use datafusion::prelude::SessionContext;

    use super::*;

    async fn refused(text: &str) -> Option<String> {
        let context = SessionContext::new();
        context.sql("CREATE TABLE t (a INT)").await.unwrap();
        let plan = context.state().create_logical_plan(text).await.unwrap();
        refuse_changes(&plan).err().map(|error| error.to_string())
    }

    #[tokio::test]
    async fn queries_pass() {
        for text in [
            "SELECT 1",
            "WITH x AS (SELECT a FROM t) SELECT a FROM x",
            "VALUES (1)",
            "EXPLAIN SELECT 1",
            "DESCRIBE t",
        ] {
            assert_eq!(refused(text).await, None, "{text}");
        }
    }

    #[tokio::test]
    async fn whatever_changes_something_is_refused_by_name() {
        let cases = [
            ("DROP TABLE t", "`DropTable` is no query"),
            (
                "CREATE TABLE u AS SELECT 1",
                "`CreateMemoryTable` is no query",
            ),
            ("CREATE VIEW u AS SELECT 1", "`CreateView` is no query"),
            ("INSERT INTO t VALUES (1)", "`Insert Into` is no query"),
            (
                "EXPLAIN ANALYZE INSERT INTO t VALUES (1)",
                "`Insert Into` is no query",
            ),
            ("COPY t TO '/tmp/t.csv'", "`COPY` is no query"),
            (
                "SET datafusion.execution.batch_size = 1",
                "`SetVariable` is no query",
            ),
        ];
        for (text, said) in cases {
            assert_eq!(refused(text).await.as_deref(), Some(said), "{text}");
        }
    }
}
