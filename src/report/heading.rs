//! The first line of a report: which files it is about, and which registry.

use serde_json::Value;

use super::{Findings, Report, Rows, Style};
use crate::visible;

/// A report below what it is about, as in `ripectl.toml · sandbox · 127.0.0.1`. Programs get the report alone.
#[derive(Clone, Debug)]
pub struct Headed<R> {
    /// What it is about, from the large to the small.
    pub about: Vec<String>,
    /// The report.
    pub report: R,
}

/// The line of these parts.
pub(super) fn heading(parts: &[impl AsRef<str>]) -> String {
    let parts: Vec<_> = parts.iter().map(|part| visible::line(part.as_ref())).collect();
    parts.join(" · ")
}

impl<R: Report> Report for Headed<R> {
    fn text(&self, style: Style) -> String {
        format!("{}\n{}", heading(&self.about), self.report.text(style))
    }

    fn json(&self) -> Value {
        self.report.json()
    }

    fn rows(&self) -> Option<Rows<'_>> {
        self.report.rows()
    }

    fn markdown(&self) -> String {
        self.report.markdown()
    }

    fn is_of_findings(&self) -> bool {
        self.report.is_of_findings()
    }

    fn is_of_rules(&self) -> bool {
        self.report.is_of_rules()
    }

    fn is_record(&self) -> bool {
        self.report.is_record()
    }

    fn is_file(&self) -> bool {
        self.report.is_file()
    }

    fn findings(&self) -> Option<Findings> {
        self.report.findings()
    }

    fn csv(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        self.report.csv(out)
    }
}
