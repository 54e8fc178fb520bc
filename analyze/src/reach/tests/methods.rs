//! Every escalation method, in an organisation where it is open, and in the same one where one action of it is not.

use super::super::method::{Kind, METHODS, Method};
use super::*;

/// An account where every method is open to the role `self`, but for the actions.
fn account(actions: &[&str], boundary: &Value) -> Snapshot {
    let mut snapshot = Snapshot::default();
    let (own, limits, theirs) = (
        format!("arn:aws:iam::{ACCOUNT}:policy/own"),
        format!("arn:aws:iam::{ACCOUNT}:policy/limits"),
        format!("arn:aws:iam::{ACCOUNT}:policy/theirs"),
    );
    let none = json!([]);
    snapshot.policy(&own, &json!([allow(actions, "*")]));
    snapshot.policy(&limits, boundary);
    snapshot.policy(&theirs, &json!([allow(&["s3:GetObject"], "*")]));
    snapshot.role(
        &role("self"),
        &none,
        &trust(&service("lambda.amazonaws.com")),
        &json!({"AttachedManagedPolicies": [{"PolicyArn": own}], "PermissionsBoundary": {"PermissionsBoundaryArn": limits}}),
    );
    snapshot.role(
        &role("open"),
        &none,
        &trust(&root(ACCOUNT)),
        &json!({"AttachedManagedPolicies": [{"PolicyArn": theirs}]}),
    );
    for method in METHODS {
        if let Kind::Pass(service) = method.kind {
            snapshot.role(
                &role(service),
                &none,
                &trust(&super::service(service)),
                &json!({"InstanceProfileList": [{"Arn": format!("arn:aws:iam::{ACCOUNT}:instance-profile/node"), "InstanceProfileId": "AIPA"}]}),
            );
        }
    }
    let group = format!("arn:aws:iam::{ACCOUNT}:group/staff");
    snapshot.add(
        "group",
        &group,
        &json!({"GroupName": "staff", "GroupId": "G"}),
    );
    snapshot.add(
        "user",
        &format!("arn:aws:iam::{ACCOUNT}:user/ana"),
        &json!({"UserName": "ana", "UserId": "U", "GroupList": ["staff"]}),
    );
    let place = format!("eu-west-1:{ACCOUNT}");
    snapshot.resource(
        "AWS::Lambda::Function",
        &json!({"Arn": format!("arn:aws:lambda:{place}:function:f"), "Role": role("lambda.amazonaws.com")}),
    );
    snapshot.resource(
        "AWS::StepFunctions::StateMachine",
        &json!({"Arn": format!("arn:aws:states:{place}:stateMachine:m"), "RoleArn": role("states.amazonaws.com")}),
    );
    snapshot.resource(
        "AWS::ECS::TaskDefinition",
        &json!({"TaskDefinitionArn": format!("arn:aws:ecs:{place}:task-definition/t:1"), "TaskRoleArn": role("ecs-tasks.amazonaws.com")}),
    );
    snapshot
}

fn everything() -> Value {
    json!([allow(&["*"], "*")])
}

/// Everything but one action, by what is not allowed.
fn without(action: &str) -> Value {
    json!([{"Effect": "Allow", "NotAction": [action], "Resource": "*"}])
}

/// Everything but one action, by what is denied.
fn denying(action: &str) -> Value {
    json!([allow(&["*"], "*"), {"Effect": "Deny", "Action": [action], "Resource": "*"}])
}

fn needs(method: &Method) -> Vec<&'static str> {
    let pass = matches!(method.kind, Kind::Pass(_)).then_some("iam:PassRole");
    pass.into_iter()
        .chain(method.actions.iter().copied())
        .collect()
}

/// The method as it is open to the role, if it is.
fn open(snapshot: &Snapshot, method: &Method) -> Option<Escalation> {
    let found = snapshot.reach().escalations.into_iter();
    let mut own = found.filter(|one| one.role_arn == role("self") && one.method == method);
    own.next()
}

#[test]
fn each_method_is_open_with_all_its_actions() {
    for method in METHODS {
        let found = open(&account(&needs(method), &everything()), method);
        let found = found.unwrap_or_else(|| panic!("{} is not found", method.name()));
        let expected = if method.exists.is_empty() {
            "certain"
        } else {
            "possible"
        };
        assert_eq!(
            found.answer.certainty(),
            expected,
            "{}: {:?}",
            method.name(),
            found.answer
        );
        assert!(!found.answer.evidence.is_empty());
        assert_eq!(
            found.answer.hangs_on.contains(method.exists),
            !method.exists.is_empty()
        );
    }
}

#[test]
fn a_method_that_lacks_one_action_is_not_open() {
    for method in METHODS {
        for missing in needs(method) {
            let rest: Vec<&str> = needs(method)
                .into_iter()
                .filter(|action| *action != missing)
                .collect();
            let rest = if rest.is_empty() {
                vec!["s3:GetObject"]
            } else {
                rest
            };
            let found = open(&account(&rest, &everything()), method);
            assert!(
                found.is_none(),
                "{} without {missing}: {found:?}",
                method.name()
            );
        }
    }
}

#[test]
fn a_method_with_an_action_that_the_boundary_lacks_is_not_open() {
    for method in METHODS {
        for missing in needs(method) {
            let found = open(&account(&needs(method), &without(missing)), method);
            assert!(
                found.is_none(),
                "{} without {missing}: {found:?}",
                method.name()
            );
        }
    }
}

#[test]
fn a_method_with_an_action_that_a_control_policy_denies_is_not_open() {
    for method in METHODS {
        for missing in needs(method) {
            let mut account = account(&needs(method), &everything());
            let found = open(account.scp(&denying(missing)), method);
            assert!(
                found.is_none(),
                "{} without {missing}: {found:?}",
                method.name()
            );
        }
    }
}

#[test]
fn a_method_under_a_condition_is_possible_and_says_on_what() {
    let method = METHODS
        .iter()
        .find(|method| method.name() == "iam:PutRolePolicy")
        .unwrap();
    let mut account = account(&["iam:PutRolePolicy"], &everything());
    let condition = json!({"Bool": {"aws:MultiFactorAuthPresent": "false"}});
    account.scp(&json!([allow(&["*"], "*"),
        {"Effect": "Deny", "Action": "iam:*", "Resource": "*", "Condition": condition}]));
    let found = open(&account, method).unwrap();
    assert_eq!(found.answer.certainty(), "possible");
    assert_eq!(
        found.answer.hangs_on.iter().collect::<Vec<_>>(),
        ["aws:multifactorauthpresent"]
    );
}

#[test]
fn nothing_is_open_to_a_role_without_permissions() {
    let reach = account(&["s3:GetObject"], &everything()).reach();
    assert!(reach.escalations.is_empty(), "{:?}", reach.escalations);
    assert!(reach.edges.iter().all(|edge| edge.from != role("self")));
}
