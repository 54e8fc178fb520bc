//! Documents of every shape, and what holds at which time.

use arrow::array::{Array as _, AsArray as _};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::{LakeTable, NoProgress};

const ACCOUNT: &str = "111122223333";

fn policy(action: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
}

fn role(name: &str, action: &str) -> Value {
    json!({
        "Path": "/", "RoleName": name, "RoleId": format!("AROA{name}"), "Arn": format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
        "InstanceProfileList": [{"InstanceProfileName": name, "InstanceProfileId": format!("AIPA{name}"),
            "Arn": format!("arn:aws:iam::{ACCOUNT}:instance-profile/{name}")}],
        "RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": policy(action)}],
        "RoleLastUsed": {"LastUsedDate": "2026-09-30T00:00:00Z"},
    })
}

fn details(roles: &[Value]) -> Value {
    json!({"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": roles, "Policies": [
        {"PolicyName": "ReadOnlyAccess", "PolicyId": "ANPA1", "Arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
         "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": false, "Document": {"broken": true}},
                               {"VersionId": "v2", "IsDefaultVersion": true, "Document": policy("s3:Get*")}]}]})
}

fn organization() -> Value {
    json!({"Roots": [{"Id": "r-1", "Arn": "arn:aws:organizations::999988887777:root/o-1/r-1", "Name": "Root"}],
        "OrganizationalUnits": [{"Id": "ou-1", "Arn": "arn:aws:organizations::999988887777:ou/o-1/ou-1", "Name": "Agents", "ParentId": "r-1"}],
        "Accounts": [{"Id": ACCOUNT, "Arn": "arn:aws:organizations::999988887777:account/o-1/111122223333", "Name": "a", "ParentId": "ou-1"}],
        "Policies": [{"Policy": {"PolicySummary": {"Id": "p-1", "Arn": "arn:aws:organizations::aws:policy/service_control_policy/p-1",
            "Name": "FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": true}, "Content": policy("*").to_string()},
            "Targets": [{"TargetId": "r-1", "Type": "ROOT"}]}]})
}

/// A lake and a place for files.
struct Place {
    directory: tempfile::TempDir,
    lake: Lake,
}

impl Place {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let lake = Lake::open(directory.path().join("lake").to_str().unwrap())
            .await
            .unwrap();
        Self { directory, lake }
    }

    async fn take(&self, documents: &[Value], taken_at: &str) -> Result<SnapshotSummary, Error> {
        let file = self.directory.path().join("documents.json");
        let texts: Vec<String> = documents
            .iter()
            .map(|document| format!("{document:#}"))
            .collect();
        std::fs::write(&file, texts.join("\n")).unwrap();
        let options = SnapshotOptions::new(taken_at.parse::<Timestamp>().unwrap());
        snapshot(&self.lake, &[file], &options, &NoProgress).await
    }

    /// Account, kind and name of every row.
    async fn rows(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for batch in self.lake.rows(LakeTable::Snapshots).await.unwrap() {
            let column = |name: &str| {
                batch
                    .column_by_name(name)
                    .unwrap()
                    .as_string::<i32>()
                    .clone()
            };
            let (account, kind, name) = (column("account_id"), column("kind"), column("name"));
            for row in 0..batch.num_rows() {
                let name = if name.is_valid(row) {
                    name.value(row)
                } else {
                    "-"
                };
                rows.push(format!("{} {} {name}", account.value(row), kind.value(row)));
            }
        }
        rows.sort();
        rows
    }
}

#[tokio::test]
async fn every_shape_gives_its_rows() {
    let place = Place::new().await;
    let trail = format!("arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/t");
    let documents = [
        details(&[role("agent", "s3:GetObject")]),
        organization(),
        json!({"trailList": [{"Name": "t", "TrailARN": trail}]}),
        json!({"TrailARN": trail, "AdvancedEventSelectors": [{"Name": "all"}]}),
    ];
    let summary = place
        .take(&documents, "2026-10-01T00:00:00Z")
        .await
        .unwrap();
    assert_eq!((summary.documents_read, summary.documents_added), (9, 9));
    assert_eq!(summary.problems, []);
    let expected = [
        "111122223333 event_selectors -",
        "111122223333 instance_profile agent",
        "111122223333 policy ReadOnlyAccess",
        "111122223333 role agent",
        "111122223333 trail t",
        "999988887777 account a",
        "999988887777 organization_unit Agents",
        "999988887777 root Root",
        "999988887777 scp FullAWSAccess",
    ];
    assert_eq!(place.rows().await, expected);
}

