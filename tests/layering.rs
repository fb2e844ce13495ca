//! House rules that a compiler does not know, each with its reason.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Modules that know no file, socket, clock or environment: the same values in, the same values out.
const PURE: [&str; 11] = [
    "finding",
    "net",
    "config",
    "rpsl",
    "registered",
    "rules",
    "plan",
    "rpki",
    "validate",
    "check",
    "explain",
];

/// What a pure module may not name.
const IMPURE: [&str; 11] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::net::Tcp",
    "std::net::Udp",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "tokio",
    "reqwest",
    "async fn",
];

/// What writes to the user; only `report` does.
const PRINTING: [&str; 5] = ["print!", "println!", "dbg!", "stdout()", "stderr()"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files below `directory`, with their code: neither comments nor the tests at their end.
fn code(directory: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.ends_with("tests") {
            continue; // compiled for tests alone, as `tests.rs` is
        }
        if path.is_dir() {
            found.extend(code(&path));
        } else if path.extension().is_some_and(|end| end == "rs") && !is_test(&path) {
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
            let text = text.split("#[cfg(test)]\npub(").next().unwrap_or_default();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            found.push((path, lines.map(|line| format!("{line}\n")).collect()));
        }
    }
    found
}

/// Whether a file is compiled for tests alone.
fn is_test(path: &Path) -> bool {
    if path.parent().is_some_and(|folder| folder.ends_with("tests")) {
        return true;
    }
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let parent = path.with_file_name("mod.rs");
    let declared = fs::read_to_string(parent).unwrap_or_default();
    declared.contains(&format!("#[cfg(test)]\nmod {name};"))
}

/// The module of the library that a file belongs to.
fn module(path: &Path) -> String {
    let first = path.strip_prefix(source()).unwrap().components().next().unwrap();
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The modules that a text names as `crate::X` or in `use crate::{X, …}`.
fn used(text: &str, modules: &[String]) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => top_level(list),
            None => vec![rest],
        };
        for name in names {
            let word: String =
                name.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            used.extend(modules.contains(&word).then_some(word));
        }
    }
    used
}

/// The beginnings of the elements of a `{…}` list, whose opening brace is gone.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(&list[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// The modules in the order of the map.
fn map() -> Vec<String> {
    let text = fs::read_to_string(source().join("lib.rs")).unwrap();
    let names = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

/// The order of `lib.rs` is the order of dependency: so that a reader can stop anywhere and has seen all that counts.
#[test]
fn a_module_uses_only_those_above_it() {
    let map = map();
    assert!(map.len() > 10, "{map:?}");
    let mut wrong = Vec::new();
    for (path, text) in code(&source()) {
        let own = module(&path);
        let Some(place) = map.iter().position(|name| *name == own) else { continue };
        for name in used(&text, &map) {
            if map.iter().position(|other| *other == name).unwrap() > place {
                wrong.push(format!("{} uses {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every module stands on the map: one that does not is in nobody's order.
#[test]
fn every_module_is_on_the_map() {
    let found: BTreeSet<String> = fs::read_dir(source())
        .unwrap()
        .map(|entry| module(&entry.unwrap().path()))
        .filter(|name| !["lib", "main"].contains(&name.as_str()))
        .collect();
    assert_eq!(found, map().into_iter().collect());
}

/// Values in the middle, I/O at the edges: what decides can be tested and repeated.
#[test]
fn pure_modules_do_no_io() {
    let mut wrong = Vec::new();
    for (path, text) in code(&source()).iter().filter(|(path, _)| PURE.contains(&module(path).as_str())) {
        wrong.extend(
            IMPURE
                .iter()
                .filter(|word| text.contains(**word))
                .map(|word| format!("{} has {word}", path.display())),
        );
        let listed = text.split("use std::{").skip(1).filter_map(|list| list.split("};").next());
        let words = listed.flat_map(top_level).filter(|word| ["fs", "env", "process"].contains(&word.trim()));
        wrong.extend(words.map(|word| format!("{} has std::{}", path.display(), word.trim())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// One place prints, so that data and talk never mix, and every output is there as JSON too.
#[test]
fn only_report_prints() {
    let mut wrong = Vec::new();
    for (path, text) in code(&source()).iter().filter(|(path, _)| module(path) != "report") {
        let printing = PRINTING.iter().filter(|word| text.contains(**word));
        // Whether there is a terminal to ask on is no output.
        let printing = printing.filter(|word| !text.contains(&format!("{word}.is_terminal()")));
        wrong.extend(printing.map(|word| format!("{} has {word}", path.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
