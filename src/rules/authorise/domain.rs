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
        let none = Authority::nobody(case.after.key(), Name::Domain);
        let messages: Vec<Message> = vec![none.refusal()];
        return Ok(Finding { authority: vec![none], messages });
    };
    let order: &[Name] = match is_exact {
        true => &[Name::MntDomains, Name::MntBy],
        false => &[Name::MntDomains, Name::MntLower, Name::MntBy],
    };
    let decider = Decider::first(ip, order);
    let authority = decider.ask(case, &ip.values(decider.attribute), None)?;
    Ok(Finding::required(authority, Authority::refusal))
}
