//! Organisations: what LIRs and holders of resources may not change by themselves.

use super::super::{Case, Kind, MODIFY, Message, Rule, WRITE, maintainers};
use crate::{
    registered::Known,
    rpsl::{Class, Name, Object},
};

const ORGANISATION: &[Class] = &[Class::Organisation];

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "lir-one-maintainer",
        source: "organisation.LirMntByAttributeCountValidator",
        says: "the organisation of an LIR has one `mnt-by` of its own",
        classes: ORGANISATION,
        kinds: WRITE,
        check: one_maintainer,
        remedy: "keep one `mnt-by:` of your own",
    },
    Rule {
        name: "lir-registry-attributes",
        source: "organisation.LirRipeMaintainedAttributesValidator",
        says: "type, country and maintainers of an LIR are changed by the RIPE NCC",
        classes: ORGANISATION,
        kinds: MODIFY,
        check: of_the_registry,
        remedy: "ask ncc@ripe.net to change it",
    },
    Rule {
        name: "lir-portal-attributes",
        source: "organisation.LirUserMaintainedAttributesValidator",
        says: "name, address and contacts of an LIR are changed in the LIR portal",
        classes: ORGANISATION,
        kinds: MODIFY,
        check: of_the_portal,
        remedy: "change it in the LIR portal",
    },
    Rule {
        name: "org-name-and-country",
        source: "organisation.OrgNameAndCountryAttrValidator",
        says: "name and country of an organisation with resources are changed by the RIPE NCC",
        classes: ORGANISATION,
        kinds: MODIFY,
        check: name_and_country,
        remedy: "ask your sponsoring LIR, or ncc@ripe.net, to change it: resources of the RIPE NCC depend on it",
    },
    Rule {
        name: "org-name-format",
        source: "organisation.OrgNameFormatValidator",
        says: "`org-name` is one line with single blanks",
        classes: ORGANISATION,
        kinds: WRITE,
        check: name_format,
        remedy: "write the name on one line, with single blanks",
    },
    Rule {
        name: "org-type-other",
        source: "organisation.OrganisationTypeValidator",
        says: "a new organisation has `org-type: OTHER`",
        classes: ORGANISATION,
        kinds: WRITE,
        check: type_is_other,
        remedy: "write `org-type: OTHER`",
    },
    Rule {
        name: "registration-number",
        source: "organisation.RegistrationNumberValidator",
        says: "`reg-nr` is the RIPE NCC's to write",
        classes: ORGANISATION,
        kinds: WRITE,
        check: registration_number,
        remedy: "leave `reg-nr:` to the RIPE NCC",
    },
];

fn is_lir(case: &Case) -> bool {
    case.before.unwrap_or(case.after).names(Name::OrgType, "LIR")
}

/// Whether a resource that a registry maintainer maintains refers to the stored organisation.
pub fn holds_registry_resources(case: &Case) -> Known<bool> {
    let is_resource =
        |object: &Object| matches!(object.class(), Class::AutNum | Class::Inetnum | Class::Inet6num);
    let of_registry = |object: &Object| maintainers::any_of_registry(&object.values(Name::MntBy));
    Ok(case
        .world
        .referring(&case.after.key())?
        .into_iter()
        .any(|object| is_resource(object) && of_registry(object)))
}

fn one_maintainer(case: &Case) -> Known<Vec<Message>> {
    let mut own = case.after.values(Name::MntBy);
    own.retain(|name| !maintainers::is_one_of(maintainers::REGISTRY, name));
    own.sort_by_key(|name| name.to_ascii_lowercase());
    own.dedup_by_key(|name| name.to_ascii_lowercase());
    let text = "Multiple user-'mnt-by:' are not allowed, found are: '%s'";
    let message = || Message::error(text).arg(own.join(", "));
    Ok((is_lir(case) && own.len() > 1).then(message).into_iter().collect())
}

fn only_registry(name: Name) -> Message {
    let text = "Attribute \"%s:\" can only be changed by the RIPE NCC for this object.\nPlease contact \"ncc@ripe.net\" to change it.";
    Message::error(text).arg(name)
}

