//! What an answer to a write proves.
//!
//! A write is done only if the answer holds exactly the object that was sent, as the registry stores it, and no error.
//! All else is doubt: something on the way may have answered, or have sent the request twice.

use crate::{
    registry::{Answer, Doubt, Trouble},
    rpsl::{Name, Object},
    rules::{self, Message},
    target::{Change, Record},
};

use super::{super::Status, Received, settle::message_of};

/// What `answer` proves of `change`.
pub(super) fn proof(change: &Change, answer: Result<Answer, Trouble>) -> Received {
    match answer {
        Ok(answer) => of_answer(change, answer),
        Err(trouble) => match trouble.doubt() {
            None => Received::NotSent(vec![message_of(&trouble)]),
            Some(doubt) => Received::Doubt(doubt, vec![message_of(&trouble)]),
        },
    }
}

fn of_answer(change: &Change, answer: Answer) -> Received {
    let accepted = answer.accepted() && !answer.is_of_dry_run();
    let proven = accepted && answer.object().is_some_and(|object| is_of(change, object, &answer));
    match (proven, change) {
        (true, Change::Delete(_)) => Received::Done(Status::Done, None, answer.messages),
        (true, Change::Create(_) | Change::Modify { .. }) => {
            let status = if answer.unchanged() { Status::Unchanged } else { Status::Done };
            Received::Done(status, answer.object().cloned().map(Record::from), answer.messages)
        }
        (false, _) if answer.status == 200 => {
            let text = "the answer does not hold the object that was sent";
            let messages = answer.messages.into_iter().chain([Message::warning(text)]);
            Received::Doubt(Doubt::Unclear, messages.collect())
        }
        // What a second arrival of the same request would be answered.
        (false, Change::Create(_)) if answer.status == 409 => {
            Received::Doubt(Doubt::Unclear, answer.messages)
        }
        (false, Change::Delete(_)) if answer.status == 404 => {
            Received::Doubt(Doubt::Unclear, answer.messages)
        }
        (false, _) if answer.is_refusal() => Received::Doubt(Doubt::Refused, answer.messages),
        (false, _) => Received::Doubt(Doubt::Unclear, answer.messages),
    }
}

/// Whether `object` is what the registry stores of what was sent, or what it has taken away. It dates what it stores: an
/// object without a date is what was sent, given back by somebody else.
fn is_of(change: &Change, object: &Object, answer: &Answer) -> bool {
    match change {
        Change::Create(sent) | Change::Modify { after: sent, .. } => {
            rules::is_stored_form(sent, object) && (object.has(Name::LastModified) || answer.unchanged())
        }
        Change::Delete(gone) => gone.key() == object.key() && gone.is_same_as(object),
    }
}
