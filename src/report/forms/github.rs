//! Workflow commands: GitHub shows them at the lines of a pull request.

use super::{message, path};
use crate::{
    finding::Severity,
    report::Findings,
    visible::{inert, visible},
};

/// A line `::error file=…,line=…,col=…::…` for each finding; one for the debug log, if there is none: that it was looked.
pub fn github(findings: &Findings) -> String {
    let command = |finding: &crate::finding::Finding| {
        let verb = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let mut properties = Vec::new();
        if let Some(place) = &finding.place {
            let line = place.line();
            properties.push(format!("file={}", property(&path(place))));
            properties.push(format!("line={line},col={},endLine={line}", place.column()));
        }
        let title = finding.object.as_ref().map_or_else(String::new, |object| format!(" {object}"));
        properties.push(format!("title={}", property(&format!("{}{title}", finding.rule))));
        format!("::{verb} {}::{}\n", properties.join(","), data(&message(finding)))
    };
    if findings.findings.is_empty() {
        return format!(
            "::debug::{}\n",
            data(&format!("{}: {}, no problems", findings.command, findings.looked_at))
        );
    }
    findings.findings.iter().map(command).collect()
}

/// What would end the command (actions/toolkit, `command.ts`).
fn data(text: &str) -> String {
    inert(&visible(text)).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What would end the property too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
