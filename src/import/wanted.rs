//! Which objects are looked for.

use std::collections::BTreeSet;

use crate::{
    net::{Asn, Family, Prefix},
    plan::Selector,
    registered::Query,
    rpsl::{Class, Key, Name, Object},
};

/// Which objects are looked for.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// Those that this maintainer maintains.
    MaintainedBy(String),
    /// This organisation, and what it holds.
    OfOrganisation(String),
    /// What lies in this address space: blocks, routes and reverse zones.
    Inside(Prefix),
    /// This AS, and the routes that it originates.
    OfOrigin(Asn),
    /// Single objects; those of a pattern among what is ours.
    Like(Selector),
}

impl Wanted {
    /// What must be asked to find them; `ours` are the maintainers that a pattern is searched among.
    pub fn queries(&self, ours: &[String]) -> BTreeSet<Query> {
        let maintained = |name: &String| Query::MaintainedBy(Key::new(Class::Mntner, name));
        match self {
            Wanted::MaintainedBy(name) => {
                [maintained(name), Query::Object(Key::new(Class::Mntner, name))].into()
            }
            Wanted::OfOrganisation(id) => {
                let key = Key::new(Class::Organisation, id);
                [Query::Object(key.clone()), Query::Referring(key)].into()
            }
            Wanted::Inside(prefix) => {
                classes(*prefix).into_iter().map(|class| Query::Within(class, prefix.block())).collect()
            }
            Wanted::OfOrigin(asn) => [Query::Object(Key::new(Class::AutNum, &asn.to_string()))].into(),
            Wanted::Like(selector) if selector.keys().is_empty() => ours.iter().map(maintained).collect(),
            Wanted::Like(selector) => selector.keys().iter().cloned().map(Query::Object).collect(),
        }
    }

    /// The AS whose routes are looked for.
    pub fn origin(&self) -> Option<Asn> {
        match self {
            Wanted::OfOrigin(asn) => Some(*asn),
            _ => None,
        }
    }

    /// Whether a registered object is one of them.
    pub fn wants(&self, key: &Key, object: &Object) -> bool {
        match self {
            Wanted::MaintainedBy(name) => object.names(Name::MntBy, name),
            Wanted::OfOrganisation(id) => {
                object.names(Name::Org, id) || *key == Key::new(Class::Organisation, id)
            }
            Wanted::Inside(prefix) => {
                let is_inside = object.block().is_some_and(|block| prefix.block().contains(block));
                is_inside && classes(*prefix).contains(&key.class())
            }
            Wanted::OfOrigin(asn) => {
                let asn = asn.to_string();
                let is_route = key.class().is_route() && object.names(Name::Origin, &asn);
                is_route || *key == Key::new(Class::AutNum, &asn)
            }
            Wanted::Like(selector) => selector.means(key),
        }
    }
}

/// The classes of what lies in address space.
fn classes(prefix: Prefix) -> [Class; 3] {
    match prefix.family() {
        Family::V4 => [Class::Inetnum, Class::Route, Class::Domain],
        Family::V6 => [Class::Inet6num, Class::Route6, Class::Domain],
    }
}
