//! The first files of an estate, from a few answers and what the registry holds already.
//!
//! [`Answers`] are what was typed, each checked; [`draft`] makes the files of them, [`others`] says what only others can do,
//! and who. What is registered already and ours is taken over by [`crate::import`]. Nothing here asks or writes.

mod answers;
mod config;
mod contacts;
mod others;
mod space;
mod templates;

pub use answers::{Answer, Answers, Who};
pub use contacts::role;
pub use others::{ByOthers, others, questions};
pub use space::{Room, Space, spaces};

use std::path::PathBuf;

use crate::{estate::Draft, registered::Inventory};

/// Who stands in the objects that templates make.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contact {
    /// The handle of a person or role.
    pub handle: String,
    /// Whether it is made with the first files.
    pub is_new: bool,
}

/// The files: `ripectl.toml`, who we are if that is not registered yet, and templates for our space. Without a contact
/// there are no templates that need one.
pub fn draft(
    answers: &Answers,
    spaces: &[Space],
    contact: Option<&Contact>,
    head: &str,
    held: &Inventory,
) -> Draft {
    let mut draft = Draft::default();
    if let (Some(who), Some(contact)) = (&answers.who, contact.filter(|contact| contact.is_new)) {
        let path = PathBuf::from("objects/contacts.rpsl");
        draft.files.insert(
            path,
            contacts::text(who, &answers.maintainer, answers.country.as_deref(), &contact.handle),
        );
    }
    let templates = templates::templates(answers, spaces, contact);
    draft.config = Some(config::text(answers, spaces, head, held, &templates));
    draft.files.extend(templates.into_iter().map(|(path, text)| (PathBuf::from(path), text)));
    draft
}
