//! The catalog's actions in the form that matching many patterns needs.
//!
//! Names lie sorted in lower case, so that a pattern looks only at the names that begin as it does.
//! Beside each lies which resources it takes, as patterns; actions that take the same share a kind.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::catalog::Catalog;
use crate::document::ActionElement;
use crate::pattern::{Fit, Glob, ResourcePattern, Token, wildcard_match};

/// Hands the index of a catalog to `use_it`. The embedded catalog is indexed once.
pub(crate) fn indexed<T>(catalog: &Catalog, use_it: impl FnOnce(&ActionIndex) -> T) -> T {
    static EMBEDDED: OnceLock<ActionIndex> = OnceLock::new();
    if std::ptr::eq(catalog, Catalog::embedded()) {
        use_it(EMBEDDED.get_or_init(|| ActionIndex::of(catalog)))
    } else {
        use_it(&ActionIndex::of(catalog))
    }
}

/// The resources that an action takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    /// The catalog does not say.
    Unknown,
    /// Of these types; of none if empty: then the action is decided on the resource `*`.
    Takes(&'a [Format]),
}

/// The ARNs of one resource type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Format {
    pattern: ResourcePattern,
    /// The name cannot hold a slash.
    bare_name: bool,
}

impl Format {
    /// Reads `arn:${Partition}:s3:::${BucketName}/${ObjectName}`.
    ///
    /// Names of buckets hold no slash. Source: Amazon S3 User Guide, "Bucket naming rules".
    fn parse(format: &str) -> Self {
        let mut pattern = String::new();
        let mut rest = format;
        while let Some((before, variable)) = rest.split_once("${") {
            pattern.push_str(before);
            pattern.push('*');
            rest = variable.split_once('}').map_or("", |(_, after)| after);
        }
        pattern.push_str(rest);
        Self {
            pattern: ResourcePattern::parse(&pattern),
            bare_name: format.ends_with(":s3:::${BucketName}"),
        }
    }

    /// The ARNs as a pattern.
    pub(crate) fn pattern(&self) -> &ResourcePattern {
        &self.pattern
    }

    /// Tells whether the ARN is of this type.
    pub(crate) fn fits(&self, resource: &str) -> bool {
        let slash = self.bare_name && resource.contains('/');
        !slash && self.pattern.fits(resource) == Fit::Yes
    }

    /// Tells whether an ARN of this type may be within the pattern.
    pub(crate) fn may_be_within(&self, pattern: &ResourcePattern) -> bool {
        let slash = Token::Char('/');
        let holds_slash = |name: &Glob| name.tokens().contains(&slash);
        !(self.bare_name && pattern.name().is_some_and(holds_slash))
            && pattern.may_overlap_type(&self.pattern)
    }
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The name as AWS writes it.
    pub(crate) name: String,
    /// The name in lower case.
    pub(crate) lower: String,
    /// Which actions take the same resources.
    pub(crate) kind: usize,
}

/// An action as the catalog lists it.
struct Listed<'a> {
    name: &'a str,
    service: &'a str,
    types: Vec<&'a str>,
}

/// Every action of a catalog.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ActionIndex {
    entries: Vec<Entry>,
    /// Of each kind the formats; `None` where the catalog lacks one.
    kinds: Vec<Option<Vec<Format>>>,
}

impl ActionIndex {
    fn of(catalog: &Catalog) -> Self {
        let actions = catalog.actions().map(|action| Listed {
            name: action.name,
            service: action.service,
            types: action.resource_types.iter().map(|of| of.name).collect(),
        });
        Self::build(actions, |service, name| {
            Some(catalog.resource_type(service, name)?.arn)
        })
    }

