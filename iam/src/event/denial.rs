//! Action that a denied record names itself: an error message in, action and resource out.
//!
//! The grammar: `User: <arn> is not authorized to perform: <service>:<Action>[ on resource: <arn>]`
//! and then, after a blank, `because …` or `with an explicit deny …`; EC2 puts a sentence before
//! it and a token behind it. The letter case of the service varies (`SNS:ListTopics`).
//! Source: IAM User Guide, "Troubleshoot access denied error messages"; public records.
//!
//! A message about somebody else than the caller ("`CodeBuild` is not authorized …") names no action
//! of the call.

use std::borrow::Cow;

use super::resource::Resources;
use super::{Basis, MappedAction, ResourceBasis, Strength};
use crate::catalog::Catalog;
use crate::outcome::speaks_of_caller;

const PERFORM: &str = "authorized to perform";
const ON_RESOURCE: &str = "on resource";
/// What may stand behind the resource.
const ENDS: [&str; 4] = [
    " because ",
    " with an explicit deny",
    " Encoded authorization failure",
    "\n",
];
/// Longer messages are cut by CloudTrail; the rest of an odd one is not searched.
const MESSAGE_LIMIT_BYTES: usize = 8 * 1024;
/// The longest action of the catalog has under 90 characters; chosen with room.
const ACTION_LIMIT_BYTES: usize = 128;
/// Source: IAM User Guide, "IAM and AWS STS quotas" (an ARN has at most 2,048 characters).
pub(super) const ARN_LIMIT_BYTES: usize = 2048;

/// The action that the message says was denied to the caller.
pub(super) fn named_action(message: Option<&str>, catalog: &Catalog) -> Option<MappedAction> {
    let message = Some(head(message?)).filter(|message| speaks_of_caller(message))?;
    let mut searched = 0;
    while let Some(at) = find_ignore_case(message.get(searched..)?, PERFORM) {
        let (subject, rest) = message.split_at_checked(searched + at)?;
        searched += at + PERFORM.len();
        let rest = rest.get(PERFORM.len()..)?;
        if let Some(action) = is_caller(subject).then(|| read(rest, catalog)).flatten() {
            return Some(action);
        }
    }
    None
}

/// Reads what stands behind the verb.
fn read(rest: &str, catalog: &Catalog) -> Option<MappedAction> {
    let start = rest.trim_start_matches([':', ' ', '`', '\'', '"']);
    let end = start
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == ':'))
        .unwrap_or(start.len());
    let (name, after) = start.split_at_checked(end)?;
    let resources = match named_resource(after) {
        Some(arn) => Resources {
            basis: ResourceBasis::Message,
            ..Resources::named(arn)
        },
        None => Resources::unknown(),
    };
    Some(MappedAction {
        action: action_name(name.trim_end_matches(':'), catalog)?,
        strength: Strength::Certain,
        basis: Basis::Message,
        resources: resources.arns,
        resource_basis: resources.basis,
    })
}

fn head(message: &str) -> &str {
    let end = message.floor_char_boundary(MESSAGE_LIMIT_BYTES);
    message.get(..end).unwrap_or_default()
}

fn is_caller(subject: &str) -> bool {
    ["user:", "user ", "principal:", "you are"]
        .into_iter()
        .any(|word| find_ignore_case(subject, word).is_some())
}

/// The action as the catalog writes it; one that it lacks keeps its own writing.
fn action_name(name: &str, catalog: &Catalog) -> Option<Cow<'static, str>> {
    if let Some(action) = catalog.action(name) {
        return Some(Cow::Borrowed(action.name));
    }
    let (service, action) = name.split_once(':')?;
    let plain = !service.is_empty()
        && action.starts_with(|c: char| c.is_ascii_alphabetic())
        && !action.contains(':');
    (plain && name.len() <= ACTION_LIMIT_BYTES)
        .then(|| format!("{}:{action}", service.to_ascii_lowercase()).into())
}

/// Whether the message says what the action was used on, in whatever form.
pub(super) fn speaks_of_resource(message: &str) -> bool {
    find_ignore_case(head(message), ON_RESOURCE).is_some()
}

