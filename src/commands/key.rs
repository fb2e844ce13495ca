//! Which key goes to the registry of the run, if any.
//!
//! `RIPECTL_API_KEY` and what is typed are for the registries that the RIPE NCC runs. Any other gets the credential
//! that the user's own configuration binds to its host and port, or none: a repository can name a registry on this
//! machine, where anybody may listen.

use anyhow::bail;

use super::session::Need;
use crate::{
    estate::Registry,
    http::{Address, Host},
    report::Printer,
    user::{Configuration, CredentialError, Secret, VARIABLE},
};

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
        (Need::Write, _) => bail!("{}", told(&lack, registry, address, user)),
        (Need::Read, _) => {
            if is_meant(&lack, registry, user) {
                printer.say(&format!("read without a key: {}", told(&lack, registry, address, user)));
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
fn told(lack: &Lack, registry: &Registry, address: &Address, user: &Configuration) -> String {
    let (name, host, path) = (&registry.name, Host::of(address), user.path.display());
    let credential = registry.credential.as_deref().unwrap_or(name);
    let table = format!(
        "  [credential.{credential}]\n  host = \"{host}\"\n  file = \"{credential}.key\"    # KEYID:SECRET, mode 0600; or env = \"NAME\""
    );
    match lack {
        Lack::Unnamed => {
            let only = match Secret::is_in_environment() {
                true => format!("; {VARIABLE} goes to the registries of the RIPE NCC alone"),
                false => String::new(),
            };
            format!(
                "no API key is bound to registry `{name}` at {host}{only}\nhint: write into {path}:\n  [registry.{name}]\n  credential = \"{name}\"\n{table}"
            )
        }
        Lack::Unknown(credential) => format!(
            "there is no credential `{credential}` for registry `{name}` at {host}\nhint: write into {path}:\n{table}"
        ),
        Lack::NotHere(error @ CredentialError::Unset { variable, .. }) => {
            format!("{error}\nhint: set {variable}=KEYID:SECRET")
        }
        Lack::NotHere(error) | Lack::Trouble(error) => format!(
            "{error}\nhint: if there is a key for registry `{name}` at {host}, bind it in {path}:\n  [registry.{name}]\n  credential = \"{name}\"\n  [credential.{name}]\n  host = \"{host}\"\n  file = \"{name}.key\"    # KEYID:SECRET, mode 0600; or env = \"NAME\""
        ),
    }
}
