//! What stands in the way of a deletion (rules.md §7).

use super::super::{Case, DELETE, Message, Rule, maintainers};
use crate::{
    registered::Known,
    rpsl::{Class, Name},
};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "delete-registry-maintained",
        source: "common.DeleteRsMaintainedObjectValidator",
        says: "what the RIPE NCC maintains too is not deleted by others",
        classes: &[],
        kinds: DELETE,
        check: registry_maintained,
        remedy: "the RIPE NCC maintains it too: ask your sponsoring LIR, or ncc@ripe.net, to delete it",
    },
    Rule {
        name: "delete-same-object",
        source: "common.ObjectMismatchValidator",
        says: "a deletion shows the object as it stands",
        classes: &[],
        kinds: DELETE,
        check: same_object,
        remedy: "read the object again with `?unfiltered` and send it whole",
    },
    Rule {
        name: "delete-referenced",
        source: "common.ObjectReferencedValidator",
        says: "nothing refers to what is deleted",
        classes: &[],
        kinds: DELETE,
        check: not_referenced,
        remedy: "remove the references first: the registry lists them with a whois query of `-i` and the attribute",
    },
];

fn registry_maintained(case: &Case) -> Known<Vec<Message>> {
    if !maintainers::any_of_registry(&case.after.values(Name::MntBy))
        || case.proves_any(maintainers::REGISTRY)?
    {
        return Ok(Vec::new());
    }
    Ok(vec![Message::error("Deleting this object requires administrative authorisation")])
}

fn same_object(case: &Case) -> Known<Vec<Message>> {
    let differs = case.before.is_some_and(|stored| !stored.is_same_as(case.after));
    let text = "Object %s doesn't match version in database";
    Ok(differs
        .then(|| Message::error(text).arg(super::super::formatted_key(case.after)))
        .into_iter()
        .collect())
}

/// Aut-nums are exempt; so are the origins of routes, which are no references at all.
fn not_referenced(case: &Case) -> Known<Vec<Message>> {
    let Some(stored) = case.before.filter(|_| case.class() != Class::AutNum) else { return Ok(Vec::new()) };
    let key = stored.key();
    let referring = case.world.referring(&key)?;
    let Some(first) = referring.first() else { return Ok(Vec::new()) };
    let message =
        Message::error("Object [%s] %s is referenced from other objects").arg(key.class()).arg(key.text());
    let remedy = match referring.len() {
        1 => format!("remove the reference in {} first", first.key()),
        count => format!("remove the references in {} and {} more first", first.key(), count - 1),
    };
    Ok(vec![message.remedy(remedy)])
}
