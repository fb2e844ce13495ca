//! Chosen keys in the place of placeholders: in an object, and in the text of a file, where nothing else changes.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{Attribute, Class, File, Item, Key, Name, Object, Placeholder};

/// Which key is to stand where another word stands now: the object's own key, and every reference to it.
#[derive(Clone, Debug, Default)]
pub struct Renamings {
    keys: BTreeMap<String, Key>,
}

impl Renamings {
    /// From now on `key` stands for `from`: a placeholder, or a key that turned out not to be available.
    pub fn add(&mut self, from: &str, key: Key) {
        self.keys.insert(identity(from), key);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// What each key stands for, and the key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Key)> {
        self.keys.iter().map(|(from, key)| (from.as_str(), key))
    }

    /// Whether the key of `object` itself is one that another stands for.
    pub fn names(&self, object: &Object) -> bool {
        self.key_of(&object.written_key()).is_some_and(|key| key.class() == object.class())
    }

    /// The text of `object` with the keys in their places; `None` if there is nothing to put.
    pub fn text_of(&self, object: &Object) -> Option<String> {
        let edits: Vec<(Range<usize>, &str)> = self.edits(object).collect();
        replaced(object.text(), &edits)
    }

    /// `object` with the keys in their places.
    pub fn applied(&self, object: &Object) -> Object {
        let text = if self.is_empty() { None } else { self.text_of(object) };
        text.and_then(|text| Object::parse(text).ok()).unwrap_or_else(|| object.clone())
    }

    fn key_of(&self, word: &str) -> Option<&Key> {
        self.keys.get(&identity(word))
    }

    /// What to put where, in the order of the text.
    fn edits<'a>(&'a self, object: &'a Object) -> impl Iterator<Item = (Range<usize>, &'a str)> {
        let own = object.class().template().key.first().copied();
        let mut unseen = true;
        object.attributes().enumerate().flat_map(move |(index, attribute)| {
            let is_own = attribute.name.is_some() && attribute.name == own && std::mem::take(&mut unseen);
            let stands = move |key: &&Key| match is_own {
                true => key.class() == object.class(),
                false => attribute.name.is_some_and(|name| refers(name, key.class())),
            };
            let start = object.spans(index).map_or(0, |(_, value)| value.start);
            words(attribute.raw).into_iter().filter_map(move |word| {
                let key = self.key_of(attribute.raw.get(word.clone())?).filter(stands)?;
                Some((start + word.start..start + word.end, key.text()))
            })
        })
    }
}

impl File {
    /// The text with the keys in their places, and every other byte as it was; `None` if there is nothing to put.
    pub fn renamed(&self, renamings: &Renamings) -> Option<String> {
        let edits: Vec<(Range<usize>, &str)> = self
            .items()
            .iter()
            .filter_map(|placed| match &placed.item {
                Item::Object(object) => Some((placed.span.start, object)),
                Item::Between | Item::Malformed => None,
            })
            .flat_map(|(start, object)| {
                renamings.edits(object).map(move |(at, key)| (start + at.start..start + at.end, key))
            })
            .collect();
        replaced(&self.source.text, &edits)
    }
}

/// The words of `object` that are its own key or may refer to another object, as [`identity`] has them.
pub fn names_in(object: &Object) -> BTreeSet<String> {
    let own = object.class().template().key.first().copied();
    let named = |attribute: &Attribute| {
        attribute.name.is_some_and(|name| Some(name) == own || !name.row().references.is_empty())
    };
    let texts = object.attributes().filter(named).flat_map(|attribute| {
        words(attribute.raw).into_iter().filter_map(move |word| attribute.raw.get(word))
    });
    texts.map(identity).collect()
}

/// What a word is compared by: a placeholder by its number alone, others without regard to letter case.
pub fn identity(word: &str) -> String {
    Placeholder::parse(word)
        .map_or_else(|| word.to_ascii_uppercase(), |placeholder| placeholder.name().to_owned())
}

fn refers(name: Name, class: Class) -> bool {
    name.row().references.contains(&class)
}

