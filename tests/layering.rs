//! House rules that a compiler does not know, each with its reason.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

#[path = "common/source.rs"]
mod source;

use source::{Module, modules};

/// Modules that know no file, socket, clock or environment: the same values in, the same values out.
const PURE: [&str; 26] = [
    "outcome",
    "digest",
    "visible",
    "packed",
    "reading",
    "finding",
    "rule",
    "parallel",
    "net",
    "config",
    "rpsl",
    "irr",
    "target",
    "registered",
    "rules",
    "geofeed",
    "plan",
    "import",
    "begin",
    "letter",
    "rpki",
    "bgp",
    "validate",
    "check",
    "explain",
    "audit",
];

/// What a pure module may not name: paths, and what begins with them.
const IMPURE: [&str; 15] = [
    "std::fs",
    "std::env",
    "std::process::Command",
    "std::process::exit",
    "std::process::abort",
    "std::process::id",
    "std::net::Tcp",
    "std::net::Udp",
    "std::io::std",
    "std::time::SystemTime",
    "std::time::Instant",
    "jiff::Timestamp::now",
    "tokio",
    "reqwest",
    "getrandom",
];

/// Calls of the clock under a name that was imported, and what waits.
const IMPURE_CODE: [&str; 4] = ["Timestamp::now ", "SystemTime::now ", "Instant::now ", "async fn "];

/// What writes to the user; only `report` does.
const PRINTING: [&str; 6] = ["print ! ", "println ! ", "eprint ! ", "eprintln ! ", "dbg ! ", "stdout ( ) "];

/// The modules in the order of the map.
fn map() -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let names = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

/// The module of the crate that a path leads to first.
fn first(path: &str) -> Option<&str> {
    path.strip_prefix("crate::")?.split("::").next()
}

/// What is seen of a file: all, to its last function.
#[test]
fn the_whole_of_a_file_is_seen() {
    let modules = modules();
    let found = |name: &str| modules.iter().find(|module| module.name.join("::") == name).unwrap();
    assert!(modules.len() > 200, "{}", modules.len());
    for (name, last) in [("rules", "decide"), ("plan", "plan"), ("registry", "Registry")] {
        assert!(found(name).code.contains(last), "{name}");
    }
    assert!(modules.iter().all(|module| !module.code.contains("# [ test ]")), "tests are code of their own");
    assert!(found("plan::graph").paths.iter().any(|path| path.starts_with("crate::")));
}

/// The order of `lib.rs` is the order of dependency: so that a reader can stop anywhere and has seen all that counts.
#[test]
fn a_module_uses_only_those_above_it() {
    let map = map();
    assert!(map.len() > 10, "{map:?}");
    let place = |name: &str| map.iter().position(|other| other == name);
    let mut wrong = Vec::new();
    for Module { name, path, paths, .. } in modules() {
        let Some(own) = name.first().and_then(|own| place(own)) else { continue };
        let below = paths.iter().filter(|used| first(used).and_then(place).is_some_and(|used| used > own));
        wrong.extend(below.map(|used| format!("{} uses {used}", path.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every module stands on the map: one that does not is in nobody's order.
#[test]
fn every_module_is_on_the_map() {
    let found: BTreeSet<String> =
        modules().iter().filter_map(|module| module.name.first().cloned()).collect();
    assert_eq!(found, map().into_iter().collect());
}

/// Two files that need each other are one thing in two places. A folder's `mod.rs` is its shop window and names what
/// is in it, so it is left out.
#[test]
fn no_two_files_use_each_other() {
    let modules = modules();
    let files: BTreeMap<String, &Module> =
        modules.iter().map(|module| (format!("crate::{}", module.name.join("::")), module)).collect();
    let is_window = |file: &str| files[file].path.ends_with("mod.rs");
    let file_of = |path: &str| {
        let ends = path.match_indices("::").map(|(at, _)| at).chain([path.len()]);
        let known = ends.map(|end| &path[..end]).filter(|stem| files.contains_key(*stem));
        known.last().filter(|file| !is_window(file)).map(str::to_owned)
    };
    let uses: BTreeMap<&String, BTreeSet<String>> = files
        .iter()
        .filter(|(file, _)| !is_window(file))
        .map(|(file, module)| {
            (file, module.paths.iter().filter_map(|path| file_of(path)).filter(|used| used != file).collect())
        })
        .collect();
    // What a file reaches, step by step.
    let reached = |from: &String| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(file) = open.pop() {
            for used in uses.get(file).into_iter().flatten() {
                if seen.insert(used) {
                    open.push(used);
                }
            }
        }
        seen
    };
    let wrong: Vec<&String> = uses.keys().copied().filter(|file| reached(file).contains(file)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Values in the middle, I/O at the edges: what decides can be tested and repeated.
#[test]
fn pure_modules_do_no_io() {
    let is_pure = |module: &&Module| module.name.first().is_some_and(|name| PURE.contains(&name.as_str()));
    let mut wrong = Vec::new();
    for Module { path, paths, code, .. } in modules().iter().filter(is_pure) {
        let impure = paths.iter().filter(|used| IMPURE.iter().any(|word| used.starts_with(word)));
        wrong.extend(impure.map(|used| format!("{} has {used}", path.display())));
        let impure = IMPURE_CODE.iter().filter(|word| code.contains(**word));
        wrong.extend(impure.map(|word| format!("{} has {word}", path.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// One place prints, so that data and talk never mix, and every output is there as JSON too.
#[test]
fn only_report_prints() {
    let mut wrong = Vec::new();
    for Module { path, code, name, .. } in modules() {
        if name.first().is_some_and(|name| name == "report") {
            continue;
        }
        // Whether there is a terminal to ask on is no output.
        let code = code.replace("( ) . is_terminal", "");
        let printing = PRINTING.iter().chain(&["stderr ( ) "]).filter(|word| code.contains(**word));
        wrong.extend(printing.map(|word| format!("{} has {word}", path.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
