//! `[manage]`: whose objects are ours, and what may happen to them.

use std::{fmt, str::FromStr};

use crate::{
    config::{At, Keys, Kind, Read, Row, Value, did_you_mean},
    finding::Location,
    net::Prefix,
    rpsl::{Class, Key},
};

/// Whose objects are ours, and what may happen to them.
#[derive(Clone, Debug, Default)]
pub struct Manage {
    /// Our maintainers, as keys of `mntner` objects: what they maintain is looked at.
    pub maintainers: Vec<Key>,
    /// Where each of them is written.
    pub maintainers_at: Vec<Location>,
    /// Address space in which ours and undeclared may be deleted.
    pub exclusive: Vec<At<Prefix>>,
    /// Objects that are never deleted.
    pub protect: Vec<At<KeyPattern>>,
    /// Objects of ours that must not be there: they are deleted wherever they are.
    pub absent: Vec<At<Key>>,
    /// Objects of others in our space that must not be there: they are deleted if the registry lets the holder of the
    /// space do so.
    pub reclaim: Vec<At<Key>>,
    /// How much one apply may change.
    pub limits: Limits,
    /// Where `[manage]` is written, if it is.
    pub place: Option<Location>,
}

/// How many objects one apply may change, and how many one run may read that tell of other people.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Deletions; `None` is a share of what is managed.
    pub delete: Option<u32>,
    /// Modifications; `None` is a share of what is managed.
    pub modify: Option<u32>,
    /// Persons and roles of others that are read: the registry counts them, and blocks who reads too many
    /// (rules.md §11).
    pub contacts: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { delete: None, modify: None, contacts: 50 }
    }
}

/// All objects of a class (`role/*`), or one object (`role/HN1-RIPE`).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyPattern {
    class: Class,
    key: Option<Key>,
}

impl KeyPattern {
    /// The class of the objects that it means.
    pub fn class(&self) -> Class {
        self.class
    }

    /// The key, if it means one object.
    pub(super) fn into_key(self) -> Option<Key> {
        self.key
    }

    /// The key, if it means one object.
    pub fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    /// Whether it means the object with this key.
    pub fn matches(&self, key: &Key) -> bool {
        self.key.as_ref().map_or(self.class == key.class(), |own| own == key)
    }
}

impl fmt::Display for KeyPattern {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match &self.key {
            Some(key) => key.fmt(f),
            None => write!(f, "{}/*", self.class),
        }
    }
}

/// A text that names no objects.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PatternError {
    /// There is no `/`, or nothing on one of its sides, or a `*` that does not stand alone.
    #[error("`{0}` must be `class/key`, as `role/HN1-RIPE`, or `class/*`")]
    Form(String),
    /// The part before the `/` is no class.
    #[error("`{class}` is not a class of objects{hint}")]
    Class {
        /// What stands there.
        class: String,
        /// What was probably meant.
        hint: String,
    },
    /// No object has such a key, or another one than it seems.
    #[error("`{written}`: {problem}{}", meant.as_ref().map(|meant| format!(" (write `{meant}`)")).unwrap_or_default())]
    Key {
        /// What stands there.
        written: String,
        /// What is wrong with it.
        problem: String,
        /// What to write, where that can be told.
        meant: Option<String>,
    },
}

impl FromStr for KeyPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<KeyPattern, PatternError> {
        let form = || PatternError::Form(text.to_owned());
        let (class, key) = text.split_once('/').ok_or_else(form)?;
        let class = Class::from_text(class).ok_or_else(|| PatternError::Class {
            class: class.to_owned(),
            hint: did_you_mean(class, Class::all().map(Class::text)),
        })?;
        match key {
            "*" => Ok(KeyPattern { class, key: None }),
            key if key.trim().is_empty() || key.contains('*') => Err(form()),
            key => match Key::spelled(class, key) {
                Ok(key) => Ok(KeyPattern { class, key: Some(key) }),
                Err((problem, meant)) => {
                    let meant = meant.map(|meant| format!("{class}/{meant}"));
                    Err(PatternError::Key { written: text.to_owned(), problem, meant })
                }
            },
        }
    }
}

impl Read for KeyPattern {
    const KIND: Kind = Kind::Text("`class/*` or `class/key`");

    fn read(value: Value) -> Option<KeyPattern> {
        value.parsed()
    }
}

/// A key, written as `class/key`.
impl Read for Key {
    const KIND: Kind = Kind::Text("`class/key`");

    fn read(value: Value) -> Option<Key> {
        let pattern = value.parsed::<KeyPattern>()?;
        pattern.into_key().or_else(|| value.refuse("must name one object: `*` is not allowed here"))
    }
}

/// A key of a class whose objects the holder of the space may delete (rules.md §5, reclaim).
struct Reclaimable(Key);

impl Reclaimable {
    fn key(At { value: Reclaimable(key), place }: At<Reclaimable>) -> At<Key> {
        At { value: key, place }
    }
}

impl Read for Reclaimable {
    const KIND: Kind = Kind::Text("`class/key`");

