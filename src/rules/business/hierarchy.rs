//! Where an address object stands among the others: one above it, none across it.

use super::super::{CREATE, Case, Message, Rule};
use crate::{
    net::{Block, Family},
    registered::Known,
    rpsl::{Class, Object},
};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "space-overlap",
        source: "inetnum.IntersectionValidator",
        says: "a new block stands below exactly one other, and crosses none",
        classes: &[Class::Inetnum, Class::Inet6num],
        kinds: CREATE,
        check: one_above_none_across,
        remedy: "choose a block inside one registered object, with every other one either inside it or apart",
    },
    Rule {
        name: "space-smallest",
        source: "inet6num.Inet6numPrefixValidator",
        says: "an inet6num is a /64 or larger",
        classes: &[Class::Inet6num],
        kinds: CREATE,
        check: not_too_small,
        remedy: "register the /64 that the block is in",
    },
];

/// The longest prefix of an inet6num.
const SMALLEST: i16 = 64;

/// The object directly above the block of the case's object.
pub fn parent<'a>(case: &Case<'a>) -> Known<Option<&'a Object>> {
    let Some(block) = case.after.block() else { return Ok(None) };
    let above = case.world.less_specific(case.class(), block)?;
    Ok(above.into_iter().next().and_then(|level| level.into_iter().next()))
}

/// The objects directly below the block of the case's object.
pub fn children<'a>(case: &Case<'a>) -> Known<Vec<&'a Object>> {
    match case.after.block() {
        Some(block) => case.world.children(case.class(), block),
        None => Ok(Vec::new()),
    }
}

/// The first few of `objects`, and how many more there are, where the registry does not say which ones are in the way.
pub fn named(objects: &[&Object]) -> Option<String> {
    const SHOWN: usize = 3;
    let shown: Vec<String> = objects.iter().take(SHOWN).map(|object| object.key().to_string()).collect();
    let more = objects.len().saturating_sub(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    (!objects.is_empty()).then(|| format!("{}{more}", shown.join(", ")))
}

/// What the registry says of an object that has nothing above it.
pub fn orphaned(case: &Case) -> Option<Message> {
    let block = case.after.block()?;
    Some(Message::error("Interval %s must have exactly one parent").arg(interval(block)))
}

/// The prefix length of a block as the registry counts it: from its size, wherever it begins; -1 for a size that
/// no prefix has.
pub fn length(block: Block) -> i16 {
    let size = block.last() - block.first(); // one less than the number of addresses
    match size & size.wrapping_add(1) {
        0 => i16::from(block.family().bits()) - i16::try_from(size.count_ones()).unwrap_or_default(),
        _ => -1,
    }
}

/// A block as the registry writes it in messages: its first address and its length, or else the range.
pub fn interval(block: Block) -> String {
    let range = block.range_text();
    match (length(block), range.split_once(" - ")) {
        (0.., Some((first, _))) => format!("{first}/{}", length(block)),
        _ => range,
    }
}

/// The first object of `class` that overlaps `block` though neither contains the other. As those of one class do not
/// cross each other, it is among those that contain one of the block's ends. Two prefixes never cross.
pub fn crossing<'a>(case: &Case<'a>, class: Class, block: Block) -> Known<Option<&'a Object>> {
    let mut found: Option<(Block, &Object)> = None;
    if block.family() == Family::V6 {
        return Ok(None);
    }
    for end in block.ends() {
        for object in case.world.less_specific(class, end)?.into_iter().flatten() {
            let other = object.block().filter(|other| !other.contains(block) && !block.contains(*other));
            if let Some(other) = other.filter(|other| found.is_none_or(|(first, _)| *other < first)) {
                found = Some((other, object));
            }
        }
    }
    Ok(found.map(|(_, object)| object))
}

fn one_above_none_across(case: &Case) -> Known<Vec<Message>> {
    let Some(block) = case.after.block() else { return Ok(Vec::new()) };
    if parent(case)?.is_none() {
        return Ok(orphaned(case).into_iter().collect());
    }
    let crossing = crossing(case, case.class(), block)?.and_then(Object::block);
    Ok(crossing.map(|other| Message::error("This range overlaps with %s").arg(other)).into_iter().collect())
}

fn not_too_small(case: &Case) -> Known<Vec<Message>> {
    let too_small = case.after.block().is_some_and(|block| length(block) > SMALLEST);
    Ok(too_small.then(|| Message::error("Minimum prefix size is %s").arg(SMALLEST)).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_written_as_the_registry_writes_it() {
        let check = |text: &str, expected: &str| assert_eq!(interval(Block::parse(text).unwrap()), expected);
        check("192.0.2.0 - 192.0.2.255", "192.0.2.0/24");
        check("192.0.2.1 - 192.0.2.2", "192.0.2.1/31");
        check("192.0.2.0 - 192.0.2.2", "192.0.2.0 - 192.0.2.2");
        check("0.0.0.0 - 255.255.255.255", "0.0.0.0/0");
        check("::/0", "::/0");
    }
}
