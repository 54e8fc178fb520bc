//! Requests across accounts.

use super::*;

fn across(arn: &str) -> Case {
    Case::of(arn).owned_by(OTHER)
}

#[test]
fn both_sides_must_allow() {
    for principal in [USER, SESSION] {
        let case = across(principal);
        case.clone().identity(allow("*")).not_allowed();
        case.clone().resource(grant_to(principal)).not_allowed();
        case.clone()
            .identity(allow("*"))
            .resource(grant_to(principal))
            .allowed();
        case.identity(allow("*"))
            .resource(grant_to(ACCOUNT))
            .allowed();
    }
    across(SESSION)
        .identity(allow("*"))
        .resource(grant_to(ROLE))
        .allowed();
}

#[test]
fn everyone_and_a_session_do_not_lift_the_caller_s_side() {
    for principal in ["*", SESSION] {
        let case = across(SESSION).resource(grant_to(principal));
        case.not_allowed();
        case.clone().identity(allow("s3:*")).allowed();
        case.clone()
            .identity(allow("s3:*"))
            .boundary(allow("ec2:*"))
            .not_allowed();
        case.identity(allow("s3:*"))
            .session(allow("ec2:*"))
            .not_allowed();
    }
}

#[test]
fn a_deny_on_either_side_is_final() {
    let case = across(USER).identity(allow("*")).resource(grant_to(USER));
    let mut to_user = deny("s3:*");
    to_user["Principal"] = json!({"AWS": USER});
    case.clone()
        .identity(json!([allow("*"), deny("s3:GetObject")]))
        .denied();
    case.resource(json!([grant_to(USER), to_user])).denied();
}

#[test]
fn the_owner_decides_what_is_the_same_account_not_the_arn() {
    Case::user().identity(allow("*")).allowed();
    across(USER).identity(allow("*")).not_allowed();
    across(USER)
        .ask("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q")
        .identity(allow("*"))
        .not_allowed();
}

#[test]
fn control_policies_bind_their_own_side() {
    let case = across(USER).identity(allow("*")).resource(grant_to(USER));
    case.clone()
        .set("scps", json!([[policy(allow("ec2:*"))]]))
        .not_allowed();
    let mut outside = deny_if(json!({"StringNotEquals": {"aws:PrincipalAccount": OTHER}}));
    outside["Principal"] = json!("*");
    case.set("rcps", json!([[policy(outside)]])).denied();
}

#[test]
fn the_root_user_needs_the_resource_s_side() {
    across(ROOT).not_allowed();
    across(ROOT).resource(grant_to(ACCOUNT)).allowed();
    across(ROOT).resource(grant_to(USER)).not_allowed();
}

#[test]
fn a_role_of_another_account_is_assumed_when_both_allow() {
    let role = "arn:aws:iam::444455556666:role/deploy";
    let trust = json!({"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"});
    let case = across(USER).ask("sts:AssumeRole", role).resource(trust);
    case.not_allowed();
    case.identity(allow("sts:AssumeRole")).allowed();
}

#[test]
fn the_accounts_are_context() {
    let statement =
        allow_if(json!({"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}));
    Case::user().identity(statement.clone()).allowed();
    let given = json!({"aws:ResourceAccount": [OTHER]});
    Case::user()
        .identity(statement)
        .context(given)
        .not_allowed();
}
