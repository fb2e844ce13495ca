//! Results of steps.

use super::{Status, StepResult};
use crate::{finding::Severity, plan::Change, rpsl::Object, rules::Message};

/// That of a change which the registry has, with what it stored.
pub(super) fn done(
    change: &Change,
    status: Status,
    stored: Option<Object>,
    messages: Vec<Message>,
) -> StepResult {
    let key = stored.as_ref().map_or_else(|| change.key(), Object::key);
    StepResult { key, stored, ..result(change, status, messages) }
}

/// That of a change with nothing stored.
pub(super) fn result(change: &Change, status: Status, messages: Vec<Message>) -> StepResult {
    StepResult { action: change.action(), key: change.key(), status, messages, stored: None, unkept: false }
}

/// One sentence of our own.
pub(super) fn told(severity: Severity, text: &'static str) -> Vec<Message> {
    vec![Message::new(severity, text)]
}
