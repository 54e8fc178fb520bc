//! Signs put together: which agents they amount to, each with a name of its own.
//!
//! Where signs tell several workloads of one role apart, each is an agent; else the role is one. The key of a binding is
//! kept where another workload has the role too, or where the log itself shows it: what only an inventory names may never show
//! in a record.

use std::collections::{BTreeMap, BTreeSet};

use curtail_iam::arn::RoleArn;

use super::{Confidence, Sign};
use crate::agents::{LONGEST_NAME, UNATTRIBUTED, is_mail_address, is_name, is_pattern};

/// Room for what tells agents of one name apart, in characters: an account after `@`, and a number after `-`.
const LONGEST_SUFFIX: usize = 20;

/// An agent that signs amount to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate<'a> {
    pub(super) name: String,
    pub(super) role_arn: &'a str,
    pub(super) binding: Option<(&'a str, &'a str)>,
    pub(super) owners: BTreeSet<&'a str>,
    pub(super) confidence: Confidence,
    /// Signs of this very workload.
    pub(super) signs: Vec<&'a Sign>,
    /// Signs of the role, which other workloads may share.
    pub(super) role_signs: Vec<&'a Sign>,
}

/// The agents that the signs amount to, by role and binding.
pub(super) fn candidates(signs: &[Sign]) -> Vec<Candidate<'_>> {
    let mut by_role: BTreeMap<&str, Vec<&Sign>> = BTreeMap::new();
    for sign in signs
        .iter()
        .filter(|sign| RoleArn::parse(&sign.role_arn).is_ok())
    {
        by_role.entry(&sign.role_arn).or_default().push(sign);
    }
    let mut taken = BTreeSet::new();
    let mut candidates: Vec<Candidate<'_>> = by_role
        .into_iter()
        .flat_map(|(role_arn, signs)| of_role(role_arn, &signs))
        .collect();
    for candidate in &mut candidates {
        candidate.name = name(&candidate.name, candidate.role_arn, &mut taken);
    }
    candidates
}

fn of_role<'a>(role_arn: &'a str, signs: &[&'a Sign]) -> Vec<Candidate<'a>> {
    let mut by_binding: BTreeMap<Option<(&str, &str)>, Vec<&Sign>> = BTreeMap::new();
    for sign in signs {
        by_binding.entry(usable(sign)).or_default().push(sign);
    }
    let of_the_role = by_binding.remove(&None).unwrap_or_default();
    if by_binding.len() < 2 {
        // What is said of the role is said of the one workload on it.
        let (binding, mut own) = by_binding.pop_first().unwrap_or_default();
        let seen = own.iter().any(|sign| is_of_the_log(sign));
        own.extend(of_the_role);
        return vec![candidate(
            role_arn,
            binding.filter(|_| seen),
            own,
            Vec::new(),
        )];
    }
    by_binding
        .into_iter()
        .map(|(binding, own)| candidate(role_arn, binding, own, of_the_role.clone()))
        .collect()
}

fn is_of_the_log(sign: &Sign) -> bool {
    matches!(sign.kind.as_str(), "session" | "mcp" | "model_invocation")
}

/// The binding that a sign stands for, if it can be written down.
fn usable(sign: &Sign) -> Option<(&str, &str)> {
    let (key, value) = sign.binding.as_ref()?;
    let fits = match key.as_str() {
        "service_account" => value.matches('/').count() == 1,
        "lambda_function" => value.contains(":function:"),
        "oidc_subject" | "ecs_task_family" | "user_agent" => true,
        _ => false,
    };
    (fits && is_pattern(value)).then_some((key.as_str(), value.as_str()))
}

fn candidate<'a>(
    role_arn: &'a str,
    binding: Option<(&'a str, &'a str)>,
    signs: Vec<&'a Sign>,
    role_signs: Vec<&'a Sign>,
) -> Candidate<'a> {
    let role_name = role_arn.rsplit('/').next().unwrap_or(role_arn);
    let names: BTreeSet<&str> = signs
        .iter()
        .map(|sign| sign.candidate.as_str())
        .filter(|name| *name != role_name)
        .collect();
    let mut only = names.iter();
    let name = match (only.next(), only.next()) {
        (Some(name), None) => name,
        _ => signs
            .first()
            .filter(|_| binding.is_some())
            .map_or(role_name, |sign| &sign.candidate),
    };
    Candidate {
        name: name.to_owned(),
        role_arn,
        binding,
        owners: signs
            .iter()
            .flat_map(|sign| &sign.owners)
            .map(String::as_str)
            .filter(|owner| is_mail_address(owner))
            .collect(),
        confidence: signs
            .iter()
            .map(|sign| sign.confidence)
            .max()
            .unwrap_or(Confidence::Low),
        signs,
        role_signs,
    }
}

/// A name that an agent can have and that none has yet: with the account, then with a number, where it is taken.
fn name(wanted: &str, role_arn: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String = wanted
        .chars()
        .map(|letter| {
            if is_name(&letter.to_string()) && letter != ' ' {
                letter
            } else {
                '-'
            }
        })
        .take(LONGEST_NAME)
        .collect();
    let clean = if clean.is_empty() || clean == UNATTRIBUTED {
        "agent".to_owned()
    } else {
        clean
    };
    let account = role_arn.split(':').nth(4).unwrap_or_default();
    let short: String = clean.chars().take(LONGEST_NAME - LONGEST_SUFFIX).collect();
    let with_account = format!("{short}@{account}");
    let mut number = 1;
    let mut name = clean;
    while !taken.insert(name.clone()) {
        name = if number == 1 {
            with_account.clone()
        } else {
            format!("{with_account}-{number}")
        };
        number += 1;
    }
    name
}
