//! Why a text was refused: what, where, and what to do next.

use super::{Kind, Refused};
use crate::{finding::counted, visible};

/// A file or an answer that cannot be used. Its message ends with a line `hint: …`; what it quotes is made visible, each on
/// one line.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", self.message())]
pub struct ReadError {
    /// The file or URL.
    pub name: String,
    /// What was looked for in it.
    pub kind: &'static Kind,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a text as a whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Problem {
    /// No known format.
    Unrecognised {
        /// Its first line.
        start: String,
        /// What can be read.
        formats: String,
    },
    /// Compressed, or in a character set that is not read.
    Packed {
        /// What it is.
        what: String,
        /// The command that makes text of it.
        command: &'static str,
    },
    /// It unpacks to more than anybody prints.
    TooLarge {
        /// How much is read.
        megabytes: usize,
    },
    /// It ends in the middle of a line, of this number.
    Truncated(usize),
    /// It came from a URL, through a link or a pipe, and cannot be read, in words of ours: nothing of it is shown.
    Unquoted(String),
    /// Its syntax is broken: what and where.
    Malformed(String),
    /// Records that are not what they should be.
    Records(Refused),
    /// Not a single record.
    Empty,
    /// It gives a time that is none.
    Time(String),
    /// It says itself that it could not look, as a router does of a session that is down: what, and what to do.
    CouldNotLook {
        /// What it says.
        what: String,
        /// What to do.
        hint: &'static str,
    },
}

impl ReadError {
    /// The same error without a word of what was read: for what came from a URL, a link or a pipe, which may be
    /// anything.
    #[must_use]
    pub fn unquoted(self) -> ReadError {
        let records = self.kind.records;
        let words = match &self.problem {
            Problem::Unrecognised { formats, .. } => format!("does not send {formats}"),
            Problem::Malformed(_) => "sends what is broken".to_owned(),
            Problem::Records(refused) => {
                format!("sends {} that cannot be read as {records}", counted(refused.count, "record"))
            }
            Problem::Time(_) => "gives a time that is none".to_owned(),
            Problem::CouldNotLook { .. } => "says that it could not look".to_owned(),
            _ => return self,
        };
        ReadError { problem: Problem::Unquoted(words), ..self }
    }

    fn message(&self) -> String {
        let ReadError { kind: Kind { records, printer, option, empty }, problem, .. } = self;
        let name = visible::line(&self.name);
        match problem {
            Problem::Unrecognised { start, formats } => format!(
                "`{name}` holds no {records} in a format that can be read; it begins with `{}`\nhint: give {formats}",
                visible::line(start)
            ),
            Problem::Packed { what, command } => {
                format!(
                    "`{name}` is {what}, which is not read\nhint: `{command} {name} > FILE`, and give that"
                )
            }
            Problem::TooLarge { megabytes } => format!(
                "`{name}` unpacks to more than {megabytes} MB\nhint: is this the output of a {printer}?"
            ),
            Problem::Truncated(line) => format!(
                "`{name}` is cut off: it ends in the middle of line {line}\n\
                 hint: fetch it again, and replace it only when complete"
            ),
            Problem::Unquoted(words) => format!(
                "`{name}` {words}; nothing of it is shown\n\
                 hint: is this the output of a {printer}? `{option} FILE` shows what is wrong with a file that is no link"
            ),
            Problem::Malformed(what) => {
                format!("`{name}`: {}\nhint: have the {printer} write it again", visible::line(what))
            }
            Problem::Records(Refused { count, first }) => {
                let listed: String =
                    first.iter().map(|error| format!("\n  {}", visible::shown(error))).collect();
                format!(
                    "`{name}`: {count} of its records cannot be read as {records}:{listed}\n\
                     hint: no {printer} prints such records; have it write the file again, or correct them"
                )
            }
            Problem::Empty => format!(
                "`{name}` holds no {} at all, so it proves nothing\nhint: {empty}",
                records.strip_suffix('s').unwrap_or(records)
            ),
            Problem::Time(text) => format!(
                "`{name}`: `{}` is no time\n\
                 hint: it must be Unix seconds or RFC 3339, as in 2026-11-23T09:21:28Z",
                visible::line(text)
            ),
            Problem::CouldNotLook { what, hint } => {
                format!("`{name}`: {}\nhint: {hint}", visible::line(what))
            }
        }
    }
}
