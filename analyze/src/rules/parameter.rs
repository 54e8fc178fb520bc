//! A parameter of a rule: a line of its header in, its name, type, default and meaning out.

use serde::Deserialize;

use crate::Error;

/// A number, a text or a truth value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum ParameterValue {
    /// `boolean`.
    Flag(bool),
    /// `bigint`.
    Number(i64),
    /// `text`.
    Text(String),
}

impl ParameterValue {
    /// The SQL type of the parameter's column.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Flag(_) => "boolean",
            Self::Number(_) => "bigint",
            Self::Text(_) => "text",
        }
    }

    /// The value as people write it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }

    /// A value of the type as the header writes it: `30`, `true`, `'text'`.
    fn parse(type_name: &str, written: &str) -> Option<Self> {
        match type_name {
            "boolean" => written.parse().ok().map(Self::Flag),
            "bigint" => written.parse().ok().map(Self::Number),
            "text" => {
                let text = written.strip_prefix('\'')?.strip_suffix('\'')?;
                (!text.contains('\'')).then(|| Self::Text(text.to_owned()))
            }
            _ => None,
        }
    }
}

/// What a rule can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Name of the setting, and of the column that holds its value.
    pub name: String,
    /// Its value where nothing is set; its type is the parameter's.
    pub default: ParameterValue,
    /// What it decides, with its unit.
    pub meaning: String,
}

impl Parameter {
    /// Reads `name type default - meaning`; none where the line is not of that form.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let (declared, meaning) = line.split_once(" - ")?;
        let (name, rest) = declared.trim().split_once(' ')?;
        let (type_name, default) = rest.trim().split_once(' ')?;
        if !super::header::is_name(name)
            || ["enabled", "severity"].contains(&name)
            || meaning.trim().is_empty()
        {
            return None;
        }
        Some(Self {
            name: name.to_owned(),
            default: ParameterValue::parse(type_name, default.trim())?,
            meaning: meaning.trim().to_owned(),
        })
    }

    /// The value as set for `rule`, if it has the parameter's type.
    ///
    /// # Errors
    /// [`Error::RuleSetting`] if it has another type.
    pub(super) fn accept(
        &self,
        rule: &str,
        value: &ParameterValue,
    ) -> Result<ParameterValue, Error> {
        if value.type_name() == self.default.type_name() {
            return Ok(value.clone());
        }
        Err(Error::RuleSetting {
            rule: rule.to_owned(),
            problem: format!(
                "parameter `{}` is a {}, not a {}",
                self.name,
                self.default.type_name(),
                value.type_name()
            ),
            remedy: "write a bigint as 30, a boolean as true, and a text as \"text\"",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_gives_name_type_default_and_meaning() {
        let parsed = Parameter::parse("calls bigint 30 - calls - in an hour").unwrap();
        assert_eq!(parsed.name, "calls");
        assert_eq!(parsed.default, ParameterValue::Number(30));
        assert_eq!(parsed.meaning, "calls - in an hour");
        let text = Parameter::parse("client text 'aws-cli' - who").unwrap();
        assert_eq!(text.default, ParameterValue::Text("aws-cli".to_owned()));
        let flag = Parameter::parse("strict boolean false - how").unwrap();
        assert_eq!(flag.default, ParameterValue::Flag(false));
    }

    #[test]
    fn other_lines_are_refused() {
        for line in [
            "",
            "calls",
            "calls bigint 30",
            "calls bigint thirty - number",
            "calls number 30 - number",
            "Calls bigint 30 - number",
            "enabled boolean true - taken",
            "client text aws - not quoted",
            "client text 'a'b' - quote inside",
            "calls bigint 30 - ",
        ] {
            assert_eq!(Parameter::parse(line), None, "{line}");
        }
    }
}
