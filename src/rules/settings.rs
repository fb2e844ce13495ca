//! The surroundings of a registry: what its operator has configured and a request cannot show.

use std::collections::BTreeMap;

use crate::{
    net::{Asn, Block, Prefix},
    rpsl::{Class, Object},
};

/// What a registry takes from its configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The authoritative source; beside it there is its `-NONAUTH` twin.
    pub source: String,
    /// What lies inside the region of the authoritative source.
    pub region: Region,
    /// Prefixes that no route may have.
    pub bogons: Vec<Prefix>,
    /// The handle that stands in for a contact while a maintainer and a person are made together.
    pub dummy_contact: String,
    /// Whether all this is known of the registry, or assumed.
    pub certainty: Certainty,
    /// The accounts that an `auth: SSO` line may name; `None` if any may or, where settings are assumed, if they
    /// cannot be known.
    pub accounts: Option<Vec<String>>,
    /// Whether `auth: MD5-PW` lines are taken.
    pub passwords: Passwords,
    /// How many attributes of an object may refer to others; `None` for any number.
    pub max_references: Option<usize>,
    /// Zones that fail the DNS check, and what is said of them; `None` if the check cannot be foreseen.
    pub failing_dns: Option<BTreeMap<String, String>>,
}

/// Whether we see the settings of a registry.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Certainty {
    /// They are its own.
    #[default]
    Known,
    /// Its operator may have set them otherwise than the server is delivered.
    Assumed,
}

/// What a registry makes of `auth: MD5-PW` lines.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Passwords {
    /// They are taken, as by the server as it is delivered.
    #[default]
    Taken,
    /// They are refused, as by the public RIPE Database.
    Refused,
}

/// AS numbers and addresses of a region.
#[derive(Clone, Debug, Default)]
pub struct Region {
    /// Inclusive ranges.
    pub asns: Vec<(Asn, Asn)>,
    /// Blocks of both families.
    pub blocks: Vec<Block>,
}

/// The rules that refuse by a setting, and what that setting says. Where it is [assumed](Certainty::Assumed), a
/// refusal by one of them is not certain.
const BY_SETTING: [(&str, &str); 4] = [
    ("out-of-region", "which resources belong to the registry's region"),
    ("route-bogon", "which prefixes the registry takes for bogons"),
    ("route-origin", "which AS numbers the registry takes for reserved"),
    ("structure-references", "how many references the registry allows in an object"),
];

/// The name of the source beside `source` for what lies outside the region (`RIPE-NONAUTH`).
pub fn nonauth(source: &str) -> String {
    format!("{source}-NONAUTH")
}

impl Settings {
    /// The setting that a refusal by `rule` hangs on, if that cannot be seen.
    pub fn unseen(&self, rule: &str) -> Option<&'static str> {
        let (_, setting) = BY_SETTING.iter().find(|(name, _)| *name == rule)?;
        (self.certainty == Certainty::Assumed).then_some(*setting)
    }

    /// The name of the source for what lies outside the region.
    pub fn nonauth(&self) -> String {
        nonauth(&self.source)
    }
}

impl Region {
    /// Whether what the object is about, an AS number or a block of addresses, is inside.
    pub fn has(&self, object: &Object) -> bool {
        match object.class() {
            Class::AutNum => object.key().text().parse().is_ok_and(|asn| self.has_asn(asn)),
            _ => object.block().is_some_and(|block| self.has_block(block)),
        }
    }

    /// All numbers there are.
    pub fn everything() -> Region {
        let blocks = ["::/0", "0.0.0.0/0"].iter().filter_map(|text| Block::parse(text)).collect();
        Region { asns: vec![(Asn(0), Asn(u32::MAX))], blocks }
    }

    /// Whether the AS number is inside.
    pub fn has_asn(&self, asn: Asn) -> bool {
        self.asns.iter().any(|(first, last)| (*first..=*last).contains(&asn))
    }

    /// Whether all of the block is inside, possibly across several neighbouring blocks.
    pub fn has_block(&self, block: Block) -> bool {
        let mut blocks: Vec<Block> =
            self.blocks.iter().copied().filter(|each| each.overlaps(block)).collect();
        blocks.sort();
        let mut next = Some(block.first());
        for each in blocks {
            match next {
                Some(first) if each.first() <= first => {
                    next = next.max(each.last().checked_add(1)).filter(|_| each.last() != u128::MAX);
                }
                _ => break,
            }
        }
        next.is_none_or(|first| first > block.last())
    }
}

impl Default for Settings {
    /// A registry named RIPE whose region is everything.
    fn default() -> Settings {
        Settings {
            source: "RIPE".to_owned(),
            region: Region::everything(),
            bogons: BOGONS.iter().filter_map(|text| text.parse().ok()).collect(),
            dummy_contact: "DR1-RIPE".to_owned(),
            certainty: Certainty::default(),
            accounts: None,
            passwords: Passwords::default(),
            max_references: None,
            failing_dns: None,
        }
    }
}

/// Prefixes that no route may have, as the server is delivered.
const BOGONS: [&str; 23] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/8",
    "100::/64",
    "2001:2::/48",
    "2001:10::/28",
    "2001:db8::/32",
    "3ffe::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_refuses_by_a_setting_is_one() {
        let known = |name: &str| super::super::business::rules().any(|rule| rule.name == name);
        for (name, _) in BY_SETTING {
            assert!(known(name) || name == "structure-references", "{name}");
        }
    }

    #[test]
    fn a_block_may_lie_across_neighbours() {
        let blocks = ["10.0.0.0/9", "10.128.0.0/9"].map(|text| Block::parse(text).unwrap()).to_vec();
        let region = Region { asns: vec![(Asn(1), Asn(9))], blocks };
        assert!(region.has_block(Block::parse("10.0.0.0/8").unwrap()));
        assert!(!region.has_block(Block::parse("10.0.0.0/7").unwrap()));
        assert!(region.has_asn(Asn(9)) && !region.has_asn(Asn(10)));
        assert!(Region::everything().has_block(Block::parse("::/0").unwrap()));
    }
}
