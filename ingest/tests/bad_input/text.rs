//! Text that is no UTF-8, no JSON, or JSON that few would write.

use serde_json::{Value, json};

use crate::scene::{gz, key, log, log_of, one, record};

/// A good record, the odd one, and another good one: the odd one is in quarantine with its place.
async fn odd_among_good(element: &str, reason: &str) {
    odd_bytes_among_good(element.as_bytes(), reason).await;
}

async fn odd_bytes_among_good(element: &[u8], reason: &str) {
    let (text, offsets) = log_of(&[&record("1").to_string(), "@", &record("3").to_string()]);
    let at = offsets[1];
    let bytes = [&text.as_bytes()[..at], element, &text.as_bytes()[at + 1..]].concat();
    let row = format!("1@{at} {reason}");
    one(gz(bytes)).await.is(&["1", "3"], &[&row], "read");
}

#[tokio::test]
async fn invalid_utf_8_in_a_string_costs_its_record_alone() {
    odd_bytes_among_good(
        b"{\"eventID\":\"2\",\"userAgent\":\"\xff\xfe\"}",
        "not_utf8",
    )
    .await;
}

#[tokio::test]
async fn invalid_utf_8_in_a_key_costs_its_record_alone() {
    odd_bytes_among_good(b"{\"eventID\":\"2\",\"k\xc3\":1}", "not_utf8").await;
}

#[tokio::test]
async fn an_encoded_surrogate_costs_its_record_alone() {
    odd_bytes_among_good(
        b"{\"eventID\":\"2\",\"userAgent\":\"\xed\xa0\x80\"}",
        "not_utf8",
    )
    .await;
}

#[tokio::test]
async fn a_cut_within_a_character_keeps_the_records_before_it() {
    let text = log(&[
        record("1"),
        json!({"eventID": "2", "userAgent": "\u{20ac}"}),
    ]);
    let cut = text.find('\u{20ac}').unwrap() + 1;
    let odd = one(&text.as_bytes()[..cut]).await;
    assert_eq!(odd.found.ids(&key("odd")), ["1"]);
    assert_eq!(odd.found.quarantined(&key("odd")).len(), 1);
}

