//! From a value to tokens: at each place the longest token that fits, a keyword before a name.

use std::{fmt, net::Ipv6Addr};

use super::lexicon::{Kind, Lexicon};
use crate::net::Family;

/// The class of a set, which the first letters of its name tell (RFC 2622 §5).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum SetKind {
    As,
    Route,
    Filter,
    Peering,
    Router,
}

impl SetKind {
    fn prefix(self) -> &'static str {
        match self {
            SetKind::As => "AS-",
            SetKind::Route => "RS-",
            SetKind::Filter => "FLTR-",
            SetKind::Peering => "PRNG-",
            SetKind::Router => "RTRS-",
        }
    }
}

/// One token, without its text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Token {
    Keyword(&'static str),
    Name,
    AsNumber,
    AsRange,
    Set(SetKind),
    Prefix(Family),
    Address(Family),
    Community,
    Integer,
    /// `^-`, `^+`, `^n` or `^n-m`, not joined to a prefix.
    MoreSpecifics,
    /// `~*` or `~+`: all hops the same (RFC 2622 §5.4).
    SameHops,
    Compare,
    Assign,
    Append,
    Symbol(char),
    /// Has the form of a token, but not its range of values; what would be right.
    Invalid(&'static str),
    End,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Token::Keyword(word) => write!(f, "`{}`", word.to_ascii_lowercase()),
            Token::Name => f.write_str("a router name"),
            Token::AsNumber => f.write_str("an AS number"),
            Token::AsRange => f.write_str("a range of AS numbers"),
            Token::Set(kind) => write!(f, "a set name `{}…`", kind.prefix().to_ascii_lowercase()),
            Token::Prefix(Family::V4) => f.write_str("an IPv4 prefix"),
            Token::Prefix(Family::V6) => f.write_str("an IPv6 prefix"),
            Token::Address(Family::V4) => f.write_str("an IPv4 address"),
            Token::Address(Family::V6) => f.write_str("an IPv6 address"),
            Token::Community => f.write_str("a community"),
            Token::Integer => f.write_str("a number"),
            Token::MoreSpecifics => f.write_str("`^`"),
            Token::SameHops => f.write_str("`~`"),
            Token::Compare => f.write_str("`==`"),
            Token::Assign => f.write_str("`=`"),
            Token::Append => f.write_str("`.=`"),
            Token::Symbol(symbol) => write!(f, "`{symbol}`"),
            Token::Invalid(right) => f.write_str(right),
            Token::End => f.write_str("the end"),
        }
    }
}

/// A token and where it stands in the value, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) token: Token,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Splits `value` into tokens; the last is [`Token::End`].
pub(super) fn tokens(value: &str, lexicon: &Lexicon) -> Vec<Place> {
    let mut places = Vec::new();
    let mut start = 0;
    while let Some(rest) = value.get(start..)
        && let Some(first) = rest.chars().next()
    {
        if matches!(first, ' ' | '\t' | '\n') {
            start += 1;
            continue;
        }
        let (length, token) = longest(rest, lexicon).unwrap_or((first.len_utf8(), Token::Symbol(first)));
        places.push(Place { token, start, end: start + length });
        start += length;
    }
    places.push(Place { token: Token::End, start: value.len(), end: value.len() });
    places
}

/// The longest token at the beginning of `text` and its length; among equals the first of the list.
fn longest(text: &str, lexicon: &Lexicon) -> Option<(usize, Token)> {
    let bytes = text.as_bytes();
    let keyword = lexicon.keywords().filter(|word| starts_with(bytes, word)).max_by_key(|word| word.len());
    let known = lexicon.kinds.iter().filter_map(|kind| match kind {
        Kind::Name => name(bytes).map(|found| (found, Token::Name)),
        Kind::AsRange => as_range(text),
        Kind::Set(set) => set_name(bytes, *set).map(|found| (found, Token::Set(*set))),
    });
    let candidates = keyword.map(|word| (word.len(), Token::Keyword(word))).into_iter().chain(operator(text));
    let candidates = candidates.chain(as_number(bytes).map(|found| (found, Token::AsNumber)));
    // A name comes last: `as-foo` is a set before it is a name.
    let (names, others): (Vec<_>, Vec<_>) = known.partition(|(_, token)| *token == Token::Name);
    let candidates = candidates.chain(others).chain(number(text)).chain(names);
    let found = candidates.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    match found {
        (length, Token::Name) if length > MAX_LABEL => {
            Some((length, Token::Invalid("a label of at most 63 characters")))
        }
        other => Some(other),
    }
}

/// RFC 1035 §2.3.4.
const MAX_LABEL: usize = 63;

/// How many bytes from `start` on satisfy `condition`.
fn run(bytes: &[u8], start: usize, condition: impl Fn(u8) -> bool) -> usize {
    bytes.iter().skip(start).take_while(|byte| condition(**byte)).count()
}

fn starts_with(bytes: &[u8], word: &str) -> bool {
    bytes.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
}

