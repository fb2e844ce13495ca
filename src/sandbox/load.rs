//! Files of objects that the registry is filled with, as they are: nothing is checked but that they are RPSL.

use std::{path::Path, sync::Arc};

use crate::{
    finding::Source,
    rpsl::{File, Object},
};

/// Why a file cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Something in it is not an object.
    #[error("line {line}: {text}")]
    NotRpsl {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        text: String,
    },
}

/// The objects of `text`, which stands for the file `path`.
pub fn objects(path: &Path, text: String) -> Result<Vec<Object>, LoadError> {
    let source = Arc::new(Source::new(path, text));
    let (file, findings) = File::parse(&source);
    if let Some(finding) = findings.first() {
        let line = finding.place.as_ref().map_or(1, crate::finding::Location::line);
        return Err(LoadError::NotRpsl { line, text: finding.text.clone() });
    }
    Ok(file.objects().map(|(object, _)| object.clone()).collect())
}
