//! Addresses that mean something else than what is written.
//!
//! The registry clears the host bits of an `inet6num` or `route6`, drops brackets and zone ids, fills a short IPv4
//! address with zeros, and takes an address without a length for a block of its own (rules.md §3). The object that it
//! then makes is another one than the file shows.

use std::{fmt, net::IpAddr};

use super::{
    Attribute, Key,
    key::split_route,
    schema::{Class, Name, Syntax},
    syntax,
};
use crate::net::{Block, Family, Prefix, PrefixError};

/// A part of a value that the registry would read as something else.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Misreading {
    /// A prefix with host bits.
    HostBits {
        /// As it is written.
        written: String,
        /// The prefix without them.
        meant: Prefix,
    },
    /// A block in a form that leaves something out.
    Short {
        /// As it is written.
        written: String,
        /// As the registry reads it.
        read: String,
    },
}

impl Misreading {
    /// What to write instead.
    pub fn meant(&self) -> String {
        match self {
            Misreading::HostBits { meant, .. } => meant.to_string(),
            Misreading::Short { read, .. } => read.clone(),
        }
    }
}

impl fmt::Display for Misreading {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Misreading::HostBits { written, meant } => {
                write!(f, "{written} has host bits set; did you mean {meant}?")
            }
            Misreading::Short { written, read } => write!(f, "`{written}` is read as {read}"),
        }
    }
}

/// What in the value of an attribute would be read otherwise, the first of it.
pub fn misreading(attribute: &Attribute) -> Option<Misreading> {
    let syntax = attribute.name?.row().syntax;
    if !has_prefixes(syntax) {
        return None;
    }
    let value = attribute.value();
    let short = match syntax {
        Syntax::Ipv4 => short(Family::V4, &value),
        Syntax::Ipv6 => short(Family::V6, &value),
        _ => None,
    };
    prefixes(&value).find_map(host_bits).or(short)
}

/// Whether values of this form hold prefixes.
fn has_prefixes(syntax: Syntax) -> bool {
    use Syntax as S;
    matches!(
        syntax,
        S::Ipv4
            | S::Ipv6
            | S::Route
            | S::Route6
            | S::Holes
            | S::Pingable
            | S::MntRoutes
            | S::Members
            | S::MpMembers
            | S::Components
            | S::ExportComps
            | S::Inject
            | S::Filter
            | S::MpFilter
            | S::Import
            | S::Export
            | S::Default
            | S::MpImport
            | S::MpExport
            | S::MpDefault
            | S::ImportVia
            | S::ExportVia
    )
}

/// The parts of a value that look like prefixes, without range operators.
fn prefixes(value: &str) -> impl Iterator<Item = &str> {
    let parts = value.split(|sign: char| sign.is_whitespace() || ",;{}()".contains(sign));
    parts
        .filter(|part| part.contains('/'))
        .map(|part| part.split_once('^').map_or(part, |(prefix, _)| prefix))
}

fn host_bits(text: &str) -> Option<Misreading> {
    // An IPv4-mapped address is none to the registry, whatever its bits are.
    let is_mapped =
        |meant: &Prefix| matches!(meant.address(), IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some());
    match whole(text)?.parse::<Prefix>() {
        Err(PrefixError::HostBits(_, meant)) if !is_mapped(&meant) => {
            Some(Misreading::HostBits { written: text.to_owned(), meant })
        }
        Ok(_) | Err(_) => None,
    }
}

/// The prefix without brackets and zone id, with four octets.
fn whole(text: &str) -> Option<String> {
    let (address, length) = text.split_once('/')?;
    let plain = address.strip_prefix('[').map_or(address, |rest| rest.trim_end_matches(']'));
    let plain = plain.split_once('%').map_or(plain, |(plain, _)| plain);
    let missing = if plain.contains(':') { 0 } else { 4_usize.saturating_sub(plain.split('.').count()) };
    Some(format!("{plain}{}/{length}", ".0".repeat(missing)))
}

