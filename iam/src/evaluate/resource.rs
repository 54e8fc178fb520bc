//! The resources of a statement, read once: a resource in, whether it is meant out.
//!
//! A variable is replaced wherever it stands; a pattern with one that has no value takes nothing. A policy
//! of the caller's side may cut an ARN short: each missing component is then a star, so that `arn:aws:sqs`
//! is `arn:aws:sqs:*:*:*`. A star that may also run over colons leaves open what only that reading takes.
//! Source: IAM User Guide, "IAM JSON policy elements: Resource" and "… `NotResource`"; "IAM policy
//! elements: Variables and tags"; IAM API Reference, `SimulatePrincipalPolicy`, on incomplete ARNs.

use std::borrow::Cow;

use super::action::NamePattern;
use super::arn::{ArnPattern, Name};
use super::facts::Facts;
use super::template::{Filled, Template};
use super::truth::Truth;
use super::variable::{Variables, Wildcards, resolve_arn};
use crate::document::{ResourceElement, Version};
use crate::pattern::{Fit, ResourcePattern, components_around_variables};
use crate::policy::Context;

/// The `Resource` or `NotResource` element.
#[derive(Debug, Clone)]
pub(crate) struct Resources {
    patterns: Vec<Pattern>,
    element: Element,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Resource,
    NotResource,
    Absent,
}

/// What an ARN with missing components means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CutShort {
    /// Stars stand for what is missing.
    Completed,
    /// It is no whole ARN.
    AsWritten,
}

#[derive(Debug, Clone)]
enum Pattern {
    Fixed(ArnPattern),
    Variable(VariableArn),
}

/// A pattern with variables.
#[derive(Debug, Clone)]
struct VariableArn {
    text: String,
    /// What stands before the first variable or wildcard.
    start: String,
    /// The components, where the last one alone has variables and no early one ends with a wildcard.
    plain: Option<(Vec<NamePattern>, Template)>,
}

impl Resources {
    pub(super) fn read(element: &ResourceElement, version: Version, cut_short: CutShort) -> Self {
        let (patterns, element): (&[String], _) = match element {
            ResourceElement::Resource(patterns) => (patterns, Element::Resource),
            ResourceElement::NotResource(patterns) => (patterns, Element::NotResource),
            ResourceElement::Absent => (&[], Element::Absent),
        };
        let readings = patterns
            .iter()
            .flat_map(|pattern| readings(pattern, cut_short));
        Self {
            patterns: readings
                .map(|reading| Pattern::read(&reading, version))
                .collect(),
            element,
        }
    }

    /// Tells whether the resource is meant. Without the element `absent` is the answer.
    pub(crate) fn take(
        &self,
        resource: Option<&Name<'_>>,
        facts: Facts<'_>,
        absent: &Truth,
    ) -> Truth {
        let patterns = self.patterns.iter();
        let listed = || Truth::any(patterns.map(|pattern| pattern.takes(resource, facts)));
        match self.element {
            Element::Resource => listed(),
            Element::NotResource => listed().negated(),
            Element::Absent => absent.clone(),
        }
    }
}

/// What a pattern stands for: itself, or the whole ARN where components are missing, beside which it
/// stays if its stars may run over colons.
pub(crate) fn readings(pattern: &str, cut_short: CutShort) -> impl Iterator<Item = Cow<'_, str>> {
    let whole = (cut_short == CutShort::Completed).then(|| completed(pattern));
    let whole = whole.flatten();
    let stays = whole.is_none() || pattern.contains("*:") || pattern.ends_with('*');
    let written = stays.then_some(Cow::Borrowed(pattern));
    written.into_iter().chain(whole.map(Cow::Owned))
}

/// The whole ARN that one with missing components stands for; `None` if none is missing.
fn completed(pattern: &str) -> Option<String> {
    let missing = 6_usize.saturating_sub(components_around_variables(pattern).len());
    (pattern.starts_with("arn:") && missing > 0)
        .then(|| format!("{pattern}{}", ":*".repeat(missing)))
}

