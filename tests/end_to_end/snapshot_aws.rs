//! `curtail snapshot --from-aws`: what stands in AWS stands in the lake, and what AWS does not give is named.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cloud_control::{OWN, SECRET, cloud_control};
use crate::servers::{Environment, Moto, Request, Response, Stub, curtail};

const MEMBER: &str = "444455556666";

/// Makes an organization, roles, policies and trails in moto, and prints what boto3 says of them.
const SETUP: &str = include_str!("snapshot_aws_setup.py");

/// A lake in a directory, and the servers that it is filled from.
struct Place {
    directory: TempDir,
    environment: Environment,
}

impl Place {
    fn new(environment: Environment) -> Self {
        Self {
            directory: TempDir::new().unwrap(),
            environment,
        }
    }

    /// Takes a snapshot; gives the summary, the exit code and what is on standard error.
    fn snapshot(&self, arguments: &[&str]) -> (Value, Option<i32>, String) {
        let mut all = vec!["snapshot", "--from-aws", "--format", "json"];
        all.extend(arguments);
        let output = curtail(self.directory.path(), &self.environment, &all);
        (
            serde_json::from_slice(&output.stdout).unwrap_or_default(),
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    }

    fn sql(&self, query: &str) -> Vec<Value> {
        let arguments = ["sql", query, "--format", "json"];
        let output = curtail(self.directory.path(), &self.environment, &arguments);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The documents of an account and kind, by ARN, else by id.
    fn documents(&self, account_id: &str, kind: &str) -> BTreeMap<String, Value> {
        let rows = self.sql(&format!(
            "select coalesce(arn, id) as known, document from snapshots \
             where account_id = '{account_id}' and kind = '{kind}' and source = 'aws'"
        ));
        rows.iter()
            .map(|row| {
                let document = serde_json::from_str(row["document"].as_str().unwrap()).unwrap();
                (row["known"].as_str().unwrap().to_owned(), document)
            })
            .collect()
    }
}

/// The value without members that are empty: one client leaves them out, and another does not.
fn bare(value: &Value) -> Value {
    let is_empty = |value: &Value| {
        value.is_null()
            || value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(serde_json::Map::is_empty)
            || value.as_str() == Some("")
    };
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, value)| (name.clone(), bare(value)))
                .filter(|(_, value)| !is_empty(value))
                .collect(),
        ),
        Value::Array(elements) => Value::Array(elements.iter().map(bare).collect()),
        other => other.clone(),
    }
}

/// The elements of a list by their ARN.
fn by_arn(list: &Value) -> BTreeMap<String, Value> {
    let elements = list.as_array().unwrap().iter();
    elements
        .map(|element| (element["Arn"].as_str().unwrap().to_owned(), bare(element)))
        .collect()
}

#[test]
fn what_stands_in_aws_stands_in_the_lake() {
    let (moto, control) = (Moto::start(), cloud_control());
    let made: Value = serde_json::from_str(&moto.python(SETUP)).unwrap();
    let mut environment = moto.environment();
    environment.push(("AWS_ENDPOINT_URL_CLOUDCONTROL".to_owned(), control.url()));
    let place = Place::new(environment);
    let regions = [
        "--snapshot-regions",
        "us-east-1,eu-west-1",
        "--snapshot-role",
        "Audit",
    ];
    let (summary, code, stderr) = place.snapshot(&regions);
    assert_eq!(code, Some(3), "{summary} {stderr}");

    iam(&place, &made);
    organization(&place, &made);
    trails(&place, &made);
    resources(&place, &summary);

    let (again, code, _) = place.snapshot(&regions);
    assert_eq!(code, Some(3));
    assert_eq!(again["documents_added"], 0, "{again}");
    assert_eq!(again["documents_confirmed"], summary["documents_added"]);
}

