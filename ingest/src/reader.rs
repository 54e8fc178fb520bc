//! Records from a stream, in their order: bytes of any form that ingest takes in, texts out.
//!
//! Where every line is a JSON document of its own, a few lines are held at a time, so that a stream without an end can be
//! followed; else the whole document, up to a limit. Gzip is told by its first bytes.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use serde::de::IgnoredAny;

use crate::decode::{self, Content, Fault};

/// The longest line or document, in bytes, once it is unpacked. Chosen: twenty times the largest log file of CloudTrail.
pub const DEFAULT_DOCUMENT_LIMIT_BYTES: u64 = 1 << 30;

/// How many bytes of lines are handed on at once, and how many are read ahead. Chosen: some hundred records.
const BLOCK_BYTES: usize = 1 << 20;

/// The text of a record, or what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordText<'b> {
    /// The line of the input that its document begins on, from 1.
    pub line: u64,
    /// The record as it stands.
    pub text: Result<Cow<'b, str>, Unread>,
}

/// Why a text is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Short code, as the table `quarantine` has it.
    pub reason: &'static str,
    /// What exactly, for people.
    pub detail: String,
}

/// Reads documents from a stream.
pub struct RecordReader<'r> {
    input: Input<'r>,
    limit: u64,
    line: u64,
    form: Form,
}

/// The stream, as it is to be read.
enum Input<'r> {
    Plain(Plain<'r>),
    Gzip(Box<BufReader<MultiGzDecoder<Plain<'r>>>>),
}

/// The stream as it comes.
type Plain<'r> = BufReader<Box<dyn Read + 'r>>;

/// What is known of the stream's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Nothing is read yet.
    Unknown,
    /// Each line is a document of its own.
    Lines,
    /// All is read.
    Ended,
}

/// A part of the stream that holds whole documents.
#[derive(Debug, Default)]
pub struct Block {
    documents: Vec<Document>,
}

/// A line, or a document over several; or what is wrong in its place.
#[derive(Debug)]
struct Document {
    line: u64,
    bytes: Result<Vec<u8>, Fault>,
}

impl<'r> RecordReader<'r> {
    /// Reads `input`, of which no line or document may be longer than `limit_bytes`.
    ///
    /// # Errors
    /// The input cannot be read.
    pub fn new(input: impl Read + 'r, limit_bytes: u64) -> io::Result<Self> {
        let input: Box<dyn Read + 'r> = Box::new(input);
        let mut plain = BufReader::with_capacity(BLOCK_BYTES, input);
        let input = if decode::is_gzip(plain.fill_buf()?) {
            let unpacked = MultiGzDecoder::new(plain);
            Input::Gzip(Box::new(BufReader::with_capacity(BLOCK_BYTES, unpacked)))
        } else {
            Input::Plain(plain)
        };
        Ok(Self {
            input,
            limit: limit_bytes,
            line: 0,
            form: Form::Unknown,
        })
    }

    /// The next documents: as many lines as are there, or all of the input; `None` at its end.
    ///
    /// # Errors
    /// The input cannot be read. Broken gzip is no such error: it stands in the block.
    pub fn next_block(&mut self) -> io::Result<Option<Block>> {
        let mut block = Block::default();
        let mut length = 0;
        while self.form != Form::Ended && length < BLOCK_BYTES {
            let Some(document) = self.next_document()? else {
                self.form = Form::Ended;
                break;
            };
            length += document.bytes.as_ref().map_or(0, Vec::len);
            block.documents.push(document);
            // A line of a pipe is answered when it is there, not when the next ones are.
            if self.input.is_drained() {
                break;
            }
        }
        Ok((!block.documents.is_empty()).then_some(block))
    }

    fn next_document(&mut self) -> io::Result<Option<Document>> {
        let mut bytes = Vec::new();
        let line = self.line + 1;
        let read = self.read_to(&mut bytes, Some(b'\n'));
        self.line += 1;
        let read = match read {
            Ok(()) if bytes.is_empty() => return Ok(None),
            Ok(()) if self.form == Form::Unknown => self.tell_form(&mut bytes),
            read => read,
        };
        let bytes = match read {
            Ok(()) => Ok(bytes),
            Err(Stop::Unreadable(error)) => return Err(error),
            Err(Stop::Broken(fault)) => {
                self.form = Form::Ended;
                Err(fault)
            }
        };
        Ok(Some(Document { line, bytes }))
    }

    /// Tells by the first line that is not blank whether each line is a document; if not, reads all.
    fn tell_form(&mut self, bytes: &mut Vec<u8>) -> Result<(), Stop> {
        if bytes.trim_ascii().is_empty() {
            return Ok(());
        }
        let is_open = decode::text(bytes).is_ok_and(|text| is_unfinished(text.trim_ascii()));
        if is_open {
            self.form = Form::Ended;
            return self.read_to(bytes, None);
        }
        self.form = Form::Lines;
        Ok(())
    }

    /// Reads to the end of the line, or to the end of the input.
    fn read_to(&mut self, bytes: &mut Vec<u8>, end: Option<u8>) -> Result<(), Stop> {
        let gzip = matches!(self.input, Input::Gzip(_));
        let room = self
            .limit
            .saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let input: &mut dyn BufRead = match &mut self.input {
            Input::Plain(input) => input,
            Input::Gzip(input) => input,
        };
        let mut input = input.take(room.saturating_add(1));
        let read = match end {
            Some(end) => input.read_until(end, bytes),
            None => input.read_to_end(bytes),
        };
        match read {
            Ok(read) if u64::try_from(read).unwrap_or(u64::MAX) > room => {
                Err(Stop::Broken(decode::oversized(self.limit)))
            }
            Ok(_) => Ok(()),
            Err(error) if gzip => Err(Stop::Broken(decode::broken_gzip(&error))),
            Err(error) => Err(Stop::Unreadable(error)),
        }
    }
}

