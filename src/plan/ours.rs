//! Whose objects are ours: what may be changed, what may be deleted, and what is left alone.

use crate::{
    estate::Manage,
    net::Prefix,
    registered::Inventory,
    rpsl::{AnyCase, Key, Name, Object},
    rules::maintainers::{DATABASE, ENUM, REGISTRY, is_one_of},
};

/// The registered objects, sorted by what may happen to them.
#[derive(Debug, Default)]
pub struct Ours {
    /// Ours: declared and maintained by us, or undeclared and ours to delete. Only this goes into the diff.
    pub managed: Inventory,
    /// Ours but undeclared, outside of what may be deleted: listed and left alone.
    pub unmanaged: Vec<Key>,
    /// Declared, but maintained by others.
    pub foreign: Inventory,
}

impl Ours {
    /// Sorts `registered`; what is neither ours nor declared is left out.
    pub fn among(registered: &Inventory, declared: &Inventory, manage: &Manage) -> Ours {
        let mut ours = Ours::default();
        for (key, object) in registered.iter() {
            match (declared.get(key).is_some(), is_ours(object, manage)) {
                (true, true) => drop(ours.managed.insert(object.clone())),
                (true, false) => drop(ours.foreign.insert(object.clone())),
                (false, true) if may_delete(key, object, manage) => drop(ours.managed.insert(object.clone())),
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

/// Whether it may be deleted once it is undeclared: all its maintainers are ours, none is the RIPE NCC's, it is not
/// protected, and it lies inside an exclusive prefix or is named in `absent`.
fn may_delete(key: &Key, object: &Object, manage: &Manage) -> bool {
    let own = |name: &String| manage.maintainers.iter().any(|m| m.text().eq_ignore_ascii_case(name));
    let alone = object.values(Name::MntBy).iter().all(|name| own(name) && !is_of_ripe_ncc(name));
    let protected = manage.protect.iter().any(|pattern| pattern.matches(key));
    let named = manage.absent.iter().any(|absent| absent.value == *key);
    let inside = |prefix: &Prefix| object.block().is_some_and(|block| prefix.block().contains(block));
    alone && !protected && (named || manage.exclusive.iter().any(inside))
}

/// Whether the maintainer is one of the RIPE NCC's own: one that its rules name, or one that begins as they do.
fn is_of_ripe_ncc(maintainer: &str) -> bool {
    [REGISTRY, ENUM, DATABASE].iter().any(|group| is_one_of(group, maintainer))
        || maintainer.to_ascii_uppercase().starts_with("RIPE-NCC-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::Class;

    fn check(object: &str, declared: &str, expected: &str) {
        let manage = Manage {
            maintainers: ["A-MNT", "RIPE-NCC-X-MNT"].map(|name| Key::new(Class::Mntner, name)).to_vec(),
            exclusive: vec!["2a0f:85c1:260::/44".parse().unwrap()],
            protect: vec!["role/*".parse().unwrap()],
            ..Manage::default()
        };
        let inventory = |text: &str| Inventory::of((!text.is_empty()).then(|| Object::parse(text).unwrap()));
        let ours = Ours::among(&inventory(object), &inventory(declared), &manage);
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
