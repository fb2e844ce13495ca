//! `OpenBGPD`: a `roa-set`, as validators print it for its configuration.

use super::{
    Document, Format,
    lines::{fields, generated, statements},
    records::Records,
};
use crate::reading::{Place, Problem};

pub(super) const FORMAT: Format = Format {
    name: "OpenBGPD's `roa-set { … }`",
    recognise: |text| {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.next().is_some_and(|line| line.starts_with("roa-set"))
    },
    read,
};

fn read(text: &str) -> Result<Option<Document>, Problem> {
    let code = text.lines().rev().map(|line| line.split('#').next().unwrap_or_default().trim());
    let mut code = code;
    if code.find(|line| !line.is_empty()).is_none_or(|last| !last.ends_with('}')) {
        return Err(Problem::Truncated(text.lines().count()));
    }
    let (statements, _) = statements(text, &['\n', ',', '{', '}']);
    let mut records = Records::default();
    for statement in &statements {
        // One may stand behind the other without anything between them: a prefix begins each.
        let words = &statement.words;
        for record in words.chunk_by(|_, next| !next.contains('/')) {
            match record {
                [prefix, rest @ ..] if prefix.contains('/') => {
                    records.add(Place::Line(statement.line), &fields(prefix, rest, "maxlen", "source-as"));
                }
                ["roa-set", ..] => {}
                _ => {
                    let what = format!("line {} does not begin with a prefix", statement.line);
                    return Err(Problem::Malformed(what));
                }
            }
        }
    }
    Ok(Some(Document { records, generated: generated(text), valid_until: None }))
}