#[tokio::test]
async fn half_a_surrogate_pair_is_kept_as_it_was_written() {
    let element = r#"{"eventID":"2","eventName":"GetObject","userAgent":"\ud800"}"#;
    let (text, _) = log_of(&[element]);
    let odd = one(text).await;
    odd.is_read(&["2"]);
    assert_eq!(odd.event("2").get("user_agent"), None);
    assert_eq!(odd.event("2")["extra"], r#"{"userAgent":"\ud800"}"#);
}

#[tokio::test]
async fn an_escaped_nul_is_text() {
    let mut nul = record("1");
    nul["userAgent"] = json!("a\0b");
    let odd = one(log(&[nul])).await;
    odd.is_read(&["1"]);
    assert_eq!(odd.event("1")["user_agent"], "a\0b");
}

#[tokio::test]
async fn a_raw_nul_in_a_string_costs_its_record_alone() {
    odd_among_good("{\"eventID\":\"2\",\"userAgent\":\"a\0b\"}", "not_json").await;
}

#[tokio::test]
async fn nul_bytes_after_the_log_are_named() {
    let text = log(&[record("1")]);
    let row = format!("-@{} not_json", text.len() + 1);
    one(format!("{text}\0\0\0"))
        .await
        .is(&["1"], &[&row], "quarantined not_json");
}

#[tokio::test]
async fn a_raw_line_break_in_a_string_costs_its_record_alone() {
    odd_among_good("{\"eventID\":\"2\",\"userAgent\":\"a\nb\"}", "not_json").await;
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_the_text() {
    one(format!("\u{feff}{}", log(&[record("1")])))
        .await
        .is_read(&["1"]);
}

#[tokio::test]
async fn places_count_a_byte_order_mark() {
    let (text, offsets) = log_of(&[&record("1").to_string(), "7"]);
    let row = format!("1@{} not_an_object", offsets[1] + 3);
    one(format!("\u{feff}{text}"))
        .await
        .is(&["1"], &[&row], "read");
}

#[tokio::test]
async fn utf_16_is_named() {
    for big in [false, true] {
        let units = format!("\u{feff}{}", log(&[record("1")]));
        let bytes: Vec<u8> = units
            .encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect();
        let odd = one(gz(bytes)).await;
        odd.is_broken(0, "not_utf8");
        assert!(odd.found.quarantine[0]["detail"].contains("UTF-16"));
    }
}

#[tokio::test]
async fn lines_may_end_as_on_windows() {
    one(format!("{}\r\n{}\r\n", record("1"), record("2")))
        .await
        .is_read(&["1", "2"]);
}

#[tokio::test]
async fn a_broken_line_costs_itself_alone() {
    let first = record("1").to_string();
    let row = format!("1@{} truncated_json", first.len() + 1);
    one(format!("{first}\n{{\"eventID\":\"2\",\n{}\n", record("3")))
        .await
        .is(&["1", "3"], &[&row], "read");
}

#[tokio::test]
async fn a_line_that_is_no_utf_8_costs_itself_alone() {
    let first = record("1").to_string();
    let bytes = [
        first.as_bytes(),
        b"\n\xff\xff\n",
        record("3").to_string().as_bytes(),
    ]
    .concat();
    let row = format!("1@{} not_utf8", first.len() + 1);
    one(bytes).await.is(&["1", "3"], &[&row], "read");
}

#[tokio::test]
async fn lines_that_end_within_a_record_keep_the_whole_ones() {
    let first = record("1").to_string();
    let row = format!("1@{} truncated_json", first.len() + 1);
    one(format!("{first}\n{{\"eventID\":\"2\""))
        .await
        .is(&["1"], &[&row], "read");
}

#[tokio::test]
async fn a_trailing_comma_is_named_and_the_records_are_kept() {
    let (text, offsets) = log_of(&[&record("1").to_string(), ""]);
    let row = format!("1@{} not_json", offsets[1]);
    one(text).await.is(&["1"], &[&row], "read");
}

#[tokio::test]
async fn a_comment_costs_the_element_that_it_stands_in() {
    odd_among_good("/* two */ {\"eventID\":\"2\"}", "not_json").await;
}

#[tokio::test]
async fn single_quotes_cost_their_record_alone() {
    odd_among_good("{'eventID':'2'}", "not_json").await;
}

#[tokio::test]
async fn keys_without_quotes_cost_their_record_alone() {
    odd_among_good("{eventID:\"2\"}", "not_json").await;
}

#[tokio::test]
async fn nan_and_infinity_cost_their_record_alone() {
    for number in ["NaN", "Infinity", "-Infinity", "+1", "01", ".5", "0x1"] {
        let element = format!("{{\"eventID\":\"2\",\"x\":{number}}}");
        odd_among_good(&element, "not_json").await;
    }
}

#[tokio::test]
async fn numbers_of_any_size_are_kept_as_they_were_written() {
    for number in [
        "1e400",
        "-1e-400",
        "-0",
        "-0.0",
        &"9".repeat(100),
        "18446744073709551616",
    ] {
        let element = format!(
            "{{\"eventID\":\"1\",\"eventName\":\"X\",\"x\":{number},\"errorCode\":{number}}}"
        );
        let odd = one(log_of(&[&element]).0).await;
        odd.is_read(&["1"]);
        let kept = format!("{{\"x\":{number},\"errorCode\":{number}}}");
        assert_eq!(odd.event("1")["extra"], kept);
    }
}

#[tokio::test]
async fn a_missing_bracket_at_the_end_is_named_and_the_records_are_kept() {
    let text = log(&[record("1"), record("2")]);
    let text = text.trim_end_matches("]}");
    let row = format!("-@{} truncated_json", text.len());
    one(text)
        .await
        .is(&["1", "2"], &[&row], "quarantined truncated_json");
}

#[tokio::test]
async fn a_wrong_bracket_is_named_and_the_records_are_kept() {
    let text = log(&[record("1"), record("2")]).replace("]}", "}}");
    let row = format!("-@{} not_json", text.len() - 1);
    one(text)
        .await
        .is(&["1", "2"], &[&row], "quarantined not_json");
}

#[tokio::test]
async fn text_after_the_log_is_named_and_the_records_are_kept() {
    let text = log(&[record("1")]);
    let row = format!("-@{} not_json", text.len() + 2);
    one(format!("{text} Killed"))
        .await
        .is(&["1"], &[&row], "quarantined not_json");
}

#[tokio::test]
async fn a_hundred_levels_are_kept() {
    deep(100).await;
}

#[tokio::test]
async fn a_hundred_thousand_levels_are_kept() {
    deep(100_000).await;
}

async fn deep(levels: usize) {
    let nest = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let element = format!(
        "{{\"eventID\":\"1\",\"eventName\":\"X\",\"requestParameters\":{nest},\"deep\":{nest}}}"
    );
    let odd = one(gz(log_of(&[&element, &record("2").to_string()]).0)).await;
    odd.is_read(&["1", "2"]);
    assert_eq!(odd.event("1")["request_parameters"], nest);
}

#[tokio::test]
async fn brackets_without_an_end_are_named() {
    one("[".repeat(100_000))
        .await
        .is_broken(100_000, "truncated_json");
    one("{\"a\":".repeat(100_000))
        .await
        .is_broken(500_000, "truncated_json");
}

#[tokio::test]
async fn a_field_that_comes_twice_is_kept_twice() {
    let element = r#"{"eventID":"1","eventName":"First","eventName":"Second"}"#;
    let odd = one(log_of(&[element]).0).await;
    odd.is_read(&["1"]);
    assert_eq!(odd.event("1")["event_name"], "First");
    assert_eq!(odd.extra("1"), json!({"eventName": "Second"}));
}

#[tokio::test]
async fn a_list_that_comes_twice_is_named_and_the_records_of_both_are_kept() {
    let (one_list, two_list) = (record("1").to_string(), record("2").to_string());
    let text = format!("{{\"Records\":[{one_list}],\"Records\":[{two_list}]}}");
    let odd = one(&text).await;
    let at = text.rfind("\"Records\"").unwrap() + "\"Records\"".len();
    let row = format!("-@{at} not_json");
    odd.is(&["1", "2"], &[&row], "quarantined not_json");
}

#[tokio::test]
async fn control_characters_of_terminals_are_text() {
    let mut odd_record = record("1");
    odd_record["userAgent"] = json!("\u{1b}[31m\u{202e}\u{7}");
    let odd = one(log(&[odd_record])).await;
    odd.is_read(&["1"]);
    assert_eq!(odd.event("1")["user_agent"], "\u{1b}[31m\u{202e}\u{7}");
}

#[tokio::test]
async fn escapes_in_keys_are_read() {
    let element = r#"{"\u0065ventID":"1","eventN\u0061me":"X"}"#;
    let odd = one(log_of(&[element]).0).await;
    odd.is_read(&["1"]);
    assert_eq!(odd.event("1")["event_name"], "X");
    assert_eq!(odd.extra("1"), Value::Null);
}
