//! What can be known for certain of the stored object: that it still is what was read, and whether a write whose
//! answer was lost was done.
//!
//! Reads come from a replica and may be 10 s old; a dry-run is answered by the master. It leaves `last-modified`
//! as it is where nothing would change, and says "now" where something would (api.md §4).

use jiff::Timestamp;
use tokio::time::sleep;

use super::{
    super::{Status, result::told},
    Lost, StepResult,
};
use crate::{
    finding::Severity,
    registry::{Answer, Doubt, Looked, Mode, Registry, Trouble, Write, filtered},
    rpsl::{Name, Object},
    rules::{self, Message},
    target::Change,
};

/// The most lines of a difference that are shown.
const SHOWN: usize = 20;

/// Proves that what `change` changes or deletes is what the registry holds; else says what is known of why not.
pub(super) async fn prove_unchanged(registry: &Registry, change: &Change) -> Result<(), Vec<Message>> {
    let Some(before) = change.before() else { return Ok(()) };
    let read_at = before.value(Name::LastModified);
    match registry.modify(before, Mode::Dry).await {
        Ok(answer) if shows(&answer, before) && read_at.is_some() => {
            match answer.last_modified() == read_at {
                true => Ok(()),
                false => Err(moved(registry, before).await),
            }
        }
        // An object that today's rules would refuse cannot be proved by a dry-run: a read must do.
        Ok(answer) if shows(&answer, before) || answer.status == 400 => {
            reads_the_same(registry, before).await
        }
        // What the holder of the space may delete is not theirs to change.
        Ok(answer) if answer.status == 401 && change.after().is_none() => {
            prove_by_deletion(registry, before).await
        }
        Ok(answer) => Err(not_answered(answer)),
        Err(trouble) => Err(vec![message_of(&trouble)]),
    }
}

/// The same by a dry-run of the deletion, which shows what would go.
async fn prove_by_deletion(registry: &Registry, before: &Object) -> Result<(), Vec<Message>> {
    let same = |answer: &Answer| {
        answer.object().is_some_and(|shown| shown.is_same_as(before))
            && answer.last_modified() == before.value(Name::LastModified)
    };
    match registry.delete(&before.key(), Mode::Dry).await {
        Ok(answer) if shows(&answer, before) && same(&answer) => Ok(()),
        Ok(answer) if shows(&answer, before) => Err(moved(registry, before).await),
        Ok(answer) => Err(not_answered(answer)),
        Err(trouble) => Err(vec![message_of(&trouble)]),
    }
}

/// Whether the answer is a yes about this object and no other.
fn shows(answer: &Answer, object: &Object) -> bool {
    answer.accepted() && answer.object().is_some_and(|shown| shown.key() == object.key())
}

/// What an answer says that is no answer to the question.
fn not_answered(answer: Answer) -> Vec<Message> {
    let mut messages = answer.messages;
    if answer.status == 200 {
        let text = "the answer to a dry-run does not hold the object that was asked about";
        messages.push(Message::error(text).remedy("something on the way answered instead of the registry"));
    }
    messages
}

async fn reads_the_same(registry: &Registry, before: &Object) -> Result<(), Vec<Message>> {
    let same = |now: &Object| {
        now.is_same_as(before) && now.value(Name::LastModified) == before.value(Name::LastModified)
    };
    match registry.lookup(&before.key()).await {
        Ok(Looked::Found(now)) if same(&now) => Ok(()),
        Ok(now) => Err(vec![difference(before, now.object().as_ref())]),
        Err(trouble) => Err(vec![message_of(&trouble)]),
    }
}

/// What moved, as far as a read shows it.
async fn moved(registry: &Registry, before: &Object) -> Vec<Message> {
    match registry.lookup(&before.key()).await {
        Ok(now) => vec![difference(before, now.object().as_ref())],
        Err(trouble) => vec![difference(before, Some(before)), message_of(&trouble)],
    }
}

/// What `now` has that `before` had not, and the other way round.
fn difference(before: &Object, now: Option<&Object>) -> Message {
    let key = before.key();
    let Some(now) = now else {
        return Message::error(format!("{key} is gone since it was read")).remedy("plan again");
    };
    let lines = |object: &Object| -> Vec<String> {
        let shown = object.attributes().filter(|attribute| attribute.name != Some(Name::Auth));
        shown.map(|attribute| format!("{}: {}", attribute.label.trim(), attribute.value())).collect()
    };
    let (old, new) = (lines(before), lines(now));
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("\n  - {line}"));
    let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("\n  + {line}"));
    let shown: String = gone.chain(come).take(SHOWN).collect();
    let text = format!("{key} was changed by somebody else since it was read{shown}");
    Message::error(crate::wire::mask(&text)).remedy("plan again, and look at what the other one wanted")
}

/// What is known of a write whose answer was lost.
#[derive(Debug)]
pub(super) enum Settled {
    /// The registry holds what it wanted.
    Done,
    /// It does not.
    NotDone,
    /// The registry would refuse it, and says why: it holds something else, or nothing.
    Refused(Vec<Message>),
    /// The registry would refuse it, for the key at hand may not do it: with the key that it was sent with, it was not
    /// done; another one is told nothing by that.
    NotAllowed(Vec<Message>),
    /// It cannot be told, and why.
    Unknown(Vec<Message>),
}

