//! Which registries there are, and which of them a repository may name.

use std::{path::Path, sync::Arc};

use crate::{
    config::{self, At, Entries, Entry, Keys, Kind, OneOrMore, Read, Row, Table, Value},
    finding::{Finding, Severity, Source, suggestion},
    http::Address,
    rules::{Certainty, Passwords, Settings},
    user::{self, Configuration},
};

/// A registry that speaks the RIPE Database's REST API.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Registry {
    /// The name that `--registry` takes.
    pub name: String,
    /// How it is reached.
    pub endpoint: Endpoint,
    /// What its objects have as `source:`.
    pub source: String,
    /// The names of its credentials in the user's own configuration, the first preferred.
    pub credentials: Vec<String>,
}

impl Registry {
    /// Whether it is one that the RIPE NCC runs, at the address that everyone knows: whose settings are its own
    /// affair, and which `RIPECTL_API_KEY` is for.
    pub fn is_public(&self) -> bool {
        let own = BUILT_IN.iter().find(|(name, ..)| *name == self.name).and_then(|(_, url, _)| *url);
        matches!((&self.endpoint, own), (Endpoint::Url(url), Some(own)) if url.to_string() == own)
    }
}

impl Registry {
    /// Whether it is the sandbox that is part of this program.
    pub fn is_embedded(&self) -> bool {
        self.endpoint == Endpoint::Embedded
    }

    /// Its surroundings, as far as anyone outside can tell: those of the RIPE NCC's are as the server is delivered, but
    /// for passwords; another one is taken for a sandbox with the usual settings.
    pub fn settings(&self) -> Settings {
        let usual = Settings { source: self.source.clone(), ..Settings::default() };
        match self.is_public() {
            true => Settings {
                certainty: Certainty::Assumed,
                passwords: Passwords::Refused,
                max_references: Some(100), // as in the settings of the server's own tests
                ..usual
            },
            false => usual,
        }
    }
}

/// How a registry is reached.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Endpoint {
    /// In this process: the sandbox.
    Embedded,
    /// At this base URL.
    Url(Address),
    /// At a URL that must stand in the user's own configuration, and does not.
    Unknown,
}

/// The registries that everyone knows: name, base URL, source.
const BUILT_IN: [(&str, Option<&str>, &str); 4] = [
    ("ripe", Some("https://rest.db.ripe.net"), "RIPE"),
    ("ripe-test", Some("https://rest-test.db.ripe.net"), "TEST"),
    ("ripe-rc", Some("https://rest-rc.db.ripe.net"), "RIPE"),
    ("sandbox", None, "RIPE"),
];

/// A `[registry.NAME]` as written.
pub(super) struct Written {
    credentials: Option<At<OneOrMore<String>>>,
    url: Option<At<Address>>,
    source: Option<At<String>>,
}

/// The keys of `[registry.NAME]`.
const KEYS: Keys = Keys {
    title: "where objects are registered",
    about: "`ripe`, `ripe-test`, `ripe-rc` and `sandbox` are built in. The registry of a run is the one of `--registry`, else the\n\
            only one in here, else `ripe`.",
    rows: &[
        Row::optional::<At<OneOrMore<String>>>(
            "credential",
            "`RIPECTL_API_KEY`, or `apply` asks",
            "which keys of the user's own configuration go there ([keys.md](keys.md))",
        )
        .such_as("\"hobby\""),
        Row::optional::<At<Address>>(
            "url",
            "that of the registry that is built in",
            "where its REST API is: on this machine; others stand in the user's own configuration",
        )
        .such_as("\"http://127.0.0.1:8043\""),
        Row::optional::<At<String>>("source", "that of the registry that is built in", "its `source:`")
            .such_as("\"RIPE\""),
    ],
};

impl Read for Written {
    const KIND: Kind = Kind::Table(&KEYS);

    fn read(value: Value) -> Option<Written> {
        value.table(&KEYS, |table| Written {
            credentials: table.get("credential"),
            url: table.get("url"),
            source: table.get("source"),
        })
    }
}

