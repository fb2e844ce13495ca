//! Our maintainers, looked up: one that is not registered maintains nothing.

use std::collections::BTreeSet;

use crate::{
    estate::Estate,
    finding::{Finding, Severity, suggestion},
    registered::{Query, Registered, all},
    rpsl::{Class, Key, Name},
};

/// A finding for each of `[manage] maintainers` that is neither registered nor declared: an error if none of them is.
pub fn missing(world: &Registered, estate: &Estate) -> Result<Vec<Finding>, BTreeSet<Query>> {
    let manage = &estate.manage;
    let declared: BTreeSet<Key> = estate.declared.iter().map(|declared| declared.object.key()).collect();
    let unknown = |key: &Key| Ok(!declared.contains(key) && world.object(key)?.is_none());
    let unknown: Vec<bool> = all(manage.maintainers.iter().map(unknown))?;
    let none_stands = unknown.iter().all(|unknown| *unknown);
    let severity = if none_stands { Severity::Error } else { Severity::Warning };
    let named = manage.maintainers.iter().zip(&manage.maintainers_at).zip(unknown);
    let named = named.filter(|(_, unknown)| *unknown).map(|(named, _)| named);
    Ok(named
        .map(|(key, place)| {
            let text = format!(
                "{} is not registered ({}): what it should maintain is taken for others'",
                key.text(),
                estate.registry.name
            );
            let finding = Finding::error("maintainers", text).weighing(severity).about(key).at(place.clone());
            finding.fix(remedy(key, world, estate))
        })
        .collect())
}

/// What was probably meant, of the maintainers that the objects name.
fn remedy(key: &Key, world: &Registered, estate: &Estate) -> String {
    let named = estate.declared.iter().flat_map(|declared| declared.object.values(Name::MntBy));
    let stands = |name: &String| world.objects.get(&Key::new(Class::Mntner, name)).is_some();
    let mut known: BTreeSet<String> = named.filter(stands).collect();
    let registered = world.objects.keys().filter(|key| key.class() == Class::Mntner);
    known.extend(registered.map(|key| key.text().to_owned()));
    let capitals = key.text().to_ascii_uppercase();
    match suggestion(&capitals, known.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "declare it as a `mntner` in objects/, or name one that is registered".to_owned(),
    }
}
