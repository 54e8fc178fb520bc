//! Calls that come in pages, and what AWS prints for the types of its SDK.

use jiff::Timestamp;
use serde_json::Value;

use crate::AwsFault;

/// Most pages of one answer: 10,000. Chosen: a hundred times those of an account at its quotas.
const MOST_PAGES: usize = 10_000;

/// A page, and the token of the next one.
pub(super) type Page<T> = (T, Option<String>);

/// All pages of an answer, each asked for by the token that the one before gave.
///
/// # Errors
/// The fault of the first page that failed; a token that comes twice, since it would never end.
pub(super) async fn pages<T>(
    operation: &'static str,
    mut page: impl AsyncFnMut(Option<String>) -> Result<Page<T>, AwsFault>,
) -> Result<Vec<T>, AwsFault> {
    let mut pages = Vec::new();
    let mut token = None;
    loop {
        let (found, next) = page(token.clone()).await?;
        pages.push(found);
        let next = next.filter(|next| !next.is_empty());
        if next.is_none() {
            return Ok(pages);
        }
        if next == token || pages.len() >= MOST_PAGES {
            return Err(AwsFault {
                operation,
                code: Some("EndlessPages".to_owned()),
                status: Some(200),
                message: format!("the answer did not end after {} pages", pages.len()),
                is_broken_off: false,
            });
        }
        token = next;
    }
}

/// An object without the members that the answer lacks.
pub(super) fn object(value: Value) -> Value {
    match value {
        Value::Object(mut members) => {
            members.retain(|_, value| !value.is_null());
            Value::Object(members)
        }
        other => other,
    }
}

/// A list of objects.
pub(super) fn list<T>(elements: &[T], one: fn(&T) -> Value) -> Value {
    Value::Array(elements.iter().map(one).collect())
}

/// A time as the AWS CLI prints it, from seconds since 1970.
pub(super) fn time(seconds: i64) -> Option<String> {
    let time = Timestamp::from_second(seconds).ok()?;
    Some(time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string())
}

/// The partition of a region, for ARNs. Source: AWS General Reference, "Amazon Resource Names (ARNs)".
pub(super) fn partition(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "aws-cn",
        Some("us") if region.starts_with("us-gov-") => "aws-us-gov",
        Some("us") if region.starts_with("us-iso-") => "aws-iso",
        Some("us") if region.starts_with("us-isob-") => "aws-iso-b",
        _ => "aws",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn every_page_is_asked_for_once() {
        let mut asked = Vec::new();
        let found = pages("x:List", async |token: Option<String>| {
            asked.push(token.clone());
            Ok(match token.as_deref() {
                None => (1, Some("a".to_owned())),
                Some("a") => (2, Some("b".to_owned())),
                Some(_) => (3, None),
            })
        });
        assert_eq!(found.await.unwrap(), [1, 2, 3]);
        assert_eq!(asked, [None, Some("a".to_owned()), Some("b".to_owned())]);
    }

    #[tokio::test]
    async fn a_token_that_repeats_ends_the_paging() {
        let found = pages("x:List", async |_| Ok(((), Some("same".to_owned())))).await;
        assert_eq!(found.unwrap_err().code.as_deref(), Some("EndlessPages"));
    }

    #[test]
    fn what_the_answer_lacks_is_left_out_and_times_are_as_the_cli_prints_them() {
        assert_eq!(
            object(json!({"a": null, "b": {"c": null}})),
            json!({"b": {"c": null}})
        );
        assert_eq!(time(0).as_deref(), Some("1970-01-01T00:00:00+00:00"));
        assert_eq!(time(i64::MAX), None);
    }

    #[test]
    fn the_region_tells_the_partition() {
        assert_eq!(partition("eu-west-1"), "aws");
        assert_eq!(partition("us-gov-west-1"), "aws-us-gov");
        assert_eq!(partition("cn-north-1"), "aws-cn");
    }
}
