//! Who may invoke a workload by its own permissions: the view `workloads` in, the table `permitted_invokers` out.
//!
//! Every role of the snapshot in the workload's account is asked, boundary and control policies included. A call from
//! another account needs the resource's policy as well, which is a way in of its own (`queries/invokers.sql`). A Bedrock
//! agent is asked about as any alias of it: a policy that names a single alias is not found.
//! Source: Service Authorization Reference, AWS Lambda, AWS Step Functions, Amazon Bedrock, Amazon Bedrock `AgentCore`.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use curtail_iam::simulate::{AbsentKey, AccessRequest, Engine, Principal, Verdict};
use rayon::prelude::*;

use crate::Error;
use crate::engine::Table;
use crate::inventory::{Inventory, SnapshotRole};
use crate::posture::access;
use crate::read::Columns;

/// Something that can be invoked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Workload {
    arn: String,
    account_id: String,
    action: &'static str,
    /// What the permission has to name.
    resource: String,
}

/// A role that may invoke a workload.
struct Invoker<'a> {
    role_arn: &'a str,
    workload: &'a Workload,
    decision: &'static str,
    needs: String,
}

/// Asks every role of the snapshot about every workload of its account.
///
/// # Errors
/// [`Error::Column`] if the view does not give its columns, [`Error::Rows`] if the rows do not fit together.
pub(crate) fn permitted_invokers(
    inventory: &Inventory,
    workloads: &[RecordBatch],
) -> Result<RecordBatch, Error> {
    let by_account = by_account(workloads)?;
    let roles: Vec<&SnapshotRole> = inventory
        .roles()
        .filter(|role| by_account.contains_key(&role.account_id))
        .collect();
    let rows: Vec<Invoker<'_>> = roles
        .into_par_iter()
        .flat_map_iter(|role| {
            let workloads = by_account
                .get(&role.account_id)
                .map_or(&[][..], Vec::as_slice);
            of_role(role, workloads, inventory)
        })
        .collect();
    let mut table = Table::new("permitted_invokers");
    table.texts("role_arn", rows.iter().map(|row| Some(row.role_arn)));
    table.texts(
        "workload_arn",
        rows.iter().map(|row| Some(&row.workload.arn)),
    );
    table.texts("action", rows.iter().map(|row| Some(row.workload.action)));
    table.texts("decision", rows.iter().map(|row| Some(row.decision)));
    table.texts("needs", rows.iter().map(|row| Some(&row.needs)));
    table.finish()
}

fn of_role<'a>(
    role: &'a SnapshotRole,
    workloads: &'a [Workload],
    inventory: &Inventory,
) -> Vec<Invoker<'a>> {
    let Ok(principal) = Principal::parse(&role.arn) else {
        return Vec::new();
    };
    let (policies, _) = inventory.policies(role);
    let engine = Engine::new(principal, &BTreeMap::new(), &access(&policies));
    let decided = workloads.iter().filter_map(|workload| {
        let verdict = engine.decide(&AccessRequest {
            action: workload.action.to_owned(),
            resource: Some(workload.resource.clone()),
            resource_account: workload.account_id.clone(),
            absent: AbsentKey::Unknown,
            ..AccessRequest::default()
        });
        let decision = match verdict {
            Verdict::Allowed { .. } => "allowed",
            Verdict::Undecided { .. } => "undecided",
            Verdict::ExplicitlyDenied { .. } | Verdict::ImplicitlyDenied => return None,
        };
        Some(Invoker {
            role_arn: &role.arn,
            workload,
            decision,
            needs: verdict.needs().join(", "),
        })
    });
    decided.collect()
}

/// The workloads that an IAM action invokes, each once, by the account in their ARNs.
fn by_account(batches: &[RecordBatch]) -> Result<BTreeMap<String, Vec<Workload>>, Error> {
    let mut found: BTreeMap<String, Vec<Workload>> = BTreeMap::new();
    for batch in batches {
        let columns = Columns {
            view: "workloads",
            batch,
        };
        let [arn, kind] = columns.text_columns(["workload_arn", "kind"])?;
        for row in columns.rows() {
            let arn = arn.owned(row);
            let Some(workload) = workload(&arn, kind.get(row).unwrap_or_default()) else {
                continue;
            };
            found
                .entry(workload.account_id.clone())
                .or_default()
                .push(workload);
        }
    }
    for workloads in found.values_mut() {
        workloads.sort();
        workloads.dedup();
    }
    Ok(found)
}

fn workload(arn: &str, kind: &str) -> Option<Workload> {
    let action = match kind {
        "lambda" => "lambda:InvokeFunction",
        "state_machine" => "states:StartExecution",
        "bedrock_agent" => "bedrock:InvokeAgent",
        "agentcore_runtime" => "bedrock-agentcore:InvokeAgentRuntime",
        "agentcore_gateway" => "bedrock-agentcore:InvokeGateway",
        _ => return None,
    };
    let resource = if kind == "bedrock_agent" {
        // The permission names an alias of the agent.
        format!("{}/*", arn.replacen(":agent/", ":agent-alias/", 1))
    } else {
        arn.to_owned()
    };
    Some(Workload {
        arn: arn.to_owned(),
        account_id: arn.split(':').nth(4)?.to_owned(),
        action,
        resource,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_action_invokes_is_no_workload_to_ask_about() {
        assert!(workload("arn:aws:ecs:r:1:task-definition/t", "ecs_task").is_none());
        assert!(workload("nothing", "lambda").is_none());
    }

    #[test]
    fn a_bedrock_agent_is_asked_about_by_its_aliases() {
        let agent = workload(
            "arn:aws:bedrock:eu-west-1:111122223333:agent/A",
            "bedrock_agent",
        )
        .unwrap();
        assert_eq!(
            agent.resource,
            "arn:aws:bedrock:eu-west-1:111122223333:agent-alias/A/*"
        );
        assert_eq!(agent.account_id, "111122223333");
    }
}
