//! What a snapshot's documents say together.

use curtail_iam::policy::PolicyKind;
use serde_json::{Value, json};

use super::*;

const ROLE: &str = "arn:aws:iam::111122223333:role/team/app";

pub(super) fn document(kind: &str, account_id: &str, arn: &str, value: Value) -> SnapshotDocument {
    SnapshotDocument {
        account_id: account_id.to_owned(),
        kind: kind.to_owned(),
        arn: arn.to_owned(),
        value,
        ..SnapshotDocument::default()
    }
}

fn allow(action: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
}

fn role(more: &Value) -> SnapshotDocument {
    let mut value = json!({"RoleName": "app", "RoleId": "AROAAPP", "Path": "/team/", "CreateDate": "2026-01-02T03:04:05+00:00"});
    for (key, more) in more.as_object().unwrap() {
        value[key] = more.clone();
    }
    document("role", "111122223333", ROLE, value)
}

fn scp(name: &str, targets: &[&str]) -> SnapshotDocument {
    let targets: Vec<Value> = targets
        .iter()
        .map(|target| json!({"TargetId": target}))
        .collect();
    let content = allow("*").to_string();
    let value = json!({"Policy": {"PolicySummary": {"Name": name, "Arn": format!("arn:{name}")}, "Content": content}, "Targets": targets});
    document("scp", "999988887777", name, value)
}

pub(super) fn tree() -> Vec<SnapshotDocument> {
    let node = |kind: &str, id: &str, parent: Option<&str>| {
        document(
            kind,
            "999988887777",
            id,
            json!({"Id": id, "ParentId": parent}),
        )
    };
    vec![
        node("root", "r-1", None),
        node("organization_unit", "ou-outer", Some("r-1")),
        node("organization_unit", "ou-inner", Some("ou-outer")),
        node("account", "111122223333", Some("ou-inner")),
        node("account", "999988887777", Some("r-1")),
    ]
}

fn policies(documents: &[SnapshotDocument]) -> (RolePolicies, Vec<PolicyProblem>) {
    let inventory = Inventory::of(documents);
    inventory.policies(inventory.role(ROLE).unwrap())
}

#[test]
fn a_role_has_its_id_name_path_and_date() {
    let inventory = Inventory::of(&[role(&json!({}))]);
    let role = inventory.role(ROLE).unwrap();
    assert_eq!(
        (
            role.role_id.as_deref(),
            role.name.as_str(),
            role.path.as_str()
        ),
        (Some("AROAAPP"), "app", "/team/")
    );
    assert_eq!(
        role.created_at,
        Some("2026-01-02T03:04:05Z".parse().unwrap())
    );
}

#[test]
fn identity_policies_are_inline_and_the_default_version_of_attached_ones() {
    let versions = json!([
        {"VersionId": "v1", "IsDefaultVersion": false, "Document": allow("s3:*")},
        {"VersionId": "v2", "IsDefaultVersion": true, "Document": allow("s3:GetObject")},
    ]);
    let arn = "arn:aws:iam::111122223333:policy/read";
    let attached = json!([{"PolicyName": "read", "PolicyArn": arn}]);
    let (policies, problems) = policies(&[
        role(
            &json!({"RolePolicyList": [{"PolicyName": "own", "PolicyDocument": allow("sqs:*")}], "AttachedManagedPolicies": attached}),
        ),
        document(
            "policy",
            "111122223333",
            arn,
            json!({"PolicyName": "read", "PolicyVersionList": versions}),
        ),
        document(
            "user",
            "111122223333",
            "arn:aws:iam::111122223333:user/u",
            json!({"AttachedManagedPolicies": attached}),
        ),
    ]);
    assert_eq!(problems, []);
    let kinds: Vec<(PolicyKind, usize)> = policies
        .identity
        .iter()
        .map(|policy| (policy.kind, policy.attachments))
        .collect();
    assert_eq!(
        kinds,
        [(PolicyKind::Inline, 1), (PolicyKind::CustomerManaged, 2)]
    );
    assert_eq!(
        policies.identity[1].document.value(),
        &allow("s3:GetObject")
    );
}

