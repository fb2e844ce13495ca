//! RPSL (RFC 2622, RFC 4012) as the RIPE Database writes it.
//!
//! Text first: a [`File`] is items that tile its text, an [`Object`] its text and the ranges of it that are
//! attributes. Clean values, the normal form that says what the registry takes for the same, and the layout in
//! which it prints are separate steps. [`schema`] is what classes and attributes there are.

mod any_case;
mod canonical;
mod file;
mod key;
mod normal;
mod object;
mod overlay;
mod placeholder;
pub mod policy;
mod renaming;
pub mod schema;
mod spelling;
pub mod syntax;
mod value;

pub use any_case::AnyCase;
pub use canonical::{canonical, stands_on_one_line};
pub use file::{File, Item, Placed};
pub use key::Key;
pub use normal::{Normal, is_generated};
pub use object::{Attribute, Draft, Object, ObjectError};
pub use placeholder::Placeholder;
pub use renaming::{Renamings, identity, names_in};
pub use schema::{Class, Group, Name};
pub use spelling::{Misreading, misreading};
pub use value::{Clean, elements, layout};

/// The facts beside the project, for the tests that are held against them.
#[cfg(test)]
pub(crate) mod shared {
    use std::{env, fs, path::PathBuf};

    /// The file of this name in `../shared`, or `None` with a line that says so.
    pub fn path(name: &str) -> Option<PathBuf> {
        let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");
        let path = PathBuf::from(env::var("RIPECTL_SHARED").unwrap_or(beside.into())).join(name);
        if !path.exists() {
            eprintln!("skipped: ../shared/{name} is not here");
        }
        path.exists().then_some(path)
    }

    /// The JSON in a file of `../shared`.
    pub fn json(name: &str) -> Option<serde_json::Value> {
        path(name).map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
    }
}
