//! What nobody may announce: special-purpose space, and AS numbers that stand for no network.

use std::sync::LazyLock;

use crate::net::{Asn, Entries, Finder, Prefix, PrefixMap};

/// IANA's special-purpose registries (RFC 6890 and successors) as far as they are not globally reachable, space that
/// is not unicast, and IPv6 outside of `2000::/3`.
const SPACE: [(&str, &str); 31] = [
    ("0.0.0.0/8", "this network (RFC 791)"),
    ("10.0.0.0/8", "private use (RFC 1918)"),
    ("100.64.0.0/10", "shared address space (RFC 6598)"),
    ("127.0.0.0/8", "loopback (RFC 1122)"),
    ("169.254.0.0/16", "link local (RFC 3927)"),
    ("172.16.0.0/12", "private use (RFC 1918)"),
    ("192.0.0.0/24", "IETF protocol assignments (RFC 6890)"),
    ("192.0.2.0/24", "documentation (RFC 5737)"),
    ("192.168.0.0/16", "private use (RFC 1918)"),
    ("198.18.0.0/15", "benchmarking (RFC 2544)"),
    ("198.51.100.0/24", "documentation (RFC 5737)"),
    ("203.0.113.0/24", "documentation (RFC 5737)"),
    ("224.0.0.0/3", "multicast and reserved (RFC 5771, RFC 1112)"),
    ("224.0.0.0/4", "multicast (RFC 5771)"),
    ("240.0.0.0/4", "reserved (RFC 1112)"),
    ("::/3", "not unicast space of the Internet (RFC 4291)"),
    ("2001:2::/48", "benchmarking (RFC 5180)"),
    ("2001:10::/28", "ORCHID (RFC 4843)"),
    ("2001:20::/28", "ORCHIDv2 (RFC 7343)"),
    ("2001:db8::/32", "documentation (RFC 3849)"),
    ("3fff::/20", "documentation (RFC 9637)"),
    ("3ffe::/16", "the 6bone, which was given back (RFC 3701)"),
    ("4000::/2", "not unicast space of the Internet (RFC 4291)"),
    ("8000::/1", "not unicast space of the Internet (RFC 4291)"),
    ("8000::/2", "not unicast space of the Internet (RFC 4291)"),
    ("c000::/2", "not unicast space of the Internet (RFC 4291)"),
    ("c000::/3", "not unicast space of the Internet (RFC 4291)"),
    ("e000::/4", "not unicast space of the Internet (RFC 4291)"),
    ("f000::/4", "not unicast space of the Internet (RFC 4291)"),
    ("f000::/5", "not unicast space of the Internet (RFC 4291)"),
    ("f800::/5", "private, link local or multicast (RFC 4193, RFC 4291)"),
];

static MAP: LazyLock<PrefixMap<usize>> = LazyLock::new(|| {
    let mut entries = Entries::default();
    for (number, (prefix, _)) in SPACE.iter().enumerate() {
        entries.extend(prefix.parse().ok().map(|prefix: Prefix| (prefix, number)));
    }
    entries.into_map(|_, _| false)
});

/// Finds bogons, quickest in the order of prefixes.
pub(super) struct Bogons(Finder<'static, usize>);

impl Bogons {
    pub(super) fn new() -> Bogons {
        Bogons(MAP.finder())
    }

    /// What `prefix` is reserved for.
    pub(super) fn space(&mut self, prefix: Prefix) -> Option<&'static str> {
        if prefix.len() == 0 {
            return Some("the default route");
        }
        let (_, number) = self.0.covering(prefix).next()?;
        SPACE.get(number).map(|(_, what)| *what)
    }
}

/// What `origin` stands for, if it is no AS of the Internet (IANA's special-purpose AS numbers; RFC 7607, RFC 6793,
/// RFC 5398, RFC 6996, RFC 7300).
pub(super) fn origin(origin: Asn) -> Option<&'static str> {
    match origin.0 {
        0 => Some("AS0 (RFC 7607)"),
        23456 => Some("AS_TRANS (RFC 6793)"),
        64496..=64511 | 65536..=65551 => Some("an AS number for documentation (RFC 5398)"),
        64512..=65534 | 4_200_000_000..=4_294_967_294 => Some("an AS number for private use (RFC 6996)"),
        65535 | 4_294_967_295 => Some("a reserved AS number (RFC 7300)"),
        65552..=131_071 => Some("a reserved AS number (IANA)"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reserved_is_told() {
        assert_eq!(MAP.len(), SPACE.len());
        let mut bogons = Bogons::new();
        let mut check = |prefix: &str, expected: bool| {
            assert_eq!(bogons.space(prefix.parse().unwrap()).is_some(), expected, "{prefix}");
        };
        for bogon in
            ["0.0.0.0/0", "10.1.0.0/16", "100.127.0.0/16", "203.0.113.0/24", "255.0.0.0/8", "224.0.0.0/3"]
        {
            check(bogon, true);
        }
        for bogon in [
            "::/0",
            "fd00::/8",
            "fe80::/10",
            "ff00::/8",
            "64:ff9b::/96",
            "2001:db8:1::/48",
            "4000::/3",
            "8000::/1",
        ] {
            check(bogon, true);
        }
        for good in
            ["1.1.1.0/24", "100.128.0.0/9", "193.0.0.0/21", "2a0f:85c1:260::/44", "2001:67c::/32", "3000::/8"]
        {
            check(good, false);
        }
        let check = |asn: u32, expected: bool| assert_eq!(origin(Asn(asn)).is_some(), expected, "{asn}");
        for reserved in [0, 23456, 64500, 65000, 65535, 65550, 131_071, 4_200_000_000, u32::MAX] {
            check(reserved, true);
        }
        for real in [1, 23455, 64495, 131_072, 205_398, 4_199_999_999] {
            check(real, false);
        }
    }
}
