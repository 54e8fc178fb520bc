//! Gunzip within a limit: in one piece where the size is known, member by member where it is not.
//!
//! The trailer names the size of the last member only. Each member begins with the same three bytes; where they do not
//! occur a second time, there is just one. Zeros after the last member are padding, as `gzip` takes them.
//! Source: RFC 1952, sections 2.2 and 2.3; GNU Gzip manual, "Using gzip on tapes".
//!
//! What is kept of broken gzip: every member whose checksum holds, and of a last one that ends early what there is of it,
//! since a cut alters nothing before it. Of a member whose checksum fails nothing is kept: any byte of it may be wrong.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::bufread::{GzDecoder, MultiGzDecoder};
use libdeflater::Decompressor;
use memchr::memmem;

use super::{Fault, Unpacked, oversized};

/// `ID1`, `ID2` and the only `CM` there is.
const MEMBER: [u8; 3] = [0x1f, 0x8b, 0x08];

/// The most that a byte of gzip can unpack to: 1,032. Source: zlib, "Technical Details", maximum compression factor.
const MAX_RATIO: u64 = 1_032;

/// The most members of one object: 100,000. Chosen: each costs some microseconds, however little it holds.
const MAX_MEMBERS: usize = 100_000;

/// How many bytes are unpacked at a time to see how many there are.
const MEASURE_BYTES: usize = 64 << 10;

/// Whether the bytes begin as gzip does.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&MEMBER)
}

/// The unpacked bytes, at most `limit` of them; none at all of an object that has more. They may stand in `room`.
pub(super) fn gunzip<'r>(bytes: &[u8], limit: u64, room: &'r mut Vec<u8>) -> Unpacked<'r> {
    match whole(bytes, limit, room) {
        Some(unpacked) => Unpacked {
            bytes: Cow::Borrowed(unpacked),
            fault: None,
        },
        None if fits(bytes, limit) => members(bytes),
        None => Unpacked::refused(oversized(limit)),
    }
}

/// Whether a byte can be `FLG`, whose upper three bits are zero.
fn is_flags(byte: u8) -> bool {
    byte >> 5 == 0
}

/// Unpacks in one piece; none if the trailer does not tell the size, or lies.
fn whole<'r>(bytes: &[u8], limit: u64, room: &'r mut Vec<u8>) -> Option<&'r [u8]> {
    let rest = bytes.get(MEMBER.len()..)?;
    let several = memmem::find_iter(rest, &MEMBER).any(|at| {
        rest.get(at + MEMBER.len())
            .is_some_and(|&byte| is_flags(byte))
    });
    let size = u32::from_le_bytes(*bytes.last_chunk()?);
    let plausible = u64::try_from(bytes.len()).ok()?.checked_mul(MAX_RATIO)?;
    if several || u64::from(size) > limit.min(plausible) {
        return None;
    }
    let size = usize::try_from(size).ok()?;
    if room.len() < size {
        room.resize(size, 0);
    }
    let unpacked = room.get_mut(..size)?;
    let filled = Decompressor::new().gzip_decompress(bytes, unpacked).ok()?;
    let [crc @ .., _, _, _, _] = bytes.last_chunk::<8>()?;
    (filled == size && libdeflater::crc32(unpacked).to_le_bytes() == *crc).then_some(&*unpacked)
}

/// Whether all of it is within the limit, found out without holding it.
fn fits(bytes: &[u8], limit: u64) -> bool {
    let most = u64::try_from(bytes.len())
        .unwrap_or(u64::MAX)
        .saturating_mul(MAX_RATIO);
    if most <= limit {
        return true;
    }
    let mut decoder = MultiGzDecoder::new(bytes);
    let mut buffer = vec![0; MEASURE_BYTES];
    let mut total = 0_u64;
    while total <= limit {
        match decoder.read(&mut buffer) {
            Ok(read) if read > 0 => total += u64::try_from(read).unwrap_or(u64::MAX),
            _ => return true,
        }
    }
    false
}

/// Unpacks member by member, and says what is wrong where something is.
fn members(bytes: &[u8]) -> Unpacked<'static> {
    let mut unpacked = Vec::new();
    let mut rest = bytes;
    for _ in 0..MAX_MEMBERS {
        let whole = unpacked.len();
        let mut decoder = GzDecoder::new(rest);
        if let Err(error) = decoder.read_to_end(&mut unpacked) {
            let fault = broken_gzip(&error);
            if fault.reason != TRUNCATED {
                unpacked.truncate(whole);
            }
            return Unpacked::broken(unpacked, fault);
        }
        rest = decoder.into_inner();
        if rest.iter().all(|&byte| byte == 0) {
            return Unpacked::whole(unpacked);
        }
        if !is_gzip(rest) {
            let fault = if MEMBER.starts_with(rest) {
                Fault::new(TRUNCATED, "it ends within the head of a member")
            } else {
                let detail = format!("{} bytes after the last member are no gzip", rest.len());
                Fault::new(CORRUPT, detail)
            };
            return Unpacked::broken(unpacked, fault);
        }
    }
    let detail = format!("it has more than {MAX_MEMBERS} members");
    Unpacked::broken(unpacked, Fault::new("too_many_members", detail))
}

const TRUNCATED: &str = "truncated_gzip";
const CORRUPT: &str = "corrupt_gzip";

/// What is wrong with gzip that cannot be unpacked.
pub(crate) fn broken_gzip(error: &std::io::Error) -> Fault {
    let reason = match error.kind() {
        std::io::ErrorKind::UnexpectedEof => TRUNCATED,
        _ => CORRUPT,
    };
    Fault::new(reason, error.to_string())
}
