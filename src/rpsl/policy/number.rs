//! The tokens that begin with a digit or are IPv6: prefixes, addresses, communities and integers,
//! and the operators `^…` of prefixes.

use std::net::Ipv6Addr;

use super::token::Token;
use crate::net::Family;

/// The longest of: prefix, address, community, integer.
pub(super) fn number(text: &str) -> Option<(usize, Token)> {
    let bytes = text.as_bytes();
    let v6 = ipv6(text).map(|end| prefix_or_address(text, end, Family::V6));
    let v4 = ipv4(bytes).map(|end| prefix_or_address(text, end, Family::V4));
    let integer = digits(bytes, 0);
    let colon = integer.filter(|end| bytes.get(*end) == Some(&b':'));
    let community = colon.and_then(|colon| digits(bytes, colon + 1)).map(|end| (end, community(text, end)));
    let candidates = [v6, v4, community, integer.map(|end| (end, Token::Integer))];
    candidates.into_iter().flatten().reduce(longer)
}

fn community(text: &str, end: usize) -> Token {
    let halves = text.get(..end).and_then(|community| community.split_once(':'));
    match halves {
        Some((high, low)) if high.parse::<u16>().is_ok() && low.parse::<u16>().is_ok() => Token::Community,
        _ => Token::Invalid("a community of two numbers of 0 to 65535"),
    }
}

/// What an address that ends at `end` begins: itself, or a prefix with or without operator.
fn prefix_or_address(text: &str, end: usize, family: Family) -> (usize, Token) {
    let bytes = text.as_bytes();
    let address = text.get(..end).unwrap_or_default();
    let length_end = (bytes.get(end) == Some(&b'/')).then(|| digits(bytes, end + 1)).flatten();
    let Some(length_end) = length_end else {
        return (end, valid_address(address, family).unwrap_or(Token::Address(family)));
    };
    let (max, wrong) = match family {
        Family::V4 => (32, Token::Invalid("a prefix of length 0 to 32, with a range within it")),
        Family::V6 => (128, Token::Invalid("a prefix of length 0 to 128, with a range within it")),
    };
    let whole = more_specifics(bytes, length_end).unwrap_or(length_end);
    let length = text.get(end + 1..length_end).and_then(|digits| digits.parse::<u32>().ok());
    let operator = text.get(length_end..whole).filter(|operator| !operator.is_empty());
    let fits = length.is_some_and(|length| length <= u32::from(max))
        && operator.is_none_or(|operator| specifics_within(operator, max));
    let token = if fits { Token::Prefix(family) } else { wrong };
    (whole, valid_address(address, family).unwrap_or(token))
}

/// What is wrong with a text that has the form of an address; host bits are allowed everywhere.
fn valid_address(address: &str, family: Family) -> Option<Token> {
    let valid = match family {
        Family::V4 => address.split('.').all(|octet| octet.parse::<u32>().is_ok_and(|octet| octet < 256)),
        Family::V6 => address.parse::<Ipv6Addr>().is_ok(),
    };
    let wrong = match family {
        Family::V4 => Token::Invalid("an IPv4 address with numbers of 0 to 255"),
        Family::V6 => Token::Invalid("an IPv6 address"),
    };
    (!valid).then_some(wrong)
}

/// The length of four decimal numbers with dots.
fn ipv4(bytes: &[u8]) -> Option<usize> {
    let mut end = digits(bytes, 0)?;
    for _ in 0..3 {
        if bytes.get(end) != Some(&b'.') {
            return None;
        }
        end = digits(bytes, end + 1)?;
    }
    Some(end)
}

/// The length of the longest text that has the form of an IPv6 address.
fn ipv6(text: &str) -> Option<usize> {
    // Two runs of at most seven groups and `::` between them.
    const LONGEST: usize = 2 * (7 * 4 + 6) + 2;
    let bytes = text.as_bytes();
    let span = run(bytes, 0, |byte| byte.is_ascii_hexdigit() || byte == b':').min(LONGEST);
    bytes.get(..span).filter(|span| span.contains(&b':'))?;
    (2..=span).rev().find(|end| text.get(..*end).is_some_and(looks_like_ipv6))
}

fn looks_like_ipv6(text: &str) -> bool {
    let groups = |part: &str| part.split(':').all(|group| (1..=4).contains(&group.len()));
    let count = |part: &str| part.split(':').count();
    let few = |part: &str| part.is_empty() || groups(part) && count(part) <= 7;
    match text.split_once("::") {
        Some((before, after)) => few(before) && few(after),
        None => groups(text) && count(text) == 8,
    }
}

/// The operator at the beginning of `text` that stands behind a set.
pub(super) fn more_specifics_of_set(text: &str) -> Option<(usize, Token)> {
    let end = more_specifics(text.as_bytes(), 0)?;
    // 32 also where the set is of IPv6 prefixes: the database knows no other limit here.
    let token = if specifics_within(text.get(..end)?, 32) {
        Token::MoreSpecifics
    } else {
        Token::Invalid("a range of lengths up to 32, the shorter one first")
    };
    Some((end, token))
}

/// Where the operator `^-`, `^+`, `^n` or `^n-m` that begins at `start` ends (RFC 2622 §2).
fn more_specifics(bytes: &[u8], start: usize) -> Option<usize> {
    if bytes.get(start) != Some(&b'^') {
        return None;
    }
    if matches!(bytes.get(start + 1), Some(b'-' | b'+')) {
        return Some(start + 2);
    }
    let from = digits(bytes, start + 1)?;
    match bytes.get(from) {
        Some(b'-') => Some(digits(bytes, from + 1).unwrap_or(from)),
        _ => Some(from),
    }
}

/// Whether the lengths of an operator such as `^20-24` are at most `max` and in order.
fn specifics_within(operator: &str, max: u8) -> bool {
    let lengths = operator.trim_start_matches('^');
    if matches!(lengths, "-" | "+") {
        return true;
    }
    let (from, to) = lengths.split_once('-').unwrap_or((lengths, lengths));
    match (from.parse::<u32>(), to.parse::<u32>()) {
        (Ok(from), Ok(to)) => from <= to && to <= u32::from(max),
        _ => false,
    }
}

/// The longer token; of two as long the first.
pub(super) fn longer(first: (usize, Token), second: (usize, Token)) -> (usize, Token) {
    if second.0 > first.0 { second } else { first }
}

/// How many bytes from `start` on satisfy `condition`.
pub(super) fn run(bytes: &[u8], start: usize, condition: impl Fn(u8) -> bool) -> usize {
    bytes.iter().skip(start).take_while(|byte| condition(**byte)).count()
}

/// Where the digits that begin at `start` end; `None` if there are none.
pub(super) fn digits(bytes: &[u8], start: usize) -> Option<usize> {
    let count = run(bytes, start, |byte| byte.is_ascii_digit());
    (count > 0).then_some(start + count)
}
