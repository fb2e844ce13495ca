//! Connections: so many at a time, none of which may stand still for ever, keep much, or hold the others up.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use http_body_util::Full;
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{Server, body, call::Call, handle, reply::Reply};

/// How many connections there are at the same time; more wait until one ends.
const CONNECTIONS: usize = 256;
/// How many requests are worked on at the same time.
const WORKERS: usize = 8;
/// How long the head of a request may take, the wait for it included: a connection that is kept but not used ends.
const HEAD: Duration = Duration::from_secs(30);
/// How long a connection lives at most; a request that is under way is answered.
const LIFE: Duration = Duration::from_secs(600);
/// How long what is under way at the end may still take.
const END: Duration = Duration::from_secs(10);
/// The longest head, in bytes, and its most headers.
const LONGEST_HEAD: usize = 64 << 10;
const HEADERS: usize = 100;

/// What all connections share.
struct Shared {
    server: Arc<Server>,
    /// Room for bodies, in bytes.
    room: Semaphore,
    workers: Semaphore,
}

/// Answers requests at `listener` until `stop` resolves.
pub async fn serve(
    listener: TcpListener,
    server: Arc<Server>,
    stop: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let (room, workers) = (Semaphore::new(body::ROOM), Semaphore::new(WORKERS));
    let shared = Arc::new(Shared { server, room, workers });
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let (ended, end) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, peer)) => {
                let (shared, end) = (Arc::clone(&shared), end.clone());
                connections.spawn(async move {
                    connection(stream, peer, shared, end).await;
                    drop(slot);
                });
            }
            // Too many open files, say: others may end meanwhile.
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
    drop((listener, ended));
    // What has not ended by then is cut off.
    let _ = timeout(END, async { while connections.join_next().await.is_some() {} }).await;
    Ok(())
}

/// Answers the requests of one connection, until it, its time or the server ends.
async fn connection(stream: TcpStream, peer: SocketAddr, shared: Arc<Shared>, mut end: watch::Receiver<()>) {
    let service = service_fn(|request| answer(Arc::clone(&shared), peer, request));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_headers(HEADERS)
        .max_buf_size(LONGEST_HEAD);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        _ = &mut connection => return,
        _ = end.changed() => {}
        () = sleep(LIFE) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(END, connection).await;
}

/// Answers one request. All work is done beside the connections, for it may wait for the disk or for others.
async fn answer(
    shared: Arc<Shared>,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
    let Some(body) = body::read(&mut request, &shared.room).await else {
        return Ok(Reply::empty(StatusCode::BAD_REQUEST).into_response());
    };
    let (parts, _) = request.into_parts();
    let body::Read { bytes, room: _room } = body;
    let call = Call::new(parts.method, &parts.uri, parts.headers, bytes, shared.server.clock.now());
    // Never closed.
    let _worker = shared.workers.acquire().await;
    let server = Arc::clone(&shared.server);
    let done = tokio::task::spawn_blocking(move || handle(&server, &call, peer.ip()).into_response()).await;
    Ok(done.unwrap_or_else(|_| Reply::empty(StatusCode::INTERNAL_SERVER_ERROR).into_response()))
}
