//! What a change of VRPs does to announcements.

use proptest::prelude::*;

use super::*;
use crate::{
    rpki::{some_prefix, some_vrp, vrps},
    validate::subjects,
};

fn grounds() -> Grounds {
    Grounds {
        estate: None,
        vrps: None,
        routes: None,
        upstreams: false,
        within: Vec::new(),
        seen_in: Some(vec!["router".to_owned()]),
        now: "2026-11-23T12:00:00Z".parse().unwrap(),
    }
}

fn made(there: Vec<Vrp>, seen: &[(Prefix, Asn)], change: Change) -> WhatIf {
    let seen = seen.iter().map(|(prefix, origin)| Subject::seen_in(0, 1, *prefix, Some(*origin)));
    let vrps = there.into_iter().collect();
    let evidence = Arc::new(Evidence { vrps, source: "x".to_owned(), ..Evidence::default() });
    what_if(subjects(None, seen.collect(), &[]), grounds(), evidence, change).unwrap()
}

/// What changes, is said of it, and comes besides: `10.0.0.0/8 AS1: valid worse not-found (rule, …)`.
fn check(there: &str, seen: &str, added: &str, removed: &str, expected: &[&str]) {
    let list = |text: &str| vrps(text).iter().collect::<Vec<Vrp>>();
    let seen = seen.split(',').map(|text| text.trim().split_once(' ').unwrap());
    let seen: Vec<_> =
        seen.map(|(prefix, origin)| (prefix.parse().unwrap(), origin.parse().unwrap())).collect();
    let what_if = made(list(there), &seen, Change::new(list(added), list(removed)).unwrap());
    let effect = |effect: Effect| {
        let Validated { prefix, origin, flaws, .. } = &effect.announcement;
        let rules: Vec<&str> = flaws.iter().map(|flaw| flaw.rule.name()).collect();
        let (before, turn, after) = (effect.before.text(), effect.turn.text(), effect.after.text());
        format!("{prefix} {origin}: {before} {turn} {after} ({})", rules.join(", "))
    };
    let effects = what_if.effects(false).map(effect);
    let besides = what_if.besides.iter().map(|flaw| format!("{}: {}", flaw.subject, flaw.rule.name()));
    let redundant = what_if.redundant.iter().map(|(vrp, wider)| format!("{vrp} by {wider}"));
    let told: Vec<String> = effects.chain(besides).chain(redundant).collect();
    assert_eq!(told, expected, "{there} +{added} -{removed}");
    assert_eq!(what_if.is_ok(), what_if.count(Turn::Worse) == 0);
    assert_eq!(what_if.states().count(), seen.len());
}

#[test]
fn what_becomes_worse_is_named_with_what_decides() {
    let seen = "10.0.0.0/16 AS1, 10.1.0.0/16 AS2, 11.0.0.0/8 AS3";
    let there = "AS1 10.0.0.0/16-16";
    check(
        there,
        seen,
        "",
        "AS1 10.0.0.0/16-16",
        &["10.0.0.0/16 AS1: valid worse not-found (rpki-not-found)"],
    );
    check(
        there,
        seen,
        "AS9 10.0.0.0/8-8",
        "",
        &["10.1.0.0/16 AS2: not-found worse invalid (rpki-invalid-origin)"],
    );
    check(
        there,
        seen,
        "AS9 10.0.0.0/8-8, AS2 10.1.0.0/16-16",
        "",
        &["10.1.0.0/16 AS2: not-found better valid ()"],
    );
    check(
        there,
        seen,
        "AS3 10.0.0.0/8-8",
        "AS1 10.0.0.0/16-16",
        &[
            "10.0.0.0/16 AS1: valid worse invalid (rpki-invalid-origin)",
            "10.1.0.0/16 AS2: not-found worse invalid (rpki-invalid-origin)",
        ],
    );
    // What is invalid for another reason is as bad as it was.
    check(
        "AS9 11.0.0.0/8-8",
        seen,
        "AS3 0.0.0.0/0-0",
        "AS9 11.0.0.0/8-8",
        &[
            "10.0.0.0/16 AS1: not-found worse invalid (rpki-invalid-origin)",
            "10.1.0.0/16 AS2: not-found worse invalid (rpki-invalid-origin)",
        ],
    );
}

