//! `mnt-ref`: an object that has it decides who may refer to it.

use super::{Decider, Finding};
use crate::{
    registered::Known,
    rpsl::{Class, Name},
    rules::{Case, Kind, Message},
};

/// The attributes whose new values are asked about.
const ASKED: &[Name] = &[
    Name::AbuseC,
    Name::AdminC,
    Name::ZoneC,
    Name::TechC,
    Name::Author,
    Name::PingHdl,
    Name::MntIrt,
    Name::MntBy,
    Name::MntDomains,
    Name::MntRoutes,
    Name::MntLower,
    Name::MntRef,
    Name::Org,
];

/// Each newly named object with `mnt-ref` needs one of the maintainers there.
pub fn check(case: &Case) -> Known<Finding> {
    let mut finding = Finding::default();
    if case.kind == Kind::Delete {
        return Ok(finding);
    }
    for name in ASKED {
        for value in case.added(*name) {
            let Some(referenced) = case.world.referenced(*name, &value)? else { continue };
            if !referenced.has(Name::MntRef) || referenced.key() == case.after.key() {
                continue;
            }
            let named = referenced.values(Name::MntRef);
            let asked = Decider::new(referenced, Name::MntRef).ask(case, &named, None)?;
            if referenced.class() == Class::Organisation {
                finding.messages.extend(dangling(case, referenced.key().text(), &named)?);
            }
            let refused = asked.proven.is_none().then(|| asked.refusal());
            finding.messages.extend(refused);
            finding.authority.push(asked);
        }
    }
    Ok(finding)
}

/// Warnings for the maintainers in `mnt-ref` that do not exist.
fn dangling(case: &Case, organisation: &str, named: &[String]) -> Known<Vec<Message>> {
    let text = "Referenced organisation %s has mnt-ref attribute %s which does not exist in the database";
    let mut warnings = Vec::new();
    for name in named {
        if case.world.maintainer(name)?.is_none() {
            warnings.push(Message::warning(text).arg(organisation).arg(name));
        }
    }
    Ok(warnings)
}
