//! Assignments that say the same: where one object could stand for all of them.
//!
//! A block with the status AGGREGATED-BY-LIR and an `assignment-size` says of each part of that size what it says itself, in
//! both families (ripe-738, ripe-826; the registry's `AggregatedByLirStatusValidator`).

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use crate::{
    estate::{Allocation, Declared, Estate},
    finding::{Finding, Severity, counted},
    net::{Block, Prefix},
    rpsl::{Class, Name, Object, is_generated},
    rules::business::{AGGREGATED, takes_aggregated},
};

/// As many assignments are worth an object in their place.
const WORTH: usize = 100;

/// A piece of information for each block whose assignments say the same, with the object that could stand for them.
pub fn suggestions(estate: &Estate) -> Vec<Finding> {
    let classes = [Class::Inetnum, Class::Inet6num];
    classes.into_iter().flat_map(|class| of_class(class, &estate.declared, &estate.allocations)).collect()
}

fn of_class(class: Class, declared: &[Declared], allocations: &[Allocation]) -> Vec<Finding> {
    let own = declared.iter().filter(|each| each.object.class() == class);
    let own = own.filter_map(|each| Some((each.object.block()?, Some(each))));
    let held = allocations.iter().map(|allocation| (allocation.prefix.block(), None));
    let mut blocks: Vec<(Block, Option<&Declared>)> = held.chain(own).collect();
    blocks.sort_by_key(|(block, declared)| (*block, declared.is_some())); // a block stands before all that it contains
    let mut says = Sayings::default();
    let mut findings = Vec::new();
    for (above, below) in families(&blocks) {
        let Some((parent, holder)) = blocks.get(above).copied() else { continue };
        if below.len() < WORTH || holder.is_some_and(|holder| !takes_aggregated(&holder.object)) {
            continue;
        }
        let below: Vec<_> = below.iter().filter_map(|at| blocks.get(*at)).collect();
        let siblings: Vec<(Block, usize)> =
            below.iter().map(|(block, declared)| (*block, says.number(*declared))).collect();
        for (prefix, range) in uniform(parent, &siblings, WORTH) {
            let alike = below.get(range).unwrap_or_default();
            let alike: Vec<&Declared> = alike.iter().filter_map(|(_, declared)| *declared).collect();
            findings.extend(suggestion(prefix, &alike));
        }
    }
    findings
}

/// The blocks directly below each block, by their indices in `blocks`, which are in their order.
fn families<T>(blocks: &[(Block, T)]) -> BTreeMap<usize, Vec<usize>> {
    let mut families: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut above: Vec<(usize, Block)> = Vec::new();
    for (at, (block, _)) in blocks.iter().enumerate() {
        while above.last().is_some_and(|(_, outer)| !outer.contains(*block)) {
            above.pop();
        }
        if let Some((parent, _)) = above.last() {
            families.entry(*parent).or_default().push(at);
        }
        above.push((at, *block));
    }
    families
}

/// What assignments say, each saying with a number.
#[derive(Default)]
struct Sayings {
    known: HashMap<String, usize>,
    next: usize,
}

impl Sayings {
    /// The number of what this one says: the same for all that say the same of blocks of one size; one of its own for what
    /// no aggregate could stand for.
    fn number(&mut self, declared: Option<&Declared>) -> usize {
        self.next += 1;
        let whole = declared.filter(|declared| declared.shared.is_none());
        match whole.and_then(|declared| said(&declared.object)) {
            Some(said) => *self.known.entry(said).or_insert(self.next),
            None => self.next,
        }
    }
}

/// What an assignment says beside its key, with `#` for the numbers in its name.
fn said(object: &Object) -> Option<String> {
    let status = object.value(Name::Status)?.to_ascii_uppercase();
    let length = object.prefix()?.len();
    let mut said = format!("/{length}");
    for attribute in object.attributes().filter(|a| a.name.is_some_and(|name| !is_generated(name))) {
        match attribute.name {
            Some(name) if name == object.class().first() => {}
            Some(Name::Netname) => said.push_str(&numberless(&attribute.value())),
            _ => {
                let (label, elements, comment) = attribute.normal();
                said.extend(["\n", &label, ":"]);
                said.extend(elements.iter().flat_map(|element| [element.as_str(), ","]));
                said.extend(comment.iter().flat_map(|comment| ["#", comment.as_str()]));
            }
        }
    }
    ["ASSIGNED", "ASSIGNED PA"].contains(&status.as_str()).then_some(said)
}

