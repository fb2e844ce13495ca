//! Keys for objects that are declared with a placeholder, and their way into the user's files.
//!
//! A handle is chosen here and written into the files before the object is sent; the id of an organisation is chosen
//! by the registry, and written before anything else is sent. Before files are touched the journal has what is to
//! stand in them, so that a run that was cut off is ended by the next ([`finish_naming`]).

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    super::{Journal, JournalError, Past},
    handle,
    settle::message_of,
};
use crate::{
    disk::FileError,
    estate::{self, Estate, Origin},
    finding::Source,
    plan,
    registry::Registry,
    rpsl::{Class, File, Key, Object, Placeholder, Renamings, identity, names_in},
    rules::Message,
    target::Change,
};

/// How often handles are chosen anew because all that were chosen are in use.
const ROUNDS: usize = 20;

/// The keys of an estate that are still to be chosen, and the files in which they are to stand.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    root: PathBuf,
    source: String,
    /// The files that have a placeholder or a chosen handle, by what stands there.
    files: BTreeMap<String, BTreeSet<PathBuf>>,
    declared: BTreeSet<Key>,
    /// Handles that were chosen and are not known to be registered.
    chosen: BTreeSet<Key>,
}

/// Why a key does not stand in the files.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] FileError),
    /// A file cannot be read any more.
    #[error("{0}")]
    Read(String),
    /// The journal cannot be written, so the files must not be.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The placeholder is gone from the files.
    #[error("no file declares {class}/{from} any more: the files were changed since they were read")]
    Gone {
        /// The class of the object.
        class: Class,
        /// The placeholder.
        from: String,
    },
}

impl Keys {
    /// The keys of `estate`. Handles in `chosen` were chosen by an earlier run that did not come to its end.
    pub fn of(estate: &Estate, chosen: &BTreeSet<Key>) -> Keys {
        let declared: BTreeSet<Key> = estate.declared.iter().map(|each| each.object.key()).collect();
        let chosen: BTreeSet<Key> = chosen.intersection(&declared).cloned().collect();
        let handles: BTreeSet<String> = chosen.iter().map(|key| identity(key.text())).collect();
        let mut files: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
        for each in estate.declared.iter().filter(|each| each.origin == Origin::File) {
            let names = names_in(&each.object).into_iter();
            for name in names.filter(|name| handles.contains(name) || Placeholder::parse(name).is_some()) {
                files.entry(name).or_default().insert(each.place.source.path.clone());
            }
        }
        let (root, source) = (estate.root.clone(), estate.registry.source.clone());
        Keys { root, source, files, declared, chosen }
    }

    /// The keys of declared objects.
    pub fn declared(&self) -> &BTreeSet<Key> {
        &self.declared
    }

    /// The files in which `placeholder` stands.
    pub fn files(&self, placeholder: &Placeholder) -> impl Iterator<Item = &PathBuf> {
        self.files.get(placeholder.name()).into_iter().flatten()
    }

    /// Chooses a handle for each person and role that `changes` make under a placeholder, and writes them into the
    /// files. That of a first pair is the registry's to choose.
    pub(super) async fn choose(
        &mut self,
        registry: &Registry,
        changes: &[Change],
        journal: &mut Journal,
    ) -> Result<(Renamings, Vec<PathBuf>), Message> {
        let created = || changes.iter().filter(|change| matches!(change, Change::Create(_)));
        if !self.chosen.is_empty() {
            journal.chosen(&self.chosen).map_err(|error| message(error.into()))?;
        }
        let objects: Vec<&Object> = created().map(Change::object).collect();
        let of_pair = |person: &Object| objects.iter().any(|maintainer| plan::is_pair(maintainer, person));
        let people = objects.iter().copied().filter(|object| is_contact(object.class()) && !of_pair(object));
        let wanted: Vec<_> = people.filter_map(|object| Some((object, Placeholder::of(object)?))).collect();
        let mut renamings = Renamings::default();
        for (placeholder, key) in self.free_handles(registry, wanted).await? {
            renamings.add(placeholder.name(), key);
        }
        let files = self.keep(&renamings, journal).map_err(message)?;
        Ok((renamings, files))
    }

    /// Whether `key` is a handle that was chosen and may be chosen anew.
    pub(super) fn is_chosen(&self, key: &Key) -> bool {
        self.chosen.contains(key)
    }

    /// Chooses another handle for `object`, whose own is not available, and writes it in the place of that.
    pub(super) async fn choose_again(
        &mut self,
        registry: &Registry,
        object: &Object,
        journal: &mut Journal,
    ) -> Result<(Key, Vec<PathBuf>), Message> {
        let old = object.key();
        let letters = old.text().chars().take_while(char::is_ascii_alphabetic).collect::<String>();
        let Some(placeholder) = Placeholder::parse(&format!("AUTO-1{letters}")) else {
            return Err(Message::error(format!("{old} is no handle that was chosen here")));
        };
        let free = self.free_handles(registry, vec![(object, placeholder)]).await?;
        let Some((_, key)) = free.into_iter().next() else { return Err(none_free()) };
        let mut renamings = Renamings::default();
        renamings.add(old.text(), key.clone());
        let files = self.keep(&renamings, journal).map_err(message)?;
        Ok((key, files))
    }

