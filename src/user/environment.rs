//! The key that the environment gives, for the registries of the RIPE NCC.

use std::{env, path::Path};

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
    let file = kept::variable(FILE_VARIABLE);
    match (env::var(VARIABLE), file) {
        (Ok(text), None) if !text.trim().is_empty() => Ok(Some(Secret::parse(&text)?.named(VARIABLE))),
        (Ok(text), Some(_)) if !text.trim().is_empty() => Err(SecretError::Both),
        (Err(env::VarError::NotUnicode(_)), _) => Err(SecretError::Form("it is not UTF-8".to_owned())),
        (Ok(_) | Err(env::VarError::NotPresent), None) => Ok(None),
        (Ok(_) | Err(env::VarError::NotPresent), Some(path)) => {
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
    [VARIABLE, FILE_VARIABLE].into_iter().find(|name| env::var_os(name).is_some_and(|text| !text.is_empty()))
}
