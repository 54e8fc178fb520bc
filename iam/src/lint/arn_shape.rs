//! The shape of an ARN pattern beside that of a kind of resource: may they mean the same thing?
//!
//! Both are compared part by part. A wildcard in a part may run over colons, so that a pattern with
//! fewer parts than an ARN is compared as a whole.
//! Source: IAM User Guide, "IAM JSON policy elements: Resource"; AWS Service Authorization Reference,
//! "Resource types defined by …".
//!
//! INVARIANT: two shapes are called apart only if no ARN of the kind matches the pattern; a doubt
//! is a match.

use crate::pattern::overlaps;

/// Parts of an ARN; the last one takes all further colons.
const PARTS: usize = 6;

/// The partitions of AWS. Source: AWS General Reference, "Amazon Resource Names (ARNs)", and the
/// endpoints of the SDK.
const PARTITIONS: [&str; 8] = [
    "aws",
    "aws-cn",
    "aws-us-gov",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "aws-eusc",
];

/// Names that hold no slash, where a longer ARN names another kind of resource.
/// Source: the naming rules in the services' API references.
const FLAT: [&str; 2] = ["${BucketName}", "${QueueName}"];

/// What keeps a pattern from being an ARN of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Apart {
    /// The resource's own name has another form.
    Name,
    /// The region or the account stands where the kind has none, or is missing.
    Place,
    /// It is of another service, or no ARN at all.
    Service,
}

/// A pattern of the `Resource` element, cut into its parts.
pub(super) struct Written {
    whole: String,
    parts: Vec<String>,
}

impl Written {
    pub(super) fn new(pattern: &str) -> Self {
        let whole = stars_for_variables(pattern);
        let parts = whole.splitn(PARTS, ':').map(str::to_owned).collect();
        Self { whole, parts }
    }

    /// Whether it stands for every resource, and for actions that have none.
    pub(super) fn is_everything(&self) -> bool {
        self.whole.bytes().all(|byte| byte == b'*') && !self.whole.is_empty()
    }

    /// The partition, if it is written out and AWS has none of that name.
    pub(super) fn unknown_partition(&self) -> Option<&str> {
        let partition = self.parts.get(1).filter(|_| self.parts.len() == PARTS)?;
        let plain = !partition.contains(['*', '?']);
        (plain && !PARTITIONS.contains(&partition.as_str())).then_some(partition)
    }

    /// What keeps it from being an ARN of that kind; `None` if nothing does.
    pub(super) fn apart(&self, kind: &str) -> Option<Apart> {
        let template = stars_for_variables(kind);
        if self.parts.len() < PARTS {
            return (!overlaps(&self.whole, &template)).then_some(Apart::Service);
        }
        let theirs: Vec<&str> = template.splitn(PARTS, ':').collect();
        let agree = |part: usize| match (self.parts.get(part), theirs.get(part)) {
            (Some(ours), Some(theirs)) => overlaps(ours, theirs),
            _ => true,
        };
        let filled = |part: usize| {
            let empty = self.parts.get(part).is_some_and(String::is_empty);
            !(empty && theirs.get(part).is_some_and(|theirs| !theirs.is_empty()))
        };
        if !(agree(0) && agree(1) && agree(2)) {
            Some(Apart::Service)
        } else if !(agree(3) && agree(4) && filled(3) && filled(4)) {
            Some(Apart::Place)
        } else if !agree(5) || self.is_deeper(kind) {
            Some(Apart::Name)
        } else {
            None
        }
    }

    /// Whether a slash is written where the kind's name is a single one without any.
    fn is_deeper(&self, kind: &str) -> bool {
        let name = kind.splitn(PARTS, ':').last().unwrap_or_default();
        FLAT.contains(&name) && self.parts.last().is_some_and(|own| own.contains('/'))
    }
}

/// A variable stands for any text.
fn stars_for_variables(text: &str) -> String {
    let mut stars = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, opened)) = rest.split_once("${") {
        stars.push_str(before);
        stars.push('*');
        rest = opened.split_once('}').map_or("", |(_, after)| after);
    }
    stars.push_str(rest);
    stars
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUCKET: &str = "arn:${Partition}:s3:::${BucketName}";
    const OBJECT: &str = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
    const QUEUE: &str = "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}";

    fn apart(pattern: &str, kind: &str) -> Option<Apart> {
        Written::new(pattern).apart(kind)
    }

    #[test]
    fn what_may_mean_the_kind_is_not_apart() {
        for pattern in [
            "*",
            "arn:aws:s3:::b",
            "arn:aws:s3:::*",
            "arn:aws:s3*",
            "arn:*:s3:::b?",
            "arn:aws:s3:::${aws:username}",
        ] {
            assert_eq!(apart(pattern, BUCKET), None, "{pattern}");
        }
        assert_eq!(apart("arn:aws:s3:::b/*", OBJECT), None);
        assert_eq!(apart("arn:aws:s3:::b*", OBJECT), None);
        assert_eq!(apart("arn:aws:sqs:*:111122223333:q", QUEUE), None);
        assert_eq!(apart("arn:aws:sqs:*", QUEUE), None);
    }

    #[test]
    fn what_cannot_mean_the_kind_tells_where_it_differs() {
        assert_eq!(apart("arn:aws:s3:::b/*", BUCKET), Some(Apart::Name));
        assert_eq!(apart("arn:aws:s3:::b", OBJECT), Some(Apart::Name));
        assert_eq!(apart("arn:aws:s3:eu-west-1::b", BUCKET), Some(Apart::Place));
        assert_eq!(
            apart("arn:aws:sqs::111122223333:q", QUEUE),
            Some(Apart::Place)
        );
        assert_eq!(apart("arn:aws:sns:*:*:q", QUEUE), Some(Apart::Service));
        assert_eq!(apart("arn:aws:S3:::b", BUCKET), Some(Apart::Service));
    }

    #[test]
    fn partitions_are_known_unless_they_hold_a_wildcard() {
        let unknown = |text| Written::new(text).unknown_partition().map(str::to_owned);
        assert_eq!(unknown("arn:amazon:s3:::b"), Some("amazon".to_owned()));
        assert_eq!(unknown("arn:aws-cn:s3:::b"), None);
        assert_eq!(unknown("arn:aws*:s3:::b"), None);
        assert_eq!(unknown("arn:a*"), None);
    }
}
