//! The head comment of a rule: the file's text in, what it says of itself out.
//!
//! An entry is a line `-- key: value`; lines below it that are indented by four spaces or more go on with it. Other
//! lines of the head are prose; a key that is not known is a fault where it stands right below an entry. `parameters` has a line each: `name type default - meaning`.
//!
//! ```sql
//! -- Calls at night.
//! -- id: at_night
//! -- title: Calls at night
//! -- severity: low
//! -- effect: finding
//! -- standards: NIST AI RMF MANAGE 4.1
//! -- parameters: first_hour bigint 22 - hour of the day (UTC) that the night begins with
//! -- false_positives: a batch that runs at night
//! ```

use std::collections::BTreeMap;

use super::parameter::Parameter;
use crate::Error;
use crate::analysis::Severity;

/// Longest id of a rule or name of a parameter, in characters. Chosen: it is the name of a view or a column.
const LONGEST_NAME: usize = 48;

/// Characters of a text that an error shows. Chosen: a line of a terminal.
const SHOWN_CHARACTERS: usize = 80;

/// The keys that a head can have; `in`, `out` and `key` are as in every view.
const KEYS: [&str; 10] = [
    "id",
    "title",
    "severity",
    "effect",
    "standards",
    "parameters",
    "false_positives",
    "in",
    "out",
    "key",
];

/// Spaces after the dashes from which on a line goes on with the entry above.
const INDENT: &str = "    ";

/// What a caught call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It is not for the agent's work: it is counted so, and no suggested policy keeps it.
    NonLegitimate,
    /// It is worth a look: a finding tells of it, and the call counts as it would without.
    Finding,
}

impl Effect {
    /// The word used in headers and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NonLegitimate => "non_legitimate",
            Self::Finding => "finding",
        }
    }
}

/// What a rule says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleHeader {
    /// Unique name; also that of the file, of the view, and the category of its findings.
    pub id: String,
    /// What it catches, as a heading.
    pub title: String,
    /// How much its findings matter where nothing else is set.
    pub severity: Severity,
    /// What a caught call is.
    pub effect: Effect,
    /// The parts of standards that it serves.
    pub standards: Vec<String>,
    /// What it can be told, in order.
    pub parameters: Vec<Parameter>,
    /// When it catches what is right all the same.
    pub false_positives: String,
    id_line: usize,
    sql_line: usize,
}

impl RuleHeader {
    /// Reads the head of a rule's `text`; `file` is what errors call it, and has to end in the id and `.sql`.
    ///
    /// # Errors
    /// [`Error::Rule`] with the line at fault.
    pub fn parse(text: &str, file: &str) -> Result<Self, Error> {
        let entries = Entries::read(text, file)?;
        let id = entries.required("id")?;
        let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
        if !is_name(&id.text()) || stem != format!("{}.sql", id.text()) {
            let problem = format!("`{}` cannot be the id of this file", id.shown());
            let remedy = "make the id the file's name without `.sql`: lower-case letters, digits and `_`, at most 48, a letter first";
            return Err(entries.fault(id.line, problem, remedy));
        }
        Ok(Self {
            id: id.text(),
            title: entries.required("title")?.text(),
            severity: entries.severity()?,
            effect: entries.effect()?,
            standards: list(&entries.required("standards")?.text()),
            parameters: entries.parameters()?,
            false_positives: entries.required("false_positives")?.text(),
            id_line: id.line,
            sql_line: sql_line(text),
        })
    }

    /// Line of the id, from 1.
    pub(crate) fn id_line(&self) -> usize {
        self.id_line
    }

    /// Line that the SQL begins on, from 1.
    pub(crate) fn sql_line(&self) -> usize {
        self.sql_line
    }
}

/// The first line, from 1, that is neither empty nor a comment.
fn sql_line(text: &str) -> usize {
    let is_sql = |line: &str| !line.trim().is_empty() && !line.starts_with("--");
    text.lines().position(is_sql).map_or(1, |index| index + 1)
}

/// Whether a text can be the name of a view or column without quotes.
pub(super) fn is_name(text: &str) -> bool {
    text.len() <= LONGEST_NAME
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn list(text: &str) -> Vec<String> {
    text.split(',')
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// An entry's lines and where the first of them is.
#[derive(Debug, Default)]
struct Entry<'a> {
    line: usize,
    lines: Vec<&'a str>,
}

impl Entry<'_> {
    fn text(&self) -> String {
        self.lines.join(" ").trim().to_owned()
    }

    /// The text as an error shows it.
    fn shown(&self) -> String {
        shown(&self.text())
    }
}