#[test]
fn a_policy_of_aws_is_known_by_its_account() {
    let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let version = json!([{"IsDefaultVersion": true, "Document": allow("s3:Get*")}]);
    let (policies, _) = policies(&[
        role(&json!({"AttachedManagedPolicies": [{"PolicyArn": arn}]})),
        document(
            "policy",
            "111122223333",
            arn,
            json!({"PolicyName": "ReadOnlyAccess", "PolicyVersionList": version, "AttachmentCount": 7}),
        ),
    ]);
    assert_eq!(
        (policies.identity[0].kind, policies.identity[0].attachments),
        (PolicyKind::AwsManaged, 7)
    );
}

#[test]
fn what_is_attached_and_missing_or_broken_is_a_named_problem() {
    let (policies, problems) = policies(&[role(&json!({
        "RolePolicyList": [{"PolicyName": "broken", "PolicyDocument": {"Statement": [{"Effect": "Perhaps"}]}}],
        "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111122223333:policy/gone"}],
        "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/edge"},
    }))]);
    assert!(policies.identity.is_empty() && policies.boundary.is_none());
    let named: Vec<&str> = problems
        .iter()
        .map(|problem| problem.policy.as_str())
        .collect();
    assert_eq!(named, ["broken", "gone", "edge"]);
    assert!(problems.iter().all(|problem| problem.owner == ROLE));
}

#[test]
fn service_control_policies_come_level_by_level_from_the_root() {
    let mut documents = tree();
    documents.push(role(&json!({})));
    documents.push(scp(
        "everywhere",
        &["r-1", "ou-outer", "ou-inner", "111122223333"],
    ));
    documents.push(scp("outer", &["ou-outer"]));
    let (policies, problems) = policies(&documents);
    let names: Vec<Vec<&str>> = policies
        .scps
        .iter()
        .map(|level| level.iter().map(|policy| policy.name.as_str()).collect())
        .collect();
    assert_eq!(
        names,
        [
            vec!["everywhere"],
            vec!["everywhere", "outer"],
            vec!["everywhere"],
            vec!["everywhere"]
        ]
    );
    assert_eq!(problems, []);
}

#[test]
fn a_node_without_any_limits_nothing_and_is_a_problem() {
    let mut documents = tree();
    documents.push(role(&json!({})));
    documents.push(scp("root-only", &["r-1", "ou-outer", "ou-inner"]));
    let (policies, problems) = policies(&documents);
    assert_eq!(policies.scps.len(), 3);
    assert_eq!(
        problems
            .iter()
            .map(|problem| problem.owner.as_str())
            .collect::<Vec<_>>(),
        ["111122223333"]
    );
}

#[test]
fn neither_the_management_account_nor_a_service_linked_role_is_bound() {
    let mut documents = tree();
    documents.push(scp(
        "everywhere",
        &[
            "r-1",
            "ou-outer",
            "ou-inner",
            "111122223333",
            "999988887777",
        ],
    ));
    let managed = document(
        "role",
        "999988887777",
        "arn:aws:iam::999988887777:role/app",
        json!({"RoleName": "app"}),
    );
    let linked = role(&json!({"Path": "/aws-service-role/ecs.amazonaws.com/"}));
    documents.extend([managed, linked]);
    let inventory = Inventory::of(&documents);
    for role in inventory.roles() {
        assert!(inventory.policies(role).0.scps.is_empty(), "{}", role.arn);
    }
}

#[test]
fn a_tree_that_bites_its_tail_ends() {
    let node = |id: &str, parent: &str| {
        document(
            "organization_unit",
            "999988887777",
            id,
            json!({"Id": id, "ParentId": parent}),
        )
    };
    let account = document(
        "account",
        "999988887777",
        "",
        json!({"Id": "111122223333", "ParentId": "ou-a"}),
    );
    let (policies, _) = policies(&[
        node("ou-a", "ou-b"),
        node("ou-b", "ou-a"),
        account,
        role(&json!({})),
        scp("x", &["ou-a"]),
    ]);
    assert!(policies.scps.is_empty());
}

#[test]
fn documents_of_any_form_are_read_as_far_as_they_go() {
    for value in [
        Value::Null,
        json!([]),
        json!("x"),
        json!({"RolePolicyList": "x", "Targets": 3, "EventSelectors": {"a": 1}}),
    ] {
        for kind in [
            "role",
            "policy",
            "scp",
            "rcp",
            "account",
            "trail",
            "trail_status",
            "event_selectors",
            "unheard_of",
        ] {
            let documents = [document(kind, "111122223333", "arn:x", value.clone())];
            let inventory = Inventory::of(&documents);
            assert!(inventory.roles().count() <= 1);
        }
    }
}
