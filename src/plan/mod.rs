//! What is to be changed.
mod change;

pub use change::Change;