/// A block of addresses in a form that leaves something out.
fn short(family: Family, value: &str) -> Option<Misreading> {
    let read = syntax::block(family, value)?.to_string();
    let is_whole = |end: &str| end.trim().parse::<IpAddr>().is_ok();
    let is_plain = match (value.split_once('-'), value.split_once('/')) {
        (Some((first, last)), _) => is_whole(first) && is_whole(last),
        (None, Some((address, _))) => is_whole(address) || !address.contains(':'),
        (None, None) => false,
    };
    (!is_plain).then(|| Misreading::Short { written: value.to_owned(), read })
}

/// Why the text of a key, as the user typed it, names no object of the class or another one than it seems to; and what
/// to write, where that can be told.
fn misspelt_key(class: Class, text: &str) -> Option<(String, Option<String>)> {
    let text = text.trim();
    let names = class.template().key;
    let is_route = class.is_route();
    let values: Vec<&str> = match split_route(text).filter(|_| is_route) {
        Some((prefix, origin)) => vec![prefix, origin],
        None => vec![text],
    };
    if let Some(misread) = values.first().and_then(|value| misread_key(class, value)) {
        let rest = values.get(1).copied().unwrap_or_default();
        return Some((misread.to_string(), Some(format!("{}{rest}", misread.meant()))));
    }
    if is_route && values.len() == 1 && Block::parse(text).is_some() {
        return Some(("a route is named with its origin".to_owned(), Some(format!("{text}AS64500"))));
    }
    let wrong = |(name, value): (&Name, &&str)| syntax::check(name.row().syntax, class, value).err();
    let error = names.iter().zip(&values).find_map(wrong)?;
    Some((format!("no {class} is called so: expected {}", error.expected), None))
}

fn misread_key(class: Class, value: &str) -> Option<Misreading> {
    match class {
        Class::Inetnum => host_bits(value).or_else(|| short(Family::V4, value)),
        Class::Inet6num => host_bits(value).or_else(|| short(Family::V6, value)),
        Class::Route | Class::Route6 => host_bits(value),
        _ => None,
    }
}

impl Key {
    /// The prefix with host bits in `text`, as the user typed it for a key of `class`: the key would go without them.
    pub fn host_bits(class: Class, text: &str) -> Option<Misreading> {
        let text = text.trim();
        match class {
            Class::Inetnum | Class::Inet6num => host_bits(text),
            Class::Route | Class::Route6 => host_bits(split_route(text).map_or(text, |(prefix, _)| prefix)),
            _ => None,
        }
    }

