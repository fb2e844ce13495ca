//! What a search finds.

use std::collections::BTreeMap;

use super::{flags::Flag, query::Query};
use crate::{
    net::Block,
    registered::Registered,
    rpsl::{Class, Key, Name, Object},
    sandbox::http::key::as_range,
};

/// The objects, in the order of classes and keys; those around an address from the largest to the smallest. What is
/// `unread` is not yet among the addresses.
pub fn find<'w>(query: &Query, world: &'w Registered, unread: &dyn Fn(&Key) -> bool) -> Vec<&'w Object> {
    if let Some(names) = &query.inverse {
        return by_value(query, names, world);
    }
    let search = Search { query, world, unread };
    query.classes.iter().flat_map(|class| search.of(*class)).collect()
}

fn by_value<'w>(query: &Query, names: &[Name], world: &'w Registered) -> Vec<&'w Object> {
    let found = names.iter().flat_map(|name| world.objects.entries_with_value(*name, &query.key.text));
    let once: BTreeMap<&Key, &Object> =
        found.filter(|(key, _)| query.classes.contains(&key.class())).collect();
    once.into_values().collect()
}

/// A search by key or address.
struct Search<'q, 'w> {
    query: &'q Query,
    world: &'w Registered,
    unread: &'q dyn Fn(&Key) -> bool,
}

impl<'w> Search<'_, 'w> {
    /// The objects of one class.
    fn of(&self, class: Class) -> Vec<&'w Object> {
        let key = &self.query.key;
        match class {
            Class::AsBlock => self.as_block(),
            Class::Inetnum | Class::Inet6num => match key.block {
                Some(block) => self.around(class, block),
                None => self.indexed(class),
            },
            Class::Domain if key.text.to_ascii_lowercase().ends_with("e164.arpa") => self.indexed(class),
            Class::Domain => key.zone.map_or_else(Vec::new, |zone| self.around(class, zone)),
            Class::Route | Class::Route6 => {
                let mut found = key.block.map_or_else(Vec::new, |block| self.around(class, block));
                if let Some(origin) = &key.origin {
                    found.retain(|object| object.names(Name::Origin, origin));
                }
                found
            }
            _ => self.indexed(class),
        }
    }

    /// The as-block that holds the numbers.
    fn as_block(&self) -> Vec<&'w Object> {
        let Some((first, last)) = as_range(&self.query.key.text) else { return Vec::new() };
        let holds = |object: &&Object| {
            let range = object.value(Name::AsBlock).and_then(|text| as_range(&text));
            range.is_some_and(|(from, to)| from <= first && last <= to)
        };
        let blocks = self.world.objects.iter().map(|(_, object)| object);
        blocks.filter(|object| object.class() == Class::AsBlock).find(holds).into_iter().collect()
    }

    /// By primary key, and by the other attributes for lookups.
    fn indexed(&self, class: Class) -> Vec<&'w Object> {
        let key = &self.query.key;
        let lookups = class.template().rows.iter().filter(|row| row.lookup && key.may_be(row.name));
        let found = lookups.flat_map(|row| match row.primary {
            true => self.world.objects.get(&Key::new(class, &key.text)).into_iter().collect(),
            false => self.world.objects.with_value(row.name, &key.text),
        });
        in_order(found.filter(|object| object.class() == class).collect())
    }

    /// Around an address: the exact block or else the closest above it, unless a flag says how far.
    fn around(&self, class: Class, block: Block) -> Vec<&'w Object> {
        let objects = &self.world.objects;
        let exact = || self.read(objects.exact(class, block));
        let above = || {
            let levels = objects.less_specific(class, block).into_iter().map(|level| self.read(level));
            levels.filter(|level| !level.is_empty()).collect::<Vec<_>>()
        };
        let closest = || above().into_iter().next().unwrap_or_default();
        match self.query.around {
            Some(Flag::Exact) => exact(),
            Some(Flag::OneLess) => closest(),
            Some(Flag::AllLess) => above().into_iter().rev().flatten().chain(exact()).collect(),
            Some(Flag::OneMore) => outermost(self.read(objects.more_specific(class, block))),
            Some(_) => self.read(objects.more_specific(class, block)),
            None if self.query.key.origin.is_some() => exact(),
            None => Some(exact()).filter(|exact| !exact.is_empty()).unwrap_or_else(closest),
        }
    }

    /// Those that the addresses were read with.
    fn read(&self, mut objects: Vec<&'w Object>) -> Vec<&'w Object> {
        objects.retain(|object| !(self.unread)(&object.key()));
        objects
    }
}

/// Those that are inside no other; of each, the larger stands before what it contains.
fn outermost(objects: Vec<&Object>) -> Vec<&Object> {
    let mut outer: Vec<&Object> = Vec::new();
    for object in objects {
        let inside = |last: &&Object| match (last.block(), object.block()) {
            (Some(last), Some(block)) => last != block && last.contains(block),
            _ => false,
        };
        if !outer.last().is_some_and(inside) {
            outer.push(object);
        }
    }
    outer
}

/// Each once, in the order of classes and keys.
fn in_order(mut objects: Vec<&Object>) -> Vec<&Object> {
    objects.sort_by_cached_key(|object| object.key());
    objects.dedup_by_key(|object| object.key());
    objects
}