/// The name in small letters, with `#` for each run of digits.
fn numberless(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        match c.is_ascii_digit() {
            true if text.ends_with('#') => {}
            true => text.push('#'),
            false => text.extend(c.to_lowercase()),
        }
    }
    text
}

/// The prefixes below `parent` in which at least `worth` of `siblings` lie that say the same, and nothing else, each with the
/// range of those; the widest ones, cut to what they hold. `siblings` are in the order of their addresses, and apart.
fn uniform(parent: Block, siblings: &[(Block, usize)], worth: usize) -> Vec<(Prefix, Range<usize>)> {
    let mut alike_until: Vec<usize> = (1..=siblings.len()).collect();
    for at in (1..siblings.len()).rev() {
        if siblings[at - 1].1 == siblings[at].1 {
            alike_until[at - 1] = alike_until[at];
        }
    }
    let (mut found, mut open) = (Vec::new(), Vec::from_iter([(0, siblings.len())]));
    while let Some((start, end)) = open.pop() {
        if end - start < worth.max(2) {
            continue;
        }
        let Some(around) = around(siblings[start].0, siblings[end - 1].0) else { continue };
        let all = around.block();
        let is_apart = |at: usize| siblings.get(at).is_none_or(|(other, _)| !other.overlaps(all));
        let is_alike = alike_until[start] >= end && all != parent;
        if is_alike && is_apart(end) && is_apart(start.wrapping_sub(1)) {
            found.push((around, start..end));
            continue;
        }
        let middle = all.first() + (all.last() - all.first()) / 2;
        let cut = start + siblings[start..end].partition_point(|(block, _)| block.first() <= middle);
        if cut > start && cut < end {
            open.extend([(cut, end), (start, cut)]);
        }
    }
    found
}

/// The longest prefix that contains both.
fn around(first: Block, last: Block) -> Option<Prefix> {
    let bits = u32::from(first.family().bits());
    let common = (first.first() ^ last.last()).leading_zeros().checked_sub(128 - bits)?;
    let [start, _] = first.ends();
    start.prefix()?.shortened(u8::try_from(common.min(bits)).ok()?)
}

fn suggestion(prefix: Prefix, alike: &[&Declared]) -> Option<Finding> {
    let (first, last) = (alike.first()?, alike.last()?);
    let object = aggregate(prefix, &first.object, &last.object)?;
    let (class, size) = (object.class(), first.object.prefix()?.len());
    let text = format!(
        "{} in {prefix} say the same, of a /{size} each: one {class} with the status {AGGREGATED} could stand for them\n{}",
        counted(alike.len(), "assignment"),
        object.print().trim_end()
    );
    let remedy = "declare that one, and once it is registered take the others out; or leave it, if each is to be found by itself";
    let finding = Finding::error("aggregation", text).weighing(Severity::Info).about(object.key());
    Some(finding.fix(remedy).at(first.place.clone()))
}

/// The object that could stand for all from `first` to `last`.
fn aggregate(prefix: Prefix, first: &Object, last: &Object) -> Option<Object> {
    let class = first.class();
    let mut draft = first.without(is_generated).edit();
    draft.set(class.first(), &prefix.block().to_string());
    draft.set(Name::Netname, &common_name(&first.value(Name::Netname)?, &last.value(Name::Netname)?));
    draft.set(Name::Status, AGGREGATED);
    draft.insert(class, Name::AssignmentSize, &first.prefix()?.len().to_string());
    draft.build().ok()
}

