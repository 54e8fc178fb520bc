//! No byte of an object can change unnoticed.

use proptest::prelude::*;
use proptest::sample::Index;

use super::forge::{Forge, gz, keys};
use super::*;

fn trail() -> (Forge, Vec<String>) {
    let mut forge = Forge::new();
    let mut keys = Vec::new();
    for contents in [&["the first", "the second"][..], &["the third"]] {
        let (digest, logs) = forge.hour(contents);
        keys.push(digest);
        keys.extend(logs);
    }
    (forge, keys)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_changed_byte_of_any_object_is_noticed(object: Index, at: Index, bit in 0_u8..8, packed: bool) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (forge, objects) = trail();
        let key = object.get(&objects);
        let before = forge.content(key);
        let mut bytes = if packed { std::fs::read(forge.path(key)).unwrap() } else { before.clone() };
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let bytes = if packed { bytes } else { gz(&bytes) };
        forge.put_bytes(key, &bytes);
        // A byte of gzip's own, such as its time, is no content.
        let mut room = Vec::new();
        let unpacked = crate::decode::unpack(&bytes, 1 << 20, &mut room);
        let same = unpacked.fault.is_none() && *unpacked.bytes == *before;
        let said = runtime.block_on(said(&forge, keys()));
        let noticed = odd(&said).iter().any(|(_, odd, _)| odd == key);
        prop_assert_eq!(noticed, !same, "{} at {}: {:?}", key, at, said);
    }
}
