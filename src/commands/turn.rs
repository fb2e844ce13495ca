//! One `apply` at a time: two would write keys into the same files, and end each other's runs.

use std::{
    fs::{File, TryLockError},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use super::{files, options::RegistryOptions};
use crate::disk::StateDir;

/// The file whose lock is the turn: the operating system's, so that it ends with the process.
const FILE: &str = "apply.lock";
/// How long the end of another one is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked for.
const PAUSE: Duration = Duration::from_millis(50);

/// The sole right to apply with this state directory, as long as it lives.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "its lock is held")] File);

/// Waits for the turn, and takes it, before anything else is held: who waits with the sandbox in hand would be waited
/// for. Where nothing was ever applied there is no run to end, and nothing is made.
pub async fn take(options: &RegistryOptions) -> anyhow::Result<Option<Turn>> {
    match StateDir::find(options.state.state_dir.as_deref(), &files::root()?)? {
        Some(state) => wait(&state).await.map(Some),
        None => Ok(None),
    }
}

async fn wait(state: &StateDir) -> anyhow::Result<Turn> {
    let path = state.file(FILE)?;
    let file = File::open(&path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Turn(file)),
            Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
            Err(TryLockError::WouldBlock) => bail!(
                "another `ripectl apply` is at work here, and nothing was written\nhint: run it again when that one has ended"
            ),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("{} cannot be locked", path.display()));
            }
        }
    }
}
