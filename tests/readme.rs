//! What the README shows is what happens: its console blocks, run in order on a copy of the example network.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{fs, path::Path};

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

#[test]
fn the_console_blocks_of_the_readme() {
    run("README.md");
}

#[test]
fn the_console_blocks_of_incidents() {
    run("docs/incident.md");
}

/// Runs the blocks of a page in order.
fn run(page: &str) {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let name = Path::new(page).file_name().unwrap();
    fs::copy(project.join(page), folder.path().join(name)).unwrap();
    let network = folder.path().join(name).with_extension("in"); // where trycmd runs the blocks of a page
    fs::create_dir(&network).unwrap();
    for name in ["ripectl.toml", "objects", "templates", "fixtures", "docs"] {
        copy(&project.join(name), &network.join(name));
    }
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("HOME", "/nonexistent") // a developer's own configuration is not read
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .register_bin("sed", Path::new("/bin/sed"))
        .case(folder.path().join(name))
        .run();
}
