//! How policies of one account combine.

use super::*;

#[test]
fn a_deny_of_any_policy_type_wins() {
    let open = Case::of(SESSION)
        .identity(allow("*"))
        .boundary(allow("*"))
        .session(allow("*"))
        .set("scps", json!([[policy(allow("*"))]]))
        .set("rcps", json!([[policy(grant_to("*"))]]))
        .resource(grant_to(SESSION));
    open.allowed();
    let no = || json!([allow("*"), deny("s3:GetObject")]);
    let mut to_all = deny("s3:GetObject");
    to_all["Principal"] = json!("*");
    for (case, place) in [
        (open.clone().identity(no()), "identity_policies[0]"),
        (open.clone().boundary(no()), "permission_boundary"),
        (open.clone().session(no()), "session_policies[0]"),
        (
            open.clone().set("scps", json!([[policy(no())]])),
            "scps[0][0]",
        ),
        (
            open.clone().set(
                "rcps",
                json!([[], [policy(json!([grant_to("*"), to_all.clone()]))]]),
            ),
            "rcps[1][0]",
        ),
        (
            open.clone().resource(json!([grant_to("*"), to_all])),
            "resource_policy",
        ),
    ] {
        case.denied();
        assert_eq!(
            case.answer()["by"],
            json!([{"policy": place, "statement": 1}])
        );
    }
}

#[test]
fn no_allow_is_an_implicit_deny() {
    Case::user().not_allowed();
    Case::user().identity(allow("ec2:*")).not_allowed();
    assert_eq!(Case::user().answer()["by"], json!([]));
}

#[test]
fn identity_and_resource_policy_are_a_union() {
    Case::user()
        .identity(allow("s3:*"))
        .resource(grant_to(ROLE))
        .allowed();
    Case::user()
        .identity(allow("ec2:*"))
        .resource(grant_to(USER))
        .allowed();
}

#[test]
fn a_boundary_and_a_session_policy_only_limit() {
    Case::user().boundary(allow("*")).not_allowed();
    Case::of(SESSION).session(allow("*")).not_allowed();
    Case::user()
        .identity(allow("*"))
        .boundary(allow("ec2:*"))
        .not_allowed();
    Case::of(SESSION)
        .identity(allow("*"))
        .session(allow("ec2:*"))
        .not_allowed();
    Case::of(SESSION)
        .identity(allow("*"))
        .boundary(allow("s3:*"))
        .session(allow("s3:Get*"))
        .allowed();
}

#[test]
fn session_policies_add_up() {
    let both = json!([policy(allow("ec2:*")), policy(allow("s3:*"))]);
    Case::of(SESSION)
        .identity(allow("*"))
        .set("session_policies", both)
        .allowed();
}

#[test]
fn a_grant_to_the_user_the_session_or_the_federated_session_is_not_limited() {
    for principal in [USER, SESSION, FEDERATED] {
        Case::of(principal)
            .boundary(allow("ec2:*"))
            .session(allow("ec2:*"))
            .resource(grant_to(principal))
            .allowed();
    }
}

#[test]
fn a_grant_to_the_role_is_limited_but_needs_no_identity_allow() {
    let case = Case::of(SESSION).resource(grant_to(ROLE));
    case.allowed();
    case.clone().boundary(allow("ec2:*")).not_allowed();
    case.clone().session(allow("ec2:*")).not_allowed();
    case.boundary(allow("s3:*"))
        .session(allow("s3:*"))
        .allowed();
}

#[test]
fn everyone_with_the_role_as_principal_arn_is_not_limited() {
    let mut statement = allow_if(json!({"ArnEquals": {"aws:PrincipalArn": ROLE}}));
    statement["Principal"] = json!("*");
    let case = |arn: &str| {
        Case::of(arn)
            .boundary(allow("ec2:*"))
            .session(allow("ec2:*"))
            .resource(statement.clone())
    };
    case(SESSION).allowed();
    case("arn:aws:sts::111122223333:assumed-role/other/build").not_allowed();
}

#[test]
fn explicit_denies_of_boundary_and_session_policy_count_against_direct_grants() {
    let case = Case::of(SESSION).resource(grant_to(SESSION));
    case.clone().boundary(deny("s3:*")).denied();
    case.session(deny("s3:*")).denied();
}

#[test]
fn an_account_principal_leaves_it_to_the_identity_policies() {
    for account in [ACCOUNT, ROOT] {
        Case::user().resource(grant_to(account)).not_allowed();
        Case::user()
            .resource(grant_to(account))
            .identity(allow("s3:*"))
            .allowed();
    }
}

#[test]
fn a_trust_policy_must_allow_or_name_the_account() {
    let trust = |principal: &str| json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"});
    let case = Case::user().ask("sts:AssumeRole", ROLE);
    case.clone().identity(allow("*")).not_allowed();
    case.clone()
        .identity(allow("*"))
        .resource(trust(SESSION))
        .not_allowed();
    case.clone().resource(trust(USER)).allowed();
    case.clone().resource(trust(ROOT)).not_allowed();
    case.identity(allow("sts:AssumeRole"))
        .resource(trust(ROOT))
        .allowed();
}

#[test]
fn a_key_policy_must_allow_or_name_the_account() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd";
    let case = Case::user().ask("kms:Decrypt", key);
    case.clone().identity(allow("kms:*")).not_allowed();
    case.clone()
        .identity(allow("kms:*"))
        .resource(grant_to(ROOT))
        .allowed();
    case.clone().resource(grant_to(ROOT)).not_allowed();
    case.clone().resource(grant_to(USER)).allowed();
    case.ask("kms:ListKeys", "*")
        .identity(allow("kms:*"))
        .allowed();
    Case::of(ROOT).ask("kms:Decrypt", key).not_allowed();
    Case::of(ROOT)
        .ask("kms:Decrypt", key)
        .resource(grant_to(ROOT))
        .allowed();
}

#[test]
fn the_root_user_needs_no_allow_but_is_bound() {
    let root = Case::of(ROOT);
    root.allowed();
    root.clone()
        .set("scps", json!([[policy(allow("ec2:*"))]]))
        .not_allowed();
    root.clone()
        .set("scps", json!([[policy(json!([allow("*"), deny("s3:*")]))]]))
        .denied();
    let mut to_all = deny("s3:*");
    to_all["Principal"] = json!("*");
    root.resource(to_all).denied();
}

#[test]
fn a_matching_deny_makes_it_explicit_even_without_any_allow() {
    Case::user().identity(deny("*")).denied();
}

#[test]
fn the_statements_that_made_it_are_named() {
    let case = Case::of(SESSION)
        .identity(json!([allow("ec2:*"), allow("s3:*"), allow("s3:Get*")]))
        .boundary(allow("s3:*"))
        .set(
            "scps",
            json!([[policy(allow("ec2:*")), policy(allow("*"))]]),
        )
        .resource(grant_to(ACCOUNT));
    let places = |list: &[(&str, usize)]| -> Value {
        list.iter()
            .map(|(policy, statement)| json!({"policy": policy, "statement": statement}))
            .collect()
    };
    assert_eq!(
        case.answer()["by"],
        places(&[
            ("identity_policies[0]", 1),
            ("identity_policies[0]", 2),
            ("permission_boundary", 0),
            ("scps[0][1]", 0),
        ])
    );
    let direct = case.identity(allow("ec2:*")).resource(grant_to(SESSION));
    assert_eq!(
        direct.answer()["by"],
        places(&[("resource_policy", 0), ("scps[0][1]", 0)])
    );
}
