//! Why VRPs were refused: what, where, and what to do next.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::{
    finding::counted,
    net::{AsnError, PrefixError},
};

use super::{MaxAge, VrpLengthError};

/// A source of VRPs that cannot be used as evidence. Each message ends with a line `hint: …`.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum VrpError {
    /// No known format; `start` is its first line, `formats` what could be read.
    #[error(
        "`{name}` holds no VRPs in a format that can be read; it begins with `{start}`\n\
         hint: give {formats}; a CSV file needs its header line"
    )]
    Unrecognised {
        /// The file or URL.
        name: String,
        /// The beginning of its first line.
        start: String,
        /// The names of all formats that can be read.
        formats: String,
    },
    /// Compressed, or in a character set that is not read.
    #[error("`{name}` is {what}, which is not read\nhint: `{command} {name} > FILE`, and give that")]
    Packed {
        /// The file or URL.
        name: String,
        /// What it is.
        what: String,
        /// The command that makes text of it.
        command: &'static str,
    },
    /// It unpacks to more than anybody prints.
    #[error("`{name}` unpacks to more than {megabytes} MB\nhint: is this the output of a validator?")]
    TooLarge {
        /// The file or URL.
        name: String,
        /// How much is read.
        megabytes: usize,
    },
    /// It ends too early.
    #[error(
        "`{name}` is cut off: it ends in the middle of line {line}\nhint: fetch it again, and replace it only when complete"
    )]
    Truncated {
        /// The file or URL.
        name: String,
        /// Its last line.
        line: usize,
    },
    /// It came from a URL, through a link or a pipe, and cannot be read: nothing of it is shown.
    #[error(
        "`{name}` {problem}; nothing of it is shown\n\
         hint: is this the output of a validator? `--vrps FILE` shows what is wrong with a file that is no link"
    )]
    Unquoted {
        /// The URL or file.
        name: String,
        /// What is wrong, in words of ours.
        problem: String,
    },
    /// Its syntax is broken.
    #[error("`{name}`: {problem}\nhint: have the validator write it again")]
    Malformed {
        /// The file or URL.
        name: String,
        /// What is wrong, with its line.
        problem: String,
    },
    /// Records that are no VRPs, of which the first few are kept.
    #[error(
        "`{name}`: {count} of its records cannot be read as VRPs:{}\n\
         hint: no validator prints such records; have it write the file again, or correct them",
        listed(first)
    )]
    Records {
        /// The file or URL.
        name: String,
        /// How many there are.
        count: usize,
        /// The first of them.
        first: Vec<RecordError>,
    },
    /// Not a single VRP.
    #[error(
        "`{name}` holds no VRP at all, so it proves nothing\n\
         hint: look at the validator's log; without a valid trust anchor it prints an empty set and exits with 0"
    )]
    Empty {
        /// The file or URL.
        name: String,
    },
    /// Its time cannot be read.
    #[error(
        "`{name}`: `{text}` is no time\nhint: it must be Unix seconds or RFC 3339, as in 2026-11-23T09:21:28Z"
    )]
    Time {
        /// The file or URL.
        name: String,
        /// What stands there.
        text: String,
    },
    /// It does not say when it was made.
    #[error(
        "`{name}` does not say when it was generated, so nobody knows whether it still holds (max-age = \"{max_age}\")\n\
         hint: use a format that does (Routinator `json`, rpki-client `json`); for a fixture set max-age = \"never\""
    )]
    Undated {
        /// The file or URL.
        name: String,
        /// What is allowed.
        max_age: MaxAge,
    },
    /// It is older than allowed.
    #[error(
        "`{name}` was generated at {generated}, {} ago; max-age is \"{max_age}\"\n\
         hint: run the validator again and fetch its output; for a fixture set max-age = \"never\"", rounded(*age)
    )]
    Stale {
        /// The file or URL.
        name: String,
        /// Its own time.
        generated: Timestamp,
        /// How long ago that is.
        age: SignedDuration,
        /// What is allowed.
        max_age: MaxAge,
    },
    /// It says itself that it holds no longer.
    #[error(
        "`{name}` says itself that it is valid until {until}, and that was {} ago\n\
         hint: run the validator again and fetch its output", rounded(*ago)
    )]
    Outlived {
        /// The file or URL.
        name: String,
        /// Until when it held.
        until: Timestamp,
        /// How long ago that is.
        ago: SignedDuration,
    },
    /// It claims to be from the future.
    #[error(
        "`{name}` claims to be generated at {generated}, {} from now\n\
         hint: compare the clock of this machine with that of the validator", rounded(*ahead)
    )]
    Future {
        /// The file or URL.
        name: String,
        /// Its own time.
        generated: Timestamp,
        /// How far ahead that is.
        ahead: SignedDuration,
    },
    /// All its VRPs have expired.
    #[error(
        "every VRP of `{name}` has expired, {count} in all\n\
         hint: run the validator again; for a fixture use Routinator's `json`, which sets no expiry"
    )]
    Expired {
        /// The file or URL.
        name: String,
        /// How many there were.
        count: usize,
    },
}

