//! `mnt-irt`: an incident response team must agree to being named.

use super::{Authority, Finding};
use crate::{
    registered::Known,
    rpsl::{Class, Key, Name},
    rules::{Case, Kind},
};

/// Each irt newly named must be proven by its own `auth`; one of them suffices.
pub fn check(case: &Case) -> Known<Finding> {
    let added = if case.kind == Kind::Delete { Vec::new() } else { case.added(Name::MntIrt) };
    if added.is_empty() {
        return Ok(Finding::default());
    }
    let mut asked = Authority {
        rule: "",
        object: case.before.unwrap_or(case.after).key(),
        attribute: Name::MntIrt,
        maintainers: Vec::new(),
        proven: None,
        ways: vec![Name::MntIrt],
        is_space: false,
    };
    for name in added {
        let key = Key::new(Class::Irt, &name);
        let itself = Some(case.after).filter(|after| after.key() == key);
        let Some(irt) = itself.map_or_else(|| case.world.object(&key), |own| Ok(Some(own)))? else {
            continue;
        };
        let text = irt.key().text().to_owned();
        if case.credential.proves(case.world, irt)? && asked.proven.is_none() {
            asked.proven = Some(text.clone());
        }
        asked.maintainers.push(text);
    }
    Ok(Finding::required(asked, Authority::refusal))
}
