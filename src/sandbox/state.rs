//! What the registry holds: in memory, and in the store if it has one.
//!
//! [`World::transact`] is the only way to change it: all changes of a request are stored together, or undone.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::{
    history::{Change, Revision},
    lock::Serving,
    store::{Store, StoreError},
};
use crate::{
    registered::{Inventory, Registered},
    rpsl::{Class, Key, Name, Object},
    rules::{self, Action, Credential, Decision, Effect, Request, Settings},
};

/// Everything that is registered, with its history.
#[derive(Debug)]
pub struct World {
    /// The objects, and every handle that was ever used.
    pub registered: Registered,
    history: HashMap<Key, Vec<Revision>>,
    store: Option<Store>,
    loaded: Timestamp,
    /// How long what is new at an address is not found by a search for it.
    pub search_lag: SignedDuration,
    /// What is new at an address, and since when.
    new: HashMap<Key, Timestamp>,
}

/// What becomes of the changes of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// They are stored.
    Keep,
    /// They never were.
    Undo,
}

impl World {
    /// What `store` holds, or nothing.
    pub fn open(store: Option<Store>, now: Timestamp) -> Result<World, StoreError> {
        let content = store.as_ref().map(Store::content).transpose()?.unwrap_or_default();
        let mut registered = Registered::whole(Inventory::of(content.objects));
        registered.used.extend(content.used);
        let mut history: HashMap<Key, Vec<Revision>> = HashMap::new();
        for (key, revision) in content.history {
            history.entry(key).or_default().push(revision);
        }
        let (search_lag, new) = (SignedDuration::ZERO, HashMap::new());
        Ok(World { registered, history, store, loaded: now, search_lag, new })
    }

    /// Tells other processes where it is served; one that is not kept is nobody's business.
    pub fn announce(&self, serving: Serving) -> std::io::Result<()> {
        self.store.as_ref().map_or(Ok(()), |store| store.announce(serving))
    }

    /// Enters objects as they are; their handles count as used.
    pub fn load(&mut self, objects: Vec<Object>) -> Result<(), StoreError> {
        let used: Vec<String> = objects.iter().filter_map(handle).collect();
        if let Some(store) = &self.store {
            store.fill(objects.iter(), &used)?;
        }
        self.registered.used.extend(used);
        for object in objects {
            self.registered.put(object);
        }
        Ok(())
    }

    /// Holds these objects, as they are, instead of all that it held: also the handles that were used are forgotten.
    pub fn replace(&mut self, objects: Vec<Object>) -> Result<(), StoreError> {
        let used: Vec<String> = objects.iter().filter_map(handle).collect();
        if let Some(store) = &self.store {
            store.replace(objects.iter(), &used)?;
        }
        self.registered = Registered::whole(Inventory::of(objects));
        self.registered.used.extend(used);
        self.history.clear();
        Ok(())
    }

    /// The versions of the object with this key, the oldest first; none if it is not there.
    pub fn revisions(&self, key: &Key) -> Vec<Revision> {
        match (self.history.get(key), self.registered.objects.get(key)) {
            (Some(revisions), Some(_)) => revisions.clone(),
            (None, Some(object)) => vec![self.loaded_revision(object)],
            (_, None) => Vec::new(),
        }
    }

    /// Whether a search by address does not see the object yet.
    pub fn is_unread(&self, key: &Key, now: Timestamp) -> bool {
        self.new.get(key).is_some_and(|since| now.duration_since(*since) < self.search_lag)
    }

    fn loaded_revision(&self, object: &Object) -> Revision {
        let modified = object.value(Name::LastModified).and_then(|time| time.parse().ok());
        Revision { at: modified.unwrap_or(self.loaded), object: object.clone() }
    }

    /// Runs a request and keeps all of its changes, or none. An error of the store undoes them too.
    pub fn transact<T>(
        &mut self,
        now: Timestamp,
        run: impl FnOnce(&mut Work) -> (Verdict, T),
    ) -> Result<T, StoreError> {
        let mut work =
            Work { world: self, now, changes: Vec::new(), changed: HashSet::new(), used: Vec::new() };
        let (verdict, answer) = run(&mut work);
        let Work { changes, used, .. } = work;
        let stored = match (verdict, &self.store) {
            (Verdict::Keep, Some(store)) if !changes.is_empty() => store.write(&changes, &used, now),
            _ => Ok(()),
        };
        if verdict == Verdict::Undo || stored.is_err() {
            self.undo(changes, &used);
        } else {
            for change in changes {
                self.remember(change, now);
            }
        }
        stored.map(|()| answer)
    }

    fn undo(&mut self, changes: Vec<Change>, used: &[String]) {
        for change in changes.into_iter().rev() {
            match change.before {
                Some(before) => self.registered.put(before),
                None => self.registered.delete(&change.key),
            };
        }
        for handle in used {
            self.registered.used.remove(handle);
        }
    }

    fn remember(&mut self, change: Change, now: Timestamp) {
        self.note_new(&change, now);
        let Some(object) = change.after else {
            self.history.remove(&change.key);
            return;
        };
        let revisions = self.history.entry(change.key).or_default();
        revisions.extend(change.first);
        revisions.push(Revision { at: now, object });
    }

