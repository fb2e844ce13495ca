//! What a run did, on disk before it is done.
//!
//! One file of JSON lines for each run, only added to, each line on the disk before the next request is sent.
//! Values of `auth` are masked, and no line holds a credential.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Status, StepResult};
use crate::{
    disk::{StateDir, StateDirError},
    plan::Change,
    rpsl::{Key, Object, Renamings},
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

    /// Goes on with the journal of `run` in `folder`: what is put right belongs to the run that left it.
    pub(super) fn resume(folder: &StateDir, run: &str) -> Result<Journal, JournalError> {
        let name = format!("{run}.jsonl");
        let path = folder.path().join(&name);
        let mut journal = Journal { run: run.to_owned(), path, file: folder.appender(&name)? };
        journal.end_line().map_err(|cause| journal.failed(cause))?;
        Ok(journal)
    }

    /// A line that was being written when the run ended is no entry, and must not become part of one.
    fn end_line(&mut self) -> io::Result<()> {
        let mut last = [b'\n'];
        if self.file.seek(SeekFrom::End(-1)).is_ok() {
            self.file.read_exact(&mut last)?;
        }
        if last == *b"\n" { Ok(()) } else { self.file.write_all(b"\n") }
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
            "state": "sending", "step": number, "of": of, "action": change.action().text(),
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

    /// Notes that keys are about to be written into the files, each in the place of what it stands for.
    pub(super) fn naming(&mut self, renamings: &Renamings) -> Result<(), JournalError> {
        let key =
            |(from, key): (&str, &Key)| json!({"from": from, "type": key.class().text(), "key": key.text()});
        self.add(json!({"state": "naming", "keys": renamings.iter().map(key).collect::<Vec<_>>()}))
    }

    /// Notes that they stand there.
    pub(super) fn named(&mut self) -> Result<(), JournalError> {
        self.add(json!({"state": "named"}))
    }

    /// Notes handles that an earlier run chose, and that are still to be made.
    pub(super) fn chosen(&mut self, keys: &BTreeSet<Key>) -> Result<(), JournalError> {
        let key = |key: &Key| json!({"type": key.class().text(), "key": key.text()});
        self.add(json!({"state": "chosen", "keys": keys.iter().map(key).collect::<Vec<_>>()}))
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
