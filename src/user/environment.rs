//! The key that the environment gives, for the registries of the RIPE NCC.

use std::{env, ffi::OsString, path::Path};

use super::{
    NamedSecret, Secret, SecretError,
    kept::{self, Unfit},
};

/// The environment variable that holds the API key.
pub const VARIABLE: &str = "RIPECTL_API_KEY";

/// The environment variable that names a file which holds it.
pub const FILE_VARIABLE: &str = "RIPECTL_API_KEY_FILE";

/// The key of the environment; `None` if neither variable is set, or what is set is empty.
pub fn of_environment() -> Result<Option<NamedSecret>, SecretError> {
    match (set(VARIABLE), set(FILE_VARIABLE)) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(SecretError::Both),
        (Some(text), None) => {
            let text = text.into_string().map_err(|_| SecretError::Form("it is not UTF-8".to_owned()))?;
            Ok(Some(Secret::parse(&text)?.named(VARIABLE)))
        }
        (None, Some(path)) => {
            let path = Path::new(&path);
            let text = kept::mounted(path).map_err(|Unfit { what, next }| SecretError::File {
                path: path.to_path_buf(),
                what,
                next,
            })?;
            Ok(Some(Secret::parse(&text)?.named(FILE_VARIABLE)))
        }
    }
}

/// Which of the two is set to something.
pub fn set_in_environment() -> Option<&'static str> {
    [VARIABLE, FILE_VARIABLE].into_iter().find(|name| set(name).is_some())
}

/// The value of an environment variable that is set to something.
pub(super) fn set(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|text| !text.to_string_lossy().trim().is_empty())
}
