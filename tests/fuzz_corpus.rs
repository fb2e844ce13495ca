//! What the fuzzers have found worth keeping, replayed: `fuzz/` has the targets, and says how they are run.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{fs, path::Path};

#[path = "fuzzed/bgp.rs"]
mod bgp;
#[path = "fuzzed/import.rs"]
mod import;
#[path = "fuzzed/request.rs"]
mod request;
#[path = "fuzzed/routes.rs"]
mod routes;
#[path = "fuzzed/rows.rs"]
mod rows;
#[path = "fuzzed/rpsl.rs"]
mod rpsl;
#[path = "fuzzed/vrps.rs"]
mod vrps;

/// Runs `target` over the files in its corpus.
fn check(corpus: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(corpus);
    let mut files = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let ran = std::panic::catch_unwind(|| target(&fs::read(&path).unwrap()));
        assert!(ran.is_ok(), "{}", path.display());
        files += 1;
    }
    assert!(files > 0, "the corpus {} is empty", folder.display());
}

#[test]
fn bodies_of_writes() {
    check("request", request::request);
}

#[test]
fn files_of_objects() {
    check("rpsl", rpsl::file);
}

#[test]
fn tables_of_an_ipam() {
    check("rows", rows::rows);
}

#[test]
fn dumps_that_are_imported() {
    check("import", import::import);
}

#[test]
fn dumps_of_routes() {
    check("routes", routes::dump);
}

#[test]
fn answers_of_irrd() {
    check("irrd", routes::answers);
}

#[test]
fn what_routers_announce() {
    check("bgp_text", bgp::announcements);
    check("bgp_mrt", bgp::announcements);
}

#[test]
fn vrps_and_exceptions() {
    check("vrps", vrps::vrps);
    check("typed", vrps::typed);
}
