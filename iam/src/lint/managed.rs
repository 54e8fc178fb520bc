//! Policies as AWS itself writes them: none of them holds an error.

use crate::catalog::Catalog;
use crate::document::{Document, PolicyUse};
use crate::lint::{Severity, lint};

fn codes(text: &str, policy_use: PolicyUse) -> Vec<String> {
    let document = Document::parse(text).unwrap();
    let found = lint(&document, policy_use, Catalog::embedded());
    assert!(
        found.iter().all(|lint| lint.severity < Severity::Error),
        "{found:#?}"
    );
    found
        .iter()
        .map(|lint| format!("{} {}", lint.severity.as_str(), lint.code))
        .collect()
}

#[test]
fn reading_a_service_is_clean() {
    let text = r#"{
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": ["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"],
            "Resource": "*"
        }]
    }"#;
    assert_eq!(codes(text, PolicyUse::Identity), [""; 0]);
}

#[test]
fn writing_logs_is_clean() {
    let text = r#"{
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": "*"
        }]
    }"#;
    assert_eq!(codes(text, PolicyUse::Identity), [""; 0]);
}

#[test]
fn changing_the_own_password_is_clean() {
    let text = r#"{
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["iam:ChangePassword"], "Resource": ["arn:aws:iam::*:user/${aws:username}"]},
            {"Effect": "Allow", "Action": ["iam:GetAccountPasswordPolicy"], "Resource": "*"}
        ]
    }"#;
    assert_eq!(codes(text, PolicyUse::Identity), [""; 0]);
}

#[test]
fn everything_but_some_services_is_told_of() {
    let text = r#"{
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"},
            {
                "Effect": "Allow",
                "Action": ["account:GetAccountInformation", "iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles", "organizations:DescribeOrganization"],
                "Resource": "*"
            }
        ]
    }"#;
    assert_eq!(
        codes(text, PolicyUse::Identity),
        ["warning allow-not-action"]
    );
}

#[test]
fn a_service_with_roles_that_are_passed_to_it_is_clean() {
    let text = r#"{
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["lambda:*", "logs:DescribeLogGroups", "ec2:DescribeVpcs"], "Resource": "*"},
            {
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": "*",
                "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
            },
            {
                "Effect": "Allow",
                "Action": ["logs:DescribeLogStreams", "logs:GetLogEvents", "logs:FilterLogEvents"],
                "Resource": "arn:aws:logs:*:*:log-group:/aws/lambda/*"
            }
        ]
    }"#;
    assert_eq!(codes(text, PolicyUse::Identity), [""; 0]);
}

#[test]
fn a_bucket_its_objects_and_its_key_are_clean() {
    let text = r#"{
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Objects",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
                "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"]
            },
            {
                "Sid": "Key",
                "Effect": "Allow",
                "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                "Resource": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
            }
        ]
    }"#;
    assert_eq!(codes(text, PolicyUse::Identity), [""; 0]);
}

#[test]
fn trust_in_a_service_and_in_a_provider_is_clean() {
    let text = r#"{
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
            {
                "Effect": "Allow",
                "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
                    "StringLike": {"token.actions.githubusercontent.com:sub": "repo:example/app:*"}
                }
            },
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": "12345"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}}
            }
        ]
    }"#;
    assert_eq!(codes(text, PolicyUse::Trust), [""; 0]);
}

#[test]
fn guards_of_an_organization_are_clean() {
    let scp = r#"{
        "Version": "2012-10-17",
        "Statement": {
            "Sid": "DenyAllOutsideEU",
            "Effect": "Deny",
            "NotAction": ["cloudfront:*", "iam:*", "route53:*", "support:*"],
            "Resource": "*",
            "Condition": {
                "StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]},
                "ArnNotLike": {"aws:PrincipalARN": ["arn:aws:iam::*:role/Admin"]}
            }
        }
    }"#;
    assert_eq!(codes(scp, PolicyUse::ServiceControl), [""; 0]);
    let rcp = r#"{
        "Version": "2012-10-17",
        "Statement": {
            "Sid": "EnforceOrgIdentities",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:*", "sqs:*", "kms:*", "secretsmanager:*", "sts:AssumeRole"],
            "Resource": "*",
            "Condition": {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-exampleorgid"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}
            }
        }
    }"#;
    assert_eq!(codes(rcp, PolicyUse::ResourceControl), [""; 0]);
}
