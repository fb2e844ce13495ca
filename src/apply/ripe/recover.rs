//! What became of objects that an earlier run sent without a key, and whose answer it did not see.

use std::path::PathBuf;

use super::{
    super::{Past, Sent},
    KeyError, Keys,
};
use crate::{
    estate::{Declared, Estate, Origin},
    registry::{Registry, Trouble},
    rpsl::{Key, Object, Placeholder},
};

/// What became of such an object.
#[derive(Clone, Debug)]
pub enum Fate {
    /// It was made, under this key, which stands in these files now.
    Made(Key, Vec<PathBuf>),
    /// It was not made, as far as the registry shows.
    NotMade,
    /// Each of these may be it.
    Unclear(Vec<Key>),
}

/// Why it is not known.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    /// The registry cannot be asked.
    #[error(transparent)]
    Registry(#[from] Trouble),
    /// The files cannot be written.
    #[error(transparent)]
    Files(#[from] KeyError),
}

/// The declaration of what was sent, if it still stands in a file with its placeholder.
pub fn still_declared<'a>(estate: &'a Estate, sent: &Sent) -> Option<&'a Declared> {
    let same = |object: &Object| {
        object.class() == sent.object.class()
            && Placeholder::of(object).is_some_and(|own| Placeholder::of(&sent.object) == Some(own))
            && object.known_as() == sent.object.known_as()
    };
    estate.declared.iter().find(|declared| declared.origin == Origin::File && same(&declared.object))
}

/// Looks for what was sent by its maintainer, name and age, and writes the key of what is found into the files.
pub async fn recover(
    registry: &Registry,
    keys: &mut Keys,
    past: &Past,
    sent: &Sent,
) -> Result<Fate, RecoverError> {
    let found = registry.find_made(&sent.object, sent.at, keys.declared()).await?;
    match (found.as_slice(), Placeholder::of(&sent.object)) {
        ([made], Some(placeholder)) => {
            let mut journal = past.journal().map_err(KeyError::from)?;
            let files = keys.keep_one(placeholder.name(), &made.key(), &mut journal)?;
            Ok(Fate::Made(made.key(), files))
        }
        ([], _) => Ok(Fate::NotMade),
        (several, _) => Ok(Fate::Unclear(several.iter().map(Object::key).collect())),
    }
}
