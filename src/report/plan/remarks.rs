//! The findings of a plan, as people read them: each with its step, or behind all of them.

use std::collections::HashMap;

use crate::{
    finding::{Finding, Severity},
    plan::{Cause, Plan},
    report::{
        Style,
        alike::{alike, of_finding},
        finding::{self, Few},
        paint::{Paint, indented},
    },
    target::RecordId,
};

/// What says what all else means: why it is refused, and whose objects are ours.
pub(super) fn first(plan: &Plan, style: Style) -> String {
    let first = plan.causes.iter().map(Cause::finding).chain(plan.maintainers.iter().cloned());
    first.map(|finding| finding::text(&finding, style) + "\n").collect()
}

/// The findings of a plan by what they are about, so that each is shown once: with its step, or behind all of them.
pub(super) struct Remarks<'a> {
    about: HashMap<&'a str, Vec<(usize, &'a Finding)>>,
    others: Vec<(usize, &'a Finding)>,
}

impl<'a> Remarks<'a> {
    pub(super) fn of(plan: &'a Plan) -> Remarks<'a> {
        let mut found = Remarks { about: HashMap::new(), others: Vec::new() };
        for (number, finding) in plan.findings.iter().enumerate() {
            match &finding.object {
                Some(object) => found.about.entry(object).or_default().push((number, finding)),
                None => found.others.push((number, finding)),
            }
        }
        found
    }

    /// Those about this record.
    pub(super) fn take(&mut self, id: &RecordId) -> Vec<&'a Finding> {
        let taken = self.about.remove(id.to_string().as_str()).unwrap_or_default();
        taken.into_iter().map(|(_, finding)| finding).collect()
    }

    /// Those that belong to no step, in their order.
    pub(super) fn rest(self, style: Style) -> String {
        let mut rest: Vec<_> = self.about.into_values().flatten().chain(self.others).collect();
        rest.sort_by_key(|(number, _)| *number);
        let mut few = Few::new(style);
        let groups =
            alike(rest.into_iter().map(|(_, finding)| finding), |finding| of_finding(finding), style);
        let shown: String =
            groups.iter().map(|group| few.told(group, |finding| alone(finding, style))).collect();
        if shown.is_empty() { String::new() } else { format!("\n{shown}{}", few.rest()) }
    }
}

/// What stops a step, or is to be known of it.
pub(super) fn remark(finding: &Finding, style: Style) -> String {
    let word = match finding.severity {
        Severity::Error => style.paint(Paint::Bad, "STOP:"),
        Severity::Warning => style.paint(Paint::Careful, "warning:"),
        Severity::Info => "note:".to_owned(),
    };
    let before = if finding.text.contains('\n') { "\n" } else { "; " };
    let remedy = finding.remedy.as_ref().map_or(String::new(), |remedy| format!("{before}{remedy}"));
    format!("{word} {}{}{remedy}", style.hang(), finding.text)
}

/// A finding behind all steps.
fn alone(finding: &Finding, style: Style) -> String {
    match (finding.severity, &finding.place) {
        (Severity::Error, Some(_)) => finding::text(finding, style),
        (Severity::Info, Some(place)) => {
            format!("{}\n  at {}{place}\n", indented(&remark(finding, style), 2), style.hang())
        }
        _ => format!("{}\n", indented(&remark(finding, style), 2)),
    }
}
