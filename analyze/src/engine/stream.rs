//! The rows of a query, batch by batch, and the engine's messages without its own details.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
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

/// What the engine says, without a trace of its own code and without its class of error.
pub(super) fn plain_message(error: &DataFusionError) -> String {
    let message = error.strip_backtrace();
    let plain = message.strip_prefix("Error during planning: ").unwrap_or(&message);
    plain.to_owned()
}
