//! The rules are rules: nothing of the recordings' base set stands in the sources.

use std::{fs, path::Path};

use super::maintainers;
use crate::rpsl::{Class, Name, Object, shared};

/// The keys of the base set that a rule could be bent to: maintainers, handles and organisations, but for those
/// that the RIPE NCC alone maintains.
fn keys(base: &str) -> Vec<String> {
    let is_theirs = |name: &String| {
        let groups = [maintainers::REGISTRY, maintainers::ENUM, maintainers::DATABASE];
        groups.iter().any(|group| maintainers::is_one_of(group, name))
    };
    let objects = base.split("\n\n").filter_map(|text| Object::parse(text).ok());
    let named = objects.filter(|object| {
        let class = object.class();
        matches!(class, Class::Mntner | Class::Person | Class::Role | Class::Organisation)
            && !object.values(Name::MntBy).iter().all(is_theirs)
    });
    named.map(|object| object.key().text().to_ascii_uppercase()).collect()
}

/// The text of every file, tests and the sandbox's own base too.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else {
            let text = fs::read_to_string(&entry).unwrap().to_ascii_uppercase();
            found.push((entry.display().to_string(), text));
        }
    }
}

#[test]
fn no_key_of_the_base_set_stands_in_the_sources() {
    let Some(path) = shared::path("registry/base.rpsl") else { return };
    let keys = keys(&fs::read_to_string(path).unwrap());
    assert!(keys.len() >= 8, "{keys:?}");
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    for (file, code) in &found {
        for key in &keys {
            assert!(!code.contains(key.as_str()), "{file} names {key}");
        }
    }
}
