//! The dates on which keys expire: heard while something is written, kept beside the journals, and said in time.

use std::{collections::BTreeMap, io::Read};

use jiff::{Unit, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    disk::{StateDir, named},
    finding::{Finding, Severity, counted},
    registry::Registry,
};

/// The file in the state directory.
const FILE: &str = "expiry.json";

/// How many days before is in time.
const SOON: i32 = 14;

/// By the registry's name, what is known of the keys by their names.
type Known = BTreeMap<String, BTreeMap<String, Expiry>>;

/// When a key expires, and which it is: another one of the same name does not.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Expiry {
    date: Date,
    key: String,
}

/// What is known. A file that cannot be read tells nothing, and costs nothing but the warning.
fn known(state: &StateDir) -> Known {
    let mut text = String::new();
    let read = state.reader(FILE).ok().and_then(|file| file.take(1 << 20).read_to_string(&mut text).ok());
    read.and_then(|_| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// When the keys of this registry expire, by their names.
pub fn of_registry(state: &StateDir, registry: &Registry) -> BTreeMap<String, Date> {
    let keys = registry.fingerprints();
    let known = known(state).remove(&registry.remote().name).unwrap_or_default();
    let of_key = |(name, Expiry { date, key })| (keys.get(&name) == Some(&key)).then_some((name, date));
    known.into_iter().filter_map(of_key).collect()
}

/// Keeps what the registry said while it was written to.
pub fn keep(state: &StateDir, registry: &Registry) -> anyhow::Result<()> {
    let before = known(state);
    let (mut known, fingerprints) = (before.clone(), registry.fingerprints());
    let keys = known.entry(registry.remote().name.clone()).or_default();
    for (name, date) in registry.expiries() {
        match (date, fingerprints.get(&name)) {
            (Some(date), Some(key)) => drop(keys.insert(name, Expiry { date, key: key.clone() })),
            _ => drop(keys.remove(&name)),
        }
    }
    known.retain(|_, keys| !keys.is_empty());
    if known != before {
        named::replace_privately(&state.file(FILE)?, serde_json::to_string(&known)?.as_bytes())?;
    }
    Ok(())
}

/// What is to be said on a day, of the keys that are used.
pub fn findings<'a>(
    dates: &BTreeMap<String, Date>,
    keys: impl Iterator<Item = &'a str>,
    today: Date,
) -> Vec<Finding> {
    keys.filter_map(|key| {
        let date = *dates.get(key)?;
        let days = today.until((Unit::Day, date)).ok()?.get_days();
        let when = match days {
            ..0 => format!("expired on {date}"),
            0 => "expires today".to_owned(),
            1..=SOON => format!("expires on {date}, in {}", counted(days.unsigned_abs() as usize, "day")),
            _ => return None,
        };
        let finding =
            Finding::error("key-expires", format!("key \"{key}\" {when}")).weighing(Severity::Warning);
        Some(finding.fix("make another one on the registry's page of API keys, then `ripectl login`"))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_told_of_within_fourteen_days() {
        let check = |date: &str, expected: Option<&str>| {
            let dates = BTreeMap::from([("hobby".to_owned(), date.parse().unwrap())]);
            let told = findings(&dates, ["hobby", "lir"].into_iter(), "2026-11-26".parse().unwrap());
            assert_eq!(told.first().map(|finding| finding.text.as_str()), expected);
        };
        check("2026-12-11", None);
        check("2026-12-10", Some("key \"hobby\" expires on 2026-12-10, in 14 days"));
        check("2026-11-27", Some("key \"hobby\" expires on 2026-11-27, in 1 day"));
        check("2026-11-26", Some("key \"hobby\" expires today"));
        check("2026-11-20", Some("key \"hobby\" expired on 2026-11-20"));
    }
}
