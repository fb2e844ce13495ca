//! Asking all servers of all zones: some at a time, and not for ever.

use std::{collections::BTreeSet, mem, net::SocketAddr, pin::pin, time::Duration};

use futures_util::{StreamExt, stream};
use tokio::{net::lookup_host, time};

use super::{
    Resolve,
    message::What,
    transport::{tcp, udp},
};
use crate::audit::{Asked, Heard, Seen, Server, Zone};

/// How much is asked at a time, and how long is waited.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// For the answer to one question.
    pub answer: Duration,
    /// For all answers.
    pub total: Duration,
    /// Servers that are asked at the same time.
    pub parallel: usize,
}

impl Default for Bounds {
    /// Patient with a slow server, and an end that is seen: a dead one takes 9 s, and 8 of them no longer.
    fn default() -> Bounds {
        Bounds { answer: Duration::from_secs(3), total: Duration::from_secs(300), parallel: 8 }
    }
}

/// Who may be asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reach {
    /// Whoever a zone names.
    Everywhere,
    /// Only where the user says that a server is: a run against the sandbox contacts no other host.
    Said,
}

/// What the servers say, in the order of the zones.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Of each zone.
    pub seen: Vec<Seen>,
    /// How many servers there was no time for.
    pub too_late: usize,
}

/// Asks each server of each zone.
pub async fn ask(zones: &[Zone], resolve: &[Resolve], reach: Reach, bounds: Bounds) -> Answers {
    let servers = zones.iter().enumerate();
    let servers = servers.flat_map(|(at, zone)| zone.servers.iter().map(move |server| (at, zone, server)));
    let count = servers.clone().count();
    let asked = servers.map(|(at, zone, server)| async move {
        (at, of_server(zone, server, (resolve, reach), bounds.answer).await)
    });
    let mut all = Answers { seen: vec![Seen::default(); zones.len()], too_late: count };
    let end = time::sleep(bounds.total);
    let mut answers = pin!(stream::iter(asked).buffer_unordered(bounds.parallel).take_until(end));
    while let Some((at, of_server)) = answers.next().await {
        all.too_late -= 1;
        if let Some(seen) = all.seen.get_mut(at) {
            seen.asked.extend(of_server.asked);
            seen.nameless.extend(of_server.nameless);
            seen.unasked.extend(of_server.unasked);
            seen.passed_over.extend(of_server.passed_over);
        }
    }
    for seen in &mut all.seen {
        seen.asked.sort_by(|a, b| (&a.server, a.address).cmp(&(&b.server, b.address)));
        seen.nameless.sort();
        seen.unasked.sort();
        seen.passed_over.sort();
    }
    all
}

/// Asks a server at each of its addresses.
async fn of_server(zone: &Zone, server: &Server, resolve: (&[Resolve], Reach), patience: Duration) -> Seen {
    const MOST: usize = 8;
    let mut seen = Seen::default();
    let addresses = match addresses(server, resolve, patience).await {
        Ok(addresses) => addresses,
        Err(Lost::Nameless(why)) => {
            seen.nameless.push((server.name.clone(), why));
            return seen;
        }
        Err(Lost::Unasked(why)) => {
            seen.unasked.push(format!("{}: {why}", server.name));
            return seen;
        }
    };
    for address in addresses.into_iter().take(MOST) {
        let asked = at_address(zone, server, address, patience).await;
        match &asked.udp {
            Heard::Unasked(why) => {
                seen.passed_over.push(format!("{} ({}): {why}", server.name, address.ip()));
            }
            _ => seen.asked.push(asked),
        }
    }
    if seen.asked.is_empty() {
        seen.unasked = mem::take(&mut seen.passed_over);
    }
    seen
}

async fn at_address(zone: &Zone, server: &Server, address: SocketAddr, patience: Duration) -> Asked {
    let name = zone.name.as_str();
    let ((by_udp, _), by_tcp) =
        tokio::join!(udp(address, name, What::Soa, patience), tcp(address, name, What::Soa, patience));
    let servers = match (&by_udp, &by_tcp) {
        (Heard::Reply(_), _) => match udp(address, name, What::Servers, patience).await {
            (_, true) => tcp(address, name, What::Servers, patience).await,
            (heard, false) => heard,
        },
        (_, Heard::Reply(_)) => tcp(address, name, What::Servers, patience).await,
        (heard, _) => heard.clone(),
    };
    let keys = match (&by_tcp, zone.signers.is_empty()) {
        (Heard::Reply(_), false) => Some(tcp(address, name, What::Keys, patience).await),
        _ => None,
    };
    Asked { server: server.name.clone(), address, udp: by_udp, tcp: by_tcp, servers, keys }
}

/// Why a server has no address here.
enum Lost {
    /// Its name leads to none.
    Nameless(String),
    /// Nobody could be asked for it.
    Unasked(String),
}

/// Where a server is asked: where the user says, at the addresses of its `nserver`, or at those that its name leads to.
async fn addresses(
    server: &Server,
    (resolve, reach): (&[Resolve], Reach),
    patience: Duration,
) -> Result<Vec<SocketAddr>, Lost> {
    const PORT: u16 = 53;
    let said: Vec<SocketAddr> =
        resolve.iter().filter(|each| each.name == server.name).map(|each| each.address).collect();
    if !said.is_empty() {
        return Ok(said);
    }
    if reach == Reach::Said {
        let why = "a run against the sandbox contacts no other host; `--resolve NAME=ADDRESS:PORT` says where to ask";
        return Err(Lost::Unasked(why.to_owned()));
    }
    if !server.glue.is_empty() {
        return Ok(server.glue.iter().map(|address| (*address, PORT).into()).collect());
    }
    let found = time::timeout(patience * 3, lookup_host((server.name.as_str(), PORT))).await;
    match found {
        Err(_) => Err(Lost::Unasked("the system's resolver does not answer".to_owned())),
        // getaddrinfo tells "no such name" from "try again" by its text alone.
        Ok(Err(error)) if error.to_string().contains("emporary failure") => {
            Err(Lost::Unasked(error.to_string()))
        }
        Ok(Err(error)) => Err(Lost::Nameless(error.to_string())),
        Ok(Ok(found)) => {
            let each: BTreeSet<SocketAddr> = found.collect();
            Ok(each.into_iter().collect())
        }
    }
}
