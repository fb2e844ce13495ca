//! What the registry makes of a submitted object before anyone's permission is asked.
//!
//! In this order: characters and mail domains, the spelling of values (sanitising), structure and syntax,
//! transformations such as keys that the registry chooses, and attributes that it generates.

pub mod characters;
pub mod filtered;
mod generate;
mod sanitise;
mod structure;
mod stumbles;
#[cfg(test)]
mod tests;
mod transform;

/// Where the RIPE NCC makes the first person and maintainer of an organisation, which name each other.
pub const FIRST_PAIR: &str = "https://apps.db.ripe.net/db-web-ui/webupdates/create/RIPE/person/self";

pub use generate::generate;
pub use sanitise::sanitise;
pub use structure::{check_structure, is_well_formed};
pub use stumbles::{no_key, stumbles};
pub use transform::{Transformed, initials, transform};

use std::collections::HashMap;

use super::{Log, Message, table_order::in_table_order};
use crate::{
    finding::Severity,
    rpsl::{Attribute, Class, Draft, Name, Object, Placeholder},
};

/// Mail domains to punycode, and characters that the registry does not keep replaced. Of attributes that it takes for
/// equal, under the same name, it converts the first, which then stands for all of them.
pub fn convert_characters(object: &Object, log: &mut Log) -> Object {
    let object = &with_punycode(object, log);
    // Most stand alone under their names, and need no comparison.
    let mut count: HashMap<Option<Name>, usize> = HashMap::new();
    for attribute in object.attributes() {
        *count.entry(attribute.name).or_default() += 1;
    }
    let (mut firsts, mut lossy, mut draft) = (HashMap::new(), Vec::new(), None);
    for (index, attribute) in object.attributes().enumerate() {
        let first = if count.get(&attribute.name) == Some(&1) {
            index
        } else {
            let written = attribute.label.to_ascii_lowercase();
            *firsts.entry((written, attribute.normal())).or_insert(index)
        };
        if first != index {
            let pairs = &mut draft.get_or_insert_with(|| object.edit()).pairs;
            pairs[index] = pairs[first].clone();
        } else if let Some(converted) = characters::convert(attribute.label, attribute.raw) {
            let now = Attribute { raw: &converted, ..attribute };
            if now.normal() != attribute.normal() {
                lossy.push((attribute, converted_to(attribute, now)));
            }
            draft.get_or_insert_with(|| object.edit()).pairs[index].1 = converted;
        }
    }
    for message in in_table_order(lossy) {
        log.say(message);
    }
    draft.map_or_else(|| object.clone(), |draft| rebuilt(&draft, object))
}

/// The object with mail domains in punycode.
fn with_punycode(object: &Object, log: &mut Log) -> Object {
    let mut draft = None;
    for (index, attribute) in object.attributes().enumerate() {
        if let Some(punycode) = characters::punycode_email(attribute.label, attribute.raw) {
            draft.get_or_insert_with(|| object.edit()).pairs[index].1 = punycode;
            let text = "Value changed due to conversion of IDN email address(es) into Punycode";
            log.say(Message::warning(text).of("characters-mail-domain"));
        }
    }
    draft.map_or_else(|| object.clone(), |draft| rebuilt(&draft, object))
}

/// The attributes of which the registry cannot store all characters, each by its number and with what it stores.
pub fn losses(object: &Object) -> Vec<(usize, String)> {
    let loss = |(index, attribute): (usize, Attribute)| {
        let punycode = characters::punycode_email(attribute.label, attribute.raw);
        let raw = punycode.as_deref().unwrap_or(attribute.raw);
        Some((
            index,
            characters::convert(attribute.label, raw).filter(|_| characters::loses(attribute.label, raw))?,
        ))
    };
    object.attributes().enumerate().filter_map(loss).collect()
}

fn converted_to(submitted: Attribute, now: Attribute) -> Message {
    let label = submitted.label.to_ascii_lowercase();
    let text = format!("Attribute \"{label}:\" has been converted to \"{}\"", now.value());
    let remedy = match characters::takes_unicode(&label) {
        _ if !characters::loses(&label, submitted.raw) => {
            "nothing is lost: the registry writes blanks and composed letters in one form".to_owned()
        }
        true => format!(
            "`{label}:` takes no emoji and other characters beyond 16 bits, control characters or signs without a mapping; write it without them"
        ),
        false => "only `descr:` and `remarks:` take characters beyond Latin-1; write the rest without them"
            .to_owned(),
    };
    let message = Message::new(Severity::Warning, text).of("characters-lossy").remedy(remedy);
    message.on_raw(&label, submitted.raw)
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
