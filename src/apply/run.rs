//! The run itself.

use super::{
    Event, Journal, Keys, Receipt, Status, StepResult,
    proof::{Proof, proof},
    result::{done, result, told},
    run_state::RunState,
    settle::{Settled, prove_unchanged, settle},
    unnamed,
};
use jiff::Timestamp;

use crate::{
    finding::Severity,
    plan::Change,
    registry::{Answer, Doubt, Mode, Registry, Trouble},
    rpsl::{Name, Object, Placeholder},
    rules::Message,
};

/// How often another handle is tried for an object, where the registry has given away those before.
const HANDLES: usize = 5;

/// What a run works with.
pub struct Run<'a> {
    /// Where it writes.
    pub registry: &'a Registry,
    /// Where it notes what it does.
    pub journal: &'a mut Journal,
    /// What the keys that are still to be chosen are written with.
    pub keys: &'a mut Keys,
    /// Is told of each step.
    pub observer: &'a mut (dyn FnMut(Event<'_>) + Send),
    /// Whether the user wants it to end: asked before each step.
    pub interrupted: &'a (dyn Fn() -> bool + Sync),
}

/// Does the changes in their order, and stops at the first that does not succeed, or when it is interrupted.
pub async fn apply(changes: &[Change], run: &mut Run<'_>) -> Receipt {
    let of = changes.len();
    let (mut earlier, mut interrupted) = (RunState::default(), false);
    match run.keys.choose(run.registry, changes, run.journal).await {
        Ok((given, files)) => {
            for (from, key) in given.iter() {
                (run.observer)(Event::Named { key, from, files: &files });
            }
            earlier.given = given;
        }
        Err(message) => return no_handles(changes, &message, run),
    }
    let mut steps: Vec<StepResult> = Vec::with_capacity(of);
    for (index, change) in changes.iter().enumerate() {
        let number = index + 1;
        let stopped = steps.last().is_some_and(|last| !last.goes_on());
        interrupted = interrupted || !stopped && (run.interrupted)();
        if stopped || interrupted {
            steps.push(result(change, Status::NotTried, Vec::new()));
            continue;
        }
        (run.observer)(Event::Started { number, of, action: change.action(), key: &change.key() });
        let ended = step(change, &mut earlier, run, (number, of)).await;
        (run.observer)(Event::Finished { number, of, result: &ended });
        steps.push(ended);
    }
    let next = next(run.registry, &steps);
    Receipt { run: run.journal.run().to_owned(), steps, interrupted, next }
}

/// The receipt of a run that found no handles, and sent nothing.
fn no_handles(changes: &[Change], message: &Message, run: &Run<'_>) -> Receipt {
    let is_unnamed = |change: &Change| Placeholder::of(change.object()).is_some();
    let first = changes.iter().position(is_unnamed);
    let steps: Vec<StepResult> = changes
        .iter()
        .enumerate()
        .map(|(index, change)| match Some(index) == first {
            true => result(change, Status::Failed, vec![message.clone()]),
            false => result(change, Status::NotTried, Vec::new()),
        })
        .collect();
    let next = next(run.registry, &steps);
    Receipt { run: run.journal.run().to_owned(), steps, interrupted: false, next }
}

/// One step; with another handle, if one that was chosen here turns out to have been given away before.
async fn step(
    change: &Change,
    earlier: &mut RunState,
    run: &mut Run<'_>,
    position: (usize, usize),
) -> StepResult {
    let mut ended = attempt(change, earlier, run, position).await;
    for _ in 1..HANDLES {
        if !unnamed::is_given_away(&ended) || !run.keys.is_chosen(&ended.key) {
            break;
        }
        let named = earlier.resolve(change);
        match run.keys.choose_again(run.registry, named.object(), run.journal).await {
            Ok((key, files)) => {
                (run.observer)(Event::Named { key: &key, from: named.key().text(), files: &files });
                earlier.given.add(&change.object().written_key(), key);
            }
            Err(message) => {
                ended.messages.push(message);
                break;
            }
        }
        ended = attempt(change, earlier, run, position).await;
    }
    ended
}

