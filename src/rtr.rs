//! VRPs from a validator over the RTR protocol (RFC 6810, RFC 8210, version 2 of its successor): one whole set, and the
//! connection ends.
//!
//! The protocol is the `rpki` crate's. A server may stall, lie or send without end: all of it is bounded. It runs over
//! plain TCP, as routers speak it too; it carries no secret, and who can alter it on the way can alter the answer, so
//! that a validator on another machine is better asked over HTTPS.

use std::time::Duration;

use rpki_rs::rtr::{
    client::{Client, PayloadError, PayloadTarget, PayloadUpdate},
    payload::{Action, Payload, Timing},
};
use tokio::{
    io::{self, AsyncReadExt},
    time::timeout,
};

use crate::{
    net::{Asn, Prefix},
    rpki::Payloads,
    tcp::Server,
};

/// The most that a server may send: 700,000 VRPs are 20 MB.
const LARGEST: u64 = 256 << 20;
/// How long it may take as a whole.
const WHOLE: Duration = Duration::from_secs(60);
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// The versions that are offered, the newest first: a server that ends the connection at one is offered the next.
const VERSIONS: [u8; 3] = [2, 1, 0];

/// Why there are no VRPs. The message ends with a line `hint: …`.
#[derive(Debug, thiserror::Error)]
#[error(
    "the VRPs of rtr://{server} cannot be fetched: {why}\n\
     hint: is the validator's RTR server running there, and has it data yet? `routinator server --rtr` serves one"
)]
pub struct RtrError {
    server: Server,
    why: String,
}

/// The VRPs that `server` has now.
pub async fn fetch(server: &Server) -> Result<Payloads, RtrError> {
    within(WHOLE, server).await
}

async fn within(whole: Duration, server: &Server) -> Result<Payloads, RtrError> {
    let failed = |why: String| RtrError { server: server.clone(), why };
    let all = async {
        let mut last = String::new();
        for version in VERSIONS {
            match once(version, server).await {
                Ok(received) => return received.whole(),
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                    return Err(error.to_string());
                }
                Err(error) => last = told(&error),
            }
        }
        Err(last)
    };
    timeout(whole, all)
        .await
        .unwrap_or_else(|_| Err(format!("not whole within {} s", whole.as_secs_f32())))
        .map_err(failed)
}

async fn once(version: u8, server: &Server) -> io::Result<Received> {
    let connecting = timeout(CONNECT, server.connect());
    let stream = connecting.await.map_err(|_| io::Error::other("no connection within 10 s"))??;
    let (read, write) = stream.into_split();
    let socket = io::join(read.take(LARGEST), write);
    Client::with_initial_version(version, socket, Target, None).update().await
}

fn told(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "the connection ended before the set was whole".to_owned(),
        _ if error.to_string().is_empty() => "what it sends is no RTR".to_owned(),
        _ => crate::visible::line(&error.to_string()).into_owned(),
    }
}

struct Target;

/// What one exchange brought.
#[derive(Default)]
struct Received {
    payloads: Payloads,
    refused: Option<String>,
}

impl Received {
    fn whole(self) -> Result<Payloads, String> {
        self.refused.map_or(Ok(self.payloads), Err)
    }
}

impl PayloadTarget for Target {
    type Update = Received;

    fn start(&mut self, _: bool) -> Received {
        Received::default()
    }

    fn apply(&mut self, _: Received, _: Timing) -> Result<(), PayloadError> {
        Ok(())
    }
}

