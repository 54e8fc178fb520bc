//! What `agents.toml` says, checked value by value: names, role ARNs, patterns, networks.

use std::collections::BTreeMap;

use curtail_iam::arn::RoleArn;
use toml::Spanned;

use super::file::{File, RawAgent, RawBinding, RawEnvelope, line_of};
use super::form::{is_arn_pattern, is_mail_address, is_model_pattern, is_name, is_pattern};
use super::{Agent, Binding, Envelope, Hours, Network, NotHours, UNATTRIBUTED};
use crate::Error;

/// The agents of the file, by name.
///
/// # Errors
/// [`Error::Agents`] for the first value that cannot be meant.
pub(super) fn check(file: File, text: &str, name: &str) -> Result<Vec<Agent>, Error> {
    let place = Place { text, name };
    let mut lines = BTreeMap::new();
    let mut agents = Vec::with_capacity(file.agent.len());
    for raw in file.agent {
        let line = place.line(&raw.name);
        if let Some(first) = lines.insert(raw.name.get_ref().clone(), line) {
            let problem = format!(
                "agent `{}` is declared a second time, after line {first}",
                raw.name.get_ref()
            );
            return Err(place.fault(&raw.name, problem, "give each agent a name of its own"));
        }
        agents.push(place.agent(raw)?);
    }
    agents.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(agents)
}

/// The file that values are in, to say where a fault is.
struct Place<'a> {
    text: &'a str,
    name: &'a str,
}

