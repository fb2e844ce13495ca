//! `[class/]key` on the command line: which objects are meant.

use std::{convert::Infallible, fmt, str::FromStr};

use crate::rpsl::{Class, Key};

/// What a user types to mean one object: `route6/2a0f:85c1:260::/48AS205398`, or without the class where it is
/// unambiguous.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Selector {
    text: String,
    keys: Vec<Key>,
}

impl Selector {
    /// The keys that it may mean: one, or one for each class.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Whether it means the object with this key. The key is read as each class would spell it.
    pub fn means(&self, key: &Key) -> bool {
        self.keys.contains(key)
    }
}

impl FromStr for Selector {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Selector, Infallible> {
        let split = text.split_once('/');
        let named = split.and_then(|(class, key)| Some(Key::new(Class::from_text(class)?, key)));
        let keys = match named {
            Some(key) => vec![key],
            None => Class::all().map(|class| Key::new(class, text)).collect(),
        };
        Ok(Selector { text: text.to_owned(), keys })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_or_without_its_class() {
        let check = |text: &str, class, key, expected| {
            assert_eq!(text.parse::<Selector>().unwrap().means(&Key::new(class, key)), expected, "{text}");
        };
        check("route6/2A0F:85C1:260::/48as205398", Class::Route6, "2a0f:85c1:260::/48AS205398", true);
        check("2a0f:85c1:260::/48", Class::Inet6num, "2a0f:85c1:260::/48", true);
        check("2a0f:85c1:260::/48", Class::Route6, "2a0f:85c1:260::/48AS1", false);
        check("person/A1-RIPE", Class::Role, "A1-RIPE", false);
        check("a1-ripe", Class::Role, "A1-RIPE", true);
    }
}
