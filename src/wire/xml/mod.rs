//! The registry's XML: answers are written in it, and bodies read.

mod read;
mod write;

pub use read::objects;
pub use write::{abuse_contact, references, resources, sources, template, versions};
