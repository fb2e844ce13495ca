//! The only HTTP client: what a RIPE Database holds, read and written over its REST API.
//!
//! Everything goes through one `send`, which keeps the limits, waits where the registry asks for it, follows no
//! redirect, and tells an answer from trouble. Nothing here decides what is written.

mod address;
mod answer;
#[cfg(test)]
mod answer_tests;
mod ask;
mod batch;
mod chosen;
mod copy;
mod credential_scope;
mod echo;
mod expiry;
mod limits;
mod pace;
mod read;
mod request;
mod search;
mod send;
#[cfg(test)]
pub(crate) mod stub_server;
mod survey;
mod sync;
#[cfg(test)]
mod tests;
mod trouble;
mod versions;
mod write;
mod written;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::civil::Date;
use reqwest::Client;
use tokio::sync::Semaphore;

use crate::{
    http::{self, Address, Fault},
    registered::Inventory,
    rpsl::{Class, Key},
    user::NamedSecret,
};
use written::Written;

pub use address::NOT_IN_PATH;
pub use copy::{Copied, rehearsable};
pub use credential_scope::filtered;
pub use limits::Limits;
pub use read::Looked;
pub use search::{Relation, Search};
pub use survey::Wanted;
pub use sync::SyncPlace;
pub use trouble::{Doubt, Kind, Trouble};
pub use versions::Version;
pub use write::{Answer, Mode};
pub use written::Write;

/// Where a registry is, and what is kept to there.
#[derive(Clone, Debug)]
pub struct Remote {
    /// Its name in messages, such as `ripe`.
    pub name: String,
    /// The base URL, such as `https://rest.db.ripe.net`.
    pub base: String,
    /// The source, such as `RIPE`.
    pub source: String,
    /// Where it takes syncupdates, if that is not known otherwise.
    pub sync: Option<SyncPlace>,
    /// What is kept to.
    pub limits: Limits,
}

impl Remote {
    /// A registry with the limits of the RIPE Database.
    pub fn new(name: &str, base: &str, source: &str) -> Remote {
        Remote {
            name: name.to_owned(),
            base: base.to_owned(),
            source: source.to_owned(),
            sync: None,
            limits: Limits::of_ripe_database(),
        }
    }

    /// The source for AS numbers and routes outside of its region.
    pub fn other_source(&self) -> String {
        crate::rules::nonauth(&self.source)
    }
}

/// What is told while a request is under way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Notice {
    /// A request was answered; so many were in all.
    Answered(usize),
    /// The registry asked to wait.
    Waiting {
        /// Its status: 429 or 503.
        status: u16,
        /// For how long.
        pause: Duration,
    },
}

/// Is told of notices.
pub type Listener = Arc<dyn Fn(&Notice) + Send + Sync>;

/// How much was asked and read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Requests sent, repetitions included.
    pub requests: usize,
    /// Objects read.
    pub objects: usize,
    /// Persons and roles whose data was read, each counted once.
    pub contacts: usize,
}

/// A registry that can be asked. A clone speaks for the same connection, limits and counts.
#[derive(Clone)]
pub struct Registry(Arc<Inner>, KeyIndex);

/// Which of the keys goes with requests, counted from 0.
#[derive(Clone, Copy, Default)]
struct KeyIndex(usize);

struct Inner {
    remote: Remote,
    base: Address,
    client: Client,
    /// The keys, the first preferred.
    keys: Vec<NamedSecret>,
    /// When each key that was written with expires, by its name.
    expiries: Mutex<BTreeMap<String, Option<Date>>>,
    /// What of maintainers and incident response teams each key was shown.
    shown: Mutex<Vec<Inventory>>,
    /// Where it takes syncupdates: the address, and the path below it.
    sync: Option<(Address, String)>,
    echo: echo::Echo,
    listener: Listener,
    slots: Semaphore,
    pace: pace::Pace,
    requests: AtomicUsize,
    objects: AtomicUsize,
    contacts: Mutex<BTreeSet<Key>>,
    written: Mutex<Written>,
}

