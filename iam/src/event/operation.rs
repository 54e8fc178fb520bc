//! Operation of an event: source and name in, the service's operation and its actions out.
//!
//! The source is a host, whose first labels name the service; several services share some hosts.
//! Some names carry the version of the API (`GetFunction20150331v2`), which is cut off only if
//! the whole name is no operation, because some names end in digits of their own.
//! Source: AWS CloudTrail User Guide, "`CloudTrail` record contents" (`eventSource`, `eventName`).

use super::{Basis, Strength};
use crate::catalog::{Catalog, Exception, Hand};

/// How much of a name is repeated in a reason, in characters; the longest operation has under 80.
const NAME_LIMIT: usize = 128;

/// What an event's source and name alone tell.
pub(super) enum Answer<'a> {
    /// It is this operation.
    Operation(Operation<'a>),
    /// It needs no action, for this reason.
    NoAction(&'static str),
}

/// An operation of a service and the actions that it is authorized by.
pub(super) struct Operation<'a> {
    /// The IAM prefix of the service.
    pub(super) prefix: &'a str,
    /// The operation's name, without a version.
    pub(super) name: &'a str,
    /// Both: `lambda:CreateFunction`.
    pub(super) key: String,
    /// The actions, in the order of the table.
    pub(super) actions: Vec<&'static str>,
    /// How sure they are.
    pub(super) strength: Strength,
    /// What they rest on.
    pub(super) basis: Basis,
}

/// Finds the operation; `None` if no table and no action has its name.
pub(super) fn resolve<'a>(
    source: &'a str,
    name: &'a str,
    catalog: &'a Catalog,
) -> Option<Answer<'a>> {
    let label = host_label(source)?;
    let prefixes = prefixes_of(label, catalog);
    let names = [Some(name), without_version(name)];
    for name in names.into_iter().flatten() {
        if let Some(answer) = look_up_all(prefixes, name, catalog) {
            return Some(answer);
        }
    }
    match catalog.operations().hand(&format!("{label}:*"))? {
        Hand::NoAction(reason) => Some(Answer::NoAction(reason)),
        Hand::Actions(_) => None,
    }
}

/// Why no operation was found.
pub(super) fn unknown(source: &str, name: &str, catalog: &Catalog) -> String {
    let shown = |text: &str| text.chars().take(NAME_LIMIT).collect::<String>();
    let Some(label) = host_label(source) else {
        return format!("`{}` is no event source of AWS", shown(source));
    };
    let prefix = prefixes_of(label, catalog)
        .split(',')
        .next()
        .unwrap_or_default();
    let key = format!("{prefix}:{}", without_version(name).unwrap_or(name));
    if catalog.is_retired(&key) {
        format!("`{}` is an action that AWS no longer lists", shown(&key))
    } else if catalog.service_actions(prefix).is_empty() {
        format!("the catalog knows no service `{}`", shown(prefix))
    } else {
        format!("the catalog knows no operation `{}`", shown(&key))
    }
}

/// The first answer of the services that share the host. Where another one has an operation of the same name, such as
/// `PutScalingPolicy` of EC2 Auto Scaling and Application Auto Scaling, either may have been called.
fn look_up_all<'a>(prefixes: &'a str, name: &'a str, catalog: &Catalog) -> Option<Answer<'a>> {
    let mut answers = prefixes
        .split(',')
        .filter_map(|prefix| look_up(prefix, name, catalog));
    let first = answers.next()?;
    // Calls to S3 on Outposts and to directory buckets are told by their ARNs; all others are S3's own.
    let Answer::Operation(mut operation) = first else {
        return Some(first);
    };
    if operation.prefix != "s3" {
        for answer in answers {
            if let Answer::Operation(other) = answer {
                operation.or(&other);
            }
        }
    }
    Some(Answer::Operation(operation))
}

impl Operation<'_> {
    /// Adds the actions of another operation that it may have been.
    fn or(&mut self, other: &Operation<'_>) {
        let new: Vec<_> = other
            .actions
            .iter()
            .filter(|action| !self.actions.contains(action))
            .copied()
            .collect();
        if !new.is_empty() {
            self.actions.extend(new);
            self.strength = Strength::Possible;
        }
    }
}

/// By hand, then by exception, then by the action of the same name.
fn look_up<'a>(prefix: &'a str, name: &'a str, catalog: &Catalog) -> Option<Answer<'a>> {
    let key = format!("{prefix}:{name}");
    let row = match catalog.operations().hand(&key) {
        Some(Hand::NoAction(reason)) => return Some(Answer::NoAction(reason)),
        Some(Hand::Actions(row)) => Some(row),
        None => catalog.operations().exception(&key),
    };
    let (actions, strength, basis) = match row {
        Some(Exception {
            actions,
            strength,
            basis,
        }) => (actions.split(',').collect(), strength, basis),
        None => (
            vec![catalog.action(&key)?.name],
            Strength::Certain,
            Basis::Identity,
        ),
    };
    Some(Answer::Operation(Operation {
        prefix,
        name,
        key,
        actions,
        strength,
        basis,
    }))
}