impl VrpError {
    /// The same error without a word of what was read: for what came from a URL, a
    /// link or a pipe, which may be anything.
    #[must_use]
    pub fn unquoted(self) -> VrpError {
        let unquoted = |name, problem: &str| VrpError::Unquoted { name, problem: problem.to_owned() };
        match self {
            VrpError::Unrecognised { name, formats, .. } => {
                unquoted(name, &format!("does not send {formats}"))
            }
            VrpError::Malformed { name, .. } => unquoted(name, "sends broken JSON or CSV"),
            VrpError::Records { name, count, .. } => {
                unquoted(name, &format!("sends {} that cannot be read as VRPs", counted(count, "record")))
            }
            VrpError::Time { name, .. } => unquoted(name, "gives a time that is none"),
            VrpError::Unquoted { .. }
            | VrpError::Packed { .. }
            | VrpError::TooLarge { .. }
            | VrpError::Outlived { .. }
            | VrpError::Truncated { .. }
            | VrpError::Empty { .. }
            | VrpError::Undated { .. }
            | VrpError::Stale { .. }
            | VrpError::Future { .. }
            | VrpError::Expired { .. } => self,
        }
    }
}

/// One record that is no VRP.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct RecordError {
    /// Where it stands.
    pub place: Place,
    /// What is wrong with it.
    pub problem: FieldError,
}

/// Where a record stands, both counted from 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// The line of a text file.
    Line(u64),
    /// The element of a JSON array.
    Record(u64),
}

/// A field of a record that is not what it should be.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum FieldError {
    /// It is not there.
    #[error("the {0} is missing")]
    Missing(&'static str),
    /// No AS number.
    #[error(transparent)]
    Asn(#[from] AsnError),
    /// No prefix, or one with host bits.
    #[error(transparent)]
    Prefix(#[from] PrefixError),
    /// No number of bits.
    #[error("maxLength `{0}` is not a number of bits")]
    Length(String),
    /// A maxLength that does not go with its prefix.
    #[error(transparent)]
    Range(#[from] VrpLengthError),
    /// No time.
    #[error("`{0}` is no time")]
    Time(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Place::Line(number) => write!(f, "line {number}"),
            Place::Record(number) => write!(f, "record {number}"),
        }
    }
}

fn listed(errors: &[RecordError]) -> String {
    errors.iter().fold(String::new(), |text, error| text + "\n  " + &error.to_string())
}

/// The duration without what is less than a minute, unless there is nothing else.
fn rounded(duration: SignedDuration) -> String {
    let minutes = SignedDuration::from_mins(duration.as_mins());
    if minutes.is_zero() {
        format!("{:#}", SignedDuration::from_secs(duration.as_secs()))
    } else {
        format!("{minutes:#}")
    }
}
