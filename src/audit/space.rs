//! Allocations against their assignments: how much is assigned, what is used and not assigned, and what overlaps.

use std::collections::BTreeMap;

use super::{Look, look::Open};
use crate::{
    finding::{Finding, Location, Severity},
    net::{Block, Family},
    rpsl::{Class, Key, Name, Object},
    rules::business::{Status, Trait},
};

/// Address space that we hold: an `[[allocation]]`, or a registered allocation of ours.
pub(super) struct Holding<'a> {
    /// All of it.
    pub block: Block,
    /// The object that is registered for exactly it.
    pub object: Option<&'a Object>,
    /// The `[[allocation]]`.
    pub place: Option<Location>,
}

/// How much of an allocation is assigned.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Share {
    /// The allocation.
    pub block: Block,
    /// The status that it is registered with.
    pub status: Option<String>,
    /// How many assignments there are in it.
    pub assignments: usize,
    /// How much they have of it, in tenths of a percent, rounded down.
    pub permille: u16,
}

/// What stands in the holdings.
pub(super) struct Space<'a> {
    /// Of each holding.
    pub shares: Vec<Share>,
    /// Assignments by block, a larger one before what it contains.
    assignments: BTreeMap<Block, &'a Object>,
    /// What each holding has of routes and reverse zones, with the parts of it that are not assigned.
    used: BTreeMap<Key, (&'a Object, Vec<Block>)>,
}

/// The `[[allocation]]`s, and the registered allocations that are ours.
pub(super) fn holdings<'a>(look: &Look<'a>, open: &mut Open) -> Vec<Holding<'a>> {
    let mut holdings: BTreeMap<Block, Holding> = BTreeMap::new();
    for allocation in &look.estate.allocations {
        let block = allocation.prefix.block();
        let found = open.known(look.world.exact(class_of(block), block)).unwrap_or_default();
        let holding =
            Holding { block, object: found.first().copied(), place: Some(allocation.place.clone()) };
        holdings.entry(block).or_insert(holding);
    }
    let allocated = look.world.objects.iter().map(|(_, object)| object);
    for object in allocated.filter(|object| is_allocation(object) && look.is_ours(object)) {
        if let Some(block) = object.block() {
            holdings.entry(block).or_insert(Holding { block, object: Some(object), place: None });
        }
    }
    holdings.into_values().collect()
}

/// Whether it is space of which assignments are made.
fn is_allocation(object: &Object) -> bool {
    Status::of(object)
        .is_some_and(|status| status.has(Trait::Allocation) || status.name == "ALLOCATED-BY-LIR")
}

/// Whether it says who uses the space: also where many use it alike.
pub(super) fn is_assignment(object: &Object) -> bool {
    let status = object.value(Name::Status).unwrap_or_default().to_ascii_uppercase();
    status.starts_with("ASSIGNED")
        || ["ALLOCATED-ASSIGNED PA", "AGGREGATED-BY-LIR", "LEGACY"].contains(&status.as_str())
}

pub(super) fn class_of(block: Block) -> Class {
    match block.family() {
        Family::V4 => Class::Inetnum,
        Family::V6 => Class::Inet6num,
    }
}

