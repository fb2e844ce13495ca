//! What was written a moment ago, and may not be found yet.
//!
//! A search by address finds what was created only when the registry has read its address tree again, up to 10 s later
//! (api.md §9), and a replica may be as old. What a write was answered with is known all the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    registered::{Query, Registered},
    rpsl::{Class, Key, Name, Object},
};

use super::filtered;

/// A write that was done.
#[derive(Clone, Debug)]
pub struct Write {
    /// The object as it was stored, or as it was before it went.
    pub object: Object,
    /// Whether it stands since then.
    pub stands: bool,
}

/// The last write of each object.
#[derive(Debug, Default)]
pub struct Written {
    /// Those of this run, as they were answered.
    answered: BTreeMap<Key, Write>,
    /// Those that earlier runs have journalled: others may have written since.
    journalled: BTreeMap<Key, Write>,
}

impl Written {
    /// Notes what a write of this run was answered with. What the registry does not show whole is left to reads.
    pub fn answered(&mut self, write: Write) {
        if !filtered(&write.object) {
            self.answered.insert(write.object.key(), write);
        }
    }

    /// Notes what earlier runs have written.
    pub fn journalled(&mut self, writes: impl IntoIterator<Item = Write>) {
        self.journalled.extend(writes.into_iter().map(|write| (write.object.key(), write)));
    }

    /// The keys of which earlier runs tell otherwise than the answers in `known`: a lookup settles it. Each is given
    /// once.
    pub fn disputed(&mut self, known: &Registered) -> BTreeSet<Key> {
        let is_disputed = |(key, write): &(&Key, &Write)| {
            known.objects.get(key).is_some() != write.stands && is_asked_for(&write.object, known)
        };
        let disputed: BTreeSet<Key> =
            self.journalled.iter().filter(is_disputed).map(|(key, _)| key.clone()).collect();
        self.journalled.retain(|key, _| !disputed.contains(key));
        disputed
    }

    /// Enters into `known` what this run has written, where what was answered there is not younger.
    pub fn enter(&self, known: &mut Registered) {
        for (key, Write { object, stands }) in &self.answered {
            let found = known.objects.get(key);
            let is_younger = found.is_some_and(|found| changed(found) > changed(object));
            if is_younger || found.is_none() && !is_asked_for(object, known) {
                continue;
            }
            match stands {
                true => known.put(object.clone()),
                false => known.delete(key),
            };
        }
    }
}

/// When it was last changed, as it says; such texts are in the order of time.
fn changed(object: &Object) -> Option<String> {
    object.value(Name::LastModified)
}

/// Whether an answer to one of the questions that `known` answers would have to list the object.
fn is_asked_for(object: &Object, known: &Registered) -> bool {
    let maintained = object.values(Name::MntBy).into_iter();
    let mut maintained = maintained.map(|name| Query::MaintainedBy(Key::new(Class::Mntner, &name)));
    let named =
        object.attributes().filter_map(|attribute| Some((attribute.name?.row().references, attribute)));
    let mut referred = named.flat_map(|(classes, attribute)| {
        let values = attribute.values().into_iter();
        values.flat_map(|value| classes.iter().map(move |class| Query::Referring(Key::new(*class, &value))))
    });
    known.answered.covers(&Query::Object(object.key()))
        || maintained.any(|query| known.answered.covers(&query))
        || referred.any(|query| known.answered.covers(&query))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Block;

    const ROUTE: &str = "route6: 2a0f:85c1:264::/48\norigin: AS1\nmnt-by: A-MNT\n";

    fn write(changed: &str, stands: bool) -> Write {
        let object = Object::parse(format!("{ROUTE}last-modified: 2026-01-01T00:00:{changed}Z\n")).unwrap();
        Write { object, stands }
    }

    /// What a search of the space or by maintainer has found: nothing, or the route as it was at this second.
    fn searched(found: Option<&str>, of: &[Query]) -> Registered {
        let mut known = Registered::default();
        found.map(|changed| known.put(write(changed, true).object));
        for query in of {
            known.answered.note(query.clone());
        }
        known
    }

    #[test]
    fn what_was_answered_stands_over_what_is_found_later() {
        let space = Query::Object(write("00", true).object.key());
        let check = |written: Write, found: Option<&str>, of: &[Query], expected: Option<&str>| {
            let (mut all, mut known) = (Written::default(), searched(found, of));
            let key = written.object.key();
            all.answered(written);
            all.enter(&mut known);
            let stamp = known.objects.get(&key).and_then(changed);
            let second = stamp.as_deref().map(|stamp| &stamp[17..19]);
            assert_eq!(second, expected);
        };
        check(write("10", true), None, &[space], Some("10"));
        check(write("10", true), Some("05"), &[], Some("10"));
        check(write("10", true), Some("12"), &[], Some("12"));
        check(write("10", true), None, &[], None);
        let others = Query::MaintainedBy(Key::new(Class::Mntner, "B-MNT"));
        check(write("10", true), None, &[others], None);
        let ours = Query::MaintainedBy(Key::new(Class::Mntner, "a-mnt"));
        check(write("10", true), None, &[ours], Some("10"));
        check(write("10", false), Some("10"), &[], None);
        check(write("10", false), Some("12"), &[], Some("12"));
    }

    #[test]
    fn what_was_journalled_is_asked_for_once_where_it_is_disputed() {
        let check = |stands: bool, found: Option<&str>, expected: usize| {
            let mut known = searched(found, &[]);
            known.answered.note_space(Class::Route6, Block::parse("2a0f:85c1:260::/44").unwrap());
            let mut all = Written::default();
            all.journalled([write("10", stands)]);
            assert_eq!(all.disputed(&known).len(), expected);
            assert_eq!(all.disputed(&known).len(), 0);
            all.enter(&mut known);
            assert_eq!(known.objects.len(), usize::from(found.is_some()), "nothing is taken for granted");
        };
        check(true, None, 1);
        check(true, Some("10"), 0);
        check(false, Some("10"), 1);
        check(false, None, 0);
    }
}
