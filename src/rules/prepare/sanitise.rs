//! The registry's own spelling of values (the server's `AttributeSanitizer`, rules.md §3).

use super::{
    super::{Log, Message},
    rebuilt,
};
use crate::rpsl::{Attribute, Draft, Object, canonical, stands_on_one_line};

/// Spells values as the registry does and names in small letters, and puts what names an object on a single line. What
/// it cannot read stays as it is, for the check of its syntax.
pub fn sanitise(object: &Object, log: &mut Log) -> Object {
    let mut changed = false;
    let mut pairs = Vec::new();
    for attribute in object.attributes() {
        let value = attribute.value();
        let spelled = attribute.name.and_then(|name| canonical(name, &value));
        let raw = match spelled {
            Some(spelled) if needs_change(&attribute, &spelled) => {
                changed = true;
                let raw = respelled(attribute.raw, &spelled);
                let now = Attribute { raw: &raw, ..attribute };
                if value != spelled {
                    let message = Message::info("Value %s converted to %s").arg(&value).arg(&spelled);
                    log.say(message.on(now).of("spelling"));
                }
                if attribute.name.is_some_and(stands_on_one_line) {
                    warn_of_form(&attribute, now, log);
                }
                raw
            }
            _ => attribute.raw.to_owned(),
        };
        let label = attribute.label.to_ascii_lowercase();
        changed |= label != attribute.label;
        pairs.push((label, raw));
    }
    if changed { rebuilt(&Draft { pairs }, object) } else { object.clone() }
}

fn needs_change(attribute: &Attribute, spelled: &str) -> bool {
    attribute.raw.contains(['\n', '#']) || attribute.raw.trim() != spelled
}

/// The new raw value, with the comments of all lines of the old one as they are written.
fn respelled(raw: &str, spelled: &str) -> String {
    let comments = raw.split('\n').filter_map(|line| line.trim().split_once('#'));
    let mut text = spelled.to_owned();
    let mut begun = false;
    for comment in comments.map(|(_, comment)| comment.trim()).filter(|comment| !comment.is_empty()) {
        text.push_str(if begun { " " } else { " # " });
        text.push_str(comment);
        begun = true;
    }
    text
}

/// Key attributes and the first one stand on one line, and should have no comment.
fn warn_of_form(submitted: &Attribute, now: Attribute, log: &mut Log) {
    let mut say = |text: &'static str| log.say(Message::info(text).on(now).of("spelling"));
    if submitted.raw.contains('\n') {
        say("Continuation lines are not allowed here and have been removed");
    }
    if submitted.raw.contains('#') {
        say("Please use the \"remarks:\" attribute instead of end of line comment on primary key");
    }
}
