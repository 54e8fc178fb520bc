//! The worked examples of the IAM User Guide's pages on conditions and variables, in policies of our own.

use super::*;

/// "Conditions with multiple context keys or values": an allow within a time, an address and a tag.
#[test]
fn keys_are_anded_and_values_ored() {
    let conditions = json!({
        "DateGreaterThan": {"aws:CurrentTime": "2026-07-16T12:00:00Z"},
        "DateLessThan": {"aws:CurrentTime": "2026-07-16T15:00:00Z"},
        "IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]},
    });
    let with = |time: &str, address: &str| {
        holds(
            conditions.clone(),
            json!({"aws:CurrentTime": [time], "aws:SourceIp": [address]}),
        )
    };
    assert!(with("2026-07-16T13:30:00Z", "192.0.2.7"));
    assert!(with("2026-07-16T13:30:00Z", "203.0.113.7"));
    assert!(!with("2026-07-16T13:30:00Z", "198.51.100.7"));
    assert!(!with("2026-07-16T15:00:00Z", "192.0.2.7"));
}

/// "Single-valued context key examples": the operators that deny where no listed value matches.
#[test]
fn a_negated_operator_denies_where_no_listed_network_matches() {
    let mut closed = deny_if(json!({
        "NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]},
        "Bool": {"aws:ViaAWSService": "false"},
    }));
    closed["Resource"] = json!("*");
    let case = |address: &str, via: &str| {
        let context = json!({"aws:SourceIp": [address], "aws:ViaAWSService": [via]});
        Case::user()
            .identity(json!([allow("*"), closed.clone()]))
            .context(context)
    };
    case("203.0.113.9", "false").allowed();
    case("198.51.100.9", "false").denied();
    case("198.51.100.9", "true").allowed();
}

/// "Multivalued context key examples", denies with `ForAllValues` and `ForAnyValue`.
mod tag_keys {
    use super::*;

    fn decided(conditions: Value, keys: Option<Value>) -> String {
        let context = keys.map_or(json!({}), |keys| json!({"aws:TagKeys": keys}));
        Case::user()
            .identity(json!([allow("*"), deny_if(conditions)]))
            .context(context)
            .decision()
    }

    #[test]
    fn all_values_with_a_null_check_spares_requests_without_tags() {
        let conditions = || json!({"Null": {"aws:TagKeys": "false"}, "ForAllValues:StringLike": {"aws:TagKeys": ["key1*", "key2*"]}});
        assert_eq!(
            decided(conditions(), Some(json!(["key1:a", "key2:b"]))),
            "explicitly_denied"
        );
        assert_eq!(
            decided(conditions(), Some(json!(["key1:a", "key3:b"]))),
            "allowed"
        );
        assert_eq!(decided(conditions(), None), "allowed");
        let unchecked = json!({"ForAllValues:StringLike": {"aws:TagKeys": "key1*"}});
        assert_eq!(decided(unchecked, None), "explicitly_denied");
    }

    #[test]
    fn any_value_denies_where_one_is_listed() {
        let conditions =
            || json!({"ForAnyValue:StringEquals": {"aws:TagKeys": ["environment", "cost-center"]}});
        assert_eq!(
            decided(conditions(), Some(json!(["environment", "name"]))),
            "explicitly_denied"
        );
        assert_eq!(decided(conditions(), Some(json!(["name"]))), "allowed");
        assert_eq!(decided(conditions(), None), "allowed");
    }

    #[test]
    fn any_value_with_a_negated_operator_asks_for_one_outside_the_list() {
        let conditions = || json!({"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["environment", "cost-center"]}});
        assert_eq!(
            decided(conditions(), Some(json!(["environment", "name"]))),
            "explicitly_denied"
        );
        assert_eq!(
            decided(conditions(), Some(json!(["environment", "cost-center"]))),
            "allowed"
        );
    }
}

/// "Creating a condition that tests multiple key values": attributes of a table.
#[test]
fn attributes_of_an_item_are_listed_or_forbidden() {
    let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/Thread";
    let mut reading = allow("dynamodb:GetItem");
    reading["Condition"] = json!({"ForAllValues:StringLike": {"dynamodb:Attributes": ["PostDateTime", "Message", "Tags"]}});
    let mut writing = deny("dynamodb:PutItem");
    writing["Condition"] =
        json!({"ForAnyValue:StringLike": {"dynamodb:Attributes": ["ID", "PostDateTime"]}});
    let case = |action: &str, attributes: Value| {
        let statements = json!([reading.clone(), allow("dynamodb:PutItem"), writing.clone()]);
        Case::user()
            .identity(statements)
            .ask(action, table)
            .context(json!({"dynamodb:Attributes": attributes}))
    };
    case("dynamodb:GetItem", json!(["PostDateTime", "Message"])).allowed();
    case("dynamodb:GetItem", json!(["PostDateTime", "UserName"])).not_allowed();
    case(
        "dynamodb:PutItem",
        json!(["UserName", "Message", "PostDateTime"]),
    )
    .denied();
    case("dynamodb:PutItem", json!(["UserName"])).allowed();
}

/// "IAM policy elements: Variables and tags": a home folder, and a default for who has no tag.
#[test]
fn a_home_folder_is_listed_and_read_by_its_user() {
    let statements = json!([
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket",
         "Condition": {"StringLike": {"s3:prefix": ["${aws:username}/*", ""]}}},
        {"Effect": "Allow", "Action": "s3:*Object", "Resource": "arn:aws:s3:::bucket/${aws:username}/*"},
    ]);
    let list = |prefix: &str| {
        let prefix = json!({"s3:prefix": [prefix]});
        Case::user()
            .identity(statements.clone())
            .ask("s3:ListBucket", "arn:aws:s3:::bucket")
            .context(prefix)
    };
    list("ana/photos").allowed();
    list("").allowed();
    list("bob/photos").not_allowed();
    Case::user()
        .identity(statements.clone())
        .ask("s3:GetObject", "arn:aws:s3:::bucket/ana/a.jpg")
        .allowed();
    Case::user()
        .identity(statements)
        .ask("s3:GetObject", "arn:aws:s3:::bucket/bob/a.jpg")
        .not_allowed();
}

/// "IAM JSON policy elements: Condition operators": dates, numbers and networks in one table each.
#[test]
fn temporary_credentials_of_before_an_hour_are_closed() {
    let conditions = json!({"DateLessThan": {"aws:TokenIssueTime": "2026-05-01T10:00:00Z"}});
    let case = |time: Value| {
        Case::of(SESSION)
            .identity(json!([allow("*"), deny_if(conditions.clone())]))
            .context(time)
    };
    case(json!({"aws:TokenIssueTime": ["2026-05-01T09:59:59Z"]})).denied();
    case(json!({"aws:TokenIssueTime": ["2026-05-01T10:00:00Z"]})).allowed();
    case(json!({})).allowed();
}
