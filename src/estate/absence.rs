//! What must be absent: one object, or those of a class on one side of a prefix.

use std::{fmt, str::FromStr};

use super::manage::{KeyPattern, PatternError};
use crate::{
    config::{Kind, Read, Value, did_you_mean},
    net::{Block, Family, Prefix},
    rpsl::{Class, Key},
};

/// Objects that must not be there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Absence {
    /// The one with this key, written `class/key`.
    Object(Key),
    /// Those of a class on one side of a prefix, written `route6 <= 2001:db8::/44`.
    Around {
        /// The class.
        class: Class,
        /// On which side.
        side: Side,
        /// Of which prefix.
        prefix: Prefix,
    },
}

/// Where an address object stands, seen from a prefix. The shorter prefix counts as the smaller.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Side {
    /// `<=`: it is for the prefix itself, or for space that contains it.
    AtOrAbove,
    /// `<`: it is for larger space that contains the prefix.
    Above,
    /// `>=`: it is for the prefix itself, or for a part of it.
    AtOrBelow,
    /// `>`: it is for a part of the prefix.
    Below,
}

/// The operators; a longer one stands before the one that it begins with.
const SIDES: [(&str, Side); 4] =
    [("<=", Side::AtOrAbove), (">=", Side::AtOrBelow), ("<", Side::Above), (">", Side::Below)];

impl Side {
    /// Whether it looks at what contains the prefix.
    pub fn is_upward(self) -> bool {
        matches!(self, Side::AtOrAbove | Side::Above)
    }

    /// Whether what is for exactly the prefix counts too.
    pub fn is_inclusive(self) -> bool {
        matches!(self, Side::AtOrAbove | Side::AtOrBelow)
    }

    /// As it is read aloud, such as `at or above`.
    pub fn words(self) -> &'static str {
        match self {
            Side::AtOrAbove => "at or above",
            Side::Above => "above",
            Side::AtOrBelow => "at or below",
            Side::Below => "below",
        }
    }

    /// Whether an object for `block` stands on this side of `prefix`.
    fn has(self, block: Block, prefix: Block) -> bool {
        let beyond = if self.is_upward() { block.contains(prefix) } else { prefix.contains(block) };
        if block == prefix { self.is_inclusive() } else { beyond }
    }
}

impl Absence {
    /// Whether it means the object with this key, which is for `block` if it is one of address space.
    pub(super) fn means(&self, key: &Key, block: Option<Block>) -> bool {
        match self {
            Absence::Object(own) => own == key,
            Absence::Around { class, side, prefix } => {
                *class == key.class() && block.is_some_and(|block| side.has(block, prefix.block()))
            }
        }
    }
}

/// As it is written in `absent`.
impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Absence::Object(key) => key.fmt(f),
            Absence::Around { class, side, prefix } => {
                let sign = SIDES.iter().find(|(_, each)| each == side).map_or("", |(sign, _)| *sign);
                f.pad(&format!("{class} {sign} {prefix}"))
            }
        }
    }
}

