//! A run as its journal tells it: what it was to do, and what of that is known to be done.

use std::{
    fs::File,
    io::{self, Read},
};

use jiff::Timestamp;
use serde_json::Value;

use super::{
    Continues, Item, Status,
    journal::{JournalError, MASKED, SCHEMA},
    past::{END, LIMIT, journals},
};
use crate::{
    disk::StateDir,
    plan::Allowed,
    rpsl::{Class, Key, Renamings},
    target::{Action, Change, Pairs, Record, TargetId},
    visible,
};

/// A run as its journal tells it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its name.
    pub run: String,
    /// The registry that it was for.
    pub registry: String,
    /// When it began.
    pub begun: Option<Timestamp>,
    /// What the user allowed.
    pub allowed: Allowed,
    /// What it did of another run.
    pub of: Option<(Continues, String)>,
    /// All that it was to do, in order.
    pub steps: Vec<RecordedStep>,
    /// The keys that were chosen on the way, by what they stand for.
    pub named: Renamings,
    /// Whether it came to its end, whatever became of its steps.
    pub ended: bool,
}

/// A step of a run.
#[derive(Clone, Debug)]
pub struct RecordedStep {
    /// Its number, from 1.
    pub number: usize,
    /// The change; as it was sent, if it was.
    pub item: Item,
    /// When it was sent, if it was.
    pub sent_at: Option<Timestamp>,
    /// What became of it, if an answer was seen.
    pub status: Option<Status>,
    /// What the place had of it then.
    pub stored: Option<Record>,
    /// Whether its records are not whole: a password stood there, which no journal keeps.
    pub is_masked: bool,
}

/// A journal that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordedError {
    /// It cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// There is none of that name.
    #[error("there is no run `{0}` here\nhint: `ripectl runs` lists them")]
    Unknown(String),
    /// There is none at all.
    #[error(
        "no run is known here: nothing was applied from this folder, or its journals are gone\nhint: `ripectl plan` shows what differs; a journal kept elsewhere is read with `--receipt FILE`"
    )]
    NoRun,
    /// It is no journal.
    #[error(
        "{0} is no journal of a run\nhint: `ripectl apply --journal -` prints one, and .ripectl/journal holds them"
    )]
    NoJournal(String),
    /// It is of another version.
    #[error(
        "{run} was written by another version of ripectl ({version}), in a form that this one does not read\nhint: `ripectl plan` shows what of it is left; it is made by `ripectl apply`, and nothing is done twice"
    )]
    Version {
        /// The run, or the file.
        run: String,
        /// The version.
        version: String,
    },
    /// It holds more than one.
    #[error("{0} holds several runs\nhint: keep the lines of one in a file, those with the same `run`")]
    Several(String),
    /// It was cut off before all that was planned stood there.
    #[error("{0} was cut off before anything was sent\nhint: `ripectl plan` shows what is to be done")]
    Empty(String),
}

impl Recorded {
    /// The run of this name, or the last one.
    pub fn find(state: Option<&StateDir>, run: Option<&str>) -> Result<Recorded, RecordedError> {
        let Some((folder, names)) = state.map(journals).transpose()?.flatten() else {
            return Err(run.map_or(RecordedError::NoRun, |run| RecordedError::Unknown(run.to_owned())));
        };
        let name = match run {
            None => names.into_iter().next().ok_or(RecordedError::NoRun)?,
            Some(run) => {
                let wanted = |name: &String| name.strip_suffix(END) == Some(run);
                let found = names.into_iter().find(wanted);
                found.ok_or_else(|| RecordedError::Unknown(visible::line(run).into_owned()))?
            }
        };
        let file = folder.reader(&name).map_err(JournalError::from)?;
        Recorded::read(&folder.path().join(&name).display().to_string(), file)
    }

    /// The run that the journal in `file` tells of; `name` is what the file is called.
    pub fn read(name: &str, file: File) -> Result<Recorded, RecordedError> {
        let failed = |cause: io::Error| JournalError::Line { path: name.into(), cause };
        let mut bytes = Vec::new();
        file.take(LIMIT).read_to_end(&mut bytes).map_err(failed)?;
        Recorded::parse(name, &String::from_utf8_lossy(&bytes))
    }

    /// The run that a journal's lines tell of. What cannot be understood was cut short, and tells nothing: what it was to
    /// tell did not happen yet.
    pub fn parse(name: &str, text: &str) -> Result<Recorded, RecordedError> {
        let mut lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let name = || visible::line(name).into_owned();
        let head = lines.next().filter(|head| head["state"] == "begun");
        let head = head.ok_or_else(|| RecordedError::NoJournal(name()))?;
        if head["schema"] != SCHEMA {
            let version = head["ripectl"].as_str().unwrap_or("unknown");
            return Err(RecordedError::Version { run: name(), version: visible::line(version).into_owned() });
        }
        let mut recorded = Recorded::begun(&head);
        for entry in lines {
            if entry["state"] == "begun" {
                return Err(RecordedError::Several(name()));
            }
            recorded.enter(&entry);
        }
        match head["steps"].as_u64() == Some(recorded.steps.len() as u64) {
            true => Ok(recorded),
            false => Err(RecordedError::Empty(name())),
        }
    }

