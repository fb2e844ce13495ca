//! Our address space: what is registered of it, and what may stand in it.

use crate::{
    estate::Manage,
    net::{Family, Prefix},
    plan::is_ours,
    registered::Inventory,
    rpsl::{Class, Key, Name, Object},
};

/// A prefix of ours.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Space {
    /// The prefix.
    pub prefix: Prefix,
    /// How it is divided.
    pub room: Room,
    /// Whether its object is ours; else its holder must let us.
    pub is_ours: bool,
    /// Whether something of ours is registered in it already.
    pub is_used: bool,
}

/// What stands in a space.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Room {
    /// Routes of all of it: nothing can be registered below.
    Whole,
    /// Blocks of this length.
    Divided(u8),
}

/// What is known of the prefixes.
pub fn spaces(prefixes: &[Prefix], held: &Inventory, manage: &Manage) -> Vec<Space> {
    let space = |prefix: &Prefix| {
        let object = held.exact(class(*prefix), prefix.block()).into_iter().next();
        Space {
            prefix: *prefix,
            room: room(*prefix, object),
            is_ours: object.is_some_and(|object| is_ours(object, manage)),
            is_used: held.iter().any(|(key, object)| is_inside(key, *prefix) && is_ours(object, manage)),
        }
    };
    prefixes.iter().map(space).collect()
}

impl Space {
    /// The key of its object.
    pub fn key(&self) -> Key {
        Key::new(class(self.prefix), &self.prefix.to_string())
    }
}

/// The class of the objects that divide address space.
pub fn class(prefix: Prefix) -> Class {
    match prefix.family() {
        Family::V4 => Class::Inetnum,
        Family::V6 => Class::Inet6num,
    }
}

/// Whether it is a route of the space, or a block in it.
fn is_inside(key: &Key, prefix: Prefix) -> bool {
    let class = key.class();
    let block = key.block().filter(|block| prefix.block().contains(*block));
    block.is_some_and(|block| class.is_route() || class.is_address() && block != prefix.block())
}

/// The longest prefix that is taken everywhere.
fn routed(family: Family) -> u8 {
    match family {
        Family::V4 => 24,
        Family::V6 => 48,
    }
}

/// Below what is assigned nothing can be registered (rules.md §6).
fn room(prefix: Prefix, object: Option<&Object>) -> Room {
    let status = object.and_then(|object| object.value(Name::Status)).unwrap_or_default();
    let longest = routed(prefix.family());
    match status.to_ascii_uppercase().starts_with("ASSIGNED") || prefix.len() >= longest {
        true => Room::Whole,
        false => Room::Divided(longest),
    }
}
