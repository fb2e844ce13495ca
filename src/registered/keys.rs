//! A set of keys that is small nearly always, and now and then very large.

use std::collections::BTreeSet;

use crate::rpsl::Key;

/// Keys in their order, each once.
///
/// Most values are named by one object or a few; a tree for each of them would take most of the memory.
#[derive(Clone, Debug)]
pub struct Keys(Form);

#[derive(Clone, Debug)]
enum Form {
    /// At most [`FEW`], sorted.
    Few(Vec<Key>),
    Many(BTreeSet<Key>),
}

/// From how many keys on a tree is the quicker.
const FEW: usize = 32;

impl Keys {
    /// The set of this one.
    pub fn of(key: Key) -> Keys {
        Keys(Form::Few(vec![key]))
    }

    /// Adds a key.
    pub fn insert(&mut self, key: Key) {
        match &mut self.0 {
            Form::Many(keys) => drop(keys.insert(key)),
            Form::Few(keys) => {
                if let Err(at) = keys.binary_search(&key) {
                    keys.insert(at, key);
                }
                if keys.len() > FEW {
                    self.0 = Form::Many(keys.drain(..).collect());
                }
            }
        }
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &Key) {
        match &mut self.0 {
            Form::Many(keys) => drop(keys.remove(key)),
            Form::Few(keys) => drop(keys.binary_search(key).map(|at| keys.remove(at))),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The keys in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Key> {
        let (few, many) = match &self.0 {
            Form::Few(keys) => (Some(keys.iter()), None),
            Form::Many(keys) => (None, Some(keys.iter())),
        };
        few.into_iter().flatten().chain(many.into_iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::Class;

    #[test]
    fn many_or_few_it_is_a_set_in_order() {
        let key = |number: usize| Key::new(Class::Mntner, &format!("M{:03}-MNT", number * 37 % 101));
        let (mut keys, mut expected) = (Keys::of(key(0)), BTreeSet::from([key(0)]));
        for number in 0..100 {
            keys.insert(key(number / 2 * 2));
            expected.insert(key(number / 2 * 2));
            assert!(keys.iter().eq(&expected));
        }
        for number in 0..100 {
            keys.remove(&key(number));
            expected.remove(&key(number));
            assert!(keys.iter().eq(&expected) && keys.is_empty() == expected.is_empty());
        }
    }
}
