//! The run itself.

use super::{
    Event, Journal, Receipt, Status, StepResult,
    earlier::Earlier,
    proof::{Settled, said, settle, stands},
};
use crate::{
    plan::Change,
    registry::{Answer, Mode, Registry, Trouble},
    rpsl::{Name, Object},
    rules::Message,
};

/// Does the changes in their order, and stops at the first that does not succeed.
pub async fn apply(
    registry: &Registry,
    changes: &[Change],
    journal: &mut Journal,
    observer: &mut dyn FnMut(Event<'_>),
) -> Receipt {
    let of = changes.len();
    let mut earlier = Earlier::default();
    let mut steps: Vec<StepResult> = Vec::with_capacity(of);
    for (index, change) in changes.iter().enumerate() {
        let number = index + 1;
        if steps.last().is_some_and(|last| !last.status.is_good()) {
            steps.push(result(change, Status::NotTried, Vec::new()));
            continue;
        }
        observer(Event::Started { number, of, action: change.verb(), key: &change.key() });
        let ended = step(registry, change, &mut earlier, journal, (number, of)).await;
        observer(Event::Finished { number, of, result: &ended });
        steps.push(ended);
    }
    let next = next(registry, &steps);
    Receipt { run: journal.run().to_owned(), steps, next }
}

/// One step: prove, journal, send, settle, journal.
async fn step(
    registry: &Registry,
    change: &Change,
    earlier: &mut Earlier,
    journal: &mut Journal,
    (number, of): (usize, usize),
) -> StepResult {
    let change = match earlier.continued(change) {
        Ok(change) => change,
        Err(error) => return result(change, Status::Failed, vec![Message::error(error.to_string())]),
    };
    if let Some(before) = change.before()
        && let Err(messages) = stands(registry, before).await
    {
        return result(&change, Status::Failed, messages);
    }
    if let Err(error) = journal.sending(number, of, &change) {
        return result(&change, Status::Failed, vec![Message::error(error.to_string())]);
    }
    let mut ended = match send(registry, &change).await {
        Ok(answer) => answered(&change, answer),
        Err(trouble) if trouble.leaves_doubt() => doubtful(registry, &change, &trouble).await,
        Err(trouble) => result(&change, Status::Failed, vec![said(&trouble)]),
    };
    if let (Some(sent), Some(stored)) = (change.after(), &ended.stored) {
        earlier.note(sent, stored);
    }
    if let Err(error) = journal.ended(number, &ended) {
        ended.messages.push(Message::warning(error.to_string()));
    }
    ended
}

async fn send(registry: &Registry, change: &Change) -> Result<Answer, Trouble> {
    match change {
        Change::Create(object) => registry.create(object, Mode::Real).await,
        Change::Modify { after, .. } => registry.modify(&undated(after), Mode::Real).await,
        Change::Delete(object) => registry.delete(&object.key(), Mode::Real).await,
    }
}

/// The object without the date of its last change: the registry writes its own, and would warn of another.
fn undated(object: &Object) -> Object {
    let mut draft = object.edit();
    draft.remove(Name::LastModified);
    draft.build().unwrap_or_else(|_| object.clone())
}

fn answered(change: &Change, answer: Answer) -> StepResult {
    let status = match (answer.unchanged(), answer.accepted()) {
        (true, _) => Status::Unchanged,
        (false, true) => Status::Done,
        (false, false) => Status::Failed,
    };
    let key = match (&answer.object, status.is_good()) {
        (Some(stored), true) => stored.key(),
        _ => change.key(),
    };
    let stored = answer.object.filter(|_| status.is_good() && change.after().is_some());
    StepResult { key, stored, ..result(change, status, answer.messages) }
}

async fn doubtful(registry: &Registry, change: &Change, trouble: &Trouble) -> StepResult {
    let lost = Message { severity: crate::finding::Severity::Warning, ..said(trouble) };
    let (status, more) = match settle(registry, change).await {
        Settled::Done => {
            (Status::Done, vec![Message::info("the answer was lost; the registry holds what was sent")])
        }
        Settled::NotDone => (
            Status::Failed,
            vec![Message::error("the answer was lost; the registry does not hold what was sent")],
        ),
        Settled::Unknown(messages) => (Status::InDoubt, messages),
    };
    result(change, status, std::iter::once(lost).chain(more).collect())
}

fn result(change: &Change, status: Status, messages: Vec<Message>) -> StepResult {
    StepResult { action: change.verb(), key: change.key(), status, messages, stored: None }
}

/// What to type next.
fn next(registry: &Registry, steps: &[StepResult]) -> Option<String> {
    let stopped = steps.iter().find(|step| !step.status.is_good())?;
    let name = &registry.target().name;
    let done = steps.iter().filter(|step| step.status.is_good()).count();
    let left = steps.len() - done;
    Some(match stopped.status {
        Status::InDoubt => {
            format!(
                "`ripectl plan --registry {name}` shows whether {} was done, and what of {left} is left",
                stopped.key
            )
        }
        _ => format!(
            "{done} of {} done; when the cause is mended, `ripectl apply --registry {name}` plans again and does the rest",
            steps.len()
        ),
    })
}