/// The built-in registries, those of the user's own configuration and those of `[registry]`, and the one of this run:
/// `chosen`, or else the only one that the file names, or else `ripe`.
pub(super) fn read(
    root: &mut Table,
    chosen: Option<&str>,
    user: &Configuration,
) -> (Vec<Registry>, Option<Registry>) {
    let mut registries: Vec<Registry> = BUILT_IN.into_iter().map(built_in).collect();
    for own in &user.registries {
        match registries.iter_mut().find(|registry| registry.name == own.name) {
            Some(registry) => amend_own(registry, own, root),
            None => registries.extend(new_own(own)),
        }
    }
    let written = root.get::<Entries<Written>>("registry").map_or_else(Vec::new, |entries| entries.0);
    let only = match written.as_slice() {
        [one] => one.name.clone(),
        _ => "ripe".to_owned(),
    };
    let name = chosen.unwrap_or(&only);
    let is_written = written.iter().any(|entry| entry.name == name);
    for entry in written {
        match registries.iter_mut().find(|registry| registry.name == entry.name) {
            Some(registry) if is_built_in(&entry.name) => amend(registry, entry.value, root),
            Some(registry) => agree(registry, entry.value, user, root),
            None => registries.extend(new(entry, user, root)),
        }
    }
    let used = registries.iter().find(|registry| registry.name == name).cloned();
    // One that is written and cannot be used has a finding of its own.
    if used.is_none() && !is_written {
        root.report(unknown(name, &registries));
    }
    (registries, used)
}

/// The registry of this name, or `ripe`, where there is no estate: a built-in one, or one of the user's own configuration.
pub fn registry(chosen: Option<&str>, user: &Configuration) -> Result<Registry, Vec<Finding>> {
    let (source, problems) = (Arc::new(Source::new("", "")), config::Problems::default());
    let found = config::read(&source, &super::KEYS, &problems, |table| read(table, chosen, user).1).flatten();
    found.ok_or_else(|| {
        problems.into_inner().into_iter().map(|problem| Finding { place: None, ..problem }).collect()
    })
}

/// The names of the registries that there are to choose from, in `root` or, without an estate, anywhere.
pub fn registry_names(root: Option<&Path>, user: &Configuration) -> Vec<String> {
    let written = root.and_then(|root| super::config(root).ok());
    let source = written.unwrap_or_else(|| Arc::new(Source::new("", "")));
    let found =
        config::read(&source, &super::KEYS, &config::Problems::default(), |table| read(table, None, user).0);
    found.unwrap_or_default().into_iter().map(|registry| registry.name).collect()
}

fn is_built_in(name: &str) -> bool {
    BUILT_IN.iter().any(|(known, ..)| *known == name)
}

fn built_in((name, url, source): (&str, Option<&str>, &str)) -> Registry {
    // A URL that could not be read would be one that nothing is sent to.
    let endpoint = url.map_or(Endpoint::Embedded, |url| url.parse().map_or(Endpoint::Unknown, Endpoint::Url));
    Registry { name: name.to_owned(), endpoint, source: source.to_owned(), credentials: Vec::new() }
}

/// What everyone knows about a registry cannot be said differently, or writes could be sent elsewhere.
fn known(registry: &Registry) -> Finding {
    let text = format!("registry `{}` is built in: its url and source are known", registry.name);
    Finding::error("registry", text).fix("take this line out, or give the registry another name")
}

/// The embedded registry makes a key for each run.
fn needless(registry: &Registry) -> Finding {
    let text = format!("registry `{}` makes its own key: the credential is not used", registry.name);
    Finding::error("registry", text).weighing(Severity::Warning).fix("take this line out")
}

fn amend(registry: &mut Registry, written: Written, root: &Table) {
    let Written { credentials, url, source } = written;
    let places = [url.map(|at| at.place), source.map(|at| at.place)];
    for place in places.into_iter().flatten() {
        root.report(known(registry).at(place));
    }
    match (credentials, &registry.endpoint) {
        (Some(At { place, .. }), Endpoint::Embedded) => root.report(needless(registry).at(place)),
        (Some(At { value, .. }), _) if registry.credentials.is_empty() => registry.credentials = value.0,
        (_, _) => {}
    }
}

