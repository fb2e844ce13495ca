//! What is the user's own and never the repository's: credentials, and registries at URLs that are not built in.
//!
//! They stand in `$XDG_CONFIG_HOME/ripectl/config.toml`. [`load`] reads it, [`parse`] makes values of its text.
//! A key is bound to one host, and is handed out for requests to that host only.

mod command;
mod credential;
mod edit;
mod environment;
mod file;
mod kept;
pub mod keyring;
mod secret;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

pub use credential::{Credential, CredentialError, Kept};
pub use edit::{EditError, NewCredential, with_credential, without_credential};
pub use environment::{of_environment, set_in_environment};
pub use file::{cache_folder, load};
pub use kept::placed;
pub use secret::{NamedSecret, Secret, SecretError};

use crate::{
    config::{self, At, Entries, Keys, Kind, OneOrMore, Read, Row, Table, Value},
    finding::{Finding, Location, Source},
    http::Address,
};

/// The user's own configuration.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Where it stands, or would stand.
    pub path: PathBuf,
    /// The credentials, in the order of the file.
    pub credentials: Vec<Credential>,
    /// The registries, in the order of the file.
    pub registries: Vec<Registry>,
}

/// A `[registry.NAME]` of the user's own configuration.
#[derive(Clone, Debug)]
pub struct Registry {
    /// Its name.
    pub name: String,
    /// The place of its name.
    pub place: Location,
    /// Its base URL. Without one the table speaks of a registry that is known otherwise.
    pub url: Option<Address>,
    /// Where it takes updates by syncupdates: deletions go there, each with the whole object.
    pub sync_url: Option<At<Address>>,
    /// What its objects have as `source:`; there if the URL is.
    pub source: Option<String>,
    /// The names of the credentials for it, the first preferred.
    pub credentials: Vec<String>,
}

/// Nothing, at the usual place.
impl Default for Configuration {
    fn default() -> Configuration {
        let path = "~/.config/ripectl/config.toml".into();
        Configuration { path, credentials: Vec::new(), registries: Vec::new() }
    }
}

impl Configuration {
    /// The credential of this name.
    pub fn credential(&self, name: &str) -> Option<&Credential> {
        self.credentials.iter().find(|credential| credential.name == name)
    }

    /// What to write into it so that the registry of this name is known.
    pub fn lines_for(&self, name: &str, url: &str, source: &str) -> String {
        let (path, name) = (self.path.display(), config::bare(name));
        let (url, source) = (config::toml_string(url), config::toml_string(source));
        format!("write into {path}:\n[registry.{name}]\nurl = {url}\nsource = {source}")
    }

    /// The registry of this name.
    pub fn registry(&self, name: &str) -> Option<&Registry> {
        self.registries.iter().find(|registry| registry.name == name)
    }
}

/// The configuration that `text` is, and all that is wrong with it. It is of use only if nothing is.
///
/// The findings show none of its values: a key may stand there by mistake.
pub fn parse(path: &Path, text: &str) -> (Configuration, Vec<Finding>) {
    let source = Arc::new(Source::new(path, text));
    let problems = config::Problems::default();
    let read = config::read(&source, &KEYS, &problems, |table| {
        for later in ["irr", "publisher"] {
            table.later(later);
        }
        let credentials = entries(table, "credential", Credential::named);
        let registries = entries(table, "registry", Written::named);
        Configuration { path: path.to_path_buf(), credentials, registries }
    });
    let shown = Arc::new(Source::new(path, without_values(text)));
    let hidden = |finding: Finding| Finding {
        place: finding.place.map(|place| Location { source: Arc::clone(&shown), ..place }),
        ..finding
    };
    let mut findings: Vec<Finding> = problems.into_inner().into_iter().map(hidden).collect();
    findings.sort_by_key(|finding| finding.place.as_ref().map(|place| place.span.start));
    (read.unwrap_or_default(), findings)
}

fn entries<W: Read, T>(
    table: &mut Table,
    key: &'static str,
    named: impl Fn(config::Entry<W>) -> Option<T>,
) -> Vec<T> {
    let written = table.get::<Entries<W>>(key).map_or_else(Vec::new, |entries| entries.0);
    written.into_iter().filter_map(named).collect()
}

/// `text` with its keys and headers as they are and a `*` for each other character: as long as it was.
fn without_values(text: &str) -> String {
    let stars = |text: &str| {
        text.chars()
            .map(|c| if c.is_ascii_whitespace() { c.into() } else { "*".repeat(c.len_utf8()) })
            .collect::<String>()
    };
    let is_word = |text: &str| {
        text.trim().len() <= 20 && text.trim().chars().all(|c| c.is_ascii_lowercase() || c == '-')
    };
    let line = |line: &str| match line.split_once('=') {
        Some((key, value)) if is_word(key) => format!("{key}={}", stars(value)),
        None if line.starts_with('[') && line.trim_end().ends_with(']') => line.to_owned(),
        _ => stars(line),
    };
    text.split_inclusive('\n').map(line).collect()
}

/// A `[registry.NAME]` as written.
struct Written {
    url: Option<Address>,
    sync_url: Option<At<Address>>,
    source: Option<String>,
    credentials: Option<OneOrMore<String>>,
}

impl Written {
    fn named(entry: config::Entry<Written>) -> Option<Registry> {
        let config::Entry { name, place, value: Written { url, sync_url, source, credentials } } = entry;
        let credentials = credentials.map_or_else(Vec::new, |names| names.0);
        Some(Registry { name, place, url, sync_url, source, credentials })
    }
}

/// The keys of `[registry.NAME]`.
const REGISTRY: Keys = Keys {
    title: "a registry at a URL that is not built in",
    about: "",
    rows: &[
        Row::optional::<Address>("url", "that of a registry that is known otherwise", "its REST API"),
        Row::optional::<At<Address>>(
            "sync-url",
            "deletions carry no object",
            "where it takes updates by syncupdates",
        ),
        Row::optional::<String>("source", "with `url` it must be there", "its `source:`").such_as("\"CORP\""),
        Row::optional::<OneOrMore<String>>(
            "credential",
            "none",
            "the keys that go there, the first preferred",
        ),
    ],
};

/// The keys of the user's own configuration.
const KEYS: Keys = Keys {
    title: "the user's own configuration",
    about: "",
    rows: &[
        Row::later("irr"),
        Row::later("publisher"),
        Row::optional::<Entries<credential::Written>>("credential", "none", "keys, and where they are kept"),
        Row::optional::<Entries<Written>>("registry", "none", "registries at URLs that are not built in"),
    ],
};

impl Read for Written {
    const KIND: Kind = Kind::Table(&REGISTRY);

    fn read(value: Value) -> Option<Written> {
        value.table(&REGISTRY, |table| {
            if table.has("url") {
                table.require("source", "add `source = \"CORP\"`, as its objects have it");
            }
            Written {
                url: table.get("url"),
                sync_url: table.get("sync-url"),
                source: table.get::<String>("source").map(|source| source.to_ascii_uppercase()),
                credentials: table.get("credential"),
            }
        })
    }
}

#[cfg(test)]
mod tests;
