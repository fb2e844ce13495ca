//! What a path names, and the source to which it belongs.

use hyper::http::{StatusCode, header};

use super::{
    Server,
    call::Call,
    key::{loose_asn, with_origin},
    reply::Reply,
};
use crate::{
    net::Block,
    rpsl::{Class, Key, Name, Object},
    rules::{Message, Settings},
};

/// `/{source}/{class}`
#[derive(Clone, Debug)]
pub struct Place {
    /// In capital letters, but for `/references`.
    pub source: String,
    /// As written; may be no class.
    pub class: String,
}

/// `/{source}/{class}/{key}`
#[derive(Clone, Debug)]
pub struct Named {
    /// Source and class.
    pub place: Place,
    /// As written, decoded.
    pub key: String,
}

impl Place {
    /// The class, if there is one of this name or short name.
    pub fn class(&self) -> Result<Class, Box<Message>> {
        let unknown = || Box::new(Message::error(format!("Invalid object type: {}", self.class)));
        Class::named(&self.class).ok_or_else(unknown)
    }
}

impl Named {
    /// The key, if the class is one.
    pub fn key(&self) -> Result<Key, Box<Message>> {
        Ok(Key::new(self.place.class()?, &self.key))
    }

    /// The key to look up, or why it cannot be one.
    pub fn searched(&self) -> Result<Key, Box<Message>> {
        match (self.key()?, has_flags(&self.key)) {
            (_, true) => Err(Box::new(Message::error("search key can not contain flags"))),
            (key, false) => Ok(key),
        }
    }

    /// Where to ask instead, if the AS number or prefix belongs to the other of the two sources (301).
    pub fn redirect(&self, server: &Server, call: &Call) -> Option<Reply> {
        let home = home(&server.settings, self.place.class().ok()?, &self.key)?;
        let sources = [server.settings.source.clone(), server.settings.nonauth()];
        if self.place.source == home || !sources.contains(&self.place.source) {
            return None;
        }
        let path = call.path.splitn(3, '/').nth(2).unwrap_or_default();
        let mut location = format!("{}/{home}/{path}", server.base);
        if !call.query.is_empty() {
            location.push('?');
            location.push_str(&call.query);
        }
        Some(Reply::empty(StatusCode::MOVED_PERMANENTLY).with(header::LOCATION, location))
    }
}

/// The source to which an AS number or a route belongs; `None` for everything else. What is no AS number belongs to
/// none of the region, and what is no route is not known to be outside.
fn home(settings: &Settings, class: Class, key: &str) -> Option<String> {
    let block = |parse: fn(&str) -> Option<Block>| with_origin(key).and_then(|(prefix, _)| parse(prefix));
    let is_inside = |block: Option<Block>| block.is_none_or(|block| settings.region.has_block(block));
    let inside = match class {
        Class::AutNum => loose_asn(key).is_some_and(|asn| settings.region.has_asn(asn)),
        Class::Route => is_inside(block(Block::parse_v4)),
        Class::Route6 => is_inside(block(Block::parse_v6)),
        _ => return None,
    };
    Some(if inside { settings.source.clone() } else { settings.nonauth() })
}

/// Whether a text would be read as flags of a query.
pub fn has_flags(text: &str) -> bool {
    text.split_whitespace().any(|word| word.len() > 1 && word.starts_with('-'))
}

/// Whether the object is registered in the source; what names none is in each.
pub fn is_in(object: &Object, source: &str) -> bool {
    object.value(Name::Source).is_none_or(|own| own.eq_ignore_ascii_case(source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{net::Asn, rules::Region};

    #[test]
    fn numbers_and_routes_have_a_home() {
        let blocks = ["2000::/4", "10.0.0.0/8"].map(|text| Block::parse(text).unwrap()).to_vec();
        let region = Region { asns: vec![(Asn(1), Asn(9))], blocks };
        let settings = Settings { region, ..Settings::default() };
        let check = |class, key, expected: Option<&str>| {
            assert_eq!(home(&settings, class, key).as_deref(), expected, "{class} {key}");
        };
        check(Class::AutNum, "AS9", Some("RIPE"));
        check(Class::AutNum, "9", Some("RIPE"));
        check(Class::AutNum, "AS10", Some("RIPE-NONAUTH"));
        check(Class::AutNum, "AS4294967296", Some("RIPE-NONAUTH"));
        check(Class::AutNum, "AS9x", Some("RIPE-NONAUTH"));
        check(Class::AutNum, "x", Some("RIPE-NONAUTH"));
        check(Class::Route6, "2a0f::/32AS10", Some("RIPE"));
        check(Class::Route6, "3fff::/32AS1", Some("RIPE-NONAUTH"));
        check(Class::Route6, "3fff::/32", Some("RIPE"));
        check(Class::Route6, "192.0.2.0/24AS1", Some("RIPE"));
        check(Class::Route, "192.0.2.0/24AS1", Some("RIPE-NONAUTH"));
        check(Class::Route, "3fff::/32AS1", Some("RIPE"));
        check(Class::Inet6num, "3fff::/32", None);
    }
}
