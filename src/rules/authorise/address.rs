//! The parent of an inetnum or inet6num: its `mnt-lower`, or without one its `mnt-by`.

use super::{Authority, Decider, FROM_ABOVE, Finding};
use crate::{
    net::{Block, Family},
    registered::Known,
    rpsl::Class,
    rules::{Case, Kind},
};

/// The class that describes blocks of this family.
pub fn class_of(block: Block) -> Class {
    match block.family() {
        Family::V4 => Class::Inetnum,
        Family::V6 => Class::Inet6num,
    }
}

/// Creation needs the parent's consent; without exactly one parent a business rule refuses.
pub fn check(case: &Case) -> Known<Finding> {
    let block = match (case.kind, case.class()) {
        (Kind::Create, Class::Inetnum | Class::Inet6num) => case.after.block(),
        _ => None,
    };
    let Some(block) = block else { return Ok(Finding::default()) };
    let parents = case.world.less_specific(case.class(), block)?.into_iter().next().unwrap_or_default();
    let [parent] = parents.as_slice() else { return Ok(Finding::default()) };
    let decider = Decider::first(parent, FROM_ABOVE);
    let authority = decider.ask(case, &parent.values(decider.attribute), None)?;
    Ok(Finding::required(authority, Authority::parent_refusal))
}
