//! The keys of a table, as rows: what each is called, what may stand there, and what holds without it.
//!
//! A reader says which rows its table has, and a key without a row cannot be read: what is refused as unknown, the
//! reference for people and the JSON Schema for editors all come from the rows.

use super::Read;

/// What may stand behind a key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A whole number, from and to.
    Number(i64, i64),
    /// A string that is this, such as `a prefix`.
    Text(&'static str),
    /// One of these words.
    Words(&'static [&'static str]),
    /// A string, a whole number, a truth value, or an array of these.
    Variable,
    /// An array of these.
    List(&'static Kind),
    /// One of these, or an array of them.
    OneOrMore(&'static Kind),
    /// A table with these keys.
    Table(&'static Keys),
    /// A table of these, whose keys are names of the user's choice.
    Named(&'static Kind),
    /// Nothing yet: the key is refused with that.
    Later,
}

/// The keys of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Keys {
    /// What the table is about, for a heading; empty where it is told with its parent.
    pub title: &'static str,
    /// What is to be known of it besides, in Markdown.
    pub about: &'static str,
    /// Its keys.
    pub rows: &'static [Row],
}

/// A key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// What it is called.
    pub key: &'static str,
    /// What may stand there.
    pub kind: Kind,
    /// A value as it is written in the file; empty where the kind says all.
    pub example: &'static str,
    /// What holds without it; `None` if it must be there.
    pub without: Option<&'static str>,
    /// What it says.
    pub says: &'static str,
}

impl Row {
    /// A key that may be left out: then `without` holds.
    pub const fn optional<T: Read>(key: &'static str, without: &'static str, says: &'static str) -> Row {
        Row { key, kind: T::KIND, example: "", without: Some(without), says }
    }

    /// A key that must be there, as in `example`.
    pub const fn needed<T: Read>(key: &'static str, example: &'static str, says: &'static str) -> Row {
        Row { key, kind: T::KIND, example, without: None, says }
    }

    /// A key that is promised, and not there yet.
    pub const fn later(key: &'static str) -> Row {
        Row { key, kind: Kind::Later, example: "", without: Some(""), says: "is not there yet" }
    }

    /// The same key with an example.
    #[must_use]
    pub const fn such_as(self, example: &'static str) -> Row {
        Row { example, ..self }
    }
}

impl Keys {
    /// The row of this key.
    pub fn row(&self, key: &str) -> Option<&'static Row> {
        self.rows.iter().find(|row| row.key == key)
    }

    /// What the keys are called.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.rows.iter().map(|row| row.key)
    }
}

impl Kind {
    /// The table that stands there, or in what stands there, and the words between its path and the key: `""` or `.NAME`.
    pub fn table(&self) -> Option<(&'static Keys, &'static str)> {
        match self {
            Kind::Table(keys) => Some((keys, "")),
            Kind::List(kind) => kind.table(),
            Kind::Named(kind) => kind.table().map(|(keys, _)| (keys, ".NAME")),
            _ => None,
        }
    }
}

/// The words of a list of words and what they mean.
pub const fn words<T, const N: usize>(all: &[(&'static str, T); N]) -> [&'static str; N] {
    let mut words = [""; N];
    let mut at = 0;
    while at < N {
        words[at] = all[at].0;
        at += 1;
    }
    words
}
