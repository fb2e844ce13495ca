//! Prefixes and numbers out of text in the time of a blink: files of VRPs and of announcements hold millions of them.
//!
//! What is not in the plain form, such as a length with leading zeros, is left to the standard library's parsers.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use super::{Prefix, PrefixError};

impl FromStr for Prefix {
    type Err = PrefixError;

    fn from_str(text: &str) -> Result<Prefix, PrefixError> {
        if let Some(prefix) = prefix_of(text.trim().as_bytes()) {
            return Ok(prefix);
        }
        let (address, length) = parts(text.trim()).ok_or_else(|| PrefixError::Syntax(text.to_owned()))?;
        let cut = Prefix::truncated(address, length).ok_or_else(|| PrefixError::Syntax(text.to_owned()))?;
        match cut.address() == address {
            true => Ok(cut),
            false => Err(PrefixError::HostBits(format!("{address}/{length}"), cut)),
        }
    }
}

/// The address and the length.
fn parts(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.rsplit_once('/')?;
    let is_number = (1..=3).contains(&length.len()) && length.bytes().all(|b| b.is_ascii_digit());
    let length = is_number.then(|| length.parse().ok())??;
    let address = if address.contains(':') {
        IpAddr::V6(address.parse().ok()?)
    } else {
        IpAddr::V4(address.parse().ok()?)
    };
    Some((address, length))
}

/// The number with which `text` begins, in decimal digits without leading zeros (as `asplain`, RFC 5396, and JSON have it),
/// and what follows it.
pub fn number_at(text: &[u8]) -> Option<(u32, &[u8])> {
    let (mut number, mut rest) = (0_u32, text);
    while let [byte @ b'0'..=b'9', after @ ..] = rest {
        number = number.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?;
        rest = after;
    }
    let digits = text.len() - rest.len();
    let is_plain = digits > 0 && (digits == 1 || !text.starts_with(b"0"));
    is_plain.then_some((number, rest))
}

/// The prefix that `text` is: `address/length` without host bits.
pub fn prefix_of(text: &[u8]) -> Option<Prefix> {
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
pub fn prefix_at(text: &[u8]) -> Option<(Prefix, &[u8])> {
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
