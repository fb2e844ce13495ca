//! What the RIPE NCC says it has delegated, against what the estate knows.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Delegated, Look,
    delegated::Entry,
    space::{Holding, uncovered},
};
use crate::{
    estate::Demand,
    finding::{Finding, Severity, counted},
    net::{Asn, Block},
    rpsl::{Class, Key, Object},
    rules::business::{Status, Trait},
};

/// What the comparison came to.
pub(super) struct Judged {
    pub findings: Vec<Finding>,
    pub notes: Vec<String>,
}

/// A resource of ours, and what it is known by.
struct Resource<'a> {
    object: &'a Object,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    Block(Block),
    Number(Asn),
}

/// Whether each resource of ours is delegated, all to one holder, and whether the estate knows all that this holder has.
pub(super) fn judge(
    look: &Look,
    delegated: &Delegated,
    subjects: &[&Object],
    holdings: &[Holding],
) -> Judged {
    let resources = resources(subjects, holdings);
    let (mut findings, mut notes) = (Vec::new(), Vec::new());
    let mut holders: BTreeMap<&str, Vec<Key>> = BTreeMap::new();
    for Resource { object, what } in &resources {
        let (held, missing) = lines(delegated, *what);
        findings.extend(missing.map(|missing| undelegated(look, delegated, object, &missing)));
        for holder in held {
            holders.entry(holder).or_default().push(object.key());
        }
    }
    // What an LIR gave us is not delegated to us, but to the LIR.
    let given = holdings.iter().filter(|holding| !holding.object.is_some_and(is_issued));
    findings.extend(given.filter_map(|holding| outside(delegated, holding)));
    if holders.len() > 1 {
        findings.push(several(delegated, &holders));
    }
    findings.extend(holders.keys().flat_map(|holder| unknown(look, delegated, holder)));
    let source = delegated.source.name();
    notes.push(match holders.len() {
        0 => format!("{source}: no resource of the estate was issued by the RIPE NCC itself, so no holder was looked for"),
        _ => format!("{source}: {} looked for", counted(resources.len(), "resource")),
    });
    Judged { findings, notes }
}

/// What the RIPE NCC issued: allocations, PI and anycast space, AS numbers.
fn resources<'a>(subjects: &[&'a Object], holdings: &[Holding<'a>]) -> Vec<Resource<'a>> {
    let held = holdings.iter().filter_map(|holding| holding.object);
    let all = held.chain(subjects.iter().copied()).filter(|object| is_issued(object));
    let resource = |object: &'a Object| {
        let what = match object.class() {
            Class::AutNum => What::Number(object.key().text().parse().ok()?),
            _ => What::Block(object.block()?),
        };
        Some((object.key(), Resource { object, what }))
    };
    let each: BTreeMap<Key, Resource> = all.filter_map(resource).collect();
    each.into_values().collect()
}

fn is_issued(object: &Object) -> bool {
    object.class() == Class::AutNum
        || Status::of(object).is_some_and(|status| status.has(Trait::NeedsRegistry))
}

/// The holders of a resource, and what of it the file has not as held.
fn lines(delegated: &Delegated, what: What) -> (BTreeSet<&str>, Option<String>) {
    match what {
        What::Number(asn) => {
            let entry = delegated.number(asn);
            let held = entry.filter(|entry| entry.is_held()).map(|entry| entry.holder.as_str());
            let missing = held.is_none().then(|| format!("{asn}{}", otherwise(entry)));
            (held.into_iter().collect(), missing)
        }
        What::Block(block) => {
            let held: Vec<&(Block, Entry)> =
                delegated.around(block).filter(|(_, entry)| entry.is_held()).collect();
            let holders = held.iter().map(|(_, entry)| entry.holder.as_str()).collect();
            let covered: Vec<(u128, u128)> =
                held.iter().map(|(each, _)| (each.first(), each.last())).collect();
            let missing = uncovered(block, &covered).into_iter().next().map(|part| {
                let entry = delegated.around(part).next().map(|(_, entry)| entry);
                format!("{}{}", part.prefix_text(), otherwise(entry))
            });
            (holders, missing)
        }
    }
}

