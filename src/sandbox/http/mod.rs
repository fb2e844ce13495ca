//! The registry over HTTP. Handlers know HTTP and no attribute: every yes and no comes from `rules::decide`.

mod abuse;
mod call;
mod domains;
#[cfg(test)]
mod invariants;
mod metadata;
mod object;
mod place;
mod rates;
mod references;
mod reply;
mod route;
mod search;
mod sync;
mod together;
mod versions;

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{Method, Response, StatusCode, header},
};
use jiff::Timestamp;
use tokio::net::TcpListener;

use super::{
    accounts::{Accounts, Caller},
    settings::Rates,
    state::{Asker, Verdict, Work, World},
};
use crate::rules::Settings;
use call::Call;
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
}

/// The longest body that is taken, in bytes; the registry takes objects of 5 MB.
const LONGEST_BODY: usize = 8 << 20;
/// The longest body that is read to its end, in bytes: a client that is cut off while it sends hears no refusal.
const LONGEST_REFUSED: usize = 64 << 20;
/// How long a client may take to send its body.
const PATIENCE: Duration = Duration::from_secs(20);

impl Server {
    /// A server of `world`, reached at `base`.
    pub fn new(world: World, accounts: Accounts, settings: Settings, rates: Rates, base: String) -> Server {
        let counters = Mutex::new(Counters::new(rates));
        Server { world: RwLock::new(world), accounts, settings, base, counters }
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

    /// Who sent the request.
    pub fn caller(&self, call: &Call) -> Caller {
        self.accounts.caller(call.header(header::AUTHORIZATION), call.header(header::COOKIE), call.now)
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

/// Answers requests at `listener` until `stop` resolves.
pub async fn serve(
    listener: TcpListener,
    server: Arc<Server>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let router = Router::new().fallback(answer).with_state(server);
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}

async fn answer(
    State(server): State<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = match tokio::time::timeout(PATIENCE, to_bytes(body, LONGEST_REFUSED)).await {
        Ok(Ok(body)) if body.len() <= LONGEST_BODY => body.to_vec(),
        // Too long, broken off, or too slow: there is no request to answer.
        Ok(_) | Err(_) => return Reply::empty(StatusCode::BAD_REQUEST).into_response(),
    };
    let call = Call::new(parts.method, &parts.uri, parts.headers, body, Timestamp::now());
    let peer = peer.ip();
    if call.method == Method::GET {
        return handle(&server, &call, peer).into_response();
    }
    // A write waits for the disk.
    let done = tokio::task::spawn_blocking(move || handle(&server, &call, peer)).await;
    done.unwrap_or_else(|_| Reply::empty(StatusCode::INTERNAL_SERVER_ERROR)).into_response()
}

fn handle(server: &Server, call: &Call, peer: IpAddr) -> Reply {
    let within =
        server.counters.lock().unwrap_or_else(PoisonError::into_inner).admits(peer, &call.method, call.now);
    match within {
        true => route::answer(server, call, peer),
        false if call.method == Method::PUT => Reply::empty(StatusCode::TOO_MANY_REQUESTS),
        false => Reply::web_server(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests", call, &server.base),
    }
}
