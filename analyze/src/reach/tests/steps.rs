//! The steps from role to role.

use super::*;

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:f";

fn far(name: &str) -> String {
    format!("arn:aws:iam::{OTHER}:role/{name}")
}

/// The steps as text: from, kind, to, certainty, what it hangs on.
fn told(snapshot: &Snapshot) -> Vec<String> {
    told_of(&snapshot.reach())
}

fn told_of(reach: &Reach) -> Vec<String> {
    let name = |arn: &str| arn.rsplit('/').next().unwrap().to_owned();
    let step = |edge: &Edge| {
        let hangs_on: Vec<&str> = edge.answer.hangs_on.iter().map(String::as_str).collect();
        format!(
            "{} {} {} {}",
            name(&edge.from),
            edge.kind.as_str(),
            name(&edge.to),
            hangs_on.join(",")
        )
    };
    reach
        .edges
        .iter()
        .map(|edge| step(edge).trim_end().to_owned())
        .collect()
}

fn none() -> Value {
    json!([])
}

#[test]
fn in_one_account_a_trust_that_names_the_role_suffices_and_one_that_names_the_account_does_not() {
    let mut snapshot = Snapshot::default();
    snapshot
        .role(
            &role("with"),
            &json!([allow(&["sts:AssumeRole"], "*")]),
            &trust(&service("lambda.amazonaws.com")),
            &json!({}),
        )
        .role(
            &role("without"),
            &none(),
            &trust(&service("lambda.amazonaws.com")),
            &json!({}),
        )
        .role(
            &role("by-name"),
            &none(),
            &trust(&json!({"AWS": role("without")})),
            &json!({}),
        )
        .role(
            &role("by-account"),
            &none(),
            &trust(&root(ACCOUNT)),
            &json!({}),
        );
    assert_eq!(
        told(&snapshot),
        ["with role_chain by-account", "without role_chain by-name"]
    );
}

#[test]
fn across_accounts_both_sides_must_allow() {
    let mut snapshot = Snapshot::default();
    snapshot
        .role(
            &role("with"),
            &json!([allow(&["sts:AssumeRole"], &far("*"))]),
            &trust(&service("lambda.amazonaws.com")),
            &json!({}),
        )
        .role(
            &role("without"),
            &none(),
            &trust(&service("lambda.amazonaws.com")),
            &json!({}),
        )
        .role(
            &far("by-account"),
            &none(),
            &trust(&root(ACCOUNT)),
            &json!({}),
        )
        .role(
            &far("by-name"),
            &none(),
            &trust(&json!({"AWS": [role("with"), role("without")]})),
            &json!({}),
        )
        .role(
            &far("of-its-own"),
            &none(),
            &trust(&root(OTHER)),
            &json!({}),
        );
    assert_eq!(
        told(&snapshot),
        ["with role_chain by-account", "with role_chain by-name"]
    );
}

#[test]
fn a_condition_of_the_trust_makes_a_step_possible_and_a_boundary_takes_it_away() {
    let limits = format!("arn:aws:iam::{ACCOUNT}:policy/limits");
    let open = json!([allow(&["sts:AssumeRole"], "*")]);
    let mut conditional = trust(&root(ACCOUNT));
    conditional["Statement"][0]["Condition"] = json!({"StringEquals": {"sts:ExternalId": "x"}});
    let mut snapshot = Snapshot::default();
    snapshot
        .policy(&limits, &json!([allow(&["s3:*"], "*")]))
        .role(
            &role("a"),
            &open,
            &trust(&service("lambda.amazonaws.com")),
            &json!({}),
        )
        .role(
            &role("bounded"),
            &open,
            &trust(&service("lambda.amazonaws.com")),
            &json!({"PermissionsBoundary": {"PermissionsBoundaryArn": limits}}),
        )
        .role(&role("b"), &none(), &conditional, &json!({}));
    assert_eq!(told(&snapshot), ["a role_chain b sts:externalid"]);
    snapshot.scp(&json!([allow(&["*"], "*"), {"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"}]));
    assert_eq!(told(&snapshot), Vec::<String>::new());
}

