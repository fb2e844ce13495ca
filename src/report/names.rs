//! The names of many objects, as short as they can be without leaving one out.

use crate::{
    net::{Block, Prefix},
    rpsl::{Class, Key},
    target::RecordId,
};

/// The key that `class/key` is, if it is one.
pub(super) fn key(object: &str) -> Option<Key> {
    let (class, text) = object.split_once('/')?;
    Some(Key::new(Class::from_text(class)?, text))
}

/// A name, and the addresses in it.
#[derive(Clone, Debug)]
pub(super) struct Name {
    text: String,
    block: Option<Block>,
    /// What it names beside the addresses: the class of an object, and the origin of a route.
    kind: Option<(Class, String)>,
}

impl Name {
    /// A key, without its class.
    pub(super) fn of_key(key: &Key) -> Name {
        let origin = key.route().map_or_else(String::new, |(_, origin)| origin.to_ascii_uppercase());
        Name { text: key.text().to_owned(), block: key.block(), kind: Some((key.class(), origin)) }
    }

    /// A record, without its type.
    pub(super) fn of_id(id: &RecordId) -> Name {
        match id {
            RecordId::Object(key) => Name::of_key(key),
            RecordId::Roa(_) => Name { text: id.key_text(), block: None, kind: None },
        }
    }

    /// An object of a finding: `class/key`, or any other name.
    pub(super) fn of_object(object: &str) -> Name {
        let text = object.to_owned();
        match key(object) {
            Some(key) => Name { text, ..Name::of_key(&key) },
            None => Name { text, block: None, kind: None },
        }
    }

    /// A prefix.
    pub(super) fn of_prefix(prefix: Prefix) -> Name {
        Name { text: prefix.to_string(), block: Some(prefix.block()), kind: None }
    }

    /// Whether `next` is the same name but for its addresses, which follow without a gap.
    fn is_before(&self, next: &Name) -> bool {
        let (Some(one), Some(other)) = (self.block, next.block) else { return false };
        let size = |block: Block| block.last() - block.first();
        one.family() == other.family()
            && size(one) == size(other)
            && one.last().checked_add(1) == Some(other.first())
            && self.kind == next.kind
    }
}

/// The names in their order; of more than three that follow each other without a gap the first and the last.
pub(super) fn listed(names: &[Name]) -> String {
    const FEW: usize = 3;
    let run = |run: &[Name]| match run {
        [first, .., last] if run.len() > FEW => format!("{} to {}", first.text, last.text),
        few => few.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", "),
    };
    names.chunk_by(Name::is_before).map(run).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_a_gap_are_a_range() {
        let check = |objects: &[&str], expected: &str| {
            let names: Vec<Name> = objects.iter().map(|object| Name::of_object(object)).collect();
            assert_eq!(listed(&names), expected);
        };
        let routes = ["route/192.0.0.0/24AS1", "route/192.0.1.0/24AS1", "route/192.0.2.0/24AS1"];
        check(&routes, &routes.join(", "));
        let four = [
            "route/192.0.0.0/24AS1",
            "route/192.0.1.0/24AS1",
            "route/192.0.2.0/24AS1",
            "route/192.0.3.0/24AS1",
        ];
        check(&four, "route/192.0.0.0/24AS1 to route/192.0.3.0/24AS1");
        let mut other = four;
        other[1] = "route/192.0.1.0/24AS2";
        check(&other, &other.join(", "));
        other[1] = "route/192.0.1.0/25AS1";
        check(&other, &other.join(", "));
        check(&["role/A", "role/B", "role/C", "role/D"], "role/A, role/B, role/C, role/D");
    }

    #[test]
    fn ranges_and_zones_are_addresses_too() {
        let check = |object: fn(u8) -> String, expected: &str| {
            let names: Vec<Name> = [0, 1, 2, 3, 5].map(|at| Name::of_object(&object(at))).to_vec();
            assert_eq!(listed(&names), expected);
        };
        check(
            |at| format!("inetnum/192.0.{at}.0 - 192.0.{at}.255"),
            "inetnum/192.0.0.0 - 192.0.0.255 to inetnum/192.0.3.0 - 192.0.3.255, inetnum/192.0.5.0 - 192.0.5.255",
        );
        check(
            |at| format!("inetnum/192.0.2.{} - 192.0.2.{}", at * 10, at * 10 + 9),
            "inetnum/192.0.2.0 - 192.0.2.9 to inetnum/192.0.2.30 - 192.0.2.39, inetnum/192.0.2.50 - 192.0.2.59",
        );
        check(
            |at| format!("inet6num/2001:db8:1{at}::/48"),
            "inet6num/2001:db8:10::/48 to inet6num/2001:db8:13::/48, inet6num/2001:db8:15::/48",
        );
        check(
            |at| format!("domain/{at}.0.192.in-addr.arpa"),
            "domain/0.0.192.in-addr.arpa to domain/3.0.192.in-addr.arpa, domain/5.0.192.in-addr.arpa",
        );
        check(
            |at| format!("domain/{at}.8.b.d.0.1.0.0.2.ip6.arpa"),
            "domain/0.8.b.d.0.1.0.0.2.ip6.arpa to domain/3.8.b.d.0.1.0.0.2.ip6.arpa, domain/5.8.b.d.0.1.0.0.2.ip6.arpa",
        );
    }

    #[test]
    fn what_differs_in_more_than_addresses_is_no_range() {
        let check = |objects: [&str; 4]| {
            assert_eq!(listed(&objects.map(Name::of_object)), objects.join(", "));
        };
        let (one, two) = ("inetnum/192.0.0.0 - 192.0.0.255", "inetnum/192.0.1.0 - 192.0.1.255");
        check([one, two, "domain/2.0.192.in-addr.arpa", "inetnum/192.0.3.0 - 192.0.3.255"]);
        check([one, two, "route/192.0.2.0/24AS1", "route/192.0.3.0/24AS2"]);
        check(["route/0.0.0.0/2AS1", "route/64.0.0.0/2AS1", "route/128.0.0.0/2AS1", "route6/1::/16AS1"]);
    }
}
