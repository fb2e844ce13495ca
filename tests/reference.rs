//! The references in `docs/` name what the program reads, all of it and nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::{collections::BTreeSet, fs, path::Path};

#[allow(dead_code, reason = "only the code of the modules is looked at here")]
#[path = "common/source.rs"]
mod source;

use common::Estate;
use ripectl::{
    config::{Keys, Kind},
    estate::KEYS,
};
use serde_json::Value;

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

/// The keys that have rows, those of tables in tables too.
fn rows(keys: &Keys, found: &mut BTreeSet<String>) {
    for row in keys.rows.iter().filter(|row| row.kind != Kind::Later) {
        found.insert(row.key.to_owned());
        if let Some((inner, _)) = row.kind.table() {
            rows(inner, found);
        }
    }
}

/// A key without a row is not read ([`ripectl::config::Table::get`]); a row without a reader would be a promise.
#[test]
fn every_key_that_is_read_has_a_row_and_every_row_a_reader() {
    let mut read = asked_for("estate");
    read.extend(["inet6num", "inetnum", "route6", "route", "domain"].map(str::to_owned)); // from a table of classes
    let mut written = BTreeSet::new();
    rows(&KEYS, &mut written);
    assert!(read.len() > 30, "{read:?}");
    assert_eq!(read, written, "the keys that are read, and those with a row");
}

/// What `docs/` has is what the program prints.
#[test]
fn the_reference_and_the_schema_are_printed() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, line) in [
        ("docs/ripectl.toml.md", "reference --format markdown"),
        ("docs/schema/ripectl.toml.json", "reference --json-schema"),
    ] {
        let output = Estate::new().run(line);
        let printed = String::from_utf8(output.stdout).unwrap();
        let kept = fs::read_to_string(project.join(file)).unwrap();
        assert!(kept == printed, "{file} is another one: target/debug/ripectl {line} > {file}");
    }
}

fn problems(schema: &jsonschema::Validator, text: &str) -> Vec<String> {
    let value: Value = toml::from_str(text).unwrap();
    schema.iter_errors(&value).map(|error| format!("{} {error}", error.instance_path())).collect()
}

fn schema() -> jsonschema::Validator {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/ripectl.toml.json"));
    jsonschema::draft202012::new(&serde_json::from_str(&text.unwrap()).unwrap()).unwrap()
}

#[test]
fn the_schema_takes_the_example_estates() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let others = fs::read_dir(project.join("docs/estates")).unwrap().map(|entry| entry.unwrap().path());
    let others = others.filter(|path| path.is_dir());
    let files: Vec<_> = others.chain([project.to_path_buf()]).map(|path| path.join("ripectl.toml")).collect();
    assert!(files.len() >= 3, "{files:?}");
    let schema = schema();
    for file in files {
        let found = problems(&schema, &fs::read_to_string(&file).unwrap());
        assert!(found.is_empty(), "{}: {found:#?}", file.display());
    }
}

/// An editor marks what `check` refuses, where a value alone decides.
#[test]
fn the_schema_refuses_slips_as_the_reader_does() {
    let schema = schema();
    for (from, to, at) in [
        ("format = 1", "format = \"1\"", "/format"),
        ("format = 1\n", "", ""),
        ("maintainers = [\"HOBBY-MNT\"]", "maintainers = \"HOBBY-MNT\"", "/manage/maintainers"),
        ("limits = { delete = 3", "limits = { delet = 3", "/manage/limits"),
        ("limits = { delete = 3", "limits = { delete = -3", "/manage/limits/delete"),
        ("roa = \"not-invalid\"", "roa = \"not-invaild\"", "/upstreams/vultr/roa"),
        ("reverse = \"allocation\"", "revers = \"allocation\"", "/allocation/0"),
        ("kind = \"lir\"\n", "", "/rpki/publisher/0"),
        ("[rpki]", "[waiver]\na = 1\n\n[rpki]", "/waiver"),
        ("lux = { index = 1", "lux = { index = \"1\"", "/allocation/0/blocks/lux/index"),
    ] {
        let estate = Estate::new();
        estate.edit("ripectl.toml", from, to);
        estate.check("check", 1, &[]);
        let found = problems(&schema, &estate.read("ripectl.toml"));
        assert!(found.iter().any(|problem| problem.starts_with(&format!("{at} "))), "{to}: {found:#?}");
    }
}

#[test]
fn a_key_is_found_by_a_part_of_its_path() {
    let estate = Estate::new();
    let check = |name: &str, parts: &[&str], not: &str| {
        let said = estate.check(&format!("reference {name}"), 0, parts);
        assert!(not.is_empty() || !said.contains(not), "{name}\n{said}");
    };
    check("manage", &["[manage]  whose objects are ours", "maintainers", "limits.delete"], "[rpki]");
    check("[manage]", &["maintainers"], "[rpki]");
    check("limits.delete", &["limits.delete", "3, or 10 %"], "limits.modify");
    check("vars", &["blocks.NAME.vars"], "templates.");
    check("allocation.blocks.index", &["blocks.NAME.index"], "blocks.NAME.prefix");
    check("registry.NAME.url", &["without it: that of the registry that is built in"], "credential");
    estate.check("reference mange", 2, &["ripectl.toml has no key `mange`; did you mean `manage`?"]);
    estate.check("reference manage --json-schema", 2, &["cannot be used with"]);
}
