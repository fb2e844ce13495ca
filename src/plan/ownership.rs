//! Whose objects are ours: what may be changed, what may be deleted, and what is left alone.

use std::collections::{BTreeSet, HashSet};

use crate::{
    config::At,
    estate::{Estate, KeyPattern, Manage},
    finding::{Finding, Severity, suggestion},
    net::Prefix,
    registered::{Inventory, Registered},
    rpsl::{AnyCase, Key, Name, Object},
    rules::maintainers::{DATABASE, ENUM, REGISTRY, is_one_of},
};

/// The registered objects, sorted by what may happen to them.
#[derive(Debug, Default)]
pub struct Ownership {
    /// Ours: declared and maintained by us, or undeclared and ours to delete. Only this goes into the diff.
    pub managed: Inventory,
    /// Ours but undeclared, outside of what may be deleted: listed and left alone.
    pub unmanaged: Vec<Key>,
    /// Declared, but maintained by others.
    pub foreign: Inventory,
}

impl Ownership {
    /// Sorts `registered`; what is neither ours nor declared is left out.
    pub fn among(registered: &Inventory, declared: &Inventory, manage: &Manage) -> Ownership {
        let mut ours = Ownership::default();
        let absent: HashSet<&Key> = manage.absent.iter().map(|absent| &absent.value).collect();
        for (key, object) in registered.iter() {
            match (declared.get(key).is_some(), is_ours(object, manage)) {
                (true, true) => drop(ours.managed.insert(object.clone())),
                (true, false) => drop(ours.foreign.insert(object.clone())),
                (false, true) if may_delete(key, object, manage, absent.contains(key)) => {
                    ours.managed.insert(object.clone());
                }
                (false, true) => ours.unmanaged.push(key.clone()),
                (false, false) => {}
            }
        }
        ours
    }
}

/// Whether one of our maintainers maintains it.
pub fn is_ours(object: &Object, manage: &Manage) -> bool {
    let maintained = AnyCase::of(object.values(Name::MntBy).iter().map(String::as_str));
    manage.maintainers.iter().any(|maintainer| maintained.contains(maintainer.text()))
}

/// Whether our maintainers maintain it, and nobody else does.
pub fn is_ours_alone(object: &Object, manage: &Manage) -> bool {
    let by = object.values(Name::MntBy);
    !by.is_empty() && by.iter().all(|name| is_named(name, manage))
}

/// Whether this is one of our maintainers.
fn is_named(maintainer: &str, manage: &Manage) -> bool {
    manage.maintainers.iter().any(|own| own.text().eq_ignore_ascii_case(maintainer))
}

/// Why an object of ours is not deleted though it is undeclared.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Obstacle {
    /// The RIPE NCC co-maintains it, through this maintainer.
    RipeNcc(String),
    /// These others co-maintain it.
    Others(Vec<String>),
    /// `protect` names it.
    Protected,
}

/// What stands in the way of deleting an object of ours, if anything does.
pub fn obstacle(key: &Key, object: &Object, manage: &Manage) -> Option<Obstacle> {
    let by = object.values(Name::MntBy);
    if let Some(name) = by.iter().find(|name| is_of_ripe_ncc(name)) {
        return Some(Obstacle::RipeNcc(name.clone()));
    }
    let others: Vec<String> = by.iter().filter(|name| !is_named(name, manage)).cloned().collect();
    match manage.protect.iter().any(|pattern| pattern.value.matches(key)) {
        _ if !others.is_empty() => Some(Obstacle::Others(others)),
        true => Some(Obstacle::Protected),
        false => None,
    }
}

