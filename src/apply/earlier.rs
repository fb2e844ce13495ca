//! What earlier steps of a run have left: objects as they were stored, and keys that the registry chose.
//!
//! `AUTO-1` in a file stands for the key that an earlier step was given; and what an earlier step wrote is what a
//! later one finds, not what was read when the plan was made.

use std::collections::BTreeMap;

use crate::{
    plan::Change,
    rpsl::{Key, Object, ObjectError},
};

/// What the run has done up to now.
#[derive(Debug, Default)]
pub struct Earlier {
    given: BTreeMap<String, Key>,
    stored: BTreeMap<Key, Object>,
}

/// Whether the registry is to choose the object's key.
pub fn is_automatic(object: &Object) -> bool {
    object.written_key().to_ascii_uppercase().starts_with("AUTO-")
}

impl Earlier {
    /// Notes what the registry stored of an object that was sent.
    pub fn note(&mut self, sent: &Object, stored: &Object) {
        if is_automatic(sent) {
            self.given.insert(sent.written_key().to_ascii_uppercase(), stored.key());
        }
        self.stored.insert(stored.key(), stored.clone());
    }

    /// The change as it is now to be made: with the given keys in the place of placeholders, wherever an
    /// attribute refers to objects, and from what an earlier step has stored.
    pub fn continued(&self, change: &Change) -> Result<Change, ObjectError> {
        let before = |planned: &Object| self.stored.get(&planned.key()).unwrap_or(planned).clone();
        Ok(match change {
            Change::Create(object) => Change::Create(self.filled(object)?),
            Change::Modify { before: planned, after } => {
                Change::Modify { before: before(planned), after: self.filled(after)? }
            }
            Change::Delete(planned) => Change::Delete(before(planned)),
        })
    }

    fn filled(&self, object: &Object) -> Result<Object, ObjectError> {
        if self.given.is_empty() {
            return Ok(object.clone());
        }
        let mut draft = object.edit();
        for (attribute, (_, raw)) in object.attributes().zip(&mut draft.pairs) {
            if attribute.name.is_some_and(|name| !name.row().references.is_empty()) {
                *raw = self.named(raw);
            }
        }
        draft.build()
    }

    /// `raw` with each word that is a placeholder replaced.
    fn named(&self, raw: &str) -> String {
        let mut text = String::with_capacity(raw.len());
        for part in raw.split_inclusive([' ', '\t', ',', '\n']) {
            let word = part.trim_end_matches([' ', '\t', ',', '\n']);
            let key = self.given.get(&word.to_ascii_uppercase());
            text.push_str(key.map_or(word, Key::text));
            text.push_str(part.strip_prefix(word).unwrap_or_default());
        }
        text
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
        let mut earlier = Earlier::default();
        let sent = object("organisation: AUTO-1\norg-name: A\n");
        earlier.note(&sent, &object("organisation: ORG-A1-RIPE\norg-name: A\n"));
        let change = Change::Create(object("aut-num: AS1\norg:  auto-1 # AUTO-1x\nremarks: AUTO-1\n"));
        let change = earlier.continued(&change).unwrap();
        assert_eq!(change.object().text(), "aut-num: AS1\norg:  ORG-A1-RIPE # AUTO-1x\nremarks: AUTO-1\n");
    }

    #[test]
    fn a_later_step_starts_from_what_an_earlier_one_stored() {
        let mut earlier = Earlier::default();
        let (planned, stored) =
            (object("mntner: A-MNT\n"), object("mntner: A-MNT\ncreated: 2026-01-01T00:00:00Z\n"));
        earlier.note(&planned, &stored);
        let change = earlier.continued(&Change::Modify { before: planned.clone(), after: planned }).unwrap();
        assert_eq!(change.before().unwrap().text(), stored.text());
    }
}
