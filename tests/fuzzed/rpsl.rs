//! What is done with a file of objects: shared by the fuzz target and the test that replays its corpus.

use std::sync::Arc;

use ripectl::{
    finding::Source,
    rpsl::{File, Item, Object, canonical, syntax},
};

/// Reads a file: its items tile its text, its layout settles at once, and no value makes anything panic.
pub fn file(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let file = read(text);
    let mut end = 0;
    for placed in file.items() {
        assert_eq!(placed.span.start, end, "items tile the text");
        end = placed.span.end;
        if let Item::Object(object) = &placed.item {
            assert_eq!(object.text(), &file.source.text[placed.span.clone()]);
            look_at(object);
        }
    }
    assert_eq!(end, file.source.text.len(), "items tile the text");
    let formatted = file.formatted();
    assert_eq!(read(&formatted).formatted(), formatted, "the layout settles");
}

fn read(text: &str) -> File {
    File::parse(&Arc::new(Source::new("fuzzed", text))).0
}

fn look_at(object: &Object) {
    let _ = (object.key(), object.block(), object.normal());
    for attribute in object.attributes() {
        let Some(name) = attribute.name else { continue };
        for value in attribute.values() {
            let _ = syntax::check(name.row().syntax, object.class(), &value);
            if let Some(spelled) = canonical(name, &value) {
                // Of the dots at the end of a name one goes at a time.
                let again = canonical(name, &spelled).filter(|_| !spelled.ends_with('.'));
                assert_eq!(again.as_ref().unwrap_or(&spelled), &spelled, "the spelling of {name} settles");
            }
        }
    }
    // What is printed is an object again, and the same.
    let printed = Object::parse(object.print()).expect("what is printed is an object");
    assert!(printed.is_same_as(object), "{}", object.print());
}
