//! One write to the registry.

use crate::rpsl::Object;

/// What is to be written, with the object before and after.
#[derive(Clone, Debug)]
pub enum Change {
    /// The object does not exist yet.
    Create(Object),
    /// It replaces the one that is registered.
    Modify {
        /// As registered.
        before: Object,
        /// As declared.
        after: Object,
    },
    /// The registered object goes.
    Delete(Object),
}
