//! What an answer to a write proves.
//!
//! A write is done only if the answer holds exactly the object that was sent, as the registry stores it, and no error.
//! All else is doubt: something on the way may have answered, or have sent the request twice.

use crate::{
    plan::Change,
    registry::{Answer, Doubt, Trouble},
    rpsl::{Name, Object},
    rules::{self, Message},
};

use super::{Status, settle::message_of};

/// What is known of a write from what came back.
#[derive(Debug)]
pub(super) enum Proof {
    /// It is done, or was already: the object as the registry has it, if there is one now.
    Done(Status, Option<Object>, Vec<Message>),
    /// Nothing was sent, or the registry turned it away before it looked at it.
    NotSent(Vec<Message>),
    /// It must be settled.
    Doubt(Doubt, Vec<Message>),
}

/// What `answer` proves of `change`.
pub(super) fn proof(change: &Change, answer: Result<Answer, Trouble>) -> Proof {
    match answer {
        Ok(answer) => of_answer(change, answer),
        Err(trouble) => match trouble.doubt() {
            None => Proof::NotSent(vec![message_of(&trouble)]),
            Some(doubt) => Proof::Doubt(doubt, vec![message_of(&trouble)]),
        },
    }
}

fn of_answer(change: &Change, answer: Answer) -> Proof {
    let accepted = answer.accepted() && !answer.is_of_dry_run();
    let proven = accepted && answer.object().is_some_and(|object| is_of(change, object, &answer));
    match (proven, change) {
        (true, Change::Delete(_)) => Proof::Done(Status::Done, None, answer.messages),
        (true, Change::Create(_) | Change::Modify { .. }) => {
            let status = if answer.unchanged() { Status::Unchanged } else { Status::Done };
            Proof::Done(status, answer.object().cloned(), answer.messages)
        }
        (false, _) if answer.status == 200 => {
            let text = "the answer does not hold the object that was sent";
            let messages = answer.messages.into_iter().chain([Message::warning(text)]);
            Proof::Doubt(Doubt::Unclear, messages.collect())
        }
        // What a second arrival of the same request would be answered.
        (false, Change::Create(_)) if answer.status == 409 => Proof::Doubt(Doubt::Unclear, answer.messages),
        (false, Change::Delete(_)) if answer.status == 404 => Proof::Doubt(Doubt::Unclear, answer.messages),
        (false, _) if answer.is_refusal() => Proof::Doubt(Doubt::Refused, answer.messages),
        (false, _) => Proof::Doubt(Doubt::Unclear, answer.messages),
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
