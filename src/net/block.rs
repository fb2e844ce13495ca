//! Blocks of addresses: the ranges that `inetnum` and `inet6num` objects describe.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use super::{Prefix, ipv6_text};

/// The two families of addresses.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Family {
    /// 32 bits.
    V4,
    /// 128 bits.
    V6,
}

impl Family {
    /// The number of bits of an address.
    pub fn bits(self) -> u8 {
        match self {
            Family::V4 => 32,
            Family::V6 => 128,
        }
    }
}

/// An inclusive range of addresses of one family.
///
/// Invariant: `first <= last`, both within the family. Ordered by family, then first address,
/// then the larger block first: a block stands before what it contains.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Block {
    family: Family,
    first: u128,
    last: u128,
}

impl Block {
    /// The block from `first` to `last`. `None` if they are in the wrong order or of two families.
    pub fn new(first: IpAddr, last: IpAddr) -> Option<Block> {
        let ((family, first), (other, last)) = (number(first), number(last));
        (family == other && first <= last).then_some(Block { family, first, last })
    }

    /// Its address family.
    pub fn family(self) -> Family {
        self.family
    }

    /// The first address as a number.
    pub fn first(self) -> u128 {
        self.first
    }

    /// The last address as a number.
    pub fn last(self) -> u128 {
        self.last
    }

    /// Its first and its last address, each as a block of its own.
    pub fn ends(self) -> [Block; 2] {
        [self.first, self.last].map(|end| Block { first: end, last: end, ..self })
    }

    /// The part of it from the address with the number `first` to that with `last`; `None` if there is none.
    pub fn part(self, first: u128, last: u128) -> Option<Block> {
        let (first, last) = (first.max(self.first), last.min(self.last));
        (first <= last).then_some(Block { first, last, ..self })
    }

    /// Whether every address of `other` is in this block.
    pub fn contains(self, other: Block) -> bool {
        self.family == other.family && self.first <= other.first && other.last <= self.last
    }

    /// Whether the two have an address in common.
    pub fn overlaps(self, other: Block) -> bool {
        self.family == other.family && self.first <= other.last && other.first <= self.last
    }

    /// The prefix with the same addresses, if there is one.
    pub fn prefix(self) -> Option<Prefix> {
        let size = self.last - self.first; // one less than the number of addresses
        if size & size.wrapping_add(1) != 0 || self.first & size != 0 {
            return None;
        }
        let host_bits = u8::try_from(size.count_ones()).ok()?;
        Prefix::truncated(address(self.family, self.first), self.family.bits() - host_bits)
    }

    /// Reads IPv4 as the registry does: `a - b`, a prefix without host bits, or one address; short
    /// dotted forms are filled with zeros on the right, leading zeros are decimal.
    pub fn parse_v4(text: &str) -> Option<Block> {
        let text = text.trim();
        if let Some((first, last)) = text.split_once('-') {
            return Block::new(short_ipv4(first)?.into(), short_ipv4(last)?.into());
        }
        let Some((start, length)) = text.split_once('/') else {
            return (text.split('.').count() == 4)
                .then(|| short_ipv4(text))
                .flatten()
                .and_then(|a| Block::new(a.into(), a.into()));
        };
        let address = short_ipv4(start)?;
        Prefix::new(address.into(), small(length.trim(), 32)?).ok().map(Block::from)
    }

    /// Reads IPv6 as the registry does: `address` or `address/len`; host bits are cleared, brackets and the number of a
    /// zone dropped; an IPv4-mapped address is refused, and so is the name of a zone, which stands for an interface of
    /// the machine that reads it (RFC 4007 §11.2).
    pub fn parse_v6(text: &str) -> Option<Block> {
        let text = text.trim();
        let (start, length) = match text.split_once('/') {
            Some((start, length)) => (start, small(length, 128)?),
            None => (text, 128),
        };
        let start = match start.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']')?,
            None => start,
        };
        let (plain, zone) = start.split_once('%').unwrap_or((start, ""));
        if !zone.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let address: Ipv6Addr = plain.parse().ok()?;
        if address.to_ipv4_mapped().is_some() {
            return None;
        }
        Prefix::truncated(address.into(), length).map(Block::from)
    }

    /// Reads a block of either family.
    pub fn parse(text: &str) -> Option<Block> {
        match text.contains(':') {
            true => Block::parse_v6(text),
            false => Block::parse_v4(text),
        }
    }

    /// The text as a route's prefix or an error message has it: a prefix where it is one, else a range.
    pub fn prefix_text(self) -> String {
        self.prefix().map_or_else(|| self.range_text(), |prefix| prefix.to_string())
    }

    /// The text `first - last`, as in an `inetnum`.
    pub fn range_text(self) -> String {
        let text = |number| match address(self.family, number) {
            IpAddr::V4(a) => a.to_string(),
            IpAddr::V6(a) => ipv6_text(a),
        };
        format!("{} - {}", text(self.first), text(self.last))
    }
}

