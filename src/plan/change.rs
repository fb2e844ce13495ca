//! One write that a plan wants.

use std::fmt;

use crate::rpsl::{Key, Object};

/// One write to the registry. What it says of the registry (`before`, what is deleted) is what was read there.
#[derive(Clone, Debug)]
pub enum Change {
    /// Make the object; there is none with its key.
    Create(Object),
    /// Put `after` in the place of `before`; both have one key.
    Modify {
        /// The object as registered.
        before: Object,
        /// The object as declared.
        after: Object,
    },
    /// Take the object away.
    Delete(Object),
}

/// What is done to an object.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed.
    Modify,
    /// It is taken away.
    Delete,
}

impl Change {
    /// The object as registered, if there is one.
    pub fn before(&self) -> Option<&Object> {
        match self {
            Change::Create(_) => None,
            Change::Modify { before, .. } | Change::Delete(before) => Some(before),
        }
    }

    /// The object as it shall be, if it shall be.
    pub fn after(&self) -> Option<&Object> {
        match self {
            Change::Create(after) | Change::Modify { after, .. } => Some(after),
            Change::Delete(_) => None,
        }
    }

    /// The object that it is about: as it shall be, or what goes.
    pub fn object(&self) -> &Object {
        match self {
            Change::Create(object) | Change::Modify { after: object, .. } | Change::Delete(object) => object,
        }
    }

    /// The key of the object.
    pub fn key(&self) -> Key {
        self.object().key()
    }

    /// What is done.
    pub fn action(&self) -> Action {
        match self {
            Change::Create(_) => Action::Create,
            Change::Modify { .. } => Action::Modify,
            Change::Delete(_) => Action::Delete,
        }
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
