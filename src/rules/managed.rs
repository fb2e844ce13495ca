//! What the RIPE NCC manages in objects that it maintains together with their holder (`schema.json`, managed attributes).

use super::maintainers::{REGISTRY, any_of_registry, is_one_of};
use crate::{
    registered::Registered,
    rpsl::{Attribute, Class, Name, Object},
};

/// Whether a value of an attribute is the RIPE NCC's to change; `names` are the [`managed_names`] of its object.
pub fn is_managed(attribute: Attribute, value: &str, names: &[Name]) -> bool {
    match attribute.name {
        Some(Name::MntBy) => is_one_of(REGISTRY, value.trim()),
        Some(name) => names.contains(&name),
        None => false,
    }
}

const ALLOCATION: &[Name] =
    &[Name::Inetnum, Name::Inet6num, Name::Org, Name::Status, Name::Netname, Name::Source];
const ASSIGNMENT: &[Name] =
    &[Name::Inetnum, Name::Inet6num, Name::Org, Name::SponsoringOrg, Name::Status, Name::Source];
const ORGANISATION: &[Name] =
    &[Name::Organisation, Name::Org, Name::OrgName, Name::OrgType, Name::Country, Name::RegNr, Name::Source];
const AUT_NUM: &[Name] = &[Name::AutNum, Name::Org, Name::SponsoringOrg, Name::Status, Name::Source];

/// The attributes of the object that the RIPE NCC manages, whatever they say.
pub fn managed_names(object: &Object, world: &Registered) -> &'static [Name] {
    let registry = any_of_registry(&object.values(Name::MntBy));
    let status = object.value(Name::Status).unwrap_or_default().to_ascii_uppercase();
    match object.class() {
        Class::Inetnum | Class::Inet6num if !registry => &[],
        Class::Inetnum if status.starts_with("ALLOCATED") => ALLOCATION,
        Class::Inet6num if status == "ALLOCATED-BY-RIR" => ALLOCATION,
        Class::Inetnum | Class::Inet6num => ASSIGNMENT,
        Class::AutNum if registry => AUT_NUM,
        Class::Organisation if is_managed_organisation(object, world) => ORGANISATION,
        _ => &[],
    }
}

/// An LIR, or an organisation that holds a resource which the RIPE NCC maintains.
fn is_managed_organisation(object: &Object, world: &Registered) -> bool {
    let holds = || {
        let resources = world.referring(&object.key()).unwrap_or_default();
        resources.iter().any(|resource| any_of_registry(&resource.values(Name::MntBy)))
    };
    object.names(Name::OrgType, "LIR") || holds()
}
