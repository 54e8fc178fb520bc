//! A role session of a generated organisation, and its records.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::way::Way;

/// The accounts that chains go over.
pub(super) const ACCOUNTS: [&str; 3] = ["111122223333", "444455556666", "777788889999"];

#[derive(Debug, Clone)]
pub(super) struct Role {
    pub(super) account: &'static str,
    pub(super) name: String,
}

impl Role {
    pub(super) fn arn(&self) -> String {
        format!("arn:aws:iam::{}:role/{}", self.account, self.name)
    }

    pub(super) fn id(&self) -> String {
        format!("AROA{}", self.name.to_uppercase())
    }
}

/// A session as its records show it.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) role: Role,
    pub(super) name: String,
    pub(super) key: String,
    pub(super) created: Timestamp,
    /// Columns that each call of it has.
    pub(super) marks: Map<String, Value>,
    /// Whether the records of its issue, and of those above it, are all there and whole.
    pub(super) known: bool,
}

impl Session {
    /// A call of it, from where the agent makes its calls.
    pub(super) fn call(
        &self,
        at: Timestamp,
        way: Way,
        number: Option<usize>,
    ) -> Map<String, Value> {
        let mut call = self.caller();
        call.insert("event_name".into(), json!("ListUsers"));
        call.insert("event_source".into(), json!("iam.amazonaws.com"));
        call.insert("recipient_account_id".into(), json!(self.role.account));
        call.insert("event_time".into(), json!(at.to_string()));
        match (way, number) {
            (Way::UserAgent, Some(number)) => {
                call.insert("user_agent".into(), json!(format!("my a{number}/1.0")));
            }
            (Way::Network, Some(number)) => {
                let address = json!(format!("10.{number}.3.4"));
                call.insert("source_ip_address".into(), address);
            }
            _ => {}
        }
        call
    }

    /// The caller's columns of a call that a session makes.
    pub(super) fn caller(&self) -> Map<String, Value> {
        let (account, role) = (self.role.account, &self.role);
        let mut columns = self.marks.clone();
        let more = json!({
            "user_identity_type": "AssumedRole",
            "user_identity_account_id": account,
            "user_identity_arn": format!("arn:aws:sts::{account}:assumed-role/{}/{}", role.name, self.name),
            "user_identity_principal_id": format!("{}:{}", role.id(), self.name),
            "user_identity_access_key_id": self.key,
            "session_issuer_type": "Role",
            "session_issuer_arn": role.arn(),
            "session_issuer_principal_id": role.id(),
            "session_creation_date": self.created.to_string(),
            "source_ip_address": "192.0.2.1",
            "user_agent": "client",
        });
        columns.extend(more.as_object().cloned().unwrap_or_default());
        columns
    }

    /// A record of its issue.
    pub(super) fn issued(
        &self,
        account: &str,
        mut row: Map<String, Value>,
        hidden: bool,
        shared: Option<&str>,
    ) -> Map<String, Value> {
        row.insert("event_source".into(), json!("sts.amazonaws.com"));
        row.insert("event_time".into(), json!(self.created.to_string()));
        row.insert("recipient_account_id".into(), json!(account));
        row.insert("shared_event_id".into(), json!(shared));
        row.insert("assumed_role_arn".into(), json!(self.role.arn()));
        row.insert("role_session_name".into(), json!(self.name));
        row.insert(
            "assumed_role_id".into(),
            json!(format!("{}:{}", self.role.id(), self.name)),
        );
        if !hidden {
            row.insert("issued_access_key_id".into(), json!(self.key));
        }
        row
    }

    /// Whether the records that are left tell whose a call of it is, so far down its chain.
    pub(super) fn tells(&self, way: Way, depth: usize) -> bool {
        way == Way::SourceIdentity || self.known || (depth == 0 && way.shows_in_calls())
    }
}
