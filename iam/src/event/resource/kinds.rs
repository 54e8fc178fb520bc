//! Kinds of resource of an action: what its name and the operation's tell, before any record is read.
//!
//! Which kinds are needed together and which instead of each other, the catalog does not say in
//! one way: it marks all alternatives as required. Kinds that are read from one parameter, and
//! kinds that lie inside one another, stand in for each other here.
//! Source: Service Authorization Reference, "Actions defined by …" (resource types).

use super::kind::Kind;
use super::path::Path;
use crate::catalog::{Catalog, ResourceType};

/// The service whose actions are the methods of HTTP, for all of its kinds of resource alike: the operation tells the
/// kind. Source: Service Authorization Reference, "Amazon API Gateway Management".
const NAMED_BY_METHOD: &str = "apigateway";
/// What stands between two forms of a kind's ARN.
const SEVERAL: &str = ", ";

/// The kinds of resource that an action takes, as one operation names them.
#[derive(Debug)]
pub(in super::super) struct Kinds {
    pub(super) all: Vec<Kind>,
    /// For each kind, those whose being found means that this one is not missed.
    pub(super) stand_ins: Vec<Vec<usize>>,
    /// Pairs of kinds: where the first is found inside the second, the second is not what the call is on.
    pub(super) inner_and_outer: Vec<(usize, usize)>,
    /// Paths whose texts belong to one kind or another by their start, and the starts that are known.
    pub(super) guards: Vec<(Path, Vec<&'static str>)>,
    /// Whether the operation needs another action on another resource of the same kind, so that an ARN
    /// among the parameters may be the other one.
    pub(super) is_divided: bool,
}

impl Kinds {
    /// The kinds of `action` where `operation` (`GetObject`) needs it.
    pub(in super::super) fn of(action: &str, operation: &str, catalog: &Catalog) -> Self {
        let mut kinds = Vec::new();
        let mut is_divided = false;
        for (found, required) in types(action, operation, catalog) {
            let mut templates = catalog.templates().of(found.name);
            is_divided |= templates.any(|row| row.holds_for().any(|name| name == action));
            let is_one_of_several = found.arn.contains(SEVERAL);
            for arn in found.arn.split(SEVERAL) {
                let of = ResourceType { arn, ..found };
                let mut kind = Kind::new(of, required, action, operation, catalog);
                if is_one_of_several {
                    kind.keep_own_rows();
                }
                kinds.push(kind);
            }
        }
        Self {
            stand_ins: stand_ins(&kinds),
            inner_and_outer: inner_and_outer(&kinds),
            guards: guards(&kinds),
            all: kinds,
            is_divided,
        }
    }

    /// Tells whether an ARN is of one of the kinds.
    pub(super) fn fits(&self, arn: &str) -> bool {
        self.all.iter().any(|kind| kind.shape.fits(arn))
    }
}

/// The kinds of an action, and whether every use of it needs one.
fn types(action: &str, operation: &str, catalog: &Catalog) -> Vec<(ResourceType, bool)> {
    let Some(action) = catalog.action(action) else {
        return Vec::new();
    };
    let find = |name: &str| catalog.resource_type(action.service, name);
    if action.service == NAMED_BY_METHOD {
        let kinds = catalog.templates().kinds(action.service, operation);
        let kinds: Vec<_> = kinds.filter_map(find).map(|kind| (kind, false)).collect();
        if !kinds.is_empty() {
            return kinds;
        }
    }
    let kinds = action.resource_types.iter();
    kinds
        .filter_map(|kind| Some((find(kind.name)?, kind.required)))
        .collect()
}

fn stand_ins(kinds: &[Kind]) -> Vec<Vec<usize>> {
    let stands_in = |kind: &Kind, other: &Kind| {
        kind.shares_parameter(other)
            || kind.shape.is_inside(&other.shape)
            || other.shape.is_inside(&kind.shape)
    };
    let of = |kind: &Kind| {
        let others = kinds.iter().enumerate();
        others
            .filter(|(_, other)| stands_in(kind, other))
            .map(|(index, _)| index)
            .collect()
    };
    kinds.iter().map(of).collect()
}

fn inner_and_outer(kinds: &[Kind]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (inner, one) in kinds.iter().enumerate() {
        for (outer, other) in kinds.iter().enumerate() {
            // Where both are needed, both are what the call is on.
            if one.shape.is_inside(&other.shape) && !(one.required && other.required) {
                pairs.push((inner, outer));
            }
        }
    }
    pairs
}

fn guards(kinds: &[Kind]) -> Vec<(Path, Vec<&'static str>)> {
    let mut guards: Vec<(Path, Vec<&'static str>)> = Vec::new();
    for (path, start) in kinds.iter().flat_map(Kind::guards) {
        match guards.iter_mut().find(|(known, _)| known == path) {
            Some((_, starts)) => starts.push(start),
            None => guards.push((path.clone(), vec![start])),
        }
    }
    guards
}
