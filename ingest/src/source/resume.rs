//! Where a listing goes on: how far runs before it listed each region's folder to the end.
//!
//! A run that lists a folder from some day on, and reads all that it lists, says so at its end (`listings`). A later run
//! goes on from the day up to which such runs join without a gap, less the lateness, and from the days of objects
//! that could not be read. Whatever was killed, or began later, or left days out, leaves a gap, which is listed again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{
    ArrayRef, AsArray, Date32Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type};
use arrow::error::ArrowError;
use datafusion::logical_expr::{Expr, col, lit};
use futures::StreamExt as _;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::Selection;
use super::history::{self, Span, Spans};
use super::layout::Layout;
use crate::lake::{self, Lake, LakeTable, schema};
use crate::{Error, ingest::UNREADABLE};

/// A source and a folder in it.
type Folder = (String, String);

/// The days that a run listed: from the first of all where none is given.
type Days = (Option<Date>, Date);

/// What is known of each folder, and what this run lists.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resume {
    listed: Arc<BTreeMap<Folder, BTreeSet<Days>>>,
    unread: Arc<BTreeMap<Folder, Date>>,
    /// Spans of the event history, by folder.
    settled: Arc<BTreeMap<String, Spans>>,
    now: Arc<Mutex<BTreeMap<Folder, Days>>>,
}

impl Resume {
    /// What the lake knows.
    pub(crate) async fn read(lake: &Lake) -> Result<Self, Error> {
        let mut failed: BTreeSet<Folder> = BTreeSet::new();
        let unreadable = col("reason").eq(lit(UNREADABLE)).and(in_buckets());
        let columns = ["source", "object_key", "etag"];
        texts(
            lake,
            LakeTable::Quarantine,
            columns,
            unreadable,
            |[source, key, _]| {
                failed.insert((source.to_owned(), key.to_owned()));
            },
        )
        .await?;
        let mut settled: BTreeMap<String, Spans> = BTreeMap::new();
        let of_history = col("source").eq(lit(history::URL));
        let asked = if failed.is_empty() {
            of_history
        } else {
            of_history.or(in_buckets())
        };
        texts(
            lake,
            LakeTable::Objects,
            columns,
            asked,
            |[source, key, etag]| {
                failed.remove(&(source.to_owned(), key.to_owned()));
                if source == history::URL
                    && etag == history::SETTLED
                    && let (Some(folder), Some(span)) = (Layout::region_folder(key), Span::of(key))
                {
                    settled.entry(folder.to_owned()).or_default().add(span);
                }
            },
        )
        .await?;
        Ok(Self {
            listed: Arc::new(listed(lake).await?),
            unread: Arc::new(oldest(&failed)),
            settled: Arc::new(settled),
            now: Arc::default(),
        })
    }

    /// The first day of a folder that is to be listed; none for all of it. It is noted that this run lists from there
    /// to the day `through`.
    pub(super) fn start(
        &self,
        folder: Folder,
        selection: &Selection,
        through: Date,
    ) -> Option<Date> {
        let before = self.covered(&folder).map(|day| selection.look_back(day));
        let unread = self.unread.get(&folder).copied();
        let resumed = before.map(|before| unread.map_or(before, |unread| unread.min(before)));
        let from = selection.since.or(resumed);
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.insert(folder, (from, through));
        from
    }

    /// The day up to which runs listed the folder from its beginning without a gap.
    fn covered(&self, folder: &Folder) -> Option<Date> {
        let mut covered: Option<Date> = None;
        for &(from, through) in self.listed.get(folder)? {
            if from.is_none_or(|from| covered.is_some_and(|covered| from <= covered)) {
                covered = covered.max(Some(through));
            }
        }
        covered
    }

    /// Says what this run listed, now that all of it is read. What runs before it said is not said again.
    pub(crate) async fn finish(&self, lake: &Lake, now: Timestamp) -> Result<(), Error> {
        let rows = self.rows(now).map_err(Error::rows(LakeTable::Listings))?;
        if rows.num_rows() > 0 {
            lake.append(LakeTable::Listings, vec![rows]).await?;
        }
        Ok(())
    }

    fn rows(&self, now: Timestamp) -> Result<RecordBatch, ArrowError> {
        let listed = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<(&Folder, &Days)> = listed
            .iter()
            .filter(|(folder, (from, through))| {
                let mut known = self.listed.get(folder).into_iter().flatten();
                !known.any(|known| known.0 <= *from && known.1 >= *through)
            })
            .collect();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(
                new.iter().map(|(folder, _)| &folder.0),
            )),
            Arc::new(StringArray::from_iter_values(
                new.iter().map(|(folder, _)| &folder.1),
            )),
            Arc::new(
                new.iter()
                    .map(|(_, days)| days.0.map(number))
                    .collect::<Date32Array>(),
            ),
            Arc::new(
                new.iter()
                    .map(|(_, days)| Some(number(days.1)))
                    .collect::<Date32Array>(),
            ),
            Arc::new(
                TimestampMicrosecondArray::from(vec![now.as_microsecond(); new.len()])
                    .with_timezone("UTC"),
            ),
        ];
        RecordBatch::try_new(schema::listings(), columns)
    }

    /// The spans of the event history that are settled.
    pub(super) fn settled(&self, folder: &str) -> Spans {
        self.settled.get(folder).cloned().unwrap_or_default()
    }
}

