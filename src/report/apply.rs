//! The outcome of `apply`: what was done, what was not, and what to type next.

use serde_json::{Value, json};

use super::{
    Report, Style, Validated,
    paint::{Paint, add, indented},
    printer,
};
use crate::{
    apply::{End, Receipt, Status, StepResult},
    finding::{self, Severity},
    rules::Message,
    visible,
};

/// What was done, and the validation after it.
#[derive(Debug)]
pub struct Applied {
    /// The registry.
    pub registry: String,
    /// All steps, and what became of them; `None` if there was nothing to do.
    pub receipt: Option<Receipt>,
    /// Steps that were not sent, for others must do something first.
    pub waiting: Vec<StepResult>,
    /// Why nothing was written, if something should have been.
    pub refusal: Option<String>,
    /// What the announcements are worth now, if there was evidence.
    pub validated: Option<Validated>,
    /// Why they could not be validated after all was written.
    pub trouble: Option<anyhow::Error>,
}

/// The status as people count it: what stood already is done.
fn counted(status: Status) -> Status {
    if status.is_good() { Status::Done } else { status }
}

fn sign(status: Status, style: Style) -> String {
    match status {
        Status::Done | Status::Unchanged => style.paint(Paint::Good, "✓"),
        Status::Failed => style.paint(Paint::Bad, "✗"),
        Status::NotTried => "·".to_owned(),
        Status::InDoubt => style.paint(Paint::Careful, "?"),
        Status::Waiting => style.paint(Paint::Careful, "…"),
    }
}

impl Applied {
    /// Nothing was written to `registry`, and nothing should have been.
    pub fn nothing(registry: String) -> Applied {
        Applied {
            registry,
            receipt: None,
            waiting: Vec::new(),
            refusal: None,
            validated: None,
            trouble: None,
        }
    }

    fn steps(&self) -> impl Iterator<Item = &StepResult> {
        self.receipt.iter().flat_map(|receipt| &receipt.steps).chain(&self.waiting)
    }

    /// How many steps have this status.
    fn count(&self, status: Status) -> usize {
        self.steps().filter(|step| counted(step.status) == status).count()
    }

    fn summary(&self) -> String {
        if self.receipt.is_none() {
            let waiting = (!self.waiting.is_empty()).then(|| wait_for_others(self.waiting.len()));
            let reason = self.refusal.clone().or(waiting);
            let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
            return format!("Nothing was written to {}{reason}\n", visible::line(&self.registry));
        }
        let part = |status: Status| {
            let words = status.text().replace('_', " ");
            Some(self.count(status)).filter(|count| *count > 0).map(|count| format!("{count} {words}"))
        };
        let statuses = [Status::Done, Status::Failed, Status::InDoubt, Status::NotTried, Status::Waiting];
        let counts: Vec<String> = statuses.into_iter().filter_map(part).collect();
        let head = match self.receipt.as_ref().and_then(|receipt| receipt.end.as_ref()) {
            None => "Applied to".to_owned(),
            Some(End::Interrupted) => "Interrupted; applied to".to_owned(),
            Some(End::Enough(most)) => {
                format!("Ended after {}; applied to", finding::counted(*most, "write"))
            }
            Some(End::Late(until)) => format!("Ended at {until}; applied to"),
        };
        format!("{head} {}: {}\n", visible::line(&self.registry), counts.join(", "))
    }
}

impl Report for Applied {
    fn text(&self, style: Style) -> String {
        let mut text = String::new();
        let whole = self.steps().all(StepResult::goes_on);
        for step in self.steps().filter(|step| style.verbose || !whole || has_warning(step)) {
            text.push_str(&step_text(step, style));
        }
        text.push_str(&self.summary());
        if let Some(next) = self.receipt.as_ref().and_then(Receipt::next) {
            add(&mut text, format!("hint: {}{next}\n", style.hang()));
        }
        if !self.waiting.is_empty() {
            let hang = style.hang();
            add(
                &mut text,
                format!(
                    "hint: {hang}`ripectl lir request` writes what the others are asked for; the next `ripectl plan` sees that it is done\n"
                ),
            );
        }
        if let Some(validated) = &self.validated {
            add(&mut text, format!("\n{}", validated.text(style)));
        }
        if let Some(trouble) = &self.trouble {
            let shown = printer::error(trouble, style);
            add(&mut text, format!("\n{} not validated\n{shown}", style.paint(Paint::Bad, "✗")));
        }
        text
    }

    fn is_record(&self) -> bool {
        self.receipt.is_some()
    }

    fn json(&self) -> Value {
        let receipt = self.receipt.as_ref();
        json!({
            "schema": "ripectl/apply/2",
            "run": receipt.map(|receipt| &receipt.run),
            "registry": self.registry,
            "summary": {
                "done": self.count(Status::Done),
                "failed": self.count(Status::Failed),
                "not_tried": self.count(Status::NotTried),
                "in_doubt": self.count(Status::InDoubt),
                "waiting": self.count(Status::Waiting),
            },
            "steps": self.steps().map(step_json).collect::<Vec<_>>(),
            "ended": receipt.and_then(|receipt| receipt.end.as_ref()).map(End::text),
            "refusal": self.refusal,
            "next": receipt.and_then(Receipt::next),
            "validation": self.validated.as_ref().map(Report::json),
            "trouble": self.trouble.as_ref().map(|trouble| printer::error(trouble, Style::default())),
        })
    }
}

/// `1 step waits for others`.
pub(super) fn wait_for_others(steps: usize) -> String {
    let verb = if steps == 1 { "waits" } else { "wait" };
    format!("{} {verb} for others", finding::counted(steps, "step"))
}

fn has_warning(step: &StepResult) -> bool {
    step.messages.iter().any(|message| message.severity == Severity::Warning)
}

fn step_text(step: &StepResult, style: Style) -> String {
    let StepResult { action, id, status, messages, .. } = step;
    let words = match status {
        Status::NotTried => " (not tried)",
        Status::Unchanged => " (it stood so already)",
        Status::Waiting => " (it waits for a person)",
        _ => "",
    };
    let hang = style.hang();
    let mut text =
        format!("{} {hang}{action} {} {}{words}\n", sign(*status, style), id.kind(), id.key_text());
    let shown = !status.is_good() || style.verbose;
    for message in messages.iter().filter(|message| shown || message.severity != Severity::Info) {
        add(&mut text, format!("    {}: {hang}{}\n", message.severity, indented(&message.to_string(), 4)));
        if let Some(remedy) = message.remedy.as_ref().filter(|remedy| !remedy.is_empty()) {
            add(&mut text, format!("    hint: {hang}{}\n", indented(remedy, 4)));
        }
    }
    text
}

fn step_json(step: &StepResult) -> Value {
    let message = |message: &Message| {
        let remedy = message.remedy.as_ref().filter(|remedy| !remedy.is_empty());
        json!({ "severity": message.severity.to_string(), "text": message.to_string(), "remedy": remedy })
    };
    json!({
        "target": step.target.name(),
        "action": step.action.text(),
        "type": step.id.kind(),
        "key": step.id.key_text(),
        "status": counted(step.status).text(),
        "messages": step.messages.iter().map(message).collect::<Vec<_>>(),
    })
}
