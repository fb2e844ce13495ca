//! Whether `[manage] maintainers` says whose objects are ours: without that nothing that is registered would be, and all
//! that is declared would be planned anew.

use std::{collections::BTreeMap, sync::Arc};

use super::{Declared, Manage};
use crate::{
    finding::{Finding, Place, Severity, Source, suggestion},
    rpsl::{Class, Key, Name},
};

/// What is wrong with `maintainers`: they are missing, or one of them maintains nothing that is declared.
pub(super) fn check(manage: &Manage, declared: &[Declared], config: &Arc<Source>) -> Vec<Finding> {
    let used = used(declared);
    match (manage.maintainers.is_empty(), declared.is_empty()) {
        (_, true) => Vec::new(),
        (false, false) if used.is_empty() => Vec::new(), // that `mnt-by` is missing is said of each object
        (true, false) => vec![missing(manage, &used, config)],
        (false, false) => {
            let named = manage.maintainers.iter().zip(&manage.maintainers_at);
            named.filter_map(|(key, place)| unused(key, place, &used, declared)).collect()
        }
    }
}

/// How often each maintainer stands in a `mnt-by`, by its name in capital letters.
fn used(declared: &[Declared]) -> BTreeMap<String, usize> {
    let mut used = BTreeMap::new();
    for name in declared.iter().flat_map(|declared| declared.object.values(Name::MntBy)) {
        *used.entry(name.to_ascii_uppercase()).or_default() += 1;
    }
    used
}

fn missing(manage: &Manage, used: &BTreeMap<String, usize>, config: &Arc<Source>) -> Finding {
    let is_of_registry = |name: &str| name.starts_with("RIPE-NCC-");
    let usual = used.iter().filter(|(name, _)| !is_of_registry(name)).max_by_key(|(_, count)| **count);
    let usual = usual.map_or("YOUR-MNT", |(name, _)| name);
    let place = manage.place.clone().unwrap_or_else(|| Place::new(config, 0..0));
    let line = format!("`maintainers = [\"{usual}\"]`");
    let remedy = if manage.place.is_some() {
        format!("add {line}")
    } else {
        format!("add a table `[manage]` with {line}")
    };
    let text = "`[manage] maintainers` is missing: no registered object would be ours, and all that is declared would be \
                planned as new";
    Finding::error("maintainers", text).fix(remedy).at(place)
}

/// A maintainer of ours that is neither declared nor in the `mnt-by` of anything that is.
fn unused(
    key: &Key,
    place: &Place,
    used: &BTreeMap<String, usize>,
    declared: &[Declared],
) -> Option<Finding> {
    let is_declared =
        || declared.iter().any(|each| each.object.class() == Class::Mntner && each.object.key() == *key);
    if used.contains_key(&key.text().to_ascii_uppercase()) || is_declared() {
        return None;
    }
    let text = format!("no declared object has {} in its `mnt-by`", key.text());
    let near =
        suggestion(&key.text().to_ascii_uppercase(), used.keys().map(String::as_str)).map(str::to_owned);
    let remedy = match near {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            "take it out of `maintainers`, unless registered objects that are not declared have it".to_owned()
        }
    };
    Some(
        Finding::error("maintainers", text)
            .weighing(Severity::Warning)
            .about(key)
            .fix(remedy)
            .at(place.clone()),
    )
}
