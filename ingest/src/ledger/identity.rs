//! By what a row of each ledger is known: 96 bits, and 32 more that tell what it says.
//!
//! `events`: the record key itself. `objects`: source, object key and `ETag`. `quarantine`: these and the record's
//! index. The last two are hashed, with the length before each part, so that no two lists of parts look alike.

use arrow::array::{Array as _, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use arrow::error::ArrowError;
use sha2::{Digest as _, Sha256};

use crate::lake::LakeTable;

/// The bits that rows are the same by.
const SAME: u128 = u128::MAX >> 32;

/// The identity of a row. Two are equal if they are of the same thing, whatever these say of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity(pub(crate) u128);

impl Identity {
    /// The identity of the thing that `id` is the SHA-256 of, which says what `content` is the SHA-256 of.
    pub(crate) fn of(id: &[u8; 32], content: &[u8; 32]) -> Self {
        Self(first_half(id) & SAME | first_half(content) & !SAME)
    }

    /// Of what it is, whatever that says.
    pub(crate) fn thing(self) -> u128 {
        self.0 & SAME
    }

    /// Whether the same is said.
    pub(super) fn agrees(self, other: Self) -> bool {
        self.0 == other.0
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.thing() == other.thing()
    }
}

impl Eq for Identity {}

impl std::hash::Hash for Identity {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u128(self.thing());
    }
}

/// The columns that make the identity.
pub(super) fn columns(which: LakeTable) -> &'static [&'static str] {
    match which {
        LakeTable::Events => &["record_key"],
        LakeTable::Quarantine => &["source", "object_key", "etag", "record_index"],
        _ => &["source", "object_key", "etag"],
    }
}

/// The identity of an object, or of a record in it.
pub(crate) fn identity_of(
    source: &str,
    object_key: &str,
    etag: &str,
    record_index: Option<i64>,
) -> u128 {
    let mut hash = Sha256::new();
    for part in [source, object_key, etag] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(part);
    }
    hash.update(record_index.unwrap_or(-1).to_le_bytes());
    first_half(&hash.finalize().into())
}

/// The first 128 bits of a SHA-256.
fn first_half(digest: &[u8; 32]) -> u128 {
    digest
        .iter()
        .take(16)
        .fold(0, |bits, &byte| bits << 8 | u128::from(byte))
}

/// The identity of each row of a batch that has [these columns](columns).
pub(super) fn identities(which: LakeTable, batch: &RecordBatch) -> Result<Vec<u128>, ArrowError> {
    let texts = columns(which)
        .iter()
        .filter(|&&name| name != "record_index")
        .map(|name| column(batch, name, &DataType::Utf8))
        .collect::<Result<Vec<_>, _>>()?;
    if let (LakeTable::Events, [keys]) = (which, texts.as_slice()) {
        let keys = keys.as_string::<i32>().iter();
        return Ok(keys
            .map(|key| record_key(key).unwrap_or_default())
            .collect());
    }
    let indexes = match which {
        LakeTable::Quarantine => Some(column(batch, "record_index", &DataType::Int64)?),
        _ => None,
    };
    Ok((0..batch.num_rows())
        .map(|row| {
            let mut parts = texts.iter().map(|texts| {
                let texts = texts.as_string::<i32>();
                if texts.is_valid(row) {
                    texts.value(row)
                } else {
                    ""
                }
            });
            let mut part = || parts.next().unwrap_or_default();
            let index = indexes
                .as_ref()
                .map(AsArray::as_primitive::<Int64Type>)
                .filter(|indexes| indexes.is_valid(row))
                .map(|indexes| indexes.value(row));
            identity_of(part(), part(), part(), index)
        })
        .collect())
}

fn column(
    batch: &RecordBatch,
    name: &str,
    wanted: &DataType,
) -> Result<arrow::array::ArrayRef, ArrowError> {
    let column = batch
        .column_by_name(name)
        .ok_or_else(|| ArrowError::SchemaError(format!("column `{name}` is missing")))?;
    cast(column, wanted)
}

/// The record key of each row of a batch that has the column; none where it is not one of ours.
pub(crate) fn record_keys(batch: &RecordBatch) -> Result<Vec<Option<u128>>, ArrowError> {
    let keys = column(batch, "record_key", &DataType::Utf8)?;
    Ok(keys.as_string::<i32>().iter().map(record_key).collect())
}

/// A record key is 32 hexadecimal digits. Others cannot come from us; they are no one's key.
fn record_key(text: Option<&str>) -> Option<u128> {
    text.and_then(|digits| u128::from_str_radix(digits, 16).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(
            identity_of("a", "bc", "", None),
            identity_of("ab", "c", "", None)
        );
        assert_ne!(
            identity_of("a", "b", "c", None),
            identity_of("a", "b", "c", Some(0))
        );
    }

    #[test]
    fn identities_are_the_same_whatever_is_said() {
        let (one, other) = (
            Identity::of(&[1; 32], &[1; 32]),
            Identity::of(&[1; 32], &[2; 32]),
        );
        assert_eq!(one, other);
        assert!(one.agrees(one) && !one.agrees(other));
        assert_ne!(one, Identity::of(&[2; 32], &[1; 32]));
    }

    #[test]
    fn a_record_key_is_read_as_it_is_written() {
        let key = 0x00ff_0102_u128;
        assert_eq!(record_key(Some(&format!("{key:032x}"))), Some(key));
        assert_eq!(record_key(Some("no key")), None);
        assert_eq!(record_key(None), None);
    }
}
