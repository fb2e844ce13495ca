//! Which declared objects cannot be made because of what others hold: they are left out of the plan, and it says so
//! once. What is registered already is never left out, or it would be deleted.

use std::collections::{BTreeMap, BTreeSet};

use super::{expect::Expectation, ownership::Ownership};
use crate::{
    estate::{Allocation, Declared, Demand, Estate, Origin},
    finding::{Finding, Severity},
    net::Block,
    registered::{Inventory, Query, Registered, all},
    rpsl::{Class, Key, Name, Object},
};

/// A declared object that is not made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeftOut {
    /// Its key.
    pub key: Key,
    /// The registered object that stands in its way.
    pub because: Key,
}

/// The declared objects that the plan goes without: blocks of templates for which the block above has no room, and
/// reverse zones that nest with one that was expected to be absent.
///
/// Fails with the questions that must be answered first.
pub fn left_out(
    world: &Registered,
    declared: &BTreeMap<Key, &Declared>,
    ours: &Ownership,
    expectations: &[Expectation],
) -> Result<Vec<LeftOut>, BTreeSet<Query>> {
    let new = || declared.iter().filter(|(key, _)| world.objects.get(key).is_none()).map(|(_, each)| *each);
    let mut left_out =
        blocks(world, new().collect(), |key| !declared.contains_key(key) && ours.managed.get(key).is_some())?;
    left_out.extend(new().filter_map(|each| zone_in_the_way(world, &each.object, ours, expectations)));
    Ok(left_out)
}

/// `expectation` with what is left out because of the objects that it speaks of.
pub(super) fn attributed(expectation: Expectation, left_out: &[LeftOut]) -> Expectation {
    let Expectation { met, stands, .. } = &expectation;
    let here = left_out.iter().filter(|each| !met && stands.contains(&each.because));
    Expectation { left_out: here.map(|each| each.key.clone()).collect(), ..expectation }
}

/// What may stand directly below an address object (rules.md §6.2, §6.3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Room {
    /// Nothing.
    None,
    /// Prefixes of this length: its assignment-size.
    Only(u8),
    /// Whatever else the rules allow.
    Any,
}

/// The statuses that no status has for a parent.
const ASSIGNED: [&str; 5] =
    ["ASSIGNED", "ASSIGNED PA", "ASSIGNED PI", "ASSIGNED ANYCAST", "ALLOCATED-ASSIGNED PA"];

impl Room {
    fn below(parent: &Object) -> Room {
        let status = parent.value(Name::Status).unwrap_or_default().to_ascii_uppercase();
        let size = || parent.value(Name::AssignmentSize).and_then(|size| size.parse().ok());
        match status.as_str() {
            status if ASSIGNED.contains(&status) => Room::None,
            "AGGREGATED-BY-LIR" => size().map_or(Room::Any, Room::Only),
            _ => Room::Any,
        }
    }

    fn has(self, block: Block) -> bool {
        match self {
            Room::None => false,
            Room::Only(size) => block.prefix().is_some_and(|prefix| prefix.len() == size),
            Room::Any => true,
        }
    }
}

/// The new blocks of templates that have no room below the registered block above them. A new block in between that is
/// made itself is for the rules to judge; a registered one that `goes` does not count.
fn blocks(
    world: &Registered,
    new: Vec<&Declared>,
    goes: impl Fn(&Key) -> bool,
) -> Result<Vec<LeftOut>, BTreeSet<Query>> {
    let is_block = |each: &&Declared| each.object.class().is_address();
    let placed = new.into_iter().filter(is_block).filter_map(|each| Some((each.object.block()?, each)));
    let mut placed: Vec<(Block, &Declared)> = placed.collect();
    placed.sort_by_key(|(block, _)| *block); // a block stands before all that it contains
    let above = placed.iter().map(|(block, each)| world.less_specific(each.object.class(), *block));
    let above: Vec<Vec<Vec<&Object>>> = all(above)?;
    let (mut made, mut left_out) = (Inventory::default(), Vec::new());
    for ((block, declared), levels) in placed.into_iter().zip(above) {
        let class = declared.object.class();
        let parent = levels.into_iter().flatten().find(|object| !goes(&object.key()));
        let between = made.less_specific(class, block).into_iter().flatten().next().and_then(Object::block);
        let closest = parent.filter(|parent| {
            let covers = |between: Block| parent.block().is_some_and(|parent| between.contains(parent));
            between.is_none_or(covers)
        });
        match closest.filter(|parent| declared.origin != Origin::File && !Room::below(parent).has(block)) {
            Some(parent) => left_out.push(LeftOut { key: declared.object.key(), because: parent.key() }),
            None => drop(made.insert(declared.object.clone())),
        }
    }
    Ok(left_out)
}

/// The zone of others that a new one would nest with, if it was expected to be absent.
fn zone_in_the_way(
    world: &Registered,
    new: &Object,
    ours: &Ownership,
    expectations: &[Expectation],
) -> Option<LeftOut> {
    let block = new.block().filter(|_| new.class() == Class::Domain)?;
    let unmet = expectations.iter().filter(|each| !each.met && matches!(each.demand, Demand::Absent(_)));
    let standing = unmet.flat_map(|each| &each.stands).filter(|key| key.class() == Class::Domain);
    let nests = |other: Block| other.contains(block) || block.contains(other);
    let foreign = standing.filter(|key| ours.managed.get(key).is_none());
    let mut in_the_way =
        foreign.filter(|key| world.objects.get(key).and_then(Object::block).is_some_and(nests));
    in_the_way.next().map(|because| LeftOut { key: new.key(), because: because.clone() })
}

/// One finding for each block that has no room for some of ours.
pub fn findings(world: &Registered, left_out: &[LeftOut], estate: &Estate) -> Vec<Finding> {
    let mut parents: BTreeMap<&Key, Vec<&Key>> = BTreeMap::new();
    for LeftOut { key, because } in left_out.iter().filter(|each| each.key.class() != Class::Domain) {
        parents.entry(because).or_default().push(key);
    }
    let finding =
        |(parent, keys): (&Key, Vec<&Key>)| Some(no_room(world.objects.get(parent)?, &keys, estate));
    parents.into_iter().filter_map(finding).collect()
}

fn no_room(parent: &Object, keys: &[&Key], estate: &Estate) -> Finding {
    let (class, key) = (parent.class(), parent.key());
    let status = parent.value(Name::Status).unwrap_or_default();
    let (why, also) = match Room::below(parent) {
        Room::Only(size) => (
            format!("{status} with assignment-size {size}: below it only a /{size} can be made"),
            format!("make them a /{size}, or "),
        ),
        Room::None | Room::Any => (format!("{status}: no {class} can be made below it"), String::new()),
    };
    let (count, noun) = (keys.len(), if keys.len() == 1 { "block is" } else { "blocks are" });
    let text = format!("{class} {} is {why}; {count} {noun} left without one", key.text());
    let remedy =
        format!("routes, reverse zones and ROAs work without: {also}take `{class}` out of `templates`");
    let finding = Finding::error("parent-status", text).weighing(Severity::Warning).about(key).fix(remedy);
    let covers = |allocation: &&Allocation| {
        let block = keys.first().and_then(|key| Block::parse(key.text()));
        block.is_some_and(|block| allocation.prefix.block().contains(block))
    };
    let template = estate.allocations.iter().filter(covers).find_map(|each| each.templates.get(&class));
    match template {
        Some(template) => finding.at(template.place.clone()),
        None => finding,
    }
}
