//! What the model of a review holds to.

use curtail_analyze::Bucket;
use proptest::prelude::*;

use super::*;
use crate::fixture::{agent, analysis, organisation, role, row};

fn review_of(analysis: &Analysis) -> Review {
    build(analysis, Catalog::embedded(), &Options::default())
}

#[test]
fn a_review_is_a_function_of_its_input() {
    let analysis = organisation();
    let mut shuffled = analysis.clone();
    shuffled.agents.reverse();
    shuffled.actions.reverse();
    shuffled.replay.reverse();
    shuffled.counts.reverse();
    assert_eq!(review_of(&analysis), review_of(&shuffled));
}

#[test]
fn the_agent_with_most_excess_comes_first() {
    let review = review_of(&organisation());
    let ranking: Vec<(&str, Range)> = review
        .summary
        .ranking
        .iter()
        .map(|ranked| (ranked.agent.as_str(), ranked.excess))
        .collect();
    assert_eq!(
        ranking,
        [
            ("invoice-writer", Range { low: 4, high: 5 }),
            ("executor", Range { low: 2, high: 2 }),
            ("planner", Range { low: 2, high: 2 }),
        ]
    );
}

#[test]
fn what_may_be_used_is_no_certain_excess() {
    let mut analysis = organisation();
    for row in &mut analysis.actions {
        if row.action == "s3:DeleteBucket" {
            row.flags.insert("unattributed_use".to_owned());
        }
        if row.action == "s3:PutObject" {
            row.flags.insert("possible".to_owned());
        }
    }
    let excess = review_of(&analysis).summary.ranking[0].excess;
    assert_eq!(excess, Range { low: 3, high: 6 });
}

#[test]
fn a_change_of_a_shared_role_takes_what_no_agent_needs() {
    let review = review_of(&organisation());
    let team = review
        .roles
        .iter()
        .find(|role| role.name == "team")
        .unwrap();
    let removed: Vec<&String> = team.trim.removed.iter().collect();
    assert_eq!(removed, ["iam:CreateUser"]);
}

#[test]
fn a_blind_spot_names_the_selector_to_turn_on() {
    let review = review_of(&organisation());
    let spots = &review.agents[1].blind_spots;
    assert_eq!(spots.len(), 1);
    assert_eq!(
        spots[0].recording,
        Recording::Data {
            resource_type: "AWS::S3::Object".to_owned()
        }
    );
    assert!(spots[0].remedy.contains("resources.type = AWS::S3::Object"));
}

#[test]
fn a_role_that_the_snapshot_lacks_is_shown_without_grants() {
    let review = review_of(&analysis(
        vec![agent("ghost", "gone")],
        vec![],
        vec![],
        vec![],
    ));
    let shown = &review.agents[0].roles[0];
    assert_eq!(
        (shown.role_name.as_str(), shown.in_snapshot),
        ("gone", false)
    );
    assert_eq!(shown.account_id, crate::fixture::ACCOUNT);
    assert_eq!(shown.counts, BucketCounts::default());
}

#[test]
fn the_window_starts_its_days_before_its_end() {
    let head = review_of(&organisation()).head;
    assert_eq!(
        head.window_start,
        crate::fixture::at("2026-07-03T00:00:00Z")
    );
}

fn buckets() -> impl Strategy<Value = Vec<Bucket>> {
    prop::collection::vec(prop::sample::select(Bucket::ALL.to_vec()), 0..60)
}

proptest! {
    #[test]
    fn the_buckets_add_up_to_what_is_granted(buckets in buckets()) {
        let rows = buckets
            .iter()
            .enumerate()
            .map(|(number, bucket)| row("a", "app", &format!("s3:Action{number}"), *bucket))
            .collect();
        let analysis = analysis(vec![agent("a", "app")], vec![role("app", &["a"], vec![])], rows, vec![]);
        let review = review_of(&analysis);
        let counts = review.agents[0].counts;
        let sum = counts.used + counts.non_legitimate + counts.inherited + counts.unobservable + counts.never_used;
        prop_assert_eq!(sum, counts.granted);
        prop_assert_eq!(counts.granted, i64::try_from(buckets.len()).unwrap());
        prop_assert_eq!(review.summary.counts, counts);
        for window in &review.agents[0].windows {
            prop_assert_eq!(window.buckets, counts);
        }
        let excess = review.agents[0].excess;
        prop_assert!(excess.low <= excess.high && excess.high <= counts.granted);
    }
}
