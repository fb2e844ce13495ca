//! The address space that the estate speaks for, and what it may want deleted there.

use std::collections::{HashMap, HashSet};

use super::{Declared, Demand, Estate, KeyPattern};
use crate::{
    config::At,
    finding::{Finding, Location},
    net::{Block, Family},
    rpsl::{Key, Object},
};

/// The allocations, and the blocks that are declared or expected of others.
struct Space(Vec<Block>);

impl Space {
    fn of(estate: &Estate, declared: &[Declared]) -> Space {
        let is_block = |key: &Key| key.class().is_address();
        let allocations = estate.allocations.iter().map(|allocation| allocation.prefix.block());
        let expected = estate.expects.iter().filter_map(|expect| match &expect.demand {
            Demand::Has { key, .. } if is_block(key) => key.block(),
            Demand::Has { .. } | Demand::Absent(_) => None,
        });
        let declared = declared.iter().map(|each| &each.object);
        let declared = declared.filter(|object| is_block(&object.key())).filter_map(Object::block);
        Space(allocations.chain(expected).chain(declared).filter(|block| may_be_held(*block)).collect())
    }

    fn holds(&self, block: Block) -> bool {
        self.0.iter().any(|own| own.contains(block))
    }

    /// What may be written instead of a block that is not held: the outermost ones that it touches, or else of its
    /// family.
    fn instead(&self, block: Block) -> String {
        const SHOWN: usize = 3;
        let of_family = || self.0.iter().copied().filter(|own| own.family() == block.family());
        let mut near: Vec<Block> = of_family().filter(|own| own.overlaps(block)).collect();
        if near.is_empty() {
            near = of_family().collect();
        }
        near.sort(); // a block stands before what it contains
        let mut outermost: Vec<Block> = Vec::new();
        for block in near {
            if outermost.last().is_none_or(|last| !last.contains(block)) {
                outermost.push(block);
            }
        }
        let shown: Vec<String> =
            outermost.iter().take(SHOWN).map(|block| format!("`{}`", block.prefix_text())).collect();
        shown.join(" or ")
    }
}

/// Whether one holder can have as much: IANA gives a registry a /12 or a /8 at once, and that one gives parts of it.
fn may_be_held(block: Block) -> bool {
    let size = match block.family() {
        Family::V4 => 1 << (32 - 8),
        Family::V6 => 1 << (128 - 12),
    };
    block.last() - block.first() < size
}

/// `exclusive` and `reclaim` outside of the space that the estate speaks for: a slip of the pen there would delete what
/// nobody looked at.
pub(super) fn beyond(estate: &Estate, declared: &[Declared]) -> Vec<Finding> {
    let manage = &estate.manage;
    if manage.exclusive.is_empty() && manage.reclaim.is_empty() {
        return Vec::new();
    }
    let space = Space::of(estate, declared);
    let exclusive = manage.exclusive.iter().map(|At { value, place }| {
        let risk = "what is ours in there and not declared would be deleted";
        ("exclusive", value.to_string(), value.block(), risk, place)
    });
    let reclaim = manage.reclaim.iter().filter_map(|At { value, place }| {
        let risk = "what others hold elsewhere is not ours to reclaim";
        Some(("reclaim", value.to_string(), value.block()?, risk, place))
    });
    let outside = exclusive.chain(reclaim).filter(|(_, _, block, ..)| !space.holds(*block));
    outside
        .map(|(key, written, block, risk, place)| outside_of(&space, key, &written, block, risk, place))
        .collect()
}

fn outside_of(
    space: &Space,
    key: &'static str,
    written: &str,
    block: Block,
    risk: &str,
    place: &Location,
) -> Finding {
    let class = super::block_class(block);
    let text = format!(
        "`{key}`: {written} lies in no [[allocation]] and in no {class} that is declared or expected: {risk}"
    );
    let instead = space.instead(block);
    let own =
        format!("if it is yours, say so first: `[[expect]] object = \"{class}/{}\"`", block.prefix_text());
    let own = may_be_held(block).then_some(own);
    let has_part = key == "exclusive" && !instead.is_empty();
    let part = has_part.then(|| format!("write {instead}, or a part of it"));
    let remedy = match (part, own) {
        (Some(part), Some(own)) => format!("{part}; {own}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "nobody holds as much: write a prefix of yours".to_owned(),
    };
    Finding::error("exclusive", text).fix(remedy).at(place.clone())
}

/// Wishes of `[manage]` that speak against what is declared, or against each other.
pub(super) fn contradictions(estate: &Estate, declared: &[Declared]) -> Vec<Finding> {
    let manage = &estate.manage;
    if manage.absent.is_empty() && manage.reclaim.is_empty() {
        return Vec::new();
    }
    let declared: HashMap<Key, &Location> =
        declared.iter().map(|declared| (declared.object.key(), &declared.place)).collect();
    let absent: HashSet<&Key> = manage.absent.iter().map(|absent| &absent.value).collect();
    let going = [("absent", &manage.absent), ("reclaim", &manage.reclaim)];
    let going = going.into_iter().flat_map(|(name, keys)| keys.iter().map(move |at| (name, at)));
    let found = going.filter_map(|(name, wish)| {
        let in_both = name == "reclaim" && absent.contains(&wish.value);
        contradiction(name, wish, estate, declared.get(&wish.value).copied(), in_both)
    });
    found.collect()
}

fn contradiction(
    name: &str,
    wish: &At<Key>,
    estate: &Estate,
    declared: Option<&Location>,
    in_both: bool,
) -> Option<Finding> {
    let At { value: key, place } = wish;
    let manage = &estate.manage;
    let refuse = |rule, text: String, remedy: String| {
        Some(Finding::error(rule, text).fix(remedy).about(key).at(place.clone()))
    };
    if let Some(declared) = declared {
        return refuse(
            "duplicate-key",
            format!("{key} must be absent, but is declared at {declared}"),
            format!("take it out of `{name}`, or do not declare it"),
        );
    }
    let protects = |at: &&At<KeyPattern>| at.value.matches(key);
    if let Some(At { value: pattern, place }) = manage.protect.iter().find(protects) {
        return refuse(
            "absent",
            format!("{key} must be absent, but `{pattern}` protects it at {place}"),
            format!("take it out of `{name}`, or `{pattern}` out of `protect`"),
        );
    }
    let expected = |demand: &Demand| matches!(demand, Demand::Has { key: other, .. } if other == key);
    if let Some(expect) = estate.expects.iter().find(|expect| expected(&expect.demand)) {
        return refuse(
            "absent",
            format!("{key} must be absent, but is expected at {}", expect.place),
            format!("take it out of `{name}`, or do not expect it"),
        );
    }
    if in_both {
        return refuse(
            "absent",
            format!("{key} stands in `absent` and in `reclaim`"),
            "`absent` is for what is ours, `reclaim` for what others maintain: take one of them out"
                .to_owned(),
        );
    }
    None
}
