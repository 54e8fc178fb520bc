//! An object's bytes in, as they come; the SHA-256 of its unpacked content out.
//!
//! Nothing is kept but what is asked for, so that an object of any size costs a buffer. Gzip is told by the content, and
//! unpacked member by member as the ingest does it: what is hashed is what is read.
//!
//! INVARIANT: at most the limit is unpacked and kept.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use super::hash::Hash;
use crate::decode::{Fault, broken_gzip, is_gzip, oversized};

/// Bytes by which gzip is told.
const MAGIC: usize = 3;

/// An object on its way.
pub(crate) struct Unpacking {
    limit: u64,
    keep: bool,
    state: State,
}

enum State {
    /// Too little is there to tell gzip.
    Begun(Vec<u8>),
    Packed(Box<MultiGzDecoder<Sink>>),
    Plain(Sink),
}

/// What an object holds once it is unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unpacked {
    pub(crate) hash: Hash,
    /// The content, if it was to be kept.
    pub(crate) bytes: Vec<u8>,
}

impl Unpacking {
    /// An object of at most `limit` bytes once it is unpacked, which are kept or only hashed.
    pub(crate) fn new(limit: u64, keep: bool) -> Self {
        Self {
            limit,
            keep,
            state: State::Begun(Vec::new()),
        }
    }

    /// The next bytes.
    ///
    /// # Errors
    /// A [`Fault`] if they cannot be unpacked, or the limit is passed.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let limit = self.limit;
        let State::Begun(begun) = &mut self.state else {
            return self
                .state
                .write(bytes)
                .map_err(|error| fault(&error, limit));
        };
        begun.extend_from_slice(bytes);
        if begun.len() < MAGIC {
            return Ok(());
        }
        let begun = std::mem::take(begun);
        self.begin(&begun)
    }

    /// The hash of all that came.
    ///
    /// # Errors
    /// A [`Fault`] if more had to come.
    pub(crate) fn finish(mut self) -> Result<Unpacked, Fault> {
        if let State::Begun(begun) = &mut self.state {
            let begun = std::mem::take(begun);
            self.begin(&begun)?;
        }
        let sink = match self.state {
            State::Packed(decoder) => decoder
                .finish()
                .map_err(|error| fault(&error, self.limit))?,
            State::Plain(sink) => sink,
            State::Begun(_) => Sink::new(self.limit, self.keep),
        };
        Ok(sink.finish())
    }

    fn begin(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let sink = Sink::new(self.limit, self.keep);
        self.state = if is_gzip(bytes) {
            State::Packed(Box::new(MultiGzDecoder::new(sink)))
        } else {
            State::Plain(sink)
        };
        self.state
            .write(bytes)
            .map_err(|error| fault(&error, self.limit))
    }
}

impl State {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Begun(_) => Ok(()),
            Self::Packed(decoder) => decoder.write_all(bytes),
            Self::Plain(sink) => sink.write_all(bytes),
        }
    }
}

fn fault(error: &io::Error, limit: u64) -> Fault {
    match error.kind() {
        io::ErrorKind::FileTooLarge => oversized(limit),
        _ => broken_gzip(error),
    }
}

/// Takes what is unpacked.
struct Sink {
    room: u64,
    hash: Sha256,
    kept: Option<Vec<u8>>,
}

impl Sink {
    fn new(limit: u64, keep: bool) -> Self {
        Self {
            room: limit,
            hash: Sha256::new(),
            kept: keep.then(Vec::new),
        }
    }

    fn finish(self) -> Unpacked {
        Unpacked {
            hash: Hash(self.hash.finalize().into()),
            bytes: self.kept.unwrap_or_default(),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.room = self
            .room
            .checked_sub(length)
            .ok_or(io::ErrorKind::FileTooLarge)?;
        self.hash.update(bytes);
        if let Some(kept) = &mut self.kept {
            kept.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn gz(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn unpack(pieces: &[&[u8]], limit: u64) -> Result<Vec<u8>, Fault> {
        let mut unpacking = Unpacking::new(limit, true);
        for piece in pieces {
            unpacking.push(piece)?;
        }
        unpacking.finish().map(|unpacked| unpacked.bytes)
    }

    #[test]
    fn a_second_member_is_part_of_the_content() {
        let packed = [gz(b"one"), gz(b"two")].concat();
        assert_eq!(unpack(&[&packed], 100).unwrap(), b"onetwo");
    }

    #[test]
    fn what_is_cut_off_or_added_is_a_fault() {
        let packed = gz(b"some content");
        for length in MAGIC..packed.len() {
            assert!(unpack(&[&packed[..length]], 100).is_err(), "{length}");
        }
        for garbage in [&b"x"[..], b"garbage behind the member"] {
            assert!(unpack(&[&packed, garbage], 100).is_err());
        }
    }

    #[test]
    fn the_limit_holds_for_the_unpacked_content() {
        let packed = gz(&[0; 1000]);
        assert_eq!(unpack(&[&packed], 1000).unwrap().len(), 1000);
        assert_eq!(unpack(&[&packed], 999).unwrap_err().reason, "oversized");
        assert_eq!(unpack(&[&[7; 11]], 10).unwrap_err().reason, "oversized");
    }

    proptest! {
        #[test]
        fn the_content_is_the_same_however_it_comes(content: Vec<u8>, cut in 0_usize..100, packed: bool) {
            prop_assume!(packed || !is_gzip(&content));
            let bytes = if packed { gz(&content) } else { content.clone() };
            let (head, tail) = bytes.split_at(cut.min(bytes.len()));
            prop_assert_eq!(unpack(&[head, tail], 10_000).unwrap(), content);
        }
    }
}
