//! What the registry makes of a submitted object before anyone's permission is asked.
//!
//! In this order: characters and mail domains, the spelling of values (sanitising), structure and syntax,
//! transformations such as keys that the registry chooses, and attributes that it generates.

pub mod characters;
mod generate;
mod key_cert;
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

/// Mail domains to punycode, and characters that the registry does not keep replaced.
pub fn convert_characters(object: &Object, log: &mut Log) -> Object {
    let mut pairs = Vec::new();
    let mut changed = false;
    for attribute in object.attributes() {
        let Some(name) = attribute.name else {
            pairs.push((attribute.label.to_owned(), attribute.raw.to_owned()));
            continue;
        };
        let mut raw = attribute.raw.to_owned();
        if let Some(punycode) = characters::punycode_email(name, &raw) {
            raw = punycode;
            changed = true;
            let text = "Value changed due to conversion of IDN email address(es) into Punycode";
            log.say(Message::warning(text).of("characters-mail-domain"));
        }
        if let Some(converted) = characters::convert(name, &raw) {
            log.say(lossy(attribute.label, &raw, &converted));
            raw = converted;
            changed = true;
        }
        pairs.push((attribute.label.to_owned(), raw));
    }
    if changed { rebuilt(&Draft { pairs }, object) } else { object.clone() }
}

fn lossy(label: &str, raw: &str, converted: &str) -> Message {
    let text = format!("Attribute \"{label}:\" has been converted to \"{}\"", converted.trim());
    let remedy = "only `descr:` and `remarks:` take characters beyond Latin-1; write the rest without them";
    let message = Message::new(Severity::Warning, text).of("characters-lossy").remedy(remedy);
    Message { attribute: Some((label.to_owned(), raw.to_owned())), ..message }
}

/// The object of a draft; a draft that lost its first attribute falls back to what it was made from.
fn rebuilt(draft: &Draft, original: &Object) -> Object {
    draft.build().unwrap_or_else(|_| original.clone())
}
