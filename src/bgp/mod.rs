//! What routers announce, as other programs print it.
//!
//! Pure values: somebody else fetches the bytes. The format is recognised by content.

mod plain;

use crate::{
    net::{Asn, Prefix},
    reading::{self, ANNOUNCEMENTS, Problem, ReadError},
};

/// One announcement as it was seen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Seen {
    /// Its prefix.
    pub prefix: Prefix,
    /// Who originates it.
    pub origin: Origin,
    /// Its line; 0 where there are none.
    pub line: u32,
}

/// The last AS of the path (RFC 6811 §2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// This one.
    As(Asn),
    /// The AS of the router: its path is empty, or ends in a confederation segment.
    Own,
    /// None: the path ends in an AS_SET (RFC 6472).
    Set,
}

/// What was seen in one source.
#[derive(Clone, Debug)]
pub struct Announced {
    /// The file or URL.
    pub source: String,
    /// The format that it is in.
    pub format: &'static str,
    /// The announcements, in the order of the source.
    pub seen: Vec<Seen>,
}

/// Reads the announcements in `bytes`; `name` is the file or URL for messages.
pub fn read(name: &str, bytes: &[u8]) -> Result<Announced, ReadError> {
    let refused = |problem| ReadError { name: name.to_owned(), kind: &ANNOUNCEMENTS, problem };
    let bytes = reading::unpacked(&ANNOUNCEMENTS, name, bytes)?;
    let text = reading::text(&ANNOUNCEMENTS, name, &bytes, plain::FORMAT)?;
    if !plain::recognise(text) {
        return Err(reading::unrecognised(&ANNOUNCEMENTS, name, &bytes, plain::FORMAT));
    }
    let seen = plain::read(text).map_err(refused)?;
    match seen.is_empty() {
        true => Err(refused(Problem::Empty)),
        false => Ok(Announced { source: name.to_owned(), format: plain::FORMAT, seen }),
    }
}
