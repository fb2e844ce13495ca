//! The embedded registry: a RIPE Database on loopback, for rehearsals and tests.
//!
//! `decide` + store + wire: [`serve`] answers other programs until it is told to stop, [`start`] runs inside this
//! one. Loopback counts as HTTPS, unless `X-Forwarded-Proto: http` says otherwise. What an object must be and who
//! may write it is nowhere here: `rules` says so.

pub mod accounts;
mod clock;
mod embedded;
mod filter;
mod history;
mod http;
mod load;
mod lock;
mod managed;
pub mod settings;
mod state;
mod store;
mod surroundings;
#[cfg(test)]
mod tests;

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    disk::{CONFIG_LIMIT, DUMP_LIMIT, FileError, StateDirError, named},
    registered::Inventory,
    rpsl::Object,
    rules::{Credential, Settings},
};
use accounts::{Accounts, AccountsError, ApiKey};
pub use clock::Clock;
pub use embedded::{OwnKey, STORE};
use http::Server;
pub use lock::{Holder, Serving, holder};
use settings::{Pace, SettingsError};
use state::World;
use store::{Store, StoreError};
pub use surroundings::{Network, Status, surroundings};

/// How a registry is run for other programs.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where it listens; must be loopback. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Files of objects to fill it with; the base of the example network if there are none.
    pub load: Vec<PathBuf>,
    /// The accounts file.
    pub accounts: Option<PathBuf>,
    /// The settings file.
    pub settings: Option<PathBuf>,
    /// The file in which it is kept; `None` forgets everything at the end.
    pub state: Option<PathBuf>,
    /// The key of those who use it as `--registry sandbox`, beside those of the accounts file.
    pub own_key: Option<OwnKey>,
    /// Whether other processes that use it as `--registry sandbox` are served too.
    pub sharing: Sharing,
    /// What time it is.
    pub clock: Clock,
}

/// Whom a registry serves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sharing {
    /// Others find its address beside the store.
    Shared,
    /// It ends with the command that started it: others wait for that.
    Alone,
}

