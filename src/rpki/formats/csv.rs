//! CSV with a header line: Routinator, rpki-client, FORT and `rtrclient`, the last also without. None gives the time of the document.
//!
//! They differ in the names and the order of columns, so columns are found by name.

use std::{borrow::Cow, net::IpAddr};

use csv::{Reader, ReaderBuilder, StringRecord, Trim};

use super::{
    Document, Format,
    records::{Fields, Records, Scalar},
};
use crate::reading::{Place, Problem};

pub(super) const FORMAT: Format = Format {
    name: "CSV of Routinator (`csv`, `csvcompat`, `csvext`), rpki-client, FORT or rtrclient",
    recognise: |text| columns(text).is_some(),
    read,
};

/// The places of the columns in a line.
struct Columns {
    asn: usize,
    prefix: usize,
    length: Option<usize>,
    max_length: usize,
    trust_anchor: Option<usize>,
    expires: Option<usize>,
}

fn reader(text: &str, has_header: bool) -> Reader<&[u8]> {
    ReaderBuilder::new().trim(Trim::All).has_headers(has_header).from_reader(text.as_bytes())
}

/// The columns, and whether a header names them; `None` if this is something else.
fn columns(text: &str) -> Option<(Columns, bool)> {
    let mut named = reader(text, true);
    if let Some(columns) = header(&mut named) {
        return Some((columns, true));
    }
    // `rtrclient -e -t csv`: address, length, maxLength, AS number.
    let first = named.headers().ok()?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_one =
        first.len() == 4 && first.get(0)?.parse::<IpAddr>().is_ok() && first.iter().skip(1).all(is_number);
    let columns =
        Columns { prefix: 0, length: Some(1), max_length: 2, asn: 3, trust_anchor: None, expires: None };
    is_one.then_some((columns, false))
}

/// The columns by the names that the validators give them; `None` if one is missing.
fn header(reader: &mut Reader<&[u8]>) -> Option<Columns> {
    let names = reader.headers().ok()?;
    let column = |wanted: &[&str]| {
        names.iter().position(|name| wanted.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)))
    };
    Some(Columns {
        asn: column(&["ASN"])?,
        prefix: column(&["IP Prefix", "Prefix"])?,
        length: column(&["minlen"]),
        max_length: column(&["Max Length", "Max prefix length", "maxlen"])?,
        trust_anchor: column(&["Trust Anchor"]),
        expires: column(&["Expires", "Not After"]),
    })
}

fn read(text: &str) -> Result<Option<Document>, Problem> {
    let text = text.trim_end_matches(' '); // behind the last line `rtrclient` prints one
    if !text.ends_with('\n') {
        // `…,2001:db8::/32,4` may have been `…,48,ripe`
        return Err(Problem::Truncated(text.lines().count()));
    }
    let Some((columns, is_named)) = columns(text) else { return Ok(None) };
    let mut reader = reader(text, is_named);
    let mut records = Records::default();
    let mut line = StringRecord::new();
    while reader.read_record(&mut line).map_err(|error| problem(&error))? {
        let number = line.position().map_or(0, csv::Position::line);
        if line.iter().any(|field| field.contains('\n')) {
            return Err(Problem::Malformed(format!("line {number} has a quote that does not end in it")));
        }
        records.add(Place::Line(number), &columns.fields(&line));
    }
    Ok(Some(Document { records, ..Document::default() }))
}

fn problem(error: &csv::Error) -> Problem {
    Problem::Malformed(match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("line {line} has {len} fields, but the header has {expected_len}")
        }
        _ => error.to_string(),
    })
}

impl Columns {
    fn fields<'a>(&self, line: &'a StringRecord) -> Fields<'a> {
        let field = |column: usize| {
            line.get(column).filter(|text| !text.is_empty()).map(|text| Scalar::Text(Cow::Borrowed(text)))
        };
        Fields {
            asn: field(self.asn),
            prefix: field(self.prefix),
            length: self.length.and_then(field),
            max_length: field(self.max_length),
            trust_anchor: self.trust_anchor.and_then(field),
            expires: self.expires.and_then(field),
        }
    }
}