impl<'a> Space<'a> {
    /// What is registered in the holdings.
    pub fn of(look: &Look<'a>, holdings: &[Holding], open: &mut Open) -> Space<'a> {
        let mut space = Space { shares: Vec::new(), assignments: BTreeMap::new(), used: BTreeMap::new() };
        for holding in holdings {
            space.enter(look, holding, open);
        }
        space
    }

    fn enter(&mut self, look: &Look<'a>, holding: &Holding, open: &mut Open) {
        let (world, block) = (look.world, holding.block);
        let class = class_of(block);
        let route = if class == Class::Inetnum { Class::Route } else { Class::Route6 };
        let inside = open.known(world.more_specific(class, block)).unwrap_or_default();
        let exact = open.known(world.exact(class, block)).unwrap_or_default();
        let above = open.known(world.less_specific(class, block)).unwrap_or_default();
        let assigned = |object: &&Object| is_assignment(object);
        let own: Vec<&Object> = inside.into_iter().chain(exact).filter(assigned).collect();
        // Space in an assignment is assigned; of what is above, the closest decides.
        let around = above.into_iter().flatten().next().filter(assigned);
        let covered = union(own.iter().chain(&around).filter_map(|object| object.block()));
        self.shares.push(Share {
            block,
            status: holding.object.and_then(|object| object.value(Name::Status)),
            assignments: own.len(),
            permille: permille(&covered, block),
        });
        self.assignments.extend(own.iter().filter_map(|object| Some((object.block()?, *object))));
        for class in [route, Class::Domain] {
            // What is as large as the allocation speaks of it as a whole.
            for object in open.known(world.more_specific(class, block)).unwrap_or_default() {
                let bare = object.block().map(|part| uncovered(part, &covered)).unwrap_or_default();
                let entry = self.used.entry(object.key()).or_insert((object, bare.clone()));
                // Of several holdings, one in the other, the one that knows of more assignments is right.
                if bare.len() < entry.1.len() {
                    entry.1 = bare;
                }
            }
        }
    }

    /// The assignments, in the order of their blocks.
    pub fn assignments(&self) -> impl Iterator<Item = &'a Object> {
        self.assignments.values().copied()
    }

    /// How many assignments are not declared.
    pub fn undeclared(&self, look: &Look) -> usize {
        self.assignments().filter(|object| !look.declared.contains_key(&object.key())).count()
    }

    /// Space that is used and not assigned, and assignments that overlap.
    pub fn findings(&self, look: &Look, holdings: &[Holding]) -> Vec<Finding> {
        let holes = self.used.values().filter(|(_, bare)| !bare.is_empty());
        let holes = holes.map(|(object, bare)| hole(look, holdings, object, bare));
        holes.chain(self.overlaps(look)).collect()
    }

    fn overlaps(&self, look: &Look) -> Vec<Finding> {
        let (mut around, mut findings): (Vec<(Block, &Object)>, Vec<Finding>) = (Vec::new(), Vec::new());
        for (block, object) in &self.assignments {
            while around.last().is_some_and(|(outer, _)| !outer.overlaps(*block)) {
                around.pop();
            }
            if let Some((outer, other)) = around.last() {
                findings.extend(overlap(look, object, other, outer.contains(*block)));
            }
            around.push((*block, object));
        }
        findings
    }
}

fn hole(look: &Look, holdings: &[Holding], object: &Object, bare: &[Block]) -> Finding {
    const SHOWN: usize = 3;
    let key = object.key();
    let mut parts: Vec<String> = bare.iter().take(SHOWN).map(|part| part.prefix_text()).collect();
    if bare.len() > SHOWN {
        parts.push("…".to_owned());
    }
    let text = format!("{key} uses {}, which no assignment covers", parts.join(", "));
    let inner = object.block();
    let holding = holdings.iter().rfind(|each| inner.is_some_and(|inner| each.block.contains(inner)));
    let class = holding.map_or(Class::Inet6num, |holding| class_of(holding.block));
    let status = if class == Class::Inetnum { "ASSIGNED PA" } else { "ASSIGNED" };
    let at = holding.and_then(|holding| holding.place.as_ref());
    let at = at.map_or_else(String::new, |at| {
        format!(" (a block of the [[allocation]] at {}:{})", at.source.name(), at.line())
    });
    let remedy = format!(
        "declare an {class} with `status: {status}` for it{at}, then `ripectl plan`; or take {key} away if nobody uses the space"
    );
    look.finding("arc-unassigned", object, None, text).weighing(Severity::Warning).fix(remedy)
}

