//! What must exist and what must not: keys, references, and the contacts of maintainers.

use std::collections::HashSet;

use super::super::{CREATE, Case, Message, Rule, WRITE, table_order::in_table_order};
use crate::{
    registered::Known,
    rpsl::{AnyCase, Attribute, Class, Key, Name, Object, Placeholder},
};

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "maintainer-exists",
        source: "common.MaintainedReferencedMaintainerPersonRolesValidator",
        says: "the maintainers in `mnt-by` exist",
        classes: &[],
        kinds: WRITE,
        check: maintainers_exist,
        remedy: "create the maintainer first, or correct its name in `mnt-by:`",
    },
    Rule {
        name: "contact-maintained",
        source: "common.MaintainedReferencedPersonRolesValidator",
        says: "persons and roles that are named have a `mnt-by`",
        classes: &[],
        kinds: WRITE,
        check: contacts_are_maintained,
        remedy: "add a `mnt-by:` to the person or role, or ask its holder to do so",
    },
    Rule {
        name: super::MUST_NOT_EXIST,
        source: "common.NewKeywordValidator",
        says: "what is created does not exist",
        classes: &[],
        kinds: CREATE,
        check: must_not_exist,
        remedy: "change it instead, or choose another key",
    },
    Rule {
        name: "reference-exists",
        source: "common.ReferencedObjectsExistValidator",
        says: "what is named exists",
        classes: &[],
        kinds: WRITE,
        check: references_exist,
        remedy: "create the object first, or correct its name",
    },
    Rule {
        name: "reserved-word",
        source: "common.ReservedWordValidator",
        says: "a name is no word of the policy language, and does not begin as those of another class do",
        classes: &[],
        kinds: CREATE,
        check: reserved_words,
        remedy: "choose another name",
    },
];

/// Attributes that name a person or role.
const CONTACTS: [Name; 6] =
    [Name::AdminC, Name::TechC, Name::ZoneC, Name::PingHdl, Name::Author, Name::AbuseC];

fn maintainers_exist(case: &Case) -> Known<Vec<Message>> {
    let mut said = Vec::new();
    let mut missing = false;
    for name in case.after.values(Name::MntBy) {
        if case.after.key() == Key::new(Class::Mntner, &name) {
            continue;
        }
        if let Some(maintainer) = case.world.maintainer(&name)? {
            said.extend(unmaintained(case, maintainer)?.into_iter().map(|contact| {
                let text = "Referenced %s object %s from %s: %s is missing mandatory attribute \"%s:\"";
                let message = Message::warning(text).arg(contact.class()).arg(contact.key().text());
                message.arg(Class::Mntner).arg(&name).arg(Name::MntBy)
            }));
        } else {
            let text = "The maintainer '%s' was not found in the database";
            said.push(Message::error(text).arg(&name).missing([Key::new(Class::Mntner, &name)]));
            missing = true;
        }
    }
    if missing && !names_a_contact(case)? {
        said.push(Message::info(
            "To create the first person/mntner pair of objects for an organisation see\nhttps://apps.db.ripe.net/db-web-ui/webupdates/create/RIPE/person/self",
        ));
    }
    Ok(said)
}

