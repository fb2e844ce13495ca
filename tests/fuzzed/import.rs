//! What is done with a dump that is imported: shared by the fuzz target and the test that replays its corpus.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use ripectl::{
    finding::Source,
    import,
    registered::Inventory,
    rpsl::{File, Key, Object},
};

/// Reads a dump, lays its objects out in files, and folds them: each object is in one file, and says there what it said.
pub fn import(bytes: &[u8]) {
    let dump = import::dump(bytes, |_, _| true);
    let objects: BTreeMap<Key, Object> =
        dump.objects.into_iter().map(|object| (object.key(), object)).collect();
    let listed: Vec<Object> = objects.values().cloned().collect();
    let files = import::files(&listed, &BTreeSet::new());
    let mut seen = BTreeSet::new();
    for (path, text) in &files {
        let (file, _) = File::parse(&Arc::new(Source::new(path, text.clone())));
        for (object, _) in file.objects() {
            let before =
                objects.get(&object.key()).unwrap_or_else(|| panic!("{} came out of nothing", object.key()));
            assert_eq!(import::text(before), import::text(object), "{} is another", object.key());
            assert!(seen.insert(object.key()), "{} stands twice", object.key());
        }
    }
    assert_eq!(seen.len(), objects.len(), "some are lost of {:?}", objects.keys());
    let held = Inventory::of(listed.iter().cloned());
    let none = BTreeSet::new();
    for folded in import::fold(&listed, &held, &BTreeSet::new(), &[], &none) {
        assert!(folded.made.iter().all(|key| objects.contains_key(key)), "{:?}", folded.made);
    }
}
