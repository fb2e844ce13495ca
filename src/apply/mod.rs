//! Doing what a plan says, one step after the other, so that at every moment it is known what was done.
//!
//! Decides nothing: the steps come in their order. Each is proved to meet what it was planned against, written
//! to the journal, sent, and written to the journal again. It is done if the answer proves it, and settled if the
//! answer does not. The first step that does not succeed is the last.

mod bounds;
mod connection;
mod journal;
mod past;
mod recent;
mod recorded;
mod result;
mod ripe;
mod run;
#[cfg(test)]
mod tests;

pub use bounds::{Bounds, Deadline, DeadlineError, End};
pub use connection::{Connection, Item, Log, Lost, Received};
pub use journal::{Begun, Continues, Copy, Journal, JournalError};
pub use past::{Past, Sent, Told, run_names};
pub use recent::recent;
pub use recorded::{Recorded, RecordedError, RecordedStep, runs};
pub use ripe::{
    Fate, KeyError, Keys, RecoverError, RipeDatabase, finish_naming, free_handle, recover, still_declared,
    unwritable, would_take, write_names,
};
pub use run::{Run, apply};

use std::path::PathBuf;

use crate::{
    outcome::Outcome,
    rpsl::Key,
    rules::Message,
    target::{Action, Record, RecordId, TargetId},
};

/// What became of a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// The registry did it.
    Done,
    /// The registry had it already.
    Unchanged,
    /// It was not done.
    Failed,
    /// An earlier step was the last.
    NotTried,
    /// It may have been done: the answer was lost, and could not be settled.
    InDoubt,
    /// It was handed to a person, and is seen to be done by a later plan.
    Waiting,
}

impl Status {
    /// The word for it, as in the JSON of a receipt: `done`, `unchanged`, `failed`, `not_tried`, `in_doubt` or
    /// `waiting`.
    pub fn text(self) -> &'static str {
        match self {
            Status::Done => "done",
            Status::Unchanged => "unchanged",
            Status::Failed => "failed",
            Status::NotTried => "not_tried",
            Status::InDoubt => "in_doubt",
            Status::Waiting => "waiting",
        }
    }

    /// The status with this word.
    pub fn from_text(text: &str) -> Option<Status> {
        let all = [
            Status::Done,
            Status::Unchanged,
            Status::Failed,
            Status::NotTried,
            Status::InDoubt,
            Status::Waiting,
        ];
        all.into_iter().find(|status| status.text() == text)
    }

    /// Whether the registry now holds what the step wanted.
    pub fn is_good(self) -> bool {
        matches!(self, Status::Done | Status::Unchanged)
    }
}

/// One step and what became of it.
#[derive(Clone, Debug)]
pub struct StepResult {
    /// The place.
    pub target: TargetId,
    /// What was to be done there.
    pub action: Action,
    /// The record; where the place chose the key, by that key.
    pub id: RecordId,
    /// What became of it.
    pub status: Status,
    /// What the place said, or what went wrong.
    pub messages: Vec<Message>,
    /// The record as the place now has it.
    pub stored: Option<Record>,
    /// Whether it has a key now that does not stand in the files: nothing more is sent then.
    pub unkept: bool,
}

/// What became of a run.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The name of the run, which is that of its journal.
    pub run: String,
    /// All its steps in order.
    pub steps: Vec<StepResult>,
    /// Why it ended before the last step, though nothing failed.
    pub end: Option<End>,
}

impl Receipt {
    /// How many steps have this status.
    pub fn count(&self, status: Status) -> usize {
        self.steps.iter().filter(|step| step.status == status).count()
    }

    /// Whether every step succeeded, and the files have the keys; a run that stopped is trouble.
    pub fn outcome(&self) -> Outcome {
        match self.steps.iter().all(StepResult::goes_on) {
            true => Outcome::Clean,
            false => Outcome::Trouble,
        }
    }
}

/// What is told while a run goes on.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A step begins.
    Started {
        /// Its number, from 1.
        number: usize,
        /// The number of steps.
        of: usize,
        /// What it does.
        action: Action,
        /// The record.
        id: &'a RecordId,
    },
    /// A key stands in the files now.
    Named {
        /// The key.
        key: &'a Key,
        /// What stood in its place: a placeholder, or a handle that was not available.
        from: &'a str,
        /// The files, relative to the estate.
        files: &'a [PathBuf],
    },
    /// A step ended.
    Finished {
        /// Its number, from 1.
        number: usize,
        /// The number of steps.
        of: usize,
        /// What became of it.
        result: &'a StepResult,
    },
}