#[tokio::test]
async fn resources_are_kept_without_what_may_be_secret() {
    let place = Place::new().await;
    let function = json!({"FunctionName": "f", "Arn": format!("arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f"),
        "Environment": {"Variables": {"TOKEN": "hunter2"}}});
    let listed = json!({"TypeName": "AWS::Lambda::Function", "ResourceDescriptions": [
        {"Identifier": "f", "Properties": function.to_string()}]});
    let key = json!({"KeyId": "k", "Arn": format!("arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"), "KeyPolicy": {"Statement": []}});
    let got = json!({"TypeName": "AWS::KMS::Key", "ResourceDescription": {"Identifier": "k", "Properties": key.to_string()}});
    let summary = place
        .take(&[listed, got], "2026-10-01T00:00:00Z")
        .await
        .unwrap();
    assert_eq!(summary.documents_added, 2);
    let expected = ["111122223333 resource f", "111122223333 resource k"];
    assert_eq!(place.rows().await, expected);
    for batch in place.lake.rows(LakeTable::Snapshots).await.unwrap() {
        let documents = batch.column_by_name("document").unwrap();
        for document in documents.as_string::<i32>().iter().flatten() {
            assert!(!document.contains("hunter2"), "{document}");
        }
    }
}

#[tokio::test]
async fn the_same_snapshot_twice_adds_nothing() {
    let place = Place::new().await;
    let documents = [details(&[role("agent", "s3:GetObject")])];
    place
        .take(&documents, "2026-10-01T00:00:00Z")
        .await
        .unwrap();
    let before = place.lake.versions().await.unwrap();
    let again = place
        .take(&documents, "2026-10-01T00:00:00Z")
        .await
        .unwrap();
    assert_eq!(
        (
            again.documents_read,
            again.documents_added,
            again.documents_confirmed
        ),
        (3, 0, 0)
    );
    assert_eq!(place.lake.versions().await.unwrap(), before);
}

#[tokio::test]
async fn an_unchanged_snapshot_of_a_later_time_is_on_record_and_adds_nothing() {
    let place = Place::new().await;
    let mut used = role("agent", "s3:GetObject");
    let first = place
        .take(&[details(&[used.clone()])], "2026-10-01T00:00:00Z")
        .await
        .unwrap();
    used["RoleLastUsed"] = json!({"LastUsedDate": "2026-10-02T00:00:00Z"});
    let later = place
        .take(&[details(&[used])], "2026-10-02T00:00:00Z")
        .await
        .unwrap();
    assert_eq!((first.documents_added, first.documents_confirmed), (3, 0));
    assert_eq!((later.documents_added, later.documents_confirmed), (0, 3));
    assert_eq!(place.rows().await.len(), 6);
}

#[tokio::test]
async fn a_changed_document_is_added_and_a_deleted_one_is_absent_from_the_new_set() {
    let place = Place::new().await;
    let (kept, gone) = (role("kept", "s3:GetObject"), role("gone", "s3:GetObject"));
    place
        .take(&[details(&[kept, gone])], "2026-10-01T00:00:00Z")
        .await
        .unwrap();
    let changed = role("kept", "s3:PutObject");
    let summary = place
        .take(&[details(&[changed])], "2026-10-02T00:00:00Z")
        .await
        .unwrap();
    assert_eq!(
        (summary.documents_added, summary.documents_confirmed),
        (1, 2)
    );
    let roles = place
        .rows()
        .await
        .into_iter()
        .filter(|row| row.contains(" role "))
        .count();
    assert_eq!(roles, 3);
}

