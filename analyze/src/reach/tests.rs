//! What reach finds in small organisations.

mod methods;
mod steps;

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use serde_json::{Value, json};

use super::*;
use crate::inventory::Inventory;

pub(super) const ACCOUNT: &str = "111122223333";
pub(super) const OTHER: &str = "444455556666";

/// A snapshot in the making.
#[derive(Default)]
pub(super) struct Snapshot {
    rows: Vec<[String; 6]>,
}

pub(super) fn role(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

pub(super) fn document(statements: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

pub(super) fn allow(actions: &[&str], resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resource})
}

pub(super) fn trust(principal: &Value) -> Value {
    document(&json!([{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]))
}

pub(super) fn root(account: &str) -> Value {
    json!({"AWS": format!("arn:aws:iam::{account}:root")})
}

pub(super) fn service(name: &str) -> Value {
    json!({"Service": name})
}

impl Snapshot {
    pub(super) fn add(&mut self, kind: &str, arn: &str, value: &Value) -> &mut Self {
        let account = arn
            .split(':')
            .nth(4)
            .filter(|account| account.len() == 12)
            .unwrap_or(ACCOUNT);
        self.rows
            .push([account, kind, arn, arn, "", &value.to_string()].map(str::to_owned));
        self
    }

    /// A role with an inline policy, a trust policy, and more of its document.
    pub(super) fn role(
        &mut self,
        arn: &str,
        statements: &Value,
        trust: &Value,
        more: &Value,
    ) -> &mut Self {
        let mut value = json!({
            "RoleName": arn.rsplit('/').next(), "RoleId": arn, "Path": "/", "AssumeRolePolicyDocument": trust,
            "InstanceProfileList": [],
            "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": document(statements)}],
        });
        if statements.as_array().is_some_and(Vec::is_empty) {
            value["RolePolicyList"] = json!([]);
        }
        for (key, more) in more.as_object().into_iter().flatten() {
            value[key] = more.clone();
        }
        self.add("role", arn, &value)
    }

    pub(super) fn policy(&mut self, arn: &str, statements: &Value) -> &mut Self {
        let version =
            json!({"VersionId": "v1", "IsDefaultVersion": true, "Document": document(statements)});
        self.add(
            "policy",
            arn,
            &json!({"PolicyName": arn.rsplit('/').next(), "Arn": arn, "DefaultVersionId": "v1", "PolicyVersionList": [version]}),
        )
    }

    pub(super) fn resource(&mut self, type_name: &str, properties: &Value) -> &mut Self {
        self.rows.push(
            [
                ACCOUNT,
                "resource",
                &properties.to_string(),
                "",
                "",
                &json!({"TypeName": type_name, "Region": "eu-west-1", "Properties": properties})
                    .to_string(),
            ]
            .map(str::to_owned),
        );
        self
    }

    /// An organisation with one SCP on its root, over the account.
    pub(super) fn scp(&mut self, statements: &Value) -> &mut Self {
        let policy = json!({"Policy": {"PolicySummary": {"Name": "limits", "Arn": "arn:scp"}, "Content": document(statements)},
            "Targets": [{"TargetId": "r-1"}, {"TargetId": ACCOUNT}]});
        let management = "999988887777";
        for (kind, id, value) in [
            ("root", "r-1", json!({"Id": "r-1"})),
            (
                "account",
                ACCOUNT,
                json!({"Id": ACCOUNT, "ParentId": "r-1"}),
            ),
            ("scp", "p-1", policy),
        ] {
            self.rows
                .push([management, kind, id, "", "", &value.to_string()].map(str::to_owned));
        }
        self
    }

    pub(super) fn inventory(&self) -> Inventory {
        let names = ["account_id", "kind", "id", "arn", "name", "document"];
        let columns = names.into_iter().enumerate().map(|(place, name)| {
            let column: StringArray = self
                .rows
                .iter()
                .map(|row| Some(row[place].as_str()))
                .collect();
            (name, Arc::new(column) as ArrayRef)
        });
        Inventory::read(&[RecordBatch::try_from_iter(columns).unwrap()]).unwrap()
    }

    pub(super) fn reach(&self) -> Reach {
        let inventory = self.inventory();
        let roles = inventory.roles().map(|role| role.arn.clone()).collect();
        reach(&inventory, &roles, &[])
    }
}
