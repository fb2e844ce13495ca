//! `AGGREGATED-BY-LIR` and `assignment-size`: a block divided into assignments of one size.

use super::{
    super::{Case, Kind, Message, Rule, WRITE},
    hierarchy,
    status::AGGREGATED,
};
use crate::{
    registered::Known,
    rpsl::{Class, Name, Object},
};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "inet6num-assignment-size",
        source: "inet6num.Inet6numAggregatedByLirStatusValidator",
        says: "`assignment-size` stands with AGGREGATED-BY-LIR alone, and what is directly below has that length",
        classes: &[Class::Inet6num],
        kinds: WRITE,
        check: assignment_size,
        remedy: "an `AGGREGATED-BY-LIR` block has `assignment-size:`, the prefix length of everything directly below it",
    },
    Rule {
        name: "inetnum-assignment-size",
        source: "inetnum.InetnumAggregatedByLirStatusValidator",
        says: "`assignment-size` stands with AGGREGATED-BY-LIR alone, and what is directly below has that length",
        classes: &[Class::Inetnum],
        kinds: WRITE,
        check: assignment_size,
        remedy: "only an `AGGREGATED-BY-LIR` block has `assignment-size:`, the prefix length of everything directly below it",
    },
];

/// How many levels of aggregation may be nested.
const LEVELS: usize = 2;

fn is_aggregated(object: &Object) -> bool {
    object.names(Name::Status, AGGREGATED)
}

fn size(object: &Object) -> Option<i16> {
    object.value(Name::AssignmentSize)?.parse().ok()
}

fn assignment_size(case: &Case) -> Known<Vec<Message>> {
    if case.kind == Kind::Modify {
        return Ok(changed(case));
    }
    let mut messages = Vec::new();
    if is_aggregated(case.after) {
        messages.extend(own_size(case)?);
        messages.extend(nested(case)?);
    } else {
        messages.extend(misplaced(case));
    }
    messages.extend(size_of_parent(case)?);
    Ok(messages)
}

fn changed(case: &Case) -> Vec<Message> {
    match (case.changes(Name::AssignmentSize), is_aggregated(case.after)) {
        (false, _) => Vec::new(),
        (true, true) => vec![Message::error("\"assignment-size:\" value cannot be changed")],
        (true, false) => misplaced(case),
    }
}

fn misplaced(case: &Case) -> Vec<Message> {
    let text = "\"assignment-size:\" attribute only allowed with status %s";
    case.after.all(Name::AssignmentSize).map(|at| Message::error(text).arg(AGGREGATED).on(at)).collect()
}

/// It is there where it must be, fits the block, and fits what is below already.
fn own_size(case: &Case) -> Known<Vec<Message>> {
    let Some(block) = case.after.block() else { return Ok(Vec::new()) };
    let (own, most) = (hierarchy::length(block), i16::from(block.family().bits()));
    Ok(match size(case.after) {
        None if case.class() == Class::Inet6num => {
            vec![Message::error("Missing required \"%s\" attribute").arg(Name::AssignmentSize)]
        }
        None => Vec::new(),
        Some(size) if size > most => {
            let text = "\"assignment-size:\" value must not be greater than the maximum prefix size %s";
            vec![Message::error(text).arg(most)]
        }
        Some(size) if size <= own => {
            vec![Message::error("\"assignment-size:\" value must be greater than prefix size %s").arg(own)]
        }
        Some(size) => {
            let other = |child: &&Object| child.block().is_some_and(|block| hierarchy::length(block) != size);
            let text = "More specific objects exist that do not match assignment-size";
            let others: Vec<&Object> = hierarchy::children(case)?.into_iter().filter(other).collect();
            let remedy =
                |names| format!("{names} below it: no /{size}; choose another size, or take that away first");
            hierarchy::named(&others)
                .map(|names| Message::error(text).remedy(remedy(names)))
                .into_iter()
                .collect()
        }
    })
}

/// What stands directly below an aggregated block has the size that it says.
fn size_of_parent(case: &Case) -> Known<Option<Message>> {
    let (Some(block), Some(parent)) = (case.after.block(), hierarchy::parent(case)?) else { return Ok(None) };
    let wanted = size(parent).filter(|_| is_aggregated(parent));
    let text = "Prefix length for %s must be %s";
    Ok(wanted.filter(|size| *size != hierarchy::length(block)).map(|size| {
        let remedy = format!("{} above it has `assignment-size: {size}`: make it a /{size}", parent.key());
        Message::error(text).arg(hierarchy::interval(block)).arg(size).remedy(remedy)
    }))
}

fn nested(case: &Case) -> Known<Option<Message>> {
    let Some(block) = case.after.block() else { return Ok(None) };
    let above = case.world.less_specific(case.class(), block)?;
    let mut others: Vec<&Object> =
        above.into_iter().flatten().filter(|object| is_aggregated(object)).collect();
    let levels = 1 + others.len() + levels_below(case, case.after)?;
    others.extend(hierarchy::children(case)?.into_iter().filter(|child| is_aggregated(child)));
    let text = "Only two levels of hierarchy allowed with status AGGREGATED-BY-LIR";
    let remedy = |names| format!("{AGGREGATED} are already {names}: choose another `status:`");
    let message = || {
        let message = Message::error(text);
        match hierarchy::named(&others) {
            Some(names) => message.remedy(remedy(names)),
            None => message,
        }
    };
    Ok((levels > LEVELS).then(message))
}

/// How many aggregated blocks stand below each other below `object`, without a gap.
fn levels_below(case: &Case, object: &Object) -> Known<usize> {
    let Some(block) = object.block() else { return Ok(0) };
    let mut deepest = 0;
    for child in case.world.children(case.class(), block)? {
        if is_aggregated(child) {
            deepest = deepest.max(1 + levels_below(case, child)?);
        }
    }
    Ok(deepest)
}
