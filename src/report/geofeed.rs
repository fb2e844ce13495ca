//! A geofeed: as it is printed, as it was written, and beside what is published.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Report, Style, quoted};
use crate::{
    finding::counted,
    geofeed::{self, Difference, Entry},
    visible,
};

/// The file that says where addresses are used.
#[derive(Clone, Debug)]
pub struct GeofeedFile {
    /// Its lines.
    pub entries: Vec<Entry>,
    /// Where it was written, if it was.
    pub written: Option<PathBuf>,
}

/// How a published file differs from it.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The published file.
    pub file: PathBuf,
    /// How many lines there are to be.
    pub count: usize,
    /// What differs.
    pub differences: Vec<Difference>,
}

fn value(entry: &Entry) -> Value {
    let Entry { prefix, location } = entry;
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "prefix": prefix.to_string(),
        "country": said(&location.country),
        "region": said(&location.region),
        "city": said(&location.city),
    })
}

impl Report for GeofeedFile {
    fn text(&self, _: Style) -> String {
        match &self.written {
            Some(path) => format!(
                "{} written to {}\n",
                counted(self.entries.len(), "prefix"),
                visible::shown(path.display())
            ),
            None => geofeed::print(&self.entries),
        }
    }

    fn json(&self) -> Value {
        json!({
            "schema": "ripectl/geofeed/1",
            "file": self.written.as_ref().map(|path| path.display().to_string()),
            "prefixes": self.entries.len(),
            "entries": self.entries.iter().map(value).collect::<Vec<_>>(),
            "differences": null,
        })
    }
}

impl Report for Compared {
    fn text(&self, style: Style) -> String {
        let file = visible::shown(self.file.display());
        let line = |difference: &Difference| match (difference.line, &difference.wanted) {
            (Some(line), Some(wanted)) => format!("{file}:{line}: should be  {wanted}\n"),
            (Some(line), None) => format!("{file}:{line}: should not be there\n"),
            (None, wanted) => format!("{file}: lacks  {}\n", wanted.as_deref().unwrap_or_default()),
        };
        let lines: String = self.differences.iter().map(line).collect();
        match self.differences.len() {
            0 => format!("{file} says what is declared: {}\n", counted(self.count, "prefix")),
            some => format!(
                "{lines}{} of {file} differ from what is declared\nhint: {}`ripectl geofeed -o {}` writes it as it should be\n",
                counted(some, "line"),
                style.hang(),
                quoted(&self.file.display().to_string())
            ),
        }
    }

    fn json(&self) -> Value {
        let value = |each: &Difference| json!({ "line": each.line, "wanted": each.wanted });
        json!({
            "schema": "ripectl/geofeed/1",
            "file": self.file.display().to_string(),
            "prefixes": self.count,
            "entries": null,
            "differences": self.differences.iter().map(value).collect::<Vec<_>>(),
        })
    }
}
