//! Route objects by whois: one connection, the commands pipelined.

use std::io;

use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{
    Answer, Found, IrrdError, Patience, Source,
    frame::{Frame, frame},
};
use crate::{
    irr::{Hidden, PSEUDO_SOURCE},
    net::Prefix,
    tcp::Server,
    visible,
};

/// The commands that end hiding for the rest of a connection, in the order in which they are sent.
const FILTERS: [(&str, Hidden); 3] = [
    ("!fno-rpki-filter", Hidden::Rpki),
    ("!fno-scope-filter", Hidden::Scope),
    ("!fno-route-preference-filter", Hidden::RoutePreference),
];

const AGAIN: &str = "ask again later, or take a dump of the registry (`--irr FILE`)";
const NO_IRRD: &str = "is an IRRd there? `irr://` wants its whois port, and `/graphql/` its HTTP port";

/// See [`super::routes`]; of `server`, in `sources`.
pub async fn routes(
    patience: &Patience,
    server: &Server,
    sources: &[String],
    prefixes: &[Prefix],
    inside: &[Prefix],
) -> Result<Answer, IrrdError> {
    let (reader, mut writer) = connect(patience, server).await?.into_split();
    let mut replies = Replies { reader, held: Vec::new(), at: 0, read: 0, patience };
    send(&mut writer, "!!\n!nripectl\n!J-*\n!s-lc\n").await?;
    replies.one("!n").await?.ok(); // who asks: some servers do not want to know
    let status = replies.one("!J-*").await?.unwrap_or_default();
    let asked = match replies.one("!s-lc").await? {
        Ok(listed) if sources.is_empty() => names(&listed),
        _ => sources.to_vec(),
    };
    let asked: Vec<String> = asked.into_iter().filter(|name| name != PSEUDO_SOURCE).collect();
    if asked.is_empty() {
        let what = "it names no source of route objects: the pseudo-source RPKI is none";
        return Err(IrrdError::trouble(what, "name those to ask: `irr://HOST:PORT/RIPE,RADB`"));
    }
    let sources = described(&asked, &status);
    let queries = queries(prefixes, inside);
    let restriction = format!("!s{}", asked.join(","));
    let script = script(&restriction, &queries);
    // That it cannot be sent any more is told by what comes back, or does not.
    let sending = async {
        let _ = send(&mut writer, &script).await;
        std::future::pending::<()>().await;
    };
    let (found, unasked) = tokio::select! {
        understood = understand(&mut replies, &restriction, &queries) => understood?,
        () = sending => (Found::default(), Vec::new()), // never: it pends
    };
    Ok(found.answer(sources, unasked))
}

/// The commands for all route objects that count: `,L` gives the exact ones and those that cover, `,M` the more specific
/// ones without the exact ones.
fn queries(prefixes: &[Prefix], inside: &[Prefix]) -> Vec<String> {
    let covering = prefixes.iter().chain(inside).map(|prefix| format!("!r{prefix},L"));
    let mut queries: Vec<String> =
        covering.chain(inside.iter().map(|prefix| format!("!r{prefix},M"))).collect();
    queries.sort_unstable();
    queries.dedup();
    queries
}

/// All that is sent: the queries once, and again after each filter that is put off.
fn script(restriction: &str, queries: &[String]) -> String {
    let mut lines = vec![restriction];
    lines.extend(queries.iter().map(String::as_str));
    for (command, _) in FILTERS {
        lines.push(command);
        lines.extend(queries.iter().map(String::as_str));
    }
    lines.push("!q\n");
    lines.join("\n")
}

async fn understand<R: AsyncRead + Unpin>(
    replies: &mut Replies<'_, R>,
    restriction: &str,
    queries: &[String],
) -> Result<(Found, Vec<Hidden>), IrrdError> {
    let (mut found, mut unasked) = (Found::default(), Vec::new());
    if let Err(message) = replies.one(restriction).await? {
        let what = format!("it answers to `{restriction}`: {message}");
        return Err(IrrdError::trouble(what, "name sources that it has: `!s-lc` lists them"));
    }
    let mut hidden = None;
    for filter in std::iter::once(None).chain(FILTERS.map(Some)) {
        if let Some((command, reason)) = filter {
            hidden = Some(reason);
            if replies.one(command).await?.is_err() {
                unasked.push(reason);
            }
        }
        for query in queries {
            let reply = replies.one(query).await?;
            let objects = reply.map_err(|message| {
                let what = format!("it answers to `{query}`: {message}");
                IrrdError::trouble(what, AGAIN)
            })?;
            found.add(&objects, hidden)?;
        }
    }
    Ok((found, unasked))
}

