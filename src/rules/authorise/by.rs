//! `mnt-by`: who maintains the object, and who may take it back from its space.

use super::{Authority, Decider, Finding};
use crate::{
    registered::Known,
    rpsl::{Class, Name},
    rules::{Case, Kind, maintainers},
};

/// Every action needs a maintainer of the stored object, or of the new one where there is none.
pub fn check(case: &Case) -> Known<Finding> {
    let reference = case.before.unwrap_or(case.after);
    let deciding = match case.kind {
        _ if reference.has(Name::MntBy) => reference,
        Kind::Delete => return Ok(Finding::default()),
        Kind::Modify => case.after,
        Kind::Create | Kind::Noop => reference,
    };
    let own = (case.class() == Class::Mntner).then_some(reference);
    let by = Decider::new(deciding, Name::MntBy).ask(case, &deciding.values(Name::MntBy), own)?;
    if by.proven.is_some() || case.kind != Kind::Delete {
        return Ok(Finding::required(by, Authority::refusal));
    }
    reclaim(case, by)
}

/// The holder of the space may delete what others registered in it.
fn reclaim(case: &Case, by: Authority) -> Known<Finding> {
    let mut asked = vec![by];
    let mut failed = asked.clone();
    if let Some(block) = case.after.block() {
        let class = match case.class() {
            Class::Inetnum | Class::Inet6num | Class::Route | Class::Route6 | Class::Domain => {
                super::address::class_of(block)
            }
            _ => return Ok(refused(asked, failed)),
        };
        let exact = case.world.exact(class, block)?;
        if case.class() == Class::Domain {
            for ip in &exact {
                asked.push(Decider::new(ip, Name::MntDomains).ask(
                    case,
                    &ip.values(Name::MntDomains),
                    None,
                )?);
            }
        }
        let above = case.world.less_specific(class, block)?;
        let levels = std::iter::once(exact).chain(above).flatten();
        let allocation = levels
            .filter(|ip| ip.block().is_some_and(|block| block.prefix().is_none_or(|p| p.len() > 0)))
            .find(|ip| {
                [Name::MntBy, Name::MntLower]
                    .iter()
                    .any(|name| maintainers::any_of_registry(&ip.values(*name)))
            });
        if let Some(ip) = allocation {
            for name in [Name::MntLower, Name::MntBy] {
                let authority = Decider::new(ip, name).ask(case, &ip.values(name), None)?;
                failed.push(authority.clone());
                asked.push(authority);
            }
        }
    }
    Ok(refused(asked, failed))
}

/// One consent is enough: where there is one, the others that were asked decide nothing.
fn refused(asked: Vec<Authority>, failed: Vec<Authority>) -> Finding {
    let consents = |authority: &Authority| authority.proven.is_some();
    match asked.iter().any(consents) {
        true => {
            let authority = asked.into_iter().filter(consents).collect();
            Finding { authority, messages: Vec::new() }
        }
        false => Finding { messages: failed.iter().map(Authority::refusal).collect(), authority: asked },
    }
}
