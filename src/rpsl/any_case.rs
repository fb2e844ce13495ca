//! Words in any letter case.

use std::collections::HashSet;

/// A set of words for which letter case does not count, as the registry compares names.
#[derive(Clone, Debug, Default)]
pub struct AnyCase(HashSet<Box<str>>);

impl AnyCase {
    /// A set of these.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> AnyCase {
        AnyCase(words.into_iter().map(small).collect())
    }

    /// Whether the word is in it.
    pub fn contains(&self, word: &str) -> bool {
        self.0.contains(&small(word))
    }

    /// Adds a word; whether it is new.
    pub fn insert(&mut self, word: &str) -> bool {
        self.0.insert(small(word))
    }
}

fn small(word: &str) -> Box<str> {
    word.to_ascii_lowercase().into()
}