    /// Notes and writes `key`, which the registry chose, in the place of `from`.
    pub(super) fn keep_one(
        &mut self,
        from: &str,
        key: &Key,
        journal: &mut Journal,
    ) -> Result<Vec<PathBuf>, KeyError> {
        let mut renamings = Renamings::default();
        renamings.add(from, key.clone());
        self.keep(&renamings, journal)
    }

    /// A handle for each object that neither the registry nor the estate has.
    async fn free_handles(
        &mut self,
        registry: &Registry,
        mut wanted: Vec<(&Object, Placeholder)>,
    ) -> Result<Vec<(Placeholder, Key)>, Message> {
        let mut taken: BTreeSet<Key> = self.declared.union(&self.chosen).cloned().collect();
        let mut free = Vec::new();
        for _ in 0..ROUNDS {
            let mut offered: Vec<((&Object, Placeholder), Key)> = Vec::new();
            for (object, placeholder) in wanted {
                let random = getrandom::u32()
                    .map_err(|error| Message::error(format!("no random number is to be had: {error}")))?;
                let key = handle::choose(object, &placeholder, &self.source, &taken, random);
                taken.insert(key.clone());
                offered.push(((object, placeholder), key));
            }
            let asked = offered.iter().flat_map(|(_, key)| both(key)).collect();
            let used = registry.registered(asked).await.map_err(|trouble| message_of(&trouble))?;
            wanted = Vec::new();
            for (each, key) in offered {
                match both(&key).iter().any(|key| used.contains(key)) {
                    true => wanted.push(each),
                    false => free.push((each.1, key)),
                }
            }
            if wanted.is_empty() {
                return Ok(free);
            }
        }
        Err(none_free())
    }

    /// Writes the keys into the files that have what they stand for.
    fn keep(&mut self, renamings: &Renamings, journal: &mut Journal) -> Result<Vec<PathBuf>, KeyError> {
        if renamings.is_empty() {
            return Ok(Vec::new());
        }
        let stands = |from: &str| self.files.get(from).cloned().unwrap_or_default();
        let paths: BTreeSet<PathBuf> = renamings.iter().flat_map(|(from, _)| stands(from)).collect();
        let files = estate::read_again(&self.root, &paths).map_err(|finding| KeyError::Read(finding.text))?;
        let declared = declared_in(&files);
        if let Some((from, key)) = renamings.iter().find(|(from, key)| !declared.has(key.class(), from)) {
            return Err(KeyError::Gone { class: key.class(), from: from.to_owned() });
        }
        journal.naming(renamings)?;
        let written = estate::write_keys(&self.root, &files, renamings)?;
        journal.named()?;
        for (from, key) in renamings.iter() {
            let stands = self.files.remove(from).unwrap_or_default();
            self.files.insert(identity(key.text()), stands);
            self.declared.insert(key.clone());
            if is_contact(key.class()) {
                self.chosen.insert(key.clone());
            }
        }
        Ok(written)
    }
}

/// A handle for `object`, which has a placeholder for it, that nobody has in `registry`.
pub async fn free_handle(registry: &Registry, object: &Object, source: &str) -> Result<Key, Message> {
    let mut keys = Keys { source: source.to_owned(), ..Keys::default() };
    let wanted = Placeholder::of(object).map(|placeholder| (object, placeholder));
    let free = keys.free_handles(registry, wanted.into_iter().collect()).await?;
    free.into_iter().next().map(|(_, key)| key).ok_or_else(none_free)
}

fn none_free() -> Message {
    Message::error("every handle that was chosen is in use").remedy("write a handle of your own in its place")
}

fn is_contact(class: Class) -> bool {
    class.is_contact()
}

/// The handle as that of a person and as that of a role: they share their names.
fn both(key: &Key) -> [Key; 2] {
    [Class::Person, Class::Role].map(|class| Key::new(class, key.text()))
}

fn message(error: KeyError) -> Message {
    let message = Message::error(error.to_string());
    message.remedy("mend it, and plan again: what was done before stands")
}

/// What files declare: class, and what the key is known by.
struct DeclaredIn(BTreeSet<(Class, String)>);

impl DeclaredIn {
    fn has(&self, class: Class, name: &str) -> bool {
        self.0.contains(&(class, identity(name)))
    }
}

fn declared_in(files: &[Arc<Source>]) -> DeclaredIn {
    let mut found = BTreeSet::new();
    for source in files {
        let (file, _) = File::parse(source);
        found.extend(file.objects().map(|(object, _)| (object.class(), identity(&object.written_key()))));
    }
    DeclaredIn(found)
}

/// Writes the rest of the keys that a run was writing when it was cut off, and returns them: what each stands for,
/// and the files.
///
/// What the user has written since then counts: a key is written only where exactly one of the two stands, it or what
/// it stands for.
pub fn finish_naming(root: &Path, past: &Past) -> Result<(Renamings, Vec<PathBuf>), KeyError> {
    if past.told.naming.is_empty() {
        return Ok((Renamings::default(), Vec::new()));
    }
    let (renamings, written) = write_where_one_stands(root, &past.told.naming)?;
    past.journal()?.named()?;
    Ok((renamings, written))
}

