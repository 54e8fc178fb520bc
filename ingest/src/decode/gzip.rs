//! Gunzip within a limit: in one piece where the size is known, in a stream where it is not.
//!
//! The trailer names the size of the last member only, so a file of several members is streamed. Each member begins with
//! the same three bytes; where they do not occur a second time, there is just one.
//! Source: RFC 1952, sections 2.2 and 2.3.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use libdeflater::Decompressor;
use memchr::memmem;

use super::{Fault, oversized};

/// `ID1`, `ID2` and the only `CM` there is.
const MEMBER: [u8; 3] = [0x1f, 0x8b, 0x08];

/// The most that a byte of gzip can unpack to: 1,032. Source: zlib, "Technical Details", maximum compression factor.
const MAX_RATIO: u64 = 1_032;

/// Whether the bytes begin as gzip does.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&MEMBER)
}

/// The unpacked bytes, at most `limit` of them.
pub(super) fn gunzip(bytes: &[u8], limit: u64) -> Result<Vec<u8>, Fault> {
    match whole(bytes, limit) {
        Some(unpacked) => Ok(unpacked),
        None => stream(bytes, limit),
    }
}

/// Unpacks in one piece; none if the trailer does not tell the size, or lies.
fn whole(bytes: &[u8], limit: u64) -> Option<Vec<u8>> {
    let several = memmem::find(bytes.get(MEMBER.len()..)?, &MEMBER).is_some();
    let size = u32::from_le_bytes(*bytes.last_chunk()?);
    let plausible = u64::try_from(bytes.len()).ok()?.checked_mul(MAX_RATIO)?;
    if several || u64::from(size) > limit.min(plausible) {
        return None;
    }
    let size = usize::try_from(size).ok()?;
    let mut unpacked = vec![0; size];
    let filled = Decompressor::new()
        .gzip_decompress(bytes, &mut unpacked)
        .ok()?;
    let [crc @ .., _, _, _, _] = bytes.last_chunk::<8>()?;
    (filled == size && libdeflater::crc32(&unpacked).to_le_bytes() == *crc).then_some(unpacked)
}

/// Unpacks member by member, and says what is wrong where something is.
fn stream(bytes: &[u8], limit: u64) -> Result<Vec<u8>, Fault> {
    let mut unpacked = Vec::new();
    let read = MultiGzDecoder::new(bytes)
        .take(limit.saturating_add(1))
        .read_to_end(&mut unpacked);
    if u64::try_from(unpacked.len()).unwrap_or(u64::MAX) > limit {
        return Err(oversized(limit));
    }
    match read {
        Ok(_) => Ok(unpacked),
        Err(error) => Err(broken_gzip(&error)),
    }
}

/// What is wrong with gzip that cannot be unpacked.
pub(crate) fn broken_gzip(error: &std::io::Error) -> Fault {
    let reason = match error.kind() {
        std::io::ErrorKind::UnexpectedEof => "truncated_gzip",
        _ => "corrupt_gzip",
    };
    Fault::new(reason, error.to_string())
}
