//! Whom others write to: abuse contacts, and contact data that is complete and no placeholder.

use std::collections::BTreeSet;

use super::{Look, look::Open, space::Holding};
use crate::{
    finding::{Finding, Severity},
    rpsl::{Class, Key, Name, Object, schema::Requirement},
    rules::prepare::filtered::is_filtered,
};

/// What contact data is made of.
const DATA: [Name; 3] = [Name::Address, Name::EMail, Name::Phone];

/// What is wrong with abuse contacts and contact data.
pub(super) fn findings(
    look: &Look,
    subjects: &[&Object],
    holdings: &[Holding],
    open: &mut Open,
) -> Vec<Finding> {
    let organisations = organisations(subjects, holdings);
    let mut findings = Vec::new();
    for key in &organisations {
        if let Some(Some(organisation)) = open.known(look.world.object(key)) {
            findings.extend(abuse(look, organisation, open));
        }
    }
    // A resource may have an abuse contact of its own.
    let own =
        subjects.iter().filter(|object| object.class() != Class::Organisation && object.has(Name::AbuseC));
    for object in own {
        findings.extend(abuse(look, object, open));
    }
    let contacts = subjects.iter().filter(|object| is_contact(object) && !is_filtered(object));
    findings.extend(contacts.flat_map(|object| complete(look, object)));
    findings
}

fn is_contact(object: &Object) -> bool {
    matches!(object.class(), Class::Organisation | Class::Role | Class::Person)
}

/// The organisations that are declared, and those of the resources.
fn organisations(subjects: &[&Object], holdings: &[Holding]) -> BTreeSet<Key> {
    let declared =
        subjects.iter().filter(|object| object.class() == Class::Organisation).map(|object| object.key());
    let resources = subjects.iter().copied().chain(holdings.iter().filter_map(|holding| holding.object));
    let named = resources.flat_map(|object| object.values(Name::Org));
    declared.chain(named.map(|name| Key::new(Class::Organisation, &name))).collect()
}

/// Whether `abuse-c` names a role with an `abuse-mailbox`.
fn abuse(look: &Look, object: &Object, open: &mut Open) -> Option<Finding> {
    const RULE: &str = "arc-abuse-contact";
    let (key, name) = (object.key(), Name::AbuseC);
    let Some(handle) = object.value(name) else {
        let text = format!("{key} has no `abuse-c`: nobody can be told of abuse");
        let what = "add `abuse-c:` with a role that has an `abuse-mailbox:`";
        return Some(look.finding(RULE, object, None, text).fix(look.mended(object, name, what)));
    };
    let role = open.known(look.world.object(&Key::new(Class::Role, &handle)))?;
    let Some(role) = role else {
        let text = format!("{key} has `abuse-c` {handle}, and there is no such role");
        let what = "name a role with an `abuse-mailbox:` in `abuse-c:`";
        return Some(look.finding(RULE, object, Some(name), text).fix(look.mended(object, name, what)));
    };
    let text = format!("role {handle}, the `abuse-c` of {key}, has no `abuse-mailbox`");
    let remedy = || look.mended(role, Name::AbuseMailbox, "add `abuse-mailbox:`");
    (!role.has(Name::AbuseMailbox)).then(|| look.finding(RULE, role, None, text).fix(remedy()))
}

/// What is missing of address, e-mail and phone, and what is only there to fill the line.
fn complete(look: &Look, object: &Object) -> Vec<Finding> {
    const RULE: &str = "arc-contact-data";
    let key = object.key();
    let missing = DATA.into_iter().filter(|name| !object.has(*name)).map(|name| {
        let severity = weight(object, name);
        let finding = look.finding(RULE, object, None, format!("{key} has no `{name}`")).weighing(severity);
        finding.fix(look.mended(object, name, &format!("add `{name}:`")))
    });
    let filled = DATA.into_iter().chain([Name::AbuseMailbox]).filter_map(|name| {
        let value =
            object.values(name).into_iter().find(|value| is_filler(name, value, look.is_invented()))?;
        let finding = look.finding(
            RULE,
            object,
            Some(name),
            format!("{key} has `{name}: {value}`, which reaches nobody"),
        );
        Some(finding.fix(look.mended(object, name, &format!("write what `{name}:` really is"))))
    });
    missing.chain(filled).collect()
}

