//! What differs between what is registered and what is declared.

use std::collections::BTreeSet;

use super::Change;
use crate::{
    registered::Inventory,
    rpsl::{Key, Object, is_generated},
};

/// Lists the writes that turn `registered` into `declared`, ordered by key.
///
/// Two objects are the same when the registry takes them for the same ([`Object::is_same_as`]). `declared` must be
/// as the registry would store it, and what is not ours must not be in `registered`: it would be deleted.
pub fn diff(registered: &Inventory, declared: &Inventory) -> Vec<Change> {
    let keys: BTreeSet<&Key> = registered.keys().chain(declared.keys()).collect();
    let change = |key| match (registered.get(key), declared.get(key)) {
        (None, Some(after)) => Some(Change::Create(after.clone())),
        (Some(before), Some(after)) if !before.is_same_as(after) => {
            Some(Change::Modify { before: before.clone(), after: after.clone() })
        }
        (Some(before), None) => Some(Change::Delete(before.clone())),
        (Some(_), Some(_)) | (None, None) => None,
    };
    keys.into_iter().filter_map(change).collect()
}

/// The keys of objects that are written differently though the registry takes them for the same: letter case or
/// white space. It answers a write of these with "identical to database object" and keeps what it has.
pub fn unstorable(registered: &Inventory, declared: &Inventory) -> Vec<Key> {
    let differs = |key: &Key, object: &Object| {
        registered.get(key).is_some_and(|stored| stored.is_same_as(object) && !is_written_as(stored, object))
    };
    declared.iter().filter(|(key, object)| differs(key, object)).map(|(key, _)| key.clone()).collect()
}

/// Whether two objects that are the same are also written the same: clean values letter by letter. The layout in
/// columns is not looked at: it belongs to the file, not to the object.
fn is_written_as(stored: &Object, object: &Object) -> bool {
    let written = |object: &Object| -> Vec<(String, String)> {
        let counted = object.attributes().filter(|a| !a.name.is_some_and(is_generated));
        counted.map(|a| (a.label.trim().to_ascii_lowercase(), a.raw.trim().to_owned())).collect()
    };
    let (stored, object) = (written(stored), written(object));
    stored.iter().map(values).eq(object.iter().map(values))
}

/// The lines of a raw value with their ends trimmed: inner blanks count, as the user sees them.
fn values((label, raw): &(String, String)) -> (&str, Vec<&str>) {
    (label, raw.lines().map(|line| line.strip_prefix('+').unwrap_or(line).trim()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(registered: &str, declared: &str, expected: &str) {
        let inventory = |text: &str| {
            Inventory::of(text.split("\n\n").filter(|t| !t.is_empty()).map(|t| Object::parse(t).unwrap()))
        };
        let (registered, declared) = (inventory(registered), inventory(declared));
        let changes = diff(&registered, &declared).into_iter().map(|c| format!("{} {}", c.action(), c.key()));
        let kept = unstorable(&registered, &declared).into_iter().map(|key| format!("unstorable {key}"));
        assert_eq!(changes.chain(kept).collect::<Vec<_>>().join(", "), expected);
    }

    const PERSON: &str = "person: A\nremarks: one two\nnic-hdl: A1-RIPE\ncreated: 2026-01-01T00:00:00Z\n";

    #[test]
    fn four_arms() {
        check("", PERSON, "create person/A1-RIPE");
        check(PERSON, "", "delete person/A1-RIPE");
        check(PERSON, PERSON, "");
        check(PERSON, "person: A\nremarks: one three\nnic-hdl: A1-RIPE\n", "modify person/A1-RIPE");
    }

    #[test]
    fn what_the_registry_cannot_store_is_no_change() {
        check(PERSON, "person:   A\nremarks: one two\nnic-hdl:\tA1-RIPE\n", "");
        check(PERSON, "person: A\nremarks: One two\nnic-hdl: A1-RIPE\n", "unstorable person/A1-RIPE");
        check(PERSON, "person: A\nremarks: one  two\nnic-hdl: A1-RIPE\n", "unstorable person/A1-RIPE");
    }

    #[test]
    fn an_account_in_other_letters_is_another_one() {
        let mntner = |auth: &str| format!("mntner: A-MNT\nauth: {auth}\nsource: RIPE\n");
        let check = |auth: &str, expected| check(&mntner("SSO hobby@a.example"), &mntner(auth), expected);
        check("SSO HOBBY@a.example", "modify mntner/A-MNT");
        check("SSO hobby@A.example # mine", "modify mntner/A-MNT");
        check("SSO hobby@A.example", "modify mntner/A-MNT");
        check("sso hobby@a.example", "unstorable mntner/A-MNT");
        check("SSO  hobby@a.example", "unstorable mntner/A-MNT");
    }

    #[test]
    fn what_the_registry_writes_itself_is_not_compared() {
        let stored =
            "key-cert: PGPKEY-12345678\nmethod: PGP\nowner: A <a@b.example>\nfingerpr: 01 02\ncertif: x\n";
        check(stored, "key-cert: PGPKEY-12345678\ncertif: x\n", "");
        check(stored, "key-cert: PGPKEY-12345678\nmethod: pgp\nowner: a\ncertif: x\n", "");
        check(stored, "key-cert: PGPKEY-12345678\ncertif: X\n", "unstorable key-cert/PGPKEY-12345678");
    }
}