    fn begun(head: &Value) -> Recorded {
        let text = |name: &str| head[name].as_str().unwrap_or_default().to_owned();
        let of = [Continues::Resumes, Continues::Undoes];
        let of = of.into_iter().find_map(|kind| Some((kind, head[kind.text()].as_str()?.to_owned())));
        Recorded {
            run: text("run"),
            registry: text("registry"),
            begun: text("at").parse().ok(),
            allowed: serde_json::from_value(head["allowed"].clone()).unwrap_or_default(),
            of,
            steps: Vec::new(),
            named: Renamings::default(),
            ended: false,
        }
    }

    fn enter(&mut self, entry: &Value) {
        let state = entry["state"].as_str().unwrap_or_default();
        match state {
            "planned" => self.steps.extend(RecordedStep::planned(self.steps.len() + 1, entry)),
            "sending" => drop(self.step(entry).map(|step| step.send(entry))),
            "naming" => {
                for each in entry["keys"].as_array().into_iter().flatten() {
                    let text = |name: &str| each[name].as_str();
                    let class = text("type").and_then(Class::from_text);
                    if let (Some(class), Some(key), Some(from)) = (class, text("key"), text("from")) {
                        self.named.add(from, Key::new(class, key));
                    }
                }
            }
            "ended" => self.ended = true,
            _ => {
                if let (Some(status), Some(step)) = (Status::from_text(state), self.step(entry)) {
                    step.end(status, entry);
                }
            }
        }
    }

    fn step(&mut self, entry: &Value) -> Option<&mut RecordedStep> {
        let number = usize::try_from(entry["step"].as_u64()?).ok()?;
        self.steps.get_mut(number.checked_sub(1)?)
    }

    /// How many of its steps are known to be done.
    pub fn done(&self) -> usize {
        self.steps.iter().filter(|step| step.is_done()).count()
    }

    /// Whether all that it was to do is known to be done.
    pub fn is_whole(&self) -> bool {
        self.done() == self.steps.len()
    }
}

impl RecordedStep {
    fn planned(number: usize, entry: &Value) -> Option<RecordedStep> {
        let item = Item {
            target: TargetId::new(entry["target"].as_str()?),
            change: change(entry)?,
            sent_with: entry["sent_with"].as_str().map(str::to_owned),
        };
        let is_masked = is_masked(entry);
        Some(RecordedStep { number, item, sent_at: None, status: None, stored: None, is_masked })
    }

    fn send(&mut self, entry: &Value) {
        if let Some(change) = change(entry) {
            self.item.change = change;
        }
        self.sent_at = entry["at"].as_str().and_then(|at| at.parse().ok());
        self.status = None;
    }

    fn end(&mut self, status: Status, entry: &Value) {
        self.status = Some(status);
        self.stored = record(entry["type"].as_str(), &entry["stored"]);
    }

    /// Whether it is known to be done.
    pub fn is_done(&self) -> bool {
        self.status.is_some_and(Status::is_good)
    }

    /// Whether it was sent, and it is not known what became of it.
    pub fn is_in_doubt(&self) -> bool {
        self.sent_at.is_some() && self.status.is_none_or(|status| status == Status::InDoubt)
    }

    /// The record as the run left it: as the place stored it, or as it was wanted.
    pub fn left(&self) -> Option<&Record> {
        self.stored.as_ref().or_else(|| self.item.change.after())
    }
}

fn change(entry: &Value) -> Option<Change<Record>> {
    let of = |side: &str| record(entry["type"].as_str(), &entry[side]);
    Some(match Action::from_text(entry["action"].as_str()?)? {
        Action::Create => Change::Create(of("after")?),
        Action::Modify => Change::Modify { before: of("before")?, after: of("after")? },
        Action::Delete => Change::Delete(of("before")?),
    })
}

fn record(kind: Option<&str>, pairs: &Value) -> Option<Record> {
    let pairs: Pairs = serde_json::from_value(pairs.clone()).ok()?;
    Record::from_pairs(kind?, pairs).ok()
}

fn is_masked(entry: &Value) -> bool {
    let pairs = ["before", "after"].into_iter().filter_map(|side| entry[side].as_array()).flatten();
    pairs
        .into_iter()
        .any(|pair| pair[0].as_str().is_some_and(|n| n.eq_ignore_ascii_case("auth")) && pair[1] == MASKED)
}

