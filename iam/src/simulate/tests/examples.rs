//! The worked examples of the IAM User Guide's pages on evaluation, in policies of our own.

use super::*;

/// "Example identity-based and resource-based policy evaluation": a user's own bucket, and log buckets
/// that are closed to everybody.
mod one_account {
    use super::*;

    fn case(action: &str, resource: &str) -> Case {
        let own = ["arn:aws:s3:::ana", "arn:aws:s3:::ana/*"];
        Case::user()
            .identity(json!([
                {"Effect": "Allow", "Action": ["s3:ListAllMyBuckets", "s3:GetBucketLocation"], "Resource": "*"},
                {"Effect": "Allow", "Action": "s3:*", "Resource": own},
                {"Sid": "NoLogs", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::*log*"},
            ]))
            .ask(action, resource)
    }

    fn bucket_policy() -> Value {
        json!({"Effect": "Allow", "Principal": {"AWS": USER}, "Action": "s3:*",
               "Resource": ["arn:aws:s3:::ana", "arn:aws:s3:::ana/*"]})
    }

    #[test]
    fn saving_to_the_log_bucket_is_denied_explicitly() {
        case("s3:PutObject", "arn:aws:s3:::ana-logs/file").denied();
    }

    #[test]
    fn saving_to_the_own_bucket_is_allowed_by_either_policy_or_both() {
        let own = case("s3:PutObject", "arn:aws:s3:::ana/file");
        own.allowed();
        own.clone().resource(bucket_policy()).allowed();
        own.identity(allow("ec2:*"))
            .resource(bucket_policy())
            .allowed();
    }

    #[test]
    fn listing_all_buckets_is_allowed_and_other_buckets_are_not() {
        case("s3:ListAllMyBuckets", "*").allowed();
        case("s3:ListBucket", "arn:aws:s3:::else").not_allowed();
    }
}

/// "Example cross-account policy evaluation": production objects of another account.
mod two_accounts {
    use super::*;

    fn case(action: &str, resource: &str) -> Case {
        Case::user()
            .identity(json!([
                {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"},
                {"Effect": "Allow", "Action": "s3:*Object*", "Resource": "arn:aws:s3:::production/*"},
                {"Effect": "Deny", "Action": "s3:*", "Resource": ["arn:aws:s3:::*log*", "arn:aws:s3:::*log*/*"]},
            ]))
            .owned_by(OTHER)
            .ask(action, resource)
    }

    fn production() -> Value {
        json!({"Effect": "Allow", "Principal": {"AWS": USER},
               "Action": ["s3:GetObject*", "s3:PutObject*"], "Resource": "arn:aws:s3:::production/*"})
    }

    #[test]
    fn the_log_bucket_is_denied_by_the_caller_s_side() {
        case("s3:PutObject", "arn:aws:s3:::production-logs/file").denied();
    }

    #[test]
    fn the_production_bucket_is_allowed_because_both_sides_allow() {
        case("s3:PutObject", "arn:aws:s3:::production/file")
            .resource(production())
            .allowed();
    }

    #[test]
    fn deleting_is_allowed_by_one_side_only() {
        case("s3:DeleteObject", "arn:aws:s3:::production/file")
            .resource(production())
            .not_allowed();
        case("s3:PutObject", "arn:aws:s3:::production/file").not_allowed();
    }
}

/// "The difference between explicit and implicit denies".
mod explicit_and_implicit {
    use super::*;

    fn case(action: &str) -> Case {
        let reading = json!([allow(json!(["iam:Get*", "iam:List*"])), deny("iam:*Report")]);
        Case::user().identity(reading).ask(action, "*")
    }

    #[test]
    fn listed_actions_are_allowed_others_denied_implicitly_and_reports_explicitly() {
        case("iam:GetUser").allowed();
        case("iam:CreatePolicy").not_allowed();
        case("iam:GetOrganizationsAccessReport").denied();
        case("iam:GenerateCredentialReport").denied();
    }