    /// Sorts actions. The format of a resource type, by service and name, is asked for once for all
    /// actions with the same types.
    fn build<'a>(
        actions: impl Iterator<Item = Listed<'a>>,
        format: impl Fn(&str, &str) -> Option<&'a str>,
    ) -> Self {
        let mut kinds = Vec::new();
        let mut known: BTreeMap<(&str, Vec<&str>), usize> = BTreeMap::new();
        let mut entries: Vec<Entry> = actions
            .map(|action| Entry {
                name: action.name.to_owned(),
                lower: action.name.to_ascii_lowercase(),
                kind: *known
                    .entry((action.service, action.types))
                    .or_insert_with_key(|(service, types)| {
                        let formats = types.iter().map(|name| format(service, name));
                        kinds.push(formats.map(|format| format.map(Format::parse)).collect());
                        kinds.len() - 1
                    }),
            })
            .collect();
        entries.sort_by(|a, b| a.lower.cmp(&b.lower));
        entries.dedup_by(|a, b| a.lower == b.lower);
        Self { entries, kinds }
    }

    /// The actions, sorted by their lower-case names.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The resources that the actions of a kind take.
    pub(crate) fn kind(&self, kind: usize) -> Kind<'_> {
        match self.kinds.get(kind) {
            Some(Some(formats)) => Kind::Takes(formats),
            _ => Kind::Unknown,
        }
    }

    /// The place of an action, given in any case; `None` if the catalog lacks it.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        let lower = name.to_ascii_lowercase();
        let by_name = |entry: &Entry| entry.lower.as_str().cmp(&lower);
        self.entries.binary_search_by(by_name).ok()
    }

    /// For each action whether its place is among the given ones.
    pub(crate) fn cells(&self, places: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut cells = vec![false; self.entries.len()];
        for place in places {
            if let Some(cell) = cells.get_mut(place) {
                *cell = true;
            }
        }
        cells
    }

    /// The places of the actions that the pattern matches, ascending.
    pub(crate) fn expand(&self, pattern: &str) -> Vec<usize> {
        let mut places = Vec::new();
        self.each(pattern, |place| places.push(place));
        places
    }

    /// Hands over the places of the actions that the pattern matches, ascending.
    pub(crate) fn each(&self, pattern: &str, mut hand_over: impl FnMut(usize)) {
        let pattern = pattern.to_ascii_lowercase();
        let literal = pattern.find(['*', '?']).unwrap_or(pattern.len());
        let (beginning, rest) = pattern.split_at_checked(literal).unwrap_or((&pattern, ""));
        let from = self
            .entries
            .partition_point(|entry| entry.lower.as_str() < beginning);
        let later = self.entries.get(from..).unwrap_or_default();
        let length = later.partition_point(|entry| entry.lower.starts_with(beginning));
        let candidates = (from..).zip(later.iter().take(length));
        if rest == "*" {
            candidates.for_each(|(place, _)| hand_over(place));
            return;
        }
        for (place, entry) in candidates {
            if wildcard_match(rest, entry.lower.get(literal..).unwrap_or_default()) {
                hand_over(place);
            }
        }
    }

    /// Hands over the places of the actions that the element is about, in no order and some of them
    /// more than once.
    pub(crate) fn each_of_element(&self, element: &ActionElement, hand_over: impl FnMut(usize)) {
        match element {
            ActionElement::NotAction(_) => {
                self.expand_element(element).into_iter().for_each(hand_over);
            }
            ActionElement::Action(patterns) => {
                let mut hand_over = hand_over;
                for pattern in patterns {
                    self.each(pattern, &mut hand_over);
                }
            }
        }
    }

    /// The places of the actions that the element is about, ascending.
    pub(crate) fn expand_element(&self, element: &ActionElement) -> Vec<usize> {
        let patterns = element.patterns().iter();
        let listed = self.cells(patterns.flat_map(|pattern| self.expand(pattern)));
        let wanted = matches!(element, ActionElement::Action(_));
        let places = listed
            .iter()
            .enumerate()
            .filter(|&(_, &listed)| listed == wanted);
        places.map(|(place, _)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> ActionIndex {
        let actions = [
            ("s3:PutObject", vec!["object"]),
            ("s3:GetObject", vec!["object"]),
            ("s3:ListBucket", vec!["bucket"]),
            ("s3:ListAllMyBuckets", vec![]),
            ("sqs:SendMessage", vec!["queue"]),
            ("sqs:Unclear", vec!["queue", "other"]),
        ];
        let listed = actions.into_iter().map(|(name, types)| Listed {
            name,
            service: name.split(':').next().unwrap(),
            types,
        });
        ActionIndex::build(listed, |_, name| match name {
            "object" => Some("arn:${Partition}:s3:::${BucketName}/${ObjectName}"),
            "bucket" => Some("arn:${Partition}:s3:::${BucketName}"),
            "other" => None,
            _ => Some("arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"),
        })
    }

    fn names(index: &ActionIndex, places: &[usize]) -> Vec<String> {
        places
            .iter()
            .map(|&place| index.entries()[place].name.clone())
            .collect()
    }

    #[test]
    fn a_pattern_finds_its_actions_in_any_case() {
        let index = index();
        let expand = |pattern| names(&index, &index.expand(pattern));
        assert_eq!(expand("S3:*OBJECT"), ["s3:GetObject", "s3:PutObject"]);
        assert_eq!(expand("s?s:*"), ["sqs:SendMessage", "sqs:Unclear"]);
        assert_eq!(expand("*").len(), 6);
        assert_eq!(expand("s3:getobject"), ["s3:GetObject"]);
        assert!(expand("s3:GetObjectAcl").is_empty());
    }

    #[test]
    fn not_action_is_the_rest() {
        let index = index();
        let element = ActionElement::NotAction(vec!["s3:List*".into(), "s3:ListBucket".into()]);
        let found = names(&index, &index.expand_element(&element));
        assert_eq!(
            found,
            [
                "s3:GetObject",
                "s3:PutObject",
                "sqs:SendMessage",
                "sqs:Unclear"
            ]
        );
    }

    #[test]
    fn a_type_tells_which_patterns_it_takes() {
        let bucket = Format::parse("arn:${Partition}:s3:::${BucketName}");
        let object = Format::parse("arn:${Partition}:s3:::${BucketName}/${ObjectName}");
        let within =
            |format: &Format, pattern| format.may_be_within(&ResourcePattern::parse(pattern));
        assert!(within(&bucket, "arn:aws:s3:::b"));
        assert!(!within(&bucket, "arn:aws:s3:::b/*"));
        assert!(within(&bucket, "arn:aws:s3:::b*"));
        assert!(!within(&object, "arn:aws:s3:::b"));
        assert!(within(&object, "arn:aws:s3:::b/*"));
        assert!(within(&object, "*"));
    }

    #[test]
    fn actions_with_the_same_resources_share_a_kind() {
        let index = index();
        let kinds: Vec<usize> = index.entries().iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds[0], kinds[3]);
        assert_eq!(index.kind(kinds[1]), Kind::Takes(&[]));
        assert_eq!(index.kind(kinds[5]), Kind::Unknown);
    }
}
