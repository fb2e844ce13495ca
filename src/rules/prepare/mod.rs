//! What the registry makes of a submitted object before anyone's permission is asked.
//!
//! In this order: characters and mail domains, the spelling of values (sanitising), structure and syntax,
//! transformations such as keys that the registry chooses, and attributes that it generates.

pub mod characters;
mod generate;
mod sanitise;
mod structure;
mod stumbles;
mod transform;

pub use generate::generate;
pub use sanitise::sanitise;
pub use structure::check_structure;
pub use stumbles::stumbles;
pub use transform::{Transformed, initials, transform};

use super::{Log, Message};
use crate::{
    finding::Severity,
    rpsl::{Attribute, Class, Draft, Name, Object, Placeholder},
};

/// Mail domains to punycode, and characters that the registry does not keep replaced: first in the attributes that
/// take Unicode, then in all others.
pub fn convert_characters(object: &Object, log: &mut Log) -> Object {
    let mut draft = object.edit();
    let mut changed = false;
    for (attribute, (_, raw)) in object.attributes().zip(&mut draft.pairs) {
        if let Some(punycode) = attribute.name.and_then(|name| characters::punycode_email(name, raw)) {
            *raw = punycode;
            changed = true;
            let text = "Value changed due to conversion of IDN email address(es) into Punycode";
            log.say(Message::warning(text).of("characters-mail-domain"));
        }
    }
    for unicode in [true, false] {
        for (attribute, (label, raw)) in object.attributes().zip(&mut draft.pairs) {
            let Some(name) = attribute.name.filter(|name| characters::takes_unicode(*name) == unicode) else {
                continue;
            };
            if let Some(converted) = characters::convert(name, raw) {
                log.say(lossy(label, raw, &converted).remedy(instead(name, raw)));
                *raw = converted;
                changed = true;
            }
        }
    }
    if changed { rebuilt(&draft, object) } else { object.clone() }
}

fn lossy(label: &str, raw: &str, converted: &str) -> Message {
    let text = format!("Attribute \"{label}:\" has been converted to \"{}\"", converted.trim());
    Message::new(Severity::Warning, text).of("characters-lossy").on_raw(label, raw)
}

/// What to write instead of characters that are converted.
fn instead(name: Name, raw: &str) -> &'static str {
    match (characters::loses(name, raw), characters::takes_unicode(name)) {
        (false, _) => "nothing is lost: the registry writes blanks and composed letters in one form",
        (true, true) => {
            "write it without emoji and other characters beyond Unicode's basic plane, ligatures and marks"
        }
        (true, false) => {
            "only `descr:` and `remarks:` take characters beyond Latin-1; write the rest without them"
        }
    }
}

/// The attributes of which the registry cannot store all characters, each by its number and with what it stores.
pub fn losses(object: &Object) -> Vec<(usize, String)> {
    let loss = |(index, attribute): (usize, Attribute)| {
        let name = attribute.name?;
        let punycode = characters::punycode_email(name, attribute.raw);
        let raw = punycode.as_deref().unwrap_or(attribute.raw);
        Some((index, characters::convert(name, raw).filter(|_| characters::loses(name, raw))?))
    };
    object.attributes().enumerate().filter_map(loss).collect()
}

/// What the registry would store of a declared object, but for times and other generated attributes: characters,
/// spelling, long names, and without the attributes that it no longer has.
pub fn stored(object: &Object) -> Object {
    let log = &mut Log::default();
    transform::modernise(&sanitise(&convert_characters(object, log), log), log)
}

/// Whether `answered` is what the registry stores of `sent` (rules.md §1, steps 2 to 8). Aside is what it writes itself:
/// times, what follows from a certificate, the status of an AS number and of what lies in a LEGACY block, and the key
/// where it was left to choose it.
pub fn is_stored_form(sent: &Object, answered: &Object) -> bool {
    let chosen = Placeholder::of(sent).is_some();
    if sent.class() != answered.class() || !chosen && sent.key() != answered.key() {
        return false;
    }
    let key = sent.class().template().key.first().filter(|_| chosen).copied();
    let status = match sent.class() {
        Class::AutNum => Some(Name::Status),
        Class::Inetnum if answered.names(Name::Status, generate::LEGACY) => Some(Name::Status),
        _ => None,
    };
    let compared = |object: &Object| {
        let mut draft = object.edit();
        for (attribute, (_, raw)) in object.attributes().zip(&mut draft.pairs) {
            if attribute.name == key && key.is_some() {
                raw.clear();
            }
        }
        if let Some(status) = status {
            draft.remove(status);
        }
        rebuilt(&draft, object)
    };
    compared(&stored(sent)).is_same_as(&compared(answered))
}

/// The object of a draft; a draft that lost its first attribute falls back to what it was made from.
fn rebuilt(draft: &Draft, original: &Object) -> Object {
    draft.build().unwrap_or_else(|_| original.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_shows_what_was_sent() {
        let check = |sent: &str, answered: &str, expected: bool| {
            let object = |text: &str| Object::parse(text).unwrap();
            assert_eq!(is_stored_form(&object(sent), &object(answered)), expected, "{sent} / {answered}");
        };
        let times = "created: 2026-01-01T00:00:00Z\nlast-modified: 2026-01-01T00:00:00Z\n";
        check("as-set: AS-X\ndescr: a\n", &format!("as-set: AS-X\ndescr: a\n{times}"), true);
        check("as-set: AS-X\ndescr: a\n", "as-set: AS-X\ndescr: b\n", false);
        check("as-set: AS-X\ndescr: a\n", "as-set: AS-X\n", false);
        check("as-set: AS-X\n", "as-set: AS-Y\n", false);
        check("as-set: AS-X\n", "route-set: RS-X\n", false);
        check(
            "route6: 2A0F:85C1:0260::/48\norigin: AS1\n",
            "route6: 2a0f:85c1:260::/48\norigin: AS1\n",
            true,
        );
        check("aut-num: AS1\nas-name: A\n", "aut-num: AS1\nas-name: A\nstatus: ASSIGNED\n", true);
        check("aut-num: AS1\nas-name: A\n", "aut-num: AS1\nas-name: B\nstatus: ASSIGNED\n", false);
        check(
            "inetnum: 192.0.2.0/24\nstatus: LEGACY\n",
            "inetnum: 192.0.2.0 - 192.0.2.255\nstatus: LEGACY\n",
            true,
        );
        check(
            "inet6num: 2001:db8::/32\nstatus: ASSIGNED\n",
            "inet6num: 2001:db8::/32\nstatus: LEGACY\n",
            false,
        );
        check("organisation: AUTO-1\norg-name: A\n", "organisation: ORG-A1-RIPE\norg-name: A\n", true);
        check("organisation: AUTO-1\norg-name: A\n", "organisation: ORG-B1-RIPE\norg-name: B\n", false);
        check("role: A\nnic-hdl: auto-1AB\n", "role: A\nnic-hdl: AB1-RIPE\n", true);
        check("role: A\nnic-hdl: AB1-RIPE\n", "role: A\nnic-hdl: AB2-RIPE\n", false);
    }
}
