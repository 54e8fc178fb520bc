//! Where the parts of a JSON text stand: text in, byte offsets by path out.
//!
//! The text was read as JSON before, so that this reader only has to find its way: it tells
//! objects, lists and scalars apart, and takes anything else for the end.
//!
//! INVARIANT: no text makes it panic, or recurse deeper than [`MAX_DEPTH`].

use std::collections::BTreeMap;
use std::ops::Range;

use super::position::{Path, Step};

/// How deep values nest that are looked into: as deep as the JSON reader goes.
const MAX_DEPTH: usize = 128;

/// The parts of a text and where they stand.
#[derive(Debug)]
pub(super) struct Spans {
    root: Node,
    /// The first key that stands twice in one object, and where it stands again.
    pub(super) repeated: Option<(String, usize)>,
}

#[derive(Debug)]
struct Node {
    bytes: Range<usize>,
    parts: Parts,
}

#[derive(Debug)]
enum Parts {
    Scalar,
    List(Vec<Node>),
    /// By name: where the name stands, and the value.
    Object(BTreeMap<String, (usize, Node)>),
}

impl Spans {
    /// Reads a text that is known to be JSON; `None` if it is not.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader {
            text,
            at: text.len() - text.trim_start().len(),
            repeated: None,
        };
        let root = reader.value(0)?;
        Some(Self {
            root,
            repeated: reader.repeated,
        })
    }

    /// The offset of a place: of an element its name, of an item its value.
    pub(super) fn offset(&self, path: &Path) -> Option<usize> {
        let (last, before) = match path.steps().split_last() {
            None => return Some(self.root.bytes.start),
            Some((last, before)) => (last, before),
        };
        let holder = self.node(before)?;
        match (last, &holder.parts) {
            (Step::Element(name), Parts::Object(elements)) => Some(elements.get(name)?.0),
            _ => Some(holder.step(last)?.bytes.start),
        }
    }

    /// The bytes of the value at a place.
    pub(super) fn value(&self, path: &Path) -> Option<Range<usize>> {
        Some(self.node(path.steps())?.bytes.clone())
    }

    fn node(&self, steps: &[Step]) -> Option<&Node> {
        steps
            .iter()
            .try_fold(&self.root, |node, step| node.step(step))
    }
}

impl Node {
    fn step(&self, step: &Step) -> Option<&Self> {
        match (step, &self.parts) {
            (Step::Element(name), Parts::Object(elements)) => elements.get(name).map(|(_, n)| n),
            (Step::Item(index), Parts::List(items)) => items.get(*index),
            (Step::Item(0), _) => Some(self),
            _ => None,
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    repeated: Option<(String, usize)>,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.skip_space();
        let start = self.at;
        let parts = match self.peek()? {
            b'{' => Parts::Object(self.object(depth)?),
            b'[' => Parts::List(self.list(depth)?),
            b'"' => {
                self.string()?;
                Parts::Scalar
            }
            _ => {
                self.skip_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
                Parts::Scalar
            }
        };
        (self.at > start).then_some(Node {
            bytes: start..self.at,
            parts,
        })
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Node>> {
        self.take(b'[')?;
        let mut items = Vec::new();
        while !self.ends(b']')? {
            items.push(self.value(depth + 1)?);
        }
        Some(items)
    }

    fn object(&mut self, depth: usize) -> Option<BTreeMap<String, (usize, Node)>> {
        self.take(b'{')?;
        let mut elements = BTreeMap::new();
        while !self.ends(b'}')? {
            let at = self.at;
            let name: String = serde_json::from_str(self.text.get(self.string()?)?).ok()?;
            self.skip_space();
            self.take(b':')?;
            let value = self.value(depth + 1)?;
            if elements.insert(name.clone(), (at, value)).is_some() && self.repeated.is_none() {
                self.repeated = Some((name, at));
            }
        }
        Some(elements)
    }

    /// Passes spaces and commas, and the closing mark where that comes next.
    fn ends(&mut self, closing: u8) -> Option<bool> {
        self.skip_while(|byte| byte.is_ascii_whitespace() || byte == b',');
        let ends = self.peek()? == closing;
        self.at += usize::from(ends);
        Some(ends)
    }

    /// Passes a string and gives its bytes with the quotes.
    fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        self.take(b'"')?;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(start..self.at)
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    fn skip_space(&mut self) {
        self.skip_while(|byte| byte.is_ascii_whitespace());
    }

    fn skip_while(&mut self, skipped: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&skipped) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found<'a>(text: &'a str, path: &Path) -> Option<&'a str> {
        text.get(Spans::read(text)?.offset(path)?..)
    }

    #[test]
    fn elements_stand_at_their_names_and_items_at_their_values() {
        let text = r#" {"Statement": [{"Action": ["a", "b\"]"], "Resource": "c"}]}"#;
        let at = |path| found(text, &path).unwrap();
        assert!(at(Path::document()).starts_with(r#"{"Statement""#));
        assert!(at(Path::statement(0)).starts_with(r#"{"Action""#));
        assert!(at(Path::statement(0).element("Action")).starts_with(r#""Action""#));
        assert!(at(Path::statement(0).element("Action").item(1)).starts_with(r#""b\"]""#));
        assert!(at(Path::statement(0).element("Resource").item(0)).starts_with(r#""c""#));
        assert_eq!(found(text, &Path::statement(1)), None);
        assert_eq!(
            found(text, &Path::statement(0).element("Action").item(2)),
            None
        );
    }

    #[test]
    fn names_with_escapes_are_found_by_what_they_mean() {
        let text = r#"{"Statement": {"\u0053id": "x"}}"#;
        let at = found(text, &Path::statement(0).element("Sid")).unwrap();
        assert!(at.starts_with(r#""\u0053id""#));
    }

    #[test]
    fn a_repeated_name_is_found_at_its_second_place() {
        let text = r#"{"a": {"b": 1, "c": 2, "\u0062": 3}, "a": 4}"#;
        let (name, at) = Spans::read(text).unwrap().repeated.unwrap();
        assert_eq!(
            (name.as_str(), &text[at..at + 8]),
            ("b", r#""\u0062""#),
            "the first that closes"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_taken_without_a_panic(text in "[{}\\[\\]\":,a1é\\\\ -]{0,40}") {
            let _ = Spans::read(&text);
        }
    }
}
