//! The run itself.

use jiff::Timestamp;

use super::{Connection, End, Event, Item, Log, Lost, Receipt, Received, Status, StepResult};
use crate::{plan, rules::Message, target::Batching};

/// How often a batch is tried whose place asks for it to be tried again.
const TRIES: usize = 5;

/// What a run works with.
pub struct Run<'a, C> {
    /// The places that it writes to.
    pub connection: &'a mut C,
    /// Where it notes what it does.
    pub log: Log<'a>,
    /// Whether it is to end, and why: asked before each batch, with the number of steps that are sent with it.
    pub end: &'a (dyn Fn(usize) -> Option<End> + Sync),
}

/// Does the changes in their order, and stops at the first that does not succeed, or when it is to end.
pub async fn apply<C: Connection>(items: &[Item], run: &mut Run<'_, C>) -> Receipt {
    if let Err((at, message)) = run.connection.prepare(items, &mut run.log).await {
        return receipt(unprepared(items, at, &message), None, run);
    }
    let (mut steps, mut stopped, mut end) = (Vec::with_capacity(items.len()), false, None);
    for batch in batches(items, run.connection) {
        if !stopped && end.is_none() {
            end = (run.end)(steps.len() + batch.len());
        }
        if stopped || end.is_some() {
            steps.extend(batch.iter().map(|item| StepResult::of(item, Status::NotTried, Vec::new())));
            continue;
        }
        let (first, of) = (steps.len() + 1, items.len());
        for (number, item) in (first..).zip(batch) {
            let (action, id) = (item.change.action(), &item.change.id());
            (run.log.observer)(Event::Started { number, of, action, id });
        }
        let results = insisting(batch, first, run).await;
        for (number, result) in (first..).zip(&results) {
            (run.log.observer)(Event::Finished { number, of, result });
        }
        stopped = !results.iter().all(StepResult::goes_on);
        steps.extend(results);
    }
    for (id, message) in run.connection.review().await {
        if let Some(step) = steps.iter_mut().find(|step| step.id == id) {
            step.messages.push(message);
        }
    }
    let done = steps.iter().filter(|step| step.status.is_good()).count();
    if let Err(error) = run.log.journal.close(done, end.as_ref())
        && let Some(last) = steps.last_mut()
    {
        last.messages.push(Message::warning(error.to_string()));
    }
    receipt(steps, end, run)
}

fn receipt<C>(steps: Vec<StepResult>, end: Option<End>, run: &Run<'_, C>) -> Receipt {
    Receipt { run: run.log.journal.run().to_owned(), steps, end }
}

/// What follows each other in one place, as far as one request to it carries it.
fn batches<'a, C: Connection>(items: &'a [Item], connection: &C) -> Vec<&'a [Item]> {
    items
        .chunk_by(|one, other| {
            one.target == other.target
                && match connection.batching(&one.target) {
                    Batching::One => false,
                    Batching::Linked => are_linked(one, other),
                    Batching::Whole => true,
                }
        })
        .collect()
}

/// Whether the place takes the two only together.
fn are_linked(one: &Item, other: &Item) -> bool {
    let objects = (one.change.of_objects(), other.change.of_objects());
    matches!(objects, (Some(one), Some(other)) if plan::is_first_pair(&one, &other))
}

/// The results of a run that could not begin, and sent nothing.
fn unprepared(items: &[Item], at: usize, message: &Message) -> Vec<StepResult> {
    let result = |(number, item): (usize, &Item)| match number == at {
        true => StepResult::of(item, Status::Failed, vec![message.clone()]),
        false => StepResult::of(item, Status::NotTried, Vec::new()),
    };
    items.iter().enumerate().map(result).collect()
}

/// One batch; once more, while its place asks for it.
async fn insisting<C: Connection>(batch: &[Item], first: usize, run: &mut Run<'_, C>) -> Vec<StepResult> {
    let mut results = attempt(batch, first, run).await;
    for _ in 1..TRIES {
        let mut again = false;
        for (item, result) in batch.iter().zip(&mut results) {
            again |= run.connection.is_to_be_tried_again(item, result, &mut run.log).await;
        }
        if !again {
            break;
        }
        results = attempt(batch, first, run).await;
    }
    results
}

/// Prove, journal, send, settle, journal.
async fn attempt<C: Connection>(planned: &[Item], first: usize, run: &mut Run<'_, C>) -> Vec<StepResult> {
    let resolved = |item: &Item| Item { change: run.connection.resolved(&item.change), ..item.clone() };
    let batch: Vec<Item> = planned.iter().map(resolved).collect();
    let proven = run.connection.prove(&batch).await;
    if proven.iter().any(Result::is_err) {
        let refused = |(item, proof): (&Item, Result<(), Vec<Message>>)| match proof {
            Ok(()) => StepResult::of(item, Status::NotTried, Vec::new()),
            Err(messages) => StepResult::of(item, Status::Failed, messages),
        };
        return batch.iter().zip(proven).map(refused).collect();
    }
    if let Err(error) = run.log.sending(first, &batch, planned) {
        let message = Message::error(error.to_string());
        return unprepared(&batch, 0, &message);
    }
    let sent_at = Timestamp::now();
    let received = run.connection.submit(&batch).await;
    let mut results = settled(&batch, received, sent_at, run.connection).await;
    for (number, (item, result)) in (first..).zip(batch.iter().zip(&mut results)) {
        run.connection.ended(item, result, &mut run.log);
        run.log.ended(number, result);
    }
    results
}

/// The results of what was sent: what the answers prove, and of the rest what became of it.
async fn settled<C: Connection>(
    batch: &[Item],
    received: Vec<Received>,
    sent_at: Timestamp,
    connection: &mut C,
) -> Vec<StepResult> {
    let mut lost = Vec::new();
    let known: Vec<Option<StepResult>> = batch
        .iter()
        .zip(received)
        .map(|(item, received)| match received {
            Received::Done(status, stored, messages) => {
                Some(StepResult::done(item, status, stored, messages))
            }
            Received::Waiting(messages) => Some(StepResult::of(item, Status::Waiting, messages)),
            Received::NotSent(messages) => Some(StepResult::of(item, Status::Failed, messages)),
            Received::Doubt(doubt, messages) => {
                lost.push(Lost { item: item.clone(), sent_at, doubt, messages });
                None
            }
        })
        .collect();
    let mut found = if lost.is_empty() { Vec::new() } else { connection.settle(lost).await }.into_iter();
    let unknown = |item: &Item| StepResult::of(item, Status::InDoubt, Vec::new());
    let each = batch.iter().zip(known);
    each.map(|(item, known)| known.or_else(|| found.next()).unwrap_or_else(|| unknown(item))).collect()
}
