//! Control policies of an organization.

use super::*;

fn scps(levels: Value) -> Case {
    Case::user().identity(allow("*")).set("scps", levels)
}

#[test]
fn an_allow_is_needed_at_every_level_and_policies_of_one_add_up() {
    let (all, ec2, s3) = (
        policy(allow("*")),
        policy(allow("ec2:*")),
        policy(allow("s3:*")),
    );
    scps(json!([[all], [all], [all]])).allowed();
    scps(json!([[all], [ec2, s3], [s3]])).allowed();
    scps(json!([[all], [ec2], [all]])).not_allowed();
    scps(json!([[ec2], [all], [all]])).not_allowed();
}

#[test]
fn an_empty_level_allows_nothing_and_no_level_does_not_limit() {
    scps(json!([])).allowed();
    scps(json!([[policy(allow("*"))], []])).not_allowed();
}

#[test]
fn a_deny_at_any_level_is_final() {
    for level in 0..3 {
        let mut levels = vec![json!([policy(allow("*"))]); 3];
        levels[level] = json!([policy(allow("*")), policy(deny("s3:*"))]);
        let case = scps(json!(levels));
        case.denied();
        assert_eq!(
            case.answer()["by"],
            json!([{"policy": format!("scps[{level}][1]"), "statement": 0}])
        );
    }
}

#[test]
fn scps_grant_nothing_and_limit_direct_grants_too() {
    Case::user()
        .set("scps", json!([[policy(allow("*"))]]))
        .not_allowed();
    let granted = Case::user().resource(grant_to(USER));
    granted.allowed();
    granted
        .set("scps", json!([[policy(allow("ec2:*"))]]))
        .not_allowed();
}

#[test]
fn roles_that_services_are_linked_to_are_not_bound() {
    let role =
        "arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";
    let mut to_all = deny("*");
    to_all["Principal"] = json!("*");
    let bind = |case: Case| {
        case.identity(allow("*"))
            .set("scps", json!([[], [policy(deny("*"))]]))
            .set("rcps", json!([[policy(to_all.clone())]]))
    };
    bind(Case::of(role)).allowed();
    bind(Case::of(ROLE)).denied();
}

#[test]
fn rcps_bind_callers_of_any_account_and_only_their_denies_matter() {
    let mut insecure = deny_if(json!({"BoolIfExists": {"aws:SecureTransport": "false"}}));
    insecure["Principal"] = json!("*");
    let rcps = json!([[policy(grant_to("*"))], [policy(insecure)], []]);
    let secure = json!({"aws:SecureTransport": ["true"]});
    let own = Case::user().identity(allow("*")).set("rcps", rcps.clone());
    own.denied();
    own.context(secure.clone()).allowed();
    let outside = Case::of("arn:aws:iam::444455556666:user/eve")
        .identity(allow("*"))
        .resource(grant_to("*"))
        .set("rcps", rcps);
    outside.denied();
    outside.context(secure).allowed();
    Case::user()
        .set("rcps", json!([[policy(grant_to("*"))]]))
        .not_allowed();
}

#[test]
fn rcps_bind_only_services_that_take_part() {
    let mut to_all = deny("*");
    to_all["Principal"] = json!("*");
    let case = Case::user()
        .identity(allow("*"))
        .set("rcps", json!([[policy(to_all)]]));
    case.clone().denied();
    case.ask("ec2:RunInstances", "*").allowed();
}
