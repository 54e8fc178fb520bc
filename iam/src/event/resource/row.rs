//! Row of the table, taken apart: one way to spell an ARN.
//!
//! `data/templates.tsv` tells how the columns are written.

use super::super::request::{Request, is_account};
use super::form::Form;
use super::kind::Outcome;
use super::path::{Path, Texts};
use crate::catalog::Template;

/// What names the parts of an ARN.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) values: Vec<Value>,
    /// What stands behind the ARN of the kind.
    pub(super) end: &'static str,
    account: Option<Account>,
}

/// What names the account, where it may be another one than the record's.
#[derive(Debug)]
struct Account {
    path: Path,
    required: bool,
}

/// What names one part of the ARN.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) path: Path,
    pub(super) form: Form,
    /// How the texts of this kind start; all others belong to another kind.
    pub(super) start: &'static str,
    /// What stands for a value that is not set.
    default: Option<&'static str>,
}

/// The texts of each value of a row.
pub(super) struct Columns<'a> {
    pub(super) texts: Vec<Texts<'a>>,
    pub(super) account: Option<String>,
}

impl Row {
    /// Reads a row; `None` if it names a form that there is not.
    pub(super) fn parse(template: Template) -> Option<Self> {
        let mut row = Self {
            values: Vec::new(),
            end: "",
            account: None,
        };
        for column in template.values() {
            if let Some(end) = column.strip_prefix('+') {
                row.end = end;
            } else if let Some(path) = column.strip_prefix("account=") {
                row.account = Some(Account {
                    path: Path::parse(path),
                    required: false,
                });
            } else if let Some(path) = column.strip_prefix("account:") {
                row.account = Some(Account {
                    path: Path::parse(path),
                    required: true,
                });
            } else {
                row.values.push(Value::parse(column)?);
            }
        }
        Some(row)
    }

    /// Where the last part, which tells the resources of the kind apart, stands.
    pub(super) fn last(&self) -> Option<&Path> {
        self.values.last().map(|value| &value.path)
    }

    /// What the record holds for all values; `Err` if one is not there.
    pub(super) fn read<'a>(&self, request: &Request<'a>) -> Result<Columns<'a>, Outcome> {
        let mut texts = Vec::with_capacity(self.values.len());
        for value in &self.values {
            match value.read(request) {
                Ok(found) if value.may_name(&found) => texts.push(found),
                Ok(_) => return Err(Outcome::Absent { gaps: false }),
                Err(gaps) => return Err(Outcome::Absent { gaps }),
            }
        }
        let account = self.account(request)?;
        Ok(Columns { texts, account })
    }

    /// The account that the parameters name, if they do.
    fn account(&self, request: &Request<'_>) -> Result<Option<String>, Outcome> {
        let Some(account) = &self.account else {
            return Ok(None);
        };
        let texts = account.path.read(request);
        match texts.at(0, texts.len()) {
            Some(text) => {
                // What stands behind an account is a catalog inside of it, whose tables have other ARNs.
                if is_account(text) {
                    Ok(Some(text.to_owned()))
                } else {
                    Err(Outcome::Named { gaps: true })
                }
            }
            None if account.required || texts.unread => Err(Outcome::Absent { gaps: texts.unread }),
            None => Ok(None),
        }
    }
}

impl Value {
    /// Reads `form@path=default^start`.
    fn parse(column: &'static str) -> Option<Self> {
        let (column, start) = column.rsplit_once('^').unwrap_or((column, ""));
        let (form, rest) = column.split_once('@').unwrap_or(("", column));
        let (path, default) = match rest.rsplit_once('=') {
            Some((path, default)) if !default.ends_with(')') => (path, Some(default)),
            _ => (rest, None),
        };
        // A path that starts with the mark of the record's own list has no form.
        let (form, path) = if column.starts_with('@') {
            ("", column)
        } else {
            (form, path)
        };
        Some(Self {
            path: Path::parse(path),
            form: Form::named(form)?,
            start,
            default,
        })
    }

    /// Whether one of the texts may tell the part.
    fn may_name(&self, texts: &Texts<'_>) -> bool {
        !matches!(self.form, Form::ArnsOnly) || texts.iter().any(|text| text.starts_with("arn:"))
    }

    /// The texts of the value; `Err` if there is none, with whether something stands there.
    pub(super) fn read<'a>(&self, request: &Request<'a>) -> Result<Texts<'a>, bool> {
        let mut texts = self.path.read(request);
        let known = self.path.is_empty() || !request.parameters().is_unknown();
        let is_left_out = (texts.len() == 0 || texts.missing) && !texts.unread && known;
        if let Some(default) = self.default.filter(|_| is_left_out) {
            texts.push(default.into());
            texts.missing = false;
        }
        if texts.len() == 0 {
            return Err(texts.unread);
        }
        Ok(texts)
    }
}
