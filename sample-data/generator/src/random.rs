//! Seeded chance: names in, the same numbers out on every machine.
//!
//! `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014)
//! seeded by an FNV-1a hash of a list of names. Only integer arithmetic and exact floating-point
//! operations are used, so that a sample is the same whatever the platform.
//! It is not fit for secrets.

/// A stream of numbers that depends on its seed alone.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
    /// Second half of the ids of this stream.
    tail: u64,
}

impl Random {
    /// The stream that belongs to these names; other names give an unrelated stream.
    pub(crate) fn named(seed: u64, names: &[&str]) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for name in names {
            for byte in name.bytes().chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        let mut random = Self {
            state: hash,
            tail: 0,
        };
        random.tail = random.bits();
        random
    }

    /// Sixty-four even bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from `low` up to, not including, `high`; `low` where the range is empty.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.saturating_sub(low).max(1).unsigned_abs();
        low.saturating_add_unsigned(self.bits() % width)
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// How often something happens whose mean is `mean`: between two fifths less and two fifths more.
    pub(crate) fn count(&mut self, mean: f64) -> u32 {
        let mut left = mean * (0.6 + 0.8 * self.unit());
        let mut whole = 0;
        while left >= 1.0 {
            left -= 1.0;
            whole += 1;
        }
        whole + u32::from(self.chance(left))
    }

    /// One of the items; the default where there is none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let index = self.bits() % (items.len().max(1) as u64);
        usize::try_from(index)
            .ok()
            .and_then(|index| items.get(index))
            .copied()
            .unwrap_or_default()
    }

    /// Text of this many characters, each drawn from the alphabet.
    pub(crate) fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .map(|_| char::from(self.pick(alphabet)))
            .collect()
    }

    /// Lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.text(b"0123456789abcdef", length)
    }

    /// A UUID (version 4). Its second half is the same in the whole stream, for the sake of the
    /// sample's size: what compresses badly in a trail are its ids.
    pub(crate) fn uuid(&mut self) -> String {
        uuid(self.bits(), self.tail)
    }

    /// The id of an event: a UUID as well, with another second half.
    pub(crate) fn event_id(&mut self) -> String {
        uuid(self.bits(), self.tail.rotate_left(29))
    }

    fn unit(&mut self) -> f64 {
        // 53 bits fit a double exactly, and the division is by a power of two.
        #[expect(
            clippy::cast_precision_loss,
            reason = "the value has 53 bits by construction"
        )]
        let numerator = (self.bits() >> 11) as f64;
        numerator / 9_007_199_254_740_992.0
    }
}

fn uuid(high: u64, low: u64) -> String {
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_names_give_the_same_numbers() {
        let mut first = Random::named(7, &["a", "b"]);
        let mut second = Random::named(7, &["a", "b"]);
        let mut other = Random::named(7, &["ab", ""]);
        let numbers: Vec<u64> = (0..4).map(|_| first.bits()).collect();
        assert_eq!(numbers, (0..4).map(|_| second.bits()).collect::<Vec<_>>());
        assert_ne!(numbers, (0..4).map(|_| other.bits()).collect::<Vec<_>>());
    }

    #[test]
    fn the_stream_does_not_change_between_releases() {
        assert_eq!(
            Random::named(2026, &["sample"]).uuid(),
            "f23c0082-9dca-47d4-8fc7-aad370f21792"
        );
    }

    #[test]
    fn counts_stay_near_their_mean() {
        let mut random = Random::named(1, &["counts"]);
        let total: u32 = (0..2_000).map(|_| random.count(2.5)).sum();
        assert!((4_700..5_300).contains(&total), "{total}");
    }
}
