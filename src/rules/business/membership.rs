//! Joining sets by `member-of`, and maintainers of routes that are named twice.

use std::collections::HashMap;

use super::super::{Case, MODIFY, Message, Rule, WRITE};
use crate::{
    registered::Known,
    rpsl::{AnyCase, Attribute, Class, Key, Name},
};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "member-of-supported",
        source: "common.MemberOfValidator",
        says: "the set in `member-of` takes members of this maintainer: `mbrs-by-ref`",
        classes: &[Class::AutNum, Class::Route, Class::Route6, Class::InetRtr],
        kinds: WRITE,
        check: claims_are_supported,
        remedy: "ask the holder of the set to name one of your maintainers in `mbrs-by-ref:`, or leave `member-of:` out",
    },
    Rule {
        name: "mbrs-by-ref-covers-members",
        source: "common.MembersByRefValidator",
        says: "`mbrs-by-ref` goes on covering the members that name the set",
        classes: &[Class::AsSet, Class::RouteSet, Class::RtrSet, Class::PeeringSet],
        kinds: MODIFY,
        check: members_stay_covered,
        remedy: "keep a maintainer of each member in `mbrs-by-ref:`",
    },
    Rule {
        name: "mnt-routes-any-alone",
        source: "common.MntRoutesValidator",
        says: "a maintainer stands in `mnt-routes` either with prefixes or without",
        classes: &[Class::Inetnum, Class::Inet6num, Class::Route, Class::Route6],
        kinds: WRITE,
        check: any_stands_alone,
        remedy: "name the maintainer either with prefixes or without, not both",
    },
];

/// The sets that an object of `class` may join.
fn set_class(class: Class) -> Class {
    match class {
        Class::AutNum => Class::AsSet,
        Class::InetRtr => Class::RtrSet,
        _ => Class::RouteSet,
    }
}

fn includes(names: &[String], name: &str) -> bool {
    names.iter().any(|each| each.eq_ignore_ascii_case(name))
}

/// A list as the registry prints it within a message.
fn bracketed(names: &[String]) -> String {
    format!("[{}]", names.join(", "))
}

fn claims_are_supported(case: &Case) -> Known<Vec<Message>> {
    let own = case.after.values(Name::MntBy);
    let own = AnyCase::of(own.iter().map(String::as_str));
    let (mut refused, mut seen) = (Vec::new(), AnyCase::default());
    for name in case.after.values(Name::MemberOf) {
        let Some(set) = case.world.object(&Key::new(set_class(case.class()), &name))? else { continue };
        let admitted = set.values(Name::MbrsByRef);
        let supported =
            includes(&admitted, "ANY") || admitted.iter().any(|maintainer| own.contains(maintainer));
        if !supported && seen.insert(&name) {
            refused.push(name);
        }
    }
    let text = "Membership claim is not supported by mbrs-by-ref: attribute of the referenced set %s";
    Ok((!refused.is_empty()).then(|| Message::error(text).arg(bracketed(&refused))).into_iter().collect())
}

fn members_stay_covered(case: &Case) -> Known<Vec<Message>> {
    let admitted = case.after.values(Name::MbrsByRef);
    if admitted.is_empty() || includes(&admitted, "ANY") || !case.changes(Name::MbrsByRef) {
        return Ok(Vec::new());
    }
    let key = case.after.key();
    let members =
        case.world.referring(&key)?.into_iter().filter(|member| member.names(Name::MemberOf, key.text()));
    let admitted = AnyCase::of(admitted.iter().map(String::as_str));
    let lost =
        members.filter(|member| !member.values(Name::MntBy).iter().any(|name| admitted.contains(name)));
    let lost: Vec<String> = lost.map(|member| member.key().text().to_owned()).collect();
    let text = "Changing mbrs-by-ref:  may cause updates to %s to fail, because the member-of: reference in %s is no longer protected";
    let message = || Message::warning(text).arg(bracketed(&lost)).arg(bracketed(&lost));
    Ok((!lost.is_empty()).then(message).into_iter().collect())
}

/// The maintainer of a `mnt-routes` value, and whether it has no list of prefixes.
fn maintainer_and_any(value: &str) -> (String, bool) {
    let (name, rest) = value.split_at(value.find([' ', '{']).unwrap_or(value.len()));
    let rest = rest.trim();
    (name.to_ascii_uppercase(), rest.is_empty() || rest.eq_ignore_ascii_case("ANY"))
}

fn any_stands_alone(case: &Case) -> Known<Vec<Message>> {
    let refusal = |attribute: Attribute| {
        let message = Message::error("Syntax error in %s (%s)").arg(attribute.value());
        message.arg("ANY can only occur as a single value").on(attribute)
    };
    // Of each maintainer those with a list and those without, as far as they are not told yet.
    let mut seen: HashMap<(String, bool), Vec<Attribute>> = HashMap::new();
    let mut said = Vec::new();
    for attribute in case.after.all(Name::MntRoutes) {
        let (name, any) = maintainer_and_any(&attribute.value());
        let others = seen.get_mut(&(name.clone(), !any));
        let clashes = others.is_some();
        if let Some(others) = others {
            said.extend(std::mem::take(others).into_iter().map(refusal));
            said.push(refusal(attribute));
        }
        seen.entry((name, any)).or_default().extend((!clashes).then_some(attribute));
    }
    Ok(said)
}