/// Why a registry cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// Anyone could write to it.
    #[error("{0} is not a loopback address; the embedded registry listens on 127.0.0.1 or ::1 only")]
    NotLoopback(SocketAddr),
    /// It cannot listen or answer.
    #[error("{address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be loaded.
    #[error("{}: {source}", path.display())]
    Load {
        /// Which.
        path: PathBuf,
        /// Why.
        source: load::LoadError,
    },
    /// The accounts file cannot be used.
    #[error("{}: {source}", path.display())]
    Accounts {
        /// Which.
        path: PathBuf,
        /// Why.
        source: AccountsError,
    },
    /// The settings file cannot be used.
    #[error("{}: {source}", path.display())]
    Settings {
        /// Which.
        path: PathBuf,
        /// Why.
        source: SettingsError,
    },
    /// Where it is kept cannot be used.
    #[error(transparent)]
    State(#[from] StateDirError),
    /// A file that the user named cannot be read.
    #[error(transparent)]
    Read(#[from] FileError),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The store cannot be used.
    #[error("{}: {source}", path.display())]
    Store {
        /// Its file.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// Another process keeps the store.
    #[error("{}", held(path, holder.as_ref()))]
    Held {
        /// Its file.
        path: PathBuf,
        /// What that process says about itself.
        holder: Option<Holder>,
    },
}

impl SandboxError {
    /// Why the store in the file `path` cannot be used.
    fn store(path: &Path, source: StoreError) -> SandboxError {
        let path = path.to_owned();
        match source {
            StoreError::Held => SandboxError::Held { holder: holder(&path), path },
            source => SandboxError::Store { path, source },
        }
    }
}

fn held(path: &Path, holder: Option<&Holder>) -> String {
    let path = path.display();
    let Some(holder) = holder else {
        return format!(
            "{path}: another process keeps this sandbox\nhint: try again when that one has ended"
        );
    };
    let process = holder.process;
    match &holder.serves {
        Some(serving) => format!(
            "{path}: process {process} serves this sandbox at {}\nhint: stop that one first: `kill {process}`",
            serving.url
        ),
        None => format!(
            "{path}: process {process} works with this sandbox\nhint: try again when that one has ended, or stop it: `kill {process}`"
        ),
    }
}

/// A registry that runs inside this program; dropped, it stops.
#[derive(Debug)]
pub struct Running {
    /// Where it is reached, without a slash at the end.
    pub url: String,
    _stop: oneshot::Sender<()>,
}

/// Runs a registry until `stop` resolves; `ready` is called once with its URL, and may say that it is
/// not to be run.
pub async fn serve<E: From<SandboxError>>(
    options: ServeOptions,
    ready: impl FnOnce(&str) -> Result<(), E>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), E> {
    let listen = options.listen;
    let configured = configured(&options)?;
    let (listener, server) = prepare(options, configured).await?;
    ready(&server.base)?;
    http::serve(listener, server, stop)
        .await
        .map_err(|source| SandboxError::Listen { address: listen, source }.into())
}

/// Starts a registry inside this program.
pub async fn start(options: ServeOptions) -> Result<Running, SandboxError> {
    let configured = configured(&options)?;
    start_with(options, configured).await
}

/// Starts a registry with these accounts and settings, whatever files the options name.
async fn start_with(options: ServeOptions, configured: Configured) -> Result<Running, SandboxError> {
    let (listener, server) = prepare(options, configured).await?;
    let url = server.base.clone();
    let (sender, stop) = oneshot::channel::<()>();
    tokio::spawn(http::serve(listener, server, async {
        // Dropping the sender is the signal.
        let _ = stop.await;
    }));
    Ok(Running { url, _stop: sender })
}

/// Every object that is kept in the file `state`, in the order of classes and keys; also while another process keeps it.
pub fn dump(state: &Path) -> Result<Vec<Object>, SandboxError> {
    if !state.exists() {
        let source = io::Error::from(io::ErrorKind::NotFound);
        return Err(SandboxError::File { path: state.to_owned(), source });
    }
    let objects = Store::read(state).and_then(|store| store.objects());
    let objects = Inventory::of(objects.map_err(|source| SandboxError::store(state, source))?);
    Ok(objects.iter().map(|(_, object)| object.clone()).collect())
}

/// What a new registry holds: the surroundings of the example network.
pub fn base() -> Result<Vec<Object>, SandboxError> {
    let path = Path::new("base.rpsl");
    let base = load::objects(path, include_str!("base.rpsl").to_owned());
    base.map_err(|source| SandboxError::Load { path: path.to_owned(), source })
}

/// Enters objects into the file `state`, which is made if it is not there; what has the same key is replaced.
pub fn copy(state: &Path, objects: Vec<Object>) -> Result<(), SandboxError> {
    let failed = |source| SandboxError::store(state, source);
    let store = Store::open(state).map_err(failed)?;
    let mut world = World::open(Some(store), Timestamp::now()).map_err(failed)?;
    world.load(objects).map_err(failed)
}

/// Accounts and settings, and the text of the settings.
type Configured = (Accounts, (Settings, Pace), String);

fn configured(options: &ServeOptions) -> Result<Configured, SandboxError> {
    let mut accounts = options.accounts.as_deref().map_or_else(|| Ok(Accounts::default()), read_accounts)?;
    if let Some(OwnKey { id, secret, maintainers }) = options.own_key.clone() {
        let credential = Credential::Maintainers(maintainers);
        accounts.add(ApiKey { id, secret, credential, expires: None });
    }
    let (settings, text) = match options.settings.as_deref() {
        Some(path) => read_settings(path)?,
        None => (settings::usual(), String::new()),
    };
    Ok((accounts, settings, text))
}

async fn prepare(
    options: ServeOptions,
    (accounts, (settings, pace), text): Configured,
) -> Result<(TcpListener, Arc<Server>), SandboxError> {
    let address = options.listen;
    if !address.ip().is_loopback() {
        return Err(SandboxError::NotLoopback(address));
    }
    let world = fill(options.state.as_deref(), &options.load)?;
    let failed = |source| SandboxError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let base = format!("http://{}", listener.local_addr().map_err(failed)?);
    if let (Sharing::Shared, Some(key), Some(path)) = (options.sharing, options.own_key, options.state) {
        let OwnKey { id, secret, maintainers } = key;
        let serving =
            Serving { url: base.clone(), key: format!("{id}:{secret}"), maintainers, settings: text };
        world.announce(serving).map_err(|source| SandboxError::File { path, source })?;
    }
    let server = Server::new(world, accounts, settings, pace, base).with(options.clock);
    Ok((listener, Arc::new(server)))
}

fn read_accounts(path: &Path) -> Result<Accounts, SandboxError> {
    let failed = |source| SandboxError::Accounts { path: path.to_owned(), source };
    named::understood(path, CONFIG_LIMIT, |text| Accounts::parse(&text).map_err(failed))
}

/// The settings, and their text.
fn read_settings(path: &Path) -> Result<((Settings, Pace), String), SandboxError> {
    let failed = |source| SandboxError::Settings { path: path.to_owned(), source };
    named::understood(path, CONFIG_LIMIT, |text| Ok((settings::parse(&text).map_err(failed)?, text)))
}

fn read_objects(path: &Path) -> Result<Vec<Object>, SandboxError> {
    let failed = |source| SandboxError::Load { path: path.to_owned(), source };
    named::understood(path, DUMP_LIMIT, |text| load::objects(path, text).map_err(failed))
}

/// Makes the registry that is kept in `state` hold these objects, as they are, and nothing else; it must not be running.
pub fn replace(state: &Path, objects: Vec<Object>) -> Result<(), SandboxError> {
    let failed = |source| SandboxError::store(state, source);
    let store = Store::open(state).map_err(failed)?;
    World::open(Some(store), Timestamp::now()).map_err(failed)?.replace(objects).map_err(failed)
}

/// The world of the store with the files loaded into it.
fn fill(state: Option<&Path>, files: &[PathBuf]) -> Result<World, SandboxError> {
    let path = state.map(Path::to_owned).unwrap_or_default();
    let failed = |source| SandboxError::store(&path, source);
    let store = state.map(Store::open).transpose().map_err(failed)?;
    let mut world = World::open(store, Timestamp::now()).map_err(failed)?;
    let mut objects: Vec<Object> = Vec::new();
    if files.is_empty() && world.registered.objects.is_empty() {
        objects = base()?;
    }
    for file in files {
        objects.extend(read_objects(file)?);
    }
    if !objects.is_empty() {
        world.load(objects).map_err(failed)?;
    }
    Ok(world)
}
