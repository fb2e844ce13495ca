//! The registry over HTTP. Handlers know HTTP and no attribute: every yes and no comes from `rules::decide`.

mod abuse;
mod accept;
#[cfg(test)]
mod answers;
mod body;
mod call;
mod connections;
mod domains;
#[cfg(test)]
mod invariants;
mod key;
mod metadata;
mod object;
mod path;
mod rates;
mod references;
mod reply;
mod route;
mod search;
mod secrets;
mod sync;
mod transaction;
mod versions;

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError, RwLock, RwLockReadGuard},
};

use hyper::http::{Method, StatusCode, header};
use jiff::Timestamp;

use super::{
    Clock,
    accounts::{Accounts, Caller},
    settings::Pace,
    state::{Asker, Verdict, Work, World},
};
use crate::rules::Settings;
use call::Call;
pub use connections::serve;
use rates::Counters;
use reply::Reply;

/// What all requests share.
#[derive(Debug)]
pub struct Server {
    world: RwLock<World>,
    /// Who may ask.
    pub accounts: Accounts,
    /// The registry's surroundings.
    pub settings: Settings,
    /// Where the server is reached, without a slash at the end.
    pub base: String,
    counters: Mutex<Counters>,
    /// What time it is.
    pub clock: Clock,
}

impl Server {
    /// A server of `world`, reached at `base`.
    pub fn new(mut world: World, accounts: Accounts, settings: Settings, pace: Pace, base: String) -> Server {
        world.search_lag = pace.search_lag;
        let counters = Mutex::new(Counters::new(pace.rates));
        let (world, clock) = (RwLock::new(world), Clock::default());
        Server { world, accounts, settings, base, counters, clock }
    }

    /// The same, with this clock.
    #[must_use]
    pub fn with(self, clock: Clock) -> Server {
        Server { clock, ..self }
    }

    /// What is registered. A handler that panicked left it whole: changes are made in one step.
    pub fn world(&self) -> RwLockReadGuard<'_, World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a request that may change what is registered; `None` if it could not be stored.
    pub fn transact<T>(&self, now: Timestamp, run: impl FnOnce(&mut Work) -> (Verdict, T)) -> Option<T> {
        let mut world = self.world.write().unwrap_or_else(PoisonError::into_inner);
        world.transact(now, run).ok()
    }

    /// The name under which the registry mirrors itself.
    pub fn mirror(&self) -> String {
        format!("{}-GRS", self.settings.source)
    }

    /// Who sent the request.
    pub fn caller(&self, call: &Call) -> Caller {
        self.accounts.caller(call.header(header::AUTHORIZATION), call.header(header::COOKIE), call.now)
    }

    /// Who sent a write to a service that hears the password `override`. An empty one is one, too.
    pub fn writer(&self, call: &Call) -> Caller {
        self.caller(call).with_override(call.values("override").len().min(1))
    }

    /// What the rules must know of a caller.
    pub fn asker<'a>(
        &'a self,
        caller: &'a Caller,
        automatic: &'a std::collections::BTreeMap<String, crate::rpsl::Key>,
    ) -> Asker<'a> {
        Asker { credential: &caller.credential, settings: &self.settings, automatic }
    }
}

fn handle(server: &Server, call: &Call, peer: IpAddr) -> Reply {
    let within =
        server.counters.lock().unwrap_or_else(PoisonError::into_inner).admits(peer, &call.method, call.now);
    match within {
        true => route::answer(server, call, peer),
        false if call.method == Method::PUT => Reply::empty(StatusCode::TOO_MANY_REQUESTS),
        false => Reply::page(StatusCode::TOO_MANY_REQUESTS, call, &server.base),
    }
}
