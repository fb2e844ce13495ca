//! Which key goes to the registry of the run, if any.
//!
//! `RIPECTL_API_KEY` and what is typed are for the registries that the RIPE NCC runs. Any other gets the credential
//! that the user's own configuration binds to its host and port, or none: a repository can name a registry on this
//! machine, where anybody may listen.

use crate::{
    config::{bare, toml_string},
    estate::Registry,
    finding::{Finding, Severity},
    http::{Address, Host},
    report::{Printer, Stopped},
    user::{Configuration, CredentialError, NamedSecret, Secret, of_environment, set_in_environment},
};

/// Whether a key is needed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Need {
    /// It reads only: without a key less is shown.
    Read,
    /// It writes: a key is asked for.
    Write,
}

/// The keys for the registry at `address`, the first preferred. Where it is only read, the lack of one is told and no
/// hindrance; nor is it where there is another.
pub fn choose(
    registry: &Registry,
    address: &Address,
    user: &Configuration,
    need: Need,
    printer: Printer,
) -> anyhow::Result<Vec<NamedSecret>> {
    if registry.is_public()
        && let Some(key) = of_environment()?
    {
        return Ok(vec![key]);
    }
    let (mut keys, mut lacks) = (Vec::new(), Vec::new());
    for (at, name) in registry.credentials.iter().enumerate() {
        if registry.credentials.iter().take(at).any(|before| before == name) {
            continue; // named twice
        }
        match bound(name, registry, address, user) {
            Ok(secret) => keys.push(secret.named(name)),
            Err(Lack::Trouble(error)) => return Err(error.into()),
            Err(lack) => lacks.push(lack),
        }
    }
    let told = |lack: &Lack| told(lack, registry, address, user);
    if keys.is_empty() && lacks.is_empty() {
        lacks.push(Lack::Unnamed);
    }
    if need == Need::Write && keys.is_empty() {
        // Where one of the user's own was to be sent, another is not asked for in its place.
        let here: Vec<&Lack> = lacks.iter().filter(|lack| matches!(lack, Lack::NotHere(_))).collect();
        return match here.as_slice() {
            [] if registry.is_public() => Ok(vec![Secret::ask(&registry.name)?.named("typed")]),
            [] => Err(Stopped(lacks.iter().map(told).collect()).into()),
            here => Err(Stopped(here.iter().map(|lack| told(lack)).collect()).into()),
        };
    }
    let how = if keys.is_empty() { "read without a key" } else { "done without one of the keys" };
    let warned = |lack: &Lack| {
        let told = told(lack).weighing(Severity::Warning);
        Finding { text: format!("{how}: {}", told.text), ..told }
    };
    let meant = lacks.iter().filter(|lack| is_meant(lack, registry, user));
    printer.findings(meant.map(warned).collect());
    Ok(keys)
}

/// Why there is no key for a registry.
enum Lack {
    /// No credential is named for it.
    Unnamed,
    /// The one that is named is not in the user's own configuration.
    Unknown(String),
    /// The one that is named is for another host, or not set.
    NotHere(CredentialError),
    /// It is there, and of no use.
    Trouble(CredentialError),
}

/// The key of the credential of this name.
fn bound(name: &str, registry: &Registry, address: &Address, user: &Configuration) -> Result<Secret, Lack> {
    let credential = user.credential(name).ok_or_else(|| Lack::Unknown(name.to_owned()))?;
    credential.secret_for(address, &registry.source).map_err(|error| match error {
        CredentialError::OtherHost { .. }
        | CredentialError::OtherSource { .. }
        | CredentialError::Unset { .. } => Lack::NotHere(error),
        CredentialError::Unfit { .. } | CredentialError::Form { .. } => Lack::Trouble(error),
    })
}

/// Whether a key was evidently to be sent. A repository may name a credential that only some of its users have.
fn is_meant(lack: &Lack, registry: &Registry, user: &Configuration) -> bool {
    match lack {
        Lack::Unnamed => !registry.is_public() && set_in_environment().is_some(),
        Lack::Unknown(_) => !registry.is_public() || !user.credentials.is_empty(),
        Lack::NotHere(_) | Lack::Trouble(_) => true,
    }
}

/// What is lacking, and what to write where.
fn told(lack: &Lack, registry: &Registry, address: &Address, user: &Configuration) -> Finding {
    let (name, host, path) = (&registry.name, Host::of(address), user.path.display());
    let told = |text: String, remedy: String| Finding::error("credential", text).fix(remedy);
    let named = format!("[registry.{}]\ncredential = {}\n", bare(name), toml_string(name));
    let bound = |credential: &str| {
        let file = toml_string(&format!("{credential}.key"));
        format!(
            "[credential.{}]\nhost = \"{host}\"\nfile = {file}    # KEYID:SECRET, mode 0600; or env = \"NAME\"",
            bare(credential)
        )
    };
    match lack {
        Lack::Unnamed => {
            let only = set_in_environment().map_or_else(String::new, |variable| {
                format!("; {variable} goes to the registries of the RIPE NCC alone")
            });
            let text = format!("no API key is bound to registry `{name}` at {host}{only}");
            told(text, format!("write into {path}:\n{named}{}", bound(name)))
        }
        Lack::Unknown(credential) => {
            let text = format!("there is no credential `{credential}` for registry `{name}` at {host}");
            told(text, format!("write into {path}:\n{}", bound(credential)))
        }
        Lack::NotHere(error @ CredentialError::Unset { variable, .. }) => {
            told(error.to_string(), format!("set {variable}=KEYID:SECRET"))
        }
        Lack::NotHere(error) | Lack::Trouble(error) => {
            let remedy = format!("if there is a key for registry `{name}` at {host}, write into {path}:\n");
            told(error.to_string(), remedy + &named + &bound(name))
        }
    }
}
