//! Which document it is, and the entries in it.
//!
//! Sources: IAM API Reference, `GetAccountAuthorizationDetails`; `CloudTrail` API Reference, `DescribeTrails`,
//! `GetEventSelectors`; Organizations API Reference, `Root`, `OrganizationalUnit`, `Account`, `Policy`; Cloud Control
//! API Reference, `ListResources`, `GetResource`.

use serde_json::Value;

use super::entry::{Entry, Known, account_of};
use super::resource;

/// What the documents of a snapshot are.
pub(super) const EXPECTED: &str = "it is neither account authorization details (`RoleDetailList`), nor trails (`trailList`), nor event selectors (`TrailARN`), nor resources (`TypeName`), nor an organization (`Roots`, `OrganizationalUnits`, `Accounts`)";

/// The lists of `GetAccountAuthorizationDetails`: field, kind, and by what an element is known.
const DETAILS: [(&str, &str, Known); 4] = [
    ("RoleDetailList", "role", known("RoleId", "RoleName")),
    ("UserDetailList", "user", known("UserId", "UserName")),
    ("GroupDetailList", "group", known("GroupId", "GroupName")),
    ("Policies", "policy", known("PolicyId", "PolicyName")),
];

/// Where a policy of an organization says what it is.
const POLICY_SUMMARY: &str = "/Policy/PolicySummary";

/// The lists of an organization.
const UNITS: [(&str, &str); 3] = [
    ("Roots", "root"),
    ("OrganizationalUnits", "organization_unit"),
    ("Accounts", "account"),
];

const fn known(id: &'static str, name: &'static str) -> Known {
    Known {
        within: "",
        id,
        arn: "Arn",
        name,
    }
}

/// By what trails and their selectors are known.
const TRAIL: Known = Known {
    within: "",
    id: "TrailARN",
    arn: "TrailARN",
    name: "Name",
};

/// The shape of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    AuthorizationDetails,
    Organization,
    Trails,
    EventSelectors,
    Resources,
}

impl Shape {
    /// The shape of a document, if it is a known one.
    pub(super) fn of(document: &Value) -> Option<Self> {
        let has = |field: &str| document.get(field).is_some_and(Value::is_array);
        if resource::is_one(document) {
            return Some(Self::Resources);
        }
        if has("RoleDetailList") || has("UserDetailList") || has("GroupDetailList") {
            return Some(Self::AuthorizationDetails);
        }
        if UNITS.iter().any(|(field, _)| has(field))
            || document.get("ManagementAccountId").is_some()
        {
            return Some(Self::Organization);
        }
        if has("trailList") {
            return Some(Self::Trails);
        }
        if document.get("TrailARN").is_some()
            && (has("EventSelectors") || has("AdvancedEventSelectors"))
        {
            return Some(Self::EventSelectors);
        }
        // A page that holds managed policies only.
        let managed =
            list(document, "Policies").any(|policy| policy.get("PolicyVersionList").is_some());
        managed.then_some(Self::AuthorizationDetails)
    }

    /// The entries of the document. `account` is the one whose pages came before in the same file.
    ///
    /// # Errors
    /// What the document lacks.
    pub(super) fn entries(
        self,
        document: Value,
        account: &mut Option<String>,
    ) -> Result<Vec<Entry>, String> {
        match self {
            Self::AuthorizationDetails => details(document, account),
            Self::Organization => organization(document),
            Self::Trails => trails(document),
            Self::EventSelectors => selectors(document).map(|entry| vec![entry]),
            Self::Resources => resource::entries(document),
        }
    }
}

fn details(mut document: Value, account: &mut Option<String>) -> Result<Vec<Entry>, String> {
    let named = DETAILS
        .iter()
        .flat_map(|(field, _, _)| list(&document, field))
        .find_map(|element| account_of(text(element, "Arn")?))
        .map(str::to_owned);
    *account = named.or_else(|| account.take());
    let account = account
        .as_deref()
        .ok_or("no ARN in it names the account; put it after the page that does")?;
    let mut entries = Vec::new();
    for (field, kind, known) in DETAILS {
        for element in take(&mut document, field) {
            if kind == "role" {
                entries.append(&mut instance_profiles(&element, account)?);
            }
            entries.push(Entry::new(kind, account, known, element)?);
        }
    }
    Ok(entries)
}

/// The instance profiles that carry a role.
fn instance_profiles(role: &Value, account: &str) -> Result<Vec<Entry>, String> {
    let known = known("InstanceProfileId", "InstanceProfileName");
    list(role, "InstanceProfileList")
        .map(|profile| Entry::new("instance_profile", account, known, profile.clone()))
        .collect()
}

fn organization(mut document: Value) -> Result<Vec<Entry>, String> {
    let management = text(&document, "ManagementAccountId")
        .or_else(|| list(&document, "Roots").find_map(|root| account_of(text(root, "Arn")?)))
        .ok_or("neither `ManagementAccountId` nor the ARN of a root names the management account")?
        .to_owned();
    let known = known("Id", "Name");
    let mut entries = Vec::new();
    for (field, kind) in UNITS {
        for element in take(&mut document, field) {
            entries.push(Entry::new(kind, &management, known, element)?);
        }
    }
    let policy = Known {
        within: POLICY_SUMMARY,
        ..known
    };
    for element in take(&mut document, "Policies") {
        let summary = element
            .pointer(POLICY_SUMMARY)
            .ok_or("an element of `Policies` has no `Policy.PolicySummary`")?;
        let kind = policy_kind(summary);
        entries.push(Entry::new(&kind, &management, policy, element)?);
    }
    Ok(entries)
}

/// `scp` and `rcp`; of other policies the type's name in small letters.
fn policy_kind(summary: &Value) -> String {
    match text(summary, "Type") {
        None | Some("SERVICE_CONTROL_POLICY") => "scp".to_owned(),
        Some("RESOURCE_CONTROL_POLICY") => "rcp".to_owned(),
        Some(other) => other.to_ascii_lowercase(),
    }
}

fn trails(mut document: Value) -> Result<Vec<Entry>, String> {
    take(&mut document, "trailList")
        .into_iter()
        .map(|trail| {
            let account = trail_account(&trail)?;
            Entry::new("trail", &account, TRAIL, trail)
        })
        .collect()
}

fn selectors(document: Value) -> Result<Entry, String> {
    let account = trail_account(&document)?;
    Entry::new("event_selectors", &account, TRAIL, document)
}

fn trail_account(document: &Value) -> Result<String, String> {
    text(document, "TrailARN")
        .and_then(account_of)
        .map(str::to_owned)
        .ok_or_else(|| "`TrailARN` names no account".to_owned())
}

pub(super) fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field).and_then(Value::as_str)
}

fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value
        .get(field)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Takes a list out of the document, so that its elements need not be copied.
pub(super) fn take(document: &mut Value, field: &str) -> Vec<Value> {
    match document.get_mut(field).map(Value::take) {
        Some(Value::Array(elements)) => elements,
        _ => Vec::new(),
    }
}
