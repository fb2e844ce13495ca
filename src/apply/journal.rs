//! What a run did, on disk before it is done.
//!
//! One file of JSON lines for each run, only added to: first all that is to be done, then each change before it is sent
//! and when its answer came. What is sent is on the disk before; an answer is in the file at once, and on the disk before
//! the next change is sent. Records stand there whole, so that a run can be taken back: `auth: SSO` and `auth: PGPKEY-`
//! lines are no credentials. All else that `auth` may hold is masked, and no line holds an API key.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{End, Item, StepResult};
use crate::{
    disk::{StateDir, StateDirError},
    plan::Allowed,
    rpsl::{Key, Renamings},
    target::{Pairs, Record},
    wire::mask,
};

/// The name and version of the form of a journal.
pub(super) const SCHEMA: &str = "ripectl/journal/2";

/// The journal of one run.
pub struct Journal {
    run: String,
    path: PathBuf,
    file: File,
    /// Lines that are not in the file yet.
    pending: String,
    /// Whether the file has lines that may not be on the disk yet.
    is_ahead: bool,
    /// Where each line goes too.
    copy: Option<Copy>,
}

/// Where the lines of a journal go beside their file.
pub type Copy = Box<dyn Write + Send + Sync>;

/// What a run is about to do, and what it has to do with another.
#[derive(Clone, Debug)]
pub struct Begun<'a> {
    /// The registry of the run.
    pub registry: &'a str,
    /// All that is to be done.
    pub items: &'a [Item],
    /// What the user allowed.
    pub allowed: Allowed,
    /// What it does of another run.
    pub of: Option<(Continues, &'a str)>,
}

impl<'a> Begun<'a> {
    /// A run that has nothing to do with another, and for which nothing was allowed.
    pub fn new(registry: &'a str, items: &'a [Item]) -> Begun<'a> {
        Begun { registry, items, allowed: Allowed::default(), of: None }
    }
}

/// What a run does of another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Continues {
    /// It goes on with it.
    Resumes,
    /// It takes it back.
    Undoes,
}

