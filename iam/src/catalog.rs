//! The catalog of AWS actions: names in, what is known of them out.
//!
//! The facts are the tables of `iam/data/`, embedded in packed form; `iam/data/README.md` tells
//! where each comes from, and `iam/data/refresh.py` renews them. Sources: AWS Service
//! Authorization Reference (actions, kinds of resource, condition keys) and the SDK's service
//! models (operations, hosts), through the packages named in `iam/data/sources.json`.
//!
//! INVARIANT: actions are sorted by name in lower case, so that a prefix is a range; `names` holds
//! these names at the same places.
//!
//! What a call needs is told by [`crate::event`], which patterns match by [`crate::expand`].

mod action;
mod implied;
mod keys;
mod operations;
mod recording;
mod resource_type;
mod table;
mod templates;
mod version;

use std::fmt;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

pub use action::{AccessLevel, Action, ActionResourceType, ActionResourceTypes};
pub(crate) use operations::{Exception, Hand, Operations};
pub use recording::{Recording, Recordings};
pub use resource_type::ResourceType;
pub(crate) use resource_type::{Place, Shape};
pub use version::{CatalogVersion, Source};

use implied::Implied;
use table::{Row, Table};
pub(crate) use templates::{Template, Templates};

/// Every action of every service, and what else the tables tell.
pub struct Catalog {
    actions: Vec<Action>,
    names: Vec<&'static str>,
    resource_types: LazyLock<Table>,
    condition_keys: LazyLock<Table>,
    retired: LazyLock<Table>,
    implied: LazyLock<Implied>,
    network_activity: LazyLock<Table>,
    operations: LazyLock<Operations>,
    templates: LazyLock<Templates>,
    version: OnceLock<CatalogVersion>,
}

impl Catalog {
    /// The catalog that this build carries, unpacked at the first call.
    pub fn embedded() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        CATALOG.get_or_init(Self::unpack)
    }

    fn unpack() -> Self {
        let lines = table::ACTIONS.unpack().lines();
        let (names, mut actions): (Vec<_>, Vec<_>) = lines.filter_map(read_action).unzip();
        recording::apply_rules(&names, &mut actions);
        Self {
            actions,
            names,
            resource_types: LazyLock::new(|| Table::read(&table::RESOURCE_TYPES)),
            condition_keys: LazyLock::new(|| Table::read(&table::CONDITION_KEYS)),
            retired: LazyLock::new(|| Table::read(&table::RETIRED)),
            implied: LazyLock::new(Implied::read),
            network_activity: LazyLock::new(|| Table::read(&table::NETWORK_ACTIVITY)),
            operations: LazyLock::new(Operations::read),
            templates: LazyLock::new(Templates::read),
            version: OnceLock::new(),
        }
    }

    /// The action of that name, in any letter case.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<&Action> {
        let name = name.to_ascii_lowercase();
        let index = self.names.binary_search(&name.as_str()).ok()?;
        self.actions.get(index)
    }

    /// All actions, sorted by name in lower case.
    pub fn actions(&self) -> impl Iterator<Item = &Action> {
        self.actions.iter()
    }

    /// The actions of a service (`s3`), in any letter case; empty for an unknown service.
    #[must_use]
    pub fn service_actions(&self, prefix: &str) -> &[Action] {
        self.with_prefix(&format!("{prefix}:"))
    }

    /// The actions whose names start so, in any letter case.
    pub(crate) fn with_prefix(&self, prefix: &str) -> &[Action] {
        self.actions
            .get(range_of(&self.names, prefix))
            .unwrap_or_default()
    }

    /// Tells whether AWS once listed the action and no longer does.
    #[must_use]
    pub fn is_retired(&self, name: &str) -> bool {
        self.retired.get(name).is_some()
    }

    /// A kind of resource by service and name, as an action's [`ActionResourceType`] names it.
    #[must_use]
    pub fn resource_type(&self, service: &str, name: &str) -> Option<ResourceType> {
        let mut columns = self
            .resource_types
            .get(&format!("{service}:{name}"))?
            .columns();
        Some(ResourceType {
            name: columns.next()?,
            arn: columns.next()?,
        })
    }

    /// The condition keys that AWS lists for an action, besides the global ones.
    pub fn condition_keys(&self, action: &Action) -> impl Iterator<Item = &'static str> {
        let row = self.condition_keys.get(action.name);
        row.and_then(|row| row.columns().next())
            .into_iter()
            .flat_map(|keys| keys.split(','))
    }

    /// What implies a use of the action besides a call of its own, to be read after "implied by"; in any letter case.
    #[must_use]
    pub fn implied_by(&self, action: &str) -> Option<&'static str> {
        self.implied.of(action)
    }

    /// The event source to select for network activity events of the action's service, if there are such events.
    ///
    /// They show calls through a VPC endpoint alone.
    #[must_use]
    pub fn network_activity_source(&self, action: &Action) -> Option<&'static str> {
        self.network_activity.get(action.service)?.columns().next()
    }

    /// Where the facts come from, and how many they are.
    pub fn version(&self) -> &CatalogVersion {
        self.version.get_or_init(|| {
            let services = self.actions.chunk_by(|a, b| a.service == b.service).count();
            CatalogVersion::new(
                services,
                self.actions.len(),
                self.resource_types.rows().len(),
            )
        })
    }

    pub(crate) fn operations(&self) -> &Operations {
        &self.operations
    }

    /// How the parameters of calls spell ARNs.
    pub(crate) fn templates(&self) -> &Templates {
        &self.templates
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Catalog")
            .field("actions", &self.actions.len())
            .finish_non_exhaustive()
    }
}

/// The name in lower case, and the action.
fn read_action(line: &'static str) -> Option<(&'static str, Action)> {
    let row = Row::new(line);
    let mut columns = row.columns();
    let name = columns.next()?;
    let action = Action {
        name,
        service: name.split_once(':')?.0,
        access_level: AccessLevel::parse(columns.next()?)?,
        recordings: Recordings::derive(columns.next()?),
        resource_types: ActionResourceTypes::new(columns.next().unwrap_or_default()),
    };
    Some((row.key, action))
}

/// Where the names that start so stand, whatever the letter case of `prefix`.
fn range_of(names: &[&str], prefix: &str) -> Range<usize> {
    let prefix = prefix.to_ascii_lowercase();
    let start = names.partition_point(|name| *name < prefix.as_str());
    let rest = names.get(start..).unwrap_or_default();
    start..start + rest.partition_point(|name| name.starts_with(&prefix))
}

#[cfg(test)]
mod tests;
