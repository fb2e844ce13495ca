//! What a registry holds, as far as it is known.
//!
//! An [`Inventory`] is objects with indexes by key, by address and by value: the sandbox's memory and the
//! plan's. [`Registered`] adds what of it is known: a question that was not answered yet is
//! `Err(Unknown(query))`, and the edge can ask it. Nothing here asks.

mod inventory;
mod keys;
mod query;
mod space;

pub use inventory::Inventory;
pub use query::{Answered, Known, Query, Registered, Unknown, all};
