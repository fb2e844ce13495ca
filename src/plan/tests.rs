//! What holds for every plan, on networks of a dozen objects that refer to each other at random.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    registered::Inventory,
    rpsl::{Class, Object},
};

/// Objects that may name each other: maintainers, people, nested blocks, routes, zones, sets.
fn object() -> impl Strategy<Value = Object> {
    let text = (0..8_u8, 0..4_u8, 0..3_u8, 0..3_u8, 0..3_u8).prop_map(|(kind, number, a, b, note)| match kind {
        0 => format!("mntner: M{number}-MNT\nadmin-c: P{a}-RIPE\nremarks: {note}\nmnt-by: M{b}-MNT\n"),
        1 | 2 => format!("person: P\nnic-hdl: P{number}-RIPE\nremarks: {note}\nmnt-by: M{a}-MNT\n"),
        3 | 4 => {
            let length = 44 + number;
            format!("inet6num: 2a0f:85c1:260::/{length}\nremarks: {note}\ntech-c: P{a}-RIPE\nstatus: ALLOCATED\nmnt-by: M{b}-MNT\n")
        }
        5 => format!("route6: 2a0f:85c1:260::/{}\norigin: AS{a}\nremarks: {note}\nmnt-by: M{b}-MNT\n", 44 + number),
        6 => {
            let zone = ["0.6.2", "6.2", "2", "1.6.2"][usize::from(number)];
            format!("domain: {zone}.0.1.c.5.8.f.0.a.2.ip6.arpa\nremarks: {note}\nmnt-by: M{b}-MNT\n")
        }
        _ => format!("as-set: {}\nremarks: {note}\nmnt-by: M{b}-MNT\n", ["AS1:AS-A", "AS1:AS-A:AS-B", "AS-C", "AS-C:AS-D"][usize::from(number)]),
    });
    text.prop_map(|text| Object::parse(text).unwrap())
}

fn network() -> impl Strategy<Value = Inventory> {
    prop::collection::vec(object(), 0..14).prop_map(Inventory::of)
}

/// The order in which `diff` of the two is done, as changes.
fn planned(registered: &Inventory, declared: &Inventory) -> (Vec<Change>, Vec<Cycle>) {
    let changes = diff(registered, declared);
    let (order, cycles) = order(&changes);
    (order.into_iter().map(|at| changes[at].clone()).collect(), cycles)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_stands_needs_no_change(a in network()) {
        prop_assert_eq!(diff(&a, &a).len(), 0);
    }

    #[test]
    fn a_plan_makes_what_is_declared(registered in network(), declared in network()) {
        let (changes, _) = planned(&registered, &declared);
        let mut world = registered;
        for change in changes {
            match change {
                Change::Create(object) => prop_assert!(world.insert(object).is_none()),
                Change::Modify { before, after } => {
                    prop_assert!(world.insert(after).is_some_and(|stood| stood.is_same_as(&before)));
                }
                Change::Delete(object) => prop_assert!(world.remove(&object.key()).is_some()),
            }
        }
        prop_assert!(world.keys().eq(declared.keys()));
        prop_assert!(world.iter().all(|(key, object)| declared.get(key).unwrap().is_same_as(object)));
    }

    #[test]
    fn nothing_is_named_before_it_is_there_nor_goes_while_it_is_named(registered in network(), declared in network()) {
        let (changes, cycles) = planned(&registered, &declared);
        let excused: BTreeSet<Key> = cycles.into_iter().flatten().collect();
        let made: BTreeSet<Key> = changes.iter().filter(|c| matches!(c, Change::Create(_))).map(Change::key).collect();
        let mut world = registered;
        for change in &changes {
            if let Some(after) = change.after() {
                let early = references(after).into_iter().find(|key| made.contains(key) && world.get(key).is_none());
                prop_assert!(early.is_none() || excused.contains(&change.key()), "{change:?} names {early:?}");
                world.insert(after.clone());
            } else {
                world.remove(&change.key());
                let still = world.referring(&change.key()).into_iter().find(|o| declared.get(&o.key()).is_none_or(
                    |declared| !references(declared).contains(&change.key())));
                prop_assert!(still.is_none() || excused.contains(&change.key()), "{still:?} names {:?}", change.key());
            }
        }
    }

    #[test]
    fn blocks_grow_downward_and_routes_upward(declared in network()) {
        let (changes, cycles) = planned(&Inventory::default(), &declared);
        let excused: BTreeSet<Key> = cycles.into_iter().flatten().collect();
        let mut world = Inventory::default();
        for change in &changes {
            let (object, class) = (change.object(), change.object().class());
            if let Some(block) = object.block().filter(|_| !excused.contains(&change.key())) {
                match class {
                    Class::Route6 => prop_assert!(world.less_specific(class, block).is_empty()),
                    Class::Inet6num => prop_assert!(world.more_specific(class, block).is_empty()),
                    _ => {}
                }
                let is_block = class == Class::Inet6num;
                prop_assert!(is_block || declared.exact(Class::Inet6num, block).len() == world.exact(Class::Inet6num, block).len());
            }
            world.insert(object.clone());
        }
    }

    #[test]
    fn the_same_question_has_the_same_answer(registered in network(), declared in network()) {
        let text = |(changes, _): (Vec<Change>, Vec<Cycle>)| changes.iter().map(|c| c.key().to_string()).collect::<Vec<_>>();
        prop_assert_eq!(text(planned(&registered, &declared)), text(planned(&registered, &declared)));
    }
}

/// Objects of one text, parted by empty lines.
fn objects(text: &str) -> Inventory {
    Inventory::of(text.split("\n\n").filter(|t| !t.trim().is_empty()).map(|t| Object::parse(t).unwrap()))
}

fn check_order(registered: &str, declared: &str, expected: &str) {
    let (changes, cycles) = planned(&objects(registered), &objects(declared));
    let sign = |change: &Change| match change {
        Change::Create(_) => '+',
        Change::Modify { .. } => '~',
        Change::Delete(_) => '-',
    };
    let steps = changes.iter().map(|change| format!("{} {}", sign(change), change.key()));
    let cycles = cycles.iter().map(|cycle| format!("cycle {}", order::cycle_text(cycle)));
    assert_eq!(steps.chain(cycles).collect::<Vec<_>>().join("\n"), expected);
}

#[test]
fn a_zone_makes_room_for_those_below_it() {
    check_order(
        "domain: 6.2.0.1.c.5.8.f.0.a.2.ip6.arpa\n\nroute6: ::/48\norigin: AS1\n",
        "domain: 1.6.2.0.1.c.5.8.f.0.a.2.ip6.arpa\n\nas-set: AS-A\n",
        "+ as-set/AS-A\n- domain/6.2.0.1.c.5.8.f.0.a.2.ip6.arpa\n+ domain/1.6.2.0.1.c.5.8.f.0.a.2.ip6.arpa\n\
         - route6/::/48AS1",
    );
}

#[test]
fn a_maintainer_and_a_person_that_name_each_other() {
    check_order(
        "",
        "person: P\nnic-hdl: P1-RIPE\nmnt-by: A-MNT\n\nmntner: A-MNT\nadmin-c: P1-RIPE\nmnt-by: A-MNT\n\n\
         organisation: ORG-A-RIPE\nmnt-by: A-MNT\n",
        "+ mntner/A-MNT\n+ organisation/ORG-A-RIPE\n+ person/P1-RIPE\n\
         cycle mntner/A-MNT → person/P1-RIPE → mntner/A-MNT",
    );
}