/// Writes keys that a run chose into files that do not have them yet, as a fresh checkout of them has not; returns each
/// with what it stands for.
pub fn write_names(root: &Path, named: &Renamings) -> Result<Vec<(Key, String)>, KeyError> {
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let (renamings, written) = write_where_one_stands(root, named)?;
    let names = renamings.iter().map(|(from, key)| (key.clone(), from.to_owned()));
    Ok(if written.is_empty() { Vec::new() } else { names.collect() })
}

fn write_where_one_stands(root: &Path, keys: &Renamings) -> Result<(Renamings, Vec<PathBuf>), KeyError> {
    let mut renamings = Renamings::default();
    let (files, _) = estate::objects(root);
    estate::sweep(root, &files)?;
    let declared = declared_in(&files);
    for (from, key) in keys.iter() {
        let (before, after) = (declared.has(key.class(), from), declared.has(key.class(), key.text()));
        if before != after {
            renamings.add(from, key.clone());
        }
    }
    let written = estate::write_keys(root, &files, &renamings)?;
    Ok((renamings, written))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{apply::Begun, disk::StateDir};

    const FILES: [(&str, &str); 3] = [
        ("a.rpsl", "aut-num: AS1\nadmin-c: AUTO-1 # AUTO-1\n"),
        ("b.rpsl", "role: NOC\nnic-hdl: AUTO-1\nadmin-c: AUTO-2\n"),
        ("c.rpsl", "person: A B\nnic-hdl: auto-2XY\n\naut-num: AS2\nadmin-c: AUTO-1\n"),
    ];

    fn text(of: &str, role: &str, person: &str) -> String {
        of.replace(": AUTO-1", &format!(": {role}"))
            .replace(": AUTO-2", &format!(": {person}"))
            .replace("auto-2XY", person)
    }

    /// What an interrupted run has left: its journal, and the files as `state` says.
    fn left(files: impl Fn(usize, &str) -> String) -> (tempfile::TempDir, Past) {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("objects")).unwrap();
        for (index, (name, of)) in FILES.iter().enumerate() {
            fs::write(root.path().join("objects").join(name), files(index, of)).unwrap();
        }
        let mut renamings = Renamings::default();
        renamings.add("AUTO-1", Key::new(Class::Role, "NO1-RIPE"));
        renamings.add("AUTO-2", Key::new(Class::Person, "XY2-RIPE"));
        let state = StateDir::open(None, root.path()).unwrap();
        Journal::begin(&state, &Begun::new("test", &[]), None).unwrap().naming(&renamings).unwrap();
        (root, Past::last(&state, None).unwrap().unwrap())
    }

    fn read(root: &tempfile::TempDir) -> Vec<String> {
        let read =
            |(name, _): &(&str, &str)| fs::read_to_string(root.path().join("objects").join(name)).unwrap();
        FILES.iter().map(read).collect()
    }

    #[test]
    fn however_many_files_were_written_the_rest_is() {
        // Which of the three were written: what declares comes first, whatever the order, all of it is ended.
        for written in 0..8_u32 {
            let state = |index: usize, of: &str| match written & (1 << index) {
                0 => text(of, "AUTO-1", "AUTO-2").replace("nic-hdl: AUTO-2", "nic-hdl: auto-2XY"),
                _ => text(of, "NO1-RIPE", "XY2-RIPE"),
            };
            let (root, past) = left(state);
            let (_, files) = finish_naming(root.path(), &past).unwrap();
            assert_eq!(files.len(), 3 - written.count_ones() as usize, "{written:03b}");
            let expected: Vec<String> =
                FILES.iter().map(|(_, of)| text(of, "NO1-RIPE", "XY2-RIPE")).collect();
            assert_eq!(read(&root), expected, "{written:03b}");
            let state = StateDir::open(None, root.path()).unwrap();
            let past = Past::last(&state, None).unwrap().unwrap();
            assert!(past.told.naming.is_empty(), "it is not done again");
        }
    }

    #[test]
    fn what_the_user_wrote_since_then_is_left() {
        let (root, past) = left(|_, of| text(of, "AUTO-1", "AB9-RIPE"));
        finish_naming(root.path(), &past).unwrap();
        assert_eq!(read(&root), FILES.map(|(_, of)| text(of, "NO1-RIPE", "AB9-RIPE")));
        // A new object has got the number, and the old one its key.
        let again = |index, of: &str| match index {
            1 => format!("{}\nrole: Two\nnic-hdl: AUTO-1\n", text(of, "NO1-RIPE", "XY2-RIPE")),
            _ => text(of, "AUTO-1", "XY2-RIPE"),
        };
        let (root, past) = left(again);
        finish_naming(root.path(), &past).unwrap();
        assert!(read(&root)[0].contains("admin-c: AUTO-1"));
    }
}