    fn read(value: Value) -> Option<Reclaimable> {
        let key = Key::read(value)?;
        match key.class() {
            class if class.is_in_space() => Some(Reclaimable(key)),
            class => value.refuse_with(
                format!("no holder of address space decides over {class} objects"),
                "only inetnum, inet6num, route, route6 and domain can be reclaimed: ask whoever maintains it",
            ),
        }
    }
}

/// The name of a maintainer, as a key.
struct Maintainer(Key);

impl Read for Maintainer {
    const KIND: Kind = Kind::Text("a maintainer");

    fn read(value: Value) -> Option<Maintainer> {
        match Key::spelled(Class::Mntner, value.text()?) {
            Ok(key) => Some(Maintainer(key)),
            Err((problem, _)) => value.refuse(problem),
        }
    }
}

/// The keys of `[manage] limits`.
const LIMITS: Keys = Keys {
    title: "",
    about: "",
    rows: &[
        Row::optional::<u32>("delete", "3, or 10 % of what is managed if that is more", "deletions"),
        Row::optional::<u32>("modify", "10, or 30 %", "modifications"),
        Row::optional::<u32>("contacts", "50", "persons and roles of others that a run reads"),
    ],
};

impl Read for Limits {
    const KIND: Kind = Kind::Table(&LIMITS);

    fn read(value: Value) -> Option<Limits> {
        value.table(&LIMITS, |table| Limits {
            delete: table.get("delete"),
            modify: table.get("modify"),
            contacts: table.get("contacts").unwrap_or(Limits::default().contacts),
        })
    }
}

/// The keys of `[manage]`.
const KEYS: Keys = Keys {
    title: "whose objects are ours, and what may happen to them",
    about: "",
    rows: &[
        Row::optional::<Vec<At<Maintainer>>>(
            "maintainers",
            "there must be one for `plan` and `apply`",
            "our maintainers",
        )
        .such_as("[\"HOBBY-MNT\"]"),
        Row::optional::<Vec<At<Prefix>>>(
            "exclusive",
            "none",
            "space in which ours and not declared is deleted",
        )
        .such_as("[\"2001:db8::/32\"]"),
        Row::optional::<Vec<At<KeyPattern>>>("protect", "nothing", "what is never deleted")
            .such_as("[\"role/*\", \"role/HN1-RIPE\"]"),
        Row::optional::<Vec<At<Key>>>(
            "absent",
            "none",
            "objects of ours that are deleted, wherever they are",
        )
        .such_as("[\"class/key\"]"),
        Row::optional::<Vec<At<Reclaimable>>>(
            "reclaim",
            "none",
            "objects of others in our space that are deleted, with `--allow-reclaims N`",
        )
        .such_as("[\"class/key\"]"),
        Row::optional::<Limits>("limits", "those of its keys", "how much one run may do without `--allow-…`"),
    ],
};

impl Read for Manage {
    const KIND: Kind = Kind::Table(&KEYS);

    fn read(value: Value) -> Option<Manage> {
        value.table(&KEYS, |table| {
            let named: Vec<At<Maintainer>> = table.get("maintainers").unwrap_or_default();
            let (maintainers, maintainers_at) =
                named.into_iter().map(|At { value: Maintainer(key), place }| (key, place)).unzip();
            Manage {
                maintainers,
                maintainers_at,
                exclusive: table.get("exclusive").unwrap_or_default(),
                protect: table.get("protect").unwrap_or_default(),
                absent: table.get("absent").unwrap_or_default(),
                reclaim: table
                    .get::<Vec<At<Reclaimable>>>("reclaim")
                    .map_or_else(Vec::new, |all| all.into_iter().map(Reclaimable::key).collect()),
                limits: table.get("limits").unwrap_or_default(),
                place: Some(value.place()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_a_class_or_one_object() {
        let check = |pattern: &str, key: &Key, expected: &str| {
            let result = pattern.parse::<KeyPattern>().map(|pattern| pattern.matches(key).to_string());
            assert_eq!(result.unwrap_or_else(|error| error.to_string()), expected);
        };
        let role = Key::new(Class::Role, "HN1-RIPE");
        check("role/*", &role, "true");
        check("person/*", &role, "false");
        check("role/hn1-ripe", &role, "true");
        check("rle/*", &role, "`rle` is not a class of objects; did you mean `role`?");
        check("role", &role, "`role` must be `class/key`, as `role/HN1-RIPE`, or `class/*`");
        check("role/HN*", &role, "`role/HN*` must be `class/key`, as `role/HN1-RIPE`, or `class/*`");
        check(
            "route6/2a0f::1/48AS1",
            &role,
            "`route6/2a0f::1/48AS1`: 2a0f::1/48 has host bits set; did you mean 2a0f::/48? (write `route6/2a0f::/48AS1`)",
        );
        check(
            "route6/2a0f::/48",
            &role,
            "`route6/2a0f::/48`: a route is named with its origin (write `route6/2a0f::/48AS64500`)",
        );
    }
}
