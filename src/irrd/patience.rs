//! What is borne with: the only place that has such a number.

use std::time::Duration;

/// How long is waited, and how much is read.
#[derive(Clone, Debug)]
pub struct Patience {
    /// How long a connection may take to be made.
    pub connect: Duration,
    /// How long an answer may stand still. IRRd itself hangs up on who is silent for 30 s.
    pub still: Duration,
    /// How long all may take.
    pub whole: Duration,
    /// How many bytes are read in all.
    pub bytes: usize,
}

impl Patience {
    /// What is borne with in use.
    pub fn usual() -> Patience {
        Patience {
            connect: Duration::from_secs(10),
            still: Duration::from_secs(30),
            whole: Duration::from_secs(300),
            bytes: 256 << 20,
        }
    }
}
