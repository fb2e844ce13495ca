//! What is done with a table of an IPAM: shared by the fuzz target and the test that replays its corpus.

use std::{cell::OnceCell, fs, path::Path};

use ripectl::{estate, finding::Severity, user::Configuration};

thread_local! {
    static FOLDER: OnceCell<tempfile::TempDir> = const { OnceCell::new() };
}

/// A folder with an estate that reads `v6.csv` or `v6.json`; it is kept from one table to the next.
fn folder() -> tempfile::TempDir {
    let folder =
        tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder of its own");
    fs::create_dir(folder.path().join("templates")).expect("it can be written");
    let template =
        "inet6num: {{ prefix }}\nnetname: {{ block }}\ndescr: {{ Note }}\nmnt-by: A-MNT\nsource: RIPE\n";
    fs::write(folder.path().join("templates/t.rpsl"), template).expect("it can be written");
    folder
}

/// Loads an estate with the table: what is wrong has a place and no panic; what is right is a block for each row.
pub fn rows(bytes: &[u8]) {
    let Some((kind, table)) = bytes.split_first() else { return };
    let name = if kind % 2 == 0 { "v6.csv" } else { "v6.json" };
    FOLDER.with(|kept| check(kept.get_or_init(folder).path(), name, table));
}

fn check(root: &Path, name: &str, table: &[u8]) {
    let config = format!(
        "format = 1\n[manage]\nmaintainers = [\"A-MNT\"]\n[sites]\nx = {{}}\n[[allocation]]\nprefix = \"2001:db8::/32\"\norigin = \"AS64500\"\n\
         templates = {{ inet6num = \"t\" }}\nrows = \"{name}\"\ncolumns = {{ customer = \"Tenant\" }}\n"
    );
    fs::write(root.join("ripectl.toml"), config).expect("it can be written");
    fs::write(root.join(name), table).expect("it can be written");
    let (estate, findings) = estate::load(root, Some("sandbox"), &Configuration::default());
    let errors = || findings.iter().filter(|finding| finding.severity == Severity::Error);
    for error in errors() {
        assert!(error.place.is_some() || error.text.contains(name), "it has no place: {error:?}");
    }
    assert_eq!(estate.is_none(), errors().count() > 0, "an estate or errors: {findings:?}");
    let blocks =
        estate.iter().flat_map(|estate| &estate.allocations).flat_map(|allocation| &allocation.blocks);
    for block in blocks {
        assert!(!block.name.is_empty() && block.prefix.len() >= 32, "{block:?}");
    }
}
