//! Who may do a step, and why, as people read it.

use crate::{
    rpsl::Key,
    rules::{Authority, Decision, Effect},
};

/// Who may do it, and why: for each maintainer the attributes, and the objects that have them, that decide.
pub(super) fn authority(decision: &Decision) -> Option<String> {
    let own = decision_key(decision);
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for authority in &decision.authority {
        let (who, why) = (asked(authority), reason(authority, own.as_ref()));
        match reasons.iter_mut().find(|(other, _)| *other == who) {
            Some((_, list)) if list.contains(&why) => {}
            Some((_, list)) => list.push(why),
            None => reasons.push((who, vec![why])),
        }
    }
    let parts: Vec<String> = reasons.iter().map(|(who, why)| format!("{who}: {}", why.join(", "))).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Whom the registry asks: the maintainer that the key speaks for, or those that it would have to speak for.
fn asked(authority: &Authority) -> String {
    match (&authority.proven, authority.maintainers.as_slice()) {
        (Some(name), _) => name.clone(),
        (None, []) => "nobody".to_owned(),
        (None, others) => format!("not this key, but {}", others.join(" or ")),
    }
}

/// The attribute that decides, and whose it is if it is not the object's own.
fn reason(authority: &Authority, own: Option<&Key>) -> String {
    let Authority { object, attribute, .. } = authority;
    let is_its_block = |own: &Key| {
        object.class() != own.class() && object.block().is_some_and(|block| own.block() == Some(block))
    };
    match own {
        Some(own) if object == own => attribute.to_string(),
        Some(own) if is_its_block(own) => format!("{attribute} of its {}", object.class()),
        _ => format!("{attribute} of {}", object.text()),
    }
}

fn decision_key(decision: &Decision) -> Option<Key> {
    match &decision.effect {
        Effect::Created(object) | Effect::Deleted(object) | Effect::Unchanged(object) => Some(object.key()),
        Effect::Modified { after, .. } => Some(after.key()),
        Effect::Refused { submitted, .. } => Some(submitted.key()),
    }
}