/// How much it weighs that `name` is missing: less where the registry does not ask for it, and least where people can be
/// reached the other way.
fn weight(object: &Object, name: Name) -> Severity {
    let row = object.class().template().row(name);
    let is_asked = row.is_some_and(|row| row.requirement == Requirement::Mandatory);
    match name {
        _ if is_asked => Severity::Error,
        Name::Address => Severity::Warning,
        _ if object.has(Name::EMail) || object.has(Name::Phone) => Severity::Info,
        _ => Severity::Error,
    }
}

/// Whether a value only fills its line. Where data is `invented`, names below `.example` are no sign of it.
fn is_filler(name: Name, value: &str, invented: bool) -> bool {
    const WORDS: [&str; 18] = [
        "",
        "n/a",
        "na",
        "none",
        "null",
        "nil",
        "unknown",
        "tbd",
        "todo",
        "xxx",
        "xxxx",
        "test",
        "example",
        "placeholder",
        "address",
        "street",
        "your address",
        "not available",
    ];
    const PARTS: [&str; 5] = ["changeme", "change me", "lorem ipsum", "your company", "fixme"];
    let text = value.trim().trim_matches(['.', '-', '?', '*', '<', '>', '[', ']']).to_ascii_lowercase();
    let is_word = WORDS.contains(&text.as_str()) || PARTS.iter().any(|part| text.contains(part));
    match name {
        Name::EMail | Name::AbuseMailbox => is_word || is_reserved(&text, invented),
        Name::Phone => is_word || is_no_number(&text),
        _ => is_word,
    }
}

/// Whether a mailbox is at a name that is never anybody's (RFC 2606).
fn is_reserved(mailbox: &str, invented: bool) -> bool {
    const NAMES: [&str; 3] = ["example.com", "example.net", "example.org"];
    let Some((_, host)) = mailbox.rsplit_once('@') else { return false };
    let below = |name: &str| host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
    NAMES.iter().any(|name| below(name))
        || ["invalid", "test", "localhost"].iter().any(|name| below(name))
        || (below("example") && !invented)
}

/// Whether a phone number has one digit all over, or the digits in their order.
fn is_no_number(phone: &str) -> bool {
    let digits: Vec<u8> = phone.bytes().filter(u8::is_ascii_digit).collect();
    let behind_country: Vec<u8> = digits.iter().copied().skip(2).collect();
    let is_one_digit = behind_country.windows(2).all(|pair| pair.first() == pair.last());
    let counts = String::from_utf8_lossy(&digits).contains("123456789");
    digits.len() < 5 || is_one_digit || counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_fills_the_line_is_noticed() {
        let check = |name, value, expected| assert_eq!(is_filler(name, value, false), expected, "{value}");
        check(Name::Address, "Hobby Street 1", false);
        check(Name::Address, "N/A", true);
        check(Name::Address, "---", true);
        check(Name::Address, "CHANGEME street", true);
        check(Name::Phone, "+31 20 5550100", false);
        check(Name::Phone, "+31 00 000 0000", true);
        check(Name::Phone, "+123456789", true);
        check(Name::Phone, "+31", true);
        check(Name::EMail, "noc@hobby.net", false);
        check(Name::EMail, "noc@sub.example.com", true);
        check(Name::EMail, "noc@notexample.com", false);
        check(Name::EMail, "noc@hobby.example", true);
        assert!(!is_filler(Name::EMail, "noc@hobby.example", true));
        assert!(is_filler(Name::EMail, "noc@hobby.invalid", true));
    }
}
