//! `mnt-ref`: an object that has it decides who may refer to it.

use super::{Decider, Finding};
use crate::{
    registered::Known,
    rpsl::{Class, Key, Name, Object},
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

/// Each newly named object with `mnt-ref` needs one of the maintainers there. Without any that exists it is free,
/// but for an organisation, which must have one.
pub fn check(case: &Case) -> Known<Finding> {
    let mut finding = Finding::default();
    if case.kind == Kind::Delete {
        return Ok(finding);
    }
    for (name, value) in
        ASKED.iter().flat_map(|name| case.added(*name).into_iter().map(move |value| (*name, value)))
    {
        for referenced in named(case, name, &value)? {
            if referenced.has(Name::MntRef) {
                ask(case, referenced, &mut finding)?;
            }
        }
    }
    Ok(finding)
}

/// What a value names: a stored object, and the object itself. A value with a list of prefixes names nothing.
fn named<'a>(case: &Case<'a>, name: Name, value: &str) -> Known<Vec<&'a Object>> {
    if name == Name::MntRoutes && value.contains([' ', '{']) {
        return Ok(Vec::new());
    }
    let classes = name.row().references;
    let itself = classes.contains(&case.class()) && case.after.key() == Key::new(case.class(), value);
    let stored = match itself {
        true => case.before,
        false => case.world.referenced(name, value)?,
    };
    Ok(stored.into_iter().chain(itself.then_some(case.after)).collect())
}

fn ask(case: &Case, referenced: &Object, finding: &mut Finding) -> Known<()> {
    let named = referenced.values(Name::MntRef);
    let asked = Decider::new(referenced, Name::MntRef).ask(case, &named, None)?;
    finding.messages.extend(dangling(case, referenced.key().text(), &named)?);
    if asked.maintainers.is_empty() && referenced.class() != Class::Organisation {
        return Ok(());
    }
    let refused = asked.proven.is_none().then(|| asked.refusal());
    finding.messages.extend(refused.filter(|refused| !finding.messages.contains(refused)));
    finding.authority.push(asked);
    Ok(())
}

/// Warnings for the maintainers in `mnt-ref` that do not exist.
fn dangling(case: &Case, referenced: &str, named: &[String]) -> Known<Vec<Message>> {
    let text = "Referenced organisation %s has mnt-ref attribute %s which does not exist in the database";
    let mut warnings = Vec::new();
    for name in named {
        if case.world.maintainer(name)?.is_none() {
            warnings.push(Message::warning(text).arg(referenced).arg(name));
        }
    }
    Ok(warnings)
}
