//! What became of an object: its versions, and the step from one to the next.

use jiff::Timestamp;

use crate::rpsl::{Key, Object};

/// One version of an object.
#[derive(Clone, Debug)]
pub struct Revision {
    /// When it was written.
    pub at: Timestamp,
    /// What was written.
    pub object: Object,
}

/// A change of one object.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which.
    pub key: Key,
    /// What was there.
    pub before: Option<Object>,
    /// What is there now.
    pub after: Option<Object>,
    /// The revision with which the object's history begins, if this change is the first that is kept.
    pub first: Option<Revision>,
}
