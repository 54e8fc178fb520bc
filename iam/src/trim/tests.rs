//! What an edit changes and what it leaves, on real actions.

use serde_json::json;

use super::*;

fn document(statements: Value) -> Document {
    let mut document = json!({"Version": "2012-10-17"});
    document["Statement"] = statements;
    Document::from_value(document).unwrap()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn cut(document: &Document, remove: &[&str]) -> Trim {
    trim(document, &names(remove), Catalog::embedded()).unwrap()
}

/// The statements that are left.
fn left(statements: Value, remove: &[&str]) -> Value {
    let trimmed = cut(&document(statements), remove).document;
    trimmed.map_or(Value::Null, |document| {
        document.value()["Statement"].clone()
    })
}

fn actions(given: Value, remove: &[&str]) -> Value {
    let mut statement = json!({"Effect": "Allow", "Resource": "*"});
    statement["Action"] = given;
    left(json!([statement]), remove)[0]["Action"].clone()
}

/// All actions of the pattern but these.
fn all_but(pattern: &str, kept: &[&str]) -> BTreeSet<String> {
    let all = crate::expand::expand(pattern, Catalog::embedded());
    let names = all.into_iter().map(|action| action.name.to_owned());
    names
        .filter(|name| !kept.contains(&name.as_str()))
        .collect()
}

#[test]
fn a_name_in_full_goes_and_the_others_stay_as_written() {
    let found = actions(
        json!(["s3:getobject", "S3:PutObject", "s3:Get*Acl"]),
        &["s3:GetObject"],
    );
    assert_eq!(found, json!(["S3:PutObject", "s3:Get*Acl"]));
}

#[test]
fn a_wildcard_splits_into_the_beginnings_that_are_kept() {
    let remove = all_but(
        "sqs:*",
        &[
            "sqs:GetQueueUrl",
            "sqs:GetQueueAttributes",
            "sqs:SendMessage",
        ],
    );
    let statement = json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"});
    let trimmed = trim(&document(statement), &remove, Catalog::embedded()).unwrap();
    let kept = trimmed.document.unwrap().value()["Statement"]["Action"].clone();
    assert_eq!(kept, json!(["sqs:GetQueue*", "sqs:SendMessage"]));
    assert_eq!(trimmed.removed, remove);
}

#[test]
fn a_wildcard_that_matches_nothing_else_goes() {
    let found = actions(
        json!(["sqs:SendMess*", "sqs:GetQueueUrl"]),
        &["sqs:SendMessage"],
    );
    assert_eq!(found, json!(["sqs:GetQueueUrl"]));
}

#[test]
fn a_wildcard_that_matches_no_removed_action_stays_also_if_it_matches_nothing() {
    let given = json!(["evidently:*", "s3:Put*", "s3:GetObject"]);
    assert_eq!(
        actions(given, &["s3:GetObject"]),
        json!(["evidently:*", "s3:Put*"])
    );
}

#[test]
fn patterns_that_overlap_are_all_cut_and_nothing_is_listed_twice() {
    let found = actions(
        json!(["sqs:*", "sqs:S*", "sqs:Get*"]),
        &["sqs:SendMessage", "sqs:PurgeQueue"],
    );
    let cut: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let unique: BTreeSet<&&str> = cut.iter().collect();
    assert_eq!(unique.len(), cut.len());
    let matched = |name| {
        cut.iter()
            .any(|pattern| crate::pattern::wildcard_match_ignore_case(pattern, name))
    };
    assert!(!matched("sqs:SendMessage") && !matched("sqs:PurgeQueue"));
    assert!(
        matched("sqs:SetQueueAttributes")
            && matched("sqs:GetQueueUrl")
            && matched("sqs:ReceiveMessage")
    );
    assert!(cut.contains(&"sqs:Get*"));
}

#[test]
fn the_shape_of_one_value_is_kept_where_it_can_be() {
    let remove = all_but("sqs:*", &["sqs:SendMessage"]);
    let shape = |action: Value| {
        let statement = json!({"Effect": "Allow", "Action": action, "Resource": "*"});
        let trimmed = trim(&document(json!([statement])), &remove, Catalog::embedded()).unwrap();
        trimmed.document.unwrap().value()["Statement"][0]["Action"].clone()
    };
    assert_eq!(shape(json!("sqs:*")), json!("sqs:SendMessage"));
    assert_eq!(shape(json!(["sqs:*"])), json!(["sqs:SendMessage"]));
}

#[test]
fn a_statement_without_actions_goes_and_the_last_one_takes_the_document() {
    let both = json!([
        {"Sid": "A", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {"Sid": "B", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"},
    ]);
    assert_eq!(left(both.clone(), &["s3:GetObject"]), json!([both[1]]));
    assert_eq!(left(both, &["s3:GetObject", "s3:PutObject"]), Value::Null);
    let single = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"});
    assert_eq!(left(single, &["s3:GetObject"]), Value::Null);
}

#[test]
fn a_deny_is_never_edited() {
    let statements = json!([
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:Get*", "Resource": "arn:aws:s3:::secret/*"},
        {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"},
    ]);
    assert_eq!(
        left(statements.clone(), &["s3:GetObject", "s3:GetObjectAcl"]),
        json!([statements[1], statements[2]])
    );
    let only_denied = cut(&document(json!([statements[1]])), &["s3:GetObjectAcl"]);
    assert!(!only_denied.changed);
    assert!(only_denied.removed.is_empty());
}

#[test]
fn everything_but_the_actions_prints_as_before() {
    let text = r#"{
  "Statement": [
    {
      "Condition": {
        "Bool": {
          "aws:SecureTransport": true
        }
      },
      "Resource": [
        "arn:aws:s3:::b/*"
      ],
      "Action": [
        "s3:GetObject",
        "s3:PutObject"
      ],
      "Sid": "Objects",
      "Effect": "Allow"
    },
    {
      "Effect": "Deny",
      "Action": "s3:DeleteObject",
      "Resource": "*"
    }
  ],
  "Version": "2012-10-17",
  "Id": "kept"
}"#;
    let trimmed = cut(&Document::parse(text).unwrap(), &["s3:PutObject"]);
    let expected = text.replace(
        "\"s3:GetObject\",\n        \"s3:PutObject\"",
        "\"s3:GetObject\"",
    );
    assert_eq!(trimmed.document.unwrap().to_pretty(), expected);
}

#[test]
fn not_action_gets_the_removed_actions() {
    let statements = json!([{"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}]);
    let found = left(statements.clone(), &["iam:GetRole", "sqs:SendMessage"]);
    assert_eq!(found[0]["NotAction"], json!(["iam:*", "sqs:SendMessage"]));
    let whole = all_but("sqs:*", &[]);
    let trimmed = trim(&document(statements), &whole, Catalog::embedded()).unwrap();
    assert_eq!(
        trimmed.document.unwrap().value()["Statement"][0]["NotAction"],
        json!(["iam:*", "sqs:*"])
    );
}

#[test]
fn not_action_without_anything_left_goes() {
    let all = all_but("*", &[]);
    let statements = json!([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]);
    assert_eq!(
        trim(&document(statements), &all, Catalog::embedded())
            .unwrap()
            .document,
        None
    );
}

#[test]
fn an_action_granted_twice_is_cut_in_both_statements() {
    let statements = json!([
        {"Sid": "A", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"},
        {"Sid": "B", "Effect": "Allow", "Action": "s3:GetObj*", "Resource": "arn:aws:s3:::b/*"},
    ]);
    let found = left(statements, &["s3:GetObject"]);
    assert_eq!(found[0]["Action"], json!(["s3:PutObject"]));
    let patterns: Vec<&str> = found[1]["Action"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let matched = |name| {
        patterns
            .iter()
            .any(|pattern| crate::pattern::wildcard_match_ignore_case(pattern, name))
    };
    assert!(
        !matched("s3:GetObject") && matched("s3:GetObjectAcl") && matched("s3:GetObjectTorrent")
    );
}

#[test]
fn what_one_policy_loses_another_still_grants() {
    let one = document(json!([{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]));
    let other = document(json!([{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]));
    let both = |one: Option<Document>| {
        let named = |document: Document| crate::policy::NamedPolicy {
            name: "p".to_owned(),
            arn: None,
            kind: crate::policy::PolicyKind::Inline,
            attachments: 1,
            document,
        };
        let policies = crate::policy::RolePolicies {
            identity: one.into_iter().chain([other.clone()]).map(named).collect(),
            ..crate::policy::RolePolicies::default()
        };
        let grants = crate::grant::grants(&policies, Catalog::embedded());
        grants
            .into_iter()
            .any(|grant| grant.action == "s3:GetObject")
    };
    assert!(both(cut(&one, &["s3:GetObject"]).document));
}

#[test]
fn an_action_that_the_catalog_lacks_is_cut_too() {
    let given = json!(["made-up:DoIt", "made-up:Do*", "s3:Get*"]);
    let found = actions(given, &["made-up:doit", "s3:GetNothing"]);
    let patterns: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let matched = |name| {
        patterns
            .iter()
            .any(|pattern| crate::pattern::wildcard_match_ignore_case(pattern, name))
    };
    assert!(!matched("made-up:DoIt") && !matched("s3:GetNothing"));
    assert!(matched("s3:GetObject") && matched("s3:GetBucketAcl"));
}

#[test]
fn a_name_with_a_wildcard_removes_nothing() {
    let trimmed = cut(
        &document(json!([{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}])),
        &["s3:*", "s3:Get?bject"],
    );
    assert!(!trimmed.changed);
    assert!(trimmed.removed.is_empty());
}

#[test]
fn an_administrator_is_cut_down_to_what_is_used() {
    let kept = [
        "s3:GetObject",
        "s3:GetObjectAcl",
        "sqs:SendMessage",
        "sts:AssumeRole",
    ];
    let remove = all_but("*", &kept);
    let statements = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]);
    let trimmed = trim(&document(statements), &remove, Catalog::embedded()).unwrap();
    let found = trimmed.document.unwrap().value()["Statement"][0]["Action"].clone();
    assert_eq!(found, json!(kept));
}

#[test]
fn an_administrator_without_one_action_keeps_every_other_service_whole() {
    let statements = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]);
    let found = left(statements, &["sqs:SendMessage"]);
    let patterns = found[0]["Action"].as_array().unwrap();
    assert!(patterns.contains(&json!("s3:*")));
    assert!(!patterns.contains(&json!("sqs:*")));
    assert!(
        patterns
            .iter()
            .all(|pattern| pattern.as_str().unwrap().contains(':'))
    );
}

#[test]
fn a_second_edit_changes_nothing() {
    let statements = json!([
        {"Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": "*"},
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
    ]);
    let remove = ["s3:GetObject", "sqs:SendMessage", "ec2:RunInstances"];
    let once = cut(&document(statements), &remove).document.unwrap();
    let twice = cut(&once, &remove);
    assert!(!twice.changed);
    assert_eq!(twice.document, Some(once));
}

#[test]
fn a_check_that_fails_is_told_by_statement() {
    let old = document(json!([{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]));
    let index_check = |new: Value, edits: &[Edit]| {
        indexed(Catalog::embedded(), |index| {
            let removal = Removal::new(&old, &names(&["s3:GetObject"]), index);
            check::check(&old, Some(&document(new)), edits, &removal).unwrap_err()
        })
    };
    let replaced = [Edit::Replace(ActionElement::Action(vec![]))];
    let unchanged = json!([{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]);
    assert!(matches!(
        index_check(unchanged, &replaced),
        TrimError::OtherActions { statement: 0, .. }
    ));
    let other_resource =
        json!([{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b"}]);
    assert_eq!(
        index_check(other_resource, &replaced),
        TrimError::OtherParts { statement: 0 }
    );
    let gone = json!([{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]);
    assert!(matches!(
        index_check(gone, &[Edit::Drop]),
        TrimError::OtherActions { .. }
    ));
}