impl PayloadUpdate for Received {
    fn push_update(&mut self, action: Action, payload: Payload) -> Result<(), PayloadError> {
        let Payload::Origin(route) = payload else { return Ok(()) };
        let origin = Asn(route.asn.into_u32());
        let max_length = route.prefix.max_len().unwrap_or(route.prefix.prefix_len());
        let prefix = Prefix::new(route.prefix.addr(), route.prefix.prefix_len());
        let pushed = prefix.map_err(|error| error.to_string()).and_then(|prefix| {
            let pushed = self.payloads.push(prefix, origin, max_length, None, None);
            pushed.map_err(|error| error.to_string())
        });
        match (pushed, action) {
            (Ok(()), Action::Announce) => Ok(()),
            (Ok(()), Action::Withdraw) => Err(PayloadError::UnknownWithdraw), // a whole set begins with nothing
            (Err(error), _) => {
                self.refused.get_or_insert(error);
                Err(PayloadError::Corrupt)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use tokio::{io::AsyncWriteExt, net::TcpListener};

    use super::*;

    /// A server that sends `answer` to whatever it is asked, once for each connection, and then `stalls` or closes.
    async fn serving(answer: Vec<u8>, stalls: bool) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = local(&listener);
        tokio::spawn(async move {
            for _ in 0..8 {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut asked = [0; 8];
                let _ = stream.read_exact(&mut asked).await;
                let _ = stream.write_all(&answer).await;
                if stalls {
                    tokio::time::sleep(Duration::from_secs(20)).await;
                }
            }
        });
        server
    }

    fn local(listener: &TcpListener) -> Server {
        Server::read(&listener.local_addr().unwrap().to_string(), None).unwrap()
    }

    /// RFC 8210 §5: version, type, session or flags, length, and what is in it.
    fn pdu(kind: u8, session: u16, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 8).unwrap();
        [&[1, kind], &session.to_be_bytes()[..], &length.to_be_bytes()[..], body].concat()
    }

    fn ipv4(address: [u8; 4], len: u8, max: u8, asn: u32) -> Vec<u8> {
        pdu(4, 0, &[&[1, len, max, 0], &address[..], &asn.to_be_bytes()[..]].concat())
    }

    fn end() -> Vec<u8> {
        let timing = [3600_u32, 600, 7200].map(u32::to_be_bytes).concat();
        pdu(7, 9, &[&1_u32.to_be_bytes()[..], &timing].concat())
    }

    #[tokio::test]
    async fn a_whole_set_is_taken_and_nothing_else() {
        let whole =
            [pdu(3, 9, &[]), ipv4([192, 0, 2, 0], 24, 25, 1), ipv4([198, 51, 100, 0], 24, 24, 2), end()]
                .concat();
        let check = |answer: Vec<u8>, stalls: bool, expected: &'static str| async move {
            let server = serving(answer, stalls).await;
            let told = match within(Duration::from_millis(700), &server).await {
                Ok(payloads) => {
                    payloads.into_set().iter().map(|vrp| vrp.to_string()).collect::<Vec<_>>().join(", ")
                }
                Err(error) => error.to_string(),
            };
            assert!(told.contains(expected), "{told}");
        };
        check(whole.clone(), true, "AS1 192.0.2.0/24-25, AS2 198.51.100.0/24-24").await;
        // Cut anywhere it is no set; where it stalls, time ends it.
        for cut in [0, 5, 8, 20, 28, 40, whole.len() - 1] {
            check(whole[..cut].to_vec(), false, "cannot be fetched: ").await;
        }
        check(whole[..30].to_vec(), true, "cannot be fetched: not whole within").await;
        // Lengths that lie.
        let mut lies = whole.clone();
        lies[8 + 4..8 + 8].copy_from_slice(&u32::MAX.to_be_bytes());
        check(lies, false, "cannot be fetched: ").await;
        let long = [pdu(3, 9, &[]), vec![1, 10, 0, 0, 0xff, 0xff, 0xff, 0xff]].concat();
        check(long, false, "cannot be fetched: ").await;
        let range = [pdu(3, 9, &[]), ipv4([192, 0, 2, 0], 24, 8, 1), end()].concat();
        check(range, false, "cannot be fetched: ").await;
        check(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), false, "cannot be fetched: ").await;
    }

    #[tokio::test]
    async fn nobody_there_is_said_at_once() {
        let begun = Instant::now();
        let gone = local(&TcpListener::bind("127.0.0.1:0").await.unwrap());
        let error = fetch(&gone).await.err().unwrap().to_string();
        assert!(error.contains("refused") && error.contains("\nhint: "), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}
