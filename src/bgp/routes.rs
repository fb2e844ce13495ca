//! Routes as they are found in a document, one after the other.

use std::{
    collections::HashSet,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use super::{Origin, Seen, Skipped};
use crate::{
    net::{Prefix, PrefixError},
    reading::{Place, Refused},
    visible,
};

/// What was found so far.
#[derive(Default)]
pub(super) struct Routes {
    pub(super) seen: Vec<Seen>,
    pub(super) refused: Refused,
    pub(super) skipped: Vec<Skipped>,
    pub(super) unsure: usize,
    /// What was seen, in formats that print a route once for each neighbour.
    pub(super) known: HashSet<(Prefix, Origin)>,
}

impl Routes {
    /// Adds a route that stands in `line`, or 0; one that is known already is not added again.
    pub(super) fn add(&mut self, prefix: Prefix, origin: Origin, line: usize) {
        if self.known.insert((prefix, origin)) {
            self.seen.push(Seen { prefix, origin, line: u32::try_from(line).unwrap_or(u32::MAX) });
        }
    }

    /// Adds a route of which each may be wrong.
    pub(super) fn add_checked(
        &mut self,
        place: Place,
        prefix: Result<Prefix, String>,
        origin: Result<Origin, String>,
    ) {
        let line = match place {
            Place::Line(line) => usize::try_from(line).unwrap_or(usize::MAX),
            Place::Record(_) => 0,
        };
        match (prefix, origin) {
            (Ok(prefix), Ok(origin)) => self.add(prefix, origin, line),
            (Err(problem), _) | (_, Err(problem)) => self.refuse(place, problem),
        }
    }

    /// Notes a record that cannot be read.
    pub(super) fn refuse(&mut self, place: Place, problem: impl fmt::Display) {
        self.refused.add(place, problem);
    }

    /// Counts one that is left out, and why.
    pub(super) fn skip(&mut self, what: &'static str) {
        match self.skipped.iter_mut().find(|skipped| skipped.what == what) {
            Some(skipped) => skipped.count += 1,
            None => self.skipped.push(Skipped { count: 1, what }),
        }
    }
}

/// The prefix that `text` is; host bits are refused and never cleared.
pub(super) fn prefix(text: &str) -> Result<Prefix, String> {
    prefix_of(text.as_bytes()).ok_or_else(|| {
        // The slow way has the words; it takes leading zeros, which some read as octal.
        let error = text.parse::<Prefix>().err().unwrap_or_else(|| PrefixError::Syntax(text.to_owned()));
        visible::line(&error.to_string()).into_owned()
    })
}

/// The prefix that `text` is: `address/length` without host bits.
pub(super) fn prefix_of(text: &[u8]) -> Option<Prefix> {
    match prefix_at(text) {
        Some((prefix, [])) => Some(prefix),
        Some(_) => None,
        // IPv6 may end in the four parts of IPv4.
        None => {
            let text = std::str::from_utf8(text).ok().filter(|text| text.contains(':'))?;
            let (address, length) = text.rsplit_once('/')?;
            let (length, rest) = length_at(length.as_bytes())?;
            rest.is_empty().then(|| exact(IpAddr::V6(address.parse().ok()?), length))?
        }
    }
}

/// The prefix with which `text` begins, and what follows it: a million of them are read in the time of a blink.
pub(super) fn prefix_at(text: &[u8]) -> Option<(Prefix, &[u8])> {
    let (address, rest) = match ipv4_at(text) {
        Some((address, rest)) => (IpAddr::V4(address), rest),
        None => ipv6_at(text).map(|(address, rest)| (IpAddr::V6(address), rest))?,
    };
    let (length, rest) = length_at(rest)?;
    Some((exact(address, length)?, rest))
}

/// The prefix, if the address has no bits behind its length.
fn exact(address: IpAddr, length: u8) -> Option<Prefix> {
    Prefix::truncated(address, length).filter(|prefix| prefix.address() == address)
}

/// A length of 0 to 199 without leading zeros.
fn length_at(text: &[u8]) -> Option<(u8, &[u8])> {
    match *text {
        [b'1', b @ b'0'..=b'9', c @ b'0'..=b'9', ref rest @ ..] => {
            Some((100 + (b - b'0') * 10 + (c - b'0'), rest))
        }
        [a @ b'1'..=b'9', b @ b'0'..=b'9', ref rest @ ..] => Some(((a - b'0') * 10 + (b - b'0'), rest)),
        [a @ b'0'..=b'9', ref rest @ ..] => Some((a - b'0', rest)),
        _ => None,
    }
}

/// An IPv4 address in four decimal parts without leading zeros, and what follows the slash behind it.
fn ipv4_at(text: &[u8]) -> Option<(Ipv4Addr, &[u8])> {
    let (a, rest) = part_at(text, b'.')?;
    let (b, rest) = part_at(rest, b'.')?;
    let (c, rest) = part_at(rest, b'.')?;
    let (d, rest) = part_at(rest, b'/')?;
    Some((Ipv4Addr::new(a, b, c, d), rest))
}

/// A number of 0 to 255 and the byte `end`.
fn part_at(text: &[u8], end: u8) -> Option<(u8, &[u8])> {
    let (number, rest) = match *text {
        [a, after, ref rest @ ..] if after == end => (digit(a)?, rest),
        [a @ b'1'..=b'9', b, after, ref rest @ ..] if after == end => (digit(a)? * 10 + digit(b)?, rest),
        [a @ b'1'..=b'2', b, c, after, ref rest @ ..] if after == end => {
            let tens = u16::from(digit(b)? * 10 + digit(c)?);
            (u8::try_from(u16::from(a - b'0') * 100 + tens).ok()?, rest)
        }
        _ => return None,
    };
    Some((number, rest))
}

fn digit(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}

/// An IPv6 address of hexadecimal groups (RFC 4291 §2.2, forms 1 and 2), and what follows the slash behind it.
fn ipv6_at(text: &[u8]) -> Option<(Ipv6Addr, &[u8])> {
    let (mut number, mut groups, mut rest) = (0_u128, 0_u32, text);
    // How many groups stand before `::`.
    let mut gap: Option<u32> = None;
    if let [b':', b':', after @ ..] = rest {
        (gap, rest) = (Some(0), after);
    }
    loop {
        let before = rest;
        let mut group = 0_u16;
        while let [byte, after @ ..] = rest
            && let Some(value) = HEX.get(usize::from(*byte)).filter(|value| **value < 16)
            && before.len() - rest.len() < 4
        {
            (group, rest) = (group << 4 | u16::from(*value), after);
        }
        if before.len() == rest.len() {
            // Nothing may be missing but after `::`.
            let (b'/', after) = rest.split_first().filter(|_| gap == Some(groups))? else {
                return None;
            };
            rest = after;
            break;
        }
        (number, groups) = (number << 16 | u128::from(group), groups + 1);
        if groups > 8 {
            return None;
        }
        match rest {
            [b'/', after @ ..] => {
                rest = after;
                break;
            }
            [b':', b':', after @ ..] if gap.is_none() => (gap, rest) = (Some(groups), after),
            [b':', after @ ..] => rest = after,
            _ => return None,
        }
    }
    let number = match gap {
        None if groups == 8 => number,
        Some(at) if groups < 8 => {
            let behind = (groups - at) * 16;
            let low = number & ((1_u128 << behind) - 1);
            let high = if at == 0 { 0 } else { (number >> behind) << (128 - at * 16) };
            high | low
        }
        _ => return None,
    };
    Some((Ipv6Addr::from(number), rest))
}

/// The value of each hexadecimal digit; 16 for all other bytes.
static HEX: [u8; 256] = {
    let mut values = [16; 256];
    let mut value = 0;
    while value < 16 {
        let digit = b"0123456789abcdef"[value as usize];
        values[digit as usize] = value;
        values[digit.to_ascii_uppercase() as usize] = value;
        value += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn host_bits_and_lengths_out_of_range_are_refused() {
        let check = |text: &str, expected: &str| assert_eq!(prefix(text).unwrap_err(), expected);
        check("192.0.2.1/24", "192.0.2.1/24 has host bits set; did you mean 192.0.2.0/24?");
        check("2001:db8::1/48", "2001:db8::1/48 has host bits set; did you mean 2001:db8::/48?");
        for text in
            ["192.0.2.0/33", "2001:db8::/129", "192.0.2.0", "192.0.02.0/24", "192.0.2/24", "/8", "::/"]
        {
            let expected =
                format!("`{text}` is not a prefix; write it as `2001:db8:100::/44` or `192.0.2.0/24`");
            check(text, &expected);
        }
        assert_eq!(prefix("0.0.0.0/0").unwrap().len(), 0);
        assert_eq!(prefix("::/0").unwrap().len(), 0);
    }

    proptest! {
        /// The fast way and the standard library's agree on what is a prefix.
        #[test]
        fn agrees_with_the_standard_library(
            text in "(([0-9a-f]{1,4}|0):){7}0/[0-9]{1,3}|[0-9a-fA-F]{0,4}(:[0-9a-f]{0,4}){1,8}/(48|128)|::([0-9]{1,3}[.]){3}[0-9]{1,3}/128|([0-9]{1,3}[.]){3}[0-9]{1,3}/[0-9]{1,3}|[0-9]{1,2}[.]0[.]0[.]0/[0-9]{1,2}|[0-9a-f:.]{2,20}/[0-9]{1,3}",
        ) {
            let (address, length) = text.split_once('/').unwrap();
            let is_plain = length == "0" || !length.starts_with('0');
            let parsed = address.parse().ok().zip(length.parse().ok().filter(|_| is_plain));
            let expected = parsed.and_then(|(address, length)| Prefix::new(address, length).ok());
            prop_assert_eq!(prefix_of(text.as_bytes()), expected);
        }
    }
}
