//! CSV with a header line: Routinator, rpki-client and FORT. None of them gives its own time.
//!
//! They differ in the names and the order of columns, so columns are found by name.

use std::borrow::Cow;

use csv::{Reader, ReaderBuilder, StringRecord, Trim};

use super::{
    Document, Format, Problem,
    records::{Fields, Records, Scalar},
};
use crate::rpki::Place;

pub(super) const FORMAT: Format = Format {
    name: "CSV of Routinator (`csv`, `csvcompat`, `csvext`), rpki-client or FORT",
    recognise: |text| header(&mut reader(text)).is_some(),
    read,
};

/// The places of the columns in a line.
struct Columns {
    asn: usize,
    prefix: usize,
    max_length: usize,
    trust_anchor: Option<usize>,
    expires: Option<usize>,
}

fn reader(text: &str) -> Reader<&[u8]> {
    ReaderBuilder::new().trim(Trim::All).from_reader(text.as_bytes())
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
        max_length: column(&["Max Length", "Max prefix length"])?,
        trust_anchor: column(&["Trust Anchor"]),
        expires: column(&["Expires", "Not After"]),
    })
}

fn read(text: &str) -> Result<Document, Problem> {
    if !text.ends_with('\n') {
        return Err(Problem::Truncated); // `…,2001:db8::/32,4` may have been `…,48,ripe`
    }
    let mut reader = reader(text);
    let columns = header(&mut reader).ok_or(Problem::Foreign)?;
    let mut records = Records::default();
    let mut line = StringRecord::new();
    while reader.read_record(&mut line).map_err(|error| problem(&error))? {
        let number = line.position().map_or(0, csv::Position::line);
        records.add(Place::Line(number), &columns.fields(&line));
    }
    Ok(Document { records, generated: None, valid_until: None })
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
            max_length: field(self.max_length),
            trust_anchor: self.trust_anchor.and_then(field),
            expires: self.expires.and_then(field),
        }
    }
}
