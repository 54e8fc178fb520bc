//! Multivalued keys and set operators.

use super::*;

fn with(operator: &str, listed: Value, given: Value) -> bool {
    let mut context = json!({});
    context["aws:TagKeys"] = given;
    holds(condition(operator, "aws:TagKeys", listed), context)
}

#[test]
fn for_all_values_asks_every_value_and_is_true_without_any() {
    assert!(with(
        "ForAllValues:StringEquals",
        json!(["a", "b"]),
        json!(["a", "b", "a"])
    ));
    assert!(!with(
        "ForAllValues:StringEquals",
        json!(["a", "b"]),
        json!(["a", "c"])
    ));
    assert!(with("ForAllValues:StringEquals", json!("a"), json!([])));
    assert!(holds(
        json!({"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}),
        json!({})
    ));
}

#[test]
fn for_any_value_asks_one_value_and_is_false_without_any() {
    assert!(with(
        "ForAnyValue:StringEquals",
        json!(["a", "b"]),
        json!(["c", "b"])
    ));
    assert!(!with(
        "ForAnyValue:StringEquals",
        json!(["a", "b"]),
        json!(["c", "d"])
    ));
    assert!(!with("ForAnyValue:StringEquals", json!("a"), json!([])));
    assert!(!holds(
        json!({"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}),
        json!({})
    ));
}

#[test]
fn negated_set_operators_quantify_over_the_request() {
    assert!(with(
        "ForAnyValue:StringNotEquals",
        json!(["a", "b"]),
        json!(["a", "c"])
    ));
    assert!(!with(
        "ForAnyValue:StringNotEquals",
        json!(["a", "b"]),
        json!(["a", "b"])
    ));
    assert!(with(
        "ForAllValues:StringNotEquals",
        json!(["a", "b"]),
        json!(["c", "d"])
    ));
    assert!(!with(
        "ForAllValues:StringNotEquals",
        json!(["a", "b"]),
        json!(["a", "c"])
    ));
}

#[test]
fn several_values_without_a_set_operator_have_no_documented_meaning() {
    let case = Case::user()
        .identity(allow_if(json!({"StringEquals": {"aws:TagKeys": "a"}})))
        .context(json!({"aws:TagKeys": ["a", "b"]}));
    case.hangs_on(&["aws:tagkeys"]);
}

#[test]
fn the_request_decides_what_is_multivalued_not_the_policy() {
    assert!(with("StringEquals", json!(["a", "b"]), json!(["b"])));
}

#[test]
fn empty_text_alone_is_a_null_data_set() {
    assert!(with("ForAllValues:StringEquals", json!("a"), json!([""])));
    assert!(!with("ForAnyValue:StringEquals", json!(""), json!([""])));
}
