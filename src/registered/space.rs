//! Blocks of addresses that contain each other, and what is registered for them.

use std::collections::BTreeMap;

use crate::{net::Block, rpsl::Key};

/// The blocks of one class. Each knows the closest block that contains it.
///
/// Invariant: `within` names an entry that contains the block, the smallest that does as long as no two blocks
/// overlap without one containing the other; the registry refuses to make such.
#[derive(Clone, Debug, Default)]
pub struct Space(BTreeMap<Block, Entry>);

#[derive(Clone, Debug, Default)]
struct Entry {
    within: Option<Block>,
    keys: Vec<Key>,
}

impl Space {
    /// Enters `key` at `block`.
    pub fn insert(&mut self, block: Block, key: Key) {
        if let Some(entry) = self.0.get_mut(&block) {
            if !entry.keys.contains(&key) {
                entry.keys.push(key);
            }
            return;
        }
        let within = self.closest(block);
        for child in self.children(block) {
            if let Some(entry) = self.0.get_mut(&child).filter(|entry| entry.within == within) {
                entry.within = Some(block);
            }
        }
        self.0.insert(block, Entry { within, keys: vec![key] });
    }

    /// Takes `key` out at `block`.
    pub fn remove(&mut self, block: Block, key: &Key) {
        let Some(entry) = self.0.get_mut(&block) else { return };
        entry.keys.retain(|each| each != key);
        if !entry.keys.is_empty() {
            return;
        }
        let within = entry.within;
        for child in self.children(block) {
            if let Some(entry) = self.0.get_mut(&child) {
                entry.within = within;
            }
        }
        self.0.remove(&block);
    }

    /// The keys at exactly `block`.
    pub fn exact(&self, block: Block) -> &[Key] {
        self.0.get(&block).map_or(&[], |entry| &entry.keys)
    }

    /// The blocks that contain `block` and are larger, the closest first.
    pub fn less_specific(&self, block: Block) -> impl Iterator<Item = Block> {
        std::iter::successors(self.closest(block), |above| self.0.get(above).and_then(|entry| entry.within))
    }

    /// The closest larger block that contains `block`: the neighbour before it, or one of those that contain that.
    fn closest(&self, block: Block) -> Option<Block> {
        let (neighbour, _) = self.0.range(..block).next_back()?;
        let mut chain =
            std::iter::successors(Some(*neighbour), |b| self.0.get(b).and_then(|entry| entry.within));
        chain.find(|above| above.contains(block))
    }

    /// The largest blocks inside `block`, without itself, in the order of addresses.
    pub fn children(&self, block: Block) -> Vec<Block> {
        let mut children: Vec<Block> = Vec::new();
        for inner in self.more_specific(block) {
            if !children.last().is_some_and(|last| last.contains(inner)) {
                children.push(inner);
            }
        }
        children
    }

    /// All blocks inside `block`, without itself, in the order of addresses.
    pub fn more_specific(&self, block: Block) -> impl Iterator<Item = Block> {
        let after = (std::ops::Bound::Excluded(block), std::ops::Bound::Unbounded);
        let inside = self.0.range(after).map(|(inner, _)| *inner);
        inside.take_while(move |inner| inner.overlaps(block)).filter(move |inner| block.contains(*inner))
    }

    /// The blocks that overlap `block` though neither contains the other.
    pub fn crossing(&self, block: Block) -> Option<Block> {
        let crosses =
            |other: &Block| other.overlaps(block) && !other.contains(block) && !block.contains(*other);
        let after = (std::ops::Bound::Excluded(block), std::ops::Bound::Unbounded);
        let ahead = self.0.range(after).map(|(b, _)| *b).take_while(|b| b.overlaps(block)).find(crosses);
        let before = self.0.range(..block).next_back().map(|(b, _)| *b);
        let chain = std::iter::successors(before, |b| self.0.get(b).and_then(|entry| entry.within));
        chain.take_while(|b| b.overlaps(block)).filter(crosses).last().or(ahead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::Class;
    use proptest::prelude::*;

    fn block(text: &str) -> Block {
        Block::parse(text).unwrap()
    }

    fn space(blocks: &[&str]) -> Space {
        let mut space = Space::default();
        for text in blocks {
            space.insert(block(text), Key::new(Class::Inet6num, text));
        }
        space
    }

    #[test]
    fn finds_the_closest_and_the_children() {
        let mut space = space(&["::/0", "2a0f::/48", "2a0f::/32", "2a0f:1::/32", "2a0f::/56"]);
        let above =
            |space: &Space, text| space.less_specific(block(text)).map(|b| b.to_string()).collect::<Vec<_>>();
        assert_eq!(above(&space, "2a0f::/64"), ["2a0f::/56", "2a0f::/48", "2a0f::/32", "::/0"]);
        space.remove(block("2a0f::/48"), &Key::new(Class::Inet6num, "2a0f::/48"));
        assert_eq!(above(&space, "2a0f::/64"), ["2a0f::/56", "2a0f::/32", "::/0"]);
        let children: Vec<_> = space.children(block("::/0")).iter().map(Block::to_string).collect();
        assert_eq!(children, ["2a0f::/32", "2a0f:1::/32"]);
    }

    #[test]
    fn finds_what_crosses() {
        let space = space(&["10.0.0.0 - 10.0.0.9", "10.0.0.20 - 10.0.0.29"]);
        let check = |text, expected: Option<&str>| {
            assert_eq!(space.crossing(block(text)).map(|b| b.to_string()).as_deref(), expected);
        };
        check("10.0.0.5 - 10.0.0.15", Some("10.0.0.0 - 10.0.0.9"));
        check("10.0.0.15 - 10.0.0.25", Some("10.0.0.20 - 10.0.0.29"));
        check("10.0.0.0 - 10.0.0.15", None);
    }

    proptest! {
        #[test]
        fn parents_are_those_that_contain(
            prefixes in prop::collection::vec((0u32..16, 0u8..5), 1..20),
            gone in prop::collection::vec(0usize..20, 0..10),
            probe in (0u32..16, 0u8..5),
        ) {
            let make = |(bits, len): (u32, u8)| {
                let address = std::net::Ipv4Addr::from(bits << 28);
                crate::net::Prefix::truncated(address.into(), len).unwrap().block()
            };
            let mut all: Vec<Block> = prefixes.into_iter().map(make).collect();
            let mut space = Space::default();
            let key = |b: &Block| Key::new(Class::Inetnum, &b.to_string());
            for b in &all {
                space.insert(*b, key(b));
            }
            for index in gone {
                if let Some(b) = all.get(index).copied() {
                    space.remove(b, &key(&b));
                    all.retain(|each| *each != b);
                }
            }
            let probe = make(probe);
            let mut expected: Vec<Block> = all.iter().copied().filter(|b| b.contains(probe) && *b != probe).collect();
            expected.sort_by_key(|b| b.last() - b.first());
            expected.dedup();
            prop_assert_eq!(space.less_specific(probe).collect::<Vec<_>>(), expected);
        }
    }
}