/// All runs whose journals are here, the last one first; what is no journal that can be read says why.
pub fn runs(state: &StateDir) -> Result<Vec<Result<Recorded, RecordedError>>, JournalError> {
    let Some((folder, names)) = journals(state)? else { return Ok(Vec::new()) };
    let read = |name: String| {
        let file = folder.reader(&name).map_err(JournalError::from)?;
        Recorded::read(name.trim_end_matches(END), file)
    };
    Ok(names.into_iter().map(read).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        apply::{Begun, Journal, StepResult},
        rpsl::Object,
    };

    fn object(text: &str) -> Record {
        Object::parse(text).unwrap().into()
    }

    /// A journal of a run that made, changed and deleted; the middle step was sent, and its answer never seen.
    fn journal() -> (String, Vec<Item>) {
        let (old, new) =
            (object("mntner: B-MNT\nauth: SSO a@b.example\n"), object("mntner: B-MNT\nremarks: new\n"));
        let changes = [
            Change::Create(object("role: NOC\nnic-hdl: AUTO-1\n")),
            Change::Modify { before: old, after: new },
            Change::Delete(object("as-set: AS-C\nremarks: \u{e9}\n")),
        ];
        let items =
            changes.map(|change| Item { target: TargetId::new("test"), change, sent_with: None }).to_vec();
        let root = tempfile::tempdir().unwrap();
        let state = StateDir::open(None, root.path()).unwrap();
        let mut journal = Journal::begin(&state, &Begun::new("test", &items), None).unwrap();
        let mut names = Renamings::default();
        names.add("AUTO-1", Key::new(Class::Role, "NO1-RIPE"));
        journal.naming(&names).unwrap();
        journal.named().unwrap();
        let made =
            Item { change: Change::Create(object("role: NOC\nnic-hdl: NO1-RIPE\n")), ..items[0].clone() };
        journal.sending(1, &made, &items[0]);
        journal.flush().unwrap();
        let stored = object("role: NOC\nnic-hdl: NO1-RIPE\ncreated: 2026-01-01T00:00:00Z\n");
        journal.ended(1, &StepResult::done(&made, Status::Done, Some(stored), Vec::new())).unwrap();
        journal.sending(2, &items[1], &items[1]);
        journal.flush().unwrap();
        journal.ended(2, &StepResult::of(&items[1], Status::InDoubt, Vec::new())).unwrap();
        journal.close(1, None).unwrap();
        (fs::read_to_string(journal.path()).unwrap(), items)
    }

    #[test]
    fn a_journal_tells_what_was_done_and_what_is_in_doubt() {
        let (text, items) = journal();
        let run = Recorded::parse("x", &text).unwrap();
        assert_eq!((run.registry.as_str(), run.done(), run.ended, run.is_whole()), ("test", 1, true, false));
        assert_eq!(run.steps[0].item.change.id().to_string(), "role/NO1-RIPE");
        assert!(run.steps[0].left().unwrap().object().unwrap().text().contains("created:"));
        let doubts: Vec<bool> = run.steps.iter().map(RecordedStep::is_in_doubt).collect();
        assert_eq!(doubts, [false, true, false]);
        for (step, item) in run.steps.iter().zip(&items).skip(1) {
            assert!(step.item.change.is_same_as(&item.change));
        }
        assert_eq!(
            run.named.iter().map(|(from, key)| format!("{from} {key}")).collect::<Vec<_>>(),
            ["AUTO-1 role/NO1-RIPE"]
        );
    }

    /// However much of it reached the disk: what was sent is never taken for what was not, unless its line is missing too.
    #[test]
    fn a_journal_that_was_cut_at_any_byte_tells_less_and_nothing_wrong() {
        let (text, items) = journal();
        let sent = |part: &str, step: usize| {
            part.lines().any(|line| {
                line.ends_with('}')
                    && line.contains("\"sending\"")
                    && line.contains(&format!("\"step\":{step}"))
            })
        };
        let mut parsed = 0;
        for cut in 0..=text.len() {
            let bytes = String::from_utf8_lossy(&text.as_bytes()[..cut]).into_owned();
            let Ok(run) = Recorded::parse("x", &bytes) else {
                assert!(!sent(&bytes, 1), "cut at {cut}: something was sent");
                continue;
            };
            parsed += 1;
            assert_eq!(run.steps.len(), items.len(), "cut at {cut}");
            for (index, step) in run.steps.iter().enumerate() {
                let is_known = step.is_done() || step.is_in_doubt();
                assert_eq!(is_known, sent(&bytes, index + 1), "cut at {cut}, step {}", index + 1);
            }
        }
        assert!(parsed > 500, "{parsed}");
    }

    #[test]
    fn what_is_no_journal_of_this_version_says_what_to_do() {
        let check = |text: &str, said: &str| {
            let error = Recorded::parse("x.jsonl", text).unwrap_err().to_string();
            assert!(error.contains(said) && error.contains("hint: "), "{error}");
        };
        check("", "x.jsonl is no journal of a run");
        check("{}", "no journal");
        check(
            "{\"state\":\"begun\",\"registry\":\"ripe\",\"ripectl\":\"0.0.9\"}",
            "another version of ripectl (0.0.9)",
        );
        let begun = "{\"state\":\"begun\",\"schema\":\"ripectl/journal/2\",\"steps\":2}";
        check(begun, "cut off before anything was sent");
        check(&format!("{begun}\n{begun}\n"), "holds several runs");
    }
}
