//! The control socket of BIRD: what it exports to a session, asked in a restricted session that can change nothing.
//!
//! The answer is text as `birdc` prints it, for [`crate::bgp::read`]. The protocol is BIRD's own, of its manual
//! "Remote control": each line has a code of four digits, and `-` while more lines follow.

mod reply;

use std::{path::Path, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::UnixStream,
    time::timeout,
};

use crate::{
    bgp,
    reading::{ANNOUNCEMENTS, Problem, ReadError},
    visible,
};
use reply::{Reply, reply};

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The most that BIRD may say: a full table with its attributes has about as much.
const LARGEST: u64 = 256 << 20;

/// What BIRD behind the socket exports to the protocol, as `show route export PROTOCOL all` prints it. An error says that
/// it could not look, and what to do.
pub async fn exported(socket: &Path, protocol: &str) -> Result<Vec<u8>, ReadError> {
    within(PATIENCE, LARGEST, socket, protocol).await
}

async fn within(
    patience: Duration,
    largest: u64,
    socket: &Path,
    protocol: &str,
) -> Result<Vec<u8>, ReadError> {
    let asked = async {
        // Nothing but a name gets into the command.
        if !is_name(protocol) {
            let what = format!("`{}` is no name of a protocol of BIRD", visible::line(protocol));
            return Err((what, "a name has letters, digits and `_`: `birdc show protocols` lists them"));
        }
        timeout(patience, ask(largest, socket, protocol)).await.unwrap_or_else(|_| {
            let what = format!("BIRD has not answered within {} s", patience.as_secs_f32());
            Err((what, "look whether BIRD is busy: `birdc show status`"))
        })
    };
    asked.await.map_err(|(what, hint)| ReadError {
        name: visible::shown(format_args!("{}:{protocol}", socket.display())),
        kind: &ANNOUNCEMENTS,
        problem: Problem::CouldNotLook { what, hint },
    })
}

/// Letters, digits and `_`, as BIRD takes without quotes, and no digit first.
fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && text.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

/// What is wrong, and what to do.
type Failed = (String, &'static str);

async fn ask(largest: u64, socket: &Path, protocol: &str) -> Result<Vec<u8>, Failed> {
    let mut stream = UnixStream::connect(socket).await.map_err(|error| {
        let hint =
            "give BIRD's control socket, often /run/bird/bird.ctl, and be in the group that may use it";
        (format!("its control socket cannot be used: {error}"), hint)
    })?;
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader.take(largest));
    let mut said = good(reply(&mut reader).await, 1)?;
    for (command, code) in
        [("restrict".to_owned(), Some(16)), (format!("show route export {protocol} all"), None)]
    {
        let sent = writer.write_all(format!("{command}\n").as_bytes()).await;
        sent.map_err(|error| (format!("BIRD takes no command: {error}"), NO_BIRD))?;
        let answer = reply(&mut reader).await;
        match code {
            Some(code) => drop(good(answer, code)?),
            None => said.extend(good(answer, 0)?),
        }
    }
    Ok(said)
}

const NO_BIRD: &str = "look whether this is the control socket of BIRD 2 or later, and whether BIRD runs";

/// The text of a reply that has the code that was awaited.
fn good(reply: Result<Reply, String>, awaited: u16) -> Result<Vec<u8>, Failed> {
    let Reply { code, text, last } = reply.map_err(|what| (what, NO_BIRD))?;
    let last = String::from_utf8_lossy(&last).into_owned();
    match code {
        _ if code == awaited => Ok(text),
        8000.. => {
            let hint = bgp::bird_hint(&last).unwrap_or(NO_BIRD);
            Err((format!("BIRD answers `{}`", visible::line(&last)), hint))
        }
        _ => Err((format!("BIRD answers with code {code:04}, and not {awaited:04}"), NO_BIRD)),
    }
}

#[cfg(test)]
mod tests;