/// As the registry spells it in the key of an address object: a range for IPv4, a prefix for IPv6.
impl Block {
    /// The prefix around it that is of the size in which registries think: a /16 or a /32; its own, if it is larger.
    pub fn neighbourhood(self) -> Option<Prefix> {
        let length = match self.family() {
            Family::V4 => 16,
            Family::V6 => 32,
        };
        let [first, _] = self.ends();
        match self.prefix() {
            Some(own) if own.len() <= length => Some(own),
            _ => first.prefix()?.shortened(length),
        }
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.family {
            Family::V4 => f.pad(&self.range_text()),
            Family::V6 => f.pad(&self.prefix_text()),
        }
    }
}

impl From<Prefix> for Block {
    fn from(prefix: Prefix) -> Block {
        let (family, first) = number(prefix.address());
        let host_bits = family.bits() - prefix.len();
        let size = u128::MAX.checked_shr(128 - u32::from(host_bits)).unwrap_or(0);
        Block { family, first, last: first | size }
    }
}

impl Ord for Block {
    fn cmp(&self, other: &Block) -> std::cmp::Ordering {
        (self.family, self.first, other.last).cmp(&(other.family, other.first, self.last))
    }
}

impl PartialOrd for Block {
    fn partial_cmp(&self, other: &Block) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn number(address: IpAddr) -> (Family, u128) {
    match address {
        IpAddr::V4(a) => (Family::V4, u128::from(u32::from(a))),
        IpAddr::V6(a) => (Family::V6, u128::from(a)),
    }
}

fn address(family: Family, number: u128) -> IpAddr {
    match (family, u32::try_from(number)) {
        (Family::V4, Ok(number)) => Ipv4Addr::from(number).into(),
        _ => Ipv6Addr::from(number).into(),
    }
}

/// One to four decimal octets, filled with zeros on the right.
fn short_ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut slots = octets.iter_mut();
    for part in text.trim().split('.') {
        *slots.next()? = small(part, 255)?;
    }
    Some(Ipv4Addr::from(octets))
}

/// A decimal number of digits only, up to `max`.
fn small(text: &str, max: u8) -> Option<u8> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number: u32 = digits.then(|| text.parse().ok())??;
    u8::try_from(number).ok().filter(|n| *n <= max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_a_prefix_when_it_is_aligned() {
        let check = |text: &str, expected: Option<&str>| {
            let prefix = Block::parse(text).and_then(Block::prefix).map(|p| p.to_string());
            assert_eq!(prefix.as_deref(), expected, "{text}");
        };
        check("192.0.2.0 - 192.0.2.255", Some("192.0.2.0/24"));
        check("192.0.2.1 - 192.0.2.2", None);
        check("0.0.0.0 - 255.255.255.255", Some("0.0.0.0/0"));
        check("::/0", Some("::/0"));
        check("2001:db8::1", Some("2001:db8::1/128"));
    }

    #[test]
    fn a_larger_block_stands_before_what_it_contains() {
        let block = |text| Block::parse(text).unwrap();
        assert!(block("2001:db8::/32") < block("2001:db8::/48"));
        assert!(block("2001:db8::/48") < block("2001:db8:1::/48"));
        assert!(block("2001:db8::/32").contains(block("2001:db8:1::/48")));
        assert!(!block("2001:db8:1::/48").contains(block("2001:db8::/32")));
    }
}
