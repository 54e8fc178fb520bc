//! Agents where no file declares any: one for each role that made a call, under the role's name.
//!
//! Service-linked roles belong to AWS, not to a workload, and are left out.
//! Source: IAM User Guide, "Using service-linked roles" (they have the path `/aws-service-role/`).

use std::collections::BTreeMap;

use curtail_iam::arn::RoleArn;

use super::{Agent, Binding, UNATTRIBUTED};

/// One agent per role, by name. Where two accounts have a role of the same name, each agent's name has its account.
pub(crate) fn implicit(role_arns: &[String]) -> Vec<Agent> {
    let mut by_name: BTreeMap<String, Vec<RoleArn>> = BTreeMap::new();
    for role in role_arns.iter().filter_map(|arn| RoleArn::parse(arn).ok()) {
        if !role.path().starts_with("/aws-service-role/") {
            by_name
                .entry(role.name().to_owned())
                .or_default()
                .push(role);
        }
    }
    let mut agents: Vec<Agent> = by_name
        .into_iter()
        .flat_map(|(name, roles)| {
            let alone = roles.len() == 1 && name != UNATTRIBUTED;
            roles.into_iter().map(move |role| agent(&role, alone))
        })
        .collect();
    agents.sort_by(|left, right| left.name.cmp(&right.name));
    agents
}

fn agent(role: &RoleArn, alone: bool) -> Agent {
    let name = if alone {
        role.name().to_owned()
    } else {
        format!("{}@{}", role.name(), role.account_id())
    };
    Agent {
        name,
        owners: Vec::new(),
        purpose: String::new(),
        environment: None,
        binding_pattern: None,
        propagation_pattern: None,
        bindings: vec![Binding {
            role: role.as_str().to_owned(),
            ..Binding::default()
        }],
        tools: Vec::new(),
        envelope: None,
        problems: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arns: &[&str]) -> Vec<String> {
        let arns: Vec<String> = arns.iter().map(|arn| (*arn).to_owned()).collect();
        implicit(&arns)
            .into_iter()
            .map(|agent| agent.name)
            .collect()
    }

    #[test]
    fn each_role_is_an_agent_under_its_own_name() {
        let roles = [
            "arn:aws:iam::111122223333:role/my-app",
            "arn:aws:iam::111122223333:role/team/app",
        ];
        assert_eq!(names(&roles), ["app", "my-app"]);
    }

    #[test]
    fn two_roles_of_one_name_are_told_apart_by_account() {
        let roles = [
            "arn:aws:iam::444455556666:role/app",
            "arn:aws:iam::111122223333:role/app",
        ];
        assert_eq!(names(&roles), ["app@111122223333", "app@444455556666"]);
    }

    #[test]
    fn service_linked_roles_are_no_agents() {
        let roles = [
            "arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
        ];
        assert_eq!(names(&roles), Vec::<String>::new());
    }
}
