//! What was fetched of one account, until it is written.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::missing::{self, Place};
use crate::snapshot::{Collection, Entry, Names};
use crate::{AwsFault, Error, Lake, MissingPart, SnapshotSummary};

/// What `source` of the rows says.
const SOURCE: &str = "aws";

/// Entries of one account, and the parts that it lacks.
#[derive(Debug)]
pub(super) struct Portion {
    account_id: String,
    entries: Vec<Entry>,
    missing: Vec<MissingPart>,
    /// What was asked of the account; none if it was not visited itself.
    visit: Option<Value>,
    /// Whether its roles were read.
    pub(super) has_iam: bool,
    /// Why they were not.
    pub(super) without_iam: Option<AwsFault>,
}

impl Portion {
    /// Nothing yet.
    pub(super) fn new(account_id: &str) -> Self {
        Self {
            account_id: account_id.to_owned(),
            entries: Vec::new(),
            missing: Vec::new(),
            visit: None,
            has_iam: false,
            without_iam: None,
        }
    }

    pub(super) fn account_id(&self) -> &str {
        &self.account_id
    }

    /// Adds a document of a known shape.
    ///
    /// # Errors
    /// What the document lacks. Then nothing of it is added.
    pub(super) fn add(&mut self, document: Value) -> Result<(), String> {
        let mut account = Some(self.account_id.clone());
        let found = crate::snapshot::entries(document, &mut account, SOURCE)?;
        self.entries.extend(found);
        Ok(())
    }

    /// The first account among the entries that is not the portion's own.
    pub(super) fn other_account(&self) -> Option<&str> {
        let mut accounts = self.entries.iter().map(|entry| entry.account_id.as_str());
        accounts.find(|account| *account != self.account_id)
    }

    /// Adds a document of a known shape; one that lacks something is a missing part.
    pub(super) fn add_or_miss(&mut self, document: Value, place: Place<'_>, operation: &str) {
        if let Err(reason) = self.add(document) {
            self.miss(place.unreadable(operation, &reason));
        }
    }

    pub(super) fn miss(&mut self, part: MissingPart) {
        self.missing.push(part);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    #[cfg(test)]
    pub(super) fn missing(&self) -> &[MissingPart] {
        &self.missing
    }

    /// Notes that the account was visited in these regions.
    pub(super) fn visited(&mut self, regions: &[String]) {
        self.visit = Some(json!({ "Regions": regions }));
    }

    /// Adds what was fetched before, or elsewhere, of the same account.
    pub(super) fn append(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.missing.extend(other.missing);
        self.visit = self.visit.take().or(other.visit);
        self.has_iam |= other.has_iam;
        self.without_iam = self.without_iam.take().or(other.without_iam);
    }

    /// Writes the portion in one commit. What is known by the same id and ARN twice counts as it came first: two pages
    /// may show a document before and after a change.
    pub(super) async fn write(
        mut self,
        lake: &Lake,
        taken_at: Timestamp,
    ) -> Result<SnapshotSummary, Error> {
        self.missing.sort();
        self.missing
            .dedup_by(|a, b| missing::entry(a).id == missing::entry(b).id);
        let mut collection = Collection::new(taken_at);
        for entry in self.entries {
            let kept = collection.add(entry);
            tracing::debug!(first_one_stays = kept.is_err());
        }
        let visit = self.visit.map(|document| {
            let names = Names {
                id: self.account_id.clone(),
                ..Names::default()
            };
            Entry::named("fetch", &self.account_id, names, document)
        });
        let notes = self.missing.iter().map(missing::entry).chain(visit);
        for note in notes {
            collection.add(Entry {
                source: SOURCE.to_owned(),
                ..note
            })?;
        }
        let summary = collection.write(lake).await?;
        Ok(SnapshotSummary {
            missing: self.missing,
            ..summary
        })
    }
}