/// Why a document could not be had.
enum Stop {
    Unreadable(io::Error),
    Broken(Fault),
}

impl Input<'_> {
    fn is_drained(&self) -> bool {
        match self {
            Self::Plain(input) => input.buffer().is_empty(),
            Self::Gzip(_) => false,
        }
    }
}

/// Whether a text is the beginning of a JSON object or array.
fn is_unfinished(text: &str) -> bool {
    if !text.starts_with(['{', '[']) {
        return false;
    }
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    documents.any(|document| document.is_err_and(|error| error.is_eof()))
}

impl Block {
    /// The records of the documents, each as its text, and what stands in the place of one.
    ///
    /// A document that is not one of `CloudTrail`'s, or not JSON, gives one [`Unread`]; a blank line gives nothing.
    #[must_use]
    pub fn records(&self) -> Vec<RecordText<'_>> {
        let texts = self.documents.iter().flat_map(|document| {
            document.texts().into_iter().map(|text| RecordText {
                line: document.line,
                text: text.map_err(|fault| Unread {
                    reason: fault.reason,
                    detail: fault.detail,
                }),
            })
        });
        texts.collect()
    }
}

impl Document {
    fn texts(&self) -> Vec<Result<Cow<'_, str>, Fault>> {
        let bytes = match &self.bytes {
            Ok(bytes) if decode::is_blank(bytes) => return Vec::new(),
            Ok(bytes) => bytes,
            Err(fault) => return vec![Err(fault.clone())],
        };
        match decode::content(bytes) {
            Ok(Content::Records { items, torn }) => items
                .into_iter()
                .map(|item| item.record.map_err(|fault| *fault))
                .chain(torn.map(Err))
                .collect(),
            Ok(Content::Skip(_)) => vec![Err(Fault::new(
                "not_cloudtrail",
                "it has no field of a CloudTrail record",
            ))],
            Err(fault) => vec![Err(fault)],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    const RECORD: &str = r#"{"eventSource":"s3.amazonaws.com","eventName":"GetObject"}"#;

    fn all(bytes: &[u8]) -> Vec<Result<String, (u64, &'static str)>> {
        read(bytes, DEFAULT_DOCUMENT_LIMIT_BYTES)
    }

    fn read(bytes: &[u8], limit: u64) -> Vec<Result<String, (u64, &'static str)>> {
        let mut reader = RecordReader::new(bytes, limit).unwrap();
        let mut found = Vec::new();
        while let Some(block) = reader.next_block().unwrap() {
            found.extend(block.records().into_iter().map(|record| match record.text {
                Ok(text) => Ok(text.into_owned()),
                Err(unread) => Err((record.line, unread.reason)),
            }));
        }
        found
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    }

    #[test]
    fn every_form_gives_its_records_plain_and_packed() {
        let pretty = RECORD.replace(',', ",\n  ");
        let forms = [
            RECORD.to_owned(),
            format!(r#"{{"Records":[{RECORD}]}}"#),
            format!("{{\n \"Records\": [\n{RECORD}\n]}}\n"),
            format!("[{RECORD}]"),
            format!(r#"{{"detail":{RECORD}}}"#),
            format!("\u{feff}\n\n{RECORD}\n"),
            pretty.clone(),
        ];
        for form in forms {
            for bytes in [form.clone().into_bytes(), gzip(&form)] {
                let found = all(&bytes);
                assert_eq!(found.len(), 1, "{form}");
                let text = found.into_iter().next().unwrap().unwrap();
                assert!(text == RECORD || text == pretty, "{form}: {text}");
            }
        }
    }

    #[test]
    fn a_broken_line_stands_in_its_place_even_the_first() {
        let torn = format!("{{\"eventSource\":\n{RECORD}\n");
        let found = all(torn.as_bytes());
        assert_eq!(found, [Err((1, "truncated_json")), Ok(RECORD.to_owned())]);
        let text = format!("{{\"a\":}}\n{RECORD}\nnull\n\n[1]\n{RECORD}\n{{\"a\"");
        let found = all(text.as_bytes());
        assert_eq!(
            found,
            [
                Err((1, "not_json")),
                Ok(RECORD.to_owned()),
                Err((3, "not_cloudtrail")),
                Err((5, "not_cloudtrail")),
                Ok(RECORD.to_owned()),
                Err((7, "truncated_json")),
            ]
        );
    }

    #[test]
    fn packed_lines_that_end_early_give_what_is_there() {
        let many = format!("{RECORD}\n").repeat(2000);
        let mut packed = gzip(&many);
        packed.truncate(packed.len() - 4);
        let found = all(&packed);
        assert_eq!(found.first(), Some(&Ok(RECORD.to_owned())));
        assert_eq!(found.last(), Some(&Err((2001, "truncated_gzip"))));
    }

    #[test]
    fn what_is_too_long_is_not_held() {
        let found = read(format!("[{RECORD}").as_bytes(), 20);
        assert_eq!(found, [Err((1, "oversized"))]);
        assert_eq!(all(b""), []);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for record in all(&bytes) {
                prop_assert!(record.is_ok() || record.is_err_and(|(line, reason)| line > 0 && !reason.is_empty()));
            }
        }

        #[test]
        fn each_json_line_is_answered_once(lines in proptest::collection::vec("[a-z0-9]{1,5}|\\{\"[a-z]{1,3}\":[0-9]\\}|null", 1..20)) {
            let found = all(lines.join("\n").as_bytes());
            prop_assert_eq!(found.len(), lines.len());
        }
    }
}
