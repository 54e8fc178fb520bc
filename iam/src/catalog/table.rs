//! Embedded tables: packed bytes in, rows found by their first column out.
//!
//! INVARIANT: the build script checked every table (UTF-8, the first column in lower case and
//! sorted by, columns complete), so that reading one cannot fail.

use libdeflater::Decompressor;

include!(concat!(env!("OUT_DIR"), "/packed.rs"));

/// A table as the build script packed it.
pub(crate) struct Packed {
    bytes: &'static [u8],
    length: usize,
}

impl Packed {
    /// Unpacks the text and keeps it for the life of the process; call it once per table.
    #[expect(
        clippy::expect_used,
        reason = "INVARIANT: the build script made the bytes"
    )]
    pub(crate) fn unpack(&self) -> &'static str {
        let mut bytes = vec![0; self.length];
        Decompressor::new()
            .zlib_decompress(self.bytes, &mut bytes)
            .expect("the table was packed by the build script");
        String::from_utf8(bytes)
            .expect("the table was text when it was packed")
            .leak()
    }
}

/// Rows sorted by their first column, which is in lower case; found in any letter case.
pub(crate) struct Table {
    rows: Vec<Row>,
}

/// One row: its first column, in lower case, and the rest as written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) key: &'static str,
    rest: &'static str,
}

impl Row {
    /// Splits a line at its first tab.
    pub(crate) fn new(line: &'static str) -> Self {
        let (key, rest) = line.split_once('\t').unwrap_or((line, ""));
        Self { key, rest }
    }

    /// The columns after the first.
    pub(crate) fn columns(self) -> impl Iterator<Item = &'static str> {
        self.rest.split('\t')
    }
}

impl Table {
    /// Reads a packed table.
    pub(crate) fn read(packed: &Packed) -> Self {
        Self {
            rows: packed.unpack().lines().map(Row::new).collect(),
        }
    }

    /// The rows in order.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows whose first column is `key`, in any letter case.
    pub(crate) fn all(&self, key: &str) -> &[Row] {
        let key = key.to_ascii_lowercase();
        let start = self.rows.partition_point(|row| row.key < key.as_str());
        let rest = self.rows.get(start..).unwrap_or_default();
        let length = rest.partition_point(|row| row.key == key);
        rest.get(..length).unwrap_or_default()
    }

    /// The first row whose first column is `key`, in any letter case.
    pub(crate) fn get(&self, key: &str) -> Option<Row> {
        self.all(key).first().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_unpacks_to_its_length() {
        for packed in [
            &ACTIONS,
            &CONDITION_KEYS,
            &DEPENDENTS,
            &EXCEPTIONS,
            &HAND,
            &HAND_HOSTS,
            &HOSTS,
            &IMPLIED,
            &NETWORK_ACTIVITY,
            &PASS_ROLE,
            &RECORDING,
            &RESOURCE_TYPES,
            &RETIRED,
            &TEMPLATES,
        ] {
            assert_eq!(packed.unpack().len(), packed.length);
        }
    }

    #[test]
    fn rows_are_found_in_any_letter_case_and_all_of_them() {
        let table = Table {
            rows: ["a\t1", "b\t2", "b\t3\t4", "c"].map(Row::new).to_vec(),
        };
        assert_eq!(table.all("b").len(), 2);
        assert_eq!(table.get("C").unwrap().columns().collect::<Vec<_>>(), [""]);
        assert_eq!(table.all("B")[1].columns().collect::<Vec<_>>(), ["3", "4"]);
        assert!(table.get("bb").is_none());
    }
}
