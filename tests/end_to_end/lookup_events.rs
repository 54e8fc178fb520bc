//! The event history, from a server that gives it as `LookupEvents` does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::servers::{Environment, Request, Response, Stub, curtail};

const ACCOUNT: &str = "111122223333";

/// How many events the history holds; an object of it holds 2,000.
const EVENTS: usize = 2230;

/// Seconds between two events; every tenth has the time of the one before.
const STEP: i64 = 60;

/// When the newest event happened, in seconds since 1970: some hours ago.
#[expect(
    clippy::disallowed_methods,
    reason = "the binary asks for the ninety days before its own clock"
)]
fn newest() -> i64 {
    jiff::Timestamp::now().as_second() / 3600 * 3600 - 5 * 3600
}

fn time(newest: i64, number: usize) -> i64 {
    let number = i64::try_from(number - usize::from(number % 10 == 9)).unwrap();
    newest - number * STEP
}

/// An event of the history, the newest being number 0.
fn event(newest: i64, number: usize) -> Value {
    let at = jiff::Timestamp::from_second(time(newest, number)).unwrap();
    let record = json!({
        "eventVersion": "1.11", "eventTime": at.to_string(), "eventSource": "sqs.amazonaws.com",
        "userIdentity": {"type": "AssumedRole", "principalId": "AROAEXAMPLE:session", "accountId": ACCOUNT,
            "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/app/session")},
        "eventName": "CreateQueue", "awsRegion": "eu-west-1", "eventID": format!("event-{number:05}"),
        "requestParameters": null, "responseElements": null, "readOnly": false, "eventType": "AwsApiCall",
        "managementEvent": true, "recipientAccountId": ACCOUNT, "eventCategory": "Management",
    });
    json!({
        "EventId": format!("event-{number:05}"), "EventName": "CreateQueue", "ReadOnly": "false",
        "EventTime": time(newest, number), "EventSource": "sqs.amazonaws.com", "Username": "session",
        "Resources": [], "CloudTrailEvent": record.to_string(),
    })
}

/// A page of fifty events between the times that are asked for, the newest first.
fn page(newest: i64, request: &Request) -> Response {
    let asked = request.json();
    let from = asked["StartTime"].as_f64().unwrap_or(0.0);
    let to = asked["EndTime"].as_f64().unwrap_or(f64::INFINITY);
    let within = |number: &usize| {
        let at = f64::from(u32::try_from(time(newest, *number)).unwrap());
        from <= at && at <= to
    };
    let skipped: usize = asked["NextToken"]
        .as_str()
        .map_or(0, |token| token.parse().unwrap());
    let mut rest = (0..EVENTS).filter(within).skip(skipped);
    let events: Vec<Value> = rest
        .by_ref()
        .take(50)
        .map(|number| event(newest, number))
        .collect();
    let token = rest.next().map(|_| (skipped + 50).to_string());
    Response::json(&json!({"Events": events, "NextToken": token}))
}

fn history(newest: i64) -> Stub {
    let asked = AtomicUsize::new(0);
    Stub::start(move |request| {
        if request.parameter("Action") == Some("GetCallerIdentity") {
            let identity = format!("<Account>{ACCOUNT}</Account><Arn>a</Arn><UserId>u</UserId>");
            return Response::query("GetCallerIdentity", &identity);
        }
        assert_eq!(request.target(), "LookupEvents");
        match asked.fetch_add(1, Ordering::SeqCst) {
            3 => Response::fault("ThrottlingException"),
            _ => page(newest, request),
        }
    })
}

fn ingest(directory: &Path, environment: &Environment) -> Value {
    let arguments = [
        "ingest",
        "--lookup-events",
        "--regions",
        "eu-west-1",
        "--format",
        "json",
    ];
    let output = curtail(directory, environment, &arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_history_is_read_whole_and_goes_on_where_it_is_not_settled() {
    let newest = newest();
    let history = history(newest);
    let place = tempfile::tempdir().unwrap();
    let environment = history.environment();
    let first = ingest(place.path(), &environment);
    assert_eq!(first["events_written"], EVENTS, "{first}");
    assert_eq!(first["objects_read"], 2, "{first}");

    let query = "SELECT event_id FROM events";
    let output = curtail(
        place.path(),
        &environment,
        &["sql", query, "--format", "csv"],
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let found: BTreeSet<&str> = text.lines().skip(1).collect();
    assert_eq!(found.len(), EVENTS);

    let before = history.requests().len();
    let second = ingest(place.path(), &environment);
    assert_eq!(second["events_written"], 0, "{second}");
    let asked = history.requests().split_off(before);
    let pages: Vec<Value> = asked
        .iter()
        .filter(|request| request.target() == "LookupEvents")
        .map(Request::json)
        .collect();
    // The last hours are not settled yet; what is before them is.
    let oldest = pages.iter().filter_map(|page| page["StartTime"].as_f64());
    let oldest = oldest.fold(f64::INFINITY, f64::min);
    assert!(
        oldest > f64::from(u32::try_from(newest).unwrap()),
        "{pages:?}"
    );
}

#[test]
fn credentials_that_are_refused_are_named_before_anything_is_written() {
    let refusing = Stub::start(|_| Response::query_fault("InvalidClientTokenId"));
    let place = tempfile::tempdir().unwrap();
    let output = curtail(
        place.path(),
        &refusing.environment(),
        &["ingest", "--lookup-events"],
    );
    assert_eq!(output.status.code(), Some(4));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("sts:GetCallerIdentity: InvalidClientTokenId"),
        "{said}"
    );
    assert!(fs::read_dir(place.path()).unwrap().next().is_none());
}
