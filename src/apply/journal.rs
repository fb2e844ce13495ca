//! What a run did, on disk before it is done.
//!
//! One file of JSON lines for each run, only added to, each line on the disk before the next request is sent.
//! Values of `auth` are masked, and no line holds a credential.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Status, StepResult};
use crate::{
    disk::{StateDir, StateDirError},
    plan::Change,
    rpsl::Object,
    wire::{mask, masked_object},
};

/// The journal of one run.
#[derive(Debug)]
pub struct Journal {
    run: String,
    path: PathBuf,
    file: File,
}

/// The journal could not be written: nothing more may be sent.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// There is no place for it.
    #[error(transparent)]
    Place(#[from] StateDirError),
    /// A line did not reach the disk.
    #[error("the journal {} cannot be written: {cause}\nhint: nothing is sent without it; make room or permit it, then run it again", path.display())]
    Line {
        /// Its file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

impl Journal {
    /// Begins the journal of a run against `registry`, in `journal/` of the state directory (`.ripectl`).
    pub fn begin(state: &StateDir, registry: &str) -> Result<Journal, JournalError> {
        let folder = state.below("journal")?;
        let stem = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let (run, file) = first_free(&folder, &stem)?;
        let path = folder.path().join(format!("{run}.jsonl"));
        let mut journal = Journal { run, path, file };
        let version = env!("CARGO_PKG_VERSION");
        journal.add(json!({"state": "begun", "registry": registry, "ripectl": version}))?;
        // The file's name is on the disk only when its directory is.
        folder.sync().map_err(|cause| journal.failed(cause))?;
        Ok(journal)
    }

    /// The name of the run.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Where the journal is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Notes that a step is about to be sent.
    pub(super) fn sending(&mut self, number: usize, of: usize, change: &Change) -> Result<(), JournalError> {
        let key = change.key();
        self.add(json!({
            "state": "sending", "step": number, "of": of, "action": change.verb(),
            "type": key.class().text(), "key": key.text(),
            "before": change.before().map(masked_object), "after": change.after().map(masked_object),
        }))
    }

    /// Notes what became of a step.
    pub(super) fn ended(&mut self, number: usize, result: &StepResult) -> Result<(), JournalError> {
        let messages: Vec<String> =
            result.messages.iter().map(|message| mask(&message.to_string())).collect();
        let stored: Option<&Object> = result.stored.as_ref().filter(|_| result.status == Status::Done);
        self.add(json!({
            "state": result.status.text(), "step": number, "type": result.key.class().text(),
            "key": result.key.text(), "messages": messages, "stored": stored.map(masked_object),
        }))
    }

    fn add(&mut self, entry: Value) -> Result<(), JournalError> {
        let mut line =
            json!({"at": Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), "run": self.run});
        if let (Value::Object(line), Value::Object(entry)) = (&mut line, entry) {
            line.extend(entry);
        }
        let written =
            self.file.write_all(format!("{line}\n").as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(|cause| self.failed(cause))
    }

    fn failed(&self, cause: io::Error) -> JournalError {
        JournalError::Line { path: self.path.clone(), cause }
    }
}

/// Makes the first file named after `stem` that is not there yet; gives back the name of the run.
fn first_free(folder: &StateDir, stem: &str) -> Result<(String, File), StateDirError> {
    let mut count = 1;
    loop {
        let run = if count == 1 { stem.to_owned() } else { format!("{stem}-{count}") };
        if let Some(file) = folder.create(&format!("{run}.jsonl"))? {
            return Ok((run, file));
        }
        count += 1;
    }
}
