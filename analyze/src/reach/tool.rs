//! Roles that a role comes to by invoking what runs under them: functions, state machines, agents, runtimes, gateways.
//!
//! The role's own policies or the policy of the resource let it invoke; a Bedrock agent besides calls the functions of
//! its action groups, for which the functions' policies name the service.
//! Sources: Service Authorization Reference, the actions of each service; AWS Lambda Developer Guide, "Using
//! resource-based policies"; Amazon Bedrock User Guide, "Resource-based policies to allow Amazon Bedrock to invoke an
//! action group Lambda function".

use curtail_iam::document::{Effect, ResourceElement};
use curtail_iam::pattern::wildcard_match_ignore_case;
use curtail_iam::policy::Context;
use rayon::prelude::*;

use super::answer::{Answer, best};
use super::caller::{Asked, Caller};
use super::edge::{Edge, EdgeKind};
use super::world::{World, by_service};
use crate::inventory::{Compute, ComputeKind};

const BEDROCK: &str = "bedrock.amazonaws.com";
const INVOKE: &str = "lambda:InvokeFunction";

/// What can be invoked.
const KINDS: [ComputeKind; 5] = [
    ComputeKind::Function,
    ComputeKind::StateMachine,
    ComputeKind::Agent,
    ComputeKind::Runtime,
    ComputeKind::Gateway,
];

/// The actions that start compute of a kind; none for what is not invoked.
fn invocations(kind: ComputeKind) -> &'static [&'static str] {
    match kind {
        ComputeKind::Function => &[INVOKE],
        ComputeKind::StateMachine => &["states:StartExecution", "states:StartSyncExecution"],
        ComputeKind::Agent => &["bedrock:InvokeAgent"],
        ComputeKind::Runtime => &["bedrock-agentcore:InvokeAgentRuntime"],
        ComputeKind::Gateway => &["bedrock-agentcore:InvokeGateway"],
        ComputeKind::Task | ComputeKind::Pod => &[],
    }
}

/// The actions that start compute, each once.
pub(super) fn actions() -> impl Iterator<Item = &'static str> {
    KINDS
        .into_iter()
        .flat_map(|kind| invocations(kind).iter().copied())
}

/// Every `tool_role` step.
pub(super) fn edges(world: &World<'_>) -> Vec<Edge> {
    let compute: Vec<&Compute> = world
        .compute
        .iter()
        .filter(|one| !invocations(one.kind).is_empty())
        .collect();
    let callers: Vec<_> = world.callers.iter().collect();
    let mut edges: Vec<Edge> = callers
        .par_iter()
        .flat_map_iter(|(from, caller)| {
            let allowed: Vec<&str> = actions()
                .filter(|action| caller.has_allow(action))
                .collect();
            let steps = compute.iter().filter_map(move |one| {
                let answer = may_invoke(world, caller, one, &allowed)?;
                step(from, one, answer)
            });
            super::edge::distinct(steps)
        })
        .collect();
    edges.extend(compute.iter().flat_map(|agent| tools(world, agent)));
    edges
}

fn step(from: &str, compute: &Compute, mut answer: Answer) -> Option<Edge> {
    answer.evidence.push(format!(
        "`{}` runs under it ({})",
        compute.arn, compute.known_from
    ));
    (from != compute.role_arn).then(|| Edge {
        from: from.to_owned(),
        to: compute.role_arn.clone(),
        kind: EdgeKind::ToolRole,
        via: Some(compute.arn.clone()),
        answer,
    })
}

fn may_invoke(
    world: &World<'_>,
    caller: &Caller<'_>,
    compute: &Compute,
    allowed: &[&str],
) -> Option<Answer> {
    let account_id = compute.account_id();
    let side = world.side(&compute.arn, account_id);
    let actions = invocations(compute.kind).iter();
    let answers = actions
        .filter(|action| allowed.contains(action) || side.policy.is_some())
        .flat_map(|action| {
            let resources = resources(caller, compute, action).into_iter();
            resources.filter_map(move |resource| {
                let asked = Asked {
                    resource: &resource,
                    account_id,
                    side,
                    ..Asked::default()
                };
                caller.on(action, &asked)
            })
        });
    best(answers)
}

/// The ARNs that invoking the compute may name: its own, and those below it that the role's policies name.
fn resources(caller: &Caller<'_>, compute: &Compute, action: &str) -> Vec<String> {
    let base = match compute.kind {
        ComputeKind::Agent => compute.arn.replacen(":agent/", ":agent-alias/", 1),
        _ => compute.arn.clone(),
    };
    let below =
        if compute.kind == ComputeKind::StateMachine || compute.kind == ComputeKind::Function {
            ':'
        } else {
            '/'
        };
    let mut resources = match compute.kind {
        ComputeKind::Agent => vec![format!("{base}/w")],
        _ => vec![base.clone()],
    };
    let statements = caller
        .policies
        .identity
        .iter()
        .flat_map(|policy| &policy.document.statements);
    for statement in statements.filter(|statement| statement.effect == Effect::Allow) {
        let ResourceElement::Resource(patterns) = &statement.resources else {
            continue;
        };
        let mut own = patterns.iter().filter(|pattern| {
            let rest = pattern.strip_prefix(base.as_str());
            rest.is_some_and(|rest| rest.starts_with(below))
        });
        let Some(first) = own.next() else { continue };
        let mut actions = statement.actions.patterns().iter();
        if actions.any(|pattern| wildcard_match_ignore_case(pattern, action)) {
            let own = std::iter::once(first).chain(own);
            resources.extend(own.map(|pattern| pattern.replace(['*', '?'], "w")));
        }
    }
    resources
}

/// The steps of a Bedrock agent to the roles of the functions of its action groups.
fn tools(world: &World<'_>, agent: &Compute) -> Vec<Edge> {
    let steps = agent.tools.iter().filter_map(|function| {
        let compute = world.compute.iter().find(|one| {
            one.kind == ComputeKind::Function
                && (one.arn == *function
                    || function
                        .strip_prefix(&one.arn)
                        .is_some_and(|rest| rest.starts_with(':')))
        })?;
        let account_id = compute.account_id();
        let context = Context::from([
            ("aws:sourcearn".to_owned(), vec![agent.arn.clone()]),
            (
                "aws:sourceaccount".to_owned(),
                vec![agent.account_id().to_owned()],
            ),
        ]);
        let side = world.side(&compute.arn, account_id);
        let hangs_on = match side.policy {
            Some(_) => by_service(BEDROCK, INVOKE, &compute.arn, account_id, context, side)?,
            None => vec!["the policy of the function, which the snapshot lacks".to_owned()],
        };
        let answer = Answer {
            evidence: vec![format!(
                "`{}` has the function as an action group",
                agent.arn
            )],
            hangs_on: hangs_on.into_iter().collect(),
        };
        step(&agent.role_arn, compute, answer)
    });
    steps.collect()
}
