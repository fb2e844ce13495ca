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
pub use transform::{Transformed, transform};

use super::{Log, Message};
use crate::{
    finding::Severity,
    rpsl::{Draft, Object},
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
            let name = attribute.name.filter(|name| characters::takes_unicode(*name) == unicode);
            if let Some(converted) = name.and_then(|name| characters::convert(name, raw)) {
                log.say(lossy(label, raw, &converted));
                *raw = converted;
                changed = true;
            }
        }
    }
    if changed { rebuilt(&draft, object) } else { object.clone() }
}

fn lossy(label: &str, raw: &str, converted: &str) -> Message {
    let text = format!("Attribute \"{label}:\" has been converted to \"{}\"", converted.trim());
    let remedy = "only `descr:` and `remarks:` take characters beyond Latin-1; write the rest without them";
    Message::new(Severity::Warning, text).of("characters-lossy").remedy(remedy).on_raw(label, raw)
}

/// What the registry would store of a declared object, but for times and other generated attributes: characters,
/// spelling, long names, and without the attributes that it no longer has.
pub fn stored(object: &Object) -> Object {
    let log = &mut Log::default();
    transform::modernise(&sanitise(&convert_characters(object, log), log), log)
}

/// The object of a draft; a draft that lost its first attribute falls back to what it was made from.
fn rebuilt(draft: &Draft, original: &Object) -> Object {
    draft.build().unwrap_or_else(|_| original.clone())
}
