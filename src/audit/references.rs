//! References that lead nowhere, and resources without a holder.

use super::{
    Look,
    look::Open,
    space::{Holding, Space, is_assignment},
};
use crate::{
    finding::Finding,
    rpsl::{Class, Name, Object},
    rules::business::{Status, Trait},
};

/// What is looked at in what is declared. `abuse-c` is looked at with what becomes of abuse.
const OWN: [Name; 12] = [
    Name::Org,
    Name::SponsoringOrg,
    Name::AdminC,
    Name::TechC,
    Name::ZoneC,
    Name::PingHdl,
    Name::MntBy,
    Name::MntRef,
    Name::MntIrt,
    Name::MntLower,
    Name::MntRoutes,
    Name::MntDomains,
];
/// What is looked at in assignments that are not.
const ASSIGNMENT: [Name; 4] = [Name::Org, Name::AdminC, Name::TechC, Name::AbuseC];

/// The references of what is declared and of assignments that name nothing which is registered.
pub(super) fn findings(
    look: &Look,
    subjects: &[&Object],
    holdings: &[Holding],
    space: &Space,
    open: &mut Open,
) -> Vec<Finding> {
    let is_other = |object: &&Object| !look.declared.contains_key(&object.key());
    let own = subjects.iter().map(|object| (*object, &OWN[..]));
    let assignments = space.assignments().filter(is_other).map(|object| (object, &ASSIGNMENT[..]));
    let held = holdings.iter().filter_map(|holding| holding.object).filter(is_other);
    let held = held.filter(|object| !is_assignment(object)).map(|object| (object, &[Name::Org][..]));
    own.chain(held)
        .chain(assignments)
        .flat_map(|(object, names)| dangling(look, object, names, open))
        .collect()
}

fn dangling(look: &Look, object: &Object, names: &[Name], open: &mut Open) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, value) in
        names.iter().flat_map(|name| object.values(*name).into_iter().map(move |value| (*name, value)))
    {
        let target = value.split([' ', '{']).next().unwrap_or_default();
        if let Some(None) = open.known(look.world.referenced(name, target)) {
            let text = format!("{} has `{name}` {target}, which is not registered", object.key());
            let what = format!("name one that is registered in `{name}:`");
            findings.push(
                look.finding("arc-reference", object, Some(name), text).fix(look.mended(object, name, &what)),
            );
        }
    }
    findings
}

/// Resources of which nobody is said to be the holder.
pub(super) fn without_organisation(look: &Look, subjects: &[&Object], holdings: &[Holding]) -> Vec<Finding> {
    let needs = |object: &Object| {
        object.class() == Class::AutNum
            || Status::of(object).is_some_and(|status| status.has(Trait::NeedsOrganisation))
    };
    let held: Vec<&Object> = holdings.iter().filter_map(|holding| holding.object).collect();
    let is_held = |object: &Object| held.iter().any(|held| held.key() == object.key());
    let declared = subjects.iter().copied().filter(|object| needs(object) && !is_held(object));
    let bare = declared.chain(held.iter().copied()).filter(|object| !object.has(Name::Org));
    let finding = |object: &Object| {
        let text = format!("{} has no `org`: nobody is its holder", object.key());
        let remedy = look.mended(object, Name::Org, "add `org:` with the organisation of its holder");
        look.finding("arc-holder", object, None, text).fix(remedy)
    };
    bare.map(finding).collect()
}
