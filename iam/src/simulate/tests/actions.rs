//! Actions and `NotAction`.

use super::*;

fn reads(actions: impl Into<Value>) -> bool {
    Case::user().identity(allow(actions)).decision() == "allowed"
}

#[test]
fn prefix_and_name_ignore_case() {
    assert!(reads("S3:gETobJECT"));
    Case::user()
        .identity(allow("s3:GetObject"))
        .ask("S3:GETOBJECT", OBJECT)
        .allowed();
}

#[test]
fn wildcards_stand_anywhere_and_several_times() {
    for pattern in [
        "s3:*",
        "s3:*Object",
        "s3:?et*",
        "s3:*e*O*t",
        "s3:GetObject*",
        "*",
    ] {
        assert!(reads(pattern), "{pattern}");
    }
    for pattern in ["s3:GetObject?", "s3:Get", "s3:?etObjec", "ec2:*"] {
        assert!(!reads(pattern), "{pattern}");
    }
}

#[test]
fn not_action_is_everything_else_in_every_service() {
    let statement = json!({"Effect": "Allow", "NotAction": ["iam:*", "s3:Put*"], "Resource": "*"});
    let ask = |action| Case::user().identity(statement.clone()).ask(action, "*");
    ask("s3:GetObject").allowed();
    ask("ec2:RunInstances").allowed();
    ask("s3:PutObject").not_allowed();
    ask("IAM:getuser").not_allowed();
}

#[test]
fn not_action_with_allow_still_asks_for_the_resource() {
    let statement =
        json!({"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::bucket/*"});
    Case::user().identity(statement.clone()).allowed();
    Case::user()
        .identity(statement)
        .ask("s3:GetObject", "arn:aws:s3:::other/key")
        .not_allowed();
}

#[test]
fn an_action_without_a_resource_is_covered_by_a_star_alone() {
    let ask = |resource: &str| {
        Case::user()
            .identity(allow_on(resource))
            .ask("s3:ListAllMyBuckets", "*")
    };
    ask("*").allowed();
    ask("arn:aws:s3:::*").not_allowed();
    ask("arn:*:*:*:*:*").not_allowed();
}

#[test]
fn asking_who_one_is_needs_no_permission_and_no_deny_matters() {
    for case in [
        Case::user(),
        Case::user().identity(deny("*")),
        Case::of(SESSION).session(deny("*")),
    ] {
        let case = case.ask("sts:GetCallerIdentity", "*");
        case.allowed();
        assert_eq!(case.answer()["by"], json!([]));
    }
    Case::of(Value::Null)
        .ask("sts:GetCallerIdentity", "*")
        .not_allowed();
}