/// Every role with every policy, as boto3 gives them; of AWS's own policies those in use.
fn iam(place: &Place, made: &Value) {
    let kinds = [
        ("role", "RoleDetailList"),
        ("user", "UserDetailList"),
        ("group", "GroupDetailList"),
    ];
    for (kind, field) in kinds {
        let there: BTreeMap<_, _> = place
            .documents(OWN, kind)
            .into_iter()
            .map(|(arn, document)| (arn, bare(&document)))
            .collect();
        let expected = by_arn(&made["details"][field]);
        assert_eq!(
            there.keys().collect::<Vec<_>>(),
            expected.keys().collect::<Vec<_>>()
        );
        for (arn, document) in &there {
            assert_eq!(document, &expected[arn], "{arn}");
        }
    }
    assert!(place.documents(OWN, "role").len() >= 130);
    let policies: BTreeSet<String> = place.documents(OWN, "policy").into_keys().collect();
    let own = format!("arn:aws:iam::{OWN}:policy/Own");
    let expected = [
        own.as_str(),
        made["unused"].as_str().unwrap(),
        "arn:aws:iam::aws:policy/PowerUserAccess",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
    ];
    assert_eq!(policies, expected.map(str::to_owned).into());
    let versions = &place.documents(OWN, "policy")[&own]["PolicyVersionList"];
    assert_eq!(versions.as_array().unwrap().len(), 2);
    assert_eq!(place.documents(OWN, "instance_profile").len(), 1);
    let member = made["member"].as_str().unwrap();
    let roles: Vec<String> = place.documents(member, "role").into_keys().collect();
    // The organization makes the first one in each account that it creates.
    let expected = ["OrganizationAccountAccessRole", "member-agent"];
    assert_eq!(
        roles,
        expected.map(|name| format!("arn:aws:iam::{member}:role/{name}"))
    );
}