fn of_the_registry(case: &Case) -> Known<Vec<Message>> {
    let names = [Name::MntBy, Name::Org, Name::Country, Name::OrgType];
    let changed: Vec<Name> = names.into_iter().filter(|name| case.changes(*name)).collect();
    if changed.is_empty() || !is_lir(case) || case.proves_any(maintainers::ALLOCATION)? {
        return Ok(Vec::new());
    }
    Ok(changed.into_iter().map(only_registry).collect())
}

fn of_the_portal(case: &Case) -> Known<Vec<Message>> {
    let names = [Name::Address, Name::Phone, Name::FaxNo, Name::EMail, Name::OrgName];
    let changes = |name: Name| case.changes(name) || name == Name::OrgName && respelled(case, name);
    let changed: Vec<Name> = names.into_iter().filter(|name| changes(*name)).collect();
    if changed.is_empty() || !is_lir(case) || case.proves_any(maintainers::ALLOCATION)? {
        return Ok(Vec::new());
    }
    let text = "Attribute \"%s:\" can only be changed via the LIR portal.\nPlease login to https://lirportal.ripe.net and select\n\"LIR Account\" under \"My LIR\" to change it.";
    Ok(changed.into_iter().map(|name| Message::error(text).arg(name)).collect())
}

/// Whether the value of `name` is another one, letter case included.
fn respelled(case: &Case, name: Name) -> bool {
    case.before.is_some_and(|before| before.value(name) != case.after.value(name))
}

fn name_and_country(case: &Case) -> Known<Vec<Message>> {
    let (named, moved) = (respelled(case, Name::OrgName), respelled(case, Name::Country));
    if is_lir(case) || !(named || moved) || case.proves_any(maintainers::REGISTRY)? {
        return Ok(Vec::new());
    }
    if !holds_registry_resources(case)? {
        return Ok(Vec::new());
    }
    let name = case.after.all(Name::OrgName).next().filter(|_| named);
    let name = name.map(|attribute| only_registry(Name::OrgName).on(attribute));
    Ok(name.into_iter().chain(moved.then(|| only_registry(Name::Country))).collect())
}

fn name_format(case: &Case) -> Known<Vec<Message>> {
    let Some(attribute) = case.after.all(Name::OrgName).next() else { return Ok(Vec::new()) };
    let name = attribute.raw.split('#').next().unwrap_or_default().trim();
    let is_uneven = attribute.raw.contains('\n') || name.contains('\t') || name.contains("  ");
    let text =
        "Tab characters, multiple lines, or multiple whitespaces are not allowed in the \"org-name:\" value.";
    Ok(is_uneven.then(|| Message::error(text).on(attribute)).into_iter().collect())
}

fn type_is_other(case: &Case) -> Known<Vec<Message>> {
    let Some(attribute) = case.after.all(Name::OrgType).next() else { return Ok(Vec::new()) };
    let value = attribute.value();
    let changes = case.kind == Kind::Create || case.changes(Name::OrgType);
    if value.eq_ignore_ascii_case("OTHER") || !changes || case.proves_any(maintainers::ALLOCATION)? {
        return Ok(Vec::new());
    }
    let text = "Value '%s' can only be set by the RIPE NCC for this organisation.";
    Ok(vec![Message::error(text).arg(value).on(attribute)])
}

fn registration_number(case: &Case) -> Known<Vec<Message>> {
    let stored = case.before.filter(|_| case.kind == Kind::Modify);
    let (before, after) =
        (stored.and_then(|stored| stored.value(Name::RegNr)), case.after.value(Name::RegNr));
    if before.is_none() && after.is_none() || case.proves_any(maintainers::REGISTRY)? {
        return Ok(Vec::new());
    }
    let message = match (before, after) {
        (Some(before), Some(after)) if before.eq_ignore_ascii_case(&after) => None,
        (Some(_), Some(_)) => {
            let message = Message::error("The \"reg-nr\" attribute can only be changed by the RIPE NCC");
            case.after.all(Name::RegNr).next().map(|attribute| message.on(attribute))
        }
        _ => Some(Message::error("The \"reg-nr\" attribute can only be added or removed by the RIPE NCC")),
    };
    Ok(message.into_iter().collect())
}
