//! Findings: with the line of the source that they are about, or as JSON.

use std::{collections::BTreeMap, ops::Range};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};

use super::{
    Report, Style, forms,
    paint::{Paint, add, counted, indented, lines, with_marks},
};
use crate::{
    finding::{Finding, Place, Severity},
    visible,
};

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

impl Findings {
    fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// How many there are of each weight: `2 errors, 1 warning, 3 notes`.
    pub(super) fn sum(&self) -> String {
        let kinds = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "note")];
        let counts = kinds.map(|(severity, noun)| (self.count(severity), noun));
        let told: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| counted(count, noun))
            .collect();
        if told.is_empty() { "no problems".to_owned() } else { told.join(", ") }
    }
}

impl Report for Findings {
    fn text(&self, style: Style) -> String {
        let mut text = list(&self.findings, style);
        text.push_str(&format!("{}: {}\n", self.looked_at, self.sum()));
        text
    }

    fn json(&self) -> Value {
        json!({
            "schema": "ripectl/findings/1",
            "command": self.command,
            "summary": { "findings": self.findings.len(), "errors": self.errors() },
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

/// Findings with their source lines; of a rule that is broken often the first few, unless everything is to be shown.
pub(super) fn list(findings: &[Finding], style: Style) -> String {
    let mut few = Few::new(style);
    let shown = findings.iter().filter(|finding| few.shows(finding.rule));
    let text: String = shown.map(|finding| text(finding, style) + "\n").collect();
    let rest = few.rest();
    if rest.is_empty() { text } else { format!("{text}{rest}\n") }
}

/// The first few of a kind, and how many more there are of it.
pub(super) struct Few {
    style: Style,
    seen: BTreeMap<&'static str, usize>,
}

impl Few {
    /// So many of a kind are shown.
    const MOST: usize = 20;

    /// Nothing seen yet.
    pub(super) fn new(style: Style) -> Few {
        Few { style, seen: BTreeMap::new() }
    }

    /// Whether one more of this rule is shown.
    pub(super) fn shows(&mut self, rule: &'static str) -> bool {
        let seen = self.seen.entry(rule).or_default();
        *seen += 1;
        self.style.verbose || *seen <= Few::MOST
    }

    /// A line for each rule of which some are not shown.
    pub(super) fn rest(&self) -> String {
        let more = self.seen.iter().filter(|(_, seen)| !self.style.verbose && **seen > Few::MOST);
        lines(more.map(|(rule, seen)| format!("and {} more of {rule}: -v", seen - Few::MOST)))
    }
}

/// A finding with its source line, if that is one that can be looked at.
pub(super) fn text(finding: &Finding, style: Style) -> String {
    match &finding.place {
        Some(place) if !place.source.text.is_empty() && place.in_line().0.len() <= LONGEST => {
            shown(finding, place, style)
        }
        _ => plain(finding, style),
    }
}

/// The longest line that is shown, in bytes.
const LONGEST: usize = 2000;

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
    // All that is drawn is made visible before: behind this, colours are the renderer's own.
    let (line, span) = place.in_line();
    let part = |range: Range<usize>| visible::line(line.get(range).unwrap_or_default());
    let (before, marked, behind) = (part(0..span.start), part(span.clone()), part(span.end..line.len()));
    let marked = before.len()..before.len() + marked.len();
    let line = format!("{before}{}{behind}", part(span));
    let marked = AnnotationKind::Primary.span(marked);
    let snippet = Snippet::source(line).line_start(place.line()).path(place.source.name()).annotation(marked);
    let title = level.primary_title(visible::visible(&finding.text)).id(finding.rule);
    let mut group: Group = title.element(snippet);
    if let Some(via) = &place.via {
        group = group.element(Level::NOTE.message(visible::line(via)));
    }
    if let Some(remedy) = &finding.remedy {
        group = group.element(Level::HELP.with_name("hint").message(visible::visible(remedy)));
    }
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    with_marks(&renderer.render(&[group])) + "\n"
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
