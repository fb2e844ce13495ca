//! A credential: a key, where it is kept, and the one host that it is for.

use std::{fmt, path::PathBuf};

use super::{Secret, SecretError, kept};
use crate::{
    config::{Entry, Read, Value},
    finding::Location,
    http::{Address, Host},
};

/// A `[credential.NAME]` of the user's own configuration.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its name.
    pub name: String,
    /// The place of its name.
    pub place: Location,
    /// The host that it is for, and no other.
    pub host: Host,
    kept: Kept,
}

/// Where a key is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kept {
    /// In this file, for the user alone.
    File(PathBuf),
    /// In this environment variable.
    Variable(String),
}

/// Why a credential gives no key. Says nothing of the key itself.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// It is for another host.
    #[error("credential `{name}` is bound to `{bound}`, and this is `{asked}`: it is not sent there")]
    OtherHost {
        /// Its name.
        name: String,
        /// The host that it is for.
        bound: Host,
        /// The host that it was wanted for.
        asked: Host,
    },
    /// Its environment variable is not set, or empty.
    #[error("credential `{name}` is kept in ${variable}, which is not set")]
    Unset {
        /// Its name.
        name: String,
        /// The variable.
        variable: String,
    },
    /// Its file may not be used.
    #[error("credential `{name}`: {}: {what}\nhint: {next}", path.display())]
    File {
        /// Its name.
        name: String,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
        /// What to type.
        next: String,
    },
    /// What is kept is no key.
    #[error("credential `{name}` in {kept}: {error}")]
    Form {
        /// Its name.
        name: String,
        /// Where it is kept.
        kept: Kept,
        /// What is wrong.
        error: SecretError,
    },
}

impl Credential {
    /// The key, for requests to `address` and to no other host.
    pub fn secret_for(&self, address: &Address) -> Result<Secret, CredentialError> {
        let name = || self.name.clone();
        if !self.host.holds(address) {
            let (bound, asked) = (self.host.clone(), Host::of(address));
            return Err(CredentialError::OtherHost { name: name(), bound, asked });
        }
        let text = match &self.kept {
            Kept::Variable(variable) => kept::variable(variable)
                .ok_or_else(|| CredentialError::Unset { name: name(), variable: variable.clone() })?,
            Kept::File(path) => kept::file(path).map_err(|kept::Unfit { what, next }| {
                CredentialError::File { name: name(), path: path.clone(), what, next }
            })?,
        };
        let form = |error| CredentialError::Form { name: name(), kept: self.kept.clone(), error };
        Secret::parse(&text).map_err(form)
    }

    /// The credential that the entry is.
    pub(super) fn named(entry: Entry<Written>) -> Option<Credential> {
        let Entry { name, place, value: Written { host, kept } } = entry;
        Some(Credential { name, place, host: host?, kept: kept? })
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Kept::File(path) => path.display().fmt(f),
            Kept::Variable(name) => write!(f, "${name}"),
        }
    }
}

/// A `[credential.NAME]` as written.
pub(super) struct Written {
    host: Option<Host>,
    kept: Option<Kept>,
}

impl Read for Written {
    fn read(value: Value) -> Option<Written> {
        const LATER: [&str; 3] = ["keyring", "command", "password-command"];
        value.table(|table| {
            let host = table.need("host", "\"rest.db.ripe.net\"");
            let is_later = LATER.iter().any(|key| table.has(key));
            for key in LATER {
                table.later(key);
            }
            if table.has("file") && table.has("env") {
                value.refuse::<()>("`file` and `env` are both there: a key is kept in one place");
            } else if !table.has("env") && !is_later {
                table.require("file", "add `file = \"hobby.key\"` (mode 0600), or `env = \"RIPE_KEY\"`");
            }
            let file = table.get::<String>("file").map(|path| Kept::File(path.into()));
            let variable = table.get::<String>("env").map(Kept::Variable);
            Written { host, kept: file.or(variable) }
        })
    }
}
