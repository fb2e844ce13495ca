//! Knowledge of a registry, and the questions that are still open.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Inventory;
use crate::{
    net::{Asn, Block},
    rpsl::{Class, Key, Name, Object},
};

/// A question about what a registry holds.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Query {
    /// The object with this key, or that there is none.
    Object(Key),
    /// The object with this key in the registry's other source, to which the registry pointed.
    Elsewhere(Key),
    /// Every object of the class whose block contains the block, also those at exactly it.
    Covering(Class, Block),
    /// Every object of the class inside the block, also those at exactly it.
    Within(Class, Block),
    /// The as-block that holds this AS number.
    AsBlockOf(Asn),
    /// Every as-block. Only the RIPE NCC makes them, so nobody asks.
    AsBlocks,
    /// Every object that refers to this one.
    Referring(Key),
    /// Every object whose `mnt-by` names this maintainer.
    MaintainedBy(Key),
    /// Whether the credential at hand speaks for this maintainer.
    Proves(Key),
    /// Whether this handle was ever used. No request can tell.
    EverUsed(Key),
    /// Whether the name servers of this zone pass the registry's DNS check. No request can tell.
    Delegation(Key),
    /// Whether the registry's operator knows this account. No request can tell.
    Account(String),
    /// What the registry's operator has configured. No request can tell.
    Setting(&'static str),
}

impl Query {
    /// Whether a request to the registry can answer it, and is worth it.
    pub fn can_be_asked(&self) -> bool {
        !matches!(
            self,
            Query::EverUsed(_)
                | Query::Delegation(_)
                | Query::AsBlocks
                | Query::Account(_)
                | Query::Setting(_)
        )
    }
}

/// A question that was asked of knowledge that does not hold the answer.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Unknown(pub Query);

/// An answer, or the question that must be asked first.
pub type Known<T> = Result<T, Unknown>;

/// Which questions the objects at hand answer.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    everything: bool,
    queries: HashSet<Query>,
    /// The largest blocks about which all is known; none overlaps another.
    spaces: HashMap<Class, BTreeSet<Block>>,
}

impl Answered {
    /// Every question: this is the registry itself.
    pub fn all() -> Answered {
        Answered { everything: true, ..Answered::default() }
    }

    /// Notes that `query` was answered by the objects that were entered.
    pub fn note(&mut self, query: Query) {
        self.queries.insert(query);
    }

    /// Notes that all objects of `class` that contain `block`, and all inside it, were entered.
    pub fn note_space(&mut self, class: Class, block: Block) {
        let known = self.spaces.entry(class).or_default();
        if closest(known, block).is_some_and(|space| space.contains(block)) {
            return;
        }
        let inside: Vec<Block> =
            known.range(block..).copied().take_while(|inner| inner.overlaps(block)).collect();
        if inside.iter().all(|inner| block.contains(*inner)) {
            for inner in &inside {
                known.remove(inner);
            }
            known.insert(block);
        }
    }

    /// Whether the absence of further objects is known for `query`.
    pub fn covers(&self, query: &Query) -> bool {
        self.everything || self.queries.contains(query) || self.in_space(query)
    }

    fn in_space(&self, query: &Query) -> bool {
        let (class, block) = match query {
            Query::Covering(class, block) | Query::Within(class, block) => (*class, *block),
            Query::Object(key) => match key.block() {
                Some(block) => (key.class(), block),
                None => return false,
            },
            _ => return false,
        };
        let known = self.spaces.get(&class).and_then(|known| closest(known, block));
        known.is_some_and(|space| space.contains(block))
    }
}

/// The only one of blocks that do not overlap which can contain `block`.
fn closest(blocks: &BTreeSet<Block>, block: Block) -> Option<Block> {
    blocks.range(..=block).next_back().copied()
}

/// What is known of a registry.
#[derive(Clone, Debug, Default)]
pub struct Registered {
    /// The objects that are known to be there.
    pub objects: Inventory,
    /// What else is known: which of the absent ones are known to be absent.
    pub answered: Answered,
    /// AS numbers and routes outside the registry's region: it keeps them in its other source, `RIPE-NONAUTH`, and
    /// takes none that are new.
    pub elsewhere: HashSet<Key>,
    /// Handles that were used once and are never given again, in small letters.
    pub used: HashSet<String>,
}

impl Registered {
    /// The whole of a registry.
    pub fn whole(objects: Inventory) -> Registered {
        Registered { objects, answered: Answered::all(), ..Registered::default() }
    }

    fn know(&self, query: Query) -> Known<()> {
        if self.answered.covers(&query) { Ok(()) } else { Err(Unknown(query)) }
    }

    /// The object with this key, in whichever source the registry keeps it.
    pub fn object(&self, key: &Key) -> Known<Option<&Object>> {
        match self.objects.get(key) {
            Some(object) => Ok(Some(object)),
            None if self.elsewhere.contains(key) => self.know(Query::Elsewhere(key.clone())).map(|()| None),
            None => self.know(Query::Object(key.clone())).map(|()| None),
        }
    }

    /// Whether the registry keeps the AS number or route in its other source, if there is one.
    pub fn is_elsewhere(&self, key: &Key) -> Known<bool> {
        match self.elsewhere.contains(key) {
            true => Ok(true),
            false => self.object(key).map(|_| false),
        }
    }

