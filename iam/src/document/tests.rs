//! What is read, what is refused, and where it stands.

use proptest::prelude::*;
use serde_json::json;

use super::*;

mod lossless;

fn parse(value: &Value) -> Result<Document, DocumentError> {
    Document::parse(&value.to_string())
}

fn refusal(statement: &Value) -> String {
    parse(&json!({"Version": "2012-10-17", "Statement": [statement]}))
        .unwrap_err()
        .to_string()
}

#[test]
fn one_statement_and_a_list_of_one_mean_the_same() {
    let statement = json!({"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"});
    let single = parse(&json!({"Statement": statement})).unwrap();
    let list = parse(&json!({"Statement": [statement]})).unwrap();
    assert_eq!(single.statements, list.statements);
    assert_eq!(
        single.statements[0].actions,
        ActionElement::Action(vec!["s3:Get*".to_owned()])
    );
}

#[test]
fn without_a_version_the_older_language_holds() {
    let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let version = |value: Value| parse(&value).unwrap().version;
    assert_eq!(version(json!({"Statement": statement})), Version::V2008);
    assert_eq!(
        version(json!({"Version": "2008-10-17", "Statement": statement})),
        Version::V2008
    );
    assert_eq!(
        version(json!({"Version": "2012-10-17", "Statement": statement})),
        Version::V2012
    );
}

#[test]
fn every_element_is_read() {
    let document = parse(&json!({
        "Version": "2012-10-17",
        "Id": "guard",
        "Statement": [{
            "Sid": "Guard",
            "Effect": "Deny",
            "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:root"]},
            "NotAction": ["s3:Get*", "s3:List*"],
            "NotResource": ["arn:aws:s3:::a", "arn:aws:s3:::a/*"],
            "Condition": {
                "Bool": {"aws:SecureTransport": false},
                "NumericLessThan": {"s3:max-keys": [10, "20"]}
            }
        }]
    }))
    .unwrap();
    let statement = &document.statements[0];
    assert_eq!(document.id.as_deref(), Some("guard"));
    assert_eq!(statement.sid.as_deref(), Some("Guard"));
    assert_eq!(statement.effect, Effect::Deny);
    assert!(statement.not_principal);
    assert_eq!(
        statement.actions,
        ActionElement::NotAction(vec!["s3:Get*".into(), "s3:List*".into()])
    );
    assert!(matches!(&statement.resources, ResourceElement::NotResource(list) if list.len() == 2));
    let conditions: Vec<_> = statement
        .conditions
        .iter()
        .map(|condition| (condition.operator.as_str(), condition.values.join(",")))
        .collect();
    assert_eq!(
        conditions,
        [
            ("Bool", "false".to_owned()),
            ("NumericLessThan", "10,20".to_owned())
        ]
    );
}

#[test]
fn the_api_s_url_encoding_is_undone() {
    let encoded = "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%2C%22Sid%22%3A%22%C3%A9%22%7D%7D";
    let document = Document::parse(encoded).unwrap();
    assert_eq!(document.statements[0].sid.as_deref(), Some("é"));
    assert!(Document::parse("%7B%2").is_err());
    assert!(Document::parse("%FF").is_err());
}

#[test]
fn text_within_json_is_read_as_a_document() {
    let text = r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;
    let document = Document::from_value(Value::String(text.to_owned())).unwrap();
    assert_eq!(document, Document::parse(text).unwrap());
}