/// The beginning of a text, control characters as their codes.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars().take(SHOWN_CHARACTERS) {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The entries of a head, by key.
struct Entries<'a> {
    file: &'a str,
    by_key: BTreeMap<&'a str, Entry<'a>>,
}

impl<'a> Entries<'a> {
    fn read(text: &'a str, file: &'a str) -> Result<Self, Error> {
        let mut entries = Self {
            file,
            by_key: BTreeMap::new(),
        };
        let mut open: Option<&str> = None;
        for (line, comment) in text
            .lines()
            .enumerate()
            .map_while(|(index, line)| Some((index + 1, line.strip_prefix("--")?)))
        {
            if let (Some(key), true) = (open, comment.starts_with(INDENT)) {
                entries
                    .by_key
                    .entry(key)
                    .or_default()
                    .lines
                    .push(comment.trim());
                continue;
            }
            open = entries.begin(line, comment, open)?;
        }
        Ok(entries)
    }

    /// Adds the entry that a line begins; none where it is prose. `above` is the entry that the line above is of.
    fn begin(
        &mut self,
        line: usize,
        comment: &'a str,
        above: Option<&str>,
    ) -> Result<Option<&'a str>, Error> {
        let Some((key, value)) = comment.trim().split_once(':') else {
            return Ok(None);
        };
        if !is_name(key) {
            return Ok(None);
        }
        if !KEYS.contains(&key) && above.is_none() {
            return Ok(None);
        }
        if !KEYS.contains(&key) {
            let problem = format!("`{key}` is no entry of a rule's head");
            let remedy = "the entries are id, title, severity, effect, standards, parameters, false_positives, in, out and key";
            return Err(self.fault(line, problem, remedy));
        }
        if let Some(first) = self.by_key.get(key) {
            let problem = format!("`{key}` stands here again, after line {}", first.line);
            return Err(self.fault(
                line,
                problem,
                "give each entry once; indent the lines that go on with it by four spaces or more",
            ));
        }
        let lines = vec![value.trim()];
        self.by_key.insert(key, Entry { line, lines });
        Ok(Some(key))
    }

    fn required(&self, key: &str) -> Result<&Entry<'a>, Error> {
        match self.by_key.get(key) {
            Some(entry) if !entry.text().is_empty() => Ok(entry),
            entry => {
                let line = entry.map_or(1, |entry| entry.line);
                let problem = format!("the head has no `-- {key}: ...`");
                Err(self.fault(
                    line,
                    problem,
                    "a rule's file begins with comments that give id, title, severity, effect, standards and false_positives",
                ))
            }
        }
    }

    fn severity(&self) -> Result<Severity, Error> {
        let entry = self.required("severity")?;
        Severity::parse(&entry.text()).ok_or_else(|| {
            let problem = format!("`{}` is no severity", entry.shown());
            self.fault(entry.line, problem, "write info, low, medium or high")
        })
    }

    fn effect(&self) -> Result<Effect, Error> {
        let entry = self.required("effect")?;
        match entry.text().as_str() {
            "non_legitimate" => Ok(Effect::NonLegitimate),
            "finding" => Ok(Effect::Finding),
            _ => {
                let problem = format!("`{}` is no effect", entry.shown());
                let remedy = "write non_legitimate (the call is not for the agent's work) or finding (it is worth a look)";
                Err(self.fault(entry.line, problem, remedy))
            }
        }
    }

    fn parameters(&self) -> Result<Vec<Parameter>, Error> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let Some(entry) = self.by_key.get("parameters") else {
            return Ok(parameters);
        };
        for (offset, line) in entry.lines.iter().enumerate() {
            if line.is_empty() || (*line == "none" && entry.lines.len() == 1) {
                continue;
            }
            let parameter = Parameter::parse(line)
                .filter(|parsed| parameters.iter().all(|known| known.name != parsed.name));
            parameters.push(parameter.ok_or_else(|| {
                let problem = format!("`{}` declares no parameter", shown(line));
                let remedy = "write `name type default - meaning` on a line each, the type bigint, text (its default in single quotes) or boolean";
                self.fault(entry.line + offset, problem, remedy)
            })?);
        }
        Ok(parameters)
    }

    fn fault(&self, line: usize, problem: String, remedy: &'static str) -> Error {
        Error::Rule {
            file: self.file.to_owned(),
            line,
            problem,
            remedy,
        }
    }
}

#[cfg(test)]
mod tests;
