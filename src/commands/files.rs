//! Files that commands read and write.

use std::{
    env,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;

use crate::{
    disk::{FileError, RPSL_LIMIT, named},
    estate,
    finding::{Finding, Source},
};

/// The directory of the `ripectl.toml` that is found upward from where the user stands.
pub fn root() -> anyhow::Result<PathBuf> {
    Ok(estate::find(&here()?)?)
}

/// The same; none outside of an estate.
pub fn root_if_any() -> anyhow::Result<Option<PathBuf>> {
    Ok(estate::find(&here()?).ok())
}

/// Where the user stands.
pub fn here() -> anyhow::Result<PathBuf> {
    env::current_dir().context("the working directory cannot be told")
}

/// The `ripectl.toml` in `root` as seen from where the user stands: `../../ripectl.toml`.
pub fn config(root: &Path) -> PathBuf {
    let below = env::current_dir().ok().and_then(|here| Some(here.strip_prefix(root).ok()?.iter().count()));
    let up: PathBuf = std::iter::repeat_n("..", below.unwrap_or_default()).collect();
    up.join(estate::CONFIG)
}

/// Reads a file of RPSL that the user named, to write it again.
pub fn text(path: &Path) -> Result<Arc<Source>, Box<Finding>> {
    let bytes = named::read_to_replace(path, RPSL_LIMIT).map_err(|error| estate::unread(&error))?;
    estate::text(path, bytes)
}

/// Puts `text` in the place of the file at `path` that the user named, whole or not at all, with the rights that it
/// had; not through a link.
pub fn replace(path: &Path, text: &str) -> Result<(), FileError> {
    named::replace(path, text.as_bytes())
}

/// The same, for the user alone: what stands in it is nobody else's.
pub fn replace_privately(path: &Path, text: &str) -> Result<(), FileError> {
    named::replace_privately(path, text.as_bytes())
}

/// The same, for others to read.
pub fn publish(path: &Path, text: &str) -> Result<(), FileError> {
    named::publish(path, text.as_bytes())
}
