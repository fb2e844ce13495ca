//! Results of steps.

use super::{Item, Receipt, Status, StepResult};
use crate::{finding::Severity, rpsl::Placeholder, rules::Message, target::Record};

impl StepResult {
    /// That of a change with nothing stored.
    pub fn of(item: &Item, status: Status, messages: Vec<Message>) -> StepResult {
        StepResult {
            target: item.target.clone(),
            action: item.change.action(),
            id: item.change.id(),
            status,
            messages,
            stored: None,
            unkept: false,
        }
    }

    /// That of a change which the place has, with what it stored.
    pub fn done(item: &Item, status: Status, stored: Option<Record>, messages: Vec<Message>) -> StepResult {
        let id = stored.as_ref().map_or_else(|| item.change.id(), Record::id);
        StepResult { id, stored, ..StepResult::of(item, status, messages) }
    }

    /// Whether the run may go on behind it.
    pub fn goes_on(&self) -> bool {
        (self.status.is_good() || self.status == Status::Waiting) && !self.unkept
    }
}

impl Receipt {
    /// What to type next; `None` if all is done.
    pub fn next(&self) -> Option<String> {
        let stopped = self.steps.iter().find(|step| !step.goes_on())?;
        let (id, name) = (&stopped.id, &stopped.target);
        let done = self.steps.iter().filter(|step| step.status.is_good()).count();
        let (of, run) = (self.steps.len(), &self.run);
        let back = match done {
            0 => String::new(),
            _ => format!("; `ripectl undo {run}` takes back what was done"),
        };
        let is_unnamed = id.key().is_some_and(|key| Placeholder::parse(key.text()).is_some());
        Some(match stopped.status {
            Status::InDoubt if is_unnamed => {
                format!("`ripectl apply --registry {name}` looks for {id} again before anything else")
            }
            Status::InDoubt => format!(
                "`ripectl resume {run}` finds out whether {id} was done, and does what of {} is left{back}",
                of - done
            ),
            Status::NotTried => format!("{done} of {of} done; `ripectl resume {run}` does the rest{back}"),
            _ => format!(
                "{done} of {of} done; when the cause is mended, `ripectl resume {run}` does the rest{back}"
            ),
        })
    }
}

/// One sentence of our own.
pub(super) fn told(severity: Severity, text: &'static str) -> Vec<Message> {
    vec![Message::new(severity, text)]
}
