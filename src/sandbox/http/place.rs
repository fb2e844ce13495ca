//! What a path names, and the source to which it belongs.

use hyper::http::{StatusCode, header};

use super::{Server, call::Call, reply::Reply};
use crate::{
    net::{Asn, Block},
    rpsl::{Class, Key, Name, Object},
    rules::Settings,
};

/// `/{source}/{class}`
#[derive(Clone, Debug)]
pub struct Place {
    /// In capital letters.
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
    /// The class, if there is one of this name.
    pub fn class(&self) -> Option<Class> {
        Class::from_text(&self.class)
    }
}

impl Named {
    /// The key, if the class is one.
    pub fn key(&self) -> Option<Key> {
        Some(Key::new(self.place.class()?, &self.key))
    }

    /// Where to ask instead, if the AS number or prefix belongs to the other of the two sources (301).
    pub fn redirect(&self, server: &Server, call: &Call) -> Option<Reply> {
        let key = self.key()?;
        let home = home(&server.settings, &key)?;
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

/// The source to which an AS number or a prefix of a route belongs; `None` for everything else.
fn home(settings: &Settings, key: &Key) -> Option<String> {
    let inside = match key.class() {
        Class::AutNum => settings.region.has_asn(key.text().parse::<Asn>().ok()?),
        Class::Route | Class::Route6 => settings.region.has_block(route_block(key.text())?),
        _ => return None,
    };
    Some(if inside { settings.source.clone() } else { settings.nonauth() })
}

/// The prefix of the key of a route, with its origin or without.
pub fn route_block(text: &str) -> Option<Block> {
    let end = text.to_ascii_uppercase().rfind("AS").unwrap_or(text.len());
    Block::parse(text.get(..end)?)
}

/// Whether the object is registered in the source; what names none is in each.
pub fn is_in(object: &Object, source: &str) -> bool {
    object.value(Name::Source).is_none_or(|own| own.eq_ignore_ascii_case(source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Region;

    #[test]
    fn numbers_and_routes_have_a_home() {
        let blocks = vec![Block::parse("2000::/4").unwrap()];
        let region = Region { asns: vec![(Asn(1), Asn(9))], blocks };
        let settings = Settings { region, ..Settings::default() };
        let check = |class, key, expected: Option<&str>| {
            assert_eq!(home(&settings, &Key::new(class, key)).as_deref(), expected);
        };
        check(Class::AutNum, "AS9", Some("RIPE"));
        check(Class::AutNum, "AS10", Some("RIPE-NONAUTH"));
        check(Class::Route6, "2a0f::/32AS10", Some("RIPE"));
        check(Class::Route6, "3fff::/32", Some("RIPE-NONAUTH"));
        check(Class::Inet6num, "3fff::/32", None);
    }
}