/// What is wrong where one assignment overlaps the one that stands before it.
fn overlap(look: &Look, object: &Object, other: &Object, is_inside: bool) -> Option<Finding> {
    let status = |object: &Object| object.value(Name::Status).unwrap_or_default();
    let may = || match (Status::of(object), Status::of(other)) {
        (Some(inner), Some(outer)) => inner.fits_below(outer),
        _ => true, // statuses that there are no more: nobody knows
    };
    let (key, above) = (object.key(), other.key());
    let (text, remedy) = match is_inside {
        true if may() => return None,
        true => (
            format!(
                "{key} ({}) lies in {above} ({}), which leaves nothing to assign",
                status(object),
                status(other)
            ),
            format!(
                "take one of the two away, or ask {} for another status",
                other.values(Name::MntBy).join(", ")
            ),
        ),
        false => (
            format!("{key} ({}) and {above} ({}) overlap", status(object), status(other)),
            "take one of the two away and make it anew beside the other".to_owned(),
        ),
    };
    Some(look.finding("arc-overlap", object, None, text).fix(remedy))
}

/// The addresses of all blocks, in blocks that neither overlap nor touch.
fn union(blocks: impl Iterator<Item = Block>) -> Vec<(u128, u128)> {
    let mut blocks: Vec<Block> = blocks.collect();
    blocks.sort();
    let mut union: Vec<(u128, u128)> = Vec::new();
    for block in blocks {
        match union.last_mut() {
            Some((_, last)) if block.first() <= last.saturating_add(1) => *last = block.last().max(*last),
            _ => union.push((block.first(), block.last())),
        }
    }
    union
}

/// The parts of `block` that `covered`, a union of the same family, leaves free.
pub(super) fn uncovered(block: Block, covered: &[(u128, u128)]) -> Vec<Block> {
    let mut free = Vec::new();
    let mut next = Some(block.first());
    let behind = covered.partition_point(|(_, last)| *last < block.first());
    for (first, last) in covered.iter().skip(behind) {
        let Some(begin) = next.filter(|begin| *begin <= block.last()) else { break };
        if let Some(before) = first.checked_sub(1).filter(|before| *before >= begin) {
            free.extend(block.part(begin, before));
        }
        next = last.checked_add(1);
    }
    free.extend(
        next.filter(|begin| *begin <= block.last()).and_then(|begin| block.part(begin, block.last())),
    );
    free
}

/// How many thousandths of `block` are covered.
fn permille(covered: &[(u128, u128)], block: Block) -> u16 {
    let size = |first: u128, last: u128| (last - first).saturating_add(1);
    let parts = covered.iter().filter_map(|(first, last)| block.part(*first, *last));
    let assigned = parts.fold(0u128, |sum, part| sum.saturating_add(size(part.first(), part.last())));
    let whole = size(block.first(), block.last());
    // Of large blocks the last bits do not matter, and a thousand times as many addresses would be no number.
    let shift = if whole > u128::MAX / 1000 { 10 } else { 0 };
    let share = (assigned >> shift) * 1000 / (whole >> shift).max(1);
    u16::try_from(share.min(1000)).unwrap_or(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        Block::parse(text).unwrap()
    }

    #[test]
    fn what_is_left_between_assignments_is_named() {
        let check = |whole: &str, parts: &[&str], free: &[&str], share| {
            let covered = union(parts.iter().map(|part| block(part)));
            let left: Vec<String> =
                uncovered(block(whole), &covered).into_iter().map(Block::prefix_text).collect();
            assert_eq!(
                (left, permille(&covered, block(whole))),
                (free.iter().map(ToString::to_string).collect(), share)
            );
        };
        check("192.0.2.0/24", &[], &["192.0.2.0/24"], 0);
        check("192.0.2.0/24", &["192.0.2.0/25", "192.0.2.64/26"], &["192.0.2.128/25"], 500);
        check("192.0.2.0/24", &["192.0.2.64/26"], &["192.0.2.0/26", "192.0.2.128/25"], 250);
        check("192.0.2.0/24", &["192.0.0.0/16"], &[], 1000);
        check("192.0.2.0/24", &["192.0.3.0/24", "192.0.1.0/24"], &["192.0.2.0/24"], 0);
        check("::/0", &["8000::/1"], &["::/1"], 500);
        check("255.255.255.0/24", &["255.255.255.128/25"], &["255.255.255.0/25"], 500);
        check(
            "2001:db8::/32",
            &["2001:db8::/48"],
            &["2001:db8:1:: - 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
            0,
        );
    }
}
