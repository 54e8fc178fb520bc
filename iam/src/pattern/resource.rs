//! Patterns for resource ARNs: component by component, the last one over colons.
//!
//! A wildcard in the partition, service, region or account stays in its component; in the last
//! component it also runs over further colons. The documentation adds that a `*` at the end of an
//! earlier component "can expand beyond the colon boundary", without saying when: a match that
//! only that reading gives is [`Fit::Undecided`].
//! Source: IAM User Guide, "IAM JSON policy elements: Resource".

use super::glob::Glob;

/// How many colon-separated components an ARN has; the last one holds all further colons.
const COMPONENTS: usize = 6;

/// Whether a pattern takes a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// In every reading of the documentation.
    Yes,
    /// In none.
    No,
    /// In one reading and not in the other.
    Undecided,
}

/// A pattern of a `Resource` or `NotResource` list, or an ARN pattern of a condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ResourcePattern {
    components: Vec<Glob>,
    whole: Glob,
}

impl ResourcePattern {
    /// Reads a pattern as it is written, `${…}` as plain text.
    pub(crate) fn parse(pattern: &str) -> Self {
        Self::of(pattern.splitn(COMPONENTS, ':').map(Glob::parse).collect())
    }

    /// Puts a pattern together from its components.
    pub(crate) fn of(components: Vec<Glob>) -> Self {
        let colon = Glob::literal(":");
        let whole = components
            .iter()
            .enumerate()
            .flat_map(|(index, component)| {
                let separator: &[_] = if index == 0 { &[] } else { colon.tokens() };
                separator.iter().chain(component.tokens()).copied()
            })
            .collect();
        Self { components, whole }
    }

    /// Tells whether the pattern is `*`: every resource, and actions that take none.
    pub(crate) fn is_everything(&self) -> bool {
        self.whole.is_everything()
    }

    /// The last component, or `None` where the pattern is no whole ARN.
    pub(crate) fn name(&self) -> Option<&Glob> {
        self.components.get(COMPONENTS - 1)
    }

    /// The patterns of the components, at most six.
    pub(crate) fn components(&self) -> &[Glob] {
        &self.components
    }

    /// The pattern as one text.
    pub(crate) fn whole(&self) -> &Glob {
        &self.whole
    }

    /// Tells whether components are missing and a star stands in their place.
    pub(crate) fn is_cut_short_by_a_star(&self) -> bool {
        self.components.len() < COMPONENTS && self.whole.ends_with_star()
    }

    /// Tells whether the resource is within the pattern.
    pub(crate) fn fits(&self, resource: &str) -> Fit {
        let parts: Vec<&str> = resource.splitn(COMPONENTS, ':').collect();
        if self.is_everything() || self.pairwise(&parts, |glob, part| glob.matches(part)) {
            Fit::Yes
        } else if self.may_run_over_colons() && self.whole.matches(resource) {
            Fit::Undecided
        } else {
            Fit::No
        }
    }

    /// Tells that every resource within `narrow` is within this pattern, in every reading;
    /// `false` proves nothing.
    pub(crate) fn covers(&self, narrow: &Self) -> bool {
        let loose = self.may_run_over_colons() || narrow.may_run_over_colons();
        self.is_everything()
            || self.pairwise(&narrow.components, Glob::covers)
                && (!loose || self.whole.covers(&narrow.whole))
    }

    /// Tells whether some resource is within both patterns.
    pub(crate) fn overlaps(&self, other: &Self) -> Fit {
        let settled = self.settled_components().min(other.settled_components());
        let everything = self.is_everything() || other.is_everything();
        if everything || self.pairwise(&other.components, Glob::overlaps) {
            Fit::Yes
        } else if self.overlaps_loosely(other, settled) {
            Fit::Undecided
        } else {
            Fit::No
        }
    }

    /// Tells whether some resource may be within both, where no star of the other stands for a colon
    /// outside of its last component: the ARNs of a resource type.
    pub(crate) fn may_overlap_type(&self, of_type: &Self) -> bool {
        self.is_everything()
            || self.pairwise(&of_type.components, Glob::overlaps)
            || self.overlaps_loosely(of_type, self.settled_components())
    }

    /// Tells whether the patterns overlap if a star after so many components runs over colons.
    fn overlaps_loosely(&self, other: &Self, settled: usize) -> bool {
        settled < COMPONENTS
            && self
                .components
                .iter()
                .zip(&other.components)
                .take(settled)
                .all(|(ours, theirs)| ours.overlaps(theirs))
            && self.whole.overlaps(&other.whole)
    }

    fn pairwise<T>(&self, others: &[T], holds: impl Fn(&Glob, &T) -> bool) -> bool {
        self.components.len() == others.len()
            && self
                .components
                .iter()
                .zip(others)
                .all(|(ours, theirs)| holds(ours, theirs))
    }

