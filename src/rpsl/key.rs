//! Primary keys, as the registry spells them.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use super::{Placeholder, schema::Class};
use crate::net::{Block, zone_block};

/// What names an object: its class, and the text of its primary key.
///
/// Invariant: the text is in the registry's spelling, on one line; of a placeholder it is the number alone. Compared
/// without regard to letter case. Ordered by class, then as numbers are: by address, the larger block first, and
/// `AS9` before `AS10`.
#[derive(Clone)]
pub struct Key {
    class: Class,
    spelled: Arc<Spelled>,
}

/// The text of a key, and the block that it names: of an address object, a route or a reverse zone.
struct Spelled {
    block: Option<Block>,
    text: Box<str>,
}

impl Key {
    /// The key of an object of `class`; `text` is brought to the registry's spelling, or kept if it cannot be.
    pub fn new(class: Class, text: &str) -> Key {
        let text = text.trim();
        let (block, spelled) = match class {
            Class::Inetnum | Class::Inet6num => match address_block(class, text) {
                Some(block) => (Some(block), Some(block.to_string())),
                None => (None, None),
            },
            Class::Route | Class::Route6 => match route_key(text) {
                Some((block, spelled)) => (Some(block), Some(spelled)),
                None => (None, None),
            },
            Class::Person | Class::Role | Class::Organisation | Class::KeyCert => {
                (None, Placeholder::parse(text).map(|placeholder| placeholder.name().to_owned()))
            }
            Class::Domain => (zone_block(text), Some(without_dot(text))),
            Class::InetRtr => (None, Some(without_dot(text))),
            _ if !text.bytes().any(|byte| byte.is_ascii_whitespace()) => (None, None),
            _ => (None, Some(text.split_ascii_whitespace().collect::<Vec<_>>().join(" "))),
        };
        let one_line = || text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        let spelled = spelled.or_else(|| text.contains(['\n', '\r']).then(one_line));
        let text = spelled.map_or_else(|| Box::from(text), String::into_boxed_str);
        Key { class, spelled: Arc::new(Spelled { block, text }) }
    }

    /// The class of the object.
    pub fn class(&self) -> Class {
        self.class
    }

    /// The text of the key, as in `2a0f:85c1:260::/48AS205398`.
    pub fn text(&self) -> &str {
        &self.spelled.text
    }

    /// The prefix and the origin that it names, if it is the key of a route: `2a0f:85c1:260::/48` and `AS205398`.
    pub fn route(&self) -> Option<(&str, &str)> {
        split_route(self.text()).filter(|_| self.class.is_route())
    }

    /// The addresses that the key names, if it is one of an address object, a route or a reverse zone.
    pub fn block(&self) -> Option<Block> {
        self.spelled.block
    }
}

fn address_block(class: Class, text: &str) -> Option<Block> {
    if class == Class::Inetnum { Block::parse_v4(text) } else { Block::parse_v6(text) }
}

fn without_dot(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_owned()
}

/// Prefix and origin of a route's key. Hexadecimal digits may be letters too: the origin begins at the last `AS`.
pub(super) fn split_route(text: &str) -> Option<(&str, &str)> {
    let at = text.to_ascii_uppercase().rfind("AS")?;
    text.split_at_checked(at).map(|(prefix, origin)| (prefix.trim(), origin))
}

/// Prefix and origin, one behind the other without a blank.
fn route_key(text: &str) -> Option<(Block, String)> {
    let (prefix, origin) = split_route(text)?;
    let block = Block::parse(prefix)?;
    Some((block, format!("{}{origin}", block.prefix_text())))
}

/// Compares two texts without regard to letter case, runs of digits by the number that they are.
fn natural(ours: &str, theirs: &str) -> Ordering {
    let is_one_run = |a: &u8, b: &u8| a.is_ascii_digit() == b.is_ascii_digit();
    let mut our_parts = ours.as_bytes().chunk_by(is_one_run);
    let mut their_parts = theirs.as_bytes().chunk_by(is_one_run);
    loop {
        match (our_parts.next(), their_parts.next()) {
            (None, None) => return plain(ours.as_bytes(), theirs.as_bytes()), // `AS1` and `AS01` are two keys
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(ours), Some(theirs)) => match part(ours, theirs) {
                Ordering::Equal => {}
                decided => return decided,
            },
        }
    }
}

fn part(ours: &[u8], theirs: &[u8]) -> Ordering {
    let (our_number, their_number) = (number(ours), number(theirs));
    match our_number.zip(their_number) {
        Some((ours, theirs)) => ours.len().cmp(&theirs.len()).then_with(|| ours.cmp(theirs)),
        None => plain(ours, theirs),
    }
}

/// The digits without zeros before them.
fn number(part: &[u8]) -> Option<&[u8]> {
    let first = part.iter().position(|byte| *byte != b'0').unwrap_or(part.len());
    part.first()?.is_ascii_digit().then(|| part.get(first..))?
}

fn plain(ours: &[u8], theirs: &[u8]) -> Ordering {
    ours.iter().map(u8::to_ascii_lowercase).cmp(theirs.iter().map(u8::to_ascii_lowercase))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&format!("{}/{}", self.class, self.text()))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.class == other.class && self.text().eq_ignore_ascii_case(other.text())
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.class.hash(state);
        self.text().bytes().for_each(|byte| state.write_u8(byte.to_ascii_lowercase()));
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        let by_block = || self.block().cmp(&other.block());
        let by_text = || natural(self.text(), other.text());
        self.class.cmp(&other.class).then_with(by_block).then_with(by_text)
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

    #[test]
    fn keys_stand_in_the_order_of_numbers() {
        let check = |class, texts: &[&str]| {
            let expected: Vec<Key> = texts.iter().map(|text| Key::new(class, text)).collect();
            let mut sorted = expected.clone();
            sorted.reverse();
            sorted.sort();
            assert_eq!(sorted, expected);
        };
        check(Class::Route, &["185.100.9.0/24AS9", "185.100.200.0/22AS1", "185.100.200.0/24AS1"]);
        check(Class::Route, &["185.100.100.0/24AS9", "185.100.100.0/24AS10", "185.100.202.0/24AS9"]);
        check(Class::Inetnum, &["9.0.0.0 - 9.0.0.255", "10.0.0.0 - 10.0.0.9", "100.0.0.0 - 100.0.0.255"]);
        check(Class::Inet6num, &["2a0f::/16", "2a0f:9::/32", "2a0f:85c1:260::/44", "2a0f:85c1:26a::/48"]);
        check(Class::Domain, &["9.10.in-addr.arpa", "100.10.in-addr.arpa", "6.2.ip6.arpa", "0.a.2.ip6.arpa"]);
        check(Class::AutNum, &["AS9", "AS100", "AS205398"]);
        check(Class::AsSet, &["AS9:AS-X", "AS205398:AS-A", "AS205398:as-b", "AS-9", "AS-10"]);
        check(Class::Person, &["AB1-RIPE", "AB2-RIPE", "AB10-RIPE"]);
        check(Class::Mntner, &["A01-MNT", "A1-MNT", "A1-MNT-X"]);
    }
}