/// A built-in registry of which the user's own configuration speaks.
fn amend_own(registry: &mut Registry, own: &user::Registry, root: &Table) {
    if own.url.is_some() || own.source.is_some() {
        root.report(known(registry).at(own.place.clone()));
    }
    match (own.credentials.as_slice(), &registry.endpoint) {
        ([_, ..], Endpoint::Embedded) => root.report(needless(registry).at(own.place.clone())),
        (credentials, _) => registry.credentials = credentials.to_vec(),
    }
}

/// A registry of the user's own configuration; without a URL it is one that the repository must name.
fn new_own(own: &user::Registry) -> Option<Registry> {
    let endpoint = Endpoint::Url(own.url.clone()?);
    let source = own.source.clone()?;
    Some(Registry { name: own.name.clone(), endpoint, source, credentials: own.credentials.clone() })
}

/// A registry that stands in the user's own configuration too, which has the word.
fn agree(registry: &mut Registry, written: Written, user: &Configuration, root: &Table) {
    let Written { credentials, url, source } = written;
    let conflict = |what: &str, place| {
        let text = format!(
            "registry `{}` has another {what} in your own configuration, {}",
            registry.name,
            user.path.display()
        );
        let remedy = "take this line out, or give the registry another name";
        root.report(Finding::error("registry", text).fix(remedy).at(place));
    };
    match url {
        Some(At { value, place }) if Endpoint::Url(value.clone()) != registry.endpoint => {
            conflict("url", place);
        }
        _ => {}
    }
    match source {
        Some(At { value, place }) if !value.eq_ignore_ascii_case(&registry.source) => {
            conflict("source", place);
        }
        _ => {}
    }
    if registry.credentials.is_empty() {
        registry.credentials = credentials.map_or_else(Vec::new, |at| at.value.0);
    }
}

/// Whether a registry may have this name: it is typed, and stands in what is to be typed and pasted.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

fn new(entry: Entry<Written>, user: &Configuration, root: &Table) -> Option<Registry> {
    let Entry { name, place, value: Written { credentials, url, source } } = entry;
    if !is_name(&name) {
        let text = format!("`{name}` is no name of a registry");
        let finding =
            Finding::error("registry", text).fix("letters, digits, `-`, `_` and `.` may stand in it");
        root.report(finding.at(place));
        return None;
    }
    let endpoint = match url {
        None => Endpoint::Unknown,
        Some(At { value, .. }) if value.is_loopback() => Endpoint::Url(value),
        Some(At { value, place }) => {
            let text = format!("`{value}`: a repository may not say where writes and keys are sent");
            let source = source.map_or_else(|| "…".to_owned(), |source| source.value.to_ascii_uppercase());
            let lines = user.lines_for(&name, &value.to_string(), &source);
            let remedy =
                format!("here only 127.0.0.1, [::1] and localhost may stand; if you trust it, {lines}");
            root.report(Finding::error("registry", text).fix(remedy).at(place));
            return None;
        }
    };
    let Some(At { value: source, .. }) = source else {
        let text = format!("registry `{name}` has no `source`");
        let finding = Finding::error("registry", text).fix("add `source = \"TEST\"`, as its objects have it");
        root.report(finding.at(place));
        return None;
    };
    let own = user.registry(&name).map_or_else(Vec::new, |own| own.credentials.clone());
    let written = credentials.map_or_else(Vec::new, |at| at.value.0);
    let credentials = if own.is_empty() { written } else { own };
    Some(Registry { name, endpoint, source: source.to_ascii_uppercase(), credentials })
}

fn unknown(name: &str, registries: &[Registry]) -> Finding {
    let names: Vec<&str> = registries.iter().map(|registry| registry.name.as_str()).collect();
    let finding = Finding::error("registry", format!("there is no registry `{name}`"));
    match suggestion(name, names.iter().copied()) {
        Some(meant) => finding.fix(format!("did you mean `--registry {meant}`?")),
        None => finding.fix(format!("choose one of: {}", names.join(", "))),
    }
}
