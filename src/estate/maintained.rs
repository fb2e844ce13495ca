//! Whether `[manage] maintainers` says whose objects are ours: without that nothing that is registered would be, and all
//! that is declared would be planned anew.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Declared, Manage};
use crate::{
    finding::{Finding, Location, Severity, Source, slip, suggestion},
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

/// Maintainers that are named and nowhere known, one slip of the pen away from one that is: each is told once.
pub(super) fn mistyped(manage: &Manage, declared: &[Declared]) -> Vec<Finding> {
    let used = used(declared);
    let capitals = |key: &Key| key.text().to_ascii_uppercase();
    let ours: BTreeSet<String> = manage.maintainers.iter().map(capitals).collect();
    let made = declared.iter().filter(|each| each.object.class() == Class::Mntner);
    let made: BTreeSet<String> = made.map(|each| capitals(&each.object.key())).collect();
    // One of ours that is used nowhere may itself be the slip, which is told where it stands.
    let known: BTreeSet<&String> =
        made.iter().chain(ours.iter().filter(|name| used.contains_key(*name))).collect();
    let mut told = BTreeSet::new();
    let named = declared.iter().flat_map(|each| maintainers_of(each).map(move |(at, name)| (each, at, name)));
    let unknown = named.filter(|(_, _, name)| !made.contains(name) && !ours.contains(name));
    let slips = unknown.filter_map(|(each, at, name)| {
        let meant = slip(&name, known.iter().map(|known| known.as_str()))?;
        let text = format!("{name} is neither declared nor one of `[manage] maintainers`");
        let finding =
            Finding::error("maintainers", text).weighing(Severity::Warning).about(each.object.key());
        told.insert(name).then(|| finding.fix(format!("did you mean `{meant}`?")).at(each.place_of(at)))
    });
    slips.collect()
}

/// The maintainers that an object names, in capital letters, each with the index of the attribute.
fn maintainers_of(declared: &Declared) -> impl Iterator<Item = (usize, String)> {
    let attributes = declared.object.attributes().enumerate();
    let named =
        attributes.filter(|(_, a)| a.name.is_some_and(|name| name.row().references == [Class::Mntner]));
    named.flat_map(|(at, attribute)| {
        let names = attribute.values().into_iter();
        names.map(move |value| (at, value.split([' ', '{']).next().unwrap_or_default().to_ascii_uppercase()))
    })
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
    let place = manage.place.clone().unwrap_or_else(|| Location::new(config, 0..0));
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
    place: &Location,
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