    /// The first object among those that a value of `name` may refer to.
    pub fn referenced(&self, name: Name, value: &str) -> Known<Option<&Object>> {
        let keys = || name.row().references.iter().map(|class| Key::new(*class, value));
        if let Some(object) = keys().find_map(|key| self.objects.get(&key)) {
            return Ok(Some(object));
        }
        keys().try_for_each(|key| self.object(&key).map(drop)).map(|()| None)
    }

    /// The maintainer with this name.
    pub fn maintainer(&self, name: &str) -> Known<Option<&Object>> {
        self.object(&Key::new(Class::Mntner, name))
    }

    /// The objects of `class` at exactly `block`.
    pub fn exact(&self, class: Class, block: Block) -> Known<Vec<&Object>> {
        self.know(Query::Covering(class, block)).map(|()| self.objects.exact(class, block))
    }

    /// The objects of `class` that contain `block` and are larger, level by level, the closest first.
    pub fn less_specific(&self, class: Class, block: Block) -> Known<Vec<Vec<&Object>>> {
        self.know(Query::Covering(class, block)).map(|()| self.objects.less_specific(class, block))
    }

    /// The objects of `class` one level below `block`.
    pub fn children(&self, class: Class, block: Block) -> Known<Vec<&Object>> {
        self.know(Query::Within(class, block)).map(|()| self.objects.children(class, block))
    }

    /// All objects of `class` inside `block`, without those at exactly `block`.
    pub fn more_specific(&self, class: Class, block: Block) -> Known<Vec<&Object>> {
        self.know(Query::Within(class, block)).map(|()| self.objects.more_specific(class, block))
    }

    /// The as-blocks among which is the one that holds `asn`, if there is one.
    pub fn as_blocks_around(&self, asn: Asn) -> Known<Vec<&Object>> {
        self.know(Query::AsBlockOf(asn)).map(|()| self.entered_as_blocks())
    }

    /// All as-blocks. They are few.
    pub fn as_blocks(&self) -> Known<Vec<&Object>> {
        self.know(Query::AsBlocks).map(|()| self.entered_as_blocks())
    }

    fn entered_as_blocks(&self) -> Vec<&Object> {
        let of_class = self.objects.iter().filter(|(key, _)| key.class() == Class::AsBlock);
        of_class.map(|(_, object)| object).collect()
    }

    /// The objects that refer to the one with this key, itself not counted.
    pub fn referring(&self, key: &Key) -> Known<Vec<&Object>> {
        self.know(Query::Referring(key.clone())).map(|()| self.objects.referring(key))
    }

    /// Whether this handle was ever used, by an object that is gone or one that stands.
    pub fn ever_used(&self, key: &Key) -> Known<bool> {
        if self.used.contains(&key.text().to_ascii_lowercase()) || self.objects.get(key).is_some() {
            return Ok(true);
        }
        self.know(Query::EverUsed(key.clone())).map(|()| false)
    }

    /// Whether this name is known to have been used once.
    pub fn is_used(&self, name: &str) -> bool {
        self.used.contains(&name.to_ascii_lowercase())
    }

    /// The handles and organisations known to have been used once, in small letters.
    pub fn used_names(&self) -> impl Iterator<Item = &str> {
        self.used.iter().map(String::as_str)
    }

    /// Whether a credential whose maintainers were asked for speaks for `maintainer`.
    pub fn asked_proof(&self, maintainer: &Key) -> Known<()> {
        self.know(Query::Proves(maintainer.clone()))
    }

    /// Enters the object as if it had been written.
    pub fn put(&mut self, object: Object) -> Option<Object> {
        self.objects.insert(object)
    }

    /// Takes the object out as if it had been deleted: that it is absent is then known.
    pub fn delete(&mut self, key: &Key) -> Option<Object> {
        if !self.answered.everything {
            self.answered.note(Query::Object(key.clone()));
        }
        self.objects.remove(key)
    }
}

/// All open questions of `answers`, or their values.
pub fn all<T>(answers: impl IntoIterator<Item = Known<T>>) -> Result<Vec<T>, BTreeSet<Query>> {
    let (mut values, mut open) = (Vec::new(), BTreeSet::new());
    for answer in answers {
        match answer {
            Ok(value) => values.push(value),
            Err(Unknown(query)) => {
                open.insert(query);
            }
        }
    }
    if open.is_empty() { Ok(values) } else { Err(open) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_asked_is_unknown() {
        let mut known = Registered::default();
        let key = Key::new(Class::Inet6num, "2a0f:85c1:264::/48");
        assert_eq!(known.object(&key).unwrap_err(), Unknown(Query::Object(key.clone())));
        known.answered.note_space(Class::Inet6num, Block::parse("2a0f:85c1:260::/44").unwrap());
        assert!(known.object(&key).unwrap().is_none());
        let block = Block::parse("2a0f:85c1:264::/48").unwrap();
        assert!(known.less_specific(Class::Inet6num, block).unwrap().is_empty());
        assert!(known.less_specific(Class::Route6, block).is_err());
    }
}
