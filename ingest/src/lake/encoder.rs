//! Rows of a table into new files, encoded as they come on a task of their own, so that the next rows are read meanwhile.
//!
//! Memory: the row group that each open file is at, encoded but for its last page, and a few batches that wait. Only so
//! many partitions are open at a time.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use arrow::array::RecordBatch;
use delta_kernel::expressions::Scalar;
use delta_kernel::schema::DataType;
use deltalake_core::kernel::Add;
use deltalake_core::writer::{DeltaWriter as _, RecordBatchWriter, WriteMode};
use deltalake_core::{DeltaTable, DeltaTableError};
use indexmap::IndexMap;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{LakeTable, files, optimize};
use crate::Error;

/// Batches that wait for the encoder. Chosen: one while another is encoded.
const WAITING: usize = 1;

/// Partitions that are open at a time: 3. Chosen: logs are read in order of delivery, so that two are the rule; each holds a
/// page and what compresses it for every column, some 50 MB in all.
const OPEN_PARTITIONS: usize = 3;

/// What the encoder is told.
enum Message {
    /// Rows of one partition.
    Rows(Option<i32>, RecordBatch),
    /// There are no more.
    End,
}

/// Files on their way. Dropped before its end, it leaves none.
#[derive(Debug)]
pub(crate) struct Encoder {
    table: LakeTable,
    messages: mpsc::Sender<Message>,
    task: JoinHandle<Result<Vec<Add>, Error>>,
}

impl Encoder {
    /// New files for the table, which are no part of it yet.
    pub(crate) fn start(table: LakeTable, opened: &DeltaTable) -> Self {
        let (messages, waiting) = mpsc::channel(WAITING);
        let files = Files {
            table,
            opened: opened.clone(),
            open: BTreeMap::new(),
            clock: 0,
            adds: Vec::new(),
        };
        Self {
            table,
            messages,
            task: tokio::spawn(files.encode(waiting)),
        }
    }

    /// Adds rows of one partition: those of a day, if the table is split by days.
    pub(crate) async fn write(
        &mut self,
        day: Option<i32>,
        batch: RecordBatch,
    ) -> Result<(), Error> {
        match self.messages.send(Message::Rows(day, batch)).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.stopped().await),
        }
    }

    /// Closes the files.
    pub(crate) async fn finish(mut self) -> Result<Vec<Add>, Error> {
        if self.messages.send(Message::End).await.is_err() {
            return Err(self.stopped().await);
        }
        self.task.await.unwrap_or(Err(Error::Writer {
            table: self.table.name(),
        }))
    }

    /// Why the task ended before its time.
    async fn stopped(&mut self) -> Error {
        match (&mut self.task).await {
            Ok(Err(error)) => error,
            Ok(Ok(_)) | Err(_) => Error::Writer {
                table: self.table.name(),
            },
        }
    }
}

/// The files that are written.
struct Files {
    table: LakeTable,
    opened: DeltaTable,
    open: BTreeMap<Option<i32>, OpenFile>,
    clock: u64,
    /// Files that are whole.
    adds: Vec<Add>,
}

/// The file that a partition is at.
struct OpenFile {
    writer: RecordBatchWriter,
    /// When it was written to last.
    used: u64,
}

impl Files {
    async fn encode(mut self, mut messages: mpsc::Receiver<Message>) -> Result<Vec<Add>, Error> {
        while let Some(message) = messages.recv().await {
            match message {
                Message::Rows(day, batch) => self.write(day, batch).await?,
                Message::End => {
                    while self.close_oldest().await? {}
                    return Ok(self.adds);
                }
            }
        }
        for file in self.open.values_mut() {
            file.writer.reset();
        }
        Ok(Vec::new())
    }

    async fn write(&mut self, day: Option<i32>, batch: RecordBatch) -> Result<(), Error> {
        if self.open.len() == OPEN_PARTITIONS && !self.open.contains_key(&day) {
            self.close_oldest().await?;
        }
        self.clock += 1;
        let failed = |error| Error::table(self.table, "write")(error);
        let file = match self.open.entry(day) {
            Entry::Occupied(file) => file.into_mut(),
            Entry::Vacant(place) => place.insert(OpenFile {
                writer: writer(self.table, &self.opened).map_err(failed)?,
                used: 0,
            }),
        };
        file.used = self.clock;
        let values: IndexMap<String, Scalar> = self
            .table
            .partition_columns()
            .iter()
            .map(|&name| {
                let value = day.map_or(Scalar::Null(DataType::DATE), Scalar::Date);
                (name.to_owned(), value)
            })
            .collect();
        let written = file
            .writer
            .write_partition(batch, &values, WriteMode::Default)
            .await;
        written.map(|_| ()).map_err(failed)
    }

    /// Closes the file that was not written to for longest; false if none is open.
    async fn close_oldest(&mut self) -> Result<bool, Error> {
        let oldest = self.open.iter().min_by_key(|(_, file)| file.used);
        let Some(mut file) = oldest
            .map(|(&day, _)| day)
            .and_then(|day| self.open.remove(&day))
        else {
            return Ok(false);
        };
        let adds = file.writer.flush().await;
        self.adds
            .extend(adds.map_err(Error::table(self.table, "write"))?);
        Ok(true)
    }
}

fn writer(table: LakeTable, opened: &DeltaTable) -> Result<RecordBatchWriter, DeltaTableError> {
    Ok(RecordBatchWriter::for_table(opened)?
        .with_target_file_size(optimize::TARGET_BYTES)
        .with_writer_properties(files::bounded_properties(table)))
}
