//! Who may, as it is told.

use std::collections::BTreeSet;

use super::*;
use crate::{
    explain::{self, Subject},
    registered::{Inventory, Registered},
    rpsl::{Class, Object},
    rules::{Credential, Settings},
};

const REGISTRY: &str = "\
mntner: HOBBY-MNT

mntner: LIR1-MNT

mntner: RIPE-NCC-END-MNT

inet6num: 2a0f:85c0::/29
mnt-by: LIR1-MNT

inet6num: 2a0f:85c1:260::/44
mnt-by: LIR1-MNT
mnt-lower: HOBBY-MNT
mnt-routes: LIR1-MNT

route6: 2a0f:85c1:270::/44
origin: AS1
mnt-by: LIR1-MNT

aut-num: AS205398
mnt-by: RIPE-NCC-END-MNT
mnt-by: HOBBY-MNT

as-set: AS205398:AS-OLD
members: AS1
mnt-by: HOBBY-MNT
";

fn explained(world: &Registered, class: Class, key: &str) -> (Explained, BTreeSet<Query>) {
    let (key, ours) = (Key::new(class, key), vec!["HOBBY-MNT".to_owned()]);
    let credential = Credential::Maintainers(ours.clone());
    let wanted = explain::minimal(&key, &ours).unwrap();
    let settings = Settings::default();
    let unanswered = std::collections::BTreeSet::new();
    let subject = Subject {
        key: &key,
        wanted: &wanted,
        credential: &credential,
        settings: &settings,
        unanswered: &unanswered,
    };
    let (explanation, open) = explain::explain(world, subject);
    let key_scope = Some(KeyScope { key: "a".into(), credential });
    (Explained { explanation, registry: "ripe".into(), key_scope, ours }, open)
}

/// What is told below the two lines at the top.
fn check(class: Class, key: &str, expected: &str) {
    let objects = REGISTRY.split("\n\n").map(|text| Object::parse(text).unwrap());
    let (explained, open) = explained(&Registered::whole(Inventory::of(objects)), class, key);
    assert_eq!(open, BTreeSet::new());
    let text = explained.text(Style::default());
    assert_eq!(text.splitn(4, '\n').nth(3).unwrap(), expected, "{key}");
}

#[test]
fn a_block_that_ours_may_make_and_a_route_that_they_may_not() {
    check(
        Class::Inet6num,
        "2a0f:85c1:264::/48",
        "to create it: this key may\n  \
         ✓ mnt-lower of inet6num/2a0f:85c1:260::/44: HOBBY-MNT\n  \
         ✓ mnt-by of the object: HOBBY-MNT\n  \
         · mnt-by of inet6num/2a0f:85c1:260::/44 does not decide: mnt-lower comes first\n  \
         · inet6num/2a0f:85c0::/29 does not decide: inet6num/2a0f:85c1:260::/44 is closer\n",
    );
    check(
        Class::Route6,
        "2a0f:85c1:264::/48AS205398",
        "to create it: this key may not\n  \
         ✓ mnt-by of the object: HOBBY-MNT\n  \
         ✗ mnt-routes of inet6num/2a0f:85c1:260::/44: LIR1-MNT      this key does not speak for it\n      \
         ask its holder for `mnt-routes: HOBBY-MNT`\n  \
         · mnt-lower of inet6num/2a0f:85c1:260::/44 does not decide: mnt-routes comes first\n  \
         · mnt-by of inet6num/2a0f:85c1:260::/44 does not decide: mnt-routes comes first\n  \
         · inet6num/2a0f:85c0::/29 does not decide: inet6num/2a0f:85c1:260::/44 is closer\n",
    );
}

#[test]
fn a_route_above_decides_before_any_block() {
    check(
        Class::Route6,
        "2a0f:85c1:271::/48AS205398",
        "to create it: this key may not\n  \
         ✓ mnt-by of the object: HOBBY-MNT\n  \
         ✗ mnt-by of route6/2a0f:85c1:270::/44AS1: LIR1-MNT      this key does not speak for it\n      \
         ask its holder for `mnt-routes: HOBBY-MNT`, which is enough (`mnt-lower:` or `mnt-by:` would do too)\n  \
         · inet6num/2a0f:85c0::/29 does not decide: route6/2a0f:85c1:270::/44AS1 decides before any block\n",
    );
}

#[test]
fn sets_and_what_stands_in_front_of_their_names() {
    check(
        Class::AsSet,
        "AS205398:AS-OLD:AS-NEW",
        "to create it: this key may\n  \
         ✓ mnt-by of the object: HOBBY-MNT\n  \
         ✓ mnt-by of as-set/AS205398:AS-OLD: HOBBY-MNT\n",
    );
    check(
        Class::AsSet,
        "AS1:AS-NEW",
        "to create it: this key may not\n  ✓ mnt-by of the object: HOBBY-MNT\n  \
         ✗ aut-num/AS1 does not exist\n      make it first\n",
    );
}

#[test]
fn what_stands_can_be_changed_and_not_always_deleted() {
    check(
        Class::AutNum,
        "AS205398",
        "to change it: this key may\n  \
         ✓ mnt-by of the object: RIPE-NCC-END-MNT, HOBBY-MNT      through HOBBY-MNT\n\n\
         to delete it: this key may not\n  \
         ✓ mnt-by of the object: RIPE-NCC-END-MNT, HOBBY-MNT      through HOBBY-MNT\n  \
         ✗ Deleting this object requires administrative authorisation\n      \
         the RIPE NCC maintains it too: ask your sponsoring LIR, or ncc@ripe.net, to delete it\n",
    );
}

#[test]
fn nothing_is_registered_above_it() {
    check(
        Class::Inet6num,
        "2001:db8::/48",
        "to create it: this key may not\n  ✓ mnt-by of the object: HOBBY-MNT\n  \
         ✗ no block is registered above it: only the RIPE NCC could make it\n",
    );
}

#[test]
fn what_is_not_known_is_asked() {
    let (explained, open) = explained(&Registered::default(), Class::AsSet, "AS1:AS-NEW");
    assert!(explained.explanation.actions.is_empty());
    assert_eq!(open, [Query::Object(Key::new(Class::AsSet, "AS1:AS-NEW"))].into());
}