    /// A deletion shows at once; what is written where nothing was is new.
    fn note_new(&mut self, change: &Change, now: Timestamp) {
        if change.after.is_none() {
            self.new.remove(&change.key);
        } else if change.before.is_none()
            && is_read_by_address(change.key.class())
            && !self.search_lag.is_zero()
        {
            let lag = self.search_lag;
            self.new.retain(|_, since| now.duration_since(*since) < lag);
            self.new.insert(change.key.clone(), now);
        }
    }
}

/// Whether objects of the class are found by addresses that are read from time to time.
fn is_read_by_address(class: Class) -> bool {
    class.is_address() || class.is_route()
}

/// A request that is being run: it sees its own changes.
#[derive(Debug)]
pub struct Work<'a> {
    world: &'a mut World,
    now: Timestamp,
    changes: Vec<Change>,
    /// The keys of what was changed.
    changed: HashSet<Key>,
    used: Vec<String>,
}

/// Who asks, and what the rules must know besides the registry's content.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// Who asks.
    pub credential: &'a Credential,
    /// The registry's surroundings.
    pub settings: &'a Settings,
    /// The keys that the placeholders of the same message were given.
    pub automatic: &'a BTreeMap<String, Key>,
}

impl Work<'_> {
    /// What is registered, with the changes so far.
    pub fn registered(&self) -> &Registered {
        &self.world.registered
    }

    /// What the rules say about a request for `object`.
    pub fn decide(&self, action: Action, object: &Object, asker: Asker) -> Decision {
        let Asker { credential, settings, automatic } = asker;
        let request = Request { action, object, credential, automatic };
        rules::decide(&self.world.registered, &request, settings, self.now)
    }

    /// Makes the effect of a decision real, for the rest of the request.
    pub fn apply(&mut self, effect: &Effect) {
        match effect {
            Effect::Created(object) | Effect::Modified { after: object, .. } => self.put(object),
            Effect::Deleted(object) => self.delete(&object.key()),
            Effect::Unchanged(_) | Effect::Refused { .. } => {}
        }
    }

    fn put(&mut self, object: &Object) {
        if let Some(handle) = handle(object)
            && self.world.registered.used.insert(handle.clone())
        {
            self.used.push(handle);
        }
        let key = object.key();
        let before = self.world.registered.put(object.clone());
        let known = self.world.history.contains_key(&key) || !self.changed.insert(key.clone());
        let first = before.as_ref().filter(|_| !known).map(|before| self.world.loaded_revision(before));
        self.changes.push(Change { key, before, after: Some(object.clone()), first });
    }

    fn delete(&mut self, key: &Key) {
        let before = self.world.registered.delete(key);
        self.changed.insert(key.clone());
        self.changes.push(Change { key: key.clone(), before, after: None, first: None });
    }
}

/// The handle that an object uses up, in small letters: it is never given again.
fn handle(object: &Object) -> Option<String> {
    let handed_out = matches!(object.class(), Class::Person | Class::Role | Class::Organisation);
    handed_out.then(|| object.key().text().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Object {
        Object::parse(text).unwrap()
    }

    fn now() -> Timestamp {
        "2026-11-01T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_request_is_kept_whole_or_not_at_all() {
        let mut world = World::open(None, now()).unwrap();
        world.load(vec![object("role: A\nnic-hdl: A1-RIPE\n")]).unwrap();
        let change = |work: &mut Work| {
            work.apply(&Effect::Created(object("role: B\nnic-hdl: B1-RIPE\n")));
            work.apply(&Effect::Deleted(object("role: A\nnic-hdl: A1-RIPE\n")));
        };
        world.transact(now(), |work| (Verdict::Undo, change(work))).unwrap();
        let keys = |world: &World| world.registered.objects.keys().map(Key::to_string).collect::<Vec<_>>();
        assert_eq!(keys(&world), ["role/A1-RIPE"]);
        assert!(!world.registered.used.contains("b1-ripe"));
        world.transact(now(), |work| (Verdict::Keep, change(work))).unwrap();
        assert_eq!(keys(&world), ["role/B1-RIPE"]);
        assert!(world.registered.used.contains("a1-ripe"), "a handle is never freed");
    }

    #[test]
    fn what_was_stored_is_there_again() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("registry.sqlite");
        let mut world = World::open(Some(Store::open(&file).unwrap()), now()).unwrap();
        world.load(vec![object("mntner: A-MNT\ndescr: 1\n")]).unwrap();
        let after = object("mntner: A-MNT\ndescr: 2\n");
        let before = object("mntner: A-MNT\ndescr: 1\n");
        let effect = Effect::Modified { before, after };
        world.transact(now(), |work| (Verdict::Keep, work.apply(&effect))).unwrap();
        drop(world);
        let world = World::open(Some(Store::open(&file).unwrap()), now()).unwrap();
        let key = Key::new(Class::Mntner, "a-mnt");
        let texts: Vec<_> =
            world.revisions(&key).iter().map(|r| r.object.value(Name::Descr).unwrap()).collect();
        assert_eq!(texts, ["1", "2"]);
    }
}
