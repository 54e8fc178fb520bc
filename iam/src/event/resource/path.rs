//! Place of a value in a record: a path and a call in, the texts that stand there out.
//!
//! `cluster.arn` is a member of a member. A list stands for all of its elements, and so does EC2's
//! `{"items": […]}`; EC2's newer calls wrap everything in one object (`CreateFlowLogsRequest`) and
//! write `{"content": …}` around values. All of them are walked through without being written out.
//! `<` before a path reads the response, `@1` the second ARN that the record lists; `{}` stands for
//! the names of the members; `tableName(operation=Put)` is read where its neighbour has that value.
//! Source: AWS CloudTrail User Guide, "`CloudTrail` record contents"; records of EC2.
//!
//! INVARIANT: depth and number of values are bounded, whatever the record holds.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::super::parameters::{Parameters, elements, is_set, members, word};
use super::super::request::Request;

/// How many resources of one call are told apart. Chosen: a call of more is described by the rest (`*`).
pub(super) const VALUE_LIMIT: usize = 100;
/// How deep values are looked for. Chosen: no API nests the names of resources deeper.
const DEPTH_LIMIT: usize = 12;
/// What CloudTrail writes for a value that it does not show.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    part: Part,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Request,
    Response,
    Listed(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Segment {
    name: &'static str,
    beside: Option<(&'static str, &'static str)>,
}

/// The texts found at a path.
#[derive(Debug, Default)]
pub(super) struct Texts<'a> {
    first: Option<Cow<'a, str>>,
    others: Vec<Cow<'a, str>>,
    /// Whether an element on the way has nothing there.
    pub(super) missing: bool,
    /// Whether something there is no text, is hidden, or is too much.
    pub(super) unread: bool,
}

impl Path {
    /// Reads a path as the table writes it.
    pub(super) fn parse(text: &'static str) -> Self {
        let (part, rest) = match (text.strip_prefix('<'), text.strip_prefix('@')) {
            (Some(rest), _) => (Part::Response, rest),
            (_, Some(index)) => (Part::Listed(index.parse().unwrap_or_default()), ""),
            _ => (Part::Request, text),
        };
        let segments = rest.split('.').filter(|name| !name.is_empty());
        Self {
            part,
            segments: segments.map(Segment::parse).collect(),
        }
    }

    /// The outermost name.
    pub(super) fn first(&self) -> Option<&'static str> {
        self.segments.first().map(|segment| segment.name)
    }

    /// Tells a path that leads nowhere, in front of a fixed text.
    pub(super) fn is_empty(&self) -> bool {
        self.segments.is_empty() && self.part == Part::Request
    }

    /// What the record holds there.
    pub(super) fn read<'a>(&self, request: &Request<'a>) -> Texts<'a> {
        let mut texts = Texts::default();
        let parameters = match self.part {
            Part::Request => request.parameters(),
            Part::Response => request.response(),
            Part::Listed(index) => {
                let arn = request.record_arns().get(index);
                texts.first = arn.cloned();
                return texts;
            }
        };
        if let Some((first, rest)) = self.segments.split_first()
            && let Some(value) = outermost(parameters, first)
        {
            texts.walk(value, rest, 0);
        }
        texts
    }
}

/// The value of an outermost name; calls that are wrapped in one object have it inside.
fn outermost<'a>(parameters: &Parameters<'a>, segment: &Segment) -> Option<&'a RawValue> {
    if let [(name, value)] = parameters.pairs()
        && (name.ends_with("Request") || name.ends_with("Response"))
    {
        let pairs = members(value)?;
        return segment.of(&pairs).filter(|_| segment.is_in(&pairs));
    }
    let pairs = parameters.pairs();
    segment.of(pairs).filter(|_| segment.is_in(pairs))
}

impl Segment {
    fn parse(text: &'static str) -> Self {
        let beside = text.split_once('(').and_then(|(name, condition)| {
            let (other, value) = condition.strip_suffix(')')?.split_once('=')?;
            Some((name, (other, value)))
        });
        match beside {
            Some((name, beside)) => Self {
                name,
                beside: Some(beside),
            },
            None => Self {
                name: text,
                beside: None,
            },
        }
    }

    /// The member of this name that is set to something.
    fn of<'a>(&self, pairs: &[(Cow<'a, str>, &'a RawValue)]) -> Option<&'a RawValue> {
        let (_, value) = pairs
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(self.name))?;
        is_set(value).then_some(*value)
    }

    /// Tells whether an object is one that the path means.
    fn is_in(&self, pairs: &[(Cow<'_, str>, &RawValue)]) -> bool {
        self.beside.is_none_or(|(name, wanted)| {
            pairs.iter().any(|(other, value)| {
                other.eq_ignore_ascii_case(name)
                    && word(value).is_some_and(|text| text.eq_ignore_ascii_case(wanted))
            })
        })
    }
}

impl<'a> Texts<'a> {
    /// The texts in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.first.iter().chain(&self.others).map(AsRef::as_ref)
    }

    /// How many they are.
    pub(super) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.len()
    }

    /// The text of one of `length` resources: its own, or the one that all share.
    pub(super) fn at(&self, position: usize, length: usize) -> Option<&str> {
        let position = match self.len() {
            1 => 0,
            several if several == length => position,
            _ => return None,
        };
        match position.checked_sub(1) {
            None => self.first.as_deref(),
            Some(index) => self.others.get(index).map(AsRef::as_ref),
        }
    }

    /// Adds a text.
    pub(super) fn push(&mut self, text: Cow<'a, str>) {
        match self.first {
            None => self.first = Some(text),
            Some(_) => self.others.push(text),
        }
    }

    fn walk(&mut self, value: &'a RawValue, segments: &[Segment], depth: usize) {
        if self.len() >= VALUE_LIMIT || depth > DEPTH_LIMIT {
            self.unread = true;
            return;
        }
        match (value.get().as_bytes().first(), segments.split_first()) {
            (Some(b'['), _) => {
                for element in elements(value).unwrap_or_default() {
                    self.walk(element, segments, depth + 1);
                }
            }
            (Some(b'{'), Some((segment, rest))) => {
                let pairs = members(value).unwrap_or_default();
                if segment.name == "{}" {
                    self.names(pairs);
                } else if let Some(inner) = segment.of(&pairs) {
                    if segment.is_in(&pairs) {
                        self.walk(inner, rest, depth + 1);
                    }
                } else if let Some(inner) = wrapped(&pairs) {
                    self.walk(inner, segments, depth + 1);
                } else {
                    self.missing = true;
                }
            }
            (Some(b'{'), None) => {
                let pairs = members(value).unwrap_or_default();
                match wrapped(&pairs) {
                    Some(inner) => self.walk(inner, segments, depth + 1),
                    None => self.unread = true,
                }
            }
            (Some(b'n'), _) => self.missing = true,
            (_, None) => match word(value).filter(|text| text != HIDDEN) {
                Some(text) => self.push(text),
                None => self.unread = true,
            },
            _ => self.unread = true,
        }
    }

    fn names(&mut self, pairs: Vec<(Cow<'a, str>, &'a RawValue)>) {
        let room = VALUE_LIMIT.saturating_sub(self.len());
        self.unread |= pairs.len() > room;
        for (name, _) in pairs.into_iter().take(room) {
            self.push(name);
        }
    }
}

/// What an object is only the wrapping of.
fn wrapped<'a>(pairs: &[(Cow<'a, str>, &'a RawValue)]) -> Option<&'a RawValue> {
    let inner = |name| pairs.iter().find(|(other, _)| other == name);
    inner("items")
        .or_else(|| inner("content"))
        .map(|(_, value)| *value)
}