    /// The key that `text` spells as the user typed it, or why it is none, and what to write.
    pub fn spelled(class: Class, text: &str) -> Result<Key, (String, Option<String>)> {
        misspelt_key(class, text).map_or_else(|| Ok(Key::new(class, text)), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::Object;

    fn check(object: &str, expected: &str) {
        let object = Object::parse(object).unwrap();
        let found = object.attributes().filter_map(|attribute| misreading(&attribute));
        assert_eq!(
            found.map(|each| each.to_string()).collect::<Vec<_>>().join("\n"),
            expected,
            "{}",
            object.text()
        );
    }

    #[test]
    fn host_bits_are_seen_wherever_prefixes_stand() {
        let meant =
            |written: &str, meant: &str| format!("{written} has host bits set; did you mean {meant}?");
        check("route6: 2a0f:85c1:261::1/48", &meant("2a0f:85c1:261::1/48", "2a0f:85c1:261::/48"));
        check("inet6num: 2A0F:85C1:261::/44", &meant("2A0F:85C1:261::/44", "2a0f:85c1:260::/44"));
        check("inet6num: [2a0f::1]/48", &meant("[2a0f::1]/48", "2a0f::/48"));
        check("inet6num: 2a0f::1%eth0/48", &meant("2a0f::1%eth0/48", "2a0f::/48"));
        check("route: 192.0.2.1/24", &meant("192.0.2.1/24", "192.0.2.0/24"));
        check("inetnum: 192.0.2.1/24", &meant("192.0.2.1/24", "192.0.2.0/24"));
        check("inetnum: 10.1/8", &meant("10.1/8", "10.0.0.0/8"));
        check("route6: ::/0\nholes: 2a0f::/48, 2a0f:1::1/48", &meant("2a0f:1::1/48", "2a0f:1::/48"));
        check("route6: ::/0\npingable: 2a0f::1/64", &meant("2a0f::1/64", "2a0f::/64"));
        check(
            "inet6num: ::/0\nmnt-routes: A-MNT {2a0f::/32^+, 2a0f:1::/31^48}",
            &meant("2a0f:1::/31", "2a0f::/31"),
        );
        check("route-set: RS-A\nmp-members: 2a0f::1/48^+", &meant("2a0f::1/48", "2a0f::/48"));
        check(
            "filter-set: FLTR-A\nmp-filter: { 2a0f::1/48^+ } AND NOT {192.0.2.0/24}",
            &meant("2a0f::1/48", "2a0f::/48"),
        );
        check(
            "aut-num: AS1\nmp-import: afi ipv6 from AS2 accept {2a0f::1/48};",
            &meant("2a0f::1/48", "2a0f::/48"),
        );
    }

    #[test]
    fn what_leaves_something_out_is_read_aloud() {
        check("inet6num: 2a0f::1", "`2a0f::1` is read as 2a0f::1/128");
        check("inet6num: [2a0f::]/32", "`[2a0f::]/32` is read as 2a0f::/32");
        check("inetnum: 192.0.2.0", "`192.0.2.0` is read as 192.0.2.0 - 192.0.2.0");
        check("inetnum: 192.0.2 - 192.0.3", "`192.0.2 - 192.0.3` is read as 192.0.2.0 - 192.0.3.0");
        check(
            "inetnum: 192.0.2.010 - 192.0.2.020",
            "`192.0.2.010 - 192.0.2.020` is read as 192.0.2.10 - 192.0.2.20",
        );
    }

    #[test]
    fn another_spelling_of_the_same_is_none() {
        check("inetnum: 192.0.2.0/24", "");
        check("inetnum: 10.1/16", "");
        check("inetnum: 192.0.2.0-192.0.2.9", "");
        check("inet6num: 2A0F:85C1:0260:0::/44", "");
        check("route6: 2a0f::/32\nholes: 2a0f::1\npingable: 2a0f::1\nremarks: 2a0f::1/48", "");
        check("as-set: AS-A\nmembers: AS1, AS-B\ndescr: 10.0.0.1/8", "");
        check("route-set: RS-A\nmembers: 192.0.2.0/24^+, AS1:RS-B^24", "");
        check("inet6num: ::ffff:192.0.2.1/120", "");
    }

    #[test]
    fn a_key_is_typed_as_it_is_meant() {
        let check = |class, text: &str, expected: Option<(&str, Option<&str>)>| {
            let found = misspelt_key(class, text);
            let found = found.as_ref().map(|(why, meant)| (why.as_str(), meant.as_deref()));
            assert_eq!(found, expected, "{text}");
        };
        check(Class::Route6, "2A0F:85C1:0260::/48as205398", None);
        check(Class::Inetnum, "192.0.2.0/24", None);
        check(Class::Inetnum, "192.0.2.0 - 192.0.2.255", None);
        check(Class::Domain, "2.0.192.in-addr.arpa.", None);
        check(Class::Role, "HN1-RIPE", None);
        check(
            Class::Route6,
            "2a0f:85c1:261::/44AS1",
            Some((
                "2a0f:85c1:261::/44 has host bits set; did you mean 2a0f:85c1:260::/44?",
                Some("2a0f:85c1:260::/44AS1"),
            )),
        );
        check(
            Class::Route,
            "192.0.2.0/24",
            Some(("a route is named with its origin", Some("192.0.2.0/24AS64500"))),
        );
        check(Class::Inet6num, "2a0f::1", Some(("`2a0f::1` is read as 2a0f::1/128", Some("2a0f::1/128"))));
        check(
            Class::Route6,
            "nonsense",
            Some(("no route6 is called so: expected an IPv6 prefix such as `2001:db8::/32`", None)),
        );
    }
}
