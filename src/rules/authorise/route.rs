//! The space of a route: first the route tree, and only where there is none the address tree.

use super::{Authority, Decider, Finding, address};
use crate::{
    net::{Prefix, PrefixRange},
    registered::Known,
    rpsl::{Class, Name, Object},
    rules::{Case, Kind},
};

/// Creation needs the consent of the routes at the same prefix or the closest above, or without one of the
/// inet(6)nums there: those with `mnt-routes` decide, else from above those with `mnt-lower`, else `mnt-by`.
pub fn check(case: &Case) -> Known<Finding> {
    let prefix = match (case.kind, case.class()) {
        (Kind::Create, Class::Route | Class::Route6) => case.after.prefix(),
        _ => None,
    };
    let Some(prefix) = prefix else { return Ok(Finding::default()) };
    let mut deciding = closest(case, case.class(), prefix)?;
    if deciding.is_empty() {
        deciding = closest(case, address::class_of(prefix.block()), prefix)?;
    }
    if deciding.is_empty() {
        let none = Authority::nobody(case.after.key(), case.class().first());
        return Ok(Finding::required(none, Authority::refusal));
    }
    let below = |object: &Object| object.block() != Some(prefix.block());
    let with_routes: Vec<_> = deciding.iter().copied().filter(|object| object.has(Name::MntRoutes)).collect();
    let order = |object: &Object| match below(object) {
        true => vec![Name::MntRoutes, Name::MntLower, Name::MntBy],
        false => vec![Name::MntRoutes, Name::MntBy],
    };
    let decider = |object: &Object| Decider::first(object, &order(object));
    if !with_routes.is_empty() {
        return any(case, &with_routes, decider, |object| for_prefix(object, prefix));
    }
    let with_lower: Vec<_> =
        deciding.iter().copied().filter(|object| below(object) && object.has(Name::MntLower)).collect();
    if !with_lower.is_empty() {
        return any(case, &with_lower, decider, |object| object.values(Name::MntLower));
    }
    any(case, &deciding, decider, |object| object.values(Name::MntBy))
}

/// The objects of `class` at exactly `prefix`, or else those of the closest level above.
fn closest<'a>(case: &Case<'a>, class: Class, prefix: Prefix) -> Known<Vec<&'a Object>> {
    let exact = case.world.exact(class, prefix.block())?;
    match exact.is_empty() {
        false => Ok(exact),
        true => Ok(case.world.less_specific(class, prefix.block())?.into_iter().next().unwrap_or_default()),
    }
}

/// One of `objects` must consent.
fn any(
    case: &Case,
    objects: &[&Object],
    decider: impl Fn(&Object) -> Decider,
    named: impl Fn(&Object) -> Vec<String>,
) -> Known<Finding> {
    let mut authority = Vec::new();
    let mut open = None;
    for object in objects {
        match decider(object).ask(case, &named(object), None) {
            Ok(asked) if asked.proven.is_some() => {
                return Ok(Finding { authority: vec![asked], messages: Vec::new() });
            }
            Ok(asked) => authority.push(asked),
            Err(unknown) => open = open.or(Some(unknown)),
        }
    }
    match open {
        Some(unknown) => Err(unknown),
        None => Ok(Finding { messages: authority.iter().map(Authority::refusal).collect(), authority }),
    }
}

/// The maintainers of `mnt-routes` whose list of prefixes, if they have one, includes `prefix`.
fn for_prefix(object: &Object, prefix: Prefix) -> Vec<String> {
    let includes = |list: &str| {
        let ranges = list.split([' ', ',']).filter(|text| !text.is_empty());
        ranges.filter_map(|text| text.parse::<PrefixRange>().ok()).any(|range| range.includes(prefix))
    };
    let maintainer = |value: String| match value.split_once('{') {
        Some((name, list)) => includes(list.trim_end_matches('}')).then(|| name.trim().to_owned()),
        None => value.split(' ').next().map(str::to_owned),
    };
    object.values(Name::MntRoutes).into_iter().filter_map(maintainer).collect()
}
