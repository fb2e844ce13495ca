//! Where objects stand in files.

use std::{collections::BTreeMap, sync::Arc};

use super::text;
use crate::{
    finding::Source,
    rpsl::{File, Item, Key, Object},
};

/// The key of the object of a file that this byte belongs to.
pub fn object_at(source: &Arc<Source>, offset: usize) -> Option<Key> {
    let (file, _) = File::parse(source);
    let placed = file.items().iter().find(|placed| placed.span.contains(&offset))?;
    match &placed.item {
        Item::Object(object) => Some(object.key()),
        Item::Between | Item::Malformed => None,
    }
}

/// The text of a file with these objects as they are given, each in the place of the one with its key; `None` if none of
/// them stands there, or each does to the letter of the registry. The comments between objects stay.
pub fn with_objects(source: &Arc<Source>, objects: &BTreeMap<Key, Object>) -> Option<String> {
    let (file, _) = File::parse(source);
    let (mut made, mut is_changed) = (String::new(), false);
    for placed in file.items() {
        let old = source.text.get(placed.span.clone()).unwrap_or_default();
        let new = match &placed.item {
            Item::Object(object) => objects.get(&object.key()).filter(|new| !new.is_same_as(object)),
            Item::Between | Item::Malformed => None,
        };
        match new {
            Some(new) => {
                made.push_str(&text(new));
                is_changed = true;
            }
            None => made.push_str(old),
        }
    }
    is_changed.then_some(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# ours\naut-num: AS1\nas-name: A\n\n# theirs\naut-num: AS2\nas-name: B\n";

    #[test]
    fn an_object_is_put_in_the_place_of_the_one_with_its_key() {
        let source = Arc::new(Source::new("a.rpsl", TEXT));
        let check = |text: &str, expected: Option<&str>| {
            let object = Object::parse(text).unwrap();
            let objects = BTreeMap::from([(object.key(), object)]);
            assert_eq!(with_objects(&source, &objects).as_deref(), expected);
        };
        let new = "# ours\naut-num: AS1\nas-name: A\n\n# theirs\naut-num:        AS2\nas-name:        C\n";
        check("aut-num: AS2\nas-name: C\ncreated: 2024-01-01T00:00:00Z\n", Some(new));
        check("aut-num:   AS2\nas-name:   B\n", None);
        check("aut-num: AS3\nas-name: C\n", None);
    }

    #[test]
    fn each_byte_of_an_object_is_of_it() {
        let source = Arc::new(Source::new("a.rpsl", TEXT));
        let at = |part: &str| object_at(&source, TEXT.find(part).unwrap()).map(|key| key.text().to_owned());
        assert_eq!(
            [at("aut-num: AS1"), at("as-name: B"), at("# theirs")],
            [Some("AS1".into()), Some("AS2".into()), None]
        );
    }
}
