//! What `login`, `logout` and `whoami` have in common: which registry is meant, and under which name its key is kept.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use super::{complete, files};
use crate::{
    estate::{self, Endpoint, Estate},
    finding::Finding,
    http::Address,
    registered::{Query, Registered},
    registry::Registry,
    report::{KeyInUse, KeysInUse, Stopped},
    rpsl::{Class, Key},
    rules::KeyScope,
    user::{self, Configuration, Kept, keyring, set_in_environment},
};

/// The registry that a key is for.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Registry")]
pub struct Options {
    /// The registry: ripe, ripe-test, ripe-rc, or one of ripectl.toml or your own configuration
    #[arg(long, value_name = "NAME", add = complete::registries())]
    pub registry: Option<String>,
    /// What the key is called in your own configuration [default: as it is named for the registry, or the registry's name]
    #[arg(long, value_name = "NAME", add = complete::credentials())]
    name: Option<String>,
}

/// The registry that is meant, and what is known of its keys.
pub struct LoginTarget {
    /// The registry.
    pub registry: estate::Registry,
    /// Where it is.
    pub address: Address,
    /// The name under which a key is kept.
    pub name: String,
    /// The maintainers of `[manage]`, inside an estate.
    pub maintainers: Vec<String>,
    /// What is to be known of the files of the estate.
    pub findings: Vec<Finding>,
}

impl LoginTarget {
    /// The registry that is meant here: that of the estate where there is one.
    pub fn of(options: &Options, user: &Configuration) -> anyhow::Result<LoginTarget> {
        match files::root_if_any()? {
            None => LoginTarget::outside(options, user),
            Some(root) => {
                let (estate, findings) = estate::load(&root, options.registry.as_deref(), user);
                let Some(estate) = estate else { return Err(Stopped(findings).into()) };
                let Estate { registry, manage, .. } = estate;
                let ours = manage.maintainers.iter().map(|key| key.text().to_owned()).collect();
                Ok(LoginTarget { findings, ..LoginTarget::at(registry, ours, options, user)? })
            }
        }
    }

    /// The registry that is meant by the user's own configuration alone.
    pub fn outside(options: &Options, user: &Configuration) -> anyhow::Result<LoginTarget> {
        let registry = estate::registry(options.registry.as_deref(), user).map_err(Stopped)?;
        LoginTarget::at(registry, Vec::new(), options, user)
    }

    fn at(
        registry: estate::Registry,
        maintainers: Vec<String>,
        options: &Options,
        user: &Configuration,
    ) -> anyhow::Result<LoginTarget> {
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
        Ok(LoginTarget { registry, address, name, maintainers, findings: Vec::new() })
    }

    /// The keys that go to the registry, as far as that is known without a question; of `asked` also for whom they speak.
    pub fn keys_in_use(&self, user: &Configuration, asked: Vec<KeyScope>) -> KeysInUse {
        let by_environment = set_in_environment().filter(|_| self.registry.is_public());
        let names = match by_environment {
            Some(variable) => vec![variable.to_owned()],
            None => self.registry.credentials.clone(),
        };
        let known = |name: &String| by_environment.is_some() || user.credential(name).is_some();
        let key = |name: String| match asked.iter().find(|scope| scope.key == name) {
            Some(scope) => shown(scope.clone(), user, None),
            None => KeyInUse { kept: kept(&name, user), name, speaks_for: None, expires: None },
        };
        KeysInUse::of(&self.registry.name, names.into_iter().filter(known).map(key).collect())
    }
}

/// For whom each key of the registry speaks, of these maintainers: each is read with each key, which shows its `auth` only
/// to one that speaks for it.
pub async fn spoken_for(registry: &Registry, maintainers: &[String]) -> anyhow::Result<Vec<KeyScope>> {
    let mut known = Registered::default();
    let queries: BTreeSet<Query> =
        maintainers.iter().map(|name| Query::Proves(Key::new(Class::Mntner, name))).collect();
    registry.ask(&queries, &[], &mut known).await.context("the maintainers were not read")?;
    Ok(registry.key_scopes(&known))
}

/// A key as it is shown: where it is kept, and for whom it speaks.
pub fn shown(key_scope: KeyScope, user: &Configuration, expires: Option<String>) -> KeyInUse {
    let mut speaks_for = key_scope.maintainers().to_vec();
    speaks_for.sort();
    let kept = kept(&key_scope.key, user);
    KeyInUse { name: key_scope.key, kept, speaks_for: Some(speaks_for), expires }
}

/// Where the key of this name is kept.
fn kept(name: &str, user: &Configuration) -> String {
    match user.credential(name).map(|credential| &credential.kept) {
        Some(Kept::File(path)) => path.display().to_string(),
        Some(kept) => kept.to_string(),
        None if set_in_environment() == Some(name) => format!("${name}"),
        None => "this run".to_owned(),
    }
}

/// Takes a key away from where it was kept, and says so.
pub fn forget(kept: &Kept, name: &str) -> anyhow::Result<String> {
    Ok(match kept {
        Kept::File(path) => {
            let path = user::placed(path);
            match fs::remove_file(&path) {
                Ok(()) => format!("{} is removed", path.display()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    format!("{} is not there any more", path.display())
                }
                Err(error) => {
                    let what = format!("{} cannot be removed: remove it by hand", path.display());
                    return Err(error).context(what);
                }
            }
        }
        Kept::Keyring => match keyring::forget(name) {
            Ok(()) => "the keyring has it no more".to_owned(),
            Err(why) => format!("the keyring may have the key still: {why}"),
        },
        elsewhere => format!("the key itself stays where it is kept: {elsewhere}"),
    })
}

/// The file itself, where the user's own configuration is a link to where it is kept, as among dotfiles.
pub fn in_place_of(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}
