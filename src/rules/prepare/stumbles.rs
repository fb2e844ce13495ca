//! What the registry stumbles over while it reads an object, or while it writes its answer: it says that alone.

use super::{
    super::{Log, Message},
    sanitise,
};
use crate::{
    net::{Block, Family},
    rpsl::{Name, Object, syntax::is_prefix_range},
};

/// The one thing that is said of an object that the registry cannot read.
pub fn stumbles(object: &Object) -> Option<Message> {
    no_key(object).or_else(|| source(object)).or_else(|| prefix_with_host_bits(object))
}

/// A part of the key that is missing, stands there twice, or is empty: without a key the registry has no name for it.
pub fn no_key(object: &Object) -> Option<Message> {
    object.class().template().key.iter().find_map(|part| {
        let empty = || object.value(*part).is_some_and(|value| value.is_empty());
        let said = once(object, *part, || "null".to_owned());
        let remedy = || format!("write what the object is called behind `{part}:`");
        said.or_else(|| empty().then(|| Message::error("key attributes must have value").remedy(remedy())))
            .map(|message| message.of("unreadable"))
    })
}

/// Without one source the registry cannot show the object, which then has its key in the registry's spelling.
fn source(object: &Object) -> Option<Message> {
    let said = once(object, Name::Source, || sanitise(object, &mut Log::default()).written_key());
    said.map(|message| message.of("unreadable"))
}

/// What is said if `name` does not stand in the object once.
fn once(object: &Object, name: Name, key: impl Fn() -> String) -> Option<Message> {
    let (text, remedy) = match object.all(name).count() {
        1 => return None,
        0 => ("No", format!("add a line `{name}: …`")),
        _ => ("Multiple", "keep one of them".to_owned()),
    };
    Some(Message::error(format!("{text} {name}: found in {}", key())).remedy(remedy))
}

/// An IPv4 prefix behind a maintainer of `mnt-routes` with bits set behind its length. What stands behind something
/// that is no prefix is not read.
fn prefix_with_host_bits(object: &Object) -> Option<Message> {
    let lists = object.values(Name::MntRoutes);
    let length = lists.iter().find_map(|value| {
        let list = value.split_once(" {")?.1.strip_suffix('}')?;
        let is_range = |part: &&str| is_prefix_range(Family::V4, part) || is_prefix_range(Family::V6, part);
        let part = list.split([' ', ',']).filter(|part| !part.is_empty()).find(|part| !is_range(part))?;
        let (prefix, range) =
            part.split_once('^').map_or((part, ""), |(prefix, _)| part.split_at(prefix.len()));
        let (address, length) = prefix.split_once('/')?;
        // Of another address, which has no bits set, all would be right.
        let is_right = Block::parse_v4(address).is_some()
            && is_prefix_range(Family::V4, &format!("0.0.0.0/{length}{range}"));
        is_right.then(|| length.to_owned())
    })?;
    let remedy = "clear the bits of the prefix behind its length";
    Some(
        Message::error(format!("prefix length {} is invalid", length.trim_start_matches('0')))
            .remedy(remedy)
            .of("unreadable"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_one_thing() {
        let check = |text: &str, expected: Option<&str>| {
            let said = stumbles(&Object::parse(text).unwrap()).map(|message| message.to_string());
            assert_eq!(said.as_deref(), expected, "{text}");
        };
        check("role: A\nnic-hdl: AUTO-1\n", Some("No source: found in AUTO-1"));
        check("role: A\nsource: RIPE\n", Some("No nic-hdl: found in null"));
        check("role: A\nnic-hdl: AUTO-1\nnic-hdl: AUTO-2\n", Some("Multiple nic-hdl: found in null"));
        check("role: A\nnic-hdl: # none\nsource: RIPE\n", Some("key attributes must have value"));
        check("route: 192.0.2.0/24\norigin:\nsource: RIPE\n", Some("key attributes must have value"));
        check("route6: ::1/8\norigin: as1\n", Some("No source: found in ::/8as1"));
        check("mntner: a-mnt\nsource: A\nsource: B\n", Some("Multiple source: found in a-mnt"));
        let list =
            |list: &str| format!("inetnum: 192.0.2.0/24\nmnt-routes: A-MNT {{{list}}}\nsource: RIPE\n");
        check(&list("192.0.2.1/24"), Some("prefix length 24 is invalid"));
        check(&list("2001:db8::1/32, 192.0.2.1/24^25-32"), Some("prefix length 24 is invalid"));
        // The syntax of these is wrong, which is another message.
        check(&list("192.0.2.1/24^23"), None);
        check(&list("192.0.2.1/24^x"), None);
        check(&list("192.0.2.1/33"), None);
        check(&list("banana, 192.0.2.1/24"), None);
        check(
            "inetnum: 192.0.2.0/24\nmnt-routes: A-MNT {192.0.2.1/24^+}\nsource: RIPE\n",
            Some("prefix length 24 is invalid"),
        );
        check("inetnum: 192.0.2.0/24\nmnt-routes: A-MNT {192.0.2.0/24^+}\nsource: RIPE\n", None);
    }
}
