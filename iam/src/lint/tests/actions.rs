//! The rules on actions, resources and principals.

use super::*;

#[test]
fn actions_that_the_catalog_does_not_list() {
    let action = |action: &str| json!({"Action": [action]});
    tells("unknown-action", action("s3:GetObjekt"));
    tells("unknown-action", action("s3:Xyzzyxyzzyxyzzy"));
    silent("unknown-action", action("S3:getobject"));
    tells("wrong-service", action("iam:AssumeRole"));
    silent("wrong-service", action("s3:GetObjekt"));
    tells("unknown-service", action("dynamo:GetItem"));
    silent("unknown-service", action("dynamodb:GetItem"));
    tells("retired-action", action("codestar:CreateProject"));
    silent("retired-action", action("s3:GetObject"));
    tells("no-action-matches", action("s3:Fetch*"));
    silent("no-action-matches", action("s3:Get*"));
    tells("colon-in-action", action("s3:*:*"));
    silent("colon-in-action", action("s3:*"));
    tells("variable-in-action", action("s3:${aws:username}"));
    silent("variable-in-action", action("s3:Get*"));
    tells("empty-list", json!({"Action": []}));
    silent("empty-list", json!({"Action": ["s3:*"]}));
    tells(
        "unknown-action",
        json!({"Effect": "Deny", "Action": null, "NotAction": ["s3:GetObjekt"]}),
    );
}

#[test]
fn actions_that_another_one_grants() {
    tells(
        "redundant-action",
        json!({"Action": ["s3:GetObject", "s3:get*"]}),
    );
    tells(
        "redundant-action",
        json!({"Action": ["s3:GetObject", "S3:GetObject"]}),
    );
    silent(
        "redundant-action",
        json!({"Action": ["s3:Get*", "s3:*Acl"]}),
    );
    let twice = policy(&json!({"Action": ["s3:Get*", "s3:Get*"]}));
    let count = codes(&twice, PolicyUse::Identity)
        .iter()
        .filter(|code| **code == "redundant-action")
        .count();
    assert_eq!(count, 1, "one of two equal ones is enough");
}

#[test]
fn resources_that_no_action_takes() {
    let on = |action: Value, resource: Value| json!({"Action": action, "Resource": resource});
    let bucket = "arn:aws:s3:::b";
    let objects = "arn:aws:s3:::b/*";
    tells(
        "resource-not-of-actions",
        on(json!("s3:GetObject"), json!([objects, bucket])),
    );
    tells(
        "resource-not-of-actions",
        on(json!("s3:ListBucket"), json!([objects, bucket])),
    );
    tells(
        "resource-not-of-actions",
        on(json!("s3:GetObject"), json!("arn:aws:sqs:*:*:q")),
    );
    tells(
        "resource-not-of-actions",
        on(json!("sts:GetCallerIdentity"), json!(objects)),
    );
    silent(
        "resource-not-of-actions",
        on(
            json!(["s3:GetObject", "s3:ListBucket"]),
            json!([objects, bucket]),
        ),
    );
    silent(
        "resource-not-of-actions",
        on(json!("s3:GetObject"), json!("*")),
    );
    silent(
        "resource-not-of-actions",
        on(json!("s3:*"), json!(["arn:aws:s3:::*"])),
    );
    tells(
        "arn-shape",
        on(json!("s3:GetObject"), json!("arn:aws:s3:eu-west-1::b/k")),
    );
    tells(
        "arn-shape",
        on(
            json!("sqs:SendMessage"),
            json!("arn:aws:sqs::111122223333:q"),
        ),
    );
    silent(
        "arn-shape",
        on(
            json!("sqs:SendMessage"),
            json!("arn:aws:sqs:*:111122223333:q"),
        ),
    );
    tells(
        "unknown-partition",
        on(json!("s3:GetObject"), json!("arn:amazon:s3:::b/k")),
    );
    silent(
        "unknown-partition",
        on(json!("s3:GetObject"), json!("arn:aws-us-gov:s3:::b/k")),
    );
    tells("empty-list", json!({"Resource": []}));
    tells(
        "redundant-resource",
        on(json!("s3:GetObject"), json!(["*", objects])),
    );
    silent(
        "redundant-resource",
        on(json!("s3:GetObject"), json!([objects, "arn:aws:s3:::c/*"])),
    );
}