/// What the file has instead of a delegation.
fn otherwise(entry: Option<&Entry>) -> String {
    entry.map_or_else(|| " in no line".to_owned(), |entry| format!(" as {}", entry.status))
}

fn undelegated(look: &Look, delegated: &Delegated, object: &Object, missing: &str) -> Finding {
    let text = format!("{} is registered, and {} has {missing}", object.key(), delegated.source.name());
    let remedy = "is the file of today? else ask the RIPE NCC (ncc@ripe.net) which of the two is right";
    look.finding("arc-delegated", object, None, text).fix(remedy)
}

/// An allocation of the estate that nobody holds.
fn outside(delegated: &Delegated, holding: &Holding) -> Option<Finding> {
    let (_, missing) = lines(delegated, What::Block(holding.block));
    let text = format!(
        "{} is an allocation of the estate, and {} has {}",
        holding.block.prefix_text(),
        delegated.source.name(),
        missing?
    );
    let finding = Finding::error("arc-delegated", text);
    let finding = finding.fix("correct its `prefix`, or ask your LIR whose space it is");
    Some(match &holding.place {
        Some(place) => finding.at(place.clone()),
        None => finding,
    })
}

fn several(delegated: &Delegated, holders: &BTreeMap<&str, Vec<Key>>) -> Finding {
    let each = holders.iter().map(|(holder, keys)| {
        let first = keys.first().map(Key::to_string).unwrap_or_default();
        let more = keys.len().saturating_sub(1);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{holder}: {first}{more}")
    });
    let text = format!(
        "{} has the resources of the estate with {} holders\n{}",
        delegated.source.name(),
        holders.len(),
        each.collect::<Vec<_>>().join("\n")
    );
    let remedy = "right if some are sponsored or a customer's; else ask the RIPE NCC (ncc@ripe.net) for a transfer or merger";
    Finding::error("arc-holders", text).weighing(Severity::Warning).fix(remedy)
}

/// What a holder has and the estate does not know.
fn unknown(look: &Look, delegated: &Delegated, holder: &str) -> Vec<Finding> {
    let known = Known::of(look);
    let tell = |what: String, entry: &Entry, class: Class| {
        let text =
            format!("{what} is delegated to the holder of the estate's resources, and no file knows it");
        let remedy = format!(
            "`ripectl import {class}/{what}` takes it into the files; or say that it is others': `[[expect]] object = \"{class}/{what}\"`"
        );
        Finding::error("arc-unknown-resource", text).fix(remedy).at(delegated.place(entry))
    };
    let blocks =
        delegated.blocks_of(holder).filter(|(block, _)| !known.blocks.iter().any(|own| own.overlaps(*block)));
    let blocks =
        blocks.map(|(block, entry)| tell(block.prefix_text(), entry, super::space::class_of(*block)));
    let numbers = delegated.numbers_of(holder);
    let numbers = numbers.filter(|(first, last, _)| known.numbers.range(*first..=*last).next().is_none());
    let numbers = numbers.map(|(first, _, entry)| tell(first.to_string(), entry, Class::AutNum));
    blocks.chain(numbers).collect()
}

/// What the estate speaks of.
struct Known {
    blocks: Vec<Block>,
    numbers: BTreeSet<Asn>,
}

impl Known {
    fn of(look: &Look) -> Known {
        let expected = look.estate.expects.iter().filter_map(|expect| match &expect.demand {
            Demand::Has { key, .. } => Some(key),
            Demand::Absent(_) => None,
        });
        let keys: Vec<&Key> = look.declared.keys().chain(expected).collect();
        let address = keys.iter().filter(|key| key.class().is_address()).filter_map(|key| key.block());
        let allocations = look.estate.allocations.iter().map(|allocation| allocation.prefix.block());
        let numbers = keys.iter().filter(|key| key.class() == Class::AutNum);
        Known {
            blocks: address.chain(allocations).collect(),
            numbers: numbers.filter_map(|key| key.text().parse().ok()).collect(),
        }
    }
}