#[tokio::test]
async fn another_set_at_the_same_time_is_refused() {
    let place = Place::new().await;
    place
        .take(
            &[details(&[role("agent", "s3:GetObject")])],
            "2026-10-01T00:00:00Z",
        )
        .await
        .unwrap();
    let error = place
        .take(&[details(&[role("agent", "s3:*")])], "2026-10-01T00:00:00Z")
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::SnapshotContradicts { .. }),
        "{error}"
    );
    assert_eq!(place.rows().await.len(), 3);
}

#[tokio::test]
async fn pages_of_several_accounts_stand_in_one_file() {
    let place = Place::new().await;
    let other: Value = serde_json::from_str(
        &role("other", "s3:*")
            .to_string()
            .replace(ACCOUNT, "444455556666"),
    )
    .unwrap();
    let managed_only = json!({"UserDetailList": [], "Policies": [{"PolicyName": "x", "PolicyId": "ANPA9", "Arn": "arn:aws:iam::aws:policy/x", "PolicyVersionList": []}]});
    let pages = [
        details(&[role("agent", "s3:*")]),
        managed_only,
        details(&[other]),
    ];
    place.take(&pages, "2026-10-01T00:00:00Z").await.unwrap();
    let rows = place.rows().await;
    assert!(
        rows.contains(&"111122223333 policy x".to_owned()),
        "{rows:?}"
    );
    assert!(
        rows.contains(&"444455556666 role other".to_owned()),
        "{rows:?}"
    );
}

#[tokio::test]
async fn a_policy_that_does_not_parse_is_reported_and_kept() {
    let place = Place::new().await;
    let mut broken = role("agent", "s3:*");
    broken["RolePolicyList"][0]["PolicyDocument"]["Statement"][0]["Effect"] = json!("Perhaps");
    let summary = place
        .take(&[details(&[broken])], "2026-10-01T00:00:00Z")
        .await
        .unwrap();
    let problem = &summary.problems[0];
    assert_eq!(summary.problems.len(), 1);
    assert_eq!(
        (problem.policy.as_str(), problem.statement),
        ("inline", Some(0))
    );
    assert_eq!(problem.owner, format!("arn:aws:iam::{ACCOUNT}:role/agent"));
    assert!(
        place
            .rows()
            .await
            .contains(&format!("{ACCOUNT} role agent"))
    );
}

#[tokio::test]
async fn a_document_of_another_shape_is_named_with_what_was_expected() {
    let cases = [
        (
            json!({"hello": 1}),
            "it is neither account authorization details",
        ),
        (json!([]), "it is neither account authorization details"),
        (
            json!({"RoleDetailList": [{"RoleName": "r"}]}),
            "no ARN in it names the account",
        ),
        (
            json!({"Accounts": [{"Id": "1"}]}),
            "neither `ManagementAccountId` nor the ARN of a root",
        ),
        (
            json!({"trailList": [{"Name": "t"}]}),
            "`TrailARN` names no account",
        ),
        (
            json!({"ManagementAccountId": "999988887777", "Roots": [{}]}),
            "a root has neither `Id` nor `Arn`",
        ),
    ];
    for (document, reason) in cases {
        let place = Place::new().await;
        let error = place
            .take(&[document], "2026-10-01T00:00:00Z")
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains("documents.json`, document 1"),
            "{error}"
        );
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_json_or_is_missing_is_named() {
    let place = Place::new().await;
    let file = place.directory.path().join("broken.json");
    std::fs::write(&file, "{\"RoleDetailList\": [").unwrap();
    let options = SnapshotOptions::new(Timestamp::UNIX_EPOCH);
    let broken = snapshot(&place.lake, &[file], &options, &NoProgress)
        .await
        .unwrap_err();
    assert!(matches!(broken, Error::SnapshotSyntax { .. }), "{broken}");
    let missing = place.directory.path().join("missing.json");
    let missing = snapshot(&place.lake, &[missing], &options, &NoProgress)
        .await
        .unwrap_err();
    assert!(matches!(missing, Error::Read { .. }), "{missing}");
}
