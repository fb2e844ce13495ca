//! Places that are written to: what one holds, what is changed there, and how strongly it proves what it did.
//!
//! The RIPE Database is the first kind. What a plan changes once is an [`Address`]: the same route6 may stand in
//! several places, and is another record in each. Pure values; who sends to which place is `apply`'s to know.

mod change;
mod record;
mod roa;

use std::{fmt, sync::Arc};

pub use change::{Action, Change};
pub use record::{Pairs, Record, RecordError, RecordId};
pub use roa::{Roa, RoaPayload};

/// A place by the name that the user knows it by, such as `ripe`, `radb` or `sandbox`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TargetId(Arc<str>);

impl TargetId {
    /// The place of this name.
    pub fn new(name: &str) -> TargetId {
        TargetId(name.into())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TargetId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A record in its place.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Address {
    /// The place.
    pub target: TargetId,
    /// The record.
    pub id: RecordId,
}

/// A place that a plan writes to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Target {
    /// Its name.
    pub id: TargetId,
    /// How it proves what it holds.
    pub proof: Proof,
}

/// How a place proves, before and after a write, that it holds what is thought.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Proof {
    /// By a dry-run, which its master answers.
    DryRun,
    /// By reading: before the write, and again behind it. What changes in between is seen only afterwards.
    ReadBack,
}

impl Proof {
    /// The word for it, as in the JSON of a plan.
    pub fn text(self) -> &'static str {
        match self {
            Proof::DryRun => "dry-run",
            Proof::ReadBack => "read-back",
        }
    }

    /// What it means for who reads a plan.
    pub fn says(self) -> &'static str {
        match self {
            Proof::DryRun => "right before each is changed, a dry-run proves that nobody else has changed it",
            Proof::ReadBack => {
                "each is read before and after it is changed; what others change in between is seen afterwards"
            }
        }
    }
}

/// How many changes one request to a place carries.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Batching {
    /// One.
    One,
    /// One, or those few that the place takes only together.
    Linked,
    /// All that follow each other, which are done or refused as a whole.
    Whole,
}
