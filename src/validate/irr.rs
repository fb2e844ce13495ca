//! What the routing registries say about an announcement.

use std::collections::BTreeSet;

use super::{Routes, Subject, routes::RouteFinder};
use crate::{
    irr::Route,
    net::{Asn, Family, Prefix},
    registered::{Query, Registered, all},
    rpsl::{Class, Key, Name, Object},
};

/// What route objects there are for an announcement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Irr {
    /// The outcome.
    pub state: IrrState,
    /// The route objects that led to it: exact ones, or else those that cover it, the closest first.
    pub routes: Vec<Route>,
    /// Those that would match, and that their registry hides.
    pub hidden: Vec<Route>,
}

/// How route objects stand to an announcement. Upstreams build filters from exact objects, so only those count; what a
/// registry hides does not.
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

/// The class of route objects for a prefix.
pub fn route_class(prefix: Prefix) -> Class {
    match prefix.family() {
        Family::V4 => Class::Route,
        Family::V6 => Class::Route6,
    }
}

/// The key of the route object for an announcement.
pub fn route_key(prefix: Prefix, origin: Asn) -> Key {
    Key::new(route_class(prefix), &format!("{prefix}{origin}"))
}

/// The outcome alone, and whether something that is hidden would match.
pub(super) fn state(finder: &mut RouteFinder, prefix: Prefix, origin: Asn) -> (IrrState, bool) {
    let (mut state, mut is_hidden) = (IrrState::Missing, false);
    for route in finder.covering(prefix) {
        let is_match = route.is_for(prefix, origin);
        match (route.hidden, is_match) {
            (None, true) => return (IrrState::Match, false),
            (Some(_), true) => is_hidden = true,
            (None, false) if route.prefix == prefix => state = IrrState::OriginMismatch,
            (None, false) if state == IrrState::Missing => state = IrrState::CoveringOnly,
            _ => {}
        }
    }
    (state, is_hidden)
}

/// The keys of the route objects that `subjects` need and `routes` do not have.
pub fn unmatched<'a>(subjects: &'a [Subject], routes: &'a Routes) -> impl Iterator<Item = Key> {
    let mut finder = routes.finder();
    let mut is_matched =
        move |subject: &Subject| state(&mut finder, subject.prefix, subject.origin).0 == IrrState::Match;
    let unmatched = subjects.iter().filter(move |subject| !is_matched(subject));
    unmatched.map(|subject| route_key(subject.prefix, subject.origin))
}

/// The outcome with the route objects that led to it.
pub(super) fn look_up(finder: &mut RouteFinder, prefix: Prefix, origin: Asn) -> Irr {
    let (state, _) = state(&mut finder.clone(), prefix, origin);
    let covering: Vec<&Route> = finder.covering(prefix).collect();
    let is_match = |route: &Route| route.is_for(prefix, origin);
    let shown = covering.iter().filter(|route| route.hidden.is_none());
    let is_exact = |route: &&&Route| route.prefix == prefix;
    let mut routes: Vec<Route> = match state {
        IrrState::Match | IrrState::OriginMismatch => {
            shown.filter(is_exact).map(|route| (*route).clone()).collect()
        }
        IrrState::CoveringOnly | IrrState::Missing => shown.map(|route| (*route).clone()).collect(),
    };
    routes.sort_by_key(|route| !is_match(route)); // stable: those that match come first
    let hidden = covering.iter().filter(|route| route.hidden.is_some() && is_match(route));
    Irr { state, routes, hidden: hidden.map(|route| (*route).clone()).collect() }
}

/// All route objects that are known of a registry, if it was asked for those of each of `prefixes` and above them;
/// `source` is the registry's, for objects that do not say.
pub fn registered_routes(
    world: &Registered,
    prefixes: impl Iterator<Item = Prefix>,
    source: &str,
) -> Result<Vec<Route>, BTreeSet<Query>> {
    let asked = prefixes.map(|prefix| {
        let (class, block) = (route_class(prefix), prefix.block());
        world.exact(class, block)?;
        world.less_specific(class, block)?;
        Ok(())
    });
    all(asked)?;
    let routes = world.objects.iter().filter(|(key, _)| key.class().is_route());
    Ok(routes.filter_map(|(_, object)| route(object, source)).collect())
}

fn route(object: &Object, source: &str) -> Option<Route> {
    Some(Route {
        source: object
            .value(Name::Source)
            .map_or_else(|| source.to_owned(), |text| text.to_ascii_uppercase())
            .into(),
        prefix: object.prefix()?,
        origin: object.value(Name::Origin)?.parse().ok()?,
        maintainers: object.values(Name::MntBy),
        last_modified: None,
        hidden: None,
        place: None,
    })
}
