//! What is folded into a table unfolds into the same objects, whatever stands in them.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use ripectl::{
    estate::{self, Draft},
    finding::Severity,
    import,
    registered::Inventory,
    rpsl::{Key, Object},
    user::Configuration,
};

/// A value that templates, TOML and RPSL each have something to say about.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{1,4}",
        1 => "[a-zA-Z0-9{}%#\"'\\\\ ,é|~$-]{1,12}",
        1 => Just("{{ prefix }}".to_owned()),
        1 => Just("{% endraw %} {% raw %}".to_owned()),
        1 => Just("one\n  two".to_owned()),
        1 => Just("x # comment".to_owned()),
        1 => Just(String::new()),
    ]
}

/// Attributes in the usual order, some left out, some several times, and now and then in another order.
fn lines() -> impl Strategy<Value = Vec<(String, String)>> {
    let names = ["netname", "descr", "country", "remarks", "admin-c", "notify", "mnt-by"];
    let each = names.map(|name| {
        prop::collection::vec(value(), 0..3).prop_map(move |values| {
            values.into_iter().map(|value| (name.to_owned(), value)).collect::<Vec<_>>()
        })
    });
    let usual = Vec::from(each).prop_map(|each| each.concat());
    (usual, prop::bool::weighted(0.1)).prop_map(|(mut lines, is_odd)| {
        if is_odd {
            lines.reverse();
        }
        lines
    })
}

fn object(first: &str, lines: &[(String, String)]) -> Option<Object> {
    let mut text = format!("{first}\n");
    for (name, value) in lines {
        text += &format!("{name}: {value}\n");
    }
    Object::parse(text + "source: RIPE\n").ok()
}

/// Blocks below one, some with routes; of any length.
fn network() -> impl Strategy<Value = Vec<Object>> {
    let block =
        (prop_oneof![9 => Just(48_u8), 1 => Just(52_u8)], lines(), prop::option::of((1..3_u32, lines())));
    prop::collection::vec(block, 4..12).prop_map(|blocks| {
        let mut objects = Vec::new();
        for ((length, lines, route), at) in blocks.into_iter().zip(1..) {
            let prefix = format!("2001:db8:{at:x}::/{length}");
            objects.extend(object(&format!("inet6num: {prefix}"), &lines));
            if let Some((origin, lines)) = route {
                let lines: Vec<_> =
                    lines.into_iter().filter(|(name, _)| name != "netname" && name != "country").collect();
                objects.extend(object(&format!("route6: {prefix}\norigin: AS{origin}"), &lines));
            }
        }
        objects
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn a_table_unfolds_into_what_it_was_folded_from(objects in network()) {
        let above = Object::parse("inet6num: 2001:db8::/32\nmnt-by: A-MNT\nsource: RIPE\n").unwrap();
        let registered = Inventory::of(objects.iter().cloned().chain([above]));
        let folded = import::fold(&objects, &registered, &BTreeSet::new(), &[], &BTreeSet::new());
        prop_assert_eq!(folded.len(), 1);
        let table = &folded[0];
        prop_assert_eq!(table.made.len(), objects.len());
        let mut draft = Draft { config: Some("format = 1\n[manage]\nmaintainers = [\"A-MNT\"]\n".to_owned()), ..Draft::default() };
        draft.config.as_mut().unwrap().push_str(&table.config);
        draft.files.clone_from(&table.templates);
        let root = tempfile::tempdir().unwrap();
        let (estate, findings) = estate::inspect_draft(root.path(), &draft, None, &Configuration::default());
        let broken: Vec<String> = findings.iter()
            .filter(|finding| finding.severity == Severity::Error && ["template", "config-value", "toml"].contains(&finding.rule))
            .map(|finding| finding.text.clone()).collect();
        prop_assert!(broken.is_empty(), "{:?}\n{}", broken, table.config);
        let made: BTreeMap<Key, Object> = estate.unwrap().declared.into_iter().map(|each| (each.object.key(), each.object)).collect();
        for object in &objects {
            let made = made.get(&object.key());
            prop_assert!(made.is_some_and(|made| made.is_same_as(object)), "{}\nbecame\n{:?}", object.text(), made.map(Object::text));
        }
    }
}