/// The IAM prefixes of the services that record under a host, after commas; `None` if it is no host of AWS.
pub(super) fn services<'a>(source: &'a str, catalog: &'a Catalog) -> Option<&'a str> {
    host_label(source).map(|label| prefixes_of(label, catalog))
}

/// The labels of an AWS host before the partition's domain.
fn host_label(source: &str) -> Option<&str> {
    [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"]
        .into_iter()
        .find_map(|domain| strip_suffix_ignore_case(source.trim(), domain))
        .map(without_region)
        .filter(|label| !label.is_empty())
}

/// `sqs.eu-west-1` is the host of `sqs` in a region.
fn without_region(label: &str) -> &str {
    let is_region = |text: &str| {
        let parts: Vec<&str> = text.split('-').collect();
        let numbered = parts
            .last()
            .is_some_and(|last| !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()));
        parts.len() >= 3 && numbered
    };
    match label.rsplit_once('.') {
        Some((service, region)) if is_region(region) => service,
        _ => label,
    }
}

fn strip_suffix_ignore_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let start = text.len().checked_sub(suffix.len())?;
    let tail = text.get(start..)?;
    tail.eq_ignore_ascii_case(suffix)
        .then(|| text.get(..start))?
}

/// The prefixes to try for a host label, after commas.
fn prefixes_of<'a>(label: &'a str, catalog: &'a Catalog) -> &'a str {
    if let Some(listed) = catalog.operations().prefixes(label) {
        return listed;
    }
    // `models.lex` belongs to `lex` where no table says otherwise.
    match label.rsplit_once('.') {
        Some((_, last)) if catalog.service_actions(label).is_empty() => last,
        _ => label,
    }
}

/// The name without the version of the API at its end: `20150331`, `2020_05_31`, `20150331v2`.
fn without_version(name: &str) -> Option<&str> {
    let digits_before = |text: &str| text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let end = digits_before(name);
    let dated = match name.get(..end)?.strip_suffix('v') {
        Some(before) if end < name.len() => before,
        _ => name,
    };
    let shape = |text: &str, separator: &str| -> Option<usize> {
        let mut rest = text;
        for digits in [2, 2, 4] {
            let start = rest.len().checked_sub(digits)?;
            let (before, number) = rest.split_at_checked(start)?;
            if !number.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            rest = if digits == 4 {
                before
            } else {
                before.strip_suffix(separator)?
            };
        }
        (!rest.is_empty()).then_some(rest.len())
    };
    let length = shape(dated, "").or_else(|| shape(dated, "_"))?;
    name.get(..length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_cut_off_and_other_digits_are_not() {
        assert_eq!(
            without_version("GetFunction20150331v2"),
            Some("GetFunction")
        );
        assert_eq!(
            without_version("CreateFunction20150331"),
            Some("CreateFunction")
        );
        assert_eq!(
            without_version("CreateDistribution2020_05_31"),
            Some("CreateDistribution")
        );
        for name in [
            "ListObjectsV2",
            "20150331",
            "v2",
            "",
            "Get2015",
            "DetectEntitiesV2",
            "é20150331v",
        ] {
            assert_eq!(without_version(name), None, "{name}");
        }
        assert_eq!(without_version("é20150331"), Some("é"));
    }

    #[test]
    fn hosts_of_every_partition_have_labels() {
        assert_eq!(host_label("s3.amazonaws.com"), Some("s3"));
        assert_eq!(
            host_label("streams.dynamodb.amazonaws.com.cn"),
            Some("streams.dynamodb")
        );
        assert_eq!(host_label("S3.AMAZONAWS.COM"), Some("S3"));
        assert_eq!(host_label("sqs.eu-west-1.amazonaws.com"), Some("sqs"));
        assert_eq!(host_label("aws:s3"), None);
        assert_eq!(host_label(".amazonaws.com"), None);
        assert_eq!(host_label("é.example"), None);
    }

    #[test]
    fn hosts_whose_label_is_not_the_prefix_are_known() {
        let catalog = Catalog::embedded();
        for (label, prefix) in [
            ("monitoring", "cloudwatch"),
            ("email", "ses"),
            ("tagging", "tag"),
            ("amazonmq", "mq"),
            ("streams.dynamodb", "dynamodb"),
            ("servicecatalog-appregistry", "servicecatalog"),
            ("rdsdata", "rds-data"),
            ("s3", "s3,s3express,s3-outposts"),
            ("lambda", "lambda"),
        ] {
            assert_eq!(prefixes_of(label, catalog), prefix, "{label}");
        }
    }
}
