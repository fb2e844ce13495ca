//! One question to one server, over UDP or TCP.

use std::{
    io::{self, ErrorKind},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    time::timeout,
};

use super::message::{Question, UDP_SIZE, What};
use crate::audit::{Heard, Reply};

/// What came back over UDP, and whether it was cut. UDP may lose a question, so it is sent twice, and at last without EDNS,
/// which some drop; so is one whose answer says that EDNS is not understood.
pub async fn udp(server: SocketAddr, zone: &str, what: What, patience: Duration) -> (Heard, bool) {
    let mut heard = Err(io::Error::from(ErrorKind::TimedOut));
    for with_edns in [true, true, false] {
        let again = within(patience, one_udp(server, zone, what, with_edns)).await;
        let is_silence = again.as_ref().is_err_and(|error| error.kind() == ErrorKind::TimedOut);
        let is_puzzled = again.as_ref().is_ok_and(|(reply, _)| is_puzzled(reply));
        if heard.is_err() || again.is_ok() {
            heard = again;
        }
        let goes_on = is_silence || (is_puzzled && with_edns);
        if !goes_on {
            break;
        }
    }
    match heard {
        Ok((reply, is_cut)) => (Heard::Reply(reply), is_cut),
        Err(error) => (not_heard(&error, patience), false),
    }
}

/// What came back over TCP.
pub async fn tcp(server: SocketAddr, zone: &str, what: What, patience: Duration) -> Heard {
    let mut heard = within(patience, one_tcp(server, zone, what, true)).await;
    if heard.as_ref().is_ok_and(is_puzzled) {
        heard = within(patience, one_tcp(server, zone, what, false)).await;
    }
    heard.map_or_else(|error| not_heard(&error, patience), Heard::Reply)
}

/// Whether a server does not understand EDNS.
fn is_puzzled(reply: &Reply) -> bool {
    ["FORMERR", "NOTIMP"].contains(&reply.code.as_str())
}

async fn one_udp(server: SocketAddr, zone: &str, what: What, with_edns: bool) -> io::Result<(Reply, bool)> {
    let question = question(zone, what, with_edns)?;
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any).await?;
    socket.connect(server).await?;
    socket.send(&question.bytes).await?;
    let mut answer = vec![0; usize::from(UDP_SIZE) * 4];
    loop {
        let length = socket.recv(&mut answer).await?;
        // What answers something else is not meant, and may be forged.
        if let Some(understood) = question.understand(answer.get(..length).unwrap_or_default()) {
            return Ok(understood);
        }
    }
}

async fn one_tcp(server: SocketAddr, zone: &str, what: What, with_edns: bool) -> io::Result<Reply> {
    let question = question(zone, what, with_edns)?;
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(question.bytes.len()).unwrap_or(u16::MAX);
    stream.write_all(&[&length.to_be_bytes()[..], &question.bytes].concat()).await?;
    let mut answer = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut answer).await?;
    let understood = question.understand(&answer);
    understood
        .map(|(reply, _)| reply)
        .ok_or_else(|| io::Error::other("what comes back is no answer to the question"))
}

fn question(zone: &str, what: What, with_edns: bool) -> io::Result<Question> {
    let id = getrandom::u32().map_err(io::Error::other)?.to_be_bytes();
    let question = Question::new(u16::from_be_bytes([id[0], id[1]]), zone, what, with_edns);
    question.ok_or_else(|| io::Error::other("the zone has a name that cannot be asked for"))
}

async fn within<T>(patience: Duration, asked: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(patience, asked).await.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
}

/// What is said where nothing came back; that no network leads there is no fault of the server's.
fn not_heard(error: &io::Error, patience: Duration) -> Heard {
    match error.kind() {
        ErrorKind::TimedOut => Heard::Nothing(format!("no answer within {} s", patience.as_secs_f32())),
        ErrorKind::ConnectionRefused => {
            Heard::Nothing("nobody listens there (connection refused)".to_owned())
        }
        ErrorKind::UnexpectedEof => Heard::Nothing("it hung up without an answer".to_owned()),
        ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable | ErrorKind::PermissionDenied => {
            Heard::Unasked(error.to_string())
        }
        _ => Heard::Nothing(error.to_string()),
    }
}
