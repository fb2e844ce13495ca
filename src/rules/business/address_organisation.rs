//! The organisations of an address object or AS number: who holds it, and through whom.

use super::{
    super::{Case, Kind, MODIFY, Message, Rule, WRITE, maintainers},
    status::{Status, Trait},
};
use crate::{
    registered::Known,
    rpsl::{Class, Key, Name, Object},
};

const ADDRESSES: &[Class] = &[Class::Inetnum, Class::Inet6num];
const RESOURCES: &[Class] = &[Class::Inetnum, Class::Inet6num, Class::AutNum];

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "org-for-status",
        source: "inetnum.ReferenceCheck",
        says: "`org` is there where the `status` asks for it, and its `org-type` fits",
        classes: ADDRESSES,
        kinds: WRITE,
        check: fits_the_status,
        remedy: "name an organisation in `org:` whose `org-type:` fits the `status:`, or leave `org:` out where it may be absent",
    },
    Rule {
        name: "org-fixed",
        source: "inetnum.OrgAttributeNotChangedValidator",
        says: "`org` of a resource is changed by the RIPE NCC",
        classes: RESOURCES,
        kinds: MODIFY,
        check: unchanged,
        remedy: "keep `org:` as it is registered; the RIPE NCC (ncc@ripe.net) changes the holder of a resource",
    },
    Rule {
        name: "sponsoring-org-fits",
        source: "inetnum.SponsoringOrgMandatoryValidator",
        says: "`sponsoring-org` stands with resources of end users",
        classes: RESOURCES,
        kinds: WRITE,
        check: sponsor_fits,
        remedy: "`sponsoring-org:` names the LIR through which an end user holds independent resources; the RIPE NCC enters it",
    },
    Rule {
        name: "sponsoring-org-fixed",
        source: "inetnum.SponsoringOrgValidator",
        says: "`sponsoring-org` is the RIPE NCC's to write",
        classes: RESOURCES,
        kinds: WRITE,
        check: sponsor_unchanged,
        remedy: "keep `sponsoring-org:` as it is registered; it changes with the contract, through the LIR portal",
    },
];

fn organisation<'a>(case: &Case<'a>, name: Name) -> Known<Option<&'a Object>> {
    match case.after.value(name) {
        Some(value) => case.world.object(&Key::new(Class::Organisation, &value)),
        None => Ok(None),
    }
}

fn is_of_type(organisation: &Object, types: &[&str]) -> bool {
    types.iter().any(|each| organisation.names(Name::OrgType, each))
}

fn fits_the_status(case: &Case) -> Known<Vec<Message>> {
    let Some(status) = Status::of(case.after) else { return Ok(Vec::new()) };
    let Some(named) = case.after.value(Name::Org) else {
        let missing = || Message::error("Missing required \"org:\" attribute");
        return Ok(status.has(Trait::NeedsOrganisation).then(missing).into_iter().collect());
    };
    Ok(match organisation(case, Name::Org)? {
        None => {
            let key = Key::new(Class::Organisation, &named);
            vec![Message::error("Reference \"%s\" not found").arg(named).missing([key])]
        }
        Some(found) if is_of_type(found, status.org_types) => Vec::new(),
        Some(found) => {
            let text = "Referenced organisation has wrong \"org-type\".\nAllowed values are %s";
            let has = found.value(Name::OrgType).unwrap_or_default();
            let remedy = format!(
                "{} has `org-type: {has}`: name one that fits `status: {}`",
                found.key(),
                status.name
            );
            vec![Message::error(text).arg(format!("[{}]", status.org_types.join(", "))).remedy(remedy)]
        }
    })
}

fn unchanged(case: &Case) -> Known<Vec<Message>> {
    let maintained =
        case.before.is_some_and(|before| maintainers::any_of_registry(&before.values(Name::MntBy)));
    if !case.changes(Name::Org) || !maintained || case.proves_any(maintainers::REGISTRY)? {
        return Ok(Vec::new());
    }
    let words = |done: &str, to_do: &str| {
        Message::error(format!(
            "Referenced organisation can only be {done} by the RIPE NCC for this resource.\nPlease contact \"ncc@ripe.net\" to {to_do} this reference."
        ))
    };
    Ok(match case.after.all(Name::Org).next() {
        Some(org) => vec![words("changed", "change").on(org)],
        None => vec![words("removed", "remove")],
    })
}

/// An end user's resource is made with the LIR that stands for it.
fn lacks_sponsor(case: &Case) -> Known<bool> {
    let end_user = maintainers::any_of(maintainers::END_USER, &case.after.values(Name::MntBy));
    if case.kind != Kind::Create || case.after.has(Name::SponsoringOrg) || !end_user {
        return Ok(false);
    }
    Ok(organisation(case, Name::Org)?.is_some_and(|holder| is_of_type(holder, &["OTHER"])))
}

fn sponsor_fits(case: &Case) -> Known<Vec<Message>> {
    if lacks_sponsor(case)? {
        return Ok(vec![Message::error(
            "This resource object must be created with a sponsoring-org attribute",
        )]);
    }
    if !case.changes(Name::SponsoringOrg) {
        return Ok(Vec::new());
    }
    if case.after.all(Name::SponsoringOrg).count() > 1 {
        return Ok(vec![Message::error("Attribute \"%s\" appears more than once").arg(Name::SponsoringOrg)]);
    }
    if let Some(status) = Status::of(case.after).filter(|status| !status.has(Trait::Sponsored)) {
        let text = "The \"sponsoring-org:\" attribute is not allowed with status value \"%s\"";
        return Ok(vec![Message::error(text).arg(status.name)]);
    }
    let not_an_lir =
        organisation(case, Name::SponsoringOrg)?.is_some_and(|sponsor| !is_of_type(sponsor, &["LIR"]));
    let named = case.after.all(Name::SponsoringOrg).next().filter(|_| not_an_lir);
    Ok(named
        .map(|at| Message::error("Referenced organisation must have org-type: LIR").on(at))
        .into_iter()
        .collect())
}

fn sponsor_unchanged(case: &Case) -> Known<Vec<Message>> {
    if lacks_sponsor(case)? || !case.changes(Name::SponsoringOrg) || case.proves_any(maintainers::REGISTRY)? {
        return Ok(Vec::new());
    }
    let had = case.before.is_some_and(|before| before.has(Name::SponsoringOrg));
    let done = match (had, case.after.has(Name::SponsoringOrg)) {
        (false, _) => "added",
        (true, false) => "removed",
        (true, true) => "changed",
    };
    Ok(vec![Message::error(format!("The \"sponsoring-org\" attribute can only be {done} by the RIPE NCC"))])
}
