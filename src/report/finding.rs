//! Findings: with the line of the source that they are about, or as JSON.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};

use super::{
    Report, Style, forms,
    paint::{Paint, add, counted, indented},
};
use crate::finding::{Finding, Place, Severity};

/// The findings of a command that looks for them.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The command: `check` or `fmt`.
    pub command: &'static str,
    /// What it looked at, as in `12 objects`.
    pub looked_at: String,
    /// What it found.
    pub findings: Vec<Finding>,
}

/// Findings that stopped a command whose result is something else.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the files have {} errors", .0.len())]
pub struct Stopped(pub Vec<Finding>);

impl Report for Findings {
    fn text(&self, style: Style) -> String {
        let mut text: String = self.findings.iter().map(|finding| text(finding, style) + "\n").collect();
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let rest = self.findings.len() - errors;
        let sum = match (errors, rest) {
            (0, 0) => format!("{}: no problems\n", self.looked_at),
            (errors, 0) => format!("{}: {}\n", self.looked_at, counted(errors, "error")),
            (errors, rest) => {
                format!("{}: {}, {}\n", self.looked_at, counted(errors, "error"), counted(rest, "warning"))
            }
        };
        text.push_str(&sum);
        text
    }

    fn json(&self) -> Value {
        json!({
            "schema": format!("ripectl/{}/1", self.command),
            "summary": { "findings": self.findings.len() },
            "findings": self.findings.iter().map(value).collect::<Vec<_>>(),
        })
    }

    fn markdown(&self) -> String {
        forms::markdown(self)
    }

    fn findings(&self) -> Option<Findings> {
        Some(self.clone())
    }
}

/// A finding with its source line.
pub(super) fn text(finding: &Finding, style: Style) -> String {
    match &finding.place {
        Some(place) if !place.source.text.is_empty() => shown(finding, place, style),
        _ => plain(finding, style),
    }
}

fn plain(finding: &Finding, style: Style) -> String {
    let paint = if finding.severity == Severity::Error { Paint::Bad } else { Paint::Careful };
    let word = format!("{}[{}]:", finding.severity, finding.rule);
    let mut text = format!("{} {}\n", style.paint(paint, &word), indented(&finding.text, 2));
    if let Some(place) = &finding.place {
        add(&mut text, format!("  at {place}\n"));
    }
    if let Some(remedy) = &finding.remedy {
        add(&mut text, format!("  hint: {}\n", indented(remedy, 8)));
    }
    text
}

fn shown(finding: &Finding, place: &Place, style: Style) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let source = &place.source;
    let end = place.span.end.min(source.text.len());
    let start = place.span.start.min(end);
    let marked = AnnotationKind::Primary.span(start..first_line_end(&source.text, start, end));
    let path = source.path.display().to_string();
    let snippet = Snippet::source(source.text.as_str()).path(path).annotation(marked);
    let title = level.primary_title(finding.text.as_str()).id(finding.rule);
    let mut group: Group = title.element(snippet);
    if let Some(via) = &place.via {
        group = group.element(Level::NOTE.message(via.as_str()));
    }
    if let Some(remedy) = &finding.remedy {
        group = group.element(Level::HELP.with_name("hint").message(remedy.as_str()));
    }
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    format!("{}\n", renderer.render(&[group]))
}

/// One line is enough to show where.
fn first_line_end(text: &str, start: usize, end: usize) -> usize {
    let span = text.get(start..end).unwrap_or_default();
    span.find('\n').map_or(end, |at| start + at)
}

/// A finding as JSON.
pub(super) fn value(finding: &Finding) -> Value {
    json!({
        "rule": finding.rule,
        "severity": finding.severity.to_string(),
        "text": finding.text,
        "object": finding.object,
        "file": finding.place.as_ref().map(|place| place.source.path.display().to_string()),
        "line": finding.place.as_ref().map(Place::line),
        "column": finding.place.as_ref().map(Place::column),
        "via": finding.place.as_ref().and_then(|place| place.via.as_deref()),
        "remedy": finding.remedy,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{finding::Source, rpsl::File};

    #[test]
    fn a_finding_shows_its_line() {
        let source = Arc::new(Source::new("objects/a.rpsl", "person: A\nrole x\n"));
        let (_, findings) = File::parse(&source);
        let report = Findings { command: "check", looked_at: "1 file".to_owned(), findings };
        let expected = "error[rpsl-structure]: this line is no attribute\n --> objects/a.rpsl:2:1\n  |\n2 | role x\n  | ^^^^^^\n  \
                        |\n  = hint: write `name: value`; begin the line with a blank to continue the line before, with `#` for a comment\n\n\
                        1 file: 1 error\n";
        assert_eq!(report.text(Style::default()), expected);
        assert_eq!(report.json()["findings"][0]["line"], 2);
    }
}
