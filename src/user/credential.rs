//! A credential: a key, where it is kept, and the one host that it is for.

use std::{fmt, path::PathBuf};

use super::{Secret, SecretError, command, environment, kept, keyring};
use crate::{
    config::{Entry, Keys, Kind, Read, Row, Value},
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
    /// The source that it is for; any there, if none is said.
    pub source: Option<String>,
    /// Where the key is kept.
    pub kept: Kept,
}

/// Where a key is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kept {
    /// In this file, for the user alone.
    File(PathBuf),
    /// In this environment variable.
    Variable(String),
    /// In the keyring of the operating system, under the name of the credential.
    Keyring,
    /// By what this program prints when it is run with these arguments.
    Command(Vec<String>),
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
    /// It is for another source.
    #[error("credential `{name}` is bound to source {bound}, and this is {asked}: it is not sent there")]
    OtherSource {
        /// Its name.
        name: String,
        /// The source that it is for.
        bound: String,
        /// The source that it was wanted for.
        asked: String,
    },
    /// Its environment variable is not set, or empty.
    #[error("credential `{name}` is kept in ${variable}, which is not set")]
    Unset {
        /// Its name.
        name: String,
        /// The variable.
        variable: String,
    },
    /// Its file may not be used, or its command prints none.
    #[error("credential `{name}`: {kept}: {what}\nhint: {next}")]
    Unfit {
        /// Its name.
        name: String,
        /// Where it is kept.
        kept: Kept,
        /// What is wrong with that.
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
    /// The key, for requests to `address` about `source`, and to no other host.
    pub fn secret_for(&self, address: &Address, source: &str) -> Result<Secret, CredentialError> {
        let name = || self.name.clone();
        if !self.host.holds(address) {
            let (bound, asked) = (self.host.clone(), Host::of(address));
            return Err(CredentialError::OtherHost { name: name(), bound, asked });
        }
        if let Some(bound) = self.source.clone().filter(|bound| !bound.eq_ignore_ascii_case(source)) {
            return Err(CredentialError::OtherSource { name: name(), bound, asked: source.to_owned() });
        }
        let text = match &self.kept {
            Kept::Variable(variable) => environment::set(variable)
                .map(|text| text.to_string_lossy().into_owned())
                .ok_or_else(|| CredentialError::Unset { name: name(), variable: variable.clone() })?,
            Kept::File(path) => kept::file(path).map_err(|unfit| self.unfit(unfit))?,
            Kept::Command(words) => command::first_line(words).map_err(|unfit| self.unfit(unfit))?,
            Kept::Keyring => keyring::get(&self.name).map_err(|none| self.unfit(out_of_keyring(&none)))?,
        };
        let form = |error| CredentialError::Form { name: name(), kept: self.kept.clone(), error };
        Secret::parse(&text).map_err(form)
    }

    fn unfit(&self, kept::Unfit { what, next }: kept::Unfit) -> CredentialError {
        CredentialError::Unfit { name: self.name.clone(), kept: self.kept.clone(), what, next }
    }

    /// The credential that the entry is.
    pub(super) fn named(entry: Entry<Written>) -> Option<Credential> {
        let Entry { name, place, value: Written { host, source, kept } } = entry;
        Some(Credential { name, place, host: host?, source, kept: kept? })
    }
}

fn out_of_keyring(none: &keyring::NoKeyring) -> kept::Unfit {
    let next = "`ripectl login` keeps the key again; `ripectl login --file` in a file".to_owned();
    kept::Unfit { what: none.to_string(), next }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Kept::File(path) => path.display().fmt(f),
            Kept::Variable(name) => write!(f, "${name}"),
            Kept::Keyring => f.write_str("the keyring"),
            // Its arguments may hold what is nobody's business.
            Kept::Command(words) => write!(f, "command `{}`", words.first().map_or("", String::as_str)),
        }
    }
}

/// A `[credential.NAME]` as written.
pub(super) struct Written {
    host: Option<Host>,
    source: Option<String>,
    kept: Option<Kept>,
}

/// The keys of `[credential.NAME]`.
const KEYS: Keys = Keys {
    title: "a key, and where it is kept",
    about: "",
    rows: &[
        Row::needed::<Host>("host", "\"rest.db.ripe.net\"", "the only host that it goes to"),
        Row::later("password-command"),
        Row::optional::<String>("file", "another place", "a file of mode 0600"),
        Row::optional::<String>("env", "another place", "an environment variable"),
        Row::optional::<Vec<String>>("command", "another place", "a command that prints it"),
        Row::optional::<bool>("keyring", "another place", "the keyring of the operating system"),
        Row::optional::<String>("source", "any", "the source that it is for"),
    ],
};

impl Read for Written {
    const KIND: Kind = Kind::Table(&KEYS);

    fn read(value: Value) -> Option<Written> {
        const LATER: [&str; 1] = ["password-command"];
        const PLACES: [&str; 4] = ["file", "env", "command", "keyring"];
        value.table(&KEYS, |table| {
            let host = table.need("host");
            let is_later = LATER.iter().any(|key| table.has(key));
            for key in LATER {
                table.later(key);
            }
            let places: Vec<String> =
                PLACES.iter().filter(|key| table.has(key)).map(|key| format!("`{key}`")).collect();
            if places.len() > 1 {
                let both = places.join(" and ");
                value.refuse::<()>(format!("{both} are both there: a key is kept in one place"));
            } else if places.is_empty() && !is_later {
                let what = "add `file = \"hobby.key\"` (mode 0600), `env = \"RIPE_KEY\"` or `command = [\"pass\", \"show\", \"ripe\"]`";
                table.require("file", what);
            }
            let file = table.get::<String>("file").map(|path| Kept::File(path.into()));
            let variable = table.get::<String>("env").map(Kept::Variable);
            let command = table.get::<Vec<String>>("command").map(Kept::Command);
            let keyring = table.get::<bool>("keyring");
            if keyring == Some(false) {
                value.refuse::<()>("`keyring = false` says nothing: take it out, and say where the key is kept");
            }
            let keyring = keyring.map(|_| Kept::Keyring);
            let source = table.get::<String>("source").map(|source| source.to_ascii_uppercase());
            Written { host, source, kept: file.or(variable).or(command).or(keyring) }
        })
    }
}
