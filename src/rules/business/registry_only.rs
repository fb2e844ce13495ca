//! What only the RIPE NCC may write: its maintainers, its remarks, comments on what it manages.

use super::super::{Case, Kind, Message, Rule, WRITE, maintainers};
use crate::{
    registered::Known,
    rpsl::{Attribute, Class, Name, Object},
};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "registry-maintainer",
        source: "common.AddOrRemoveRipeNccMaintainerValidator",
        says: "the RIPE NCC's maintainers are neither added nor taken away",
        classes: &[],
        kinds: WRITE,
        check: registry_maintainers,
        remedy: "leave the maintainers of the RIPE NCC as they are",
    },
    Rule {
        name: "registry-managed-comment",
        source: "common.ManagedAttributeValidator",
        says: "what the RIPE NCC manages has no comments",
        classes: &[Class::Organisation, Class::Inetnum, Class::Inet6num, Class::AutNum],
        kinds: &[Kind::Create, Kind::Modify, Kind::Noop],
        check: comments_on_managed,
        remedy: "put the comment into a `remarks:` line",
    },
    Rule {
        name: "registry-remarks",
        source: "common.RipeNccRemarksValidator",
        says: "the RIPE NCC's remarks stay",
        classes: &[],
        kinds: WRITE,
        check: registry_remarks,
        remedy: "leave the remarks of the RIPE NCC as they are",
    },
];

fn registry_maintainers(case: &Case) -> Known<Vec<Message>> {
    let mut named = Vec::new();
    for name in [Name::MntBy, Name::MntDomains, Name::MntLower, Name::MntRef, Name::MntRoutes] {
        let changed = case.added(name).into_iter().chain(case.removed(name));
        named.extend(changed.filter_map(|value| value.split([' ', '{']).next().map(str::to_owned)));
    }
    for group in [maintainers::REGISTRY, maintainers::DATABASE] {
        if maintainers::any_of(group, &named) && !case.proves_any(group)? {
            return Ok(vec![Message::error("You cannot add or remove a RIPE NCC maintainer")]);
        }
    }
    Ok(Vec::new())
}

fn registry_remarks(case: &Case) -> Known<Vec<Message>> {
    const HEAD: &str = "Remark added by the RIPE NCC";
    let mut changed = case.added(Name::Remarks).into_iter().chain(case.removed(Name::Remarks));
    let is_theirs = |text: String| text.get(..HEAD.len()).is_some_and(|head| head.eq_ignore_ascii_case(HEAD));
    if !changed.any(is_theirs) || case.proves_any(maintainers::REGISTRY)? {
        return Ok(Vec::new());
    }
    Ok(vec![Message::error("The \"remarks\" attribute can only be added or removed by the RIPE NCC")])
}

fn comments_on_managed(case: &Case) -> Known<Vec<Message>> {
    let text = "Comments are not allowed on RIPE NCC managed Attribute \"%s:\"";
    let commented = |a: &Attribute| a.clean().comment.is_some() && is_managed(case.after, *a);
    let said: Vec<Message> =
        case.after.attributes().filter(commented).map(|a| Message::error(text).arg(a.label).on(a)).collect();
    if said.is_empty() || case.proves_any(maintainers::REGISTRY)? { Ok(Vec::new()) } else { Ok(said) }
}

/// Whether the RIPE NCC manages `attribute` of `object` (the server's `ManagedAttributeSearch`). Of organisations and
/// aut-nums that follows from the name alone, whoever maintains them.
pub fn is_managed(object: &Object, attribute: Attribute) -> bool {
    let Some(name) = attribute.name else { return false };
    if name == Name::MntBy {
        return maintainers::any_of_registry(&attribute.values());
    }
    managed_names(object).contains(&name)
}

/// The attributes of `object` that the RIPE NCC manages (rules.md, `managed_attributes`).
fn managed_names(object: &Object) -> &'static [Name] {
    const ALLOCATION: &[Name] =
        &[Name::Inetnum, Name::Inet6num, Name::Org, Name::Status, Name::Netname, Name::Source];
    const ASSIGNMENT: &[Name] =
        &[Name::Inetnum, Name::Inet6num, Name::Org, Name::SponsoringOrg, Name::Status, Name::Source];
    const AUT_NUM: &[Name] = &[Name::AutNum, Name::Org, Name::SponsoringOrg, Name::Status, Name::Source];
    const ORGANISATION: &[Name] = &[
        Name::Organisation,
        Name::Org,
        Name::OrgName,
        Name::OrgType,
        Name::Country,
        Name::RegNr,
        Name::Source,
    ];
    let status = object.value(Name::Status).map(|status| status.to_ascii_uppercase());
    let of_registry = || maintainers::any_of_registry(&object.values(Name::MntBy));
    match (object.class(), status.as_deref()) {
        (Class::AutNum, _) => AUT_NUM,
        (Class::Organisation, _) => ORGANISATION,
        (Class::Inetnum, Some("ALLOCATED PA" | "ALLOCATED-ASSIGNED PA" | "ALLOCATED UNSPECIFIED"))
        | (Class::Inet6num, Some("ALLOCATED-BY-RIR")) => ALLOCATION,
        (Class::Inetnum, Some("ASSIGNED PI" | "ASSIGNED ANYCAST" | "LEGACY"))
        | (Class::Inet6num, Some("ASSIGNED PI" | "ASSIGNED ANYCAST"))
            if of_registry() =>
        {
            ASSIGNMENT
        }
        _ => &[],
    }
}
