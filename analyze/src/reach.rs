//! What a role can come to beyond its own permissions: the snapshot and the compute that the log shows in; steps from
//! role to role, the roles that are reached, the escalation methods that are open, and what the policies of resources
//! give out.
//!
//! Every step says whether it is certain, and if not what it hangs on; and by which statements. Nothing is a step that
//! policies, boundary or control policies refuse. What the snapshot lacks is no step, except a role of another account
//! that a policy names in full.
//!
//! INVARIANT: the same snapshot gives the same steps in the same order, whatever the number of threads.

mod answer;
mod caller;
mod chain;
mod closure;
mod edge;
mod escalation;
mod method;
mod opened;
mod tool;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use answer::Answer;
pub(crate) use closure::ReachPath;
pub(crate) use edge::{Edge, EdgeKind};
pub(crate) use escalation::Escalation;
pub(crate) use opened::Opened;
use world::World;

use crate::inventory::Inventory;

/// All that was found, each part sorted.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    /// By from, to and kind.
    pub(crate) edges: Vec<Edge>,
    /// From the roles that were asked about, by from and to.
    pub(crate) paths: Vec<ReachPath>,
    /// By role, in the order of the methods.
    pub(crate) escalations: Vec<Escalation>,
    /// Of the roles that were asked about, by role, action and scope.
    pub(crate) opened: Vec<Opened>,
}

/// Finds the reach of every role, and the paths of `roles`. `observed` is compute with the role that the log showed it to
/// run under.
pub(crate) fn reach(
    inventory: &Inventory,
    roles: &BTreeSet<String>,
    observed: &[(String, String)],
) -> Reach {
    let world = World::new(inventory, observed);
    let chain = edge::distinct(chain::edges(&world));
    let mut assumable: BTreeMap<String, Vec<(String, Answer)>> = BTreeMap::new();
    for step in chain.iter().filter(|step| step.kind == EdgeKind::RoleChain) {
        let answer = step.answer.clone();
        assumable
            .entry(step.from.clone())
            .or_default()
            .push((step.to.clone(), answer));
    }
    let (escalations, passed) = escalation::escalations(&world, &assumable);
    let tools = tool::edges(&world);
    let edges = edge::distinct(chain.into_iter().chain(tools).chain(passed));
    Reach {
        paths: closure::paths(&edges, roles),
        opened: opened::opened(&world, roles),
        edges,
        escalations,
    }
}

#[cfg(test)]
mod tests;
