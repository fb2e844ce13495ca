//! Contacts for abuse: `abuse-c` names a role, and the role has an `abuse-mailbox`.

use super::super::{Case, Kind, MODIFY, Message, Rule, WRITE, maintainers};
use crate::{
    registered::Known,
    rpsl::{Class, Key, Name, Object},
};

/// The classes that address space and AS numbers are registered in.
const RESOURCES: &[Class] = &[Class::Inetnum, Class::Inet6num, Class::AutNum];
/// The classes that may have an `abuse-c`.
const HOLDERS: &[Class] = &[Class::Organisation, Class::Inetnum, Class::Inet6num, Class::AutNum];

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "abuse-c-duplicate",
        source: "common.AbuseCDuplicateValidator",
        says: "`abuse-c` is not the one that the organisation has already",
        classes: RESOURCES,
        kinds: WRITE,
        check: duplicate,
        remedy: "leave `abuse-c:` out: the organisation's holds here too",
    },
    Rule {
        name: "abuse-c-of-end-user",
        source: "common.EndUserAbuseCValidator",
        says: "the organisation of an end user's resource has an `abuse-c`",
        classes: RESOURCES,
        kinds: WRITE,
        check: end_user,
        remedy: "add an `abuse-c:` with a role that has an `abuse-mailbox:` to the organisation first",
    },
    Rule {
        name: "abuse-mailbox-unlimited",
        source: "organisation.AbuseCNoLimitWarningValidator",
        says: "anyone may read a role with an `abuse-mailbox`, as often as they like",
        classes: &[Class::Role],
        kinds: WRITE,
        check: unlimited,
        remedy: "",
    },
    Rule {
        name: "abuse-c-role",
        source: "organisation.AbuseValidator",
        says: "`abuse-c` names a role with an `abuse-mailbox`",
        classes: HOLDERS,
        kinds: WRITE,
        check: role_with_mailbox,
        remedy: "name a role that has an `abuse-mailbox:`",
    },
    Rule {
        name: "abuse-mailbox-in-use",
        source: "personrole.MustKeepAbuseMailboxIfReferencedValidator",
        says: "a role that is somebody's `abuse-c` keeps its `abuse-mailbox`",
        classes: &[Class::Role],
        kinds: MODIFY,
        check: mailbox_in_use,
        remedy: "keep the `abuse-mailbox:`, or name another role in `abuse-c:` first",
    },
];

fn organisation<'a>(case: &Case<'a>, object: &Object) -> Known<Option<&'a Object>> {
    match object.value(Name::Org) {
        Some(org) => case.world.object(&Key::new(Class::Organisation, &org)),
        None => Ok(None),
    }
}

/// Compares with the organisation of the object, or of the closest block above whose organisation has an `abuse-c`.
fn duplicate(case: &Case) -> Known<Vec<Message>> {
    let Some(contact) = case.after.value(Name::AbuseC) else { return Ok(Vec::new()) };
    let above = match case.after.block() {
        Some(block) => case.world.less_specific(case.class(), block)?,
        None => Vec::new(),
    };
    let unique = above.iter().map_while(|level| match level.as_slice() {
        [one] => Some(*one),
        _ => None,
    });
    for object in std::iter::once(case.after).chain(unique) {
        let Some(organisation) = organisation(case, object)?.filter(|org| org.has(Name::AbuseC)) else {
            continue;
        };
        let text = "Duplicate abuse-c \"%s\" also found in referenced organisation \"%s\".";
        let same =
            organisation.value(Name::AbuseC).is_some_and(|theirs| theirs.eq_ignore_ascii_case(&contact));
        let message = || Message::warning(text).arg(&contact).arg(organisation.key().text());
        return Ok(same.then(message).into_iter().collect());
    }
    Ok(Vec::new())
}