fn in_buckets() -> Expr {
    col("source").like(lit("s3://%"))
}

/// Of each folder the oldest day of these objects.
fn oldest(objects: &BTreeSet<Folder>) -> BTreeMap<Folder, Date> {
    let mut oldest: BTreeMap<Folder, Date> = BTreeMap::new();
    for (source, key) in objects {
        if let (Some(folder), Some(day)) = (Layout::region_folder(key), Layout::of(key).day) {
            oldest
                .entry((source.clone(), folder.to_owned()))
                .and_modify(|known| *known = day.min(*known))
                .or_insert(day);
        }
    }
    oldest
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// The days since 1970.
fn number(day: Date) -> i32 {
    EPOCH.until(day).map_or(0, |span| span.get_days())
}

/// The day that is so many days after the first of 1970.
fn day(number: i32) -> Option<Date> {
    EPOCH.checked_add(i64::from(number).days()).ok()
}

/// What runs before listed.
async fn listed(lake: &Lake) -> Result<BTreeMap<Folder, BTreeSet<Days>>, Error> {
    let mut listed: BTreeMap<Folder, BTreeSet<Days>> = BTreeMap::new();
    for batch in lake.rows(LakeTable::Listings).await? {
        let [sources, folders] = [batch.column(0), batch.column(1)].map(AsArray::as_string::<i32>);
        let [from, through] =
            [batch.column(2), batch.column(3)].map(AsArray::as_primitive::<Date32Type>);
        for (((source, folder), from), through) in
            sources.iter().zip(folders).zip(from).zip(through)
        {
            if let (Some(source), Some(folder), Some(through)) =
                (source, folder, through.and_then(day))
            {
                let key = (source.to_owned(), folder.to_owned());
                listed
                    .entry(key)
                    .or_default()
                    .insert((from.and_then(day), through));
            }
        }
    }
    Ok(listed)
}

/// Hands over three columns of the rows that fit, as text.
async fn texts(
    lake: &Lake,
    which: LakeTable,
    columns: [&str; 3],
    filter: Expr,
    mut take: impl FnMut([&str; 3]),
) -> Result<(), Error> {
    let Some(table) = lake.table(which).await? else {
        return Ok(());
    };
    let mut rows = lake::scan(which, &table, &columns, Some(filter)).await?;
    while let Some(batch) = rows.next().await {
        let batch = batch.map_err(Error::scan(which))?;
        each(&batch, &mut take).map_err(Error::rows(which))?;
    }
    Ok(())
}

fn each(batch: &RecordBatch, take: &mut impl FnMut([&str; 3])) -> Result<(), ArrowError> {
    let text = |index| cast(batch.column(index), &DataType::Utf8);
    let columns = (text(0)?, text(1)?, text(2)?);
    let [sources, keys, etags] =
        [&columns.0, &columns.1, &columns.2].map(AsArray::as_string::<i32>);
    for ((source, key), etag) in sources.iter().zip(keys).zip(etags) {
        if let (Some(source), Some(key)) = (source, key) {
            take([source, key, etag.unwrap_or_default()]);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn folder() -> Folder {
        ("s3://trail/".to_owned(), "AWSLogs/1/".to_owned())
    }

    fn of(listed: &[Days]) -> Resume {
        let listed = BTreeMap::from([(folder(), listed.iter().copied().collect())]);
        Resume {
            listed: Arc::new(listed),
            ..Resume::default()
        }
    }

    fn day(number: i8) -> Date {
        date(2026, 9, number)
    }

    fn start(resume: &Resume, since: Option<Date>) -> Option<Date> {
        let selection = Selection {
            since,
            lateness_days: 2,
            ..Selection::default()
        };
        resume.start(folder(), &selection, day(30))
    }

    #[test]
    fn a_listing_goes_on_where_the_one_from_the_beginning_ended() {
        assert_eq!(start(&of(&[]), None), None);
        assert_eq!(start(&of(&[(None, day(10))]), None), Some(day(8)));
        assert_eq!(start(&of(&[(None, day(10))]), Some(day(3))), Some(day(3)));
    }

    #[test]
    fn a_gap_is_listed_again() {
        assert_eq!(start(&of(&[(Some(day(5)), day(20))]), None), None);
        let gap = of(&[(None, day(10)), (Some(day(15)), day(20))]);
        assert_eq!(start(&gap, None), Some(day(8)));
        let joined = of(&[
            (None, day(10)),
            (Some(day(10)), day(15)),
            (Some(day(12)), day(20)),
        ]);
        assert_eq!(start(&joined, None), Some(day(18)));
    }

    #[test]
    fn what_could_not_be_read_is_listed_again() {
        let resume = Resume {
            unread: Arc::new(BTreeMap::from([(folder(), day(4))])),
            ..of(&[(None, day(10))])
        };
        assert_eq!(start(&resume, None), Some(day(4)));
    }

    #[test]
    fn what_is_known_is_not_said_again() {
        let resume = of(&[(None, day(30))]);
        start(&resume, None);
        assert_eq!(resume.rows(Timestamp::UNIX_EPOCH).unwrap().num_rows(), 0);
        let further = of(&[(None, day(29))]);
        start(&further, None);
        assert_eq!(further.rows(Timestamp::UNIX_EPOCH).unwrap().num_rows(), 1);
    }
}
