//! A decision that was made stands, whatever else becomes known: what a rule does not know, it does not guess.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;

use super::{Action, Credential, Decision, Effect, Request, Settings, decide};
use crate::{
    net::Block,
    registered::{Inventory, Query, Registered},
    rpsl::{Class, Key, Object},
};

/// What the registry holds: the base set of the sandbox.
fn base() -> Vec<Object> {
    let text = include_str!("../sandbox/base.rpsl");
    text.split("\n\n").filter_map(|paragraph| Object::parse(paragraph).ok()).collect()
}

const REQUESTS: [(Action, &str); 10] = [
    (
        Action::Create,
        "role: Hobby NOC\ne-mail: a@hobby.example\nnic-hdl: HN1-RIPE\nadmin-c: HP1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n",
    ),
    (
        Action::Create,
        "inet6num: 2a0f:85c1:264::/48\nnetname: HOBBY\ncountry: NL\norg: ORG-HOBY1-RIPE\nadmin-c: HP1-RIPE\n\
         tech-c: NO1-RIPE\nstatus: ASSIGNED\nmnt-by: HOBBY-MNT\nsource: RIPE\n",
    ),
    (Action::Create, "route6: 2a0f:85c1:264::/48\norigin: AS205398\nmnt-by: HOBBY-MNT\nsource: RIPE\n"),
    (Action::Create, "route6: 2a0f:85c1:274::/48\norigin: AS205398\nmnt-by: HOBBY-MNT\nsource: RIPE\n"),
    (Action::Create, "route6: 2a0f:85c1:264::/48\norigin: AS205398\nmnt-by: NOBODY-MNT\nsource: RIPE\n"),
    (
        Action::Create,
        "domain: 4.8.2.0.1.c.5.8.f.0.a.2.ip6.arpa\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\nzone-c: HP1-RIPE\n\
         nserver: ns1.hobby.example\nnserver: ns2.hobby.example\nmnt-by: HOBBY-MNT\nsource: RIPE\n",
    ),
    (
        Action::Create,
        "as-set: AS205398:AS-HOBBY\ntech-c: HP1-RIPE\nadmin-c: HP1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n",
    ),
    (
        Action::Write,
        "mntner: HOBBY-MNT\nadmin-c: HP1-RIPE\nupd-to: b@hobby.example\nauth: SSO hobby@hobby.example\n\
         mnt-by: HOBBY-MNT\nsource: RIPE\n",
    ),
    (Action::Delete, "person: X\nnic-hdl: HP1-RIPE\nsource: RIPE\n"),
    (Action::Delete, "inet6num: 2a0f:85c1:260::/44\nsource: RIPE\n"),
];

/// A part of the whole: which objects were read, and of which classes every address is known.
fn part(objects: &[Object], read: &[bool], spaces: &[bool], queries: bool, own: &Key) -> Registered {
    let mut known = Registered::default();
    let classes = [Class::Inetnum, Class::Inet6num, Class::Route, Class::Route6, Class::Domain];
    let whole: Vec<Class> =
        classes.iter().zip(spaces).filter(|(_, known)| **known).map(|(class, _)| *class).collect();
    for (object, read) in objects.iter().zip(read) {
        let key = object.key();
        if *read || whole.contains(&key.class()) || key == *own {
            known.put(object.clone());
        }
    }
    for class in whole {
        for all in ["::/0", "0.0.0.0/0"] {
            known.answered.note_space(class, Block::parse(all).unwrap());
        }
    }
    // Whether the object itself is registered is known before it is planned.
    known.answered.note(Query::Object(own.clone()));
    if queries {
        known.answered.note(Query::EverUsed(own.clone()));
        known.answered.note(Query::Object(Key::new(Class::Mntner, "NOBODY-MNT")));
    }
    known
}

fn errors(decision: &Decision) -> Vec<String> {
    decision.errors().map(ToString::to_string).collect()
}

fn kind(decision: &Decision) -> &'static str {
    match decision.effect {
        Effect::Created(_) => "created",
        Effect::Modified { .. } => "modified",
        Effect::Deleted(_) => "deleted",
        Effect::Unchanged(_) => "unchanged",
        Effect::Refused { .. } => "refused",
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn another_fact_never_flips_a_decision(
        request in 0..REQUESTS.len(),
        read in prop::collection::vec(any::<bool>(), 64),
        more in prop::collection::vec(any::<bool>(), 64),
        spaces in prop::collection::vec(any::<bool>(), 5),
        wider in prop::collection::vec(any::<bool>(), 5),
        queries in any::<bool>(),
    ) {
        let objects = base();
        prop_assert!(objects.len() < 64);
        let (action, text) = REQUESTS[request];
        let submitted = Object::parse(text).unwrap();
        let own = submitted.key();
        let stored = objects.iter().find(|object| object.key() == own).filter(|_| action == Action::Delete);
        let object = stored.unwrap_or(&submitted);
        let settings = Settings { failing_dns: Some(BTreeMap::new()), accounts: Some(vec!["hobby@hobby.example".into()]), ..Settings::default() };
        let credential = Credential::Maintainers(vec!["HOBBY-MNT".into()]);
        let automatic = BTreeMap::new();
        let request = Request { action, object, credential: &credential, automatic: &automatic };
        let over = |world: &Registered| decide(world, &request, &settings, Timestamp::UNIX_EPOCH);

        let both = |a: &[bool], b: &[bool]| a.iter().zip(b).map(|(a, b)| *a || *b).collect::<Vec<_>>();
        let worlds = [
            part(&objects, &read, &spaces, queries, &own),
            part(&objects, &both(&read, &more), &both(&spaces, &wider), true, &own),
            Registered::whole(Inventory::of(objects.clone())),
        ];
        let decisions = worlds.map(|world| over(&world));
        for (less, more) in [(0, 1), (1, 2), (0, 2)] {
            let (less, more) = (&decisions[less], &decisions[more]);
            for error in errors(less) {
                prop_assert!(errors(more).contains(&error), "`{error}` was taken back: {:?}", errors(more));
            }
            prop_assert!(more.undecided.iter().all(|open| less.undecided.contains(open) || !less.undecided.is_empty()));
            if less.undecided.is_empty() {
                prop_assert_eq!(kind(less), kind(more));
            }
        }
        prop_assert!(decisions[2].undecided.is_empty(), "the registry itself knows everything");
    }
}