/// A finding for each object that `protect` names by its key though there is none of ours: it may have another name.
pub fn protected_in_vain(world: &Registered, estate: &Estate) -> Vec<Finding> {
    let protect = &estate.manage.protect;
    if protect.iter().all(|pattern| pattern.value.key().is_none()) {
        return Vec::new();
    }
    let ours = world.objects.iter().filter(|(_, object)| is_ours(object, &estate.manage));
    let declared = estate.declared.iter().map(|declared| declared.object.key());
    let known: BTreeSet<Key> = ours.map(|(key, _)| key.clone()).chain(declared).collect();
    let in_vain = |pattern: &At<KeyPattern>| {
        let key = pattern.value.key().filter(|key| !known.contains(*key))?;
        let of_class = known.iter().filter(|other| other.class() == key.class()).map(Key::text);
        let near =
            suggestion(key.text(), of_class).map(|meant| format!("did you mean `{}/{meant}`?", key.class()));
        let text = format!("`protect` names {key}, which is neither declared nor registered as ours");
        let finding = Finding::error("protect", text).weighing(Severity::Warning).about(key);
        let remedy = near.unwrap_or_else(|| "take it out, or write the key as it is registered".to_owned());
        Some(finding.fix(remedy).at(pattern.place.clone()))
    };
    protect.iter().filter_map(in_vain).collect()
}

/// Whether it may be deleted once it is undeclared: nothing stands in the way, and it lies inside an exclusive prefix
/// or is `named` in `absent`.
fn may_delete(key: &Key, object: &Object, manage: &Manage, named: bool) -> bool {
    let inside =
        |prefix: &At<Prefix>| object.block().is_some_and(|block| prefix.value.block().contains(block));
    obstacle(key, object, manage).is_none() && (named || manage.exclusive.iter().any(inside))
}

/// Whether the maintainer is one of the RIPE NCC's own: one that its rules name, or one that begins as they do.
fn is_of_ripe_ncc(maintainer: &str) -> bool {
    [REGISTRY, ENUM, DATABASE].iter().any(|group| is_one_of(group, maintainer))
        || maintainer.to_ascii_uppercase().starts_with("RIPE-NCC-")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        finding::{Location, Source},
        rpsl::Class,
    };

    fn here<T>(value: T) -> At<T> {
        At { value, place: Location::new(&Arc::new(Source::new("ripectl.toml", "")), 0..0) }
    }

    fn check(object: &str, declared: &str, expected: &str) {
        let manage = Manage {
            maintainers: ["A-MNT", "RIPE-NCC-X-MNT"].map(|name| Key::new(Class::Mntner, name)).to_vec(),
            exclusive: vec![here("2a0f:85c1:260::/44".parse().unwrap())],
            protect: vec![here("role/*".parse().unwrap())],
            ..Manage::default()
        };
        let inventory = |text: &str| Inventory::of((!text.is_empty()).then(|| Object::parse(text).unwrap()));
        let ours = Ownership::among(&inventory(object), &inventory(declared), &manage);
        let found = match (ours.managed.len(), ours.unmanaged.len(), ours.foreign.len()) {
            (1, 0, 0) => "managed",
            (0, 1, 0) => "unmanaged",
            (0, 0, 1) => "foreign",
            _ => "left out",
        };
        assert_eq!(found, expected, "{object}");
    }

    #[test]
    fn nothing_foreign_is_touched() {
        let block = "inet6num: 2a0f:85c1:261::/48\nmnt-by: ";
        check(&format!("{block}a-mnt\n"), "", "managed");
        check(&format!("{block}A-MNT, B-MNT\n"), "", "unmanaged");
        check(&format!("{block}A-MNT, RIPE-NCC-X-MNT\n"), "", "unmanaged");
        check(&format!("{block}B-MNT\n"), "", "left out");
        check(&format!("{block}B-MNT\n"), &format!("{block}A-MNT\n"), "foreign");
        check(&format!("{block}A-MNT, B-MNT\n"), &format!("{block}A-MNT\n"), "managed");
        check("inet6num: 2a0f:85c1:270::/48\nmnt-by: A-MNT\n", "", "unmanaged");
        check("inet6num: 2a0f:85c1::/32\nmnt-by: A-MNT\n", "", "unmanaged");
        check("role: R\nnic-hdl: R1-RIPE\nmnt-by: A-MNT\n", "", "unmanaged");
        check("domain: 1.6.2.0.1.c.5.8.f.0.a.2.ip6.arpa\nmnt-by: A-MNT\n", "", "managed");
    }
}
