//! `curtail diff`: the suggested policy diffs and their proofs.

use std::io::Write;

use anyhow::anyhow;
use curtail_iam::catalog::Catalog;
use curtail_report::diff::PolicyDiff;
use curtail_report::review::RoleReview;

use super::{Context, analyze, unwritten};
use crate::arguments::{DiffArguments, Format};
use crate::exit::{Done, Failure};
use crate::output;

/// Prints the unified diff of each policy that has one, and what is withheld with its reason.
pub(crate) async fn run(context: &Context<'_>, typed: &DiffArguments) -> Result<Done, Failure> {
    let analysis = analyze::analyze(context, &typed.review).await?;
    if let Some(agent) = &typed.agent
        && !analysis.agents.iter().any(|known| known.name == *agent)
    {
        return Err(Failure::usage(anyhow!("no agent is named `{agent}`"))
            .hint("`curtail sql 'select agent from agents'` lists them"));
    }
    let review = curtail_report::build(
        &analysis,
        Catalog::embedded(),
        &curtail_report::Options::default(),
    );
    let roles: Vec<&RoleReview> = review
        .roles
        .iter()
        .filter(|role| {
            typed
                .agent
                .as_ref()
                .is_none_or(|agent| role.agents.contains(agent))
        })
        .collect();
    let printed = match context.common.format {
        Format::Json => output::json(&roles),
        Format::Csv => output::csv(&HEAD, &rows(&roles)),
        Format::Text => tell(&roles),
    };
    printed.map_err(unwritten)?;
    Ok(analyze::done(context, &typed.review, &analysis))
}

const HEAD: [&str; 6] = [
    "role_arn",
    "policy",
    "form",
    "removed_actions",
    "calls_replayed",
    "withheld",
];

fn rows(roles: &[&RoleReview]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for role in roles {
        let replayed = role
            .trim
            .proof
            .as_ref()
            .map(|proof| proof.calls_replayed.to_string());
        for policy in &role.trim.policies {
            rows.push(vec![
                role.arn.clone(),
                policy.policy.clone(),
                policy.form.as_str().to_owned(),
                policy.removed.len().to_string(),
                replayed.clone().unwrap_or_default(),
                policy.withheld.clone().unwrap_or_default(),
            ]);
        }
    }
    rows
}

/// Prints the diffs as `patch` reads them: what is not part of a diff stands in lines that begin with `#`.
fn tell(roles: &[&RoleReview]) -> std::io::Result<()> {
    let mut out = output::stdout();
    for role in roles {
        if role.trim.policies.is_empty() && role.trim.withheld.is_none() {
            continue;
        }
        comment(&mut out, &role.arn)?;
        if let Some(reason) = &role.trim.withheld {
            comment(&mut out, &format!("withheld: {reason}"))?;
        }
        if let Some(proof) = &role.trim.proof {
            let proof = format!(
                "proof: {} calls replayed, {} would be denied, {} hang on context that the log lacks",
                proof.calls_replayed, proof.would_be_denied, proof.undecided
            );
            comment(&mut out, &proof)?;
        }
        for policy in &role.trim.policies {
            tell_policy(&mut out, policy)?;
        }
        writeln!(out)?;
    }
    out.flush()
}

fn tell_policy(out: &mut impl Write, policy: &PolicyDiff) -> std::io::Result<()> {
    let what = format!(
        "{} {}: {} actions go",
        policy.form.as_str(),
        policy.policy,
        policy.removed.len()
    );
    comment(out, &what)?;
    if let Some(reason) = &policy.withheld {
        comment(out, &format!("withheld: {reason}"))?;
    }
    write!(out, "{}", output::printable(&policy.unified))
}

fn comment(out: &mut impl Write, text: &str) -> std::io::Result<()> {
    writeln!(out, "# {}", output::printable(text).replace('\n', " "))
}
