//! Records that cannot be read, and where they stand.

use std::fmt;

/// Where a record stands, both counted from 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// The line of a text file.
    Line(u64),
    /// The element of a JSON array, or the message of a binary file.
    Record(u64),
}

/// One record that is not what it should be.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct RecordError {
    /// Where it stands.
    pub place: Place,
    /// What is wrong with it.
    pub problem: String,
}

/// The records that were refused: how many, and the first few of them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Refused {
    /// How many there are.
    pub count: usize,
    /// The first of them, in order.
    pub first: Vec<RecordError>,
}

impl Refused {
    /// How many are kept for the message.
    const KEPT: usize = 5;

    /// Counts one more; `problem` is asked for what is wrong only while that is kept.
    pub fn add<P: fmt::Display>(&mut self, place: Place, problem: P) {
        self.count += 1;
        if self.first.len() < Refused::KEPT {
            self.first.push(RecordError { place, problem: problem.to_string() });
        }
    }

    /// These and then `later` ones, whose places are counted on from `before` records.
    pub fn then(&mut self, later: Refused, before: u64) {
        self.count += later.count;
        let moved =
            later.first.into_iter().map(|error| RecordError { place: error.place.after(before), ..error });
        self.first.extend(moved);
        self.first.truncate(Refused::KEPT);
    }
}

impl Place {
    fn after(self, before: u64) -> Place {
        match self {
            Place::Line(number) => Place::Line(number + before),
            Place::Record(number) => Place::Record(number + before),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Place::Line(number) => write!(f, "line {number}"),
            Place::Record(number) => write!(f, "record {number}"),
        }
    }
}
