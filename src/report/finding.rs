//! Findings: with the line of the source that they are about, or as JSON.

use std::{collections::BTreeMap, ops::Range};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};

use super::{
    Report, Style,
    alike::{alike, name, of_finding, others},
    forms,
    names::Name,
    paint::{Paint, add, indented, lines, with_marks},
    wrap::folded,
};
use crate::{
    finding::{Finding, Location, Severity, counted},
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
#[error("the files have {}", counted(.0.len(), "error"))]
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
    let groups = alike(findings, |finding| of_finding(finding), style);
    let told = groups.iter().map(|group| few.told(group, |finding| text(finding, style)));
    let text: String = told.filter(|text| !text.is_empty()).map(|text| text + "\n").collect();
    let rest = few.rest();
    if rest.is_empty() { text } else { format!("{text}{rest}\n") }
}

/// The first few of a kind, and how many more there are of it.
pub(super) struct Few {
    style: Style,
    seen: BTreeMap<&'static str, usize>,
    hidden: BTreeMap<&'static str, usize>,
}

impl Few {
    /// So many of a kind are shown.
    const MOST: usize = 20;

    /// Nothing seen yet.
    pub(super) fn new(style: Style) -> Few {
        Few { style, seen: BTreeMap::new(), hidden: BTreeMap::new() }
    }

    /// Whether one more of this rule is shown, which stands for so many.
    pub(super) fn shows(&mut self, rule: &'static str, count: usize) -> bool {
        let seen = self.seen.entry(rule).or_default();
        *seen += 1;
        let shows = self.style.verbose || *seen <= Few::MOST;
        if !shows {
            *self.hidden.entry(rule).or_default() += count;
        }
        shows
    }

    /// The first of findings that are alike, and the names of the others; nothing, if there were many of the rule.
    pub(super) fn told(&mut self, group: &[&Finding], text: impl Fn(&Finding) -> String) -> String {
        let Some((first, rest)) =
            group.split_first().filter(|(first, _)| self.shows(first.rule, group.len()))
        else {
            return String::new();
        };
        let names: Vec<Name> = rest.iter().map(|finding| name(finding)).collect();
        text(first) + &others(&names, self.style)
    }

    /// A line for each rule of which some are not shown.
    pub(super) fn rest(&self) -> String {
        lines(self.hidden.iter().map(|(rule, hidden)| format!("and {hidden} more of {rule}: -v")))
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
    let hang = style.hang();
    let mut text = format!("{} {}\n", style.paint(paint, &word), indented(&finding.text, 2));
    if let Some(place) = &finding.place {
        let also = finding.also().map_or_else(String::new, |also| format!(", {also}"));
        add(&mut text, format!("  at {hang}{place}{also}\n"));
    }
    if let Some(remedy) = &finding.remedy {
        add(&mut text, format!("  hint: {hang}{}\n", indented(remedy, 8)));
    }
    text
}

fn shown(finding: &Finding, place: &Location, style: Style) -> String {
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
    // Behind `error[rule]: `, and behind `12 = hint: `.
    let head = finding.severity.to_string().len() + finding.rule.len() + 4;
    let aside = place.line().to_string().len() + 9;
    let fit = |text: &str, before: usize| folded(&visible::visible(text), before, style.width);
    let title = level.primary_title(fit(&finding.text, head)).id(finding.rule);
    let mut group: Group = title.element(snippet);
    for note in place.via.iter().cloned().chain(finding.also()) {
        group = group.element(Level::NOTE.message(fit(&visible::line(&note), aside)));
    }
    if let Some(remedy) = &finding.remedy {
        group = group.element(Level::HELP.with_name("hint").message(fit(remedy, aside)));
    }
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = style.width.map_or(renderer.clone(), |width| renderer.term_width(width));
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
        "line": finding.place.as_ref().map(Location::line),
        "column": finding.place.as_ref().map(Location::column),
        "via": finding.place.as_ref().and_then(|place| place.via.as_deref()),
        "also_at": finding.also_at.iter().map(further).collect::<Vec<_>>(),
        "remedy": finding.remedy,
    })
}

fn further(place: &Location) -> Value {
    json!({ "file": place.source.path.display().to_string(), "line": place.line(), "column": place.column() })
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
