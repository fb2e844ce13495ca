//! What the rules are sure to ask of a step, so that all of it can be asked before any step is decided.

use std::collections::BTreeSet;

use crate::{
    registered::{Query, Registered, Unknown},
    rpsl::{Class, Key, Name, Object, Placeholder},
    rules::authorise,
};

/// The questions that the rules are sure to have: whether the maintainers that `object` names are there, and of a new one
/// its contacts and organisations, and what is above it.
pub(super) fn questions(object: &Object, is_new: bool, world: &Registered) -> BTreeSet<Query> {
    let mut open = BTreeSet::new();
    for attribute in object.attributes() {
        let Some(row) = attribute
            .name
            .map(Name::row)
            .filter(|row| row.references.iter().all(|class| is_asked_for(*class, is_new)))
        else {
            continue;
        };
        for value in attribute.values().iter().filter_map(|value| value.split([' ', '{']).next()) {
            open.extend(unknown_reference(row.references, value, world));
        }
    }
    let block =
        object.block().filter(|_| is_new && (object.class().is_address() || object.class().is_route()));
    if let Some(block) = block {
        let classes = [object.class(), authorise::class_of(block)];
        open.extend(classes.iter().filter_map(|class| world.less_specific(*class, block).err()).map(|u| u.0));
    }
    open
}

fn is_asked_for(class: Class, is_new: bool) -> bool {
    class == Class::Mntner || is_new && (class.is_contact() || class == Class::Organisation)
}

/// The first of the objects that a value may name which nobody knows, unless one before it is there.
fn unknown_reference(classes: &[Class], value: &str, world: &Registered) -> Option<Query> {
    if Placeholder::parse(value).is_some() {
        return None;
    }
    for class in classes {
        match world.object(&Key::new(*class, value)) {
            Ok(Some(_)) => return None,
            Ok(None) => {}
            Err(Unknown(query)) => return Some(query),
        }
    }
    None
}
