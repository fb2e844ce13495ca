//! What earlier runs left open, as their journals tell it: keys that were being written into the files, and objects
//! whose key the registry was to choose, and whose answer was never seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use jiff::Timestamp;
use serde_json::Value;

use super::journal::{Journal, JournalError};
use crate::{
    disk::StateDir,
    rpsl::{Class, Draft, Key, Object, Placeholder, Renamings, syntax},
    target::Pairs,
};

/// The most that is read of a journal, in bytes.
pub(super) const LIMIT: u64 = 1 << 28;
/// The folder of the journals.
const JOURNALS: &str = "journal";
/// How the name of a journal ends.
pub(super) const END: &str = ".jsonl";

/// The journal of a run that is over, and what it tells.
#[derive(Debug)]
pub struct Past {
    folder: StateDir,
    run: String,
    /// What it tells.
    pub told: Told,
}

/// What a journal tells of keys.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Keys that may stand in some of the files and not in others.
    pub naming: Renamings,
    /// What was sent and has no certain end, its key to be chosen by the registry.
    pub sent: Vec<Sent>,
    /// The handles that were chosen for persons and roles.
    pub chosen: BTreeSet<Key>,
}

/// An object that was sent with a placeholder.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The object, as it was sent.
    pub object: Object,
    /// When.
    pub at: Timestamp,
}

impl Past {
    /// The journal of the last run against `registry`, or against any, in the state directory; `None` if there is none.
    pub fn last(state: &StateDir, registry: Option<&str>) -> Result<Option<Past>, JournalError> {
        let Some((folder, names)) = journals(state)? else { return Ok(None) };
        for name in names {
            let file = folder.reader(&name)?;
            let told = read(file, registry)
                .map_err(|cause| JournalError::Line { path: folder.path().join(&name), cause })?;
            if let Some(told) = told {
                let run = name.trim_end_matches(END).to_owned();
                return Ok(Some(Past { folder, run, told }));
            }
        }
        Ok(None)
    }

    /// Its journal, to be gone on with.
    pub(super) fn journal(&self) -> Result<Journal, JournalError> {
        Journal::resume(&self.folder, &self.run)
    }
}

/// The folder of the journals in a state directory, and their names, the last run's first.
pub(super) fn journals(state: &StateDir) -> Result<Option<(StateDir, Vec<String>)>, JournalError> {
    let Some(folder) = state.enter(JOURNALS)? else { return Ok(None) };
    let mut runs: Vec<((String, u32), String)> =
        folder.files()?.into_iter().filter_map(|name| Some((moment(&name)?, name))).collect();
    runs.sort();
    Ok(Some((folder, runs.into_iter().rev().map(|(_, name)| name).collect())))
}

/// The names of the runs that have journals in `given`, or in `.ripectl` in `root`, the last one first; none where they
/// cannot be listed. Nothing is touched.
pub fn run_names(given: Option<&Path>, root: &Path) -> Vec<String> {
    let mut runs: Vec<_> =
        StateDir::names(given, root, JOURNALS).into_iter().filter_map(|n| Some((moment(&n)?, n))).collect();
    runs.sort();
    runs.into_iter().rev().filter_map(|(_, name)| Some(name.strip_suffix(END)?.to_owned())).collect()
}

/// When a run began: the second, and its number within it.
fn moment(name: &str) -> Option<(String, u32)> {
    let stem = name.strip_suffix(END)?;
    match stem.split_once('-') {
        None => Some((stem.to_owned(), 1)),
        Some((second, number)) => Some((second.to_owned(), number.parse().ok()?)),
    }
}

/// The lines of the journal in `file` behind the first, if it is one of `registry`.
pub(super) fn entries(
    file: File,
    registry: Option<&str>,
) -> io::Result<Option<impl Iterator<Item = io::Result<Vec<u8>>>>> {
    let mut entries = BufReader::new(file.take(LIMIT)).split(b'\n');
    let is_of = |begun: &Value| {
        begun["state"] == "begun" && registry.is_none_or(|registry| begun["registry"] == registry)
    };
    let begun = entries.next().transpose()?.and_then(|line| serde_json::from_slice::<Value>(&line).ok());
    Ok(begun.as_ref().is_some_and(is_of).then_some(entries))
}

/// What the journal in `file` tells, if it is one of `registry`.
fn read(file: File, registry: Option<&str>) -> io::Result<Option<Told>> {
    let Some(entries) = entries(file, registry)? else { return Ok(None) };
    let mut told = Told::default();
    let mut steps = Unnamed::default();
    for line in entries {
        let line = line?;
        let Ok(line) = std::str::from_utf8(&line) else { continue };
        if !may_tell(line, !steps.0.is_empty()) {
            continue;
        }
        // The last line may have been cut short: what it was to tell did not happen yet.
        let Ok(entry) = serde_json::from_str::<Value>(line) else { continue };
        told.enter(&entry, &mut steps);
    }
    told.sent = steps.0.into_values().filter_map(|(object, at)| Some(Sent { object, at: at? })).collect();
    Ok(Some(told))
}

impl Told {
    fn enter(&mut self, entry: &Value, unnamed: &mut Unnamed) {
        let step = entry["step"].as_u64().unwrap_or_default();
        match entry["state"].as_str().unwrap_or_default() {
            "planned" => unnamed.plan(step, entry),
            "sending" => unnamed.send(step, entry),
            "done" | "unchanged" | "failed" => drop(unnamed.0.remove(&step)),
            "naming" => {
                for (from, key) in keys(entry) {
                    self.naming.add(from, key);
                }
                self.choose(entry);
            }
            "chosen" => self.choose(entry),
            "named" => self.naming = Renamings::default(),
            _ => {}
        }
    }