impl Pattern {
    fn read(pattern: &str, version: Version) -> Self {
        if version == Version::V2008 || !pattern.contains("${") {
            Self::Fixed(ArnPattern::parse(pattern))
        } else {
            Self::Variable(VariableArn::read(pattern))
        }
    }

    fn takes(&self, resource: Option<&Name<'_>>, facts: Facts<'_>) -> Truth {
        match (self, resource) {
            (Self::Fixed(pattern), Some(resource)) => match pattern.fits(resource) {
                Fit::Yes => Truth::True,
                Fit::No => Truth::False,
                Fit::Undecided => Truth::unknown("resource pattern"),
            },
            (Self::Fixed(pattern), None) if pattern.is_everything() => Truth::True,
            (Self::Fixed(_), None) => Truth::unknown("resource"),
            (Self::Variable(pattern), Some(resource)) => pattern
                .at_sight(resource, facts)
                .unwrap_or_else(|| takes_with_variables(&pattern.text, Some(resource), facts)),
            (Self::Variable(pattern), None) => takes_with_variables(&pattern.text, None, facts),
        }
    }
}

impl VariableArn {
    fn read(pattern: &str) -> Self {
        let start = pattern.split(['$', '*', '?']).next().unwrap_or_default();
        let components = components_around_variables(pattern);
        let plain = match components.as_slice() {
            [early @ .., last] if early.len() == 5 => early
                .iter()
                .all(|component| !component.contains("${") && !component.ends_with(['*', '?']))
                .then(|| {
                    let early = early.iter().map(|component| NamePattern::read(component));
                    (early.collect(), Template::read(last, Wildcards::Active))
                }),
            _ => None,
        };
        Self {
            text: pattern.to_owned(),
            start: start.to_owned(),
            plain,
        }
    }

    /// The answer where it takes no assembled pattern to tell.
    fn at_sight(&self, resource: &Name<'_>, facts: Facts<'_>) -> Option<Truth> {
        if !resource.text().starts_with(&self.start) {
            return Some(Truth::False);
        }
        let (early, last) = self.plain.as_ref()?;
        let [components @ .., name] = resource.components() else {
            return Some(Truth::False);
        };
        let mut pairs = early.iter().zip(components);
        if components.len() != early.len() || !pairs.all(|(pattern, text)| pattern.matches(text)) {
            return Some(Truth::False);
        }
        match last.fill(facts) {
            Filled::Known(filled) => Some(Truth::from(filled.matches(name))),
            Filled::Valueless => Some(Truth::False),
            Filled::Unsettled => None,
        }
    }
}

fn takes_with_variables(text: &str, resource: Option<&Name<'_>>, facts: Facts<'_>) -> Truth {
    let (resolved, variables) = resolve_arn(text, Version::V2012, facts);
    if variables.valueless {
        return Truth::False;
    }
    let known = if variables.unknown.is_empty() {
        Truth::True
    } else {
        Truth::Unknown(variables.unknown)
    };
    let Some(resource) = resource else {
        return if resolved.is_everything() {
            known
        } else {
            known.and(Truth::unknown("resource"))
        };
    };
    match resolved.fits(resource.text()) {
        Fit::Yes => known,
        Fit::No => Truth::False,
        Fit::Undecided => known.and(Truth::unknown("resource pattern")),
    }
}

/// Reads a resource pattern with its variables, for a comparison with other patterns. AWS allows a
/// variable in the last component alone, so one elsewhere counts as unknown here.
pub(crate) fn resource_pattern(
    pattern: &str,
    version: Version,
    context: &Context,
) -> (ResourcePattern, Variables) {
    let (resolved, mut variables) = resolve_arn(pattern, version, Facts::open(context));
    let early = components_around_variables(pattern)
        .into_iter()
        .take(5)
        .any(|component| component.contains("${"));
    if early && version == Version::V2012 {
        variables.unknown.insert(format!("variable in `{pattern}`"));
    }
    (resolved, variables)
}
