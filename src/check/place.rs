//! Which attribute a message is about.

use crate::{
    rpsl::{Attribute, Name, Object},
    rules::Message,
};

/// The index of the attribute of `object` that `message` is about; `None` if it is about the object as a whole.
///
/// The registry names it with some messages, as it stands after its spelling was mended. Of the others it is the
/// one whose value the message names, or else whose name it does.
pub fn attribute(message: &Message, object: &Object) -> Option<usize> {
    let index = |test: &dyn Fn(&Attribute) -> bool| object.attributes().position(|a| test(&a));
    if let Some((label, raw)) = &message.attribute {
        let same_name = |a: &Attribute| {
            a.label.eq_ignore_ascii_case(label) || a.name.is_some() && a.name == Name::from_text(label)
        };
        let squeezed = |text: &str| text.split_whitespace().collect::<String>().to_ascii_lowercase();
        return index(&|a| same_name(a) && a.raw.trim() == raw.trim())
            .or_else(|| index(&|a| same_name(a) && squeezed(a.raw) == squeezed(raw)))
            .or_else(|| index(&|a| same_name(a)));
    }
    let first = object.class().first();
    let names = |a: &Attribute, arg: &String| {
        a.name.is_some_and(|name| name != first && Name::from_text(arg) == Some(name))
    };
    let has = |a: &Attribute, arg: &String| {
        a.values().iter().any(|value| {
            value.split([' ', '{', '}', ',']).any(|word| word.eq_ignore_ascii_case(arg))
                || value.eq_ignore_ascii_case(arg)
        })
    };
    let about = |test: &dyn Fn(&Attribute, &String) -> bool| {
        message.args.iter().find_map(|arg| index(&|a| a.name != Some(first) && test(a, arg)))
    };
    about(&names).or_else(|| about(&has)).or_else(|| mentioned(&message.text, object))
}

/// The attribute whose name stands in the text in quotes, as in `"geofeed:"`.
fn mentioned(text: &str, object: &Object) -> Option<usize> {
    let words =
        text.split('"').skip(1).step_by(2).filter_map(|word| Name::from_text(word.trim_end_matches(':')));
    let mut words = words.filter(|name| *name != object.class().first());
    words.find_map(|name| object.attributes().position(|a| a.name == Some(name)))
}
