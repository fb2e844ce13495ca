//! Which attribute a message is about.

use std::collections::HashMap;

use crate::{
    rpsl::{Attribute, Name, Object},
    rules::Message,
};

/// The attributes of an object, to be found by what the messages about it say.
pub struct Places<'a> {
    object: &'a Object,
    /// By name and value, the first of a kind.
    exact: HashMap<(String, &'a str), usize>,
    /// By name and value without white space and letter case.
    squeezed: HashMap<(String, String), usize>,
    /// By name.
    named: HashMap<String, usize>,
}

impl<'a> Places<'a> {
    /// The attributes of `object`.
    pub fn of(object: &'a Object) -> Places<'a> {
        let mut places =
            Places { object, exact: HashMap::new(), squeezed: HashMap::new(), named: HashMap::new() };
        for (index, attribute) in object.attributes().enumerate() {
            let name =
                attribute.name.map_or_else(|| attribute.label.to_ascii_lowercase(), |n| n.text().to_owned());
            places.exact.entry((name.clone(), attribute.raw.trim())).or_insert(index);
            places.squeezed.entry((name.clone(), squeezed(attribute.raw))).or_insert(index);
            places.named.entry(name).or_insert(index);
        }
        places
    }

    /// The index of the attribute that `message` is about; `None` if it is about the object as a whole.
    ///
    /// The registry names it with some messages, as it stands after its spelling was mended. Of the others it is the
    /// one whose value the message names, or else whose name it does.
    pub fn attribute(&self, message: &Message) -> Option<usize> {
        if let Some((label, raw)) = &message.attribute {
            let name =
                Name::from_text(label).map_or_else(|| label.to_ascii_lowercase(), |n| n.text().to_owned());
            let exact = self.exact.get(&(name.clone(), raw.trim()));
            let found = exact.or_else(|| self.squeezed.get(&(name.clone(), squeezed(raw))));
            return found.or_else(|| self.named.get(&name)).copied();
        }
        let first = self.object.class().first();
        let index = |test: &dyn Fn(&Attribute) -> bool| {
            self.object.attributes().position(|a| a.name != Some(first) && test(&a))
        };
        let names = |arg: &String| {
            let name = Name::from_text(arg).filter(|name| *name != first)?;
            self.named.get(name.text()).copied()
        };
        let has = |a: &Attribute, arg: &String| {
            a.values().iter().any(|value| {
                value.split([' ', '{', '}', ',']).any(|word| word.eq_ignore_ascii_case(arg))
                    || value.eq_ignore_ascii_case(arg)
            })
        };
        let args = || message.args.iter();
        args()
            .find_map(names)
            .or_else(|| args().find_map(|arg| index(&|a| has(a, arg))))
            .or_else(|| mentioned(&message.text, self.object))
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_ascii_lowercase()
}

/// The attribute whose name stands in the text in quotes, as in `"geofeed:"`.
fn mentioned(text: &str, object: &Object) -> Option<usize> {
    let words =
        text.split('"').skip(1).step_by(2).filter_map(|word| Name::from_text(word.trim_end_matches(':')));
    let mut words = words.filter(|name| *name != object.class().first());
    words.find_map(|name| object.attributes().position(|a| a.name == Some(name)))
}