    fn choose(&mut self, entry: &Value) {
        let handles = keys(entry).map(|(_, key)| key);
        self.chosen.extend(handles.filter(|key| key.class().is_contact()));
    }
}

/// The steps whose key the registry was to choose and that have no certain end: the object, and when it was sent.
#[derive(Default)]
struct Unnamed(BTreeMap<u64, (Object, Option<Timestamp>)>);

impl Unnamed {
    fn plan(&mut self, step: u64, entry: &Value) {
        if let Some(object) = written(entry).filter(|object| Placeholder::of(object).is_some()) {
            self.0.insert(step, (object, None));
        }
    }

    /// What is sent is what was planned, unless the entry has it otherwise.
    fn send(&mut self, step: u64, entry: &Value) {
        if entry.get("after").is_some() {
            self.0.remove(&step);
            self.plan(step, entry);
        }
        if let (Some((_, at)), Some(text)) = (self.0.get_mut(&step), entry["at"].as_str()) {
            *at = text.parse().ok();
        }
    }
}

/// The object that an entry has as wanted.
fn written(entry: &Value) -> Option<Object> {
    let pairs: Pairs = serde_json::from_value(entry["after"].clone()).ok()?;
    Draft::from_pairs(pairs).build().ok()
}

/// The keys that an entry names, with what they stand for. What is no key is left out: it would get into files.
fn keys(entry: &Value) -> impl Iterator<Item = (&str, Key)> {
    entry["keys"].as_array().into_iter().flatten().filter_map(|each| {
        let class = Class::from_text(each["type"].as_str()?)?;
        let key = Key::new(class, each["key"].as_str()?);
        let from = each["from"].as_str().unwrap_or_default();
        let name = class.template().key.first()?.row();
        let is_key = |text: &str| syntax::check(name.syntax, class, text).is_ok();
        (is_key(key.text()) && (from.is_empty() || is_key(from))).then_some((from, key))
    })
}

/// Whether a line may tell something: most tell of objects that have their keys.
fn may_tell(line: &str, waiting: bool) -> bool {
    waiting
        || ["AUTO-", "auto-", "\"naming\"", "\"named\"", "\"chosen\""].iter().any(|word| line.contains(word))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::{
        apply::{Begun, Item},
        target::Change,
    };

    fn renamings(from: &str, key: &str) -> Renamings {
        let mut renamings = Renamings::default();
        renamings.add(from, Key::new(Class::Role, key));
        renamings
    }

    fn organisation() -> Item {
        let object = "organisation: AUTO-1\norg-name: A # a\nmnt-by: A-MNT\n";
        Item::new("test", &Change::Create(Object::parse(object).unwrap()))
    }

    /// What the last journal tells: what was sent, what is being named, what was chosen.
    fn shown(Past { told, .. }: &Past) -> (Vec<String>, Vec<&str>, Vec<&str>) {
        let sent = told.sent.iter().map(|sent| sent.object.text().to_owned()).collect();
        let naming = told.naming.iter().map(|(_, key)| key.text()).collect();
        (sent, naming, told.chosen.iter().map(Key::text).collect())
    }

    #[test]
    fn the_last_journal_tells_what_was_left_open() {
        let root = tempfile::tempdir().unwrap();
        let state = StateDir::open(None, root.path()).unwrap();
        let last = |registry| Past::last(&state, registry).unwrap();
        assert!(last(None).is_none());
        for _ in 0..11 {
            Journal::begin(&state, &Begun::new("test", &[]), None).unwrap();
        }
        let items = [organisation()];
        let mut journal = Journal::begin(&state, &Begun::new("test", &items), None).unwrap();
        journal.naming(&renamings("AUTO-1", "HN1-RIPE")).unwrap();
        let past = last(Some("test")).unwrap();
        assert_eq!(past.run, journal.run(), "the twelfth of a second comes behind the second");
        assert_eq!(shown(&past), (vec![], vec!["HN1-RIPE"], vec!["HN1-RIPE"]));

        journal.named().unwrap();
        journal.sending(1, &items[0], &items[0]);
        journal.flush().unwrap();
        let sent = "organisation:   AUTO-1\norg-name:       A # a\nmnt-by:         A-MNT\n";
        let open = (vec![sent.to_owned()], vec![], vec!["HN1-RIPE"]);
        assert_eq!(shown(&last(Some("test")).unwrap()), open);
        assert!(last(Some("other")).is_none());

        let mut file = std::fs::OpenOptions::new().append(true).open(journal.path()).unwrap();
        file.write_all(b"{\"state\":\"done\",\"ste").unwrap();
        let past = last(None).unwrap();
        assert_eq!(shown(&past), open, "half a line tells nothing");
        past.journal().unwrap().naming(&renamings("AUTO-2", "HN2-RIPE")).unwrap();
        assert_eq!(shown(&last(None).unwrap()).1, ["HN2-RIPE"]);
        past.journal().unwrap().naming(&renamings("AUTO-3", "HN3-RIPE\nmnt-by: EVIL-MNT")).unwrap();
        past.journal().unwrap().naming(&renamings("HN4-RIPE # x", "HN4-RIPE")).unwrap();
        assert_eq!(shown(&last(None).unwrap()).1, ["HN2-RIPE"], "what is no key gets into no file");
    }
}
