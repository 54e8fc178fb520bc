//! Keys, secrets, parameters and IAM.

use super::*;

#[test]
fn kms() {
    let key = "arn:aws:kms:~:key/1-2";
    assert_spelt(
        "kms",
        &[
            ("Decrypt", r#"{"keyId":"1-2"}"#, key),
            (
                "Encrypt",
                r#"{"keyId":"arn:aws:kms:eu-west-1:444455556666:key/mrk-1"}"#,
                "arn:aws:kms:eu-west-1:444455556666:key/mrk-1",
            ),
            ("Decrypt", r#"{"keyId":"alias/a"}"#, "*"),
            (
                "Decrypt",
                r#"{"keyId":"arn:aws:kms:eu-west-1:111122223333:alias/a"}"#,
                "*",
            ),
            (
                "CreateAlias",
                r#"{"aliasName":"alias/app/main","targetKeyId":"1-2"}"#,
                "arn:aws:kms:~:alias/app/main arn:aws:kms:~:key/1-2",
            ),
            (
                "DeleteAlias",
                r#"{"aliasName":"alias/a"}"#,
                "arn:aws:kms:~:alias/a *",
            ),
        ],
    );
}

#[test]
fn reencryption_reads_one_key_and_writes_with_another() {
    let listed =
        "arn:aws:kms:eu-west-1:111122223333:key/1 arn:aws:kms:eu-west-1:111122223333:key/2";
    for request in [
        r#"{"sourceKeyId":"1","destinationKeyId":"2"}"#,
        r#"{"destinationKeyId":"alias/b"}"#,
    ] {
        let call = Call {
            listed,
            ..Call::new("kms", "ReEncrypt", request)
        };
        assert_eq!(
            call.on("kms:ReEncryptFrom"),
            (
                "arn:aws:kms:eu-west-1:111122223333:key/1".to_owned(),
                ResourceBasis::Record
            )
        );
        assert_eq!(
            call.on("kms:ReEncryptTo"),
            (
                "arn:aws:kms:eu-west-1:111122223333:key/2".to_owned(),
                ResourceBasis::Record
            )
        );
    }
    let half = Call::new(
        "kms",
        "ReEncrypt",
        r#"{"sourceKeyId":"arn:aws:kms:eu-west-1:111122223333:key/1"}"#,
    );
    assert_eq!(half.on("kms:ReEncryptTo").1, ResourceBasis::Unknown);
}

#[test]
fn secrets() {
    let whole = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db/main-AbCdEf";
    let pattern = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db/main-??????";
    let get = |id: &str| {
        let request = format!(r#"{{"secretId":"{id}"}}"#);
        Call::new("secretsmanager", "GetSecretValue", &request).on("secretsmanager:GetSecretValue")
    };
    assert_eq!(get(whole), (whole.to_owned(), ResourceBasis::Parameters));
    assert_eq!(
        get("db/main"),
        (pattern.to_owned(), ResourceBasis::AssumedPath)
    );
    let without = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db/main";
    assert_eq!(
        get(without),
        (pattern.to_owned(), ResourceBasis::AssumedPath)
    );
    let create = Call::new("secretsmanager", "CreateSecret", r#"{"name":"db/main"}"#);
    assert_eq!(create.on("secretsmanager:CreateSecret").0, pattern);
    let response = format!(r#"{{"arn":"{whole}","name":"db/main"}}"#);
    let answered = Call {
        response: &response,
        ..create
    };
    assert_eq!(
        answered.on("secretsmanager:CreateSecret"),
        (whole.to_owned(), ResourceBasis::Parameters)
    );
    let both = format!(r#"{{"secretIdList":["{whole}","db/other"]}}"#);
    let batch = Call::new("secretsmanager", "BatchGetSecretValue", &both);
    assert_eq!(
        batch.on("secretsmanager:GetSecretValue").0,
        format!("{whole} {}", pattern.replace("main", "other"))
    );
    let listed = Call {
        listed: whole,
        ..Call::new(
            "secretsmanager",
            "GetSecretValue",
            r#"{"secretId":"db/main"}"#,
        )
    };
    assert_eq!(
        listed.on("secretsmanager:GetSecretValue"),
        (whole.to_owned(), ResourceBasis::Record)
    );
}

#[test]
fn ssm() {
    assert_spelt(
        "ssm",
        &[
            (
                "GetParameter",
                r#"{"name":"/app/key:3","withDecryption":true}"#,
                "arn:aws:ssm:~:parameter/app/key",
            ),
            (
                "GetParameters",
                r#"{"names":["/app/a","b"]}"#,
                "arn:aws:ssm:~:parameter/app/a arn:aws:ssm:~:parameter/b",
            ),
            (
                "GetParametersByPath",
                r#"{"path":"/app","recursive":true}"#,
                "arn:aws:ssm:~:parameter/app",
            ),
            (
                "PutParameter",
                r#"{"name":"plain","type":"String"}"#,
                "arn:aws:ssm:~:parameter/plain",
            ),
            (
                "SendCommand",
                r#"{"documentName":"AWS-RunShellScript","instanceIds":["i-1","mi-2"]}"#,
                "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript arn:aws:ec2:~:instance/i-1 arn:aws:ssm:~:managed-instance/mi-2",
            ),
            (
                "SendCommand",
                r#"{"documentName":"own","targets":[{"key":"tag:a","values":["b"]}]}"#,
                "arn:aws:ssm:~:document/own *",
            ),
            (
                "StartSession",
                r#"{"target":"i-1"}"#,
                "arn:aws:ssm:~:document/SSM-SessionManagerRunShell arn:aws:ec2:~:instance/i-1",
            ),
            (
                "AddTagsToResource",
                r#"{"resourceType":"Parameter","resourceId":"/app/a"}"#,
                "arn:aws:ssm:~:parameter/app/a",
            ),
        ],
    );
}

#[test]
fn iam_names_entities_with_their_path_only_when_it_makes_them() {
    assert_spelt(
        "iam",
        &[
            (
                "CreateRole",
                r#"{"path":"/agents/","roleName":"r"}"#,
                "arn:aws:iam::111122223333:role/agents/r",
            ),
            (
                "CreateUser",
                r#"{"userName":"u"}"#,
                "arn:aws:iam::111122223333:user/u",
            ),
            (
                "CreatePolicy",
                r#"{"policyName":"p","path":"/a/b/"}"#,
                "arn:aws:iam::111122223333:policy/a/b/p",
            ),
            (
                "GetPolicy",
                r#"{"policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}"#,
                "arn:aws:iam::aws:policy/ReadOnlyAccess",
            ),
            (
                "CreateVirtualMFADevice",
                r#"{"virtualMFADeviceName":"m"}"#,
                "arn:aws:iam::111122223333:mfa/m",
            ),
            (
                "CreateOpenIDConnectProvider",
                r#"{"url":"https://oidc.example/id/1"}"#,
                "arn:aws:iam::111122223333:oidc-provider/oidc.example/id/1",
            ),
        ],
    );
    for (name, request, action, arn) in [
        ("GetRole", r#"{"roleName":"r"}"#, "iam:GetRole", "role/r"),
        (
            "AttachRolePolicy",
            r#"{"roleName":"r","policyArn":"arn:aws:iam::aws:policy/X"}"#,
            "iam:AttachRolePolicy",
            "role/r",
        ),
        (
            "PutUserPolicy",
            r#"{"userName":"u","policyName":"p"}"#,
            "iam:PutUserPolicy",
            "user/u",
        ),
        (
            "AddUserToGroup",
            r#"{"userName":"u","groupName":"g"}"#,
            "iam:AddUserToGroup",
            "group/g",
        ),
        (
            "DeleteInstanceProfile",
            r#"{"instanceProfileName":"i"}"#,
            "iam:DeleteInstanceProfile",
            "instance-profile/i",
        ),
    ] {
        let expected = (
            format!("arn:aws:iam::111122223333:{arn}"),
            ResourceBasis::AssumedPath,
        );
        assert_eq!(
            Call::new("iam", name, request).on(action),
            expected,
            "{name}"
        );
    }
    let response = r#"{"role":{"roleName":"r","arn":"arn:aws:iam::111122223333:role/agents/r"}}"#;
    let told = Call {
        response,
        ..Call::new("iam", "CreateRole", r#"{"roleName":"r"}"#)
    };
    assert_eq!(
        told.on("iam:CreateRole").0,
        "arn:aws:iam::111122223333:role/agents/r"
    );
}

#[test]
fn sts() {
    assert_spelt(
        "sts",
        &[
            (
                "AssumeRole",
                r#"{"roleArn":"arn:aws:iam::444455556666:role/a/r","roleSessionName":"s"}"#,
                "arn:aws:iam::444455556666:role/a/r",
            ),
            (
                "GetFederationToken",
                r#"{"name":"bob"}"#,
                "arn:aws:sts::111122223333:federated-user/bob",
            ),
            (
                "AssumeRoot",
                r#"{"targetPrincipal":"444455556666"}"#,
                "arn:aws:iam::444455556666:root",
            ),
        ],
    );
}

#[test]
fn cognito() {
    assert_spelt(
        "cognito-idp",
        &[(
            "AdminGetUser",
            r#"{"userPoolId":"eu-west-1_AbC","username":"u"}"#,
            "arn:aws:cognito-idp:~:userpool/eu-west-1_AbC",
        )],
    );
    assert_spelt(
        "cognito-identity",
        &[(
            "DescribeIdentityPool",
            r#"{"identityPoolId":"eu-west-1:0-1"}"#,
            "arn:aws:cognito-identity:~:identitypool/eu-west-1:0-1",
        )],
    );
}