    #[test]
    fn a_second_policy_does_not_lift_the_explicit_deny() {
        let case = case("iam:GenerateCredentialReport");
        let reading = case.0["identity_policies"][0].clone();
        case.set(
            "identity_policies",
            json!([reading, policy(allow("iam:*"))]),
        )
        .denied();
    }
}

/// "Permissions boundaries for IAM entities": a boundary of three services, and delegated administration.
mod boundaries {
    use super::*;

    #[test]
    fn what_the_boundary_lacks_cannot_be_allowed() {
        let boundary = allow(json!(["s3:*", "cloudwatch:*", "ec2:*"]));
        let user = Case::user()
            .identity(allow("iam:CreateUser"))
            .boundary(boundary);
        user.clone().ask("iam:CreateUser", "*").not_allowed();
        user.ask("s3:GetObject", OBJECT).not_allowed();
    }

    #[test]
    fn an_administrator_creates_users_with_the_wanted_boundary_only() {
        let wanted = "arn:aws:iam::111122223333:policy/Wanted";
        let mut create = allow(json!(["iam:CreateUser", "iam:PutUserPermissionsBoundary"]));
        create["Condition"] = json!({"StringEquals": {"iam:PermissionsBoundary": wanted}});
        let edit = json!({"Effect": "Deny", "Action": ["iam:CreatePolicyVersion", "iam:DeletePolicy"], "Resource": wanted});
        let boundary = json!([
            create,
            allow("iam:*Policy*"),
            edit,
            deny("iam:DeleteUserPermissionsBoundary")
        ]);
        let case = Case::user().identity(allow("iam:*")).boundary(boundary);
        let create = case
            .clone()
            .ask("iam:CreateUser", "arn:aws:iam::111122223333:user/new");
        create.not_allowed();
        create
            .context(json!({"iam:PermissionsBoundary": [wanted]}))
            .allowed();
        case.clone().ask("iam:DeletePolicy", wanted).denied();
        case.ask("iam:DeleteUserPermissionsBoundary", USER).denied();
    }

    #[test]
    fn a_user_manages_its_own_keys_by_a_variable() {
        let own = json!({"Effect": "Allow", "Action": "iam:*AccessKey*", "Resource": "arn:aws:iam::*:user/${aws:username}"});
        let case = Case::user().identity(allow("iam:*")).boundary(own);
        case.clone().ask("iam:CreateAccessKey", USER).allowed();
        case.ask("iam:CreateAccessKey", "arn:aws:iam::111122223333:user/bob")
            .not_allowed();
    }
}

/// "How AWS enforcement code logic evaluates requests": its table of resource policies and implicit
/// denies of other policy types, one row each.
#[test]
fn the_table_of_resource_policies_and_implicit_denies() {
    let federated_by = "arn:aws:iam::111122223333:user/ana";
    for (caller, named, identity, boundary, session, expected) in [
        // A role session: the role is named, then the session, then neither.
        (SESSION, ROLE, false, true, true, "allowed"),
        (SESSION, ROLE, false, false, true, "implicitly_denied"),
        (SESSION, ROLE, false, true, false, "implicitly_denied"),
        (SESSION, SESSION, false, false, false, "allowed"),
        (SESSION, USER, true, true, true, "allowed"),
        (SESSION, USER, true, true, false, "implicitly_denied"),
        // A user.
        (USER, USER, false, false, true, "allowed"),
        (USER, ROLE, true, true, true, "allowed"),
        (USER, ROLE, true, false, true, "implicitly_denied"),
        // A federated user.
        (FEDERATED, FEDERATED, false, false, false, "allowed"),
        (FEDERATED, federated_by, false, true, true, "allowed"),
        (
            FEDERATED,
            federated_by,
            false,
            false,
            true,
            "implicitly_denied",
        ),
        (
            FEDERATED,
            federated_by,
            false,
            true,
            false,
            "implicitly_denied",
        ),
    ] {
        let either = |open: bool| allow(if open { "s3:*" } else { "ec2:*" });
        let case = Case::of(caller)
            .identity(either(identity))
            .boundary(either(boundary))
            .session(either(session))
            .resource(grant_to(named));
        case.is(expected);
    }
}

/// "SCP evaluation": a service that one unit of the path does not allow is closed to its accounts.
mod scp_strategies {
    use super::*;

