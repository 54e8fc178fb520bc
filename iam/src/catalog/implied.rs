//! What implies the use of a permission: an action in, a text out that is read after "implied by".
//!
//! Some actions are checked on the way of other calls and have no call of their own (`iam:PassRole`), some in addition to
//! their own (`s3:PutObjectAcl`). The head of `data/implied.tsv` names the sources.

use super::table::{IMPLIED, Row, Table};
use crate::pattern::wildcard_match_ignore_case;

/// The rows by action, and apart those whose first column is a pattern.
pub(super) struct Implied {
    rows: Table,
    patterns: Vec<Row>,
}

impl Implied {
    pub(super) fn read() -> Self {
        let rows = Table::read(&IMPLIED);
        let patterns = rows.rows().iter().copied();
        let patterns = patterns
            .filter(|row| row.key.contains(['*', '?']))
            .collect();
        Self { rows, patterns }
    }

    /// The row of the action itself, else of the longest pattern that matches it.
    pub(super) fn of(&self, action: &str) -> Option<&'static str> {
        let matching = self.patterns.iter().copied();
        let matching = matching.filter(|row| wildcard_match_ignore_case(row.key, action));
        let row = self
            .rows
            .get(action)
            .or_else(|| matching.max_by_key(|row| row.key.len()));
        row?.columns().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, Recording};

    #[test]
    fn an_action_has_its_own_text_before_that_of_a_pattern() {
        let implied = |action| Catalog::embedded().implied_by(action);
        assert!(
            implied("iam:PassRole")
                .unwrap()
                .contains("ec2:RunInstances")
        );
        assert!(implied("IAM:passrole").is_some());
        assert!(
            implied("bedrock:CallWithBearerToken")
                .unwrap()
                .contains("API key")
        );
        assert!(
            implied("s3:GetObjectVersion")
                .unwrap()
                .contains("versionId")
        );
        assert!(
            implied("s3:GetObjectVersionForReplication")
                .unwrap()
                .contains("replication")
        );
        assert_eq!(implied("ec2:DescribeInstances"), None);
        assert_eq!(implied("no-such:Action"), None);
    }

    #[test]
    fn every_row_names_an_action_and_reads_as_the_end_of_a_sentence() {
        for row in Table::read(&IMPLIED).rows() {
            assert!(
                !crate::expand::expand(row.key, Catalog::embedded()).is_empty(),
                "{} matches nothing",
                row.key
            );
            let text = row.columns().next().unwrap_or_default();
            assert!(!text.is_empty() && !text.ends_with('.'), "{}", row.key);
        }
    }

    #[test]
    fn the_permissions_that_agents_are_granted_most_say_what_implies_them() {
        for action in [
            "iam:PassRole",
            "sts:SetContext",
            "s3:BypassGovernanceRetention",
            "logs:Unmask",
        ] {
            let catalog = Catalog::embedded();
            let kinds = catalog.action(action).unwrap().recordings.kinds();
            assert_eq!(kinds, [Recording::PermissionOnly], "{action}");
            assert!(catalog.implied_by(action).is_some(), "{action}");
        }
    }
}
