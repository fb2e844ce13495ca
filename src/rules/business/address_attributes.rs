//! Attributes of address objects that depend on the block or on each other.

use super::{
    super::{Case, Message, Rule, WRITE, maintainers},
    status::{Status, Trait},
};
use crate::{
    net::{Block, Family, PrefixRange},
    registered::Known,
    rpsl::{Class, Name},
};

const ADDRESSES: &[Class] = &[Class::Inetnum, Class::Inet6num];

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "mnt-lower-on-assignment",
        source: "inetnum.MntLowerAddedValidator",
        says: "an assignment has no `mnt-lower`: nothing can stand below it",
        classes: ADDRESSES,
        kinds: WRITE,
        check: mnt_lower,
        remedy: "leave `mnt-lower:` out: nothing can be registered below an assignment",
    },
    Rule {
        name: "mnt-routes-inside",
        source: "inetnum.MntRouteRangeValidator",
        says: "prefixes in `mnt-routes` lie inside the object",
        classes: ADDRESSES,
        kinds: WRITE,
        check: mnt_routes,
        remedy: "list only prefixes inside the object behind the maintainer, or `ANY`",
    },
    Rule {
        name: "geofeed-twice",
        source: "inetnum.GeofeedValidator",
        says: "`geofeed` and a remark in its place do not stand together",
        classes: ADDRESSES,
        kinds: WRITE,
        check: |case| remarked_too(case, Name::Geofeed),
        remedy: "keep `geofeed:` and take the `remarks: geofeed:` line out",
    },
    Rule {
        name: "prefixlen-twice",
        source: "inetnum.PrefixlenValidator",
        says: "`prefixlen` and a remark in its place do not stand together",
        classes: ADDRESSES,
        kinds: WRITE,
        check: |case| remarked_too(case, Name::Prefixlen),
        remedy: "keep `prefixlen:` and take the `remarks: prefixlen:` line out",
    },
];

fn mnt_lower(case: &Case) -> Known<Vec<Message>> {
    let Some(status) = Status::of(case.after).filter(|status| status.has(Trait::NoLower)) else {
        return Ok(Vec::new());
    };
    if case.added(Name::MntLower).is_empty() || case.proves_any(maintainers::REGISTRY)? {
        return Ok(Vec::new());
    }
    let text = "\"%s:\" attribute not allowed for resources with \"%s:\" status";
    Ok(vec![Message::error(text).arg(Name::MntLower).arg(status.name)])
}

/// What is wrong with a prefix or range of prefixes that should lie inside `bounds`.
pub fn outside(value: &str, bounds: Block) -> Option<Message> {
    let range: PrefixRange = value.parse().ok()?;
    let block = range.prefix.block();
    match bounds.family() {
        family if family == block.family() && bounds.contains(block) => None,
        family if family == block.family() => {
            Some(Message::error("%s is outside the range of this object").arg(value))
        }
        family => Some(not_of_family(family).arg(range.prefix)),
    }
}

/// The refusal of an address of the other family.
pub fn not_of_family(family: Family) -> Message {
    Message::error(match family {
        Family::V4 => "%s is not a valid IPv4 address",
        Family::V6 => "%s is not a valid IPv6 address",
    })
}

fn mnt_routes(case: &Case) -> Known<Vec<Message>> {
    let Some(bounds) = case.after.block() else { return Ok(Vec::new()) };
    let mut messages = Vec::new();
    for attribute in case.after.all(Name::MntRoutes) {
        let value = attribute.value();
        let Some((_, list)) = value.split_once('{') else { return Ok(Vec::new()) };
        let ranges = list.trim_end_matches('}').split([' ', ',']).filter(|text| !text.is_empty());
        messages.extend(ranges.filter_map(|text| outside(text, bounds)).map(|message| message.on(attribute)));
    }
    Ok(messages)
}

/// Whether the object has `name` and, from the time before there was such an attribute, a remark in its place.
fn remarked_too(case: &Case, name: Name) -> Known<Vec<Message>> {
    let mark = format!("{name}:");
    let marked =
        |remark: &String| remark.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(&mark));
    let twice = case.after.has(name) && case.after.values(Name::Remarks).iter().any(marked);
    let text = || format!("Only one between the \"{name}:\" and \"remark: {name}:\" attributes is allowed.");
    Ok(twice.then(|| Message::error(text())).into_iter().collect())
}
