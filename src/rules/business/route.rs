//! Routes: what may be announced, by whom, and what lies inside.

use super::{
    super::{CREATE, Case, Message, Rule, WRITE},
    address_attributes::{not_of_family, outside},
};
use crate::{
    net::{Asn, Block, Family},
    registered::Known,
    rpsl::{Class, Key, Name, syntax::is_prefix_range},
};

const ROUTES: &[Class] = &[Class::Route, Class::Route6];

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "route-bogon",
        source: "route.BogonValidator",
        says: "a route is for space that may be announced",
        classes: ROUTES,
        kinds: CREATE,
        check: no_bogon,
        remedy: "register a route for space that is announced on the Internet",
    },
    Rule {
        name: "route-origin",
        source: "route.OriginValidator",
        says: "the `origin` is an AS number that may announce",
        classes: ROUTES,
        kinds: WRITE,
        check: origin,
        remedy: "write the AS number that announces the prefix; private and reserved numbers have no routes",
    },
    Rule {
        name: READABLE_HOLES,
        source: "route.ValueWithinPrefixValidator",
        says: "`holes` are prefixes: over other addresses the registry breaks off",
        classes: ROUTES,
        kinds: WRITE,
        check: readable_holes,
        remedy: "write each of `holes:` as a prefix, with its length: the registry breaks off over others",
    },
    Rule {
        name: "route-holes",
        source: "route.ValueWithinPrefixValidator",
        says: "`holes` lie inside the route",
        classes: ROUTES,
        kinds: WRITE,
        check: holes,
        remedy: "list only prefixes inside the route",
    },
    Rule {
        name: "route-pingable",
        source: "route.ValueWithinPrefixValidator",
        says: "`pingable` lies inside the route",
        classes: ROUTES,
        kinds: WRITE,
        check: pingable,
        remedy: "name addresses inside the route",
    },
    Rule {
        name: "route-size",
        source: "route.ValueWithinPrefixValidator",
        says: "a route is not for the whole Internet, nor nearly",
        classes: ROUTES,
        kinds: WRITE,
        check: size,
        remedy: "register the more specific prefixes that are announced",
    },
];

/// AS numbers that no route may have: 0, documentation, private use and what is reserved around them.
const RESERVED: [(u32, u32); 3] = [(0, 0), (64_496, 131_071), (4_200_000_000, 4_294_967_295)];

fn no_bogon(case: &Case) -> Known<Vec<Message>> {
    let Some(prefix) = case.after.prefix() else { return Ok(Vec::new()) };
    let bogon = case.settings.bogons.iter().any(|bogon| bogon.block().contains(prefix.block()));
    Ok(bogon.then(|| Message::error("Bogon prefix %s is not allowed.").arg(prefix)).into_iter().collect())
}

fn origin(case: &Case) -> Known<Vec<Message>> {
    let Some(origin) = case.after.value(Name::Origin) else { return Ok(Vec::new()) };
    let Ok(number) = origin.parse::<Asn>() else { return Ok(Vec::new()) };
    if RESERVED.iter().any(|(first, last)| (*first..=*last).contains(&number.0)) {
        return Ok(vec![Message::error("Cannot use reserved AS number %d").arg(number.0)]);
    }
    let key = Key::new(Class::AutNum, &origin);
    if !case.settings.region.has_asn(number)
        || case.world.is_elsewhere(&key)?
        || case.world.object(&key)?.is_some()
    {
        return Ok(Vec::new());
    }
    let text = "Specified origin AS number %d is allocated to the RIPE region but doesn't exist in the RIPE database";
    Ok(vec![Message::warning(text).arg(number.0)])
}

/// The name of the rule over which the registry breaks off: no other is asked after it, and the answer has a status of
/// its own.
pub const READABLE_HOLES: &str = "route-holes-readable";

/// The syntax of `holes:` lets addresses and ranges pass, which the registry then cannot read.
fn readable_holes(case: &Case) -> Known<Vec<Message>> {
    let is_read =
        |hole: &String| [Family::V4, Family::V6].iter().any(|family| is_prefix_range(*family, hole));
    let broken = case.after.values(Name::Holes).iter().any(|hole| !is_read(hole));
    Ok(broken.then(|| Message::error("Unexpected error occurred")).into_iter().collect())
}

fn holes(case: &Case) -> Known<Vec<Message>> {
    let Some(bounds) = case.after.block() else { return Ok(Vec::new()) };
    let mut messages = Vec::new();
    for attribute in case.after.all(Name::Holes) {
        for hole in attribute.values() {
            let inside = Block::parse(&hole).is_none_or(|block| block.family() == bounds.family());
            // Only of a hole outside the route does the registry say in which attribute it is.
            messages.extend(outside(&hole, bounds).map(|m| if inside { m.on(attribute) } else { m }));
        }
    }
    Ok(messages)
}

fn pingable(case: &Case) -> Known<Vec<Message>> {
    let Some(bounds) = case.after.block() else { return Ok(Vec::new()) };
    let wrong = |value: &str| {
        let block = Block::parse(value)?;
        match block.family() == bounds.family() {
            false => Some(not_of_family(bounds.family()).arg(value)),
            true if bounds.contains(block) => None,
            true => Some(Message::error("%s is outside the range of this object").arg(value)),
        }
    };
    let attributes = case.after.all(Name::Pingable);
    Ok(attributes
        .filter_map(|attribute| wrong(&attribute.value()).map(|message| message.on(attribute)))
        .collect())
}

fn size(case: &Case) -> Known<Vec<Message>> {
    let Some(prefix) = case.after.prefix() else { return Ok(Vec::new()) };
    let largest = match prefix.family() {
        Family::V4 => 8,
        Family::V6 => 12,
    };
    let text = "Automatic creation of %s objects of this size in not allowed, please contact lir-help@ripe.net for further information.";
    Ok((prefix.len() < largest).then(|| Message::error(text).arg(case.class())).into_iter().collect())
}
