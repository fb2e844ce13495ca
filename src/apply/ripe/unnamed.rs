//! Objects that get their key on the way: what became of them, and their key's way into the files.

use super::{
    super::{Status, result::told},
    Event, Item, Keys, Log, Lost, StepResult,
    settle::message_of,
};
use crate::{
    finding::Severity,
    registry::{Doubt, Registry},
    rpsl::Placeholder,
    rules::Message,
    target::RecordId,
};

/// Whether the registry refused the handle because somebody had it once (`NicHandleFactory`).
pub(super) fn is_given_away(ended: &StepResult) -> bool {
    let says = |message: &Message| {
        let text = message.to_string();
        text.starts_with("The nic-hdl \"") && text.contains("\" is not available")
    };
    ended.status == Status::Failed && ended.messages.iter().any(says)
}

/// Writes the key that the registry chose into the files.
pub(super) fn keep(item: &Item, ended: &mut StepResult, keys: &mut Keys, log: &mut Log<'_>) {
    let placeholder = item.change.as_object().and_then(Placeholder::of);
    let Some(placeholder) = placeholder.filter(|_| ended.status.is_good()) else { return };
    let RecordId::Object(key) = ended.id.clone() else { return };
    let from = placeholder.name();
    match keys.keep_one(from, &key, log.journal) {
        Ok(files) => (log.observer)(Event::Named { key: &key, from, files: &files }),
        Err(error) => {
            ended.unkept = true;
            let text = format!("the registry made {key}, and it does not stand in the files: {error}");
            let remedy = format!("write `{}` in the place of `{from}` before anything else", key.text());
            ended.messages.push(Message::error(text).remedy(remedy));
        }
    }
}

/// What became of an object whose key the registry was to choose, and whose answer did not prove that it was made.
pub(super) async fn found(registry: &Registry, keys: &Keys, lost: Lost) -> StepResult {
    let Lost { item, sent_at, doubt, messages } = lost;
    let Some(object) = item.change.as_object() else {
        return StepResult::of(&item, Status::InDoubt, messages);
    };
    let found = registry.find_made(object, sent_at, keys.declared()).await;
    let lost = messages.iter().cloned().map(|message| Message { severity: Severity::Warning, ..message });
    let more = match found.as_deref() {
        Ok([made]) => {
            let text = "it was found by its maintainer, its name and its age";
            let messages = lost.chain(told(Severity::Info, text)).collect();
            return StepResult::done(&item, Status::Done, Some(made.clone().into()), messages);
        }
        Ok([]) if doubt == Doubt::Refused => return StepResult::of(&item, Status::Failed, messages),
        Ok([]) => Message::warning("the registry does not show it, but the request may still arrive"),
        Ok(several) => {
            let keys: Vec<String> = several.iter().map(|object| object.key().text().to_owned()).collect();
            let text = format!("each of {} may be what became of it", keys.join(", "));
            Message::warning(text)
                .remedy("write the right one into the file, in the place of the placeholder")
        }
        Err(trouble) => Message { severity: Severity::Warning, ..message_of(trouble) },
    };
    StepResult::of(&item, Status::InDoubt, lost.chain([more]).collect())
}