#[test]
fn a_trust_that_names_a_session_hangs_on_its_name_and_federation_on_its_conditions() {
    let session = format!("arn:aws:sts::{ACCOUNT}:assumed-role/a/job");
    let provider = format!("arn:aws:iam::{ACCOUNT}:oidc-provider/token.example");
    let federated = document(
        &json!([{"Effect": "Allow", "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"token.example:sub": "x"}}}]),
    );
    let mut snapshot = Snapshot::default();
    snapshot
        .role(&role("a"), &none(), &federated, &json!({}))
        .role(
            &role("b"),
            &none(),
            &trust(&json!({"AWS": session})),
            &json!({}),
        );
    assert_eq!(
        told(&snapshot),
        [
            "token.example federation a token.example:sub",
            "a role_chain b sts:rolesessionname"
        ]
    );
}

#[test]
fn a_role_that_the_snapshot_lacks_is_possible_where_a_policy_names_it() {
    let mut snapshot = Snapshot::default();
    snapshot.role(
        &role("a"),
        &json!([
            allow(&["sts:AssumeRole"], &far("unknown")),
            allow(&["sts:AssumeRole"], &far("any*"))
        ]),
        &trust(&service("lambda.amazonaws.com")),
        &json!({}),
    );
    assert_eq!(
        told(&snapshot),
        ["a role_chain unknown the trust policy of a role that the snapshot lacks"]
    );
}

#[test]
fn a_policy_that_cannot_be_read_makes_every_step_of_the_role_possible() {
    let missing =
        json!({"AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/Missing"}]});
    let mut snapshot = Snapshot::default();
    snapshot
        .role(
            &role("a"),
            &none(),
            &trust(&service("lambda.amazonaws.com")),
            &missing,
        )
        .role(
            &role("b"),
            &none(),
            &trust(&json!({"AWS": role("a")})),
            &json!({}),
        );
    assert_eq!(
        told(&snapshot),
        ["a role_chain b policy `Missing`: it is attached and not in the snapshot"]
    );
}

fn with_function(statements: &Value) -> Snapshot {
    let mut snapshot = Snapshot::default();
    snapshot
        .role(
            &role("a"),
            statements,
            &trust(&service("ec2.amazonaws.com")),
            &json!({}),
        )
        .role(
            &role("tool"),
            &none(),
            &trust(&service("lambda.amazonaws.com")),
            &json!({}),
        )
        .resource(
            "AWS::Lambda::Function",
            &json!({"Arn": FUNCTION, "Role": role("tool")}),
        );
    snapshot
}

#[test]
fn a_function_is_invoked_by_its_name_by_a_version_or_by_its_own_policy() {
    let invoke = |resource: &str| json!([allow(&["lambda:InvokeFunction"], resource)]);
    assert_eq!(
        told(&with_function(&invoke(FUNCTION))),
        ["a tool_role tool"]
    );
    assert_eq!(
        told(&with_function(&invoke(&format!("{FUNCTION}:*")))),
        ["a tool_role tool"]
    );
    assert_eq!(
        told(&with_function(&invoke(&format!("{FUNCTION}-other")))),
        Vec::<String>::new()
    );
    let mut by_policy = with_function(&none());
    by_policy.resource(
        "AWS::Lambda::Permission",
        &json!({"FunctionName": FUNCTION, "Principal": role("a"), "Action": "lambda:InvokeFunction"}),
    );
    assert_eq!(told(&by_policy), ["a tool_role tool"]);
}

#[test]
fn compute_that_only_the_log_shows_counts_as_well() {
    let mut snapshot = Snapshot::default();
    snapshot
        .role(
            &role("a"),
            &json!([allow(&["lambda:Invoke*"], "*")]),
            &trust(&service("ec2.amazonaws.com")),
            &json!({}),
        )
        .role(
            &role("tool"),
            &none(),
            &trust(&service("lambda.amazonaws.com")),
            &json!({}),
        );
    assert_eq!(told(&snapshot), Vec::<String>::new());
    let observed = [(format!("{FUNCTION}:7"), role("tool"))];
    let reach = reach(
        &snapshot.inventory(),
        &BTreeSet::from([role("a")]),
        &observed,
    );
    assert_eq!(told_of(&reach), ["a tool_role tool"]);
    assert_eq!(reach.paths.len(), 1);
}

#[test]
fn an_agent_reaches_its_tools_if_their_policies_let_bedrock_in() {
    let agent = "arn:aws:bedrock:eu-west-1:111122223333:agent/A1";
    let with_agent = |permission: Option<Value>| {
        let mut snapshot = with_function(&none());
        snapshot.resource(
            "AWS::Bedrock::Agent",
            &json!({"AgentArn": agent, "AgentResourceRoleArn": role("a"),
                "ActionGroups": [{"ActionGroupExecutor": {"Lambda": FUNCTION}}]}),
        );
        if let Some(permission) = permission {
            snapshot.resource("AWS::Lambda::Permission", &permission);
        }
        told(&snapshot)
    };
    let permission = |source: &str| json!({"FunctionName": FUNCTION, "Principal": "bedrock.amazonaws.com", "Action": "lambda:InvokeFunction", "SourceArn": source});
    assert_eq!(with_agent(Some(permission(agent))), ["a tool_role tool"]);
    assert_eq!(
        with_agent(Some(permission(
            "arn:aws:bedrock:eu-west-1:111122223333:agent/OTHER"
        ))),
        Vec::<String>::new()
    );
    assert_eq!(
        with_agent(None),
        ["a tool_role tool the policy of the function, which the snapshot lacks"]
    );
}

#[test]
fn a_role_is_passed_only_to_a_service_that_it_trusts_and_an_instance_needs_a_profile() {
    let pass = |to: &str| {
        json!([
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
                "Condition": {"StringEquals": {"iam:PassedToService": to}}},
            allow(&["lambda:CreateFunction", "lambda:InvokeFunction", "ec2:RunInstances"], "*"),
        ])
    };
    let with = |to: &str, profiles: Value| {
        let mut snapshot = Snapshot::default();
        snapshot
            .role(
                &role("a"),
                &pass(to),
                &trust(&service("ecs-tasks.amazonaws.com")),
                &json!({}),
            )
            .role(
                &role("fn"),
                &none(),
                &trust(&service("lambda.amazonaws.com")),
                &json!({}),
            )
            .role(
                &role("node"),
                &none(),
                &trust(&service("ec2.amazonaws.com")),
                &json!({"InstanceProfileList": profiles}),
            );
        told(&snapshot)
    };
    let profile = json!([{"Arn": "arn:profile", "InstanceProfileId": "AIPA"}]);
    assert_eq!(
        with("lambda.amazonaws.com", profile.clone()),
        ["a passed_role fn"]
    );
    assert_eq!(
        with("ec2.amazonaws.com", profile.clone()),
        ["a passed_role node"]
    );
    assert_eq!(with("ec2.amazonaws.com", json!([])), Vec::<String>::new());
    assert_eq!(with("glue.amazonaws.com", profile), Vec::<String>::new());
}

