//! Address prefixes, printed as the registry prints them.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::{Block, Family};

/// An IPv4 or IPv6 prefix.
///
/// Invariant: no host bits are set. Ordered by family, then address, then length, so that a
/// less specific prefix stands before its more specifics.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Prefix(IpNet);

/// A text or a pair of address and length that is no prefix.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PrefixError {
    /// Neither IPv4 nor IPv6 in the form `address/length`.
    #[error("`{0}` is not a prefix; write it as `2001:db8:100::/44` or `192.0.2.0/24`")]
    Syntax(String),
    /// Bits behind the prefix length are set.
    #[error("{0} has host bits set; did you mean {1}?")]
    HostBits(String, Prefix),
}

impl Prefix {
    /// The prefix of `address` with `length` bits; host bits are cleared. `None` if too long.
    pub fn truncated(address: IpAddr, length: u8) -> Option<Prefix> {
        IpNet::new(address, length).ok().map(|net| Prefix(net.trunc()))
    }

    /// The prefix of `address` with `length` bits, refused if host bits are set.
    pub fn new(address: IpAddr, length: u8) -> Result<Prefix, PrefixError> {
        let text = || format!("{address}/{length}");
        let prefix = Prefix::truncated(address, length).ok_or_else(|| PrefixError::Syntax(text()))?;
        match prefix.0.addr() == address {
            true => Ok(prefix),
            false => Err(PrefixError::HostBits(text(), prefix)),
        }
    }

    /// Its first address.
    pub fn address(self) -> IpAddr {
        self.0.addr()
    }

    /// Its length in bits.
    #[expect(clippy::len_without_is_empty, reason = "a prefix has no content that could be missing")]
    pub fn len(self) -> u8 {
        self.0.prefix_len()
    }

    /// Its address family.
    pub fn family(self) -> Family {
        match self.0 {
            IpNet::V4(_) => Family::V4,
            IpNet::V6(_) => Family::V6,
        }
    }

    /// Whether `other` is this prefix or a more specific one (RFC 6811: "covers").
    pub fn covers(self, other: Prefix) -> bool {
        self.0.contains(&other.0)
    }

    /// Adds its text, as [`fmt::Display`] shows it, to `text`.
    pub fn push_to(self, text: &mut String) {
        match self.0.addr() {
            IpAddr::V4(address) => {
                for (at, octet) in address.octets().into_iter().enumerate() {
                    if at > 0 {
                        text.push('.');
                    }
                    push_decimal(text, octet.into());
                }
            }
            IpAddr::V6(address) => push_ipv6(text, address),
        }
        text.push('/');
        push_decimal(text, self.len().into());
    }

    /// Its address as a number whose highest bits are those of the address, in both families.
    pub(super) fn bits(self) -> u128 {
        match self.0.addr() {
            IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
            IpAddr::V6(address) => address.to_bits(),
        }
    }

    /// The prefix of `family` with these [`Prefix::bits`] and this length, both of a prefix of that family.
    pub(super) fn of_bits(family: Family, bits: u128, len: u8) -> Prefix {
        let net = match family {
            Family::V4 => {
                let [a, b, c, d, ..] = bits.to_be_bytes();
                Ipv4Net::new_assert([a, b, c, d].into(), len).into()
            }
            Family::V6 => Ipv6Net::new_assert(Ipv6Addr::from_bits(bits), len).into(),
        };
        Prefix(net)
    }

    /// The addresses of the prefix.
    pub fn block(self) -> Block {
        Block::from(self)
    }

    /// The same address cut to `length` bits. `None` if `length` is longer than this prefix.
    pub fn shortened(self, length: u8) -> Option<Prefix> {
        (length <= self.len()).then(|| Prefix::truncated(self.address(), length))?
    }
}

impl Serialize for Prefix {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Prefix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Prefix, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut text = String::with_capacity(48);
        self.push_to(&mut text);
        f.pad(&text)
    }
}

/// The text of an IPv6 address as the registry's `Ipv6Resource` prints it, which is not RFC 5952:
/// among longest runs of zero groups the last is compressed, and so is a single zero group.
pub fn ipv6_text(address: Ipv6Addr) -> String {
    let mut text = String::with_capacity(40);
    push_ipv6(&mut text, address);
    text
}

fn push_ipv6(text: &mut String, address: Ipv6Addr) {
    let groups = address.segments();
    let (start, end) = last_longest_zero_run(&groups).unwrap_or((groups.len(), groups.len()));
    for (at, group) in groups.iter().enumerate() {
        match at {
            _ if at == start => text.push_str("::"),
            _ if at > start && at < end => {}
            _ => {
                if at > 0 && at != end {
                    text.push(':');
                }
                push_hexadecimal(text, *group);
            }
        }
    }
}

/// Adds the digits of `number` to `text`.
pub(super) fn push_decimal(text: &mut String, number: u32) {
    text.push_str(itoa::Buffer::new().format(number));
}

/// Adds the digits of `number` to `text`, none of them a leading zero.
fn push_hexadecimal(text: &mut String, number: u16) {
    let digits = (16 - number.leading_zeros()).div_ceil(4).max(1);
    for place in (0..digits).rev() {
        if let Some(digit) = char::from_digit(u32::from(number >> (4 * place) & 0xf), 16) {
            text.push(digit);
        }
    }
}

fn last_longest_zero_run(groups: &[u16]) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    let mut start = 0;
    for run in groups.chunk_by(|a, b| (*a == 0) == (*b == 0)) {
        let end = start + run.len();
        if run.first() == Some(&0) && best.is_none_or(|(s, e)| run.len() >= e - s) {
            best = Some((start, end));
        }
        start = end;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_ipv6_as_the_registry_does() {
        let check = |text: &str, expected: &str| {
            assert_eq!(text.parse::<Prefix>().unwrap().to_string(), expected);
        };
        check("2001:db8:0:1:1:1:1:1/128", "2001:db8::1:1:1:1:1/128");
        check("2001:db8:0:0:1:0:0:1/128", "2001:db8:0:0:1::1/128");
        check("::/0", "::/0");
        check("2A0F:85C1:260::/44", "2a0f:85c1:260::/44");
        check("192.0.2.0/24", "192.0.2.0/24");
    }

    #[test]
    fn refusals_name_the_way_out() {
        let check = |text: &str, expected: &str| {
            assert_eq!(text.parse::<Prefix>().unwrap_err().to_string(), expected);
        };
        check("2001:db8:101::/44", "2001:db8:101::/44 has host bits set; did you mean 2001:db8:100::/44?");
        check(
            "2001:db8::",
            "`2001:db8::` is not a prefix; write it as `2001:db8:100::/44` or `192.0.2.0/24`",
        );
    }
}
