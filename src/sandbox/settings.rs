//! The settings file: the surroundings of the registry, as TOML.
//!
//! ```toml
//! source = "RIPE"
//! authoritative = ["AS64496-AS64511", "::/0"]      # what is inside the region; left out: everything
//! bogons = ["10.0.0.0/8"]                          # left out: the registry's own list
//! dummy-contact = "DR1-RIPE"
//! accounts = ["person@example.net"]                # left out: any account exists
//! max-references = 100
//! search-lag = "10s"                               # left out: a search by address sees at once what is new
//! [failing-dns]
//! "8.b.d.0.1.0.0.2.ip6.arpa" = "No name servers found at child"
//! [rates]                                          # requests a second from one address; left out: any number
//! get = 50
//! write = 10
//! ```

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::Deserialize;

use crate::{
    net::{Asn, Block, Prefix},
    rules::{Region, Settings},
};

/// How many requests a second are answered; `None` for any number.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// Reads.
    pub get: Option<u32>,
    /// Everything else.
    pub write: Option<u32>,
}

/// How quickly it answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// How many requests a second.
    pub rates: Rates,
    /// How long a new route6, route, inetnum or inet6num is not found by a search for its address: the registry
    /// reads its addresses again only every 10 s.
    pub search_lag: SignedDuration,
}

/// Why a settings file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It is not TOML, or has a key that is not known.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// An entry of `authoritative` is neither AS numbers nor a block.
    #[error("`authoritative`: `{0}` is neither an AS number, a range such as `AS1-AS999`, nor a prefix")]
    Region(String),
    /// An entry of `bogons` is no prefix.
    #[error("`bogons`: `{0}` is not a prefix")]
    Bogon(String),
    /// `search-lag` is no duration.
    #[error("`search-lag`: `{0}` is not a duration such as `10s`, of at most an hour")]
    SearchLag(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    source: Option<String>,
    authoritative: Option<Vec<String>>,
    bogons: Option<Vec<String>>,
    dummy_contact: Option<String>,
    accounts: Option<Vec<String>>,
    max_references: Option<usize>,
    search_lag: Option<String>,
    #[serde(default)]
    failing_dns: BTreeMap<String, String>,
    #[serde(default)]
    rates: Rates,
}

/// Reads the text of a settings file; what it leaves out is as in [`usual`].
pub fn parse(text: &str) -> Result<(Settings, Pace), SettingsError> {
    let file: File = toml::from_str(text)?;
    let (usual, _) = usual();
    let settings = Settings {
        source: file.source.map_or(usual.source, |source| source.to_ascii_uppercase()),
        region: file.authoritative.map_or(Ok(usual.region), |entries| region(&entries))?,
        bogons: file.bogons.map_or(Ok(usual.bogons), |entries| bogons(&entries))?,
        dummy_contact: file.dummy_contact.unwrap_or(usual.dummy_contact),
        accounts: file.accounts.or(usual.accounts),
        max_references: file.max_references.map_or(usual.max_references, limit),
        failing_dns: Some(file.failing_dns),
        passwords: usual.passwords,
        certainty: usual.certainty,
    };
    let search_lag = file.search_lag.as_deref().map_or(Ok(SignedDuration::ZERO), search_lag)?;
    Ok((settings, Pace { rates: file.rates, search_lag }))
}

/// The settings of a registry without a file: any account exists, every zone passes the DNS check.
pub fn usual() -> (Settings, Pace) {
    (Settings { failing_dns: Some(BTreeMap::new()), ..Settings::default() }, Pace::default())
}

/// In a file, as in the server's own settings, 0 is no limit.
fn limit(most: usize) -> Option<usize> {
    (most > 0).then_some(most)
}

fn search_lag(text: &str) -> Result<SignedDuration, SettingsError> {
    let bounds = SignedDuration::ZERO..=SignedDuration::from_hours(1);
    let parsed = text.parse::<SignedDuration>().ok();
    parsed.filter(|lag| bounds.contains(lag)).ok_or_else(|| SettingsError::SearchLag(text.to_owned()))
}

fn region(entries: &[String]) -> Result<Region, SettingsError> {
    let mut region = Region::default();
    for entry in entries {
        if let Some(range) = asns(entry) {
            region.asns.push(range);
        } else {
            let block = Block::parse(entry).ok_or_else(|| SettingsError::Region(entry.clone()))?;
            region.blocks.push(block);
        }
    }
    Ok(region)
}

fn asns(entry: &str) -> Option<(Asn, Asn)> {
    let (first, last) = entry.split_once('-').unwrap_or((entry, entry));
    Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
}

fn bogons(entries: &[String]) -> Result<Vec<Prefix>, SettingsError> {
    let prefix = |entry: &String| entry.parse().map_err(|_| SettingsError::Bogon(entry.clone()));
    entries.iter().map(prefix).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let said = parse(text).map_or_else(|error| error.to_string(), |_| String::new());
        assert!(said.contains(expected), "{said}");
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        check("sorce = \"RIPE\"", "unknown field `sorce`");
        check("authoritative = [\"AS1-2\"]", "`AS1-2` is neither");
        check("bogons = [\"x\"]", "`x` is not a prefix");
        check("[rates]\npost = 1", "unknown field `post`");
        check("search-lag = \"soon\"", "`soon` is not a duration such as `10s`");
        check("search-lag = \"-1s\"", "`-1s` is not a duration");
        check("search-lag = \"2h\"", "at most an hour");
    }

    #[test]
    fn reads_the_lag() {
        let check = |text: &str, millis| assert_eq!(parse(text).unwrap().1.search_lag.as_millis(), millis);
        check("", 0);
        check("search-lag = \"10s\"", 10_000);
        check("search-lag = \"1m 500ms\"", 60_500);
    }

    #[test]
    fn no_limit_is_none() {
        let check = |text: &str, most| assert_eq!(parse(text).unwrap().0.max_references, most);
        check("", None);
        check("max-references = 0", None);
        check("max-references = 7", Some(7));
    }

    #[test]
    fn reads_the_region() {
        let (settings, _) = parse("source = \"test\"\nauthoritative = [\"AS1-AS9\", \"::/0\"]").unwrap();
        assert!(settings.region.has_asn(Asn(9)) && !settings.region.has_asn(Asn(10)));
        assert_eq!((settings.source.as_str(), settings.nonauth().as_str()), ("TEST", "TEST-NONAUTH"));
        assert!(!settings.region.has_block(Block::parse("10.0.0.0/8").unwrap()));
    }
}