/// The words of a raw value outside of comments.
fn words(raw: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = 0;
    for (index, line) in raw.split('\n').enumerate() {
        // Between continuation lines whole lines may be comments.
        let is_comment = index > 0 && line.starts_with('%');
        let content = if is_comment { "" } else { line.split('#').next().unwrap_or_default() };
        let mark = usize::from(index > 0 && content.starts_with('+'));
        let mut at = start + mark;
        for part in content.get(mark..).unwrap_or_default().split_inclusive([' ', '\t', '\r', ',']) {
            let word = part.trim_end_matches([' ', '\t', '\r', ',']);
            if !word.is_empty() {
                words.push(at..at + word.len());
            }
            at += part.len();
        }
        start += line.len() + 1;
    }
    words
}

/// `text` with each range replaced; `None` without any. The ranges are in order and do not overlap.
fn replaced(text: &str, edits: &[(Range<usize>, &str)]) -> Option<String> {
    if edits.is_empty() {
        return None;
    }
    let mut new = String::with_capacity(text.len() + edits.len() * 8);
    let mut done = 0;
    for (at, key) in edits {
        new.push_str(text.get(done..at.start).unwrap_or_default());
        new.push_str(key);
        done = at.end;
    }
    new.push_str(text.get(done..).unwrap_or_default());
    Some(new)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::finding::Source;

    fn renamings() -> Renamings {
        let mut renamings = Renamings::default();
        renamings.add("AUTO-1", Key::new(Class::Role, "HN42-RIPE"));
        renamings.add("auto-2AB", Key::new(Class::Organisation, "ORG-AB1-RIPE"));
        renamings.add("HN7-RIPE", Key::new(Class::Person, "HN8-RIPE"));
        renamings
    }

    fn check(text: &str, expected: Option<&str>) {
        let (file, _) = File::parse(&Arc::new(Source::new("a.rpsl", text)));
        assert_eq!(file.renamed(&renamings()).as_deref(), expected, "{text}");
    }

    #[test]
    fn a_key_stands_where_the_placeholder_stood_and_nothing_else_changes() {
        check(
            "# AUTO-1\nrole:\tNOC AUTO-1\r\nnic-hdl:  auto-1HN   # AUTO-1 for now\nremarks: AUTO-1\n",
            Some("# AUTO-1\nrole:\tNOC AUTO-1\r\nnic-hdl:  HN42-RIPE   # AUTO-1 for now\nremarks: AUTO-1\n"),
        );
        check(
            "as-set: AS1:AS-A\nadmin-c: X1-RIPE,AUTO-1,\n# AUTO-1\n+AUTO-1x\n  AUTO-1 # AUTO-1\n% AUTO-1\n\tauto-1AB",
            Some(
                "as-set: AS1:AS-A\nadmin-c: X1-RIPE,HN42-RIPE,\n# AUTO-1\n+HN42-RIPE\n  HN42-RIPE # AUTO-1\n% AUTO-1\n\tHN42-RIPE",
            ),
        );
        check(
            "aut-num: AS1\norg:AUTO-2\nsource: AUTO-2",
            Some("aut-num: AS1\norg:ORG-AB1-RIPE\nsource: AUTO-2"),
        );
        check("person: A\nnic-hdl: hn7-ripe\n", Some("person: A\nnic-hdl: HN8-RIPE\n"));
    }

    #[test]
    fn what_stands_for_an_object_of_another_class_is_left() {
        check("person: A B\nnic-hdl: AUTO-1\n", None);
        check("aut-num: AS1\norg: AUTO-1\n", None);
        check("aut-num: AS1\nadmin-c: AUTO-3\n", None);
        check("nonsense AUTO-1\n", None);
    }

    proptest! {
        #[test]
        fn only_words_are_replaced(text in "(role|nic-hdl|admin-c|#|[ +]|): ?(AUTO-1|-x,|[ \t+#,é]){0,5}[\r]?\n") {
            let text = format!("role: R\n{text}");
            let (file, _) = File::parse(&Arc::new(Source::new("a.rpsl", text.clone())));
            if let Some(new) = file.renamed(&renamings()) {
                prop_assert_eq!(new.replace("HN42-RIPE", "AUTO-1"), text);
            }
        }
    }
}
