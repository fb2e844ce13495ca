//! The small budget for personal data of others (rules.md §11). Pure: sends nothing.

use std::collections::BTreeSet;

use crate::{registered::Query, rpsl::Key};

/// How many persons and roles of others may be read, and which were.
#[derive(Debug)]
pub struct Budget {
    most: usize,
    ours: BTreeSet<String>,
    read: BTreeSet<String>,
    left_out: BTreeSet<String>,
}

impl Budget {
    /// A budget for `most` contacts whose handles are not among those of `ours`.
    pub fn new(most: u32, ours: &BTreeSet<Key>) -> Budget {
        let ours = ours.iter().filter(|key| is_contact(key)).map(handle).collect();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Budget { most, ours, read: BTreeSet::new(), left_out: BTreeSet::new() }
    }

    /// The questions that may be asked. A handle counts once, whether it is looked for as a role or as a person.
    pub fn afford(&mut self, queries: BTreeSet<Query>) -> BTreeSet<Query> {
        queries.into_iter().filter(|query| self.affords(query)).collect()
    }

    fn affords(&mut self, query: &Query) -> bool {
        let Query::Object(key) = query else { return true };
        let handle = handle(key);
        if !is_contact(key) || self.ours.contains(&handle) {
            return true;
        }
        let may = self.read.contains(&handle) || self.read.len() < self.most;
        if may {
            self.read.insert(handle)
        } else {
            self.left_out.insert(handle)
        };
        may
    }

    /// The handles of the contacts that were not read.
    pub fn left_out(&self) -> &BTreeSet<String> {
        &self.left_out
    }
}

fn is_contact(key: &Key) -> bool {
    key.class().is_contact()
}

fn handle(key: &Key) -> String {
    key.text().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::Class;

    #[test]
    fn contacts_of_others_are_read_up_to_the_limit() {
        let check = |most, asked: &[(Class, &str)], expected: &[&str], left_out| {
            let mut budget = Budget::new(most, &BTreeSet::from([Key::new(Class::Role, "OWN-RIPE")]));
            let allowed: Vec<String> = asked
                .iter()
                .flat_map(|(class, key)| {
                    budget.afford(BTreeSet::from([Query::Object(Key::new(*class, key))]))
                })
                .map(|query| if let Query::Object(key) = query { key.to_string() } else { String::new() })
                .collect();
            assert_eq!(
                (allowed, budget.left_out().len()),
                (expected.iter().map(|e| (*e).to_owned()).collect(), left_out)
            );
        };
        let (role, person, mntner) = (Class::Role, Class::Person, Class::Mntner);
        check(
            1,
            &[(role, "A-RIPE"), (person, "a-ripe"), (role, "B-RIPE")],
            &["role/A-RIPE", "person/a-ripe"],
            1,
        );
        check(
            0,
            &[(person, "own-ripe"), (mntner, "A-MNT"), (role, "B-RIPE")],
            &["person/own-ripe", "mntner/A-MNT"],
            1,
        );
    }
}
