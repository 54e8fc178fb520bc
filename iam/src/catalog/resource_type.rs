//! Kinds of resource: an ARN in, whether it is one of the kind; names in, an ARN of the kind out.
//!
//! Source: AWS Service Authorization Reference, "Resource types defined by …", which writes each
//! kind as an ARN with variables such as `${BucketName}`.

/// A kind of resource of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceType {
    /// The service and the kind: `s3:object`.
    pub name: &'static str,
    /// The ARN with its variables: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`.
    pub arn: &'static str,
}

/// Where a call was made: what the variables of every ARN stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) partition: &'a str,
    pub(crate) region: Option<&'a str>,
    pub(crate) account: Option<&'a str>,
}

/// Variables whose values never hold a `/`, where a longer ARN names another kind of resource.
const FLAT: [&str; 5] = [
    "BucketName",
    "TableName",
    "QueueName",
    "TopicName",
    "StreamName",
];

impl ResourceType {
    /// Tells whether `arn` names a resource of this kind.
    #[must_use]
    pub fn fits(self, arn: &str) -> bool {
        let mut rest = arn;
        let mut pieces = Pieces(self.arn).peekable();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Literal(text) => match rest.strip_prefix(text) {
                    Some(after) => rest = after,
                    None => return false,
                },
                Piece::Variable(name) => {
                    let Some(Piece::Literal(next)) = pieces.peek() else {
                        let whole = !FLAT.contains(&name) || !rest.contains(['/', ':']);
                        return whole && !rest.is_empty();
                    };
                    let Some((value, _)) = rest.split_once(next) else {
                        return false;
                    };
                    if value.contains(':') {
                        return false;
                    }
                    rest = rest.get(value.len()..).unwrap_or_default();
                }
            }
        }
        rest.is_empty()
    }

    /// The ARN of this kind with `values` for its own variables, in order.
    ///
    /// `None` where a value is missing or left over, or the place lacks what the ARN needs.
    pub(crate) fn fill(self, place: Place<'_>, values: &[&str]) -> Option<String> {
        let mut values = values.iter();
        let mut arn = String::new();
        for piece in Pieces(self.arn) {
            arn.push_str(match piece {
                Piece::Literal(text) => text,
                Piece::Variable("Partition") => place.partition,
                Piece::Variable("Region") => place.region?,
                Piece::Variable("Account") => place.account?,
                Piece::Variable(_) => values.next().filter(|value| !value.is_empty())?,
            });
        }
        values.next().is_none().then_some(arn)
    }
}

enum Piece<'a> {
    Literal(&'a str),
    Variable(&'a str),
}

/// The pieces of an ARN with variables, in order.
struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.0.is_empty() {
            return None;
        }
        if let Some((name, after)) = self
            .0
            .strip_prefix("${")
            .and_then(|text| text.split_once('}'))
        {
            self.0 = after;
            return Some(Piece::Variable(name));
        }
        let end = self
            .0
            .find("${")
            .filter(|&at| at > 0)
            .unwrap_or(self.0.len());
        let (text, after) = self.0.split_at(end);
        self.0 = after;
        Some(Piece::Literal(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUCKET: ResourceType = ResourceType {
        name: "s3:bucket",
        arn: "arn:${Partition}:s3:::${BucketName}",
    };
    const OBJECT: ResourceType = ResourceType {
        name: "s3:object",
        arn: "arn:${Partition}:s3:::${BucketName}/${ObjectName}",
    };
    const STREAM: ResourceType = ResourceType {
        name: "logs:log-stream",
        arn: "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}:log-stream:${LogStreamName}",
    };

    #[test]
    fn an_object_is_no_bucket_and_a_bucket_no_object() {
        assert!(BUCKET.fits("arn:aws:s3:::reports"));
        assert!(!BUCKET.fits("arn:aws:s3:::reports/2026/a.pdf"));
        assert!(OBJECT.fits("arn:aws:s3:::reports/2026/a.pdf"));
        assert!(!OBJECT.fits("arn:aws:s3:::reports"));
    }

    #[test]
    fn a_name_in_the_middle_may_hold_slashes() {
        assert!(
            STREAM.fits(
                "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:log-stream:2026/a"
            )
        );
        assert!(!STREAM.fits("arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f"));
    }

    #[test]
    fn an_arn_is_filled_only_from_complete_facts() {
        let place = Place {
            partition: "aws",
            region: Some("eu-west-1"),
            account: None,
        };
        assert_eq!(
            OBJECT.fill(place, &["b", "k"]).as_deref(),
            Some("arn:aws:s3:::b/k")
        );
        assert_eq!(OBJECT.fill(place, &["b"]), None);
        assert_eq!(OBJECT.fill(place, &["b", "k", "x"]), None);
        assert_eq!(STREAM.fill(place, &["g", "s"]), None);
    }
}