impl Place<'_> {
    fn line<T>(&self, value: &Spanned<T>) -> usize {
        line_of(self.text, value.span().start)
    }

    fn fault<T>(&self, value: &Spanned<T>, problem: String, remedy: &str) -> Error {
        Error::Agents {
            file: self.name.to_owned(),
            line: self.line(value),
            problem,
            remedy: remedy.to_owned(),
        }
    }

    fn agent(&self, raw: RawAgent) -> Result<Agent, Error> {
        self.agent_name(&raw.name)?;
        for owner in &raw.owners {
            self.owner(owner)?;
        }
        if raw.binding.is_empty() {
            let problem = format!("agent `{}` is bound to no role", raw.name.get_ref());
            return Err(self.fault(
                &raw.name,
                problem,
                "add an [[agent.binding]] table with `role = \"arn:aws:iam::...\"`",
            ));
        }
        let mut bindings = raw
            .binding
            .into_iter()
            .map(|binding| self.binding(binding))
            .collect::<Result<Vec<_>, _>>()?;
        bindings.sort();
        bindings.dedup();
        Ok(Agent {
            name: raw.name.into_inner(),
            owners: raw.owners.into_iter().map(Spanned::into_inner).collect(),
            purpose: raw.purpose,
            environment: raw.environment,
            binding_pattern: raw.binding_pattern,
            propagation_pattern: raw.propagation_pattern,
            bindings,
            tools: self.patterns(
                raw.tools,
                is_arn_pattern,
                "an ARN",
                "write tools as ARNs, for example arn:aws:lambda:eu-west-1:111122223333:function:search-*",
            )?,
            envelope: raw
                .envelope
                .map(|envelope| self.envelope(envelope))
                .transpose()?,
            problems: Vec::new(),
        })
    }

    fn agent_name(&self, name: &Spanned<String>) -> Result<(), Error> {
        let text = name.get_ref();
        if text.trim().is_empty() || !is_name(text) {
            let problem = format!("`{}` cannot be the name of an agent", text.escape_debug());
            return Err(self.fault(
                name,
                problem,
                "use 1 to 64 letters, digits, spaces and any of - _ . @ /",
            ));
        }
        if text == UNATTRIBUTED {
            let problem = format!("`{UNATTRIBUTED}` cannot be the name of an agent");
            return Err(self.fault(
                name,
                problem,
                "choose another name: this one stands for calls of no known agent",
            ));
        }
        Ok(())
    }

    fn owner(&self, owner: &Spanned<String>) -> Result<(), Error> {
        let address = owner.get_ref();
        if is_mail_address(address) {
            return Ok(());
        }
        let problem = format!("owner `{}` is not a mail address", address.escape_debug());
        Err(self.fault(
            owner,
            problem,
            "write owners as a list of addresses such as \"team@example.com\"",
        ))
    }

    fn binding(&self, raw: RawBinding) -> Result<Binding, Error> {
        if RoleArn::parse(raw.role.get_ref()).is_err() {
            let problem = format!(
                "`{}` is not the ARN of a role",
                raw.role.get_ref().escape_debug()
            );
            return Err(self.fault(
                &raw.role,
                problem,
                "write the whole ARN with its path: arn:aws:iam::111122223333:role/path/name",
            ));
        }
        Ok(Binding {
            role: raw.role.into_inner(),
            oidc_subject: self.pattern(raw.oidc_subject)?,
            service_account: self.service_account(raw.service_account)?,
            lambda_function: self.lambda_function(raw.lambda_function)?,
            ecs_task_family: self.pattern(raw.ecs_task_family)?,
            instance_id: self.pattern(raw.instance_id)?,
            source_identity: self.pattern(raw.source_identity)?,
            session_name: self.pattern(raw.session_name)?,
            user_agent: self.pattern(raw.user_agent)?,
            source_network: raw
                .source_network
                .map(|network| self.network(&network))
                .transpose()?,
        })
    }

    fn envelope(&self, raw: RawEnvelope) -> Result<Envelope, Error> {
        let networks = raw
            .networks
            .iter()
            .map(|network| self.network(network))
            .collect::<Result<_, _>>()?;
        Ok(Envelope {
            actions: self.patterns(
                raw.actions,
                |text| text == "*" || text.contains(':'),
                "an action",
                "write actions as `service:Name`, for example s3:Get*",
            )?,
            resources: self.patterns(
                raw.resources,
                is_arn_pattern,
                "an ARN",
                "write resources as ARNs, for example arn:aws:s3:::reports/*",
            )?,
            regions: self.patterns(
                raw.regions,
                |text| !text.contains(':'),
                "a region",
                "write regions by code, for example eu-west-1",
            )?,
            networks,
            assumable_roles: self.patterns(
                raw.assumable_roles,
                is_arn_pattern,
                "a role's ARN",
                "write roles as ARNs, for example arn:aws:iam::111122223333:role/tools/*",
            )?,
            hours: raw
                .hours
                .iter()
                .map(|hours| self.hours(hours))
                .collect::<Result<_, _>>()?,
            models: self.patterns(
                raw.models,
                is_model_pattern,
                "a model",
                "write models by id or ARN, for example eu.anthropic.claude-*",
            )?,
        })
    }

    fn hours(&self, raw: &Spanned<String>) -> Result<Hours, Error> {
        raw.get_ref().parse().map_err(|reason: NotHours| {
            let problem = format!(
                "`{}` are no hours: {}",
                raw.get_ref().escape_debug(),
                reason.to_string().escape_debug()
            );
            self.fault(raw, problem, &reason.remedy())
        })
    }

    fn patterns(
        &self,
        raw: Vec<Spanned<String>>,
        fits: fn(&str) -> bool,
        what: &str,
        remedy: &'static str,
    ) -> Result<Vec<String>, Error> {
        let mut patterns = Vec::with_capacity(raw.len());
        for pattern in raw {
            if !is_pattern(pattern.get_ref()) || !fits(pattern.get_ref()) {
                let problem = format!(
                    "`{}` is not the pattern of {what}",
                    pattern.get_ref().escape_debug()
                );
                return Err(self.fault(&pattern, problem, remedy));
            }
            patterns.push(pattern.into_inner());
        }
        patterns.sort();
        patterns.dedup();
        Ok(patterns)
    }

    fn pattern(&self, raw: Option<Spanned<String>>) -> Result<Option<String>, Error> {
        match raw {
            Some(pattern) if !is_pattern(pattern.get_ref()) => {
                let problem = format!("`{}` is not a pattern", pattern.get_ref().escape_debug());
                Err(self.fault(
                    &pattern,
                    problem,
                    "write printable text; `*` stands for any run of characters, `?` for one",
                ))
            }
            pattern => Ok(pattern.map(Spanned::into_inner)),
        }
    }

    fn service_account(&self, raw: Option<Spanned<String>>) -> Result<Option<String>, Error> {
        match &raw {
            Some(account) if account.get_ref().matches('/').count() != 1 => {
                let problem = format!(
                    "`{}` is not a service account",
                    account.get_ref().escape_debug()
                );
                Err(self.fault(account, problem, "write it as `namespace/name`"))
            }
            _ => self.pattern(raw),
        }
    }

    fn lambda_function(&self, raw: Option<Spanned<String>>) -> Result<Option<String>, Error> {
        match &raw {
            Some(function) if !function.get_ref().contains(":function:") => {
                let problem = format!(
                    "`{}` is not the ARN of a function",
                    function.get_ref().escape_debug()
                );
                Err(self.fault(
                    function,
                    problem,
                    "write it as arn:aws:lambda:region:account:function:name",
                ))
            }
            _ => self.pattern(raw),
        }
    }

    fn network(&self, raw: &Spanned<String>) -> Result<Network, Error> {
        raw.get_ref().parse().map_err(|_| {
            let problem = format!("`{}` is not an IP network", raw.get_ref().escape_debug());
            self.fault(
                raw,
                problem,
                "write it as CIDR, for example 10.0.0.0/8 or 2001:db8::/32",
            )
        })
    }
}
