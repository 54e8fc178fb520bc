//! Resources and `NotResource`.

use super::*;

fn takes(pattern: &str, resource: &str) -> String {
    Case::user()
        .identity(allow_on(pattern))
        .ask("s3:GetObject", resource)
        .decision()
}

#[track_caller]
fn yes(pattern: &str, resource: &str) {
    assert_eq!(takes(pattern, resource), "allowed");
}

#[track_caller]
fn no(pattern: &str, resource: &str) {
    assert_eq!(takes(pattern, resource), "implicitly_denied");
}

#[test]
fn resources_heed_case() {
    no("arn:aws:s3:::bucket/Key", OBJECT);
    no("arn:aws:S3:::bucket/key", OBJECT);
}

#[test]
fn a_slash_means_nothing_to_a_wildcard() {
    yes("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b/c");
    yes("arn:aws:s3:::b*/c", "arn:aws:s3:::bucket/a/b/c");
    yes("arn:aws:s3:::bucket?key", OBJECT);
}

#[test]
fn the_last_component_runs_over_colons_and_earlier_ones_do_not() {
    let stream = "arn:aws:logs:eu-west-1:111122223333:log-group:g:log-stream:s";
    yes("arn:aws:logs:*:*:log-group:*", stream);
    yes("arn:aws:logs:eu-west-?:1*3:log-group:g:*", stream);
    no("arn:aws:logs:eu*1:log-group:g:log-stream:s", stream);
}

#[test]
fn a_star_at_the_end_of_an_early_component_is_not_relied_on() {
    let queue = "arn:aws:sqs:eu-west-1:111122223333:q";
    let case = Case::user()
        .identity(allow_on("arn:aws:sqs:*:q"))
        .ask("sqs:SendMessage", queue);
    case.hangs_on(&["resource"]);
    yes("arn:aws:sqs:*:111122223333:q", queue);
}

#[test]
fn a_bucket_does_not_cover_its_objects_nor_the_reverse() {
    no("arn:aws:s3:::bucket", OBJECT);
    no("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket");
    yes("arn:aws:s3:::bucket*", OBJECT);
}

#[test]
fn not_resource_is_what_no_pattern_takes_also_without_a_resource() {
    let statement = json!({"Effect": "Allow", "Action": "*", "NotResource": ["arn:aws:s3:::secret/*", "arn:aws:s3:::secret"]});
    let ask = |resource| {
        Case::user()
            .identity(statement.clone())
            .ask("s3:GetObject", resource)
    };
    ask(OBJECT).allowed();
    ask("*").allowed();
    ask("arn:aws:s3:::secret/a").not_allowed();
}

#[test]
fn a_resource_that_is_not_told_is_a_need() {
    let narrow = Case::user().identity(allow_on("arn:aws:s3:::bucket/*"));
    let mut case = narrow;
    case.0["request"]["resource"] = Value::Null;
    case.hangs_on(&["resource"]);
    case.identity(allow("s3:*")).allowed();
}

#[test]
fn an_incomplete_arn_on_the_caller_s_side_is_completed_with_stars() {
    let queue = "arn:aws:sqs:us-east-1:111122223333:q";
    for (pattern, taken) in [
        ("arn:aws:sqs", true),
        ("arn:aws:sqs:us-east-1", true),
        ("arn:aws:sqs:us-east-1:111122223333", true),
        ("arn:aws:sqs:us-west-2", false),
        ("arn:aws:sqs:*", true),
        ("arn:*", true),
        ("arn:aws:sqs:us-east-1:*", true),
        ("arn:aws:kms:*", false),
    ] {
        let ask = |case: Case| case.ask("sqs:SendMessage", queue);
        let all = Case::user().identity(allow("*"));
        let mut denied = deny("*");
        denied["Resource"] = json!(pattern);
        let mut except = allow("*");
        except["NotResource"] = json!(pattern);
        except.as_object_mut().unwrap().remove("Resource");
        for (case, allowed) in [
            (Case::user().identity(allow_on(pattern)), taken),
            (all.clone().identity(json!([allow("*"), denied])), !taken),
            (Case::user().identity(except), !taken),
            (all.clone().boundary(allow_on(pattern)), taken),
            (all.clone().session(allow_on(pattern)), taken),
            (all.set("scps", json!([[policy(allow_on(pattern))]])), taken),
        ] {
            let decision = ask(case).decision();
            assert!(!decision.starts_with(['u', 'e']) || decision == "explicitly_denied");
            assert_eq!(decision == "allowed", allowed, "{pattern}");
        }
    }
}

#[test]
fn an_incomplete_arn_in_the_resource_s_policy_is_no_arn() {
    let mut statement = grant_to(USER);
    statement["Resource"] = json!("arn:aws:sqs");
    Case::user()
        .resource(statement)
        .ask("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q")
        .not_allowed();
}