/// What is assigned to end users directly needs an abuse contact; of an aut-num only if its status is submitted.
fn end_user(case: &Case) -> Known<Vec<Message>> {
    let status = case.submitted.value(Name::Status).map(|status| status.to_ascii_uppercase());
    let counts = match (case.class(), status.as_deref()) {
        (_, None) => false,
        (Class::AutNum, _) | (_, Some("ASSIGNED PI")) => true,
        (_, Some("LEGACY")) => maintainers::any_of_registry(&case.submitted.values(Name::MntBy)),
        _ => false,
    };
    if !counts {
        return Ok(Vec::new());
    }
    let Some(organisation) = organisation(case, case.after)?.filter(|org| org.names(Name::OrgType, "OTHER"))
    else {
        return Ok(Vec::new());
    };
    let Some(contact) = organisation.value(Name::AbuseC) else {
        let named = case.after.value(Name::Org).unwrap_or_else(|| organisation.key().text().to_owned());
        return Ok(vec![Message::error("%s must include an \"abuse-c:\" attribute").arg(named)]);
    };
    Ok(match case.world.object(&Key::new(Class::Role, &contact))? {
        None => vec![references_a_person()],
        Some(role) if !role.has(Name::AbuseMailbox) => vec![lacks_mailbox(case, role.key().text())],
        Some(_) => Vec::new(),
    })
}

fn references_a_person() -> Message {
    Message::error(
        "\"abuse-c:\" references a PERSON object\nThis must reference a ROLE object with an \"abuse-mailbox:\"",
    )
}

fn lacks_mailbox(case: &Case, role: &str) -> Message {
    let text = "The \"abuse-c\" ROLE object '%s' has no \"abuse-mailbox:\"\nAdd \"abuse-mailbox:\" to the ROLE object, then update the %s object";
    Message::error(text).arg(role).arg(case.class().text().to_ascii_uppercase())
}

fn unlimited(case: &Case) -> Known<Vec<Message>> {
    let has = |object: &Object| object.has(Name::AbuseMailbox);
    let is_new = has(case.after) && !case.before.is_some_and(has);
    let text = "There are no limits on queries for ROLE objects containing \"abuse-mailbox:\"";
    Ok(is_new.then(|| Message::warning(text)).into_iter().collect())
}

fn role_with_mailbox(case: &Case) -> Known<Vec<Message>> {
    let Some(contact) = case.after.value(Name::AbuseC) else { return removed(case) };
    if let Some(role) = case.world.object(&Key::new(Class::Role, &contact))? {
        let lacking = !role.has(Name::AbuseMailbox);
        return Ok(lacking.then(|| lacks_mailbox(case, &contact)).into_iter().collect());
    }
    let person = case.world.object(&Key::new(Class::Person, &contact))?;
    Ok(person.map(|_| references_a_person()).into_iter().collect())
}

/// An organisation that is an LIR, or that holds resources of the registry, must keep its contact.
fn removed(case: &Case) -> Known<Vec<Message>> {
    let had_one = case.kind == Kind::Modify && case.before.is_some_and(|before| before.has(Name::AbuseC));
    if case.class() != Class::Organisation || !had_one {
        return Ok(Vec::new());
    }
    if !case.after.names(Name::OrgType, "LIR") && !super::organisation::holds_registry_resources(case)? {
        return Ok(Vec::new());
    }
    let text = "\"abuse-c:\" cannot be removed from an ORGANISATION object referenced by a resource object";
    Ok(vec![Message::error(text).remedy("keep the `abuse-c:`, or name another role there")])
}

fn mailbox_in_use(case: &Case) -> Known<Vec<Message>> {
    let had_one = case.before.is_some_and(|before| before.has(Name::AbuseMailbox));
    if !had_one || case.after.has(Name::AbuseMailbox) {
        return Ok(Vec::new());
    }
    let key = case.after.key();
    let referring = case.world.referring(&key)?;
    let user = referring
        .iter()
        .find(|object| HOLDERS.contains(&object.class()) && object.names(Name::AbuseC, key.text()));
    let message = |user: &&Object| {
        let role = case.after.value(Name::Role).unwrap_or_default();
        let remedy = format!(
            "{} has it as `abuse-c:`: keep the `abuse-mailbox:`, or name another role there first",
            user.key()
        );
        let text = "There is an %s referencing role %s's abuse-mailbox";
        Message::error(text).arg(user.class()).arg(role).remedy(remedy)
    };
    Ok(user.map(message).into_iter().collect())
}
