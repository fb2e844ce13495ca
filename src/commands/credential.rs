//! What `login`, `logout` and `whoami` have in common: which registry is meant, and under which name its key is kept.

use std::collections::BTreeSet;

use anyhow::{Context, bail};

use super::files;
use crate::{
    estate::{self, Endpoint},
    http::Address,
    registered::{Query, Registered},
    registry::Registry,
    report::{KeyInUse, Stopped},
    rpsl::{Class, Key},
    rules::Voice,
    user::{Configuration, Kept, set_in_environment},
};

/// The registry that a key is for.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Registry")]
pub struct Options {
    /// The registry: ripe, ripe-test, ripe-rc, or one of ripectl.toml or your own configuration
    #[arg(long, value_name = "NAME")]
    registry: Option<String>,
    /// What the key is called in your own configuration [default: as it is named for the registry, or the registry's name]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

/// The registry that is meant, and what is known of its keys.
pub struct Place {
    /// The registry.
    pub registry: estate::Registry,
    /// Where it is.
    pub address: Address,
    /// The name under which a key is kept.
    pub name: String,
    /// The maintainers of `[manage]`, inside an estate.
    pub maintainers: Vec<String>,
}

impl Place {
    /// The registry that is meant here: that of the estate where there is one.
    pub fn of(options: &Options, user: &Configuration) -> anyhow::Result<Place> {
        let chosen = options.registry.as_deref();
        let (registry, maintainers) = match files::root() {
            Err(_) => (estate::registry(chosen, user).map_err(Stopped)?, Vec::new()),
            Ok(root) => {
                let (estate, findings) = estate::load(&root, chosen, user);
                let estate = estate.ok_or(Stopped(findings))?;
                let ours = estate.manage.maintainers.iter().map(|key| key.text().to_owned());
                (estate.registry, ours.collect())
            }
        };
        let address = match &registry.endpoint {
            Endpoint::Url(address) => address.clone(),
            Endpoint::Embedded => bail!(
                "the sandbox makes its own key for each run: there is nothing to log in to\n\
                 hint: `--registry ripe` names the real registry"
            ),
            Endpoint::Unknown => bail!(
                "registry `{0}` has no URL\nhint: {1}",
                registry.name,
                user.lines_for(&registry.name, "https://…", &registry.source)
            ),
        };
        let name = options.name.clone().or_else(|| registry.credentials.first().cloned());
        let name = name.unwrap_or_else(|| registry.name.clone());
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
            bail!("`{name}` is no name for a key\nhint: letters, digits, `-` and `_` may stand in it");
        }
        Ok(Place { registry, address, name, maintainers })
    }
}

/// For whom each key of the registry speaks, of these maintainers: each is read with each key, which shows its `auth` only
/// to one that speaks for it.
pub async fn spoken_for(registry: &Registry, maintainers: &[String]) -> anyhow::Result<Vec<Voice>> {
    let mut known = Registered::default();
    let queries: BTreeSet<Query> =
        maintainers.iter().map(|name| Query::Proves(Key::new(Class::Mntner, name))).collect();
    registry.ask(&queries, &[], &mut known).await.context("the maintainers were not read")?;
    Ok(registry.voices(&known))
}

/// A key as it is shown: where it is kept, and for whom it speaks.
pub fn shown(voice: Voice, user: &Configuration, expires: Option<String>) -> KeyInUse {
    let kept = match user.credential(&voice.key).map(|credential| &credential.kept) {
        Some(Kept::File(path)) => path.display().to_string(),
        Some(kept) => kept.to_string(),
        None if set_in_environment() == Some(voice.key.as_str()) => format!("${}", voice.key),
        None => "this run".to_owned(),
    };
    let mut speaks_for = voice.maintainers().to_vec();
    speaks_for.sort();
    KeyInUse { name: voice.key, kept, speaks_for: Some(speaks_for), expires }
}
