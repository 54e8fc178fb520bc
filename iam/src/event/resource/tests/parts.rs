//! Parts of ARNs that a name alone does not tell: accounts, paths and what lies behind a profile.

use super::assert_spelt;

/// Symptom: what AWS publishes for all was told under the caller's account.
#[test]
fn public_parameters_belong_to_no_account() {
    let public = "arn:aws:ssm:eu-west-1::parameter/aws/service/ami/id";
    assert_spelt(
        "ssm",
        &[
            ("GetParameter", r#"{"name":"/aws/service/ami/id"}"#, public),
            (
                "GetParameters",
                r#"{"names":["/aws/service/ami/id"]}"#,
                public,
            ),
            (
                "GetParametersByPath",
                r#"{"path":"/aws/service/ami/id"}"#,
                public,
            ),
            (
                "GetParameter",
                r#"{"name":"/aws/services"}"#,
                "arn:aws:ssm:~:parameter/aws/services",
            ),
        ],
    );
}

/// Symptom: roles that AWS makes were told without the path that they always have.
#[test]
fn roles_that_aws_makes_are_not_told_by_name() {
    assert_spelt(
        "iam",
        &[
            ("GetRole", r#"{"roleName":"AWSServiceRoleForECS"}"#, "*"),
            ("GetRole", r#"{"roleName":"AWSReservedSSO_Admin_1"}"#, "*"),
        ],
    );
}

#[test]
fn a_function_is_named_in_every_shortened_form() {
    let other = "arn:aws:lambda:eu-west-1:444455556666:function:f";
    assert_spelt(
        "lambda",
        &[
            ("Invoke", r#"{"functionName":"444455556666:f"}"#, other),
            (
                "Invoke",
                r#"{"functionName":"444455556666:function:f"}"#,
                other,
            ),
            (
                "Invoke",
                r#"{"functionName":"us-east-1:444455556666:f:live"}"#,
                "arn:aws:lambda:us-east-1:444455556666:function:f:live",
            ),
            (
                "Invoke",
                r#"{"functionName":"function:f"}"#,
                "arn:aws:lambda:~:function:f",
            ),
            (
                "Invoke",
                r#"{"functionName":"f:live"}"#,
                "arn:aws:lambda:~:function:f:live",
            ),
        ],
    );
}

/// Symptom: a table of a catalog inside the account's was told as one of the account's own.
#[test]
fn tables_of_nested_catalogs_are_not_proven() {
    for catalog in ["444455556666:s3tablescatalog/b", "444455556666/x"] {
        let parameters = format!(r#"{{"catalogId":"{catalog}","databaseName":"d","name":"t"}}"#);
        assert_spelt("glue", &[("GetTable", &parameters, "*")]);
    }
}

/// Symptom: a call by way of a profile was told to need nothing but the profile.
#[test]
fn behind_a_profile_there_are_models_that_the_record_does_not_name() {
    let application = "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/a";
    let named = format!(r#"{{"modelId":"{application}"}}"#);
    assert_spelt(
        "bedrock",
        &[
            (
                "InvokeModel",
                r#"{"modelId":"eu.anthropic.claude-x"}"#,
                "arn:aws:bedrock:~:inference-profile/eu.anthropic.claude-x *",
            ),
            (
                "Converse",
                &named,
                "arn:aws:bedrock:~:application-inference-profile/a *",
            ),
        ],
    );
}