impl Continues {
    /// The word for it in the journal.
    pub fn text(self) -> &'static str {
        match self {
            Continues::Resumes => "resumes",
            Continues::Undoes => "undoes",
        }
    }
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
    /// Begins the journal of a run, in `journal/` of the state directory (`.ripectl`); with `copy` its lines go there too.
    pub fn begin(state: &StateDir, begun: &Begun, copy: Option<Copy>) -> Result<Journal, JournalError> {
        let folder = state.below("journal")?;
        let stem = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let (run, file) = first_free(&folder, &stem)?;
        let path = folder.path().join(format!("{run}.jsonl"));
        let mut journal = Journal { run, path, file, pending: String::new(), is_ahead: false, copy };
        let mut head = json!({
            "state": "begun", "schema": SCHEMA, "registry": begun.registry,
            "ripectl": env!("CARGO_PKG_VERSION"), "steps": begun.items.len(), "allowed": begun.allowed,
        });
        if let Some((kind, run)) = begun.of {
            head[kind.text()] = json!(run);
        }
        journal.add(head);
        for (number, item) in (1..).zip(begun.items) {
            let mut entry = named(number, item);
            entry["state"] = json!("planned");
            entry["before"] = json!(item.change.before().map(image));
            entry["after"] = json!(item.change.after().map(image));
            journal.add(entry);
        }
        journal.flush()?;
        // The file's name is on the disk only when its directory is.
        folder.sync().map_err(|cause| journal.failed(cause))?;
        Ok(journal)
    }

    /// Goes on with the journal of `run` in `folder`: what is put right belongs to the run that left it.
    pub(super) fn resume(folder: &StateDir, run: &str) -> Result<Journal, JournalError> {
        let name = format!("{run}.jsonl");
        let path = folder.path().join(&name);
        let file = folder.appender(&name)?;
        let (pending, is_ahead, copy) = (String::new(), false, None);
        let mut journal = Journal { run: run.to_owned(), path, file, pending, is_ahead, copy };
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

    /// Notes that a step is about to be sent: the records only where they are not those that were planned. It is not in
    /// the file before [`Journal::flush`].
    pub(super) fn sending(&mut self, number: usize, item: &Item, planned: &Item) {
        let mut entry = named(number, item);
        entry["state"] = json!("sending");
        let images = |item: &Item| (item.change.before().map(image), item.change.after().map(image));
        let (before, after) = images(item);
        if (&before, &after) != (&images(planned).0, &images(planned).1) {
            entry["before"] = json!(before);
            entry["after"] = json!(after);
        }
        self.add(entry);
    }

    /// Notes what became of a step. It is in the file then, and on the disk when [`Journal::flush`] has come back.
    pub(super) fn ended(&mut self, number: usize, result: &StepResult) -> Result<(), JournalError> {
        let messages: Vec<String> =
            result.messages.iter().map(|message| mask(&message.to_string())).collect();
        let stored = result.stored.as_ref().filter(|_| result.status.is_good());
        self.add(json!({
            "state": result.status.text(), "step": number, "type": result.id.kind(),
            "key": result.id.key_text(), "messages": messages, "stored": stored.map(image),
        }));
        self.write()
    }

    /// Notes that the run came to its end, whatever became of its steps; or why it stopped before that.
    pub(super) fn close(&mut self, done: usize, end: Option<&End>) -> Result<(), JournalError> {
        let mut entry = json!({"state": "ended", "done": done});
        if let Some(end) = end {
            entry["because"] = json!(end.text());
        }
        self.add(entry);
        self.flush()
    }

    /// Notes that keys are about to be written into the files, each in the place of what it stands for.
    pub(super) fn naming(&mut self, renamings: &Renamings) -> Result<(), JournalError> {
        let key =
            |(from, key): (&str, &Key)| json!({"from": from, "type": key.class().text(), "key": key.text()});
        self.add(json!({"state": "naming", "keys": renamings.iter().map(key).collect::<Vec<_>>()}));
        self.flush()
    }

    /// Notes that they stand there.
    pub(super) fn named(&mut self) -> Result<(), JournalError> {
        self.add(json!({"state": "named"}));
        self.flush()
    }

    /// Notes handles that an earlier run chose, and that are still to be made.
    pub(super) fn chosen(&mut self, keys: &BTreeSet<Key>) -> Result<(), JournalError> {
        let key = |key: &Key| json!({"type": key.class().text(), "key": key.text()});
        self.add(json!({"state": "chosen", "keys": keys.iter().map(key).collect::<Vec<_>>()}));
        self.flush()
    }

    fn add(&mut self, entry: Value) {
        let mut line =
            json!({"at": Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), "run": self.run});
        if let (Value::Object(line), Value::Object(entry)) = (&mut line, entry) {
            line.extend(entry);
        }
        self.pending.push_str(&line.to_string());
        self.pending.push('\n');
    }

    fn write(&mut self) -> Result<(), JournalError> {
        let lines = std::mem::take(&mut self.pending);
        self.is_ahead |= !lines.is_empty();
        self.file.write_all(lines.as_bytes()).map_err(|cause| self.failed(cause))?;
        let copied = self
            .copy
            .as_mut()
            .map_or(Ok(()), |copy| copy.write_all(lines.as_bytes()).and_then(|()| copy.flush()));
        copied.map_err(|cause| JournalError::Line { path: "-".into(), cause })
    }

    /// Puts on the disk what was noted.
    pub(super) fn flush(&mut self) -> Result<(), JournalError> {
        self.write()?;
        if std::mem::take(&mut self.is_ahead) {
            self.file.sync_data().map_err(|cause| self.failed(cause))?;
        }
        Ok(())
    }

    fn failed(&self, cause: io::Error) -> JournalError {
        JournalError::Line { path: self.path.clone(), cause }
    }
}

/// What a line about a change is about.
fn named(number: usize, item: &Item) -> Value {
    let id = item.change.id();
    let mut entry = json!({
        "step": number, "target": item.target.name(), "action": item.change.action().text(),
        "type": id.kind(), "key": id.key_text(),
    });
    if let Some(key) = &item.sent_with {
        entry["sent_with"] = json!(key);
    }
    entry
}

/// A record as a journal keeps it: whole, but for what could be used to come in.
fn image(record: &Record) -> Pairs {
    let kept = |(name, value): (String, String)| match name.eq_ignore_ascii_case("auth") {
        true if !is_public(&value) => (name, MASKED.to_owned()),
        _ => (name, value),
    };
    record.pairs().into_iter().map(kept).collect()
}

/// What stands in the place of a credential.
pub(super) const MASKED: &str = "***";

/// Whether a value of `auth` only names who may, and lets nobody in.
fn is_public(auth: &str) -> bool {
    let auth = auth.trim_start().to_ascii_uppercase();
    auth.starts_with("SSO ") || auth.starts_with("PGPKEY-") || auth.starts_with("X509-")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::Object;

    #[test]
    fn what_lets_nobody_in_is_kept_and_nothing_else_of_auth() {
        let text = "mntner: A-MNT\nauth: SSO a@b.example\nauth: MD5-PW $1$salt$hash\nauth: PGPKEY-AABBCCDD\n\
                    Auth: SSO\nauth: x509-1\nremarks: auth: MD5-PW\nmnt-by: A-MNT\n";
        let image = image(&Object::parse(text).unwrap().into());
        let values: Vec<&str> = image.iter().map(|(_, value)| value.as_str()).collect();
        let kept =
            ["A-MNT", "SSO a@b.example", "***", "PGPKEY-AABBCCDD", "***", "x509-1", "auth: MD5-PW", "A-MNT"];
        assert_eq!(values, kept);
    }
}
