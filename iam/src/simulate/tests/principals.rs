//! How resource policies name the caller.

use super::*;

fn statement(effect: &str, element: &str, principals: Value) -> Value {
    let mut statement = json!({"Effect": effect, "Action": "*", "Resource": "*"});
    statement[element] = principals;
    statement
}

#[test]
fn names_are_exact_and_heed_case() {
    let other_case = "arn:aws:iam::111122223333:user/Ana";
    Case::user().resource(grant_to(other_case)).not_allowed();
    for pattern in [
        "arn:aws:iam::111122223333:user/*",
        "arn:aws:iam::*:user/ana",
    ] {
        let case = Case::user().resource(grant_to(pattern));
        assert_ne!(case.decision(), "allowed");
    }
}

#[test]
fn a_star_and_an_aws_star_are_everyone() {
    for principals in [json!("*"), json!({"AWS": "*"}), json!({"AWS": [ROLE, "*"]})] {
        let policy = statement("Allow", "Principal", principals);
        for arn in [
            json!(USER),
            json!(SESSION),
            json!(FEDERATED),
            json!("sns.amazonaws.com"),
            Value::Null,
        ] {
            Case::of(arn).resource(policy.clone()).allowed();
        }
    }
}

#[test]
fn a_role_names_every_session_and_a_session_itself_only() {
    let second = "arn:aws:sts::111122223333:assumed-role/app/second";
    Case::of(SESSION).resource(grant_to(ROLE)).allowed();
    Case::of(second).resource(grant_to(ROLE)).allowed();
    Case::of(SESSION).resource(grant_to(SESSION)).allowed();
    Case::of(second).resource(grant_to(SESSION)).not_allowed();
    Case::of(ROLE).resource(grant_to(ROLE)).allowed();
}

#[test]
fn principals_of_several_types_are_an_or() {
    let policy = statement(
        "Allow",
        "Principal",
        json!({
            "AWS": [USER, "arn:aws:iam::444455556666:root"], "Service": ["sns.amazonaws.com", "s3.amazonaws.com"],
            "Federated": "accounts.google.com", "CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
        }),
    );
    for arn in [USER, "s3.amazonaws.com", "accounts.google.com"] {
        Case::of(arn).resource(policy.clone()).allowed();
    }
    Case::of("lambda.amazonaws.com")
        .resource(policy.clone())
        .not_allowed();
    Case::of(ROLE).resource(policy).not_allowed();
}

#[test]
fn services_are_granted_by_the_resource_policy_alone() {
    let policy = statement(
        "Allow",
        "Principal",
        json!({"Service": "sns.amazonaws.com"}),
    );
    let service = Case::of("sns.amazonaws.com");
    service.clone().identity(allow("*")).not_allowed();
    let granted = service.resource(policy);
    granted.allowed();
    granted
        .clone()
        .set("scps", json!([[policy_of_nothing()], []]))
        .allowed();
    let mut to_all = deny("*");
    to_all["Principal"] = json!("*");
    granted
        .set("rcps", json!([[super::policy(to_all)]]))
        .denied();
}

fn policy_of_nothing() -> Value {
    policy(deny("*"))
}

#[test]
fn a_service_is_told_by_its_keys() {
    let mut policy = statement("Allow", "Principal", json!("*"));
    policy["Condition"] = json!({"Bool": {"aws:PrincipalIsAWSService": "true"}, "StringEquals": {"aws:PrincipalServiceName": "cloudtrail.amazonaws.com"}});
    Case::of("cloudtrail.amazonaws.com")
        .resource(policy.clone())
        .allowed();
    Case::of("sns.amazonaws.com")
        .resource(policy.clone())
        .not_allowed();
    Case::user().resource(policy).not_allowed();
}

#[test]
fn an_unsigned_request_is_granted_to_everyone_only() {
    let nobody = Case::of(Value::Null);
    nobody.clone().resource(grant_to("*")).allowed();
    nobody.clone().resource(grant_to(ACCOUNT)).not_allowed();
    nobody.clone().identity(allow("*")).not_allowed();
    nobody
        .resource(statement("Deny", "Principal", json!("*")))
        .denied();
}

#[test]
fn not_principal_with_deny_excepts_a_user_with_its_account() {
    let except = |list: Value| {
        let resource = json!([
            grant_to("*"),
            statement("Deny", "NotPrincipal", json!({"AWS": list}))
        ]);
        Case::user().resource(resource)
    };
    except(json!([USER, ROOT])).allowed();
    except(json!([USER, ACCOUNT])).allowed();
    except(json!([USER])).denied();
    except(json!([ROOT])).denied();
    except(json!("arn:aws:iam::111122223333:user/bob")).denied();
}

#[test]
fn not_principal_with_deny_excepts_a_session_with_role_and_account() {
    let except = |list: Value| {
        let resource = json!([
            grant_to("*"),
            statement("Deny", "NotPrincipal", json!({"AWS": list}))
        ]);
        Case::of(SESSION).resource(resource)
    };
    except(json!([SESSION, ROLE, ROOT])).allowed();
    for list in [
        json!([SESSION, ROLE]),
        json!([SESSION, ROOT]),
        json!([ROLE, ROOT]),
        json!([SESSION]),
    ] {
        except(list).denied();
    }
}

#[test]
fn not_principal_with_deny_excepts_services_by_name() {
    let resource = json!([
        grant_to("*"),
        statement(
            "Deny",
            "NotPrincipal",
            json!({"Service": "sns.amazonaws.com"})
        )
    ]);
    Case::of("sns.amazonaws.com")
        .resource(resource.clone())
        .allowed();
    Case::of("sqs.amazonaws.com")
        .resource(resource.clone())
        .denied();
    Case::of(Value::Null).resource(resource).denied();
}

#[test]
fn not_principal_with_deny_always_denies_who_has_a_boundary() {
    let resource = json!([
        grant_to("*"),
        statement("Deny", "NotPrincipal", json!({"AWS": [USER, ROOT]}))
    ]);
    Case::user().resource(resource.clone()).allowed();
    Case::user()
        .resource(resource)
        .boundary(allow("*"))
        .denied();
}

#[test]
fn not_principal_with_allow_is_everyone_else() {
    let resource = statement("Allow", "NotPrincipal", json!({"AWS": USER}));
    Case::user().resource(resource.clone()).not_allowed();
    Case::of(ROLE).resource(resource.clone()).allowed();
    Case::of(Value::Null).resource(resource).allowed();
}

#[test]
fn the_host_of_an_identity_provider_is_a_federated_principal() {
    for name in [
        "token.actions.githubusercontent.com",
        "accounts.google.com",
        "cognito-identity.amazonaws.com",
    ] {
        let trust = json!({"Effect": "Allow", "Principal": {"Federated": name}, "Action": "sts:AssumeRoleWithWebIdentity"});
        let case = |arn: &str| {
            Case::of(arn)
                .resource(trust.clone())
                .ask("sts:AssumeRoleWithWebIdentity", ROLE)
        };
        case(name).allowed();
        case("lambda.amazonaws.com").not_allowed();
    }
}
