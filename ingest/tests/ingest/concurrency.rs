//! Runs at the same time on the same lake count each event once.

use curtail_ingest::{IngestSummary, LakeTable};

use crate::place::{Place, adds_up, key, record};

async fn together(place: &Place, runs: usize) -> Vec<IngestSummary> {
    let runs = (0..runs).map(|_| place.ingest());
    futures::future::join_all(runs).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_runs_at_a_time_count_each_event_once() {
    let mut place = Place::new();
    place.options.commit_rows = 10;
    for object in 0..12_u32 {
        let records: Vec<_> = (0..8)
            .map(|index| object * 4 + index)
            .map(|id| record(&id.to_string(), id % 3 + 1))
            .collect();
        place.log(&key(&format!("{object:02}")), &records);
    }
    let summaries = together(&place, 2).await;
    summaries.iter().for_each(adds_up);
    let ids = place.events("event_id").await;
    assert_eq!(ids.len(), 52);
    let written: u64 = summaries.iter().map(|summary| summary.events_written).sum();
    assert_eq!(written, 52);
    assert_eq!(place.rows(LakeTable::Objects).await.len(), 12);
    assert_eq!(place.ingest().await.objects_known, 12);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn runs_over_different_sources_do_not_lose_each_others_rows() {
    let place = Place::new();
    let mut sources = Vec::new();
    for source in 0..4 {
        let folder = format!("s{source}");
        place.log(
            &format!("{folder}/a.json.gz"),
            &[record("shared", 3), record(&folder, 3)],
        );
        place.put(&format!("{folder}/broken.json.gz"), b"x");
        sources.push(vec![place.source().join(folder)]);
    }
    let runs = sources.iter().map(|sources| place.try_ingest(sources));
    let summaries: Vec<_> = futures::future::join_all(runs)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(
        place.events("event_id").await,
        ["s0", "s1", "s2", "s3", "shared"]
    );
    assert_eq!(
        summaries
            .iter()
            .map(|summary| summary.duplicates)
            .sum::<u64>(),
        3
    );
    assert_eq!(place.rows(LakeTable::Quarantine).await.len(), 4);
    assert_eq!(place.rows(LakeTable::Objects).await.len(), 8);
}