/// What two names begin with, without a number or a mark at its end; the first one, if that is too little for a name.
fn common_name(first: &str, last: &str) -> String {
    if first.eq_ignore_ascii_case(last) {
        return first.to_owned();
    }
    let same = first.chars().zip(last.chars()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).map(|(a, _)| a);
    let same: String = same.collect();
    let name = same.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '_');
    if name.chars().count() < 2 { first.to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn block(text: &str) -> Block {
        text.parse::<Prefix>().unwrap().block()
    }

    /// The /48s of `2001:db8::/32` with these indices, each with what it says.
    fn siblings(said: &[(u32, usize)]) -> Vec<(Block, usize)> {
        let split = crate::net::Split::new("2001:db8::/32".parse().unwrap(), 48).unwrap();
        said.iter().map(|(index, says)| (split.child(*index).unwrap().block(), *says)).collect()
    }

    fn check(said: &[(u32, usize)], worth: usize, expected: &[&str]) {
        let found = uniform(block("2001:db8::/32"), &siblings(said), worth);
        let shown: Vec<String> =
            found.iter().map(|(prefix, range)| format!("{prefix} {}..{}", range.start, range.end)).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_widest_that_hold_nothing_else_are_found() {
        check(&[(0, 1), (1, 1), (2, 1), (3, 1)], 4, &["2001:db8::/46 0..4"]);
        check(&[(0, 1), (1, 1), (2, 1), (3, 1)], 5, &[]);
        check(&[(0, 1), (1, 1), (2, 2), (3, 1)], 2, &["2001:db8::/47 0..2"]);
        check(&[(4, 1), (5, 1), (9, 1), (12, 1)], 2, &["2001:db8::/44 0..4"]);
        // All of the parent is the parent's.
        check(
            &[(0, 1), (1, 1), (65534, 1), (65535, 1)],
            2,
            &["2001:db8::/47 0..2", "2001:db8:fffe::/47 2..4"],
        );
    }

    #[test]
    fn names_are_numbered_or_the_same() {
        let check = |first: &str, last: &str, expected: &str| assert_eq!(common_name(first, last), expected);
        check("CUST", "cust", "CUST");
        check("CUST-001", "CUST-100", "CUST");
        check("CUST1-NL", "CUST9-NL", "CUST");
        check("1A", "2A", "1A");
        assert_eq!(numberless("Cust-001-NL2"), "cust-#-nl#");
    }

    #[test]
    fn a_hundred_thousand_are_looked_at_in_little_time() {
        let said: Vec<(u32, usize)> =
            (0..65_536).map(|index| (index, 1 + usize::from(index % 128 == 0))).collect();
        let siblings = siblings(&said);
        let begun = std::time::Instant::now();
        let found = uniform(block("2001:db8::/32"), &siblings, 32);
        let blocks: Vec<(Block, ())> = std::iter::once((block("2001:db8::/32"), ()))
            .chain(siblings.iter().map(|(block, _)| (*block, ())))
            .collect();
        assert_eq!(families(&blocks).into_values().map(|below| below.len()).collect::<Vec<_>>(), [65_536]);
        assert_eq!(found.len(), 512 * 2, "a /42 and a /43 of each /41");
        assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    }

    proptest! {
        #[test]
        fn what_is_found_holds_enough_that_is_alike_and_nothing_else(
            said in prop::collection::btree_map(0u32..256, 1usize..3, 0..120),
            worth in 2usize..12,
        ) {
            let said: Vec<(u32, usize)> = said.into_iter().collect();
            let siblings = siblings(&said);
            let parent = block("2001:db8::/32");
            let found = uniform(parent, &siblings, worth);
            for (prefix, range) in &found {
                let inside: Vec<usize> =
                    (0..siblings.len()).filter(|at| prefix.block().overlaps(siblings[*at].0)).collect();
                prop_assert_eq!(inside, range.clone().collect::<Vec<_>>());
                prop_assert!(range.len() >= worth);
                prop_assert!(siblings[range.clone()].iter().all(|(_, says)| *says == siblings[range.start].1));
                prop_assert!(prefix.block() != parent && parent.contains(prefix.block()));
            }
            // No prefix is passed over: each /40 to /47 that would do lies in one that was found.
            for length in 40..48u8 {
                for (block, says) in &siblings {
                    let wide = block.prefix().unwrap().shortened(length).unwrap();
                    let inside: Vec<_> = siblings.iter().filter(|(b, _)| wide.block().contains(*b)).collect();
                    if inside.len() >= worth && inside.iter().all(|(_, other)| other == says) {
                        let has = |range: &Range<usize>| siblings[range.clone()].iter().any(|(b, _)| b == block);
                        let is_found = found.iter().any(|(prefix, range)| prefix.covers(wide) || has(range));
                        prop_assert!(is_found, "{wide} is passed over");
                    }
                }
            }
        }
    }
}
