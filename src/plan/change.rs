//! One write that a plan wants.

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

    /// The word for it, as in the JSON of a plan: `create`, `modify` or `delete`.
    pub fn verb(&self) -> &'static str {
        match self {
            Change::Create(_) => "create",
            Change::Modify { .. } => "modify",
            Change::Delete(_) => "delete",
        }
    }
}
