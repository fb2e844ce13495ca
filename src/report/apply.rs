//! The outcome of `apply`: what was done, what was not, and what to type next.

use serde_json::{Value, json};

use super::{
    Report, Style, Validated,
    paint::{Paint, indented},
};
use crate::{plan::Change, rpsl::Key};

/// What became of a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// It was done.
    Done,
    /// The registry refused it, or it could not be sent.
    Failed,
    /// It was not sent, because one before it was not done.
    NotTried,
    /// It was sent, and nobody knows whether it was done.
    InDoubt,
}

/// A step and what became of it.
#[derive(Clone, Debug)]
pub struct AppliedStep {
    /// `create`, `modify` or `delete`.
    pub action: &'static str,
    /// The object.
    pub key: Key,
    /// What became of it.
    pub status: Status,
    /// What the registry said, or what went wrong.
    pub messages: Vec<String>,
}

/// All steps of an apply, and the validation after it.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The name of the run.
    pub run: String,
    /// The registry.
    pub registry: String,
    /// The steps in order.
    pub steps: Vec<AppliedStep>,
    /// What the announcements are worth now, if there was evidence.
    pub validated: Option<Validated>,
    /// What to type next, if anything.
    pub next: Option<String>,
}

impl AppliedStep {
    /// The step of a change, with its status.
    pub fn of(change: &Change, status: Status, messages: Vec<String>) -> AppliedStep {
        AppliedStep { action: change.verb(), key: change.key(), status, messages }
    }
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Status::Done => "done",
            Status::Failed => "failed",
            Status::NotTried => "not_tried",
            Status::InDoubt => "in_doubt",
        }
    }

    fn sign(self, style: Style) -> String {
        match self {
            Status::Done => style.paint(Paint::Good, "✓"),
            Status::Failed => style.paint(Paint::Bad, "✗"),
            Status::NotTried => "·".to_owned(),
            Status::InDoubt => style.paint(Paint::Careful, "?"),
        }
    }
}

impl Applied {
    /// How many steps have this status.
    pub fn count(&self, status: Status) -> usize {
        self.steps.iter().filter(|step| step.status == status).count()
    }

    fn summary(&self) -> String {
        if self.steps.is_empty() {
            return format!("Nothing was written to {}\n", self.registry);
        }
        let part =
            |status, words: &str| Some(self.count(status)).filter(|n| *n > 0).map(|n| format!("{n} {words}"));
        let parts = [
            part(Status::Done, "done"),
            part(Status::Failed, "failed"),
            part(Status::InDoubt, "in doubt"),
            part(Status::NotTried, "not tried"),
        ];
        let counts: Vec<String> = parts.into_iter().flatten().collect();
        format!("Applied to {}: {}\n", self.registry, counts.join(", "))
    }
}

impl Report for Applied {
    fn text(&self, style: Style) -> String {
        let mut text = String::new();
        for step in &self.steps {
            let AppliedStep { action, key, status, messages } = step;
            let words = if *status == Status::NotTried { " (not tried)" } else { "" };
            text.push_str(&format!(
                "{} {action} {} {}{words}\n",
                status.sign(style),
                key.class(),
                key.text()
            ));
            let shown = *status != Status::Done || style.verbose;
            for message in messages.iter().filter(|_| shown) {
                text.push_str(&format!("    {}\n", indented(message, 4)));
            }
        }
        text.push_str(&self.summary());
        if let Some(next) = &self.next {
            text.push_str(&format!("hint: {next}\n"));
        }
        if let Some(validated) = &self.validated {
            text.push_str(&format!("\n{}", validated.text(style)));
        }
        text
    }

    fn json(&self) -> Value {
        let step = |step: &AppliedStep| {
            json!({
                "action": step.action,
                "type": step.key.class().text(),
                "key": step.key.text(),
                "status": step.status.word(),
                "messages": step.messages,
            })
        };
        json!({
            "schema": "ripectl/apply/1",
            "run": self.run,
            "registry": self.registry,
            "summary": {
                "done": self.count(Status::Done),
                "failed": self.count(Status::Failed),
                "not_tried": self.count(Status::NotTried),
                "in_doubt": self.count(Status::InDoubt),
            },
            "steps": self.steps.iter().map(step).collect::<Vec<_>>(),
            "next": self.next,
            "validation": self.validated.as_ref().map(Report::json),
        })
    }
}
