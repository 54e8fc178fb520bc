//! Each row once, whoever else writes.

use super::*;
use crate::events::{EventBuilders, EventRow};

const CAP: usize = 100;

async fn lake() -> (tempfile::TempDir, Lake) {
    let directory = tempfile::tempdir().unwrap();
    let lake = Lake::open(directory.path().to_str().unwrap())
        .await
        .unwrap();
    (directory, lake)
}

/// Events with these keys on a day.
fn rows(day: Day, keys: &[u128]) -> Rows {
    let mut builders = EventBuilders::with_capacity(keys.len());
    for &key in keys {
        builders.append(&EventRow {
            record_key: Some(key),
            event_date: day,
            ..EventRow::default()
        });
    }
    Rows {
        day,
        batch: builders.finish().unwrap(),
        identities: keys.to_vec(),
        owners: (0..).take(keys.len()).collect(),
    }
}

/// Stages and commits the rows; which of them were written in the end.
async fn append(ledger: &mut Ledger, rows: &[Rows]) -> Vec<Sifted> {
    let mut sifted = ledger.stage(rows).await.unwrap();
    let late = ledger.commit().await.unwrap();
    for Late { owner, reused } in late {
        // Only used where there is one day.
        let owner = usize::try_from(owner).unwrap();
        let first = sifted.first_mut().unwrap();
        let mut new: Vec<bool> = first.new.values().iter().collect();
        assert!(std::mem::replace(&mut new[owner], false));
        first.new = new.into();
        first.reused.extend(reused.map(|_| owner));
    }
    sifted
}

fn flags(written: &[Sifted]) -> Vec<Vec<bool>> {
    written
        .iter()
        .map(|written| written.new.values().iter().collect())
        .collect()
}

async fn stored(lake: &Lake) -> usize {
    let batches = lake.rows(LakeTable::Events).await.unwrap();
    batches.iter().map(RecordBatch::num_rows).sum()
}

#[tokio::test]
async fn a_row_that_is_there_or_comes_twice_is_not_written() {
    let (_directory, lake) = lake().await;
    let mut ledger = Ledger::open(&lake, LakeTable::Events, CAP).await.unwrap();
    let first = [rows(Some(1), &[1, 2, 1]), rows(None, &[1, 3])];
    let written = append(&mut ledger, &first).await;
    assert_eq!(flags(&written), [vec![true, true, false], vec![true, true]]);
    let second = [
        rows(Some(1), &[2, 4]),
        rows(None, &[3]),
        rows(Some(2), &[1]),
    ];
    let written = append(&mut ledger, &second).await;
    assert_eq!(
        flags(&written),
        [vec![false, true], vec![false], vec![true]]
    );
    assert_eq!(stored(&lake).await, 6);
}

#[tokio::test]
async fn rows_of_an_earlier_run_are_found_with_and_without_room_to_hold_them() {
    for cap in [CAP, 3, 0] {
        let (_directory, lake) = lake().await;
        let before = [rows(Some(1), &[1, 2, 3, 4]), rows(None, &[5])];
        let mut ledger = Ledger::open(&lake, LakeTable::Events, cap).await.unwrap();
        append(&mut ledger, &before).await;
        let mut later = Ledger::open(&lake, LakeTable::Events, cap).await.unwrap();
        let again = [rows(Some(1), &[4, 9]), rows(None, &[5, 6])];
        for expected in [
            [vec![false, true], vec![false, true]],
            [vec![false, false], vec![false, false]],
        ] {
            assert_eq!(flags(&append(&mut later, &again).await), expected, "{cap}");
        }
        assert_eq!(stored(&lake).await, 7);
    }
}

#[tokio::test]
async fn a_ledger_that_was_overtaken_looks_again_before_it_writes() {
    let (_directory, lake) = lake().await;
    let mut quick = Ledger::open(&lake, LakeTable::Events, CAP).await.unwrap();
    let mut slow = Ledger::open(&lake, LakeTable::Events, CAP).await.unwrap();
    append(&mut quick, &[rows(Some(1), &[1, 2])]).await;
    let written = append(&mut slow, &[rows(Some(1), &[2, 3])]).await;
    assert_eq!(flags(&written), [vec![false, true]]);
    let written = append(&mut quick, &[rows(Some(1), &[3, 1, 4])]).await;
    assert_eq!(flags(&written), [vec![false, false, true]]);
    assert_eq!(stored(&lake).await, 4);
}

#[tokio::test]
async fn rows_that_others_append_without_a_ledger_are_seen_too() {
    let (_directory, lake) = lake().await;
    let mut ledger = Ledger::open(&lake, LakeTable::Events, CAP).await.unwrap();
    append(&mut ledger, &[rows(Some(1), &[1])]).await;
    let others = rows(Some(1), &[2]).batch;
    lake.append(LakeTable::Events, vec![others]).await.unwrap();
    let written = append(&mut ledger, &[rows(Some(1), &[1, 2, 3])]).await;
    assert_eq!(flags(&written), [vec![false, false, true]]);
}

#[tokio::test]
async fn a_row_that_says_something_else_of_the_same_thing_is_told() {
    let (_directory, lake) = lake().await;
    let other = 1 << 127 | 1;
    for cap in [CAP, 0] {
        let mut ledger = Ledger::open(&lake, LakeTable::Events, cap).await.unwrap();
        let day = i32::try_from(cap).unwrap();
        let first = [rows(Some(day), &[1, other, 1])];
        let written = append(&mut ledger, &first).await;
        assert_eq!(flags(&written), [[true, false, false]]);
        assert_eq!(written[0].reused, [1]);
        let second = [rows(Some(day), &[2, other])];
        let written = append(&mut ledger, &second).await;
        assert_eq!(flags(&written), [[true, false]]);
        assert_eq!(written[0].reused, [1]);
    }
}
