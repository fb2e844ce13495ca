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
    user::{Configuration, CredentialError, Secret, VARIABLE},
};

/// Whether a key is needed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Need {
    /// It reads only: without a key less is shown.
    Read,
    /// It writes: a key is asked for.
    Write,
}

/// The key for the registry at `address`. Where it is only read, the lack of one is told and no hindrance.
pub fn choose(
    registry: &Registry,
    address: &Address,
    user: &Configuration,
    need: Need,
    printer: Printer,
) -> anyhow::Result<Option<Secret>> {
    if registry.is_public()
        && let Some(secret) = Secret::from_environment()?
    {
        return Ok(Some(secret));
    }
    let lack = match bound(registry, address, user) {
        Ok(secret) => return Ok(Some(secret)),
        Err(Lack::Trouble(error)) => return Err(error.into()),
        Err(lack) => lack,
    };
    match (need, &lack) {
        (Need::Write, Lack::Unnamed | Lack::Unknown(_)) if registry.is_public() => {
            Ok(Some(Secret::ask(&registry.name)?))
        }
        (Need::Write, _) => Err(Stopped(vec![told(&lack, registry, address, user)]).into()),
        (Need::Read, _) => {
            if is_meant(&lack, registry, user) {
                let told = told(&lack, registry, address, user).weighing(Severity::Warning);
                let text = format!("read without a key: {}", told.text);
                printer.findings(&[Finding { text, ..told }]);
            }
            Ok(None)
        }
    }
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

/// The key of the credential that is named for the registry.
fn bound(registry: &Registry, address: &Address, user: &Configuration) -> Result<Secret, Lack> {
    let name = registry.credential.as_deref().ok_or(Lack::Unnamed)?;
    let credential = user.credential(name).ok_or_else(|| Lack::Unknown(name.to_owned()))?;
    credential.secret_for(address).map_err(|error| match error {
        CredentialError::OtherHost { .. } | CredentialError::Unset { .. } => Lack::NotHere(error),
        CredentialError::File { .. } | CredentialError::Form { .. } => Lack::Trouble(error),
    })
}

/// Whether a key was evidently to be sent. A repository may name a credential that only some of its users have.
fn is_meant(lack: &Lack, registry: &Registry, user: &Configuration) -> bool {
    match lack {
        Lack::Unnamed => !registry.is_public() && Secret::is_in_environment(),
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
            let only = match Secret::is_in_environment() {
                true => format!("; {VARIABLE} goes to the registries of the RIPE NCC alone"),
                false => String::new(),
            };
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