impl Registry {
    /// A client of the registry at `remote`, with the keys that there are. Sends nothing.
    pub fn new(remote: Remote, keys: Vec<NamedSecret>, listener: Listener) -> Result<Registry, Trouble> {
        let base = address::base(&remote.base)?;
        let sync = match &remote.sync {
            Some(place) => Some(place.clone()),
            None => SyncPlace::known(&remote.base, base.is_loopback(), &remote.source),
        };
        let sync =
            sync.map(|place| Ok::<_, Trouble>((address::base(&place.base)?, place.path))).transpose()?;
        let client = http::client(&base, remote.limits.patience).map_err(|error| {
            let next = "install the certificates of your system (package ca-certificates)";
            Trouble::new(Kind::Refused, Fault::of(&error).to_string(), next).at(&base)
        })?;
        let echo = echo::Echo::of(keys.iter().map(|key| &key.secret));
        let pace = pace::Pace::towards(&base, &remote.limits);
        let slots = Semaphore::new(remote.limits.connections);
        let inner = Arc::new(Inner {
            remote,
            base,
            client,
            expiries: Mutex::default(),
            shown: Mutex::new(vec![Inventory::default(); keys.len()]),
            keys,
            sync,
            echo,
            listener,
            slots,
            pace,
            requests: AtomicUsize::new(0),
            objects: AtomicUsize::new(0),
            contacts: Mutex::default(),
            written: Mutex::default(),
        });
        Ok(Registry(inner, KeyIndex::default()))
    }

    /// The same, asked with the key of this name from now on, if there is one.
    pub fn with_key(&self, name: &str) -> Option<Registry> {
        let at = self.0.keys.iter().position(|key| key.name == name)?;
        Some(Registry(Arc::clone(&self.0), KeyIndex(at)))
    }

    /// What the keys are called, the first preferred.
    pub fn key_names(&self) -> impl Iterator<Item = &str> {
        self.0.keys.iter().map(|key| key.name.as_str())
    }

    /// Where it is.
    pub fn remote(&self) -> &Remote {
        &self.0.remote
    }

    /// Its host, for reports.
    pub fn host(&self) -> &str {
        self.0.base.host()
    }

    /// What was written a moment ago.
    fn written(&self) -> MutexGuard<'_, Written> {
        self.0.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells it of a write whose answer was lost, and that was done all the same.
    pub fn settled(&self, write: Write) {
        self.written().answered(write);
    }

    /// Tells it what earlier runs have written: where an answer says otherwise, the object is asked for by its key.
    pub fn heed(&self, writes: impl IntoIterator<Item = Write>) {
        self.written().journalled(writes);
    }

    /// Whether requests carry a key.
    pub fn has_key(&self) -> bool {
        !self.0.keys.is_empty()
    }

    /// How much was asked and read up to now.
    pub fn counts(&self) -> Counts {
        let now = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        let contacts = self.0.contacts.lock().unwrap_or_else(PoisonError::into_inner).len();
        Counts { requests: now(&self.0.requests), objects: now(&self.0.objects), contacts }
    }

    /// The path of a class, or of an object of it.
    fn path(&self, class: Class, key: Option<&str>) -> String {
        path(&self.0.remote.source, class, key)
    }

    /// The path of an object in the other source.
    fn path_elsewhere(&self, key: &Key) -> String {
        path(&self.0.remote.other_source(), key.class(), Some(key.text()))
    }
}

fn path(source: &str, class: Class, key: Option<&str>) -> String {
    let source = source.to_ascii_lowercase();
    match key {
        Some(key) => format!("{source}/{class}/{}", address::encoded_key(class, key)),
        None => format!("{source}/{class}"),
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_struct("Registry").field("remote", &self.0.remote).finish_non_exhaustive()
    }
}
