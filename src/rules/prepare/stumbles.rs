//! What the registry stumbles over while it reads an object, before it judges anything: it says that alone.

use super::super::Message;
use crate::{
    net::Block,
    rpsl::{Name, Object},
};

/// The one thing that is said of an object that the registry cannot read.
pub fn stumbles(object: &Object) -> Option<Message> {
    let found = key(object).or_else(|| no_source(object)).or_else(|| prefix_with_host_bits(object));
    found.map(|message| message.of("unreadable"))
}

/// A part of the key that is missing, or stands there twice: without a key the registry has no name for it.
fn key(object: &Object) -> Option<Message> {
    let parts = object.class().template().key.iter();
    let (part, many) = parts.map(|name| (name, object.all(*name).count())).find(|(_, count)| *count != 1)?;
    Some(match many {
        0 => Message::error(format!("No {part}: found in null")).remedy(format!("add a line `{part}: …`")),
        _ => Message::error(format!("Multiple {part}: found in null")).remedy("keep one of them"),
    })
}

fn no_source(object: &Object) -> Option<Message> {
    let text = || format!("No source: found in {}", object.written_key());
    (!object.has(Name::Source)).then(|| Message::error(text()).remedy("add a line `source: …`"))
}

/// An IPv4 prefix behind a maintainer of `mnt-routes` with bits set behind its length.
fn prefix_with_host_bits(object: &Object) -> Option<Message> {
    let lists = object.values(Name::MntRoutes);
    let prefixes = lists
        .iter()
        .filter_map(|value| value.split_once('{'))
        .flat_map(|(_, list)| list.trim_end_matches('}').split([' ', ',']).filter(|text| !text.is_empty()));
    prefixes.map(|text| text.split_once('^').map_or(text, |(prefix, _)| prefix)).find_map(|prefix| {
        let (address, length) = prefix.split_once('/')?;
        let length: u8 = length.parse().ok().filter(|length| *length <= 32)?;
        let wrong = Block::parse_v4(address).is_some() && Block::parse_v4(prefix).is_none();
        let remedy = "clear the bits of the prefix behind its length";
        wrong.then(|| Message::error(format!("prefix length {length} is invalid")).remedy(remedy))
    })
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
        check(
            "inetnum: 192.0.2.0/24\nmnt-routes: A-MNT {192.0.2.1/24^+}\nsource: RIPE\n",
            Some("prefix length 24 is invalid"),
        );
        check("inetnum: 192.0.2.0/24\nmnt-routes: A-MNT {192.0.2.0/24^+}\nsource: RIPE\n", None);
    }
}