#[test]
fn what_is_of_no_use_or_too_much_is_said() {
    let seen = "10.0.0.0/24 AS1, 10.0.1.0/24 AS1";
    // RFC 9319: of the four /24s two are announced.
    check("AS1 10.0.0.0/23-24", seen, "AS1 10.0.0.0/22-24", "", &["10.0.0.0/22 AS1: rpki-max-length-loose"]);
    check(
        "AS1 10.0.0.0/22-22",
        seen,
        "AS1 10.0.0.0/23-24",
        "",
        &["10.0.0.0/24 AS1: invalid better valid ()", "10.0.1.0/24 AS1: invalid better valid ()"],
    );
    check(
        "AS1 10.0.0.0/23-24",
        seen,
        "AS1 10.0.0.0/24-24",
        "",
        &["AS1 10.0.0.0/24-24 (added) by AS1 10.0.0.0/23-24"],
    );
    // AS0 over what stays valid is worth a word, and over what no other VRP lets announce it is the end of it.
    check(
        "AS1 10.0.0.0/23-24",
        seen,
        "AS0 10.0.0.0/8-32",
        "",
        &["10.0.0.0/24 AS1: valid same valid (rpki-as0)", "10.0.1.0/24 AS1: valid same valid (rpki-as0)"],
    );
    check(
        "AS1 10.0.0.0/24-24",
        seen,
        "AS0 10.0.1.0/24-24",
        "",
        &["10.0.1.0/24 AS1: not-found worse invalid (rpki-invalid-origin, rpki-as0)"],
    );
}

/// RFC 6811 §2, read aloud: 2 is valid, 1 not found, 0 invalid.
fn brute_force(vrps: &[Vrp], prefix: Prefix, origin: Asn) -> u8 {
    let covering: Vec<&Vrp> = vrps.iter().filter(|vrp| vrp.prefix().covers(prefix)).collect();
    let is_matched = covering
        .iter()
        .any(|vrp| prefix.len() <= vrp.max_length() && vrp.origin() == origin && origin != Asn(0));
    match (covering.is_empty(), is_matched) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => 0,
    }
}

fn rank(state: State) -> u8 {
    match state.text() {
        "valid" => 2,
        "not-found" => 1,
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn agrees_with_rfc_6811_before_and_after(
        there in prop::collection::vec((some_vrp(), any::<bool>()), 1..40),
        added in prop::collection::vec(some_vrp(), 0..6),
        seen in prop::collection::vec((some_prefix(), (0..4_u32).prop_map(Asn)), 1..40),
    ) {
        let same = |vrps: &[Vrp], vrp: &Vrp| vrps.iter().any(|other| other.says_the_same_as(vrp));
        // What is added goes beside what stays; a third of the rest goes.
        let removed: Vec<Vrp> = there.iter().step_by(3).filter(|(vrp, goes)| *goes && !same(&added, vrp))
            .map(|(vrp, _)| vrp.clone()).collect();
        let before: Vec<Vrp> = there.into_iter().map(|(vrp, _)| vrp).collect();
        prop_assume!(!added.is_empty() || !removed.is_empty());
        let mut after: Vec<Vrp> = before.iter().filter(|vrp| !same(&removed, vrp)).cloned().collect();
        after.extend(added.iter().cloned());
        let what_if = made(before.clone(), &seen, Change::new(added, removed).unwrap());
        let mut worse = 0;
        for (subject, old, new) in what_if.states() {
            let (first, then) = (
                brute_force(&before, subject.prefix, subject.origin),
                brute_force(&after, subject.prefix, subject.origin),
            );
            prop_assert_eq!((rank(old), rank(new)), (first, then));
            worse += usize::from(then < first);
        }
        prop_assert_eq!(what_if.count(Turn::Worse), worse);
        prop_assert_eq!(what_if.effects(false).filter(|effect| effect.turn == Turn::Worse).count(), worse);
        prop_assert_eq!(what_if.is_ok(), worse == 0);
    }
}
