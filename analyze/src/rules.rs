//! The legitimacy rules: texts with a header and settings in, checked [`Rule`]s out.
//!
//! A rule is an SQL file whose head says what it finds, how bad that is, and what it can be told. Those of
//! `queries/legitimacy/` are built in; a folder of the user's adds others, which are read, checked and run in the same
//! way. `curtail.toml` turns rules off, gives them another severity, and sets their parameters; values reach the SQL as
//! the columns of a table, never as text.
//!
//! Whether a rule's SQL only reads and gives the columns of a rule is checked where it is planned, in the engine.

mod built_in;
mod folder;
mod header;
mod parameter;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use built_in::RULES;
pub use folder::RuleFile;
pub use header::{Effect, RuleHeader};
pub use parameter::{Parameter, ParameterValue};

use crate::Error;
use crate::analysis::Severity;

/// The rules of the user and what is set about all rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleOptions {
    /// Rules beside those that are built in.
    pub files: Vec<RuleFile>,
    /// What is set, by a rule's id.
    pub settings: BTreeMap<String, RuleSettings>,
}

/// What `[rules.ID]` of `curtail.toml` says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct RuleSettings {
    /// Whether the rule runs; it does where this is not given.
    pub enabled: Option<bool>,
    /// How much its findings matter; as the rule says where this is not given.
    pub severity: Option<Severity>,
    /// Values of its parameters, by name.
    #[serde(flatten)]
    pub values: BTreeMap<String, ParameterValue>,
}

/// A rule as it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) header: RuleHeader,
    /// The file, head comment included.
    pub(crate) sql: String,
    /// The file's name, as errors call it; none: it is built in.
    pub(crate) file: Option<String>,
    pub(crate) enabled: bool,
    pub(crate) severity: Severity,
    /// The value of each parameter, in the order of the header.
    pub(crate) values: Vec<ParameterValue>,
}

impl Rule {
    /// What errors call the rule's file.
    pub(crate) fn file_name(&self) -> String {
        let built_in = || format!("queries/legitimacy/{}.sql", self.header.id);
        self.file.clone().unwrap_or_else(built_in)
    }

    /// The name of the one-row table that holds its values.
    pub(crate) fn parameters_table(&self) -> String {
        format!("{}_parameters", self.header.id)
    }
}

/// Every rule, by id, each once.
#[derive(Debug, Clone, Default)]
pub(crate) struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// The built-in rules and those of the user, with what is set about them.
    ///
    /// # Errors
    /// [`Error::Rule`] for a header that cannot be meant or an id that is given twice, [`Error::RuleSetting`] for a
    /// setting that no rule has.
    pub(crate) fn resolve(options: &RuleOptions) -> Result<Self, Error> {
        let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
        for (id, text) in RULES {
            let file = format!("queries/legitimacy/{id}.sql");
            let rule = rule(RuleHeader::parse(text, &file)?, text, None, options)?;
            rules.insert(rule.header.id.clone(), rule);
        }
        for file in &options.files {
            let header = RuleHeader::parse(&file.text, &file.name)?;
            if let Some(other) = rules.get(&header.id) {
                return Err(taken(&header, file, other));
            }
            let rule = rule(header, &file.text, Some(file.name.clone()), options)?;
            rules.insert(rule.header.id.clone(), rule);
        }
        if let Some(id) = options.settings.keys().find(|id| !rules.contains_key(*id)) {
            return Err(Error::RuleSetting {
                rule: id.clone(),
                problem: "there is no such rule".to_owned(),
                remedy: "`curtail sql 'SELECT rule, title FROM rules'` lists the rules; those of a folder need --rules or `[rules] folder`",
            });
        }
        Ok(Self {
            rules: rules.into_values().collect(),
        })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }

    /// The rule of that id.
    pub(crate) fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.header.id == id)
    }
}

fn taken(header: &RuleHeader, file: &RuleFile, other: &Rule) -> Error {
    let first = match &other.file {
        Some(name) => format!("is the rule of `{name}` already"),
        None => "is a built-in rule".to_owned(),
    };
    Error::Rule {
        file: file.name.clone(),
        line: header.id_line(),
        problem: format!("`{}` {first}", header.id),
        remedy: "give each rule an id, and a file name, of its own",
    }
}

/// The rule with what is set about it.
fn rule(
    header: RuleHeader,
    text: &str,
    file: Option<String>,
    options: &RuleOptions,
) -> Result<Rule, Error> {
    let none = RuleSettings::default();
    let settings = options.settings.get(&header.id).unwrap_or(&none);
    let known = |name: &str| header.parameters.iter().any(|known| known.name == name);
    if let Some(name) = settings.values.keys().find(|name| !known(name)) {
        let names = header.parameters.iter().map(|known| known.name.as_str());
        let names: Vec<&str> = ["enabled", "severity"].into_iter().chain(names).collect();
        return Err(Error::RuleSetting {
            rule: header.id,
            problem: format!(
                "it has no parameter `{}`; it has {}",
                name.escape_debug(),
                names.join(", ")
            ),
            remedy: "correct the name under [rules.ID] of curtail.toml",
        });
    }
    let mut values = Vec::with_capacity(header.parameters.len());
    for parameter in &header.parameters {
        values.push(match settings.values.get(&parameter.name) {
            Some(value) => parameter.accept(&header.id, value)?,
            None => parameter.default.clone(),
        });
    }
    Ok(Rule {
        sql: text.to_owned(),
        file,
        enabled: settings.enabled.unwrap_or(true),
        severity: settings.severity.unwrap_or(header.severity),
        values,
        header,
    })
}

#[cfg(test)]
mod tests;