#[test]
fn malformed_statements_are_refused_by_name() {
    let allow = |more: Value| {
        let mut statement =
            json!({"Sid": "S", "Effect": "Allow", "Action": "s3:*", "Resource": "*"});
        for (key, value) in more.as_object().unwrap() {
            statement[key] = value.clone();
        }
        refusal(&statement)
    };
    let no_effect = json!({"Action": "s3:*", "Resource": "*"});
    let no_action = json!({"Effect": "Allow", "Resource": "*"});
    let found = [
        refusal(&no_effect),
        refusal(&no_action),
        refusal(&json!("Allow")),
        allow(json!({"Effect": "allow"})),
        allow(json!({"NotAction": "s3:*"})),
        allow(json!({"NotResource": "*"})),
        allow(json!({"Actions": "s3:*"})),
        allow(json!({"Action": {"s3": "*"}})),
        allow(json!({"Action": "GetObject"})),
        allow(json!({"Resource": [1]})),
        allow(json!({"Condition": ["a"]})),
        allow(json!({"Condition": {"Bool": {"key": null}}})),
        allow(json!({"Principal": "arn:aws:iam::111122223333:root"})),
        allow(json!({"Principal": "*", "NotPrincipal": "*"})),
        allow(json!({"Resource": "a".repeat(10_241)})),
        allow(json!({"Condition": {"StringLike": {"key": "a".repeat(10_241)}}})),
    ];
    insta::assert_snapshot!(found.join("\n"), @r#"
    statement 0, line 1, column 38: has no `Effect`
    statement 0, line 1, column 38: has neither `Action` nor `NotAction`
    statement 0, line 1, column 38: is not a JSON object
    statement 0 (`S`), line 1, column 58: has the `Effect` "allow", which is neither `Allow` nor `Deny`
    statement 0 (`S`), line 1, column 97: has both `Action` and `NotAction`
    statement 0 (`S`), line 1, column 97: has both `Resource` and `NotResource`
    statement 0 (`S`), line 1, column 97: has the unknown element `Actions`
    statement 0 (`S`), line 1, column 75: has `Action` that is neither a text nor a list of texts
    statement 0 (`S`), line 1, column 75: has the action `GetObject`, which names no service
    statement 0 (`S`), line 1, column 94: has `Resource` that is neither a text nor a list of texts
    statement 0 (`S`), line 1, column 97: has a `Condition` that is not an object
    statement 0 (`S`), line 1, column 124: has a condition on `key` whose values are not texts, numbers or booleans
    statement 0 (`S`), line 1, column 109: has the principal "arn:aws:iam::111122223333:root", which is neither `*` nor an object
    statement 0 (`S`), line 1, column 113: has both `Principal` and `NotPrincipal`
    statement 0 (`S`), line 1, column 93: has `Resource` with a text longer than 10240 bytes
    statement 0 (`S`), line 1, column 130: has `key` with a text longer than 10240 bytes
    "#);
}

#[test]
fn what_is_refused_is_told_on_one_printable_line() {
    let statement = json!({"Sid": "a\nb", "Effect": "\u{1b}[31m", "Action": "*", "Resource": "*"});
    assert_eq!(
        refusal(&statement),
        "statement 0 (`a\\nb`), line 1, column 61: has the `Effect` \"\\u001b[31m\", which is neither `Allow` nor `Deny`"
    );
    let unknown = json!({"\u{7}": 1});
    assert!(refusal(&unknown).ends_with("has the unknown element `\\u{7}`"));
}

#[test]
fn malformed_documents_are_refused() {
    let statement = json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"});
    let found = [
        parse(&json!([])),
        parse(&json!({"Version": "2012-10-17"})),
        parse(&json!({"Statement": []})),
        parse(&json!({"Version": "2020-01-01", "Statement": statement})),
        parse(&json!({"Statement": statement, "statement": statement})),
        Document::parse(
            r#"{"Statement":{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}}"#,
        ),
        Document::parse("{"),
        Document::parse(&format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000))),
        Document::parse(&format!("\"{}\"", "a".repeat(MAX_DOCUMENT_BYTES))),
    ]
    .map(|result| result.unwrap_err().to_string());
    insta::assert_snapshot!(found.join("\n"), @r#"
    line 1, column 1: is not a JSON object
    line 1, column 1: has no `Statement`
    line 1, column 2: has no `Statement`
    line 1, column 12: has the unknown `Version` "2020-01-01"
    line 1, column 64: has the unknown element `statement`
    line 1, column 32: has the key `Effect` twice in one object
    line 1, column 1: is not JSON: EOF while parsing an object
    line 1, column 128: is not JSON: recursion limit exceeded
    is larger than 1048576 bytes
    "#);
}

