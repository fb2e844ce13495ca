//! The registry's own spelling of values (the server's `AttributeSanitizer`, rules.md §3).

use super::{
    super::{Log, Message},
    rebuilt,
};
use crate::rpsl::{Attribute, Clean, Draft, Object, canonical};

/// Spells values as the registry does, and puts key attributes and the first one on a single line.
pub fn sanitise(object: &Object, log: &mut Log) -> Object {
    let class = object.class();
    let mut changed = false;
    let mut pairs = Vec::new();
    for attribute in object.attributes() {
        let clean = attribute.clean();
        let on_one_line = |name| class.first() == name || class.template().key.contains(&name);
        let spelled = attribute.name.and_then(|name| {
            canonical(name, class, &clean.value).or_else(|| on_one_line(name).then(|| clean.value.clone()))
        });
        let raw = match spelled {
            Some(spelled) if needs_change(&attribute, &clean, &spelled) => {
                changed = true;
                respell(&attribute, &clean, &spelled, log)
            }
            _ => attribute.raw.to_owned(),
        };
        pairs.push((attribute.label.to_owned(), raw));
    }
    if changed { rebuilt(&Draft { pairs }, object) } else { object.clone() }
}

fn needs_change(attribute: &Attribute, clean: &Clean, spelled: &str) -> bool {
    clean.value != spelled || attribute.raw.contains(['\n', '#']) || attribute.raw.trim() != spelled
}

/// The new raw value; says what was done to the old one.
fn respell(attribute: &Attribute, clean: &Clean, spelled: &str, log: &mut Log) -> String {
    let comment = clean.comment.as_ref().map_or_else(String::new, |comment| format!(" # {comment}"));
    let raw = format!("{spelled}{comment}");
    let now = Attribute { raw: &raw, ..*attribute };
    let mut say = |message: Message| log.say(message.on(now).of("spelling"));
    if clean.value != spelled {
        say(Message::info("Value %s converted to %s").arg(&clean.value).arg(spelled));
    }
    if attribute.raw.contains('\n') {
        say(Message::info("Continuation lines are not allowed here and have been removed"));
    }
    if attribute.raw.contains('#') {
        say(Message::info(
            "Please use the \"remarks:\" attribute instead of end of line comment on primary key",
        ));
    }
    raw
}
