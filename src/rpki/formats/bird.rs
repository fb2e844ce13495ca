//! BIRD: a static table of ROAs, as validators print it for its configuration, and what `show route` prints of one.

use std::borrow::Cow;

use super::{
    Document, Format,
    lines::{fields, generated, statements},
    records::{Fields, Records, Scalar},
};
use crate::reading::{Place, Problem};

pub(super) const FORMAT: Format = Format {
    name: "BIRD's configuration (`route P max N as A;`) or its `show route table` of ROAs",
    recognise: |text| is_shown(text) || is_configuration(text),
    read,
};

/// The words with which the statements begin that stand around the records.
const AROUND: [&str; 9] =
    ["define", "roa", "roa4", "roa6", "protocol", "table", "ipv4", "ipv6", "description"];

/// The first lines that say something.
fn first_lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).take(20)
}

fn is_configuration(text: &str) -> bool {
    let is_record = |line: &str| {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("route" | "roa") => {
                let next = words.next().unwrap_or_default();
                next == "table" || next.contains('/') && line.contains(" as ")
            }
            first => matches!(first, Some("roa4" | "roa6")),
        }
    };
    first_lines(text).any(is_record)
}

fn is_shown(text: &str) -> bool {
    first_lines(text).find(|line| !is_talk(line)).is_some_and(|line| shown(line).is_some())
}

/// What `birdc` prints around routes.
fn is_talk(line: &str) -> bool {
    line.starts_with("BIRD ") && line.ends_with("ready.")
        || line.starts_with("Table ") && line.ends_with(':')
        || line.starts_with("Access restricted")
}

/// A line such as `2a0f:85c1:260::/44-48 AS205398  [routinator 2026-11-23 09:24:08] * (100)`.
fn shown(line: &str) -> Option<Fields<'_>> {
    let mut words = line.split_whitespace();
    let (prefix, max_length) = words.next()?.rsplit_once('-')?;
    let asn = words.next().filter(|word| word.starts_with("AS"))?;
    let text = |text| Some(Scalar::Text(Cow::Borrowed(text)));
    prefix.contains('/').then(|| Fields {
        prefix: text(prefix),
        max_length: text(max_length),
        asn: text(asn),
        ..Fields::default()
    })
}

fn read(text: &str) -> Result<Option<Document>, Problem> {
    if is_shown(text) { read_shown(text).map(Some) } else { read_configuration(text).map(Some) }
}

fn read_shown(text: &str) -> Result<Document, Problem> {
    if !text.ends_with('\n') {
        return Err(Problem::Truncated(text.lines().count()));
    }
    let mut records = Records::default();
    for (number, line) in (1..).zip(text.lines()) {
        match shown(line) {
            Some(fields) => records.add(Place::Line(number), &fields),
            // Attributes of a route (`all`), and the same record from another protocol, are indented.
            None if is_talk(line) || line.trim().is_empty() || line.starts_with(['\t', ' ']) => {}
            None => return Err(Problem::Malformed(format!("line {number} is no ROA of a table"))),
        }
    }
    Ok(Document { records, ..Document::default() })
}

fn read_configuration(text: &str) -> Result<Document, Problem> {
    let (statements, is_whole) = statements(text, &[';', '{', '}']);
    if !is_whole {
        return Err(Problem::Truncated(text.lines().count()));
    }
    let mut records = Records::default();
    for statement in &statements {
        match statement.words.as_slice() {
            ["route" | "roa", prefix, rest @ ..] if prefix.contains('/') => {
                records.add(Place::Line(statement.line), &fields(prefix, rest, "max", "as"));
            }
            [first, ..] if AROUND.contains(first) => {}
            _ => {
                let what = format!(
                    "line {} is neither a ROA nor what stands around a table of them",
                    statement.line
                );
                return Err(Problem::Malformed(what));
            }
        }
    }
    Ok(Document { records, generated: generated(text), valid_until: None })
}
