//! What time it is for a registry: that of the machine, or one that a test sets.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

/// A clock.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Stepping>);

/// A clock that goes on when it is looked at, and only then.
#[derive(Clone, Debug)]
struct Stepping {
    start: Timestamp,
    step: SignedDuration,
    looks: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that begins now and is later by `step` each time that it is looked at: two requests never come in one
    /// second, which is how exact `last-modified` is.
    pub fn stepping(step: SignedDuration) -> Clock {
        Clock(Some(Stepping { start: Timestamp::now(), step, looks: Arc::default() }))
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        let Some(Stepping { start, step, looks }) = &self.0 else { return Timestamp::now() };
        let looks = i32::try_from(looks.fetch_add(1, Ordering::Relaxed)).unwrap_or(i32::MAX);
        start.saturating_add(*step * looks).unwrap_or(*start)
    }
}
