//! Forms that names are written in, where they are not the part of the ARN itself: a text in, the part out.
//!
//! The table names a form before a path (`queue-url@queueUrl`).

mod bedrock;
mod events;
mod iam;
mod kms;
mod lambda;
mod logs;
mod secret;
mod sns;
mod sqs;
mod storage;
mod words;

use std::borrow::Cow;

use super::super::request::{Request, is_account};
use crate::catalog::{Place, Shape};

/// An ARN while it is being spelt.
pub(super) struct Spelling<'t> {
    /// Whose resource it is, and where.
    pub(super) place: Place<'t>,
    /// Whether a part is the usual one, and not proven.
    pub(super) assumed: bool,
    /// What stands behind the parts.
    pub(super) end: &'static str,
    /// Whether the ARN is the one that the service asks for, though the catalog writes the kind's with more parts.
    pub(super) is_short: bool,
}

type Read = for<'t> fn(&'t str, &mut Spelling<'t>, &'t Request<'_>) -> Option<Cow<'t, str>>;

/// A form.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// The text is the part.
    Plain,
    /// The text is the part, also if it reads like an ARN: the names of objects and log streams are free.
    Free,
    /// The text names something whose ARN the record does not tell.
    Opaque,
    /// A name tells nothing; only ARNs count, which are looked at before.
    ArnsOnly,
    /// The part is read off the text; ARNs are looked at before.
    Reads(Read),
    /// The part is read off names and ARNs alike.
    ReadsArns(Read),
}

impl Form {
    /// The form of that name; no name is the plain form.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "" => Self::Plain,
            "alias" => Self::Reads(kms::alias),
            "arn" => Self::ArnsOnly,
            "assumed" => Self::Reads(iam::assumed),
            "bucket" => Self::ReadsArns(storage::bucket),
            "created" => Self::Reads(iam::created),
            "custom" => Self::Reads(bedrock::custom_tool),
            "custom-bus" => Self::ReadsArns(events::custom_bus),
            "default-bus-rule" => Self::Reads(events::default_bus_rule),
            "document" => Self::Reads(words::document),
            "encoded" => Self::ReadsArns(words::encoded),
            "function" => Self::ReadsArns(lambda::function),
            "issuer" => Self::Reads(iam::issuer),
            "key" => Self::Reads(kms::key),
            "log-group" => Self::ReadsArns(logs::group),
            "lower" => Self::Reads(words::lower),
            "managed" => Self::Reads(bedrock::managed_tool),
            "model" => Self::Reads(bedrock::model),
            "opaque" => Self::Opaque,
            "parameter" => Self::Reads(words::parameter),
            "profile" => Self::Reads(bedrock::profile),
            "queue-url" => Self::Reads(sqs::queue_url),
            "revision" => Self::Reads(words::revision),
            "secret" => Self::ReadsArns(secret::secret),
            "shard" => Self::ReadsArns(storage::shard),
            "stack" => Self::Reads(words::stack),
            "stack-set" => Self::Reads(words::stack_set),
            "subscription" => Self::ReadsArns(sns::subscription),
            "text" => Self::Free,
            _ => return None,
        })
    }

    pub(super) fn reads_arns(self) -> bool {
        matches!(self, Self::ReadsArns(_) | Self::Free | Self::Opaque)
    }

    /// The part that the text tells; `None` if it names something of another kind.
    pub(super) fn read<'t>(
        self,
        text: &'t str,
        spelling: &mut Spelling<'t>,
        request: &'t Request<'_>,
    ) -> Option<Cow<'t, str>> {
        match self {
            Self::Plain | Self::Free => Some(Cow::Borrowed(text)),
            // No name may hold a star, so that the resource stays unproven.
            Self::Opaque => Some(Cow::Borrowed("*")),
            Self::ArnsOnly => None,
            Self::Reads(read) | Self::ReadsArns(read) => read(text, spelling, request),
        }
    }
}

impl<'t> Spelling<'t> {
    pub(super) fn new(request: &'t Request<'_>, account: Option<&'t str>) -> Self {
        let place = request.place();
        Self {
            place: Place {
                account: account.or(place.account),
                ..place
            },
            assumed: false,
            end: "",
            is_short: false,
        }
    }

    /// Takes place and name from the ARN of what the resource belongs to: of its cluster, its table.
    pub(super) fn enter(&mut self, arn: &'t str, shape: &Shape) -> Option<&'t str> {
        let (service, resource) = self.stand_at(arn)?;
        let (_, name) = resource.split_once(['/', ':'])?;
        (shape.service() == service && !name.contains(['/', ':'])).then_some(name)
    }

    /// Takes the place from an ARN, and tells its service and its resource.
    pub(super) fn stand_at(&mut self, arn: &'t str) -> Option<(&'t str, &'t str)> {
        let mut parts = arn.splitn(6, ':').skip(1);
        let (partition, service) = (parts.next()?, parts.next()?);
        let (region, account) = (parts.next()?, parts.next()?);
        let resource = parts.next()?;
        let is_word = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if !is_word(partition) || !(region.is_empty() || is_word(region)) || !is_account(account) {
            return None;
        }
        self.place = Place {
            partition,
            region: Some(region).filter(|region| !region.is_empty()),
            account: Some(account),
        };
        Some((service, resource))
    }
}
