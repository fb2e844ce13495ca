//! What a run asks of the places that it writes to. Each kind of place is a file that answers it; the run itself knows
//! none of them.

use jiff::Timestamp;

use super::{Event, Journal, JournalError, Status, StepResult};
use crate::{
    plan::Step,
    registry::Doubt,
    rules::Message,
    target::{Batching, Change, Record, RecordId, TargetId},
};

/// One change, and the place where it is made.
#[derive(Clone, Debug)]
pub struct Item {
    /// The place.
    pub target: TargetId,
    /// The change.
    pub change: Change<Record>,
    /// The name of the key that it is sent with, where there are several.
    pub sent_with: Option<String>,
}

impl Item {
    /// A change of objects, in the place of this name.
    pub fn new(target: &str, change: &Change) -> Item {
        Item { target: TargetId::new(target), change: change.to_records(), sent_with: None }
    }

    /// The change of a step, in its place.
    pub fn of(step: &Step) -> Item {
        Item { target: step.target.clone(), change: step.change.clone(), sent_with: step.sent_with.clone() }
    }
}

/// What is known of a change from what came back.
#[derive(Debug)]
pub enum Received {
    /// It is done, or was already: the record as the place has it, if there is one now.
    Done(Status, Option<Record>, Vec<Message>),
    /// Nothing was sent, or it was turned away before it was looked at.
    NotSent(Vec<Message>),
    /// A person has it now.
    Waiting(Vec<Message>),
    /// It must be settled.
    Doubt(Doubt, Vec<Message>),
}

/// A change whose answer did not prove what became of it.
#[derive(Debug)]
pub struct Lost {
    /// The change, as it was sent.
    pub item: Item,
    /// When.
    pub sent_at: Timestamp,
    /// How sure it is that it was not done.
    pub doubt: Doubt,
    /// What was said.
    pub messages: Vec<Message>,
}

/// A place, or several, as a run writes to them.
///
/// For each batch the run calls `prove`, `submit` and, for what came back without a proof, `settle`, in this order; what
/// they return stands in the order of what they were given.
pub trait Connection: Send {
    /// How many changes one request to this place carries.
    fn batching(&self, target: &TargetId) -> Batching;

    /// Does what must be done before the first change is sent; else says which of `items` cannot begin, and why.
    fn prepare(
        &mut self,
        _items: &[Item],
        _log: &mut Log<'_>,
    ) -> impl Future<Output = Result<(), (usize, Message)>> + Send {
        async { Ok(()) }
    }

    /// The change as it is to be sent now, after what this run has done.
    fn resolved(&self, change: &Change<Record>) -> Change<Record> {
        change.clone()
    }

    /// Proves, as strongly as the place can, that what is changed or deleted still is what it was.
    fn prove(&mut self, batch: &[Item]) -> impl Future<Output = Vec<Result<(), Vec<Message>>>> + Send;

    /// Sends the batch, once.
    fn submit(&mut self, batch: &[Item]) -> impl Future<Output = Vec<Received>> + Send;

    /// Finds out what became of changes, without sending them again.
    fn settle(&mut self, lost: Vec<Lost>) -> impl Future<Output = Vec<StepResult>> + Send;

    /// Is told how a change ended, before the journal is.
    fn ended(&mut self, _item: &Item, _result: &mut StepResult, _log: &mut Log<'_>) {}

    /// Is asked at the end of the run what of it was not as it had been proven, so far as that is seen afterwards.
    fn review(&mut self) -> impl Future<Output = Vec<(RecordId, Message)>> + Send {
        async { Vec::new() }
    }

    /// Whether a change that was refused is to be tried once more, as [`Connection::resolved`] has it now.
    fn is_to_be_tried_again(
        &mut self,
        _item: &Item,
        _result: &mut StepResult,
        _log: &mut Log<'_>,
    ) -> impl Future<Output = bool> + Send {
        async { false }
    }
}

/// Where a run notes what it does.
pub struct Log<'a> {
    /// The journal.
    pub journal: &'a mut Journal,
    /// Is told of each step.
    pub observer: &'a mut (dyn FnMut(Event<'_>) + Send),
}

impl Log<'_> {
    /// Notes that changes are about to be sent, the first of them as step `number`; it is on the disk then.
    pub(super) fn sending(
        &mut self,
        number: usize,
        batch: &[Item],
        planned: &[Item],
    ) -> Result<(), JournalError> {
        for (step, (item, planned)) in (number..).zip(batch.iter().zip(planned)) {
            self.journal.sending(step, item, planned);
        }
        self.journal.flush()
    }

    /// Notes what became of a step. It is on the disk before the next one is sent.
    pub(super) fn ended(&mut self, number: usize, result: &mut StepResult) {
        if let Err(error) = self.journal.ended(number, result) {
            result.messages.push(Message::warning(error.to_string()));
        }
    }
}
