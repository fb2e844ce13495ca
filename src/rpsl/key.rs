//! Primary keys, as the registry spells them.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use super::{Placeholder, schema::Class};
use crate::net::Block;

/// What names an object: its class, and the text of its primary key.
///
/// Invariant: the text is in the registry's spelling, on one line; of a placeholder it is the number alone. Compared
/// without regard to letter case.
#[derive(Clone)]
pub struct Key {
    class: Class,
    text: Arc<str>,
}

impl Key {
    /// The key of an object of `class`; `text` is brought to the registry's spelling, or kept if it cannot be.
    pub fn new(class: Class, text: &str) -> Key {
        let text = text.trim();
        let spelled = match class {
            Class::Inetnum => Block::parse_v4(text).map(Block::range_text),
            Class::Inet6num => Block::parse_v6(text).map(Block::prefix_text),
            Class::Route | Class::Route6 => route_key(text),
            Class::Person | Class::Role | Class::Organisation | Class::KeyCert => {
                Placeholder::parse(text).map(|placeholder| placeholder.name().to_owned())
            }
            Class::Domain | Class::InetRtr => Some(text.strip_suffix('.').unwrap_or(text).to_owned()),
            _ if !text.bytes().any(|byte| byte.is_ascii_whitespace()) => None,
            _ => Some(text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")),
        };
        let one_line = || text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        let spelled = spelled.or_else(|| text.contains(['\n', '\r']).then(one_line));
        Key { class, text: spelled.map_or_else(|| Arc::from(text), Arc::from) }
    }

    /// The class of the object.
    pub fn class(&self) -> Class {
        self.class
    }

    /// The text of the key, as in `2a0f:85c1:260::/48AS205398`.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// `prefix` and `origin`, one behind the other without a blank.
fn route_key(text: &str) -> Option<String> {
    let at = text.rfind(['A', 'a'])?;
    // Hexadecimal digits may be letters too: the origin begins at the last `AS`.
    let at =
        if text.get(at..at + 2).is_some_and(|s| s.eq_ignore_ascii_case("AS")) { at } else { return None };
    let (prefix, origin) = text.split_at_checked(at)?;
    Some(format!("{}{origin}", Block::parse(prefix)?.prefix_text()))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&format!("{}/{}", self.class, self.text))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.class == other.class && self.text.eq_ignore_ascii_case(&other.text)
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.class.hash(state);
        self.text.bytes().for_each(|byte| state.write_u8(byte.to_ascii_lowercase()));
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        let ours = self.text.bytes().map(|byte| byte.to_ascii_lowercase());
        let theirs = other.text.bytes().map(|byte| byte.to_ascii_lowercase());
        self.class.cmp(&other.class).then_with(|| ours.cmp(theirs))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_keys_as_the_registry_does() {
        let check = |class, text, expected| assert_eq!(Key::new(class, text).text(), expected);
        check(Class::Inet6num, "2A0F:85C1:0260::/44", "2a0f:85c1:260::/44");
        check(Class::Inetnum, "192.0.2.0/24", "192.0.2.0 - 192.0.2.255");
        check(Class::Route6, "2A0F:85C1:0260::/48as205398", "2a0f:85c1:260::/48as205398");
        check(Class::Route, "192.0.2.0/24AS1", "192.0.2.0/24AS1");
        check(Class::Domain, "2.0.192.in-addr.arpa.", "2.0.192.in-addr.arpa");
        check(Class::Mntner, "Hobby-MNT", "Hobby-MNT");
        check(Class::Role, "auto-1hn", "AUTO-1");
        assert_eq!(Key::new(Class::Mntner, "Hobby-MNT"), Key::new(Class::Mntner, "HOBBY-mnt"));
    }
}