/// Finds out whether the change was done, without repeating it.
pub(super) async fn settle(registry: &Registry, change: &Change) -> Settled {
    match change {
        Change::Create(after) | Change::Modify { after, .. } => settle_write(registry, after).await,
        Change::Delete(object) => match registry.delete(&object.key(), Mode::Dry).await {
            Ok(answer) if answer.says_absent() => {
                registry.settled(Write { object: object.clone(), stands: false });
                Settled::Done
            }
            Ok(answer) if shows(&answer, object) => Settled::NotDone,
            other => unknown(other),
        },
    }
}

/// Two dry-runs of what is wanted, more than a second apart: where it is stored both times have the same
/// `last-modified`, and where it is not each has its own.
async fn settle_write(registry: &Registry, after: &Object) -> Settled {
    let first = registry.modify(after, Mode::Dry).await;
    let Some(earlier) = first.as_ref().ok().and_then(|answer| would_store(answer, after)) else {
        return unknown(first);
    };
    sleep(registry.remote().limits.tick).await;
    let second = registry.modify(after, Mode::DryAgain).await;
    let Some(later) = second.as_ref().ok().and_then(|answer| would_store(answer, after)) else {
        return unknown(second);
    };
    if later.value(Name::LastModified) != earlier.value(Name::LastModified) {
        return Settled::NotDone;
    }
    registry.settled(Write { object: later.clone(), stands: true });
    Settled::Done
}

/// What the answer to a dry-run says would be stored of `after`, with the date of its last change. An older copy of the
/// object says nothing of what is wanted.
fn would_store<'a>(answer: &'a Answer, after: &Object) -> Option<&'a Object> {
    let shown = answer.object().filter(|_| answer.accepted())?;
    (shown.has(Name::LastModified) && rules::is_stored_form(after, shown)).then_some(shown)
}

fn unknown(answer: Result<Answer, Trouble>) -> Settled {
    match answer {
        Ok(answer) if answer.is_refusal() && answer.status == 401 => Settled::NotAllowed(answer.messages),
        Ok(answer) if answer.is_refusal() => Settled::Refused(answer.messages),
        Ok(answer) => Settled::Unknown(not_answered(answer)),
        Err(trouble) => Settled::Unknown(vec![message_of(&trouble)]),
    }
}

/// What a read shows of it, once a read shows what was written then; who may not write may read.
async fn settle_by_reading(registry: &Registry, change: &Change, refused: Vec<Message>) -> Settled {
    match (registry.lookup(&change.key()).await, change.after()) {
        (Ok(Looked::Found(now)), _) if filtered(&now) => Settled::Unknown(refused),
        (Ok(Looked::Found(now)), Some(after)) if rules::is_stored_form(after, &now) => Settled::Done,
        (Ok(Looked::Found(_)), _) | (Ok(Looked::Absent), Some(_)) => Settled::NotDone,
        (Ok(Looked::Absent), None) => Settled::Done,
        (Ok(Looked::Elsewhere), _) => Settled::Unknown(refused),
        (Err(trouble), _) => Settled::Unknown(vec![message_of(&trouble)]),
    }
}

/// What became of a write whose answer did not prove that it was done.
pub(super) async fn settled(registry: &Registry, lost: Lost) -> StepResult {
    let Lost { item, doubt, messages, sent_at } = lost;
    let Some(change) = item.change.to_objects() else {
        return StepResult::of(&item, Status::InDoubt, messages);
    };
    let seen = match settle(registry, &change).await {
        Settled::NotAllowed(refused) if is_in_replica(registry, sent_at) => {
            settle_by_reading(registry, &change, refused).await
        }
        Settled::NotAllowed(refused) => Settled::Refused(refused),
        seen => seen,
    };
    let (status, more) = match (seen, doubt) {
        (Settled::Done, _) => (Status::Done, told(Severity::Info, "the registry has it as it was wanted")),
        // It may still arrive.
        (Settled::NotDone | Settled::Refused(_) | Settled::NotAllowed(_), Doubt::Lost) => {
            let text =
                "no answer came; the registry has not done it up to now, but the request may still arrive";
            (Status::InDoubt, told(Severity::Warning, text))
        }
        (_, Doubt::Refused) => {
            return StepResult::of(&item, Status::Failed, messages);
        }
        (Settled::NotDone, Doubt::Unclear) => {
            (Status::Failed, told(Severity::Error, "the registry did not do it"))
        }
        (Settled::Refused(refused) | Settled::NotAllowed(refused), Doubt::Unclear) => {
            (Status::Failed, refused)
        }
        (Settled::Unknown(unknown), Doubt::Unclear | Doubt::Lost) => (Status::InDoubt, unknown),
    };
    // What was said at first is no longer the reason for anything, but how it came to this.
    let first = messages.into_iter().map(|message| Message { severity: Severity::Warning, ..message });
    StepResult::of(&item, status, first.chain(more).collect())
}

/// Whether a read shows by now what was written at that time.
fn is_in_replica(registry: &Registry, sent_at: Timestamp) -> bool {
    let passed = Timestamp::now().duration_since(sent_at);
    passed.unsigned_abs() > registry.remote().limits.lag && !passed.is_negative()
}

/// Trouble as a message.
pub(super) fn message_of(trouble: &Trouble) -> Message {
    let place = if trouble.url.is_empty() { String::new() } else { format!("\n  at {}", trouble.url) };
    Message::error(format!("{}{place}", trouble.what)).remedy(trouble.next.clone())
}