#[test]
fn a_document_prints_as_it_was_given() {
    let text = "{\n  \"Statement\": [\n    {\n      \"Resource\": \"*\",\n      \"Action\": [\n        \"s3:Get*\"\n      ],\n      \"Effect\": \"Allow\"\n    }\n  ],\n  \"Version\": \"2012-10-17\"\n}";
    assert_eq!(Document::parse(text).unwrap().to_pretty(), text);
}

#[test]
fn numbers_and_escapes_print_as_they_were_written() {
    let text = r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:username":[1.10,1e3,12345678901234567890123,-0.50,true],"aws:PrincipalTag/\u00e9":"\u00e9\/"}}}}"#;
    let document = Document::parse(text).unwrap();
    assert_eq!(document.to_string(), text);
    assert_eq!(document.to_pretty(), format!("{document:#}"));
    let conditions = &document.statements[0].conditions;
    assert_eq!(
        conditions[0].values,
        ["1.10", "1000.0", "12345678901234567890123", "-0.50", "true"]
    );
    assert_eq!(conditions[1].key, "aws:PrincipalTag/é");
    let reread = Document::parse(&document.to_pretty()).unwrap();
    assert_eq!(reread, document);
    assert_eq!(reread.to_string(), text);
}

#[test]
fn every_part_has_its_position() {
    let text = "\u{a0}{\n\t\"Statement\": [\r\n  {\"Sid\": \"é\", \"Effect\": \"Allow\", \"Action\": [\"a:b\", \"a:c\"],\n   \"Resource\": \"*\", \"Condition\": {\"Bool\": {\"aws:x\": [true]}}}]}";
    let document = Document::parse(text).unwrap();
    let positions = document.positions().unwrap();
    let at = |path: Path| {
        let Position { line, column } = positions.of(&path)?;
        Some((line, column))
    };
    let statement = || Path::statement(0);
    assert_eq!(at(Path::document()), Some((1, 2)));
    assert_eq!(at(statement()), Some((3, 3)));
    assert_eq!(at(statement().element("Effect")), Some((3, 16)));
    assert_eq!(at(statement().element("Action").item(1)), Some((3, 53)));
    assert_eq!(at(statement().element("Resource").item(0)), Some((4, 16)));
    let condition = statement().element("Condition").element("Bool");
    assert_eq!(at(condition.element("aws:x").item(0)), Some((4, 54)));
    assert_eq!(at(statement().element("NotAction")), None);
    assert_eq!(at(Path::statement(1)), None);
}

#[test]
fn positions_of_an_encoded_document_are_those_of_the_decoded_text() {
    let plain = "{\n\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}";
    let encoded: String = plain
        .bytes()
        .flat_map(|byte| format!("%{byte:02X}").into_bytes())
        .map(char::from)
        .collect();
    let position = |text: &str| {
        let document = Document::parse(text).unwrap();
        let positions = document.positions().unwrap();
        positions.of(&Path::statement(0).element("Action")).unwrap()
    };
    assert_eq!(position(&encoded), position(plain));
    assert_eq!(
        position(plain),
        Position {
            line: 2,
            column: 31
        }
    );
    let value: Value = serde_json::from_str(plain).unwrap();
    assert!(Document::from_value(value).unwrap().positions().is_none());
}

#[test]
fn a_document_from_a_value_names_no_position() {
    let error = Document::from_value(json!({"Statement": {"Effect": "Allow"}})).unwrap_err();
    assert_eq!(error.position, None);
    assert_eq!(
        error.to_string(),
        "statement 0: has neither `Action` nor `NotAction`"
    );
}

proptest! {
    #[test]
    fn any_text_gives_a_document_or_an_error(text in any::<String>()) {
        prop_assert!(Document::parse(&text).is_err());
    }

    #[test]
    fn any_escapes_give_a_document_or_an_error(text in "%[0-9A-Fa-f%{}\"]{0,40}") {
        prop_assert!(Document::parse(&text).is_err());
    }
}
