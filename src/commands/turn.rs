//! One `apply` at a time: two would write keys into the same files, and end each other's runs.

use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use rustix::fs::OFlags;

use super::files;
use crate::estate;

/// How long the end of another one is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it is looked for.
const PAUSE: Duration = Duration::from_millis(50);

/// The sole right to apply from this estate, as long as it lives: the operating system's lock of its `ripectl.toml`, so
/// that it ends with the process, and nothing has to be made for it.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "its lock is held")] File);

/// Waits for the turn, and takes it, before anything else is held: who waits with the sandbox in hand would be waited
/// for.
pub async fn take() -> anyhow::Result<Turn> {
    let path = files::root()?.join(estate::CONFIG);
    // What is no regular file is refused when it is read; it is not waited for here.
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::CLOEXEC).bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(&path);
    let file = file.with_context(|| format!("{} cannot be opened", path.display()))?;
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