#[test]
fn actions_for_which_no_resource_is_one() {
    let on = |action: Value, resource: Value| json!({"Action": action, "Resource": resource});
    let objects = "arn:aws:s3:::b/*";
    tells(
        "action-without-resource",
        on(json!(["s3:GetObject", "s3:ListBucket"]), json!(objects)),
    );
    silent(
        "action-without-resource",
        on(json!(["s3:GetObject", "s3:PutObject"]), json!(objects)),
    );
    tells(
        "action-needs-star",
        on(
            json!(["s3:GetObject", "sts:GetCallerIdentity"]),
            json!(objects),
        ),
    );
    tells(
        "action-needs-star",
        on(
            json!(["s3:GetObject", "s3:ListAllMyBuckets"]),
            json!(objects),
        ),
    );
    silent(
        "action-needs-star",
        on(
            json!(["s3:GetObject", "sts:GetCallerIdentity"]),
            json!([objects, "*"]),
        ),
    );
    silent("action-needs-star", on(json!("s3:*"), json!(objects)));
}

#[test]
fn statements_that_leave_out() {
    tells(
        "allow-not-action",
        json!({"Action": null, "NotAction": "s3:*"}),
    );
    silent(
        "allow-not-action",
        json!({"Effect": "Deny", "Action": null, "NotAction": "s3:*"}),
    );
    tells(
        "allow-not-resource",
        json!({"Resource": null, "NotResource": "arn:aws:s3:::b/*"}),
    );
    silent(
        "allow-not-resource",
        json!({"Effect": "Deny", "Resource": null, "NotResource": "arn:aws:s3:::b/*"}),
    );
    tells("allow-everything", json!({"Action": "*"}));
    silent("allow-everything", json!({"Action": "s3:*"}));
}

#[test]
fn roles_that_may_be_passed() {
    let pass = |more: Value| {
        let mut changes = json!({"Action": ["iam:PassRole"]});
        changes
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        changes
    };
    tells("pass-any-role", pass(json!({})));
    tells(
        "pass-any-role",
        pass(json!({"Action": "iam:*", "Resource": "arn:aws:iam::*:role/*"})),
    );
    silent(
        "pass-any-role",
        pass(json!({"Resource": "arn:aws:iam::111122223333:role/app"})),
    );
    silent(
        "pass-any-role",
        pass(json!({"Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}})),
    );
    silent("pass-any-role", pass(json!({"Effect": "Deny"})));
}

#[test]
fn principals() {
    let everyone = json!({"Principal": "*"});
    assert!(resource_policy(everyone.clone()).contains(&"allow-everyone"));
    let mut limited = everyone;
    limited["Condition"] = json!({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}});
    assert!(!resource_policy(limited).contains(&"allow-everyone"));
    let left_out = json!({"NotPrincipal": {"AWS": "111122223333"}});
    assert!(resource_policy(left_out.clone()).contains(&"allow-not-principal"));
    let mut denied = left_out;
    denied["Effect"] = json!("Deny");
    let codes = resource_policy(denied);
    assert!(codes.contains(&"deny-not-principal") && !codes.contains(&"allow-not-principal"));
    let id = json!({"Principal": {"AWS": ["*", "AROAEXAMPLEEXAMPLE123"]}});
    assert!(resource_policy(id).contains(&"principal-id"));
    let account = json!({"Principal": {"AWS": "111122223333"}});
    assert!(resource_policy(account).is_empty());
    assert!(resource_policy(json!({"Principal": {"AWS": []}})).contains(&"empty-list"));
}

#[test]
fn principals_of_other_actions() {
    let provider = json!({"Federated": "accounts.google.com"});
    let account = json!({"AWS": "111122223333"});
    let code = "principal-not-of-action";
    assert!(trust("sts:AssumeRole", provider.clone()).contains(&code));
    assert!(!trust("sts:AssumeRole", account.clone()).contains(&code));
    assert!(trust("sts:AssumeRoleWithWebIdentity", account).contains(&code));
    assert!(!trust("sts:AssumeRoleWithWebIdentity", provider).contains(&code));
}