/// The names of a list such as `RIPE,RADB`.
fn names(listed: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(listed);
    let names = text.split(',').map(|name| name.trim().to_ascii_uppercase());
    names
        .filter(|name| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        })
        .collect()
}

/// What `!J-*` says of the sources with these names.
fn described(names: &[String], status: &[u8]) -> Vec<Source> {
    let status: Value = serde_json::from_slice(status).unwrap_or_default();
    let one = |name: &String| {
        let said = status.get(name);
        let time = said.and_then(|said| said.get("last_update")?.as_str()?.parse().ok());
        Source {
            name: name.clone(),
            authoritative: said.and_then(|said| said.get("authoritative")?.as_bool()),
            updated: time,
        }
    };
    names.iter().map(one).collect()
}

async fn connect(patience: &Patience, server: &Server) -> Result<TcpStream, IrrdError> {
    let made = timeout(patience.connect, server.connect()).await;
    made.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map_err(|error| {
        let cause = match error.kind() {
            io::ErrorKind::TimedOut => "nobody answers".to_owned(),
            _ => error.to_string(),
        };
        IrrdError::trouble(format!("no connection: {cause}"), NO_IRRD)
    })
}

async fn send(writer: &mut (impl AsyncWrite + Unpin), commands: &str) -> Result<(), IrrdError> {
    let sent = writer.write_all(commands.as_bytes()).await;
    sent.map_err(|error| IrrdError::trouble(format!("the connection broke: {error}"), AGAIN))
}

/// The answers on a connection, in order.
struct Replies<'a, R> {
    reader: R,
    held: Vec<u8>,
    at: usize,
    read: usize,
    patience: &'a Patience,
}

impl<R: AsyncRead + Unpin> Replies<'_, R> {
    /// The next one, to `command`: its data, which may be none, or what the server says is wrong with the command.
    async fn one(&mut self, command: &str) -> Result<Result<Vec<u8>, String>, IrrdError> {
        loop {
            let open = self.held.get(self.at..).unwrap_or_default();
            let next = frame(open, self.patience.bytes).map_err(|error| {
                IrrdError::trouble(format!("what answers there {error} (to `{command}`)"), NO_IRRD)
            })?;
            if let Some((frame, length)) = next {
                let reply = match frame {
                    Frame::Data(data) => Ok(data.to_vec()),
                    Frame::Done | Frame::Nothing => Ok(Vec::new()),
                    Frame::Failed(message) => Err(shown(message)),
                };
                self.at += length;
                return Ok(reply);
            }
            self.read_on(command).await?;
        }
    }

    async fn read_on(&mut self, command: &str) -> Result<(), IrrdError> {
        self.held.drain(..self.at.min(self.held.len()));
        self.at = 0;
        self.held.reserve(64 << 10);
        let read = timeout(self.patience.still, self.reader.read_buf(&mut self.held)).await;
        let what = match read {
            Err(_) => format!("no answer to `{command}` within {} s", self.patience.still.as_secs_f32()),
            Ok(Err(error)) => format!("the connection broke before the answer to `{command}`: {error}"),
            Ok(Ok(0)) => format!("it hung up before the answer to `{command}` was whole"),
            Ok(Ok(length)) => {
                self.read += length;
                match self.read > self.patience.bytes {
                    true => format!("it sends more than {} MB", self.patience.bytes >> 20),
                    false => return Ok(()),
                }
            }
        };
        Err(IrrdError::trouble(what, AGAIN))
    }
}

/// A message of the server on one line, and short.
fn shown(message: &[u8]) -> String {
    const SHOWN: usize = 200;
    let text: String = String::from_utf8_lossy(message).chars().take(SHOWN).collect();
    visible::line(&text).into_owned()
}
