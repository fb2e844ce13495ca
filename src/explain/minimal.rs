//! The least that an object of a key is, for questions about objects that do not exist yet.

use std::fmt::Write;

use crate::rpsl::{Class, Key, Name, Object, syntax};

/// An object with this key, maintained by `maintainers`, and nothing else. `None` if no object of the class can
/// have the key.
pub fn minimal(key: &Key, maintainers: &[String]) -> Option<Object> {
    let class = key.class();
    let names = class.template().key;
    let values: Vec<&str> = match class {
        Class::Route | Class::Route6 => {
            let (prefix, origin) = key.route()?;
            vec![prefix, origin]
        }
        _ => vec![key.text()],
    };
    let mut text = String::new();
    if names.first() != Some(&class.first()) {
        let _ = writeln!(text, "{}: {class}", class.first());
    }
    for (name, value) in names.iter().zip(values) {
        syntax::check(name.row().syntax, class, value).ok()?;
        let _ = writeln!(text, "{name}: {value}");
    }
    for maintainer in maintainers {
        let _ = writeln!(text, "{}: {maintainer}", Name::MntBy);
    }
    Object::parse(text).ok().filter(|object| object.key() == *key)
}
