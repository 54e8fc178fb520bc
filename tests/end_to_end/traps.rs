//! What tools of this kind commonly get wrong, a test each.

use serde_json::json;

use crate::scene::{Scene, agent, call, role, role_arn, with};

/// Inside the window of every scene.
const IN: &str = "2026-09-20T10:00:00Z";

fn allow(actions: &[&str]) -> serde_json::Value {
    json!([{"Sid": "Work", "Effect": "Allow", "Action": actions, "Resource": "*"}])
}

/// A scene with one agent `bot` on role `app`, whose policy has these statements, and these calls.
fn scene(statements: &serde_json::Value, records: &[serde_json::Value]) -> Scene {
    let scene = Scene::new();
    scene.iam(&[role("app", statements)], &[]);
    scene.selectors(&[]);
    scene.agents(&agent("bot", "app"));
    scene.trail("A", records);
    scene.run();
    scene
}

#[test]
fn a_denied_call_is_not_a_use_but_a_throttled_or_unfound_one_is() {
    let denied = with(
        call("e-1", "app", "ec2:DescribeVpcs", IN),
        "errorCode",
        json!("Client.UnauthorizedOperation"),
    );
    let throttled = with(
        call("e-2", "app", "ec2:DescribeSubnets", IN),
        "errorCode",
        json!("Client.RequestLimitExceeded"),
    );
    let unfound = with(
        call("e-3", "app", "iam:GetRole", IN),
        "errorCode",
        json!("NoSuchEntityException"),
    );
    let dry = with(
        call("e-4", "app", "ec2:RunInstances", IN),
        "errorCode",
        json!("Client.DryRunOperation"),
    );
    let scene = scene(
        &allow(&[
            "ec2:DescribeVpcs",
            "ec2:DescribeSubnets",
            "iam:GetRole",
            "ec2:RunInstances",
        ]),
        &[denied, throttled, unfound, dry],
    );
    assert_eq!(
        scene.bucket("bot", "ec2:DescribeVpcs").as_deref(),
        Some("never_used")
    );
    assert_eq!(
        scene.bucket("bot", "ec2:DescribeSubnets").as_deref(),
        Some("used")
    );
    assert_eq!(scene.bucket("bot", "iam:GetRole").as_deref(), Some("used"));
    assert_eq!(
        scene.bucket("bot", "ec2:RunInstances").as_deref(),
        Some("never_used")
    );
    let attempted = scene.sql("select action, denied_calls from attempted where window_days = 90");
    assert_eq!(
        attempted,
        [json!({"action": "ec2:DescribeVpcs", "denied_calls": 1})]
    );
}

#[test]
fn role_app_is_not_role_my_app_nor_a_role_with_a_path() {
    let scene = Scene::new();
    let statements = allow(&[
        "ec2:DescribeVpcs",
        "ec2:DescribeSubnets",
        "ec2:DescribeRegions",
    ]);
    scene.iam(
        &[
            role("app", &statements),
            role("my-app", &statements),
            role("team/app2", &statements),
        ],
        &[],
    );
    scene.selectors(&[]);
    scene.agents(
        &[
            agent("one", "app"),
            agent("two", "my-app"),
            agent("three", "team/app2"),
        ]
        .join("\n"),
    );
    scene.trail(
        "A",
        &[
            call("e-1", "app", "ec2:DescribeVpcs", IN),
            call("e-2", "my-app", "ec2:DescribeSubnets", IN),
            call("e-3", "team/app2", "ec2:DescribeRegions", IN),
        ],
    );
    scene.run();
    let used = scene.sql("select agent, action from buckets where window_days = 90 and bucket = 'used' order by agent");
    assert_eq!(
        used,
        [
            json!({"agent": "one", "action": "ec2:DescribeVpcs"}),
            json!({"agent": "three", "action": "ec2:DescribeRegions"}),
            json!({"agent": "two", "action": "ec2:DescribeSubnets"}),
        ]
    );
}

