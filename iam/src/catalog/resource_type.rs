//! Kinds of resource: an ARN in, whether it is one of the kind; names in, an ARN of the kind out.
//!
//! Source: AWS Service Authorization Reference, "Resource types defined by …", which writes each
//! kind as an ARN with variables such as `${BucketName}`.

/// A kind of resource of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceType {
    /// The service and the kind: `s3:object`.
    pub name: &'static str,
    /// The ARN with its variables: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. A few kinds have
    /// several, with a comma and a space between them.
    pub arn: &'static str,
}

/// Where a call was made: what the variables of every ARN stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) partition: &'a str,
    pub(crate) region: Option<&'a str>,
    pub(crate) account: Option<&'a str>,
}

/// An ARN with variables, taken apart.
#[derive(Debug)]
pub(crate) struct Shape {
    pattern: &'static str,
    pieces: Vec<Piece>,
    /// The variables that the place does not fill.
    variables: Vec<&'static str>,
}

#[derive(Debug)]
enum Piece {
    Literal(&'static str),
    Partition,
    Region,
    Account,
    Own(&'static str),
}

/// Variables whose values never hold a `/` or a `:`, where a longer ARN names another kind of resource.
const FLAT: [&str; 6] = [
    "BucketName",
    "TableName",
    "QueueName",
    "RuleName",
    "TopicName",
    "StreamName",
];

impl ResourceType {
    /// The ARN of this kind with `values` for its own variables, in order; see [`Shape::fill`].
    pub(crate) fn fill(self, place: Place<'_>, values: &[&str]) -> Option<String> {
        Shape::new(self.arn).fill(place, values)
    }
}

impl Shape {
    /// Takes one ARN with variables apart.
    pub(crate) fn new(pattern: &'static str) -> Self {
        let pieces: Vec<Piece> = Pieces(pattern).collect();
        let own = |piece: &Piece| match piece {
            Piece::Own(name) => Some(*name),
            _ => None,
        };
        Self {
            pattern,
            variables: pieces.iter().filter_map(own).collect(),
            pieces,
        }
    }

    /// The variables that the place does not fill, in order.
    pub(crate) fn variables(&self) -> &[&'static str] {
        &self.variables
    }

    /// The service in the ARN: `s3`.
    pub(crate) fn service(&self) -> &'static str {
        self.pattern.split(':').nth(2).unwrap_or_default()
    }

    /// Tells whether the resources of this kind are parts of those of another: `table/t/index/i` of `table/t`.
    pub(crate) fn is_inside(&self, outer: &Self) -> bool {
        let rest = self.pattern.strip_prefix(outer.pattern);
        rest.is_some_and(|rest| rest.starts_with(['/', ':']))
    }

    /// Tells whether `arn` names a resource of this kind.
    pub(crate) fn fits(&self, arn: &str) -> bool {
        let mut rest = arn;
        let mut pieces = self.pieces.iter().peekable();
        while let Some(piece) = pieces.next() {
            if let Piece::Literal(text) = piece {
                match rest.strip_prefix(text) {
                    Some(after) => rest = after,
                    None => return false,
                }
                continue;
            }
            let Some(Piece::Literal(next)) = pieces.peek() else {
                let is_flat = matches!(piece, Piece::Own(name) if FLAT.contains(name));
                let is_longer = is_flat && rest.contains(['/', ':']);
                return !(rest.is_empty() || is_longer);
            };
            let Some(length) = before(rest, next) else {
                return false;
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        rest.is_empty()
    }

    /// The ARN of this kind with `values` for its own variables, in order. If they are fewer, the last one stands for
    /// the rest of the ARN.
    ///
    /// `None` where a value is empty or left over, or the place lacks what the ARN needs.
    pub(crate) fn fill<T: AsRef<str>>(&self, place: Place<'_>, values: &[T]) -> Option<String> {
        let mut values = values.iter().peekable();
        let mut left = self.variables.len();
        let length: usize = values.clone().map(|value| value.as_ref().len()).sum();
        let mut arn = String::with_capacity(self.pattern.len() + length);
        for piece in &self.pieces {
            arn.push_str(match piece {
                Piece::Literal(text) => text,
                Piece::Partition => place.partition,
                Piece::Region => place.region?,
                Piece::Account => place.account?,
                Piece::Own(_) => {
                    let value = values.next().map(AsRef::as_ref);
                    left -= 1;
                    value.filter(|value| !value.is_empty())?
                }
            });
            let is_last = matches!(piece, Piece::Own(_)) && values.peek().is_none();
            if is_last && left > 0 {
                return Some(arn);
            }
        }
        values.next().is_none().then_some(arn)
    }
}

/// How long the value of a variable is that ends where `next` starts; it is not empty and holds no colon.
fn before(text: &str, next: &str) -> Option<usize> {
    let (text, next) = (text.as_bytes(), next.as_bytes());
    let first = next.first()?;
    for (length, byte) in text.iter().enumerate() {
        if byte == first && text.get(length..)?.starts_with(next) {
            return (length > 0).then_some(length);
        }
        if *byte == b':' {
            return None;
        }
    }
    None
}

/// The pieces of an ARN with variables, in order.
struct Pieces(&'static str);

impl Iterator for Pieces {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.0.is_empty() {
            return None;
        }
        let variable = self.0.strip_prefix("${");
        if let Some((name, after)) = variable.and_then(|text| text.split_once('}')) {
            self.0 = after;
            return Some(match name {
                "Partition" => Piece::Partition,
                "Region" => Piece::Region,
                "Account" => Piece::Account,
                _ => Piece::Own(name),
            });
        }
        let end = self.0.find("${").filter(|&at| at > 0);
        let (text, after) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = after;
        Some(Piece::Literal(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUCKET: &str = "arn:${Partition}:s3:::${BucketName}";
    const OBJECT: &str = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
    const STREAM: &str = "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}:log-stream:${LogStreamName}";
    const TASK: &str =
        "arn:${Partition}:ecs:${Region}:${Account}:task-definition/${Family}:${Revision}";

    fn fits(pattern: &'static str, arn: &str) -> bool {
        Shape::new(pattern).fits(arn)
    }

    #[test]
    fn an_object_is_no_bucket_and_a_bucket_no_object() {
        assert!(fits(BUCKET, "arn:aws:s3:::reports"));
        assert!(!fits(BUCKET, "arn:aws:s3:::reports/2026/a.pdf"));
        assert!(fits(OBJECT, "arn:aws:s3:::reports/2026/a.pdf"));
        assert!(!fits(OBJECT, "arn:aws:s3:::reports"));
        assert!(Shape::new(OBJECT).is_inside(&Shape::new(BUCKET)));
        assert!(!Shape::new(BUCKET).is_inside(&Shape::new(OBJECT)));
        assert!(!Shape::new(BUCKET).is_inside(&Shape::new(BUCKET)));
    }

    #[test]
    fn a_name_in_the_middle_may_hold_slashes() {
        let group = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f";
        assert!(fits(STREAM, &format!("{group}:log-stream:2026/a")));
        assert!(!fits(STREAM, group));
        assert!(!fits(
            STREAM,
            "arn:aws:logs:::log-group:g:log-stream:without-account"
        ));
    }

    #[test]
    fn an_arn_is_filled_only_from_complete_facts() {
        let place = Place {
            partition: "aws",
            region: Some("eu-west-1"),
            account: None,
        };
        let object = Shape::new(OBJECT);
        assert_eq!(
            object.fill(place, &["b", "k"]).as_deref(),
            Some("arn:aws:s3:::b/k")
        );
        assert_eq!(object.fill(place, &["b", ""]), None);
        assert_eq!(object.fill(place, &["b", "k", "x"]), None);
        assert_eq!(Shape::new(STREAM).fill(place, &["g", "s"]), None);
    }

    #[test]
    fn the_last_value_may_stand_for_the_rest() {
        let place = Place {
            partition: "aws",
            region: Some("eu-west-1"),
            account: Some("111122223333"),
        };
        assert_eq!(
            Shape::new(TASK).fill(place, &["web:3"]).as_deref(),
            Some("arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3")
        );
    }
}