#[test]
fn a_chain_over_three_kinds_of_steps_is_reached_and_a_cycle_ends() {
    let mut snapshot = with_function(&json!([allow(&["lambda:InvokeFunction"], "*")]));
    snapshot
        .role(
            &role("end"),
            &none(),
            &trust(&json!({"AWS": [role("tool"), role("end")]})),
            &json!({}),
        )
        .role(
            &role("start"),
            &none(),
            &trust(&json!({"AWS": role("end")})),
            &json!({}),
        );
    let paths = snapshot.reach().paths;
    let from_a: Vec<(&str, usize)> = paths
        .iter()
        .filter(|path| path.from == role("a"))
        .map(|path| (path.to.rsplit('/').next().unwrap(), path.depth))
        .collect();
    assert_eq!(from_a, [("end", 2), ("start", 3), ("tool", 1)]);
}

fn opened_by(principal: &Value, own: &Value) -> Vec<(String, &'static str, bool, &'static str)> {
    let mut snapshot = Snapshot::default();
    snapshot.role(
        &role("a"),
        own,
        &trust(&service("ec2.amazonaws.com")),
        &json!({}),
    );
    let statement = json!([{"Effect": "Allow", "Principal": principal, "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}]);
    snapshot.resource(
        "AWS::S3::BucketPolicy",
        &json!({"Bucket": "b", "PolicyDocument": document(&statement)}),
    );
    let opened = snapshot.reach().opened.into_iter();
    opened
        .map(|one| {
            (
                one.action.clone(),
                one.scope,
                one.covers_grant,
                one.answer.certainty(),
            )
        })
        .collect()
}

#[test]
fn the_policy_of_a_bucket_gives_by_itself_what_it_gives_to_the_role_or_to_anyone() {
    let narrow = json!([allow(&["s3:GetObject"], "arn:aws:s3:::b/x/*")]);
    let wide = json!([allow(&["s3:GetObject"], "*")]);
    let own = |scope: &'static str, covers: bool| {
        [
            ("s3:GetObject".to_owned(), scope, covers, "certain"),
            ("s3:ListBucket".to_owned(), scope, false, "certain"),
        ]
    };
    assert_eq!(
        opened_by(&json!({"AWS": role("a")}), &narrow),
        own("role", true)
    );
    assert_eq!(opened_by(&json!("*"), &wide), own("anyone", false));
    assert_eq!(opened_by(&root(ACCOUNT), &wide), []);
    assert_eq!(opened_by(&json!({"AWS": role("other")}), &wide), []);
}
