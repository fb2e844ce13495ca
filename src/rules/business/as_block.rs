//! Blocks of AS numbers, which the registry alone makes.

use super::super::{CREATE, Case, Message, Rule, WRITE, maintainers};
use crate::{
    net::Asn,
    registered::Known,
    rpsl::{Class, Object},
};

const AS_BLOCK: &[Class] = &[Class::AsBlock];

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "as-block-authority",
        source: "asblock.AsblockByRsMaintainersOnlyValidator",
        says: "as-blocks are made by the RIPE NCC",
        classes: AS_BLOCK,
        kinds: WRITE,
        check: by_the_registry,
        remedy: "as-block objects are the RIPE NCC's own; leave them out",
    },
    Rule {
        name: "as-block-hierarchy",
        source: "asblock.AsblockHierarchyValidator",
        says: "as-blocks do not overlap",
        classes: AS_BLOCK,
        kinds: CREATE,
        check: apart,
        remedy: "choose a range of AS numbers that no other as-block overlaps",
    },
];

fn by_the_registry(case: &Case) -> Known<Vec<Message>> {
    let theirs = case.proves_any(maintainers::DATABASE)?;
    Ok((!theirs).then(|| Message::error("As-block object are maintained by RIPE NCC")).into_iter().collect())
}

/// The first and last number of an as-block.
pub fn range(block: &Object) -> Option<(Asn, Asn)> {
    let key = block.key().text().to_ascii_uppercase();
    let (first, last) = key.split_once('-')?;
    Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
}

fn apart(case: &Case) -> Known<Vec<Message>> {
    let Some((first, last)) = range(case.after) else { return Ok(Vec::new()) };
    let mut existing: Vec<_> = case.world.as_blocks()?.into_iter().filter_map(range).collect();
    existing.sort_unstable();
    let overlapping = existing.into_iter().filter(|(from, to)| *from <= last && first <= *to);
    Ok(overlapping
        .map(|(from, to)| {
            let text = match () {
                () if from <= first && last <= to => "Parent As-block already exists",
                () if first <= from && to <= last => "Child As-block already exists",
                () => "Overlapping As-block already exists",
            };
            Message::error(text)
                .remedy(format!("as-block/{from} - {to} is there: choose a range apart from it"))
        })
        .collect())
}
