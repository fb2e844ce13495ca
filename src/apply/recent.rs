//! What was written a moment ago, as the journals tell it: a search may not find it yet.

use std::{collections::BTreeMap, io};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{
    journal::JournalError,
    past::{entries, journals},
};
use crate::{
    disk::StateDir,
    registry::Write,
    rpsl::{Draft, Object, Placeholder},
    target::{Action, Pairs},
};

/// How long what was written is trusted more than what is read: much longer than a replica is behind.
const TRUSTED: SignedDuration = SignedDuration::from_mins(1);

/// What runs against `registry` have written so shortly before `now` that a search may not find it.
pub fn recent(state: &StateDir, registry: &str, now: Timestamp) -> Result<Vec<Write>, JournalError> {
    let since = now - TRUSTED;
    let mut writes = Vec::new();
    let Some((folder, names)) = journals(state)? else { return Ok(writes) };
    for name in names {
        let file = folder.reader(&name)?;
        let read = || -> io::Result<Option<Vec<Write>>> {
            // A run ends before the next one begins: what stands before an old journal is older.
            let is_old =
                Timestamp::try_from(file.metadata()?.modified()?).is_ok_and(|written| written < since);
            let entries = if is_old { return Ok(None) } else { entries(file, Some(registry))? };
            entries.map_or(Ok(Some(Vec::new())), |entries| done(entries, since).map(Some))
        };
        let failed = |cause| JournalError::Line { path: folder.path().join(&name), cause };
        match read().map_err(failed)? {
            Some(found) => writes.splice(..0, found).for_each(drop),
            None => break,
        }
    }
    Ok(writes)
}

/// The writes of a journal that were done after `since`, in their order.
fn done(entries: impl Iterator<Item = io::Result<Vec<u8>>>, since: Timestamp) -> io::Result<Vec<Write>> {
    let (mut going, mut writes) = (BTreeMap::new(), Vec::new());
    for line in entries {
        let Ok(entry) = serde_json::from_slice::<Value>(&line?) else { continue };
        let step = entry["step"].as_u64().unwrap_or_default();
        match entry["state"].as_str() {
            Some("planned" | "sending") if entry["action"] == Action::Delete.text() => {
                going.extend(object(&entry["before"]).map(|object| (step, object)));
            }
            Some("done") => {
                let at = entry["at"].as_str().and_then(|at| at.parse::<Timestamp>().ok());
                let gone = going.remove(&step).map(|object| Write { object, stands: false });
                let write =
                    gone.or_else(|| object(&entry["stored"]).map(|object| Write { object, stands: true }));
                writes.extend(write.filter(|_| at.is_some_and(|at| at >= since)));
            }
            _ => {}
        }
    }
    Ok(writes)
}

/// The object that pairs are, if it has its key.
fn object(pairs: &Value) -> Option<Object> {
    let pairs: Pairs = serde_json::from_value(pairs.clone()).ok()?;
    Draft::from_pairs(pairs).build().ok().filter(|object| Placeholder::of(object).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        apply::{Begun, Item, Journal, Status, StepResult},
        target::Change,
    };

    #[test]
    fn only_what_was_done_just_now_counts() {
        let root = tempfile::tempdir().unwrap();
        let state = StateDir::open(None, root.path()).unwrap();
        let check = |registry, seconds, expected: &[&str]| {
            let now = Timestamp::now() + SignedDuration::from_secs(seconds);
            let found = recent(&state, registry, now).unwrap();
            let words = found.iter().map(|write| {
                format!("{}{}", if write.stands { "" } else { "no " }, write.object.key().text())
            });
            assert_eq!(words.collect::<Vec<_>>(), expected);
        };
        check("test", 0, &[]);
        let object = |name: &str| Object::parse(format!("mntner: {name}\nmnt-by: {name}\n")).unwrap();
        let unnamed = Object::parse("organisation: AUTO-1\nmnt-by: A-MNT\n").unwrap();
        let changes = [
            (Change::Create(object("A-MNT")), Status::Done),
            (Change::Delete(object("B-MNT")), Status::Done),
            (Change::Create(object("C-MNT")), Status::Failed),
            (Change::Create(unnamed), Status::Done),
        ];
        let items = changes.each_ref().map(|(change, _)| Item::new("test", change));
        let mut journal = Journal::begin(&state, &Begun::new("test", &items), None).unwrap();
        for (number, (item, (_, status))) in items.iter().zip(&changes).enumerate() {
            journal.sending(number + 1, item, item);
            let stored = item.change.after().filter(|_| *status == Status::Done).cloned();
            journal.ended(number + 1, &StepResult::done(item, *status, stored, Vec::new())).unwrap();
        }
        let mut journal = Journal::begin(&state, &Begun::new("test", &items), None).unwrap();
        journal.sending(1, &items[0], &items[0]);
        journal.flush().unwrap();
        check("test", 0, &["A-MNT", "no B-MNT"]);
        check("test", 59, &["A-MNT", "no B-MNT"]);
        check("test", 62, &[]);
        check("other", 0, &[]);
    }
}
