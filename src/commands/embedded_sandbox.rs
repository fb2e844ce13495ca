//! The sandbox behind `--registry sandbox`: a registry on loopback, reached over HTTP like any other.
//!
//! If another process serves it (`sandbox serve`), that one is asked. If another command works with it, its end is
//! waited for: two worlds of one store would overwrite each other. Else it runs inside this process, with a key that
//! lives as long as the run.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use crate::{
    disk::StateDir,
    rpsl::Key,
    rules::Settings,
    sandbox::{self, Clock, OwnKey, Running, SandboxError, ServeOptions, Serving, Sharing, settings},
    user::Secret,
};

/// A sandbox that can be asked.
pub struct Embedded {
    /// Where.
    pub url: String,
    /// Stops it when dropped; `None` if another process serves it.
    pub running: Option<Running>,
    /// The key that speaks for our maintainers.
    pub secret: Secret,
    /// Its surroundings, which are known here.
    pub settings: Settings,
}

/// How long the end of another command that works with the sandbox is waited for.
const TURN: Duration = Duration::from_secs(10);
/// How often it is looked for.
const PAUSE: Duration = Duration::from_millis(50);

/// Reaches the sandbox that is kept in `state`, with a key for `maintainers`.
pub async fn start(maintainers: &[Key], state: &StateDir) -> anyhow::Result<Embedded> {
    let store = state.file(sandbox::STORE)?;
    let maintainers: Vec<String> = maintainers.iter().map(|key| key.text().to_owned()).collect();
    let begun = Instant::now();
    loop {
        let held = match alone(&maintainers, &store).await? {
            Ok(embedded) => return Ok(embedded),
            Err(held) => held,
        };
        // What is said beside the lock may be the last word of one that was killed, until the next says his.
        if let Some(serving) = sandbox::holder(&store).and_then(|holder| holder.serves)
            && answers(&serving).await
        {
            return joined(&serving, &maintainers, &store);
        }
        if begun.elapsed() > TURN {
            return Err(held.into());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Runs it inside this process; the inner error says that another one keeps it.
async fn alone(maintainers: &[String], store: &Path) -> anyhow::Result<Result<Embedded, SandboxError>> {
    let own_key = OwnKey::new(maintainers.to_vec())?;
    let secret = Secret::parse(&own_key.expose())?;
    let options = ServeOptions {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        load: Vec::new(),
        accounts: None,
        settings: None,
        state: Some(store.to_owned()),
        own_key: Some(own_key),
        sharing: Sharing::Alone,
        clock: Clock::default(),
    };
    match sandbox::start(options).await {
        Ok(running) => {
            let (settings, _) = settings::usual();
            Ok(Ok(Embedded { url: running.url.clone(), running: Some(running), secret, settings }))
        }
        Err(held @ SandboxError::Held { .. }) => Ok(Err(held)),
        Err(error) => Err(error).context("the sandbox does not start"),
    }
}

async fn answers(serving: &Serving) -> bool {
    let address = serving.url.strip_prefix("http://").unwrap_or_default();
    tokio::net::TcpStream::connect(address).await.is_ok()
}

/// Uses the one that another process serves.
fn joined(serving: &Serving, maintainers: &[String], store: &Path) -> anyhow::Result<Embedded> {
    let known = |name: &&String| serving.maintainers.iter().any(|known| known.eq_ignore_ascii_case(name));
    if let Some(unknown) = maintainers.iter().find(|name| !known(name)) {
        bail!(
            "{}: this sandbox is served at {}, which has no key for {unknown}\nhint: start that one again: `ripectl sandbox serve` reads `[manage] maintainers` when it begins",
            store.display(),
            serving.url
        );
    }
    let (settings, _) = settings::parse(&serving.settings)?;
    Ok(Embedded { url: serving.url.clone(), running: None, secret: Secret::parse(&serving.key)?, settings })
}