#[test]
fn a_role_made_anew_does_not_inherit_the_use_of_the_old_one() {
    let mut old = call("e-1", "app", "ec2:DescribeVpcs", IN);
    old["userIdentity"]["principalId"] = json!("AROAFORMER:session");
    old["userIdentity"]["sessionContext"]["sessionIssuer"]["principalId"] = json!("AROAFORMER");
    let scene = scene(
        &allow(&["ec2:DescribeVpcs", "ec2:DescribeSubnets"]),
        &[old, call("e-2", "app", "ec2:DescribeSubnets", IN)],
    );
    assert_eq!(
        scene.bucket("bot", "ec2:DescribeVpcs").as_deref(),
        Some("never_used")
    );
    assert_eq!(
        scene.bucket("bot", "ec2:DescribeSubnets").as_deref(),
        Some("used")
    );
}

#[test]
fn get_star_in_a_deny_takes_the_actions_away() {
    let scene = scene(
        &json!([
            {"Effect": "Allow", "Action": "iam:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "iam:get*", "Resource": "*"},
        ]),
        &[call("e-1", "app", "iam:ListRoles", IN)],
    );
    assert_eq!(scene.bucket("bot", "iam:GetRole"), None);
    assert_eq!(
        scene.bucket("bot", "iam:ListRoles").as_deref(),
        Some("used")
    );
    let blocked = scene.sql("select status from grants where action = 'iam:GetRole'");
    assert_eq!(blocked, [json!({"status": "blocked"})]);
}

#[test]
fn not_action_grants_everything_else() {
    let scene = scene(
        &json!([{"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}]),
        &[call("e-1", "app", "ec2:DescribeVpcs", IN)],
    );
    assert_eq!(scene.bucket("bot", "iam:ListRoles"), None);
    assert_eq!(
        scene.bucket("bot", "ec2:DescribeVpcs").as_deref(),
        Some("used")
    );
    assert_eq!(
        scene.bucket("bot", "ec2:DescribeSubnets").as_deref(),
        Some("never_used")
    );
}

#[test]
fn an_unlogged_data_event_is_not_unused() {
    let statements = allow(&[
        "s3:GetObject",
        "lambda:InvokeFunction",
        "dynamodb:PutItem",
        "ec2:DescribeVpcs",
    ]);
    let scene = Scene::new();
    scene.iam(&[role("app", &statements)], &[]);
    scene.selectors(&["AWS::S3::Object"]);
    scene.agents(&agent("bot", "app"));
    scene.trail("A", &[call("e-1", "other", "ec2:DescribeVpcs", IN)]);
    scene.run();
    assert_eq!(
        scene.bucket("bot", "s3:GetObject").as_deref(),
        Some("never_used")
    );
    assert_eq!(
        scene.bucket("bot", "lambda:InvokeFunction").as_deref(),
        Some("unobservable")
    );
    assert_eq!(
        scene.bucket("bot", "dynamodb:PutItem").as_deref(),
        Some("unobservable")
    );
    assert_eq!(
        scene.bucket("bot", "ec2:DescribeVpcs").as_deref(),
        Some("never_used")
    );
}

#[test]
fn event_names_map_to_the_actions_that_they_need() {
    let object = json!({"bucketName": "data", "key": "a/b"});
    let statements = allow(&[
        "lambda:GetFunction",
        "lambda:InvokeFunction",
        "s3:GetObject",
        "s3:ListBucket",
    ]);
    let scene = scene(
        &statements,
        &[
            call("e-1", "app", "lambda:GetFunction20150331v2", IN),
            with(
                call("e-2", "app", "s3:HeadObject", IN),
                "requestParameters",
                object,
            ),
            with(
                call("e-3", "app", "s3:ListObjectsV2", IN),
                "requestParameters",
                json!({"bucketName": "data"}),
            ),
            call("e-4", "app", "lambda:Invoke", IN),
        ],
    );
    for action in [
        "lambda:GetFunction",
        "lambda:InvokeFunction",
        "s3:GetObject",
        "s3:ListBucket",
    ] {
        assert_eq!(
            scene.bucket("bot", action).as_deref(),
            Some("used"),
            "{action}"
        );
    }
}

#[test]
fn an_action_granted_twice_is_cut_from_both_statements() {
    let scene = scene(
        &json!([
            {"Sid": "First", "Effect": "Allow", "Action": ["ec2:DescribeVpcs", "ec2:DescribeSubnets"], "Resource": "*"},
            {"Sid": "Second", "Effect": "Allow", "Action": ["ec2:DescribeSubnets", "ec2:DescribeRegions"], "Resource": "*"},
        ]),
        &[
            call("e-1", "app", "ec2:DescribeVpcs", IN),
            call("e-2", "app", "ec2:DescribeRegions", IN),
        ],
    );
    let trim = &scene.review()["roles"][0]["trim"];
    let new = trim["policies"][0]["new"].to_string();
    assert!(!new.contains("DescribeSubnets"), "{new}");
    assert!(
        new.contains("DescribeVpcs") && new.contains("DescribeRegions"),
        "{new}"
    );
    assert_eq!(trim["proof"]["calls_replayed"], 2, "{trim}");
    assert_eq!(trim["proof"]["would_be_denied"], 0, "{trim}");
}

#[test]
fn a_shared_managed_policy_is_replaced_never_edited() {
    let scene = Scene::new();
    let other = attach(role("other", &allow(&["ec2:DescribeVpcs"])));
    let policy = managed(
        2,
        0,
        &allow(&["ec2:DescribeSubnets", "ec2:DescribeRegions"]),
    );
    let shared = change_of_shared(&scene, other, policy, "ec2:DescribeSubnets");
    assert_eq!(shared["form"], "replace", "{shared}");
}

const SHARED: &str = "arn:aws:iam::111122223333:policy/shared";

fn attach(mut role: serde_json::Value) -> serde_json::Value {
    role["AttachedManagedPolicies"] = json!([{"PolicyName": "shared", "PolicyArn": SHARED}]);
    role
}

/// The managed policy `shared`, attached and used as a boundary so many times.
fn managed(attached: u64, bounds: u64, statements: &serde_json::Value) -> serde_json::Value {
    json!({
        "PolicyName": "shared", "PolicyId": "ANPAEXAMPLE", "Arn": SHARED, "Path": "/", "DefaultVersionId": "v1",
        "AttachmentCount": attached, "PermissionsBoundaryUsageCount": bounds, "IsAttachable": true,
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true,
            "Document": {"Version": "2012-10-17", "Statement": statements}}],
    })
}

/// What becomes of `shared` where the agent's role has it, another role too in some way, and one of its actions is used.
fn change_of_shared(
    scene: &Scene,
    other: serde_json::Value,
    policy: serde_json::Value,
    used: &str,
) -> serde_json::Value {
    scene.iam(
        &[attach(role("app", &allow(&["ec2:DescribeVpcs"]))), other],
        &[policy],
    );
    scene.selectors(&[]);
    scene.agents(&agent("bot", "app"));
    scene.trail(
        "A",
        &[
            call("e-1", "app", used, IN),
            call("e-2", "app", "ec2:DescribeVpcs", IN),
        ],
    );
    scene.run();
    let role = scene.review()["roles"][0].clone();
    assert_eq!(role["arn"], role_arn("app"));
    let policies = role["trim"]["policies"].as_array().unwrap();
    policies
        .iter()
        .find(|policy| policy["policy"] == "shared")
        .unwrap()
        .clone()
}

#[test]
fn a_call_at_the_start_of_the_window_is_in_it_and_the_moment_before_is_not() {
    let scene = scene(
        &allow(&[
            "ec2:DescribeVpcs",
            "ec2:DescribeSubnets",
            "ec2:DescribeRegions",
        ]),
        &[
            call("e-1", "app", "ec2:DescribeVpcs", "2026-07-03T00:00:00Z"),
            call(
                "e-2",
                "app",
                "ec2:DescribeSubnets",
                "2026-07-02T23:59:59.999999Z",
            ),
            call("e-3", "app", "ec2:DescribeRegions", "2026-10-01T00:00:00Z"),
        ],
    );
    assert_eq!(
        scene.bucket("bot", "ec2:DescribeVpcs").as_deref(),
        Some("used")
    );
    assert_eq!(
        scene.bucket("bot", "ec2:DescribeSubnets").as_deref(),
        Some("never_used")
    );
    assert_eq!(
        scene.bucket("bot", "ec2:DescribeRegions").as_deref(),
        Some("never_used")
    );
}

#[test]
fn what_the_neighbour_on_the_role_needs_is_inherited_and_stays() {
    let scene = Scene::new();
    scene.iam(
        &[role(
            "shared",
            &allow(&[
                "ec2:DescribeVpcs",
                "ec2:DescribeSubnets",
                "ec2:DescribeRegions",
            ]),
        )],
        &[],
    );
    scene.selectors(&[]);
    let bound = |name: &str| format!("{}session_name = \"{name}-*\"\n", agent(name, "shared"));
    scene.agents(&[bound("planner"), bound("executor")].join("\n"));
    let by = |id: &str, event: &str, session: &str| {
        let mut record = call(id, "shared", event, IN);
        record["userIdentity"]["principalId"] = json!(format!("AROASHARED:{session}"));
        record["userIdentity"]["arn"] = json!(format!(
            "arn:aws:sts::111122223333:assumed-role/shared/{session}"
        ));
        record
    };
    scene.trail(
        "A",
        &[
            by("e-1", "ec2:DescribeVpcs", "planner-1"),
            by("e-2", "ec2:DescribeSubnets", "executor-1"),
        ],
    );
    scene.run();
    assert_eq!(
        scene.bucket("planner", "ec2:DescribeVpcs").as_deref(),
        Some("used")
    );
    assert_eq!(
        scene.bucket("planner", "ec2:DescribeSubnets").as_deref(),
        Some("inherited")
    );
    assert_eq!(
        scene.bucket("planner", "ec2:DescribeRegions").as_deref(),
        Some("never_used")
    );
    let new = scene.review()["roles"][0]["trim"]["policies"][0]["new"].to_string();
    assert!(
        new.contains("DescribeSubnets") && !new.contains("DescribeRegions"),
        "{new}"
    );
}

/// Symptom: a call that the catalog cannot map was no use of anything, and the action behind it was cut.
#[test]
fn a_call_that_cannot_be_mapped_keeps_the_actions_of_its_service() {
    let scene = scene(
        &allow(&["sqs:*", "ec2:DescribeVpcs"]),
        &[
            call("e-1", "app", "sqs:ArchiveQueue", IN),
            call("e-2", "app", "sqs:ListQueues", IN),
        ],
    );
    assert_eq!(
        scene.bucket("bot", "sqs:ListQueues").as_deref(),
        Some("used")
    );
    assert_eq!(
        scene.bucket("bot", "sqs:CreateQueue").as_deref(),
        Some("unobservable")
    );
    assert_eq!(
        scene.bucket("bot", "ec2:DescribeVpcs").as_deref(),
        Some("never_used")
    );
}

/// Symptom: a policy attached once, and used as another role's boundary, was edited in place.
#[test]
fn a_policy_that_bounds_another_role_is_not_edited() {
    let scene = Scene::new();
    let mut bounded = role("other", &allow(&["sqs:*"]));
    bounded["PermissionsBoundary"] =
        json!({"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": SHARED});
    let policy = managed(1, 1, &allow(&["sqs:ListQueues", "sqs:CreateQueue"]));
    let shared = change_of_shared(&scene, bounded, policy, "sqs:ListQueues");
    assert_eq!(shared["form"], "replace", "{shared}");
}

/// Symptom: a dry run is no use, and its action was cut, so that the same dry run would have failed.
#[test]
fn an_action_that_only_a_dry_run_needed_stays_in_the_policy() {
    let dry = with(
        call("e-1", "app", "ec2:RunInstances", IN),
        "errorCode",
        json!("Client.DryRunOperation"),
    );
    let scene = scene(
        &allow(&[
            "ec2:RunInstances",
            "ec2:DescribeVpcs",
            "ec2:DescribeSubnets",
        ]),
        &[dry, call("e-2", "app", "ec2:DescribeVpcs", IN)],
    );
    let new = scene.review()["roles"][0]["trim"]["policies"][0]["new"].to_string();
    assert!(
        new.contains("RunInstances") && !new.contains("DescribeSubnets"),
        "{new}"
    );
}