/// The tree of units, and the targets of a policy.
fn organization(place: &Place, made: &Value) {
    let parents: BTreeMap<String, String> = ["root", "organization_unit", "account"]
        .into_iter()
        .flat_map(|kind| place.documents(OWN, kind).into_values())
        .map(|document| {
            let text = |field: &str| document[field].as_str().unwrap_or_default().to_owned();
            (text("Id"), text("ParentId"))
        })
        .collect();
    let text = |field: &str| made[field].as_str().unwrap().to_owned();
    let expected = [
        (text("root"), String::new()),
        (text("outer"), text("root")),
        (text("inner"), text("outer")),
        (text("member"), text("inner")),
        (OWN.to_owned(), text("root")),
    ];
    assert_eq!(parents, expected.into());

    let scps = place.documents(OWN, "scp");
    let scp = scps
        .values()
        .find(|scp| scp["Policy"]["PolicySummary"]["Id"] == made["scp"])
        .unwrap();
    assert_eq!(scp["Policy"]["Content"], made["content"]);
    let targets: BTreeSet<&str> = scp["Targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|target| target["TargetId"].as_str().unwrap())
        .collect();
    assert_eq!(
        targets,
        [
            made["inner"].as_str().unwrap(),
            made["member"].as_str().unwrap()
        ]
        .into()
    );
    assert_eq!(scps.len(), 2, "with the one that allows everything");
    assert_eq!(place.documents(OWN, "rcp").len(), 1);
}

/// Each trail once, of its owner, with its selectors and whether it logs.
fn trails(place: &Place, made: &Value) {
    let trails = place.documents(OWN, "trail");
    let selectors = place.documents(OWN, "event_selectors");
    let expected = made["trails"].as_object().unwrap();
    assert_eq!(
        trails.keys().collect::<BTreeSet<_>>(),
        expected.keys().collect::<BTreeSet<_>>()
    );
    for (arn, wanted) in expected {
        assert_eq!(&selectors[arn]["AdvancedEventSelectors"], wanted);
        assert_eq!(trails[arn]["IsLogging"], arn.ends_with("/all"));
    }
}

/// What Cloud Control gave, without secrets; and what it did not give, by name.
fn resources(place: &Place, summary: &Value) {
    let all = place.sql("select id, document from snapshots where kind = 'resource'");
    for row in &all {
        assert!(!row["document"].as_str().unwrap().contains(SECRET), "{row}");
    }
    let own = place.sql(&format!(
        "select id from snapshots where kind = 'resource' and account_id = '{OWN}' and id like '%|us-east-1|%' order by id"
    ));
    let own: Vec<&str> = own.iter().map(|row| row["id"].as_str().unwrap()).collect();
    let expected = [
        format!(
            "AWS::ECS::TaskDefinition|us-east-1|arn:aws:ecs:us-east-1:{OWN}:task-definition/t:1"
        ),
        format!(
            "AWS::EKS::PodIdentityAssociation|us-east-1|arn:aws:eks:us-east-1:{OWN}:podidentityassociation/cluster/a-1"
        ),
        "AWS::Lambda::Function|us-east-1|first".to_owned(),
        "AWS::Lambda::Function|us-east-1|second".to_owned(),
        "AWS::Lambda::Permission|us-east-1|first|s".to_owned(),
        "AWS::Lambda::Permission|us-east-1|second|s".to_owned(),
        format!(
            "AWS::SQS::QueueInlinePolicy|us-east-1|https://sqs.us-east-1.amazonaws.com/{OWN}/open"
        ),
        format!(
            "AWS::StepFunctions::StateMachine|us-east-1|arn:aws:states:us-east-1:{OWN}:stateMachine:m"
        ),
    ];
    assert_eq!(own, expected);

    let missing = place.sql(&format!(
        "select part, code from missing_parts where account_id = '{OWN}' and region = 'us-east-1' order by part"
    ));
    let expected = [
        json!({"part": "AWS::Bedrock::Agent", "code": "UnsupportedActionException"}),
        json!({"part": "AWS::BedrockAgentCore::Runtime", "code": "TypeNotFoundException"}),
        json!({"part": "AWS::KMS::Key", "code": "AccessDeniedException"}),
    ];
    assert_eq!(missing, expected);
    // Two accounts in two regions each.
    assert_eq!(
        summary["missing"].as_array().unwrap().len(),
        12,
        "{summary}"
    );
}

/// An account without an organization, whose IAM gives two pages; `fault` answers first where it has an answer.
fn account(fault: fn(&Request) -> Option<Response>) -> Stub {
    Stub::start(move |request| {
        if let Some(response) = fault(request) {
            return response;
        }
        match (request.parameter("Action"), request.target()) {
            (Some("GetCallerIdentity"), _) => Response::query(
                "GetCallerIdentity",
                &format!(
                    "<Arn>arn:aws:iam::{OWN}:user/u</Arn><UserId>u</UserId><Account>{OWN}</Account>"
                ),
            ),
            (Some("GetAccountAuthorizationDetails"), _) => roles(request.parameter("Marker")),
            (_, "DescribeOrganization") => Response::fault("AWSOrganizationsNotInUseException"),
            (_, "DescribeTrails") => Response::json(&json!({"trailList": []})),
            (_, "ListResources") => Response::json(&json!({"ResourceDescriptions": []})),
            (action, target) => panic!("{} {action:?} {target}", request.path),
        }
    })
}

/// The first page has 100 roles, the second one 30.
fn roles(marker: Option<&str>) -> Response {
    let (range, rest) = match marker {
        None => (
            0..100,
            "<IsTruncated>true</IsTruncated><Marker>second</Marker>",
        ),
        Some("second") => (100..130, "<IsTruncated>false</IsTruncated>"),
        Some(other) => panic!("{other}"),
    };
    let members: Vec<String> = range
        .map(|number| {
            format!(
                "<member><RoleName>r{number}</RoleName><RoleId>AROA{number}</RoleId>\
                 <Arn>arn:aws:iam::{OWN}:role/r{number}</Arn>\
                 <AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D</AssumeRolePolicyDocument></member>"
            )
        })
        .collect();
    let members = members.concat();
    Response::query(
        "GetAccountAuthorizationDetails",
        &format!("<RoleDetailList>{members}</RoleDetailList>{rest}"),
    )
}

#[test]
fn every_page_of_an_account_is_read() {
    let stub = account(|_| None);
    let place = Place::new(stub.environment());
    let (summary, code, stderr) = place.snapshot(&[]);
    assert_eq!(code, Some(0), "{summary} {stderr}");
    assert_eq!(place.documents(OWN, "role").len(), 130);
    let trust = &place.documents(OWN, "role")[&format!("arn:aws:iam::{OWN}:role/r129")];
    assert_eq!(trust["AssumeRolePolicyDocument"]["Version"], "2012-10-17");
}

#[test]
fn an_account_that_cannot_be_entered_is_named_and_the_rest_is_written() {
    let stub = account(|request| {
        (request.parameter("Action") == Some("AssumeRole"))
            .then(|| Response::query_fault("AccessDenied"))
    });
    let place = Place::new(stub.environment());
    let accounts = format!("{OWN},{MEMBER}");
    let arguments = ["--snapshot-accounts", &accounts, "--snapshot-role", "Audit"];
    let (summary, code, stderr) = place.snapshot(&arguments);
    assert_eq!(code, Some(3), "{summary} {stderr}");
    assert_eq!(place.documents(OWN, "role").len(), 130);
    let missing = place.sql("select account_id, part, operation, code from missing_parts");
    let expected = json!({"account_id": MEMBER, "part": "account", "operation": "sts:AssumeRole", "code": "AccessDenied"});
    assert_eq!(missing, [expected]);
}

#[test]
fn a_part_that_is_denied_is_named_until_it_is_given() {
    let stub = account(|request| {
        let denied =
            request.target() == "DescribeOrganization" || request.target() == "DescribeTrails";
        denied.then(|| Response::fault("AccessDeniedException"))
    });
    let place = Place::new(stub.environment());
    let (summary, code, _) = place.snapshot(&[]);
    assert_eq!(code, Some(3), "{summary}");
    let parts = "select part from missing_parts order by part";
    let expected = [json!({"part": "organization"}), json!({"part": "trails"})];
    assert_eq!(place.sql(parts), expected);

    let given = account(|_| None);
    let place = Place {
        environment: given.environment(),
        ..place
    };
    let (_, code, _) = place.snapshot(&[]);
    assert_eq!(code, Some(0));
    let later = "--as-of=2100-01-01";
    let output = curtail(
        place.directory.path(),
        &place.environment,
        &["sql", parts, "--format", "json", later],
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "[]");
}

#[test]
fn a_snapshot_without_any_roles_fails_and_says_why() {
    let stub = account(|request| {
        (request.parameter("Action") == Some("GetAccountAuthorizationDetails"))
            .then(|| Response::query_fault("AccessDenied"))
    });
    let place = Place::new(stub.environment());
    let (_, code, stderr) = place.snapshot(&[]);
    assert_eq!(code, Some(4), "{stderr}");
    for part in [
        OWN,
        "iam:GetAccountAuthorizationDetails",
        "AccessDenied",
        "hint: ",
    ] {
        assert!(stderr.contains(part), "{stderr}");
    }
}

#[test]
fn what_is_typed_wrong_is_refused_before_anything_is_asked() {
    let stub = account(|_| None);
    let place = Place::new(stub.environment());
    for arguments in [
        &["--snapshot-accounts", "12345"][..],
        &["--from", "iam.json"],
        &["--taken-at", "2026-10-01"],
    ] {
        let (_, code, stderr) = place.snapshot(arguments);
        assert_eq!(code, Some(2), "{stderr}");
    }
    assert!(stub.requests().is_empty());
}
