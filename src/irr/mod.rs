//! Route objects of routing registries (RFC 2622 §4, RFC 4012 §3), as values: out of dumps, and out of answers.
//!
//! A dump is read as a stream, with memory that does not grow with it; what is not a route object, or not asked for,
//! is counted and let go. What cannot be read as a route object refuses the dump: an object that was overlooked
//! would turn a match into "missing", or hide somebody else's.
//!
//! Not here: how route objects are fetched (`irrd`), and what they say about an announcement (`validate`).

mod attributes;
mod dump;
mod object;
mod paragraphs;
mod route;

pub use dump::{Dump, LeftOut, read_answer, read_dump};
pub use route::{Hidden, PSEUDO_SOURCE, Route};
