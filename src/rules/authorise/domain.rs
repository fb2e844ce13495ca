//! The address space of a reverse domain: `mnt-domains`, else `mnt-lower` from above, else `mnt-by`.

use super::{Authority, Decider, Finding, address};
use crate::{
    registered::Known,
    rpsl::{Class, Name},
    rules::{Case, Kind, Message},
};

/// Creation needs the consent of the inet(6)num that the domain is for, or the closest above it.
pub fn check(case: &Case) -> Known<Finding> {
    let block = match (case.kind, case.class()) {
        (Kind::Create, Class::Domain) => case.after.block(),
        _ => None,
    };
    let Some(block) = block else { return Ok(Finding::default()) };
    let class = address::class_of(block);
    let exact = case.world.exact(class, block)?;
    let is_exact = !exact.is_empty();
    let deciding = if is_exact {
        exact
    } else {
        case.world.less_specific(class, block)?.into_iter().next().unwrap_or_default()
    };
    let Some(ip) = deciding.first() else {
        let none = Authority {
            rule: "",
            object: case.after.key(),
            attribute: Name::Domain,
            maintainers: Vec::new(),
            proven: None,
        };
        let messages: Vec<Message> = vec![none.refusal()];
        return Ok(Finding { authority: vec![none], messages });
    };
    let attribute = match () {
        () if ip.has(Name::MntDomains) => Name::MntDomains,
        () if !is_exact && ip.has(Name::MntLower) => Name::MntLower,
        () => Name::MntBy,
    };
    let authority = Decider::new(ip, attribute).ask(case, &ip.values(attribute), None)?;
    Ok(Finding::required(authority, Authority::refusal))
}
