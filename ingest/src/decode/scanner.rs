//! The structure of JSON that is not well-formed: where strings, values and members end.
//!
//! Quotes, commas and brackets are all that is looked at, byte by byte, so that a value that is broken within is stepped
//! over as a whole. Each byte is looked at once.

/// A place in the bytes.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// A value as far as it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent<'a> {
    pub(super) bytes: &'a [u8],
    /// Whether a comma or a closing bracket follows; else it may be cut.
    pub(super) closed: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How far it has come.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The next byte that is no white space, which stays the next one.
    pub(super) fn peek(&mut self) -> Option<u8> {
        while self.byte().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
        self.byte()
    }

    /// Steps over the next byte that is no white space if it is this one.
    pub(super) fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// The string that begins here, without its quotes and as it is escaped; none if it does not end.
    pub(super) fn string(&mut self) -> Option<&'a [u8]> {
        if !self.take(b'"') {
            return None;
        }
        let from = self.at;
        loop {
            let rest = self.bytes.get(self.at..)?;
            let Some(found) = memchr::memchr2(b'"', b'\\', rest) else {
                self.at = self.bytes.len();
                return None;
            };
            let found = self.at + found;
            if self.bytes.get(found) == Some(&b'"') {
                self.at = found + 1;
                return self.bytes.get(from..found);
            }
            self.at = found + 2;
        }
    }

    /// The value that begins here, up to the comma or bracket that ends it.
    pub(super) fn value(&mut self) -> Extent<'a> {
        self.peek();
        let from = self.at.min(self.bytes.len());
        let closed = self.skip_value();
        let bytes = self.bytes.get(from..self.at).unwrap_or_default();
        Extent {
            bytes: bytes.trim_ascii_end(),
            closed,
        }
    }

    /// False if the bytes end first.
    fn skip_value(&mut self) -> bool {
        let mut depth = 0_usize;
        while let Some(byte) = self.byte() {
            match byte {
                b'"' => {
                    if self.string().is_none() {
                        self.at = self.bytes.len();
                        return false;
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' | b',' if depth == 0 => return true,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        false
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> (&[u8], bool) {
        let extent = Scanner::new(text.as_bytes()).value();
        (extent.bytes, extent.closed)
    }

    #[test]
    fn a_value_ends_where_its_brackets_and_strings_do() {
        assert_eq!(
            value(" {\"a\":[1,\"]}\"]} , 2"),
            (&b"{\"a\":[1,\"]}\"]}"[..], true)
        );
        assert_eq!(value("NaN]"), (&b"NaN"[..], true));
        assert_eq!(value("\"a\\\"b\","), (&b"\"a\\\"b\""[..], true));
    }

    #[test]
    fn a_value_that_is_cut_is_not_closed() {
        for text in ["", "{\"a\":", "\"a\\", "\"a", "[[[", "12"] {
            assert!(!value(text).1, "{text}");
        }
    }
}
