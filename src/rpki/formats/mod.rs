//! The formats in which validators, and the routers that they feed, print VRPs.
//!
//! A new format is one file here and one line in [`FORMATS`].

mod bird;
mod csv;
mod json;
mod lines;
mod openbgpd;
mod plain;
mod records;
mod roas;
mod slurm;

use std::borrow::Cow;

use jiff::Timestamp;

use super::Payloads;
use crate::reading::{self, Problem, ReadError, VRPS};
use records::Records;

/// Every format that can be read; the first that recognises a text reads it.
const FORMATS: [Format; 5] = [json::FORMAT, slurm::FORMAT, csv::FORMAT, bird::FORMAT, openbgpd::FORMAT];

/// One format, or a family of formats that differ in names only.
struct Format {
    /// Whose it is and how they call it, for messages.
    name: &'static str,
    /// Whether a text is in this format, by its beginning.
    recognise: fn(&str) -> bool,
    /// Reads all of a text; `None` if it is something else after all.
    read: fn(&str) -> Result<Option<Document>, Problem>,
}

/// What stands in a text.
#[derive(Default)]
struct Document {
    records: Records,
    generated: Option<Timestamp>,
    valid_until: Option<Timestamp>,
}

/// VRPs as they stand in a document, and its own time.
pub(super) struct Printed {
    pub(super) payloads: Payloads,
    pub(super) generated: Option<Timestamp>,
    pub(super) valid_until: Option<Timestamp>,
    pub(super) is_packed: bool,
}

/// Reads `bytes` in the format that recognises them; `name` is for messages.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Printed, ReadError> {
    let refused = |problem| ReadError { name: name.to_owned(), kind: &VRPS, problem };
    if bytes.is_empty() {
        return Err(refused(Problem::Empty));
    }
    let bytes = reading::unpacked(&VRPS, name, bytes)?;
    let is_packed = matches!(bytes, Cow::Owned(_));
    let formats =
        format!("{}; a CSV file needs its header line", FORMATS.map(|format| format.name).join(", or "));
    let text = reading::text(&VRPS, name, &bytes, &formats)?;
    let format = FORMATS.iter().find(|format| (format.recognise)(text));
    let document = format.map_or(Ok(None), |format| (format.read)(text)).map_err(refused)?;
    let Some(Document { records, generated, valid_until }) = document else {
        return Err(
            foreign(text).map_or_else(|| reading::unrecognised(&VRPS, name, &bytes, &formats), refused)
        );
    };
    let payloads = records.finish().map_err(refused)?;
    Ok(Printed { payloads, generated, valid_until, is_packed })
}

/// What is known to come from a validator and cannot serve, with the reason.
fn foreign(text: &str) -> Option<Problem> {
    let start = text.get(..400).unwrap_or(text).trim_start();
    let what = if start.starts_with("route6:") || start.starts_with("route:") {
        "RPSL says no maxLength, so that nobody can validate by it"
    } else if start.starts_with("Summary at ") {
        "it is a summary, which counts VRPs and holds none"
    } else if start.starts_with("Network") && start.contains("Maxlen") {
        "it is a table for people (`gobgp rpki table`), which is cut and padded"
    } else {
        return None;
    };
    Some(Problem::CouldNotLook { what: what.to_owned(), hint: "have the validator print `json`" })
}

#[cfg(test)]
mod tests;
