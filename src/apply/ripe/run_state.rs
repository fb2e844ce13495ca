//! What earlier steps of a run have left: objects as they were stored, and keys that the registry chose.
//!
//! `AUTO-1` in a file stands for the key that an earlier step was given; and what an earlier step wrote is what a
//! later one finds, not what was read when the plan was made.

use std::collections::BTreeMap;

use crate::{
    rpsl::{Key, Object, Placeholder, Renamings},
    target::Change,
};

/// What the run has done up to now.
#[derive(Debug, Default)]
pub struct RunState {
    /// The keys that stand for placeholders.
    pub given: Renamings,
    stored: BTreeMap<Key, Object>,
}

impl RunState {
    /// Notes what the registry stored of an object that was sent.
    pub fn note(&mut self, sent: &Object, stored: &Object) {
        if let Some(placeholder) = Placeholder::of(sent) {
            self.given.add(placeholder.name(), stored.key());
        }
        self.stored.insert(stored.key(), stored.clone());
    }

    /// The change as it is now to be made: with the given keys in the place of placeholders, as its own key and
    /// wherever an attribute refers to objects, and from what an earlier step has stored.
    pub fn resolve(&self, change: &Change) -> Change {
        let before = |planned: &Object| self.stored.get(&planned.key()).unwrap_or(planned).clone();
        match change {
            Change::Create(object) => Change::Create(self.given.applied(object)),
            Change::Modify { before: planned, after } => {
                Change::Modify { before: before(planned), after: self.given.applied(after) }
            }
            Change::Delete(planned) => Change::Delete(before(planned)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Object {
        Object::parse(text).unwrap()
    }

    #[test]
    fn a_placeholder_becomes_the_key_that_was_given() {
        let mut earlier = RunState::default();
        let sent = object("organisation: AUTO-1\norg-name: A\n");
        earlier.note(&sent, &object("organisation: ORG-A1-RIPE\norg-name: A\n"));
        let change = Change::Create(object("aut-num: AS1\norg:  auto-1 # AUTO-1x\nremarks: AUTO-1\n"));
        let change = earlier.resolve(&change);
        assert_eq!(change.object().text(), "aut-num: AS1\norg:  ORG-A1-RIPE # AUTO-1x\nremarks: AUTO-1\n");
    }

    #[test]
    fn a_later_step_starts_from_what_an_earlier_one_stored() {
        let mut earlier = RunState::default();
        let (planned, stored) =
            (object("mntner: A-MNT\n"), object("mntner: A-MNT\ncreated: 2026-01-01T00:00:00Z\n"));
        earlier.note(&planned, &stored);
        let change = earlier.resolve(&Change::Modify { before: planned.clone(), after: planned });
        assert_eq!(change.before().unwrap().text(), stored.text());
    }
}
