//! Sessions of roles and of users who federated.

use super::*;

#[test]
fn a_federated_user_has_what_user_and_session_policy_both_allow() {
    let case = Case::of(FEDERATED).identity(allow("s3:*"));
    case.clone().session(allow("s3:Get*")).allowed();
    case.clone().session(allow("s3:Put*")).not_allowed();
    Case::of(FEDERATED)
        .identity(allow("ec2:*"))
        .session(allow("*"))
        .not_allowed();
}

#[test]
fn a_federated_user_without_session_policy_has_only_what_resources_give_it() {
    Case::of(FEDERATED).identity(allow("*")).not_allowed();
    Case::of(FEDERATED).resource(grant_to(FEDERATED)).allowed();
}

#[test]
fn a_role_session_without_session_policy_is_not_limited() {
    Case::of(SESSION).identity(allow("*")).allowed();
    Case::of(SESSION)
        .identity(allow("*"))
        .set("session_policies", json!([]))
        .allowed();
}

#[test]
fn a_grant_to_the_user_is_limited_for_the_session_that_the_user_federated() {
    let case = Case::of(FEDERATED).resource(grant_to(USER));
    case.clone().session(allow("s3:*")).allowed();
    case.clone().session(allow("ec2:*")).not_allowed();
    case.clone()
        .session(allow("s3:*"))
        .boundary(allow("ec2:*"))
        .not_allowed();
    case.not_allowed();
    let other = "arn:aws:iam::111122223333:user/bob";
    Case::of(FEDERATED)
        .resource(grant_to(other))
        .session(allow("s3:*"))
        .not_allowed();
}

#[test]
fn principal_arn_of_a_session_is_the_role_s_and_a_given_one_wins() {
    let case = Case::of(SESSION).identity(allow_if(
        json!({"StringEquals": {"aws:PrincipalArn": ROLE}}),
    ));
    case.allowed();
    let path = "arn:aws:iam::111122223333:role/team/app";
    case.clone()
        .context(json!({"aws:PrincipalArn": [path]}))
        .not_allowed();
    let with_path =
        allow_if(json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/team/*"}}));
    case.identity(with_path)
        .context(json!({"aws:PrincipalArn": [path]}))
        .allowed();
}

#[test]
fn a_role_with_a_path_is_named_by_its_name_where_the_path_is_not_known() {
    let path = "arn:aws:iam::111122223333:role/team/app";
    let case = Case::of(SESSION).resource(grant_to(path));
    case.allowed();
    case.context(json!({"aws:PrincipalArn": [ROLE]}))
        .not_allowed();
    Case::of(SESSION)
        .resource(grant_to("arn:aws:iam::111122223333:role/team/other"))
        .not_allowed();
}

#[test]
fn user_id_is_known_only_if_given() {
    let statement = allow_if(json!({"StringLike": {"aws:userid": "AROA1:*"}}));
    Case::of(SESSION).identity(statement.clone()).not_allowed();
    Case::of(SESSION)
        .identity(statement)
        .context(json!({"aws:userid": ["AROA1:build"]}))
        .allowed();
}
