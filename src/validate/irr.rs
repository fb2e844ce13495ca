//! What the routing registry says about an announcement.

use crate::{
    net::{Asn, Family, Prefix},
    registered::{Known, Registered},
    rpsl::{Class, Name, Object},
};

/// What route objects there are for an announcement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Irr {
    /// The outcome.
    pub state: IrrState,
    /// The route objects that led to it: exact ones, or else those that cover it, the closest first.
    pub routes: Vec<Route>,
}

/// How route objects stand to an announcement. Upstreams build filters from exact objects, so only those count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IrrState {
    /// One has its prefix and its origin.
    Match,
    /// There are some for its prefix, all with other origins.
    OriginMismatch,
    /// There are some for less specific prefixes only.
    CoveringOnly,
    /// There are none.
    Missing,
}

impl IrrState {
    /// The word for it in JSON.
    pub fn text(self) -> &'static str {
        match self {
            IrrState::Match => "match",
            IrrState::OriginMismatch => "origin-mismatch",
            IrrState::CoveringOnly => "covering-only",
            IrrState::Missing => "missing",
        }
    }
}

/// A route or route6 object, as far as it matters here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Route {
    /// The registry that holds it.
    pub source: String,
    /// Its prefix.
    pub prefix: Prefix,
    /// Its origin.
    pub origin: Asn,
    /// Its maintainers.
    pub maintainers: Vec<String>,
}

/// The class of route objects for a prefix.
pub fn route_class(prefix: Prefix) -> Class {
    match prefix.family() {
        Family::V4 => Class::Route,
        Family::V6 => Class::Route6,
    }
}

/// Looks up the route objects for `prefix` and `origin`; `source` is the registry's, for objects that do not say.
pub(super) fn look_up(world: &Registered, prefix: Prefix, origin: Asn, source: &str) -> Known<Irr> {
    let (class, block) = (route_class(prefix), prefix.block());
    let route = |object: &&Object| route(object, source);
    let exact: Vec<Route> = world.exact(class, block)?.iter().filter_map(route).collect();
    let covering = world.less_specific(class, block)?;
    let covering: Vec<Route> = covering.iter().flatten().filter_map(route).collect();
    let is_match = |route: &Route| route.origin == origin;
    let state = match (exact.iter().any(is_match), exact.is_empty(), covering.is_empty()) {
        (true, _, _) => IrrState::Match,
        (false, false, _) => IrrState::OriginMismatch,
        (false, true, false) => IrrState::CoveringOnly,
        (false, true, true) => IrrState::Missing,
    };
    let mut routes = if exact.is_empty() { covering } else { exact };
    routes.sort_by_key(|route| !is_match(route)); // stable: the one that matches comes first
    Ok(Irr { state, routes })
}

fn route(object: &Object, source: &str) -> Option<Route> {
    Some(Route {
        source: object
            .value(Name::Source)
            .map_or_else(|| source.to_owned(), |text| text.to_ascii_uppercase()),
        prefix: object.prefix()?,
        origin: object.value(Name::Origin)?.parse().ok()?,
        maintainers: object.values(Name::MntBy),
    })
}
