//! Blocks that are alike, as `[[allocation]]` tables and templates: what is the same stands in the template once, and what
//! differs is a variable of the block.

mod shape;
mod table;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use crate::{
    net::{Block, Family, Prefix, zone_block, zone_of},
    registered::Inventory,
    rpsl::{Class, Key, Object},
};

pub use table::Folded;

/// Fewer blocks below one are no table.
const FEW: usize = 4;

/// A block, with what templates can make of it.
#[derive(Clone, Debug)]
struct Bundle<'a> {
    prefix: Prefix,
    /// The block itself, its only route and its zone.
    objects: BTreeMap<Class, &'a Object>,
}

/// The tables for `objects`, each for what lies below one block of those that are `registered`. What is in `apart` is in
/// none, and none overlaps a prefix of `held`, which has one already. `templates` are the files that are there.
pub fn fold(
    objects: &[Object],
    registered: &Inventory,
    apart: &BTreeSet<Key>,
    held: &[Prefix],
    templates: &BTreeSet<PathBuf>,
) -> Vec<Folded> {
    let ours = Inventory::of(objects.iter().filter(|object| !apart.contains(&object.key())).cloned());
    let mut below: BTreeMap<Prefix, Vec<Bundle>> = BTreeMap::new();
    for (_, object) in ours.iter().filter(|(key, _)| key.class().is_address()) {
        if let (Some(parent), Some(bundle)) = (parent(object, registered), bundle(object, &ours)) {
            below.entry(parent).or_default().push(bundle);
        }
    }
    let mut taken: Vec<Prefix> = held.to_vec();
    let mut folded = Vec::new();
    for (parent, bundles) in below.into_iter().filter(|(_, bundles)| bundles.len() >= FEW) {
        // A block of one allocation is not divided by another: their rows would overlap.
        if taken.iter().all(|other| !other.block().overlaps(parent.block())) {
            taken.push(parent);
            folded.push(table::table(parent, &bundles, templates));
        }
    }
    folded
}

/// The closest block above, unless it is one out of which a registry allocates.
fn parent(object: &Object, registered: &Inventory) -> Option<Prefix> {
    let block = object.block().filter(|block| block.prefix().is_some())?;
    let levels = registered.less_specific(object.class(), block);
    let closest = levels.into_iter().flatten().next()?.block()?.prefix()?;
    (closest.len() >= shortest(block)).then_some(closest)
}

/// How short the prefix of an allocation is at most.
fn shortest(block: Block) -> u8 {
    match block.family() {
        Family::V4 => 10,
        Family::V6 => 19,
    }
}

/// A block with its route, if it has just one, and its reverse zone.
fn bundle<'a>(block: &'a Object, ours: &'a Inventory) -> Option<Bundle<'a>> {
    let prefix = block.block()?.prefix()?;
    let mut objects = BTreeMap::from([(block.class(), block)]);
    let route = if block.class() == Class::Inet6num { Class::Route6 } else { Class::Route };
    if let [only] = ours.exact(route, prefix.block()).as_slice() {
        objects.insert(route, *only);
    }
    let zone = zone_of(prefix).filter(|zone| zone_block(zone) == Some(prefix.block()));
    if let Some(zone) = zone.and_then(|zone| ours.get(&Key::new(Class::Domain, &zone))) {
        objects.insert(Class::Domain, zone);
    }
    Some(Bundle { prefix, objects })
}
