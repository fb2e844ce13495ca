//! What routers announce, as other programs print it.
//!
//! Pure values: somebody else opens the file or asks the router. What a routing daemon, a collector or a list says becomes
//! [`Announced`], or is refused with its place: a session that is down must never look like a router that announces nothing.
//!
//! The origin is the one of RFC 6811 §2: the last AS of the path; our own where the path is empty or ends in a
//! confederation segment; none where it ends in an `AS_SET`, which therefore is never valid (RFC 6472, RFC 9774).
//! What a format cannot tell is counted in [`Announced::unsure`].

mod formats;
mod path;
mod routes;

use jiff::Timestamp;

pub use formats::{bird_hint, read};

use crate::net::{Asn, Prefix};

/// One announcement as it was seen.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Seen {
    /// What is announced.
    pub prefix: Prefix,
    /// Who announces it.
    pub origin: Origin,
    /// The line in which it stands, counted from 1; 0 in formats that have no lines.
    pub line: u32,
}

/// More than a million are held at once.
const _: () = assert!(size_of::<Seen>() <= 32);

/// Who originates a route (RFC 6811 §2, "route origin ASN").
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Origin {
    /// The last AS of the path.
    As(Asn),
    /// The AS of the router itself: its path is empty, or ends in a confederation segment.
    Own,
    /// None: the path ends in an `AS_SET`.
    Set,
}

/// What one source says is announced.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Announced {
    /// The file or URL.
    pub source: String,
    /// The format in which it was read.
    pub format: &'static str,
    /// The announcements, in the order of the source; formats that print a route once for each neighbour give it once.
    /// Empty only where the source itself proves that it was asked and that there are none.
    pub seen: Vec<Seen>,
    /// The time of which it speaks, where it says one.
    pub generated: Option<Timestamp>,
    /// What was left out, by its reason.
    pub skipped: Vec<Skipped>,
    /// How many routes were taken for our own because the format does not tell an empty path from an `AS_SET`: BIRD's
    /// short form prints `[i]` of both, and only `show route … all` tells.
    pub unsure: usize,
}

/// Records that are no announcements, or none that hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Skipped {
    /// How many.
    pub count: usize,
    /// One of them in words, as in `route of a multicast table`.
    pub what: &'static str,
}
