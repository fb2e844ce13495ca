//! The references in `docs/` name what the program reads, all of it and nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{collections::BTreeSet, fs, path::Path};

#[allow(dead_code, reason = "only the code of the modules is looked at here")]
#[path = "common/source.rs"]
mod source;

/// The keys that the readers of `module` ask a table for.
fn asked_for(module: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for module in source::modules().iter().filter(|each| each.name.first().is_some_and(|name| name == module))
    {
        for call in [". get ", ". need ", ". require "] {
            let calls = module.code.match_indices(call).map(|(at, call)| &module.code[at + call.len()..]);
            let arguments = calls.filter_map(|rest| rest.split_once("( ")).map(|(_, arguments)| arguments);
            let literals = arguments.filter_map(|text| text.strip_prefix('"')?.split_once('"'));
            keys.extend(literals.map(|(key, _)| key.to_owned()));
        }
    }
    keys
}

/// The keys in the first column of the tables of a reference: the last words of `a.b.c`.
fn documented(file: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(file)).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once(" |"));
    let keys = rows.flat_map(|(keys, _)| keys.split(", ").map(|key| key.trim_matches('`')));
    keys.map(|key| key.rsplit('.').next().unwrap().to_owned()).collect()
}

#[test]
fn every_key_of_ripectl_toml_is_in_its_reference() {
    let mut read = asked_for("estate");
    read.extend(["inet6num", "inetnum", "route6", "route", "domain"].map(str::to_owned)); // from a table of classes
    read.remove("sites"); // a table of names
    assert!(read.len() > 30, "{read:?}");
    let documented = documented("ripectl-toml.md");
    let missing: Vec<_> = read.difference(&documented).collect();
    // Tables whose keys are names stand in headings.
    let tables = ["allocation", "expect", "manage", "registry", "rpki", "sites", "upstreams"];
    let missing: Vec<_> = missing.into_iter().filter(|key| !tables.contains(&key.as_str())).collect();
    assert!(missing.is_empty(), "not in docs/ripectl-toml.md: {missing:?}");
    let gone: Vec<_> = documented.difference(&read).collect();
    assert!(gone.is_empty(), "read by nobody: {gone:?}");
}
