//! The formats in which announcements are printed.
//!
//! A new format is one file here and one row in [`FORMATS`].

mod bird;
mod frr;
mod gobgp;
mod json;
mod list;
mod mrt;
mod mrt_whole;
mod openbgpd;
mod ripestat;
mod riswhois;

use jiff::Timestamp;

pub use bird::hint as bird_hint;

use super::{Announced, routes::Routes};
use crate::reading::{self, ANNOUNCEMENTS, Problem, ReadError};

/// Every format that can be read; the first that recognises a document reads it.
const FORMATS: [Format; 8] = [
    mrt::FORMAT,
    ripestat::FORMAT,
    frr::FORMAT,
    openbgpd::FORMAT,
    gobgp::FORMAT,
    bird::FORMAT,
    riswhois::FORMAT,
    list::FORMAT,
];

/// One format, or a family of formats that differ in names only.
struct Format {
    /// Whose it is and how they call it, for messages.
    name: &'static str,
    /// Whether a document is in this format.
    recognise: fn(&Input) -> bool,
    /// Reads all of a document.
    read: fn(&Input) -> Result<Document, Problem>,
}

/// A document, and what is known of it before its format is.
struct Input<'a> {
    bytes: &'a [u8],
    /// Its text; nothing where it is none.
    text: Option<&'a str>,
    /// The first keys of the object, if it is one in JSON.
    keys: Option<Vec<String>>,
}

/// What stands in a document.
#[derive(Default)]
struct Document {
    routes: Routes,
    generated: Option<Timestamp>,
    /// Whether it would be a proof of silence without a single route.
    proves_none: bool,
}

/// Reads `bytes`, plain or compressed, in the format that recognises them; `name` is the file or URL for messages.
pub fn read(name: &str, bytes: &[u8]) -> Result<Announced, ReadError> {
    let error = |problem| ReadError { name: name.to_owned(), kind: &ANNOUNCEMENTS, problem };
    let bytes = &*reading::unpacked(&ANNOUNCEMENTS, name, bytes)?;
    if bytes.trim_ascii().is_empty() {
        return Err(error(Problem::Empty));
    }
    let names = FORMATS.map(|format| format.name).join(", ");
    let text = reading::text(&ANNOUNCEMENTS, name, bytes, &names);
    let input = Input {
        bytes,
        text: text.as_ref().ok().copied(),
        keys: text.as_ref().ok().and_then(|t| json::keys(t)),
    };
    let Some(format) = FORMATS.iter().find(|format| (format.recognise)(&input)) else {
        return Err(reading::unrecognised(&ANNOUNCEMENTS, name, bytes, &names));
    };
    let Document { routes, generated, proves_none } = (format.read)(&input).map_err(error)?;
    let Routes { seen, refused, skipped, unsure, .. } = routes;
    match () {
        () if refused.count > 0 => Err(error(Problem::Records(refused))),
        () if seen.is_empty() && !proves_none => Err(error(Problem::Empty)),
        () => {
            Ok(Announced { source: name.to_owned(), format: format.name, seen, generated, skipped, unsure })
        }
    }
}

impl Input<'_> {
    /// Whether it is an object with one of these keys.
    fn has_key(&self, wanted: &[&str]) -> bool {
        self.keys.iter().flatten().any(|key| wanted.contains(&key.as_str()))
    }

    /// Its text, if all its lines are whole: `…,2053` may have been `…,205398`.
    fn whole_lines(&self) -> Result<&str, Problem> {
        let text = self.text.unwrap_or_default();
        match text.ends_with('\n') {
            true => Ok(text),
            false => Err(Problem::Truncated(text.lines().count())),
        }
    }
}

#[cfg(test)]
mod tests;
