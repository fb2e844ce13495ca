//! What is registered as files of an estate: which objects are taken over, and how they are written.
//!
//! [`Wanted`] says which objects are looked for, [`sort`] which of those that were found are ours to declare, [`files`] in
//! which files they go. Nothing here asks a registry or writes a file.

pub mod config;
mod dump;
mod fold;
mod layout;
mod managed;
mod place;
mod wanted;

pub use dump::{Dump, dump};
pub use fold::{Folded, fold};
pub use layout::{files, text};
pub use managed::with_managed;
pub use place::{object_at, with_objects};
pub use wanted::Wanted;

use std::collections::{BTreeSet, HashMap};

use crate::{
    estate::{Declared, Estate},
    plan::is_ours,
    registered::{Inventory, Query},
    rpsl::{Key, Name, Object},
    rules::prepare::filtered::{is_filtered, is_marked},
};

/// What was looked for and found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Ours, and declared nowhere yet.
    pub new: Vec<Object>,
    /// Ours, and declared already.
    pub declared: Vec<Object>,
    /// Ours, and not shown whole: written as it is shown it would be damaged by the next run.
    pub hidden: Vec<Key>,
    /// Others'.
    pub others: Vec<Key>,
}

/// What must be known of the surroundings of blocks, to see which lie below the same one.
pub fn above(objects: &[Object]) -> BTreeSet<Query> {
    let blocks = objects.iter().filter(|object| object.class().is_address());
    blocks.filter_map(|object| Some(Query::Covering(object.class(), object.block()?))).collect()
}

/// Whether the registry has left something out of it.
fn is_hidden(object: &Object) -> bool {
    is_filtered(object) || object.all(Name::Auth).any(|attribute| is_marked(&attribute))
}

/// What is ours to declare of a registered object: all, or a part of what is shared.
fn part_of(object: &Object, estate: &Estate) -> Object {
    let shared = estate.shared.iter().find(|shared| shared.means(&object.key()));
    shared.map_or_else(|| object.clone(), |shared| shared.part_of(object))
}

/// A registered object as it would stand in the place of `declared`: of what is shared only the part that is ours changes.
fn as_declared(object: &Object, declared: &Declared) -> Object {
    match &declared.shared {
        Some(shared) => declared.object.with_attributes_of(object, shared.attributes()),
        None => object.clone(),
    }
}

/// Sorts what was found of what was wanted. `registered` may hold more than that.
pub fn sort(registered: &Inventory, wanted: &[Wanted], estate: &Estate) -> Found {
    let declared: HashMap<Key, &Declared> =
        estate.declared.iter().map(|each| (each.object.key(), each)).collect();
    let mut found = Found::default();
    for (key, object) in registered.iter() {
        if !wanted.iter().any(|wanted| wanted.wants(key, object)) {
            continue;
        }
        match (is_ours(object, &estate.manage), declared.get(key)) {
            (false, _) => found.others.push(key.clone()),
            (true, Some(declared)) => found.declared.push(as_declared(object, declared)),
            (true, None) if is_hidden(object) => found.hidden.push(key.clone()),
            (true, None) => found.new.push(part_of(object, estate)),
        }
    }
    found
}