/// Prove, journal, send, settle, journal.
async fn attempt(
    change: &Change,
    earlier: &mut RunState,
    run: &mut Run<'_>,
    (number, of): (usize, usize),
) -> StepResult {
    let change = earlier.resolve(change);
    if let Err(messages) = prove_unchanged(run.registry, &change).await {
        return result(&change, Status::Failed, messages);
    }
    if let Err(error) = run.journal.sending(number, of, &change) {
        return result(&change, Status::Failed, vec![Message::error(error.to_string())]);
    }
    let sent_at = Timestamp::now();
    let answer = send(run.registry, &change).await;
    let is_unnamed = Placeholder::of(change.object()).is_some();
    let mut ended = match proof(&change, answer) {
        Proof::Done(status, stored, messages) => done(&change, status, stored, messages),
        Proof::NotSent(messages) => result(&change, Status::Failed, messages),
        Proof::Doubt(doubt, messages) if is_unnamed => {
            unnamed::found(run.registry, run.keys, &change, sent_at, (doubt, messages)).await
        }
        Proof::Doubt(doubt, messages) => settled(run.registry, &change, doubt, messages).await,
    };
    if let (Some(sent), Some(stored)) = (change.after(), &ended.stored) {
        earlier.note(sent, stored);
    }
    unnamed::keep(&change, &mut ended, run);
    if let Err(error) = run.journal.ended(number, &ended) {
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

/// What became of a write whose answer did not prove that it was done.
async fn settled(registry: &Registry, change: &Change, doubt: Doubt, messages: Vec<Message>) -> StepResult {
    let (status, more) = match (settle(registry, change).await, doubt) {
        (Settled::Done, _) => (Status::Done, told(Severity::Info, "the registry has it as it was wanted")),
        // It may still arrive.
        (Settled::NotDone | Settled::Refused(_), Doubt::Lost) => {
            let text =
                "no answer came; the registry has not done it up to now, but the request may still arrive";
            (Status::InDoubt, told(Severity::Warning, text))
        }
        (Settled::NotDone | Settled::Refused(_) | Settled::Unknown(_), Doubt::Refused) => {
            return result(change, Status::Failed, messages);
        }
        (Settled::NotDone, Doubt::Unclear) => {
            (Status::Failed, told(Severity::Error, "the registry did not do it"))
        }
        (Settled::Refused(refused), Doubt::Unclear) => (Status::Failed, refused),
        (Settled::Unknown(unknown), Doubt::Unclear | Doubt::Lost) => (Status::InDoubt, unknown),
    };
    // What was said at first is no longer the reason for anything, but how it came to this.
    let first = messages.into_iter().map(|message| Message { severity: Severity::Warning, ..message });
    result(change, status, first.chain(more).collect())
}

/// What to type next.
fn next(registry: &Registry, steps: &[StepResult]) -> Option<String> {
    let stopped = steps.iter().find(|step| !step.goes_on())?;
    let name = &registry.remote().name;
    let done = steps.iter().filter(|step| step.status.is_good()).count();
    let left = steps.len() - done;
    Some(match stopped.status {
        Status::InDoubt if Placeholder::parse(stopped.key.text()).is_some() => {
            format!("`ripectl apply --registry {name}` looks for {} again before anything else", stopped.key)
        }
        Status::InDoubt => {
            format!(
                "`ripectl plan --registry {name}` shows whether {} was done, and what of {left} is left",
                stopped.key
            )
        }
        Status::NotTried => {
            format!(
                "{done} of {} done; `ripectl apply --registry {name}` plans again and does the rest",
                steps.len()
            )
        }
        _ => format!(
            "{done} of {} done; when the cause is mended, `ripectl apply --registry {name}` plans again and does the rest",
            steps.len()
        ),
    })
}