    #[test]
    fn an_allow_list_must_repeat_the_service_at_every_level() {
        let levels = json!([
            [policy(allow("*"))],
            [policy(allow(json!(["ec2:*", "s3:*"])))],
            [policy(allow("s3:*"))]
        ]);
        let case = Case::user().identity(allow("*")).set("scps", levels);
        case.clone().ask("s3:GetObject", OBJECT).allowed();
        case.clone().ask("ec2:StopInstances", "*").not_allowed();
        case.ask("sqs:ListQueues", "*").not_allowed();
    }

    #[test]
    fn a_deny_list_leaves_everything_else_open() {
        let levels = json!([
            [policy(allow("*"))],
            [policy(allow("*")), policy(deny("s3:Delete*"))],
            [policy(allow("*"))]
        ]);
        let case = Case::user().identity(allow("*")).set("scps", levels);
        case.clone().ask("s3:GetObject", OBJECT).allowed();
        case.ask("s3:DeleteObject", OBJECT).denied();
    }

    #[test]
    fn regions_are_closed_but_for_global_services() {
        let mut statement =
            json!({"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*"});
        statement["Condition"] =
            json!({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}});
        let scps = json!([[policy(json!([allow("*"), statement]))]]);
        let case = |action: &str, region: &str| {
            let region = json!({"aws:RequestedRegion": [region]});
            Case::user()
                .identity(allow("*"))
                .set("scps", scps.clone())
                .ask(action, "*")
                .context(region)
        };
        case("ec2:RunInstances", "eu-west-1").allowed();
        case("ec2:RunInstances", "us-east-1").denied();
        case("iam:CreateUser", "us-east-1").allowed();
    }
}

/// "Control access to resources in an organization with RCPs": nobody from outside, except services.
#[test]
fn an_rcp_closes_buckets_to_other_organizations_but_not_to_services() {
    let mut outside = deny_if(json!({
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }));
    outside["Principal"] = json!("*");
    let case = |arn: Value, context: Value| {
        Case::of(arn)
            .identity(allow("*"))
            .resource(grant_to("*"))
            .set("rcps", json!([[policy(outside.clone())]]))
            .context(context)
    };
    case(json!(USER), json!({"aws:PrincipalOrgID": ["o-1"]})).allowed();
    case(json!(USER), json!({"aws:PrincipalOrgID": ["o-2"]})).denied();
    case(json!(USER), json!({})).denied();
    case(Value::Null, json!({})).denied();
    case(json!("logging.s3.amazonaws.com"), json!({})).allowed();
}

/// "`NotPrincipal`" and the condition that is recommended in its place.
#[test]
fn all_but_one_user_are_denied_by_not_principal_or_by_principal_arn() {
    let bob = "arn:aws:iam::444455556666:user/bob";
    let not_principal = json!({"Effect": "Deny", "NotPrincipal": {"AWS": [bob, "arn:aws:iam::444455556666:root"]},
        "Action": "s3:*", "Resource": ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"]});
    let mut by_condition = deny_if(json!({"ArnNotEquals": {"aws:PrincipalArn": bob}}));
    by_condition["Principal"] = json!("*");
    for closed in [not_principal, by_condition] {
        let resource = json!([grant_to(json!([bob, USER])), closed]);
        Case::of(bob)
            .identity(allow("*"))
            .resource(resource.clone())
            .allowed();
        Case::user()
            .identity(allow("*"))
            .resource(resource)
            .denied();
    }
}

/// "`NotAction` with `Deny`": everything but a few actions asks for a second factor.
#[test]
fn everything_but_listed_actions_is_denied_without_mfa() {
    let mut statement = json!({"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"});
    statement["Condition"] = json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}});
    let case = Case::user().identity(json!([allow("*"), statement]));
    case.denied();
    case.clone().ask("iam:ListUsers", "*").allowed();
    case.context(json!({"aws:MultiFactorAuthPresent": ["true"]}))
        .allowed();
}
