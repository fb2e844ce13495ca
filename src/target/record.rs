//! What a place holds, whatever kind of place it is: a record with an identity, as pairs of name and value.

use std::fmt;

use super::{Roa, RoaPayload};
use crate::rpsl::{Attribute, Class, Draft, Key, Object, is_generated};

/// A record as pairs of name and raw value, in its order: what plans, journals and differences are made of.
pub type Pairs = Vec<(String, String)>;

/// What a place holds.
#[derive(Clone, Debug)]
pub enum Record {
    /// An RPSL object (RFC 2622).
    Object(Object),
    /// A ROA (RFC 9582), as its publisher is asked for it.
    Roa(Roa),
}

/// By what a record is known in its place.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum RecordId {
    /// The class and primary key of an object.
    Object(Key),
    /// The whole payload of a ROA: another maxLength is another ROA.
    Roa(RoaPayload),
}

/// Pairs that are no record.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct RecordError(String);

impl Record {
    /// By what it is known.
    pub fn id(&self) -> RecordId {
        match self {
            Record::Object(object) => RecordId::Object(object.key()),
            Record::Roa(roa) => RecordId::Roa(roa.payload),
        }
    }

    /// The object, if it is one.
    pub fn object(&self) -> Option<&Object> {
        match self {
            Record::Object(object) => Some(object),
            Record::Roa(_) => None,
        }
    }

    /// Whether its place would hold the same for both.
    pub fn is_same_as(&self, other: &Record) -> bool {
        match (self, other) {
            (Record::Object(one), Record::Object(other)) => one.is_same_as(other),
            (Record::Roa(one), Record::Roa(other)) => one == other,
            (Record::Object(_), Record::Roa(_)) | (Record::Roa(_), Record::Object(_)) => false,
        }
    }

    /// Its names and raw values.
    pub fn pairs(&self) -> Pairs {
        match self {
            Record::Object(object) => {
                object.attributes().map(|a| (a.label.trim().to_owned(), a.raw.trim().to_owned())).collect()
            }
            Record::Roa(roa) => roa.pairs(),
        }
    }

    /// Its names and values as people compare them: on one line each, white space folded, comments kept, without what the
    /// place writes itself.
    pub fn lines(&self) -> Pairs {
        match self {
            Record::Object(object) => {
                let declared = object.attributes().filter(|a| !a.name.is_some_and(is_generated));
                declared.map(line).collect()
            }
            Record::Roa(roa) => roa.pairs(),
        }
    }

    /// The same, with what the place writes itself.
    pub fn whole(&self) -> Pairs {
        match self {
            Record::Object(object) => object.attributes().map(line).collect(),
            Record::Roa(roa) => roa.pairs(),
        }
    }

    /// The record of this type (`route6`, `roa`) that the pairs are.
    pub fn from_pairs(kind: &str, pairs: Pairs) -> Result<Record, RecordError> {
        if kind == RoaPayload::TYPE {
            return Roa::from_pairs(&pairs).map(Record::Roa).map_err(RecordError);
        }
        let object = Draft::from_pairs(pairs).build().map_err(|error| RecordError(error.to_string()))?;
        match object.class().text() == kind {
            true => Ok(Record::Object(object)),
            false => Err(RecordError(format!("it holds {}", object.key()))),
        }
    }
}

fn line(attribute: Attribute) -> (String, String) {
    let clean = attribute.clean();
    let value = clean.comment.map_or(clean.value.clone(), |comment| format!("{} # {comment}", clean.value));
    let name = attribute.name.map_or(attribute.label.trim(), |name| name.text());
    (name.to_ascii_lowercase(), value)
}

impl From<Object> for Record {
    fn from(object: Object) -> Record {
        Record::Object(object)
    }
}

impl RecordId {
    /// The type and key of a record, as JSON has them.
    pub fn parse(kind: &str, key: &str) -> Option<RecordId> {
        match kind {
            RoaPayload::TYPE => key.parse().ok().map(RecordId::Roa),
            _ => Class::from_text(kind).map(|class| RecordId::Object(Key::new(class, key))),
        }
    }

    /// Its type: the class of an object, or `roa`.
    pub fn kind(&self) -> &'static str {
        match self {
            RecordId::Object(key) => key.class().text(),
            RecordId::Roa(_) => RoaPayload::TYPE,
        }
    }

    /// Its key, without the type.
    pub fn key_text(&self) -> String {
        match self {
            RecordId::Object(key) => key.text().to_owned(),
            RecordId::Roa(payload) => payload.to_string(),
        }
    }

    /// The key of the object, if it is one.
    pub fn key(&self) -> Option<&Key> {
        match self {
            RecordId::Object(key) => Some(key),
            RecordId::Roa(_) => None,
        }
    }
}

impl From<Key> for RecordId {
    fn from(key: Key) -> RecordId {
        RecordId::Object(key)
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            RecordId::Object(key) => key.fmt(f),
            RecordId::Roa(payload) => write!(f, "{}/{payload}", RoaPayload::TYPE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_its_pairs_and_its_type() {
        let check = |kind: &str, pairs: &[(&str, &str)], expected: &str| {
            let owned: Pairs = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
            let record = Record::from_pairs(kind, owned.clone());
            let said = record.as_ref().map_or_else(ToString::to_string, |record| record.id().to_string());
            assert_eq!(said, expected);
            let Ok(record) = record else { return };
            assert_eq!(record.pairs(), owned);
            let id = record.id();
            assert_eq!(RecordId::parse(id.kind(), &id.key_text()), Some(id));
        };
        check("mntner", &[("mntner", "A-MNT"), ("mnt-by", "A-MNT")], "mntner/A-MNT");
        check("role", &[("mntner", "A-MNT")], "it holds mntner/A-MNT");
        let roa = [("origin", "AS1"), ("prefix", "2001:db8::/32"), ("max-length", "48")];
        check("roa", &roa, "roa/AS1:2001:db8::/32-48");
        check("roa", &[roa.as_slice(), &[("comment", "mine")]].concat(), "roa/AS1:2001:db8::/32-48");
        check("roa", &roa[1..], "`origin` is missing");
        check(
            "roa",
            &[roa[0], roa[1], ("max-length", "31")],
            "maxLength 31 of 2001:db8::/32 is out of range; it must be from 32 to 128",
        );
        check("roa", &[roa[0], roa[1], ("colour", "red")], "`colour` is nothing of a ROA");
    }
}
