//! The formats in which validators print VRPs.
//!
//! A new format is one file here and one line in [`FORMATS`].

mod csv;
mod json;
mod packed;
mod records;

use std::borrow::Cow;

use jiff::Timestamp;

use super::{Vrp, VrpError};
use records::Records;

/// Every format that can be read; the first that recognises a text reads it.
const FORMATS: [Format; 2] = [json::FORMAT, csv::FORMAT];

/// One format, or a family of formats that differ in names only.
struct Format {
    /// Whose it is and how they call it, for messages.
    name: &'static str,
    /// Whether a text is in this format, by its beginning.
    recognise: fn(&str) -> bool,
    /// Reads all of a text.
    read: fn(&str) -> Result<Document, Problem>,
}

/// What stands in a text.
struct Document {
    records: Records,
    generated: Option<Timestamp>,
    valid_until: Option<Timestamp>,
}

/// Why a text cannot be read as a whole.
enum Problem {
    /// It is something else after all.
    Foreign,
    /// It ends within its last line.
    Truncated,
    /// Its syntax is broken: what and where.
    Malformed(String),
    /// Its time is none.
    Time(String),
}

/// VRPs as they stand in a document, and its own time.
pub(super) struct Printed {
    pub(super) vrps: Vec<Vrp>,
    pub(super) generated: Option<Timestamp>,
    pub(super) valid_until: Option<Timestamp>,
    pub(super) is_packed: bool,
}

/// Reads `bytes` in the format that recognises them; `name` is for messages.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Printed, VrpError> {
    if bytes.is_empty() {
        return Err(VrpError::Empty { name: name.to_owned() });
    }
    let bytes = packed::unpack(name, bytes)?;
    let is_packed = matches!(bytes, Cow::Owned(_));
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Err(unrecognised(name, &String::from_utf8_lossy(&bytes)));
    };
    let text = text.trim_start_matches('\u{feff}');
    let format = FORMATS.iter().find(|format| (format.recognise)(text));
    let document = format.map_or(Err(Problem::Foreign), |format| (format.read)(text));
    let document = document.map_err(|problem| problem.of(name, text))?;
    let Document { records, generated, valid_until } = document;
    let vrps = records.finish(name)?;
    Ok(Printed { vrps, generated, valid_until, is_packed })
}

impl Problem {
    fn of(self, name: &str, text: &str) -> VrpError {
        let file = name.to_owned();
        match self {
            Problem::Foreign => unrecognised(name, text),
            Problem::Truncated => VrpError::Truncated { name: file, line: text.lines().count() },
            Problem::Malformed(problem) => VrpError::Malformed { name: file, problem },
            Problem::Time(text) => VrpError::Time { name: file, text },
        }
    }
}

fn unrecognised(name: &str, text: &str) -> VrpError {
    const SHOWN: usize = 60;
    let line = text.trim_start().lines().next().unwrap_or_default();
    let printable = |c: &char| !c.is_control();
    VrpError::Unrecognised {
        name: name.to_owned(),
        start: line.chars().filter(printable).take(SHOWN).collect(),
        formats: FORMATS.map(|format| format.name).join(", or "),
    }
}

#[cfg(test)]
mod tests;