    /// Tells whether an early component ends with a star.
    pub(crate) fn may_run_over_colons(&self) -> bool {
        self.settled_components() < COMPONENTS
    }

    /// How many components stand before the first early one that ends with a star; all if none does.
    fn settled_components(&self) -> usize {
        let early = self.components.iter().take(COMPONENTS - 1);
        let mut early = early.enumerate();
        early
            .find(|(_, component)| component.ends_with_star())
            .map_or(COMPONENTS, |(place, _)| place)
    }
}

/// Splits an ARN pattern at its first five colons, but never inside `${…}`.
///
/// A variable's name holds a colon itself.
pub(crate) fn components_around_variables(pattern: &str) -> Vec<&str> {
    let mut components = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    let mut previous = ' ';
    for (offset, character) in pattern.char_indices() {
        match character {
            '{' if previous == '$' => depth = 1,
            '}' => depth = 0,
            ':' if depth == 0 && components.len() < COMPONENTS - 1 => {
                components.extend(pattern.get(start..offset));
                start = offset + 1;
            }
            _ => {}
        }
        previous = character;
    }
    components.extend(pattern.get(start..));
    components
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, resource: &str) -> Fit {
        ResourcePattern::parse(pattern).fits(resource)
    }

    #[test]
    fn a_bucket_pattern_does_not_take_objects_nor_the_reverse() {
        assert_eq!(
            fits("arn:aws:s3:::bucket", "arn:aws:s3:::bucket/key"),
            Fit::No
        );
        assert_eq!(
            fits("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket"),
            Fit::No
        );
        assert_eq!(
            fits("arn:aws:s3:::bucket*", "arn:aws:s3:::bucket/key"),
            Fit::Yes
        );
    }

    #[test]
    fn the_last_component_runs_over_colons() {
        let group = "arn:aws:logs:eu-west-1:111122223333:log-group:a:log-stream:b";
        assert_eq!(fits("arn:aws:logs:*:*:log-group:a:*", group), Fit::Yes);
        assert_eq!(fits("arn:aws:logs:*:*:*", group), Fit::Yes);
    }

    #[test]
    fn a_wildcard_inside_an_early_component_stays_there() {
        assert_eq!(
            fits("arn:aws:sqs:eu*1:1:q", "arn:aws:sqs:eu-west-1:2:1:1:q"),
            Fit::No
        );
    }

    #[test]
    fn a_star_that_ends_an_early_component_is_not_relied_on() {
        assert_eq!(fits("arn:aws:s3*", "arn:aws:s3:::bucket"), Fit::Undecided);
        assert_eq!(
            fits("arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:1:q"),
            Fit::Undecided
        );
        assert_eq!(
            fits("arn:aws:sqs:*:1:q", "arn:aws:sqs:eu-west-1:1:q"),
            Fit::Yes
        );
    }

    #[test]
    fn names_compare_with_their_case() {
        assert_eq!(fits("arn:aws:s3:::Bucket", "arn:aws:s3:::bucket"), Fit::No);
    }

    #[test]
    fn a_role_name_is_not_its_ending() {
        let my_app = "arn:aws:iam::111122223333:role/my-app";
        assert_eq!(fits("arn:aws:iam::111122223333:role/app", my_app), Fit::No);
    }

    #[test]
    fn containment_asks_for_every_component() {
        let wide = ResourcePattern::parse("arn:aws:s3:::*");
        assert!(wide.covers(&ResourcePattern::parse("arn:aws:s3:::bucket/*")));
        assert!(!wide.covers(&ResourcePattern::parse("*")));
        assert!(!wide.covers(&ResourcePattern::parse("arn:aws-cn:s3:::bucket/*")));
        assert!(ResourcePattern::parse("*").covers(&wide));
    }

    #[test]
    fn overlap_is_told_from_disjointness() {
        let objects = ResourcePattern::parse("arn:*:s3:::*/*");
        let bucket = ResourcePattern::parse("arn:aws:s3:::bucket");
        assert_eq!(objects.overlaps(&bucket), Fit::No);
        assert_eq!(
            objects.overlaps(&ResourcePattern::parse("arn:aws:s3:::b*")),
            Fit::Yes
        );
    }

    #[test]
    fn a_variable_is_not_split_at_its_colon() {
        assert_eq!(
            components_around_variables("arn:aws:s3:::b/${aws:PrincipalTag/a:b}/*:x"),
            ["arn", "aws", "s3", "", "", "b/${aws:PrincipalTag/a:b}/*:x"]
        );
        assert_eq!(
            components_around_variables("arn:aws:s3:${aws:RequestedRegion}::b"),
            ["arn", "aws", "s3", "${aws:RequestedRegion}", "", "b"]
        );
    }
}
