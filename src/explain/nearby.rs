//! What stands near a decision without deciding: attributes that come later, blocks that are farther away.

use super::Permission;
use crate::{
    net::Block,
    registered::Known,
    rpsl::{Class, Key, Name, Object},
    rules::{Case, business},
};

/// Something that does not decide.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Nearby {
    /// The object.
    pub object: Key,
    /// Its attribute; the object as a whole, if there is none.
    pub attribute: Option<Name>,
    /// Why it does not.
    pub why: Why,
}

/// Why something does not decide.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Why {
    /// This attribute of the same object comes first.
    Attribute(Name),
    /// This block is closer.
    Closer(Key),
    /// This route comes before all blocks.
    Route(Key),
}

/// The attributes that may decide by a rule, the first that there is decides.
fn attributes(rule: &str) -> &'static [Name] {
    match rule {
        "authorise-domain" => &[Name::MntDomains, Name::MntLower, Name::MntBy],
        "authorise-route" => &[Name::MntRoutes, Name::MntLower, Name::MntBy],
        "authorise-parent" | "authorise-as-block" | business::SET_PARENT => &[Name::MntLower, Name::MntBy],
        _ => &[],
    }
}

/// What stands near the deciders of a permission.
pub fn near(case: &Case, permission: &Permission) -> Known<Vec<Nearby>> {
    let mut nearby = Vec::new();
    for decider in &permission.deciders {
        let order = attributes(permission.rule);
        let Some(object) = case.world.objects.get(&decider.object).filter(|_| !order.is_empty()) else {
            continue;
        };
        let later = order.iter().skip_while(|name| **name != decider.attribute).skip(1);
        nearby.extend(later.filter(|name| object.has(**name)).map(|name| Nearby {
            object: object.key(),
            attribute: Some(*name),
            why: Why::Attribute(decider.attribute),
        }));
        let in_space = matches!(permission.rule, "authorise-domain" | "authorise-route" | "authorise-parent");
        if let Some(block) = object.block().filter(|_| in_space) {
            nearby.extend(above(case, object, block)?);
        }
    }
    nearby.dedup();
    Ok(nearby)
}

/// The block above the one that decides, or the block of a route that does.
fn above(case: &Case, decider: &Object, block: Block) -> Known<Option<Nearby>> {
    let class = match decider.class() {
        Class::Route => Class::Inetnum,
        Class::Route6 => Class::Inet6num,
        class => class,
    };
    let is_route = class != decider.class();
    let at = match case.after.block().filter(|_| is_route) {
        Some(own) => own,
        None => block,
    };
    let exact = if is_route { case.world.exact(class, at)?.into_iter().next() } else { None };
    let closest = match exact {
        Some(exact) => Some(exact),
        None => case.world.less_specific(class, at)?.into_iter().flatten().next(),
    };
    let why = if is_route { Why::Route(decider.key()) } else { Why::Closer(decider.key()) };
    Ok(closest.map(|object| Nearby { object: object.key(), attribute: None, why }))
}
