//! The sandbox inside this process, behind `--registry sandbox`: a registry on loopback, reached over HTTP like any
//! other.

use anyhow::Context;

use crate::{
    disk::StateDir,
    registry::Secret,
    rpsl::Key,
    rules::Settings,
    sandbox::{self, Running, settings},
};

/// A running sandbox.
pub struct Embedded {
    /// Stops it when dropped.
    pub running: Running,
    /// The key that speaks for our maintainers.
    pub secret: Secret,
    /// Its surroundings, which are known here.
    pub settings: Settings,
}

/// Starts the sandbox that is kept in `state`, with a key for `maintainers`.
pub async fn start(maintainers: &[Key], state: &StateDir) -> anyhow::Result<Embedded> {
    let maintainers = maintainers.iter().map(|key| key.text().to_owned()).collect();
    let started = sandbox::start_embedded(state, maintainers).await;
    let (running, key) = started.context("the sandbox does not start")?;
    let (settings, _) = settings::usual();
    Ok(Embedded { running, secret: Secret::parse(key.expose())?, settings })
}
