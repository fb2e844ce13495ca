//! Which registries there are, and which of them a repository may name.

use crate::{
    config::{At, Entries, Entry, Read, Table, Value},
    finding::{Finding, suggestion},
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
    /// The name of the credential in the user's own configuration.
    pub credential: Option<String>,
}

impl Registry {
    /// Whether it is one that the RIPE NCC runs: whose settings are its own affair.
    pub fn is_public(&self) -> bool {
        BUILT_IN.iter().any(|(name, url, _)| *name == self.name && url.is_some())
    }
}

/// How a registry is reached.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Endpoint {
    /// In this process: the sandbox.
    Embedded,
    /// At this base URL, without a final slash.
    Url(String),
    /// At the URL in the user's own configuration.
    UserConfiguration,
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
    credential: Option<String>,
    url: Option<At<String>>,
    source: Option<At<String>>,
}

impl Read for Written {
    fn read(value: Value) -> Option<Written> {
        value.table(|table| Written {
            credential: table.get("credential"),
            url: table.get("url"),
            source: table.get("source"),
        })
    }
}

/// The built-in registries and those of `[registry]`, and the one of this run: `chosen`, or else the only one
/// that the file names, or else `ripe`.
pub(super) fn read(root: &mut Table, chosen: Option<&str>) -> (Vec<Registry>, Option<Registry>) {
    let mut registries: Vec<Registry> = BUILT_IN.into_iter().map(built_in).collect();
    let written = root.get::<Entries<Written>>("registry").map_or_else(Vec::new, |entries| entries.0);
    let only = match written.as_slice() {
        [one] => one.name.clone(),
        _ => "ripe".to_owned(),
    };
    let name = chosen.unwrap_or(&only);
    let is_written = written.iter().any(|entry| entry.name == name);
    for entry in written {
        match registries.iter_mut().find(|registry| registry.name == entry.name) {
            Some(registry) => amend(registry, entry.value, root),
            None => registries.extend(new(entry, root)),
        }
    }
    let used = registries.iter().find(|registry| registry.name == name).cloned();
    // One that is written and cannot be used has a finding of its own.
    if used.is_none() && !is_written {
        root.report(unknown(name, &registries));
    }
    (registries, used)
}

fn built_in((name, url, source): (&str, Option<&str>, &str)) -> Registry {
    let endpoint = url.map_or(Endpoint::Embedded, |url| Endpoint::Url(url.to_owned()));
    Registry { name: name.to_owned(), endpoint, source: source.to_owned(), credential: None }
}

/// What everyone knows about a registry cannot be said differently here, or a repository could send writes
/// elsewhere.
fn amend(registry: &mut Registry, written: Written, root: &Table) {
    for at in [&written.url, &written.source].into_iter().flatten() {
        let text = format!("registry `{}` is built in: its url and source are known", registry.name);
        let remedy = "take this line out, or give the registry another name";
        root.report(Finding::error("registry", text).fix(remedy).at(at.place.clone()));
    }
    registry.credential = written.credential;
}

fn new(entry: Entry<Written>, root: &Table) -> Option<Registry> {
    let Entry { name, place, value: Written { credential, url, source } } = entry;
    let endpoint = match url {
        None => Endpoint::UserConfiguration,
        Some(url) if is_loopback(&url.value) => Endpoint::Url(url.value.trim_end_matches('/').to_owned()),
        Some(url) => {
            let text = format!("`{}`: a repository may not say where writes and keys are sent", url.value);
            let remedy = format!(
                "put the url of registry `{name}` into your own configuration; here only 127.0.0.1, [::1] and \
                 localhost may stand"
            );
            root.report(Finding::error("registry", text).fix(remedy).at(url.place));
            return None;
        }
    };
    let Some(At { value: source, .. }) = source else {
        let text = format!("registry `{name}` has no `source`");
        let finding = Finding::error("registry", text).fix("add `source = \"TEST\"`, as its objects have it");
        root.report(finding.at(place));
        return None;
    };
    Some(Registry { name, endpoint, source: source.to_ascii_uppercase(), credential })
}

fn unknown(name: &str, registries: &[Registry]) -> Finding {
    let names: Vec<&str> = registries.iter().map(|registry| registry.name.as_str()).collect();
    let finding = Finding::error("registry", format!("there is no registry `{name}`"));
    match suggestion(name, names.iter().copied()) {
        Some(meant) => finding.fix(format!("did you mean `--registry {meant}`?")),
        None => finding.fix(format!("choose one of: {}", names.join(", "))),
    }
}

/// Whether `url` goes to this machine and nowhere else, whoever parses it: a scheme, one of three hosts, and
/// perhaps a port and a path. No user, which could hide the host.
fn is_loopback(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).unwrap_or_default();
    let authority = rest.split('/').next().unwrap_or_default();
    ["127.0.0.1", "localhost", "[::1]"].iter().filter_map(|host| authority.strip_prefix(host)).any(|port| {
        let digits = port.strip_prefix(':').unwrap_or(port);
        port.is_empty() || (port.starts_with(':') && digits.parse::<u16>().is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_this_machine_is_loopback() {
        let check = |url, expected| assert_eq!(is_loopback(url), expected, "{url}");
        check("http://127.0.0.1:8080", true);
        check("https://localhost/x", true);
        check("http://[::1]:1", true);
        check("http://localhost.example", false);
        check("http://127.0.0.1@evil.example", false);
        check("http://127.0.0.1:80@evil.example", false);
        check("http://127.0.0.1\\.evil.example", false);
        check("ftp://127.0.0.1", false);
        check("https://rest.db.ripe.net", false);
    }
}