/// Where the digits that begin at `start` end; `None` if there are none.
fn digits(bytes: &[u8], start: usize) -> Option<usize> {
    let count = run(bytes, start, |byte| byte.is_ascii_digit());
    (count > 0).then_some(start + count)
}

fn operator(text: &str) -> Option<(usize, Token)> {
    let fixed = [
        ("==", Token::Compare),
        ("=", Token::Assign),
        (".=", Token::Append),
        ("~*", Token::SameHops),
        ("~+", Token::SameHops),
    ];
    let found = fixed.into_iter().find(|(sign, _)| text.starts_with(sign));
    found.map(|(sign, token)| (sign.len(), token)).or_else(|| {
        let end = more_specifics(text.as_bytes(), 0)?;
        // 32 also where the set is of IPv6 prefixes: the database knows no other limit here.
        match specifics_within(text.get(..end)?, 32) {
            true => Some((end, Token::MoreSpecifics)),
            false => Some((end, Token::Invalid("a range of lengths up to 32, the shorter one first"))),
        }
    })
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

/// The length of an AS number: no leading zero, at most 4294967295; a longer number is cut, so
/// that what follows is in the way.
fn as_number(bytes: &[u8]) -> Option<usize> {
    if !starts_with(bytes, "AS") {
        return None;
    }
    let count = run(bytes, 2, |byte| byte.is_ascii_digit()).min(10);
    match (bytes.get(2), count) {
        (_, 0) => None,
        (Some(b'0'), _) => Some(3),
        (_, 10) if !fits_32_bits(bytes.get(2..12)?) => Some(11),
        _ => Some(2 + count),
    }
}

fn fits_32_bits(digits: &[u8]) -> bool {
    std::str::from_utf8(digits).is_ok_and(|text| text.parse::<u32>().is_ok())
}

fn as_range(text: &str) -> Option<(usize, Token)> {
    let bytes = text.as_bytes();
    let first = as_number(bytes)?;
    let dash = first + run(bytes, first, |byte| byte == b' ');
    if bytes.get(dash) != Some(&b'-') {
        return None;
    }
    let second = dash + 1 + run(bytes, dash + 1, |byte| byte == b' ');
    let end = second + as_number(bytes.get(second..)?)?;
    let number =
        |from: usize, to: usize| text.get(from + 2..to).and_then(|digits| digits.parse::<u32>().ok());
    match number(0, first) <= number(second, end) {
        true => Some((end, Token::AsRange)),
        false => Some((end, Token::Invalid("a range with the smaller AS number first"))),
    }
}

/// The length of a label of a domain name.
fn name(bytes: &[u8]) -> Option<usize> {
    bytes.first().filter(|byte| byte.is_ascii_alphabetic())?;
    last_alphanumeric(bytes, 0, |byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Where the last letter or digit of the run of `condition` from `start` on ends.
fn last_alphanumeric(bytes: &[u8], start: usize, condition: impl Fn(u8) -> bool) -> Option<usize> {
    let count = run(bytes, start, condition);
    let body = bytes.get(start..start + count)?;
    body.iter().rposition(u8::is_ascii_alphanumeric).map(|last| start + last + 1)
}

/// The length of the name of a set of this kind, hierarchical or not: `AS1:AS-FOO:PeerAS`. At least
/// one element is a set's name, the others AS numbers or `PeerAS` (RFC 2622 §5).
fn set_name(bytes: &[u8], kind: SetKind) -> Option<usize> {
    let mut found = None;
    let mut has_set = false;
    let mut start = 0;
    loop {
        let rest = bytes.get(start..)?;
        let set = starts_with(rest, kind.prefix()).then(|| {
            last_alphanumeric(rest, kind.prefix().len(), |b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
        });
        has_set |= set.flatten().is_some();
        let peer_as = starts_with(rest, "PEERAS").then_some("PEERAS".len());
        let Some(length) = as_number(rest).or(peer_as).or(set.flatten()) else {
            return found;
        };
        let end = start + length;
        if has_set {
            found = Some(end);
        }
        if bytes.get(end) != Some(&b':') {
            return found;
        }
        start = end + 1;
    }
}

/// The longest of: prefix, address, community, integer.
fn number(text: &str) -> Option<(usize, Token)> {
    let bytes = text.as_bytes();
    let v6 = ipv6(text).map(|end| prefix_or_address(text, end, Family::V6));
    let v4 = ipv4(bytes).map(|end| prefix_or_address(text, end, Family::V4));
    let integer = digits(bytes, 0);
    let colon = integer.filter(|end| bytes.get(*end) == Some(&b':'));
    let community = colon.and_then(|colon| digits(bytes, colon + 1)).map(|end| (end, community(text, end)));
    let candidates = [v6, v4, community, integer.map(|end| (end, Token::Integer))];
    candidates.into_iter().flatten().reduce(|best, next| if next.0 > best.0 { next } else { best })
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
