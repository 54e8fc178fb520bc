//! Networks of conditions: `address/length` or one address, of either family.
//!
//! Host bits of the written network do not count, and an address of the other family is outside.
//! Source: IAM User Guide, "IP address condition operators".

use std::net::IpAddr;

/// A network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    length: u32,
}

impl Network {
    /// Reads a network in CIDR notation, or one address.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let length = match length {
            None => longest,
            Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok()?,
            Some(_) => return None,
        };
        (length <= longest).then_some(Self { address, length })
    }

    /// Tells whether the address lies in the network.
    pub(super) fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => same_head(
                network.to_bits().into(),
                address.to_bits().into(),
                32,
                self.length,
            ),
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                same_head(network.to_bits(), address.to_bits(), 128, self.length)
            }
            _ => false,
        }
    }
}

/// Tells whether two numbers of so many bits agree in the first `length` of them.
fn same_head(a: u128, b: u128, bits: u32, length: u32) -> bool {
    (a ^ b).checked_shr(bits - length).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, address: &str) -> bool {
        Network::parse(network)
            .unwrap()
            .contains(address.parse().unwrap())
    }

    #[test]
    fn host_bits_of_the_network_do_not_count() {
        assert!(contains("10.1.2.3/8", "10.255.0.1"));
        assert!(!contains("10.1.2.3/8", "11.1.2.3"));
    }

    #[test]
    fn length_zero_is_the_whole_family_and_no_length_one_address() {
        assert!(contains("0.0.0.0/0", "203.0.113.9"));
        assert!(contains("::/0", "2001:db8::1"));
        assert!(!contains("0.0.0.0/0", "2001:db8::1"));
        assert!(!contains("203.0.113.8", "203.0.113.9"));
    }

    #[test]
    fn text_forms_of_one_address_are_equal() {
        assert!(contains("2001:DB8:0:0::/64", "2001:db8::0:1"));
    }

    #[test]
    fn what_is_no_network_is_none() {
        for text in [
            "",
            "10.0.0.0/33",
            "10.0.0/8",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "::/129",
            "a/8",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