/// A text that does not say what must be absent.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AbsenceError {
    /// Neither `class/key` nor `class`, an operator and a prefix.
    #[error(
        "`{0}` must be `class/key`, or as `route6 <= 2001:db8::/44`, with one of `<`, `<=`, `>=` and `>`"
    )]
    Form(String),
    /// It names no object.
    #[error(transparent)]
    Object(#[from] PatternError),
    /// What stands behind the operator is no prefix.
    #[error(transparent)]
    Prefix(#[from] crate::net::PrefixError),
    /// Objects of the class are not for address space.
    #[error("{0} objects are not for addresses: nothing is above or below them")]
    Placeless(Class),
    /// The class is for the other address family.
    #[error("{prefix} cannot have {class} objects; did you mean `{other}`?")]
    Family {
        /// The prefix.
        prefix: Prefix,
        /// The class as written.
        class: Class,
        /// The class of the other family.
        other: Class,
    },
}

impl FromStr for Absence {
    type Err = AbsenceError;

    fn from_str(text: &str) -> Result<Absence, AbsenceError> {
        let split = |(sign, side): &(&str, Side)| {
            text.split_once(sign).map(|(class, prefix)| (class.trim(), *side, prefix.trim()))
        };
        let Some((class, side, prefix)) = SIDES.iter().find_map(split) else {
            let pattern: KeyPattern = text.parse().map_err(|error| match error {
                PatternError::Form(text) => AbsenceError::Form(text),
                error @ (PatternError::Class { .. } | PatternError::Key { .. }) => error.into(),
            })?;
            return pattern
                .into_key()
                .map(Absence::Object)
                .ok_or_else(|| AbsenceError::Form(text.to_owned()));
        };
        let class = Class::from_text(class).ok_or_else(|| PatternError::Class {
            class: class.to_owned(),
            hint: did_you_mean(class, Class::all().map(Class::text)),
        })?;
        let prefix: Prefix = prefix.parse()?;
        let (family, other) = match class {
            Class::Inet6num => (Family::V6, Class::Inetnum),
            Class::Inetnum => (Family::V4, Class::Inet6num),
            Class::Route6 => (Family::V6, Class::Route),
            Class::Route => (Family::V4, Class::Route6),
            Class::Domain => (prefix.family(), class),
            _ => return Err(AbsenceError::Placeless(class)),
        };
        match family == prefix.family() {
            true => Ok(Absence::Around { class, side, prefix }),
            false => Err(AbsenceError::Family { prefix, class, other }),
        }
    }
}

impl Read for Absence {
    const KIND: Kind = Kind::Text("`class/key`, or `class`, `<`, `<=`, `>=` or `>`, and a prefix");

    fn read(value: Value) -> Option<Absence> {
        value.parsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let shown = text.parse::<Absence>().map(|absence| absence.to_string());
        assert_eq!(shown.unwrap_or_else(|error| error.to_string()), expected);
    }

    #[test]
    fn what_must_be_absent_is_an_object_or_a_side_of_a_prefix() {
        check("route6<=2A0F:85C1:260::/44", "route6 <= 2a0f:85c1:260::/44");
        check("domain < 2a0f:85c1:260::/44", "domain < 2a0f:85c1:260::/44");
        check("inetnum >= 192.0.2.0/24", "inetnum >= 192.0.2.0/24");
        check("Inet6num/2a0f:85c1:0260::/44", "inet6num/2a0f:85c1:260::/44");
        check("rout6 <= ::/0", "`rout6` is not a class of objects; did you mean `route6`?");
        check("role < ::/0", "role objects are not for addresses: nothing is above or below them");
        check("route < ::/0", "::/0 cannot have route objects; did you mean `route6`?");
        check(
            "route6 < 2a0f:85c1:261::/44",
            "2a0f:85c1:261::/44 has host bits set; did you mean 2a0f:85c1:260::/44?",
        );
        let form =
            "must be `class/key`, or as `route6 <= 2001:db8::/44`, with one of `<`, `<=`, `>=` and `>`";
        check("route6", &format!("`route6` {form}"));
        check("route6/*", &format!("`route6/*` {form}"));
    }

    #[test]
    fn the_shorter_prefix_is_above() {
        let check = |text: &str, key: &str, expected: bool| {
            let absence: Absence = text.parse().unwrap();
            let key = Key::new(Class::Route6, key);
            let block = key.block();
            assert_eq!(absence.means(&key, block), expected, "{text}: {key}");
        };
        for (text, at, above, below) in [
            ("route6 <= 2a0f:85c1:260::/44", true, true, false),
            ("route6 < 2a0f:85c1:260::/44", false, true, false),
            ("route6 >= 2a0f:85c1:260::/44", true, false, true),
            ("route6 > 2a0f:85c1:260::/44", false, false, true),
            ("domain <= 2a0f:85c1:260::/44", false, false, false),
            ("route6/2a0f:85c1:260::/44AS1", true, false, false),
        ] {
            check(text, "2a0f:85c1:260::/44AS1", at);
            check(text, "2a0f:85c1::/32AS1", above);
            check(text, "2a0f:85c1:261::/48AS1", below);
            check(text, "2a0f:85c1:270::/44AS1", false);
        }
    }
}
