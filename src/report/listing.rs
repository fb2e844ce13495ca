//! Small reports: formatted files, a single line.

use serde_json::{Value, json};

use super::{Findings, Report, Style, paint::lines};
use crate::finding::{Finding, Location, counted};

/// What `fmt` did, or would do.
#[derive(Clone, Debug)]
pub struct Formatted {
    /// Where the files that are not formatted as the registry prints them first differ from that.
    pub changed: Vec<Location>,
    /// How many others there are.
    pub unchanged: usize,
    /// Whether they were written.
    pub written: Written,
}

/// Whether formatted files were written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Written {
    /// They were.
    Yes,
    /// It was only looked (`--check`).
    No,
}

impl Formatted {
    /// The names of the files that are not formatted, as the user would type them.
    fn names(&self) -> impl Iterator<Item = String> {
        self.changed.iter().map(|place| place.source.path.display().to_string())
    }
}

impl Report for Formatted {
    fn text(&self, _: Style) -> String {
        let (verb, sum) = match self.written {
            Written::Yes => ("formatted", "formatted"),
            Written::No => ("would format", "to format"),
        };
        let mut text = lines(self.changed.iter().map(|place| format!("{verb} {}", place.source.name())));
        let (changed, unchanged) = (counted(self.changed.len(), "file"), self.unchanged);
        text += format!("{changed} {sum}, {unchanged} as the registry prints them\n").as_str();
        if self.written == Written::No && !self.changed.is_empty() {
            text.push_str("hint: `ripectl fmt` does it\n");
        }
        text
    }

    fn json(&self) -> Value {
        let written = self.written == Written::Yes;
        json!({ "schema": "ripectl/fmt/1", "written": written, "changed": self.names().collect::<Vec<_>>(), "unchanged": self.unchanged })
    }

    fn findings(&self) -> Option<Findings> {
        let finding = |place: &Location| {
            Finding::error("format", "this is not as the registry prints it")
                .at(place.clone())
                .fix("`ripectl fmt` formats it")
        };
        let looked_at = counted(self.changed.len() + self.unchanged, "file");
        let findings = self.changed.iter().map(finding).collect();
        (self.written == Written::No).then_some(Findings { command: "fmt", looked_at, findings })
    }
}

/// The text of a file, which is shown as it is.
#[derive(Clone, Debug)]
pub struct Verbatim(pub String);

impl Report for Verbatim {
    fn text(&self, _: Style) -> String {
        self.0.clone()
    }

    fn is_file(&self) -> bool {
        true
    }

    fn json(&self) -> Value {
        json!({ "schema": "ripectl/note/1", "text": self.0 })
    }
}

/// One line, such as why nothing was done.
#[derive(Clone, Debug)]
pub struct Note(pub String);

impl Report for Note {
    fn text(&self, _: Style) -> String {
        if self.0.is_empty() { String::new() } else { format!("{}\n", self.0) }
    }

    fn json(&self) -> Value {
        json!({ "schema": "ripectl/note/1", "text": self.0 })
    }
}
