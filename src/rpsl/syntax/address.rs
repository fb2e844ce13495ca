//! Addresses, prefixes and names in the DNS, as attributes write them.

use super::names::is_set_name;
use super::text::{at_most, is_digit, is_word_char, only, strip_prefix};
use crate::net::{Asn, Block, Family, zone_block};

/// A block of addresses of one family: for IPv4 a range, a prefix without host bits or one address, for
/// IPv6 a prefix or one address.
pub fn is_block(family: Family, text: &str) -> bool {
    block(family, text).is_some()
}

/// Reads a block of addresses of one family.
pub fn block(family: Family, text: &str) -> Option<Block> {
    match family {
        Family::V4 => Block::parse_v4(text),
        Family::V6 => Block::parse_v6(text),
    }
}

/// A prefix with its length: what a route is announced as.
pub fn is_route(family: Family, text: &str) -> bool {
    text.contains('/') && !text.contains('-') && is_block(family, text)
}

/// One address, perhaps with `/32` or `/128`.
pub fn is_address(text: &str) -> bool {
    Block::parse(text).is_some_and(|block| block.first() == block.last())
}

/// The host name of a router or an alias of it; `inner` are the signs that a label may have within.
pub fn is_host_name(inner: &str, text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        only(label, |c| c.is_ascii_alphanumeric() || inner.contains(c))
            && label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && label.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    at_most(text, 254) && name.split('.').all(is_label)
}

/// A zone that the registry delegates: below `in-addr.arpa`, `ip6.arpa` or `e164.arpa`.
pub fn is_zone(text: &str) -> bool {
    at_most(text, 254) && (zone_block(text).is_some() || is_enum_zone(text))
}

/// Digits joined by dots below `e164.arpa` (RFC 6116).
fn is_enum_zone(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let labels = lower.strip_suffix('.').unwrap_or(&lower).strip_suffix(".e164.arpa");
    labels.is_some_and(|labels| labels.split('.').all(|label| label.len() == 1 && only(label, is_digit)))
}

/// A name server of a zone: the host, and its address (glue) if there is one.
pub fn name_server(text: &str) -> Option<(&str, Option<Block>)> {
    let mut words = text.split_ascii_whitespace();
    let host = words.next().filter(|host| is_host_name("-", host))?;
    let glue = match words.next() {
        Some(word) => Some(Block::parse(word).filter(|_| is_address(word))?),
        None => None,
    };
    words.next().is_none().then_some((host, glue))
}

/// A DS record (RFC 4034 §5.3): key tag, algorithm, digest type and digest, the last without blanks.
pub fn ds_record(text: &str) -> Option<(u16, u8, u8, String)> {
    let mut words = text.splitn(4, ' ');
    let mut number = || words.next().filter(|word| only(word, is_digit));
    let (tag, algorithm, kind) = (number()?.parse().ok()?, number()?.parse().ok()?, number()?.parse().ok()?);
    let digest = words.next()?;
    let digest = digest.strip_prefix('(').unwrap_or(digest);
    let digest: String = digest.strip_suffix(')').unwrap_or(digest).split(' ').collect();
    let length = match kind {
        1 => Some(40),     // SHA-1
        2 | 3 => Some(64), // SHA-256, GOST
        4 => Some(96),     // SHA-384
        _ => None,
    };
    let is_digest = digest.chars().all(|c| c.is_ascii_hexdigit());
    (is_digest && length.is_none_or(|length| digest.len() == length))
        .then_some((tag, algorithm, kind, digest))
}

/// A prefix and perhaps a range of lengths (RFC 2622 §2): `10.0.0.0/8^16-24`. IPv4 has all four octets.
pub fn is_prefix_range(family: Family, text: &str) -> bool {
    let (start, range) = text.split_once('^').map_or((text, None), |(start, range)| (start, Some(range)));
    let octets = start.split('/').next().unwrap_or_default().split('.').count();
    let is_whole = start.contains('/') && !start.contains('-') && (family == Family::V6 || octets == 4);
    let prefix = block(family, start).and_then(Block::prefix).filter(|_| is_whole);
    prefix.is_some_and(|prefix| range.is_none_or(|range| is_length_range(range, prefix.len(), family.bits())))
}