fn named_resource(after: &str) -> Option<String> {
    let at = find_ignore_case(after, ON_RESOURCE)?;
    let text = after.get(at + ON_RESOURCE.len()..)?;
    let text = text.trim_start_matches([':', ' ']);
    let end = ENDS
        .iter()
        .filter_map(|end| text.find(end))
        .min()
        .unwrap_or(text.len());
    let arn = text
        .get(..end)?
        .trim()
        .trim_matches(['`', '\'', '"'])
        .trim_end_matches(['.', ',']);
    let plain = arn.starts_with("arn:")
        && arn.len() <= ARN_LIMIT_BYTES
        && !arn.contains(char::is_whitespace);
    plain.then(|| arn.to_owned())
}

fn find_ignore_case(text: &str, part: &str) -> Option<usize> {
    text.as_bytes()
        .windows(part.len())
        .position(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(message: &str) -> Option<(String, Option<String>)> {
        named_action(Some(message), Catalog::embedded()).map(|found| {
            let resource = found.proven_resources().next().flatten().map(str::to_owned);
            (found.action.into_owned(), resource)
        })
    }

    const USER: &str =
        "User: arn:aws:sts::111122223333:assumed-role/a/s is not authorized to perform: ";

    #[test]
    fn action_and_resource_are_read_to_the_reason() {
        let message = format!(
            "{USER}dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/t because no identity-based policy allows the dynamodb:PutItem action"
        );
        let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/t".to_owned();
        assert_eq!(
            named(&message),
            Some(("dynamodb:PutItem".to_owned(), Some(table)))
        );
    }

    #[test]
    fn the_service_may_be_written_in_capitals() {
        let message =
            format!("{USER}SNS:ListTopics on resource: arn:aws:sns:eu-west-1:111122223333:*");
        assert_eq!(named(&message).unwrap().0, "sns:ListTopics");
    }

    #[test]
    fn a_sentence_before_and_a_token_behind_do_not_matter() {
        let message = format!(
            "You are not authorized to perform this operation. {USER}ec2:RunInstances with an explicit deny in a service control policy. Encoded authorization failure message: abc"
        );
        assert_eq!(
            named("You are not authorized to perform this operation."),
            None
        );
        assert_eq!(named(&message).unwrap().0, "ec2:RunInstances");
    }

    #[test]
    fn a_resource_ends_at_the_token_and_may_stand_in_quotes_without_a_colon() {
        let instance = "arn:aws:ec2:eu-west-1:111122223333:instance/i-1";
        for message in [
            format!(
                "{USER}ec2:StopInstances on resource: {instance}. Encoded authorization failure message: abc"
            ),
            format!("{USER}ec2:StopInstances on resource `{instance}'"),
        ] {
            let found = named(&message);
            assert_eq!(
                found,
                Some(("ec2:StopInstances".to_owned(), Some(instance.to_owned()))),
                "{message}"
            );
        }
    }

    #[test]
    fn a_star_is_no_resource() {
        let message =
            format!("{USER}ecr:GetAuthorizationToken on resource: * because no policy allows it");
        assert_eq!(
            named(&message),
            Some(("ecr:GetAuthorizationToken".to_owned(), None))
        );
    }

    #[test]
    fn a_service_that_lacks_a_permission_is_not_the_caller() {
        assert_eq!(
            named(
                "CodeBuild is not authorized to perform: sts:AssumeRole on arn:aws:iam::111122223333:role/r"
            ),
            None
        );
    }

    #[test]
    fn an_action_that_the_catalog_lacks_keeps_its_name() {
        assert_eq!(
            named(&format!("{USER}NewThing:DoIt")).unwrap().0,
            "newthing:DoIt"
        );
        assert_eq!(named(&format!("{USER}:::")), None);
        assert_eq!(named(&format!("{USER}s3:{}", "A".repeat(500))), None);
    }

    proptest! {
        #[test]
        fn any_message_gives_an_answer(text in "\\PC{0,80}") {
            for message in [text.clone(), format!("{USER}{text}"), format!("{USER}s3:GetObject on resource:{text}")] {
                if let Some((action, _)) = named(&message) {
                    prop_assert!(action.contains(':'));
                }
            }
        }
    }
}
