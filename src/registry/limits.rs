//! What is kept to towards a registry: the only place that has such a number.

use std::time::Duration;

/// What is kept to towards a registry.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How many requests are under way at the same time, at most.
    pub connections: usize,
    /// How long after a read the next request may go out.
    pub read: Duration,
    /// How long after any other request the next one may go out.
    pub write: Duration,
    /// How long an answer may stand still; as a whole it may take twice as long, that to a search ten times.
    pub patience: Duration,
    /// The waits after a refusal for being too quick; when they are used up, it is trouble.
    pub waits: Vec<Duration>,
    /// Of how many persons and roles the data is read, at most.
    pub contacts: usize,
    /// Between two dry-runs that settle a write: longer than a second, which is how exact `last-modified` is.
    pub tick: Duration,
    /// How long after a write reads may not show it: they come from a replica that is up to 10 s old.
    pub lag: Duration,
}

impl Limits {
    /// Those of the RIPE Database (rules.md §11): 3 connections, 50 reads and 10 others a second from one address, each
    /// with some room, and 1,000 sets of personal data a day.
    pub fn of_ripe_database() -> Limits {
        Limits {
            connections: 3,
            read: Duration::from_millis(25),
            write: Duration::from_millis(125),
            patience: Duration::from_secs(60),
            waits: [2, 5, 10, 20].map(Duration::from_secs).to_vec(),
            contacts: 1000,
            tick: Duration::from_millis(1100),
            lag: Duration::from_secs(12),
        }
    }

    /// The same for a registry on this machine, which has no replica, but may still be at work on what it was sent.
    #[must_use]
    pub fn nearby(self) -> Limits {
        Limits { lag: Duration::from_secs(2), ..self }
    }
}
