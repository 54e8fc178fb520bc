//! The query of a finding: a text of `queries/evidence/` with the finding's values put in as SQL literals.
//!
//! INVARIANT: a value is quoted, its quotes doubled, and it is never looked into for further names: no text of an agent
//! or a log can become SQL.

/// What is shown again.
#[derive(Debug, Clone, Copy)]
pub(super) enum Evidence {
    NeverUsed,
    Inherited,
    Unobservable,
    NonLegitimate,
    Signal,
    Recertify,
}

impl Evidence {
    /// The category of its findings; a rule's findings have the rule's id.
    pub(super) fn category(self) -> &'static str {
        match self {
            Self::NeverUsed => "never_used",
            Self::Inherited => "inherited",
            Self::Unobservable => "unobservable",
            Self::NonLegitimate => "non_legitimate",
            Self::Signal => "signal",
            Self::Recertify => "recertify",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::NeverUsed => include_str!("../../../queries/evidence/never_used.sql"),
            Self::Inherited => include_str!("../../../queries/evidence/inherited.sql"),
            Self::Unobservable => include_str!("../../../queries/evidence/unobservable.sql"),
            Self::NonLegitimate => include_str!("../../../queries/evidence/non_legitimate.sql"),
            Self::Signal => include_str!("../../../queries/evidence/signal.sql"),
            Self::Recertify => include_str!("../../../queries/evidence/recertify.sql"),
        }
    }

    /// The query in one line, with `$name` replaced by the value of that name.
    pub(super) fn query(self, values: &[(&str, &str)]) -> String {
        let lines = self
            .text()
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with("--"));
        let template = lines.collect::<Vec<_>>().join(" ");
        let mut pieces = template.split('$');
        let mut query = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let end = piece
                .find(|character: char| !character.is_ascii_alphanumeric() && character != '_');
            let (name, rest) = piece.split_at(end.unwrap_or(piece.len()));
            let value = values
                .iter()
                .find(|(known, _)| *known == name)
                .map_or("", |(_, value)| *value);
            query.push_str(&literal(value));
            query.push_str(rest);
        }
        query
    }
}

/// A text as an SQL literal.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_literals() {
        let query = Evidence::NeverUsed.query(&[("agent", "o'brien"), ("role_arn", "$agent")]);
        let tail = "WHERE buckets.agent = 'o''brien' AND buckets.role_arn = '$agent' AND buckets.bucket = 'never_used' ORDER BY buckets.action";
        assert!(query.ends_with(tail), "{query}");
        assert!(query.starts_with("SELECT buckets.action, "), "{query}");
    }
}
