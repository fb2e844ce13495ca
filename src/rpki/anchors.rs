//! Under whose trust anchor address space lies.
//!
//! A copy of two registries of IANA: "IPv4 Address Space" (by /8, with who administers legacy space) and "IPv6 Global
//! Unicast Address Assignments". It was read on 2026-11-27 from a public copy of the files whose newest row is of
//! 2019-11-06; `2410::/12`, which APNIC was given in 2024, was added by hand. IPv4 space moves between the regions, so that
//! a /8 tells where most of it lies, and not all: what is asked here is only whether a set of VRPs could know of it.

use std::{net::Ipv4Addr, sync::LazyLock};

use crate::net::{Entries, Prefix, PrefixMap};

/// A regional Internet registry.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Rir {
    /// Africa.
    Afrinic,
    /// Asia and the Pacific.
    Apnic,
    /// North America.
    Arin,
    /// Latin America and the Caribbean.
    Lacnic,
    /// Europe, the Middle East and Central Asia.
    Ripe,
}

impl Rir {
    /// All of them.
    pub const ALL: [Rir; 5] = [Rir::Afrinic, Rir::Apnic, Rir::Arin, Rir::Lacnic, Rir::Ripe];

    /// The name of its trust anchor, as the TALs that validators ship are called.
    pub fn anchor(self) -> &'static str {
        match self {
            Rir::Afrinic => "afrinic",
            Rir::Apnic => "apnic",
            Rir::Arin => "arin",
            Rir::Lacnic => "lacnic",
            Rir::Ripe => "ripe",
        }
    }

    /// The registry whose trust anchor has this name: `ripe`, `RIPE`, `ripe.tal`, `ripe-ncc`. Anchors for AS0 alone are
    /// none.
    pub fn named(anchor: &str) -> Option<Rir> {
        let name = anchor.to_ascii_lowercase();
        let behind = |rir: &Rir| name.strip_prefix(rir.anchor()).map(str::to_owned);
        let (rir, rest) = Rir::ALL.into_iter().find_map(|rir| Some((rir, behind(&rir)?)))?;
        let is_word = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
        (is_word && !rest.contains("as0")).then_some(rir)
    }
}

/// The registry under whose trust anchor `prefix` lies, for all that is known here; `None` for what is reserved or was
/// not given to one of them.
pub fn rir_of(prefix: Prefix) -> Option<Rir> {
    SPACE.covering(prefix).next().map(|(_, rir)| rir)
}

/// The space of both families, read once.
static SPACE: LazyLock<PrefixMap<Rir>> = LazyLock::new(|| {
    let mut entries = Entries::default();
    let ipv4 = (0..=u8::MAX).zip(IPV4.bytes()).filter_map(|(first, letter)| {
        Some((Prefix::truncated(Ipv4Addr::new(first, 0, 0, 0).into(), 8)?, letters(letter)?))
    });
    entries.extend(ipv4);
    for (rir, prefixes) in IPV6 {
        entries.extend(prefixes.split(' ').filter_map(|prefix| Some((prefix.parse().ok()?, rir))));
    }
    entries.into_map(|_, _| false)
});

fn letters(letter: u8) -> Option<Rir> {
    match letter {
        b'F' => Some(Rir::Afrinic),
        b'P' => Some(Rir::Apnic),
        b'A' => Some(Rir::Arin),
        b'L' => Some(Rir::Lacnic),
        b'R' => Some(Rir::Ripe),
        _ => None,
    }
}

/// One letter for each /8, sixteen in a line.
const IPV4: &str = concat!(
    "-PRAARAAAA-AAAPA",
    "AAAAAAAAARAPAAAR",
    "AAAAPRAPAFPPAARA",
    "APARARAAARPPPPRA",
    "AAAAAAAAAAAAARRR",
    "RRRRRRRRRRRRRRRR",
    "AAAAAPFPAFPAARPP",
    "PPPPPPPPPPPPPPP-",
    "AAAAAPAAAAAAARAA",
    "ARAAAAPRAPFAAAAA",
    "AAAPAAAAAAAPAAAP",
    "RLRLPLPPARLLRLLL",
    "ARRRFFAALLPPAAAA",
    "AAPPRRAAARPPPPPP",
    "----------------",
    "----------------",
);

/// The prefixes of each registry.
const IPV6: [(Rir, &str); 5] = [
    (Rir::Afrinic, "2001:4200::/23 2c00::/12"),
    (
        Rir::Apnic,
        "2001:200::/23 2001:c00::/23 2001:e00::/23 2001:4400::/23 2001:8000::/19 2001:a000::/20 2001:b000::/20 \
         2400::/12 2410::/12",
    ),
    (Rir::Arin, "2001:400::/23 2001:1800::/23 2001:4800::/23 2600::/12 2610::/23 2620::/23 2630::/12"),
    (Rir::Lacnic, "2001:1200::/23 2800::/12"),
    (
        Rir::Ripe,
        "2001:600::/23 2001:800::/22 2001:1400::/22 2001:1a00::/23 2001:1c00::/22 2001:2000::/19 2001:4000::/23 \
         2001:4600::/23 2001:4a00::/23 2001:4c00::/23 2001:5000::/20 2003::/18 2a00::/12 2a10::/12",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_lies_with_its_registry() {
        let check = |prefix: &str, expected: Option<Rir>| {
            assert_eq!(rir_of(prefix.parse().unwrap()), expected, "{prefix}");
        };
        check("2a0f:85c1:260::/44", Some(Rir::Ripe));
        check("2a00::/11", None);
        check("2001:db8::/32", Some(Rir::Apnic)); // lies in APNIC's 2001:c00::/23
        check("2606:4700::/32", Some(Rir::Arin));
        check("2800::/12", Some(Rir::Lacnic));
        check("fd00::/8", None);
        check("1.1.1.0/24", Some(Rir::Apnic));
        check("8.8.8.0/24", Some(Rir::Arin));
        check("193.0.0.0/21", Some(Rir::Ripe));
        check("41.0.0.0/16", Some(Rir::Afrinic));
        check("200.0.0.0/16", Some(Rir::Lacnic));
        check("10.0.0.0/8", None);
        check("224.0.0.0/8", None);
        check("192.0.0.0/7", None);
    }

    /// All 256, and as many for each registry as IANA counts.
    #[test]
    fn every_slash_8_is_listed() {
        let count = |letter: char| IPV4.chars().filter(|c| *c == letter).count();
        assert_eq!(IPV4.len(), 256);
        assert_eq!([count('F'), count('P'), count('L'), count('R'), count('-')], [6, 51, 10, 43, 35]);
    }

    #[test]
    fn anchors_are_known_by_their_names() {
        let check = |name: &str, expected: Option<Rir>| assert_eq!(Rir::named(name), expected, "{name}");
        check("ripe", Some(Rir::Ripe));
        check("RIPE", Some(Rir::Ripe));
        check("ripe.tal", Some(Rir::Ripe));
        check("ripe-ncc", Some(Rir::Ripe));
        check("apnic-as0", None);
        check("arinx", None);
        check("testbed", None);
    }
}
