//! The XML of `JUnit`, which most build servers show: an error is a test that failed.

use super::path;
use crate::{
    finding::{Finding, Place, Severity},
    report::{Findings, paint::indented},
    visible::{self, visible},
};

/// One test case for each finding; one that passed, if there is none.
pub fn junit(findings: &Findings) -> String {
    let all = &findings.findings;
    let failures = all.iter().filter(|finding| finding.severity == Severity::Error).count();
    let count = format!("tests=\"{}\" failures=\"{failures}\"", all.len().max(1));
    let cases: String = match all.as_slice() {
        [] => format!(
            "    <testcase classname=\"{}\" name=\"{}\"/>\n",
            escaped(findings.command),
            escaped(&findings.looked_at)
        ),
        all => all.iter().map(case).collect(),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {count}>\n  <testsuite name=\"ripectl {}\" {count}>\n{cases}  </testsuite>\n</testsuites>\n",
        escaped(findings.command),
    )
}

fn case(finding: &Finding) -> String {
    let about = finding.object.clone().unwrap_or_default();
    let class = finding.place.as_ref().map_or_else(|| "ripectl".to_owned(), file);
    let name = format!("{} {about}", finding.rule);
    let head = format!("    <testcase classname=\"{}\" name=\"{}\">", escaped(&class), escaped(name.trim()));
    let place = finding.place.as_ref().map(|place| format!("{}:{}\n", file(place), place.line()));
    let remedy = finding.remedy.as_ref().map(|remedy| format!("hint: {}\n", indented(remedy, 6)));
    let rest = escaped_text(&[place, remedy].into_iter().flatten().collect::<String>());
    let body = match finding.severity {
        Severity::Error => format!(
            "<failure type=\"{}\" message=\"{}\">{rest}</failure>",
            escaped(finding.rule),
            escaped(&finding.text),
        ),
        severity => {
            format!(
                "<system-out>{}{rest}</system-out>",
                escaped_text(&format!("{severity}: {}\n", indented(&finding.text, 2)))
            )
        }
    };
    format!("{head}{body}</testcase>\n")
}

/// The path on one line.
fn file(place: &Place) -> String {
    visible::line(&path(place)).into_owned()
}

/// For between tags (XML 1.0 §2.4); what XML cannot hold (§2.2) is made visible.
fn escaped_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// For the value of an attribute (XML 1.0 §3.3.3).
fn escaped(text: &str) -> String {
    escaped_text(text).replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;")
}
