//! The committed sample against its own rules: it is what this crate makes, and it is what a trail
//! looks like.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use serde_json::Value;

use super::{Options, check, generate};

/// `sample-data/`.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for item in fs::read_dir(directory).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
    found.sort();
}

/// Every record of the trail's log files, object by object; a broken object has none.
fn records(directory: &Path) -> Vec<Value> {
    let mut paths = Vec::new();
    files(&directory.join("trail"), &mut paths);
    let mut records = Vec::new();
    for path in paths
        .iter()
        .filter(|path| path.to_string_lossy().contains("/CloudTrail/"))
    {
        let mut text = String::new();
        if GzDecoder::new(fs::File::open(path).unwrap())
            .read_to_string(&mut text)
            .is_ok()
        {
            let Value::Object(mut object) = serde_json::from_str(&text).unwrap() else {
                continue;
            };
            let Some(Value::Array(more)) = object.remove("Records") else {
                continue;
            };
            records.extend(more);
        }
    }
    records
}

/// A directory of this process alone.
fn scratch(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("curtail-sample-data-{}-{name}", std::process::id()))
}

/// The records of the committed sample, read once.
fn sample() -> &'static [Value] {
    static RECORDS: OnceLock<Vec<Value>> = OnceLock::new();
    RECORDS.get_or_init(|| records(&root()))
}

fn truth() -> Value {
    serde_json::from_str(&fs::read_to_string(root().join("truth.json")).unwrap()).unwrap()
}

#[test]
fn the_committed_sample_is_what_this_crate_makes() {
    assert_eq!(check(&Options::into(root())).unwrap(), Vec::<String>::new());
}

#[test]
fn the_committed_sample_is_small_and_large_enough() {
    let mut paths = Vec::new();
    files(&root(), &mut paths);
    let bytes: u64 = paths
        .iter()
        .map(|path| fs::metadata(path).unwrap().len())
        .sum();
    assert!(bytes < 6_000_000, "{bytes} bytes");
    assert!(truth()["trail"]["events"].as_u64().unwrap() >= 40_000);
}

#[test]
fn every_event_has_its_own_id_and_duplicates_are_equal() {
    let mut seen: BTreeMap<String, &Value> = BTreeMap::new();
    let mut duplicates = 0;
    for record in sample() {
        let id = record["eventID"].as_str().unwrap().to_owned();
        if let Some(first) = seen.get(&id) {
            assert_eq!(*first, record);
            duplicates += 1;
        }
        seen.insert(id, record);
    }
    let counts = &truth()["trail"];
    assert_eq!(counts["events"], seen.len());
    assert_eq!(counts["duplicates"], duplicates);
}

#[test]
fn every_session_was_opened_by_a_record_of_the_trail() {
    let records = sample();
    let opened: BTreeMap<&str, &Value> = records
        .iter()
        .filter_map(|record| {
            let key = record.pointer("/responseElements/credentials/accessKeyId")?;
            Some((key.as_str()?, record))
        })
        .collect();
    let mut checked = 0;
    for record in records {
        let identity = &record["userIdentity"];
        let Some(key) = identity["accessKeyId"].as_str() else {
            continue;
        };
        let opening = opened[key];
        let context = &identity["sessionContext"];
        assert_eq!(context["attributes"]["creationDate"], opening["eventTime"]);
        assert_eq!(
            context["sessionIssuer"]["arn"],
            opening["requestParameters"]["roleArn"]
        );
        assert!(record["eventTime"].as_str() >= opening["eventTime"].as_str());
        checked += 1;
    }
    assert!(checked > 20_000, "{checked}");
}

#[test]
fn addresses_are_private_or_reserved_for_documentation() {
    let addresses: BTreeSet<String> = sample()
        .iter()
        .filter_map(|record| record["sourceIPAddress"].as_str().map(str::to_owned))
        .collect();
    for address in addresses {
        if let Ok(address) = address.parse::<Ipv4Addr>() {
            assert!(
                address.is_private() || address.is_documentation(),
                "{address}"
            );
        } else {
            assert!(
                address == "AWS Internal" || address.ends_with(".amazonaws.com"),
                "{address}"
            );
        }
    }
}

#[test]
fn one_action_is_used_at_the_very_start_of_the_window_and_one_just_before() {
    let used = &truth()["agents"]["app-assistant"]["arn:aws:iam::111122223333:role/app"]["used"];
    assert_eq!(used["ssm:GetParameter"]["90"], 1);
    assert_eq!(used["ssm:GetParameter"]["last"], "2026-07-03T00:00:00Z");
    assert!(used["ssm:GetParametersByPath"].is_null());
    let times: Vec<String> = sample()
        .iter()
        .filter(|record| record["eventName"] == "GetParametersByPath")
        .filter(|record| record.to_string().contains("assumed-role/app/"))
        .map(|record| record["eventTime"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(times.iter().max().unwrap(), "2026-07-02T23:59:59Z");
}

#[test]
fn the_readme_tells_of_every_agent_and_role() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for (agent, roles) in truth()["agents"].as_object().unwrap() {
        for arn in roles.as_object().unwrap().keys() {
            let role = arn.rsplit('/').next().unwrap();
            assert!(
                readme.contains(&format!("| `{agent}` | `{role}` |")),
                "{agent}: {role}"
            );
        }
    }
}

#[test]
fn copies_live_in_accounts_of_their_own() {
    let out = scratch("copies");
    let options = Options {
        days: 2,
        copies: 2,
        level: 1,
        ..Options::into(out.clone())
    };
    let summary = generate(&options).unwrap();
    let made = records(&out);
    fs::remove_dir_all(&out).unwrap();
    assert_eq!(made.len() as u64, summary.records);
    let accounts: BTreeSet<&str> = made
        .iter()
        .filter_map(|record| record["recipientAccountId"].as_str())
        .collect();
    assert!(
        accounts.contains("111122223333") && accounts.contains("111122223334"),
        "{accounts:?}"
    );
    let ids: BTreeSet<&str> = made
        .iter()
        .filter_map(|record| record["eventID"].as_str())
        .collect();
    assert_eq!(ids.len() as u64, summary.events);
}

#[test]
fn as_many_records_are_made_as_were_asked_for() {
    let out = scratch("records");
    let options = Options {
        days: 3,
        records: Some(2_500),
        level: 1,
        ..Options::into(out.clone())
    };
    let summary = generate(&options).unwrap();
    fs::remove_dir_all(&out).unwrap();
    assert!(summary.records >= 2_500, "{summary:?}");
    assert!(summary.records < 5_000, "{summary:?}");
}