fn names_a_contact(case: &Case) -> Known<bool> {
    for name in CONTACTS {
        for value in case.after.values(name) {
            if case.world.referenced(name, &value)?.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The persons and roles in `admin-c` and `tech-c` of `object` that have no `mnt-by`.
fn unmaintained<'a>(case: &Case<'a>, object: &Object) -> Known<Vec<&'a Object>> {
    let mut found = Vec::new();
    for name in [Name::AdminC, Name::TechC] {
        for value in object.values(name) {
            found.extend(case.world.referenced(name, &value)?.filter(|contact| !contact.has(Name::MntBy)));
        }
    }
    Ok(found)
}

fn contacts_are_maintained(case: &Case) -> Known<Vec<Message>> {
    let text = "Referenced %s object %s is missing mandatory attribute \"%s:\"";
    let message = |contact: &Object| {
        Message::warning(text).arg(contact.class()).arg(contact.key().text()).arg(Name::MntBy)
    };
    Ok(unmaintained(case, case.after)?.into_iter().map(message).collect())
}

fn must_not_exist(case: &Case) -> Known<Vec<Message>> {
    let text = "Enforced new keyword specified, but the object already exists in the database";
    Ok(case.before.map(|_| Message::error(text)).into_iter().collect())
}

/// A placeholder that stands for no key is refused before, with words of its own.
fn references_exist(case: &Case) -> Known<Vec<Message>> {
    let (mut said, mut seen) = (Vec::new(), HashSet::new());
    for attribute in case.after.attributes() {
        let missing = missing_references(case, attribute)?;
        let told = missing.iter().any(|value| is_told_of(attribute, value));
        if !missing.is_empty() && !told && seen.insert(attribute.normal()) {
            let message = Message::error("Unknown object referenced %s").arg(missing.join(",")).on(attribute);
            said.push((
                attribute,
                message.missing(missing.iter().flat_map(|value| targets(attribute, value))),
            ));
        }
    }
    Ok(in_table_order(said))
}

/// What a value may name: an object of one of these keys.
fn targets(attribute: Attribute, value: &str) -> impl Iterator<Item = Key> {
    let classes = attribute.name.map(|name| name.row().references).unwrap_or_default();
    classes.iter().map(move |class| Key::new(*class, value))
}

fn is_told_of(attribute: Attribute, value: &str) -> bool {
    let is_automatic = attribute
        .name
        .is_some_and(|name| name.row().references.iter().any(|class| class.has_automatic_keys()));
    is_automatic && Placeholder::parse(value).is_some()
}

fn missing_references(case: &Case, attribute: Attribute) -> Known<Vec<String>> {
    let (mut missing, mut seen) = (Vec::new(), AnyCase::default());
    let Some(name) = attribute.name.filter(|name| !name.row().references.is_empty()) else {
        return Ok(missing);
    };
    for value in attribute.values() {
        let value = referring_part(name, &value);
        let itself = name.row().references.contains(&case.class())
            && case.after.key() == Key::new(case.class(), value);
        if !refers_to_nothing(name, value) && !itself && seen.insert(value) && !exists(case, name, value)? {
            missing.push(value.to_owned());
        }
    }
    Ok(missing)
}

/// Persons and roles share their handles: where one of them may be named, either counts as existing.
fn exists(case: &Case, name: Name, value: &str) -> Known<bool> {
    if case.world.referenced(name, value)?.is_some() {
        return Ok(true);
    }
    let people = [Class::Person, Class::Role];
    if name.row().references.iter().any(|class| people.contains(class)) {
        for class in people {
            if case.world.object(&Key::new(class, value))?.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The part of a value that is a key: of `mnt-routes` the maintainer, without its prefixes.
fn referring_part(name: Name, value: &str) -> &str {
    match name {
        Name::MntRoutes => value.split([' ', '{']).next().unwrap_or(value),
        _ => value,
    }
}

/// Values that name no object: accounts and hashes in `auth`, the word ANY in `mbrs-by-ref`.
fn refers_to_nothing(name: Name, value: &str) -> bool {
    let begins = |head: &str| value.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head));
    match name {
        Name::Auth => begins("MD5-PW") || begins("SSO"),
        Name::MbrsByRef => value.eq_ignore_ascii_case("ANY"),
        _ => false,
    }
}

/// Words of the policy language, which cannot be names (RFC 2622 §2).
#[rustfmt::skip]
const RESERVED: [&str; 20] = [
    "any", "as-any", "rs-any", "peeras", "and", "or", "not", "atomic", "from", "to", "at", "action", "accept",
    "announce", "except", "refine", "networks", "into", "inbound", "outbound",
];

/// How names of certain classes begin, and no others (RFC 2622 §2).
const PREFIXES: [(&str, Class); 9] = [
    ("as-", Class::AsSet),
    ("rs-", Class::RouteSet),
    ("rtrs-", Class::RtrSet),
    ("fltr-", Class::FilterSet),
    ("prng-", Class::PeeringSet),
    ("org-", Class::Organisation),
    ("irt-", Class::Irt),
    ("pgpkey-", Class::KeyCert),
    ("x509-", Class::KeyCert),
];

fn reserved_words(case: &Case) -> Known<Vec<Message>> {
    let key = case.after.key().text().to_ascii_lowercase();
    if RESERVED.contains(&key.as_str()) {
        return Ok(vec![Message::error("Reserved name '%s' used").arg(key)]);
    }
    let taken = PREFIXES.iter().find(|(prefix, class)| key.starts_with(prefix) && *class != case.class());
    let text = "Names starting with '%s' are reserved for '%s'.";
    Ok(taken.map(|(prefix, class)| Message::error(text).arg(prefix).arg(class)).into_iter().collect())
}
