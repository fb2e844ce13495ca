//! Markdown, for the comments of a pull request.

use crate::{
    finding::{Finding, Severity},
    report::{Findings, paint::counted},
};

/// A table of the findings below what was looked at.
pub fn markdown(findings: &Findings) -> String {
    let of =
        |error: bool| findings.findings.iter().filter(|f| (f.severity == Severity::Error) == error).count();
    let sum = match (of(true), of(false)) {
        (0, 0) => "no problems".to_owned(),
        (errors, 0) => counted(errors, "error"),
        (errors, rest) => format!("{}, {}", counted(errors, "error"), counted(rest, "warning")),
    };
    let head = format!("**{}**: {}, {sum}\n", findings.command, findings.looked_at);
    if findings.findings.is_empty() {
        return head;
    }
    let rows: String = findings.findings.iter().map(row).collect();
    format!("{head}\n| | where | rule | what | way out |\n|---|---|---|---|---|\n{rows}")
}

fn row(finding: &Finding) -> String {
    let place = finding.place.as_ref().map(|place| format!("`{}`", cell(&place.to_string())));
    let about: Vec<String> = place.into_iter().chain(finding.object.as_deref().map(cell)).collect();
    let remedy = finding.remedy.as_deref().map(cell).unwrap_or_default();
    let (severity, rule) = (finding.severity, finding.rule);
    format!("| {severity} | {} | `{rule}` | {} | {remedy} |\n", about.join("<br>"), cell(&finding.text))
}

/// A text that cannot leave its cell.
pub fn cell(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('|', "\\|").trim().replace('\n', "<br>")
}
