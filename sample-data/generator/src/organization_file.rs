//! `organization.json` and `trails.json`: AWS Organizations and the trail's settings.
//!
//! Field names are those of the AWS CLI: `list-roots`, `list-organizational-units-for-parent`,
//! `list-accounts`, `describe-policy`, `list-targets-for-policy`; `describe-trails` and
//! `get-event-selectors`.

use serde_json::{Value, json};

use crate::organisation::{DATA, MANAGEMENT, ORGANIZATION, PRODUCTION, TOOLING};
use crate::policies;
use crate::replica;
use crate::snapshot::pretty;

const ROOT: &str = "r-h4ld";
const WORKLOADS: &str = "ou-h4ld-w0rkl0ad";
const PLATFORM: &str = "ou-h4ld-pl4tf0rm";

/// Accounts in their places, and the policies on the way to them.
pub(crate) fn organization(copies: u32) -> String {
    let mut accounts = vec![account(MANAGEMENT, "halden-management", ROOT)];
    let mut account_targets = vec![target(MANAGEMENT, "halden-management", "ACCOUNT")];
    let mut data_targets = Vec::new();
    for copy in 0..copies {
        for (member, parent) in [
            (&PRODUCTION, WORKLOADS),
            (&DATA, WORKLOADS),
            (&TOOLING, PLATFORM),
        ] {
            let (id, name) = (
                replica::account_id(member.id, copy),
                replica::rename(member.name, copy),
            );
            accounts.push(account(&id, &name, parent));
            account_targets.push(target(&id, &name, "ACCOUNT"));
            if member.id == DATA.id {
                data_targets.push(target(&id, &name, "ACCOUNT"));
            }
        }
    }
    let mut everywhere = vec![
        target(ROOT, "Root", "ROOT"),
        target(WORKLOADS, "Workloads", "ORGANIZATIONAL_UNIT"),
        target(PLATFORM, "Platform", "ORGANIZATIONAL_UNIT"),
    ];
    everywhere.extend(account_targets);
    let workloads = vec![target(WORKLOADS, "Workloads", "ORGANIZATIONAL_UNIT")];
    let root = vec![target(ROOT, "Root", "ROOT")];
    let file = json!({
        "ManagementAccountId": MANAGEMENT,
        "Roots": [{"Id": ROOT, "Arn": arn("root", ROOT), "Name": "Root"}],
        "OrganizationalUnits": [
            {"Id": WORKLOADS, "Arn": arn("ou", WORKLOADS), "Name": "Workloads", "ParentId": ROOT},
            {"Id": PLATFORM, "Arn": arn("ou", PLATFORM), "Name": "Platform", "ParentId": ROOT},
        ],
        "Accounts": accounts,
        "Policies": [
            policy(("p-FullAWSAccess", "FullAWSAccess"), "SERVICE_CONTROL_POLICY", policies::SCP_FULL_ACCESS, &everywhere),
            policy(("p-g4rdra1l", "Guardrails"), "SERVICE_CONTROL_POLICY", policies::SCP_GUARDRAILS, &workloads),
            policy(("p-st4y1n0r", "StayInOrganization"), "SERVICE_CONTROL_POLICY", policies::SCP_STAY_IN_ORGANIZATION, &data_targets),
            policy(("p-RCPFullAWSAccess", "RCPFullAWSAccess"), "RESOURCE_CONTROL_POLICY", policies::RCP_FULL_ACCESS, &everywhere),
            policy(("p-d4t4per1", "DataPerimeter"), "RESOURCE_CONTROL_POLICY", policies::RCP_DATA_PERIMETER, &root),
        ],
    });
    format!("{}\n", pretty(&file))
}

/// The organisation's trail, the data account's own, and what each of them records.
pub(crate) fn trails() -> String {
    let organization_trail =
        format!("arn:aws:cloudtrail:eu-west-1:{MANAGEMENT}:trail/halden-organization");
    let data_trail = format!(
        "arn:aws:cloudtrail:{}:{}:trail/data-management",
        DATA.region, DATA.id
    );
    let described = json!({"trailList": [
        {
            "Name": "halden-organization", "S3BucketName": "halden-org-trail",
            "IncludeGlobalServiceEvents": true, "IsMultiRegionTrail": true, "HomeRegion": "eu-west-1",
            "TrailARN": organization_trail, "LogFileValidationEnabled": true,
            "HasCustomEventSelectors": true, "HasInsightSelectors": true, "IsOrganizationTrail": true,
        },
        {
            "Name": "data-management", "S3BucketName": "halden-org-trail",
            "IncludeGlobalServiceEvents": false, "IsMultiRegionTrail": false, "HomeRegion": DATA.region,
            "TrailARN": data_trail, "LogFileValidationEnabled": false,
            "HasCustomEventSelectors": true, "HasInsightSelectors": false, "IsOrganizationTrail": false,
        },
    ]});
    let organization = json!({
        "TrailARN": organization_trail,
        "AdvancedEventSelectors": [
            {"Name": "Management events", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
            {"Name": "Objects of all buckets", "FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Data"]},
                {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            ]},
            {"Name": "Invocations of all functions", "FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Data"]},
                {"Field": "resources.type", "Equals": ["AWS::Lambda::Function"]},
            ]},
        ],
    });
    let data = json!({
        "TrailARN": data_trail,
        "EventSelectors": [{
            "ReadWriteType": "All", "IncludeManagementEvents": true,
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::halden-lake/"]}],
            "ExcludeManagementEventSources": [],
        }],
    });
    [described, organization, data]
        .map(|document| pretty(&document) + "\n")
        .concat()
}

fn arn(kind: &str, id: &str) -> String {
    format!("arn:aws:organizations::{MANAGEMENT}:{kind}/{ORGANIZATION}/{id}")
}

fn account(id: &str, name: &str, parent: &str) -> Value {
    json!({
        "Id": id, "Arn": arn("account", id), "Email": format!("aws+{name}@halden.example"), "Name": name,
        "Status": "ACTIVE", "JoinedMethod": if id == MANAGEMENT { "INVITED" } else { "CREATED" },
        "JoinedTimestamp": "2024-10-01T09:30:00+00:00", "ParentId": parent,
    })
}

fn target(id: &str, name: &str, kind: &str) -> Value {
    let part = match kind {
        "ROOT" => "root",
        "ACCOUNT" => "account",
        _ => "ou",
    };
    json!({"TargetId": id, "Arn": arn(part, id), "Name": name, "Type": kind})
}

fn policy((id, name): (&str, &str), kind: &str, document: &str, targets: &[Value]) -> Value {
    let owned = id.starts_with("p-FullAWS") || id.starts_with("p-RCPFull");
    let part = kind.to_lowercase();
    let arn = if owned {
        format!("arn:aws:organizations::aws:policy/{part}/{id}")
    } else {
        format!("arn:aws:organizations::{MANAGEMENT}:policy/{ORGANIZATION}/{part}/{id}")
    };
    // Organizations keeps a policy as text; this one without line breaks, as its console saves it.
    let content = crate::snapshot::parsed(document).to_string();
    json!({
        "Policy": {
            "PolicySummary": {"Id": id, "Arn": arn, "Name": name, "Description": "", "Type": kind, "AwsManaged": owned},
            "Content": content,
        },
        "Targets": targets,
    })
}