/// What stands behind `^`: `-`, `+`, a length, or two; all between `min` and `max`.
fn is_length_range(text: &str, min: u8, max: u8) -> bool {
    if matches!(text, "-" | "+") {
        return true;
    }
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let length = |text: &str| only(text, is_digit).then(|| text.parse::<u8>().ok())?;
    length(from).zip(length(to)).is_some_and(|(from, to)| min <= from && from <= to && to <= max)
}

/// The maintainer who may create routes, and the prefixes for which: `ANY` or `{…}` (RFC 2725 §10.1).
pub fn is_mnt_routes(text: &str) -> bool {
    let (maintainer, rest) = text.split_once(' ').unwrap_or((text, "ANY"));
    let is_maintainer = maintainer.starts_with(|c: char| c.is_ascii_alphabetic())
        && (2..=81).contains(&maintainer.len())
        && only(maintainer, is_word_char);
    is_maintainer && (rest.trim_start_matches(' ').eq_ignore_ascii_case("ANY") || is_prefix_list(rest))
}

fn is_prefix_list(text: &str) -> bool {
    let inner = text.trim_start_matches(' ').strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let is_range = |part: &str| is_prefix_range(Family::V4, part) || is_prefix_range(Family::V6, part);
    inner.is_some_and(|inner| inner.split([',', ' ']).filter(|part| !part.is_empty()).all(is_range))
}

/// What an `as-set` may contain: AS numbers and as-sets.
pub fn is_as_set_member(text: &str) -> bool {
    text.parse::<Asn>().is_ok() || is_set_name("AS-", text)
}

/// What a `route-set` may contain: AS numbers, as-sets, route-sets with or without a range of lengths, and
/// prefixes of `families` with or without one.
pub fn is_route_set_member(families: &[Family], text: &str) -> bool {
    let ranged = |(set, range): (&str, &str)| is_set_name("RS-", set) && is_length_range(range, 0, 128);
    is_as_set_member(text)
        || is_set_name("RS-", text)
        || text.split_once('^').is_some_and(ranged)
        || families.iter().any(|family| is_prefix_range(*family, text))
}

/// What a `rtr-set` may contain: host names of routers, other rtr-sets and, of `families`, IPv4 addresses and
/// IPv6 addresses and prefixes.
pub fn is_rtr_set_member(families: &[Family], text: &str) -> bool {
    let is_member = |family: &Family| match family {
        Family::V4 => !text.contains(':') && is_address(text),
        Family::V6 => is_block(Family::V6, text),
    };
    is_host_name("-_", text) || is_set_name("RTRS-", text) || families.iter().any(is_member)
}

/// A range of AS numbers, `AS1 - AS2`, the first not above the second.
pub fn is_as_block(text: &str) -> bool {
    let number = |text: &str| {
        let digits = strip_prefix(text.trim(), "AS").filter(|digits| only(digits, is_digit));
        digits.and_then(|digits| digits.parse::<u64>().ok())
    };
    let ends = text.split_once('-').map(|(first, last)| (number(first), number(last)));
    ends.is_some_and(|(first, last)| first.is_some() && last.is_some() && first <= last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_lengths_stays_within_the_prefix() {
        let check =
            |text: &str, expected: bool| assert_eq!(is_prefix_range(Family::V4, text), expected, "{text}");
        check("10.0.0.0/8^8-32", true);
        check("10.0.0.0/8^-", true);
        check("10.0.0.0/8^7", false);
        check("10.0.0.0/8^24-16", false);
        check("10.0.0.0/8^33", false);
        check("10.0.0.0/8^", false);
        check("10/8", false);
        check("10.0.0.1/8", false);
        check("10.0.0.0 - 10.0.0.255", false);
    }
}
