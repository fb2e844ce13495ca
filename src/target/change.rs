//! One write that a plan wants.

use std::fmt;

use super::{Record, RecordId};
use crate::rpsl::{Key, Object};

/// One write. What it says of the place (`before`, what is deleted) is what was read there. Where a place holds nothing
/// but objects, it is a change of an [`Object`]; where a plan knows several places, of a [`Record`].
#[derive(Clone, Debug)]
pub enum Change<R = Object> {
    /// Make the record; there is none with its key.
    Create(R),
    /// Put `after` in the place of `before`; both have one key.
    Modify {
        /// The record as it stands.
        before: R,
        /// The record as declared.
        after: R,
    },
    /// Take the record away.
    Delete(R),
}

/// What is done to a record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed.
    Modify,
    /// It is taken away.
    Delete,
}

impl<R> Change<R> {
    /// The record as it stands, if there is one.
    pub fn before(&self) -> Option<&R> {
        match self {
            Change::Create(_) => None,
            Change::Modify { before, .. } | Change::Delete(before) => Some(before),
        }
    }

    /// The record as it shall be, if it shall be.
    pub fn after(&self) -> Option<&R> {
        match self {
            Change::Create(after) | Change::Modify { after, .. } => Some(after),
            Change::Delete(_) => None,
        }
    }

    /// The record that it is about: as it shall be, or what goes.
    pub fn subject(&self) -> &R {
        match self {
            Change::Create(record) | Change::Modify { after: record, .. } | Change::Delete(record) => record,
        }
    }

    /// What is done.
    pub fn action(&self) -> Action {
        match self {
            Change::Create(_) => Action::Create,
            Change::Modify { .. } => Action::Modify,
            Change::Delete(_) => Action::Delete,
        }
    }

    /// What takes it back, as far as the place allows.
    #[must_use]
    pub fn inverse(self) -> Change<R> {
        match self {
            Change::Create(record) => Change::Delete(record),
            Change::Modify { before, after } => Change::Modify { before: after, after: before },
            Change::Delete(record) => Change::Create(record),
        }
    }

    /// The same change of what `to` makes of its records; nothing, if it makes nothing of one.
    pub fn map<'a, S>(&'a self, to: impl Fn(&'a R) -> Option<S>) -> Option<Change<S>> {
        Some(match self {
            Change::Create(record) => Change::Create(to(record)?),
            Change::Modify { before, after } => Change::Modify { before: to(before)?, after: to(after)? },
            Change::Delete(record) => Change::Delete(to(record)?),
        })
    }
}

impl Change {
    /// The object that it is about: as it shall be, or what goes.
    pub fn object(&self) -> &Object {
        self.subject()
    }

    /// The key of the object.
    pub fn key(&self) -> Key {
        self.object().key()
    }

    /// The same change, as one of a place that need not hold objects.
    pub fn to_records(&self) -> Change<Record> {
        match self {
            Change::Create(object) => Change::Create(object.clone().into()),
            Change::Modify { before, after } => {
                Change::Modify { before: before.clone().into(), after: after.clone().into() }
            }
            Change::Delete(object) => Change::Delete(object.clone().into()),
        }
    }
}

impl Change<Record> {
    /// By what the record is known.
    pub fn id(&self) -> RecordId {
        self.subject().id()
    }

    /// The object that it is about, if it is about one.
    pub fn as_object(&self) -> Option<&Object> {
        self.subject().object()
    }

    /// The same change of objects, if it is one.
    pub fn to_objects(&self) -> Option<Change> {
        self.map(|record| record.object().cloned())
    }

    /// The change of an object, if it is one.
    pub fn of_objects(&self) -> Option<Change<&Object>> {
        self.map(Record::object)
    }

    /// Whether both come from the same and come to the same.
    pub fn is_same_as(&self, other: &Change<Record>) -> bool {
        let same = |one: Option<&Record>, other: Option<&Record>| match (one, other) {
            (Some(one), Some(other)) => one.is_same_as(other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        same(self.before(), other.before()) && same(self.after(), other.after())
    }
}

impl Action {
    /// All that there are.
    pub const ALL: [Action; 3] = [Action::Create, Action::Modify, Action::Delete];

    /// Its word, as in the JSON of a plan and of a receipt.
    pub fn text(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Modify => "modify",
            Action::Delete => "delete",
        }
    }

    /// The action with this word.
    pub fn from_text(text: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.text() == text)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.text())
    }
}
