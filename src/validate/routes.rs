//! Route objects, in which those for a prefix are found quickly.

use crate::{
    irr::Route,
    net::{Entries, Finder, Prefix, PrefixMap},
};

/// Route and route6 objects of all sources, and how much of the world they are.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    all: Vec<Route>,
    map: PrefixMap<u32>,
    /// Whether they are all that their sources have for whatever is announced; else only for what is ours.
    pub is_complete: bool,
    /// The sources that were asked, in the order of their rank.
    pub sources: Vec<String>,
    /// What is to be said of them: how old they are, and what they could not be asked.
    pub notes: Vec<String>,
}

impl Routes {
    /// The routes, those of the sources that rank first before the others; nothing is to be said of the sources.
    pub fn new(all: Vec<Route>, sources: Vec<String>, is_complete: bool) -> Routes {
        let mut entries = Entries::default();
        entries.extend((0_u32..).zip(&all).map(|(number, route)| (route.prefix, number)));
        let map = entries.into_map(|_, _| false);
        Routes { all, map, is_complete, sources, notes: Vec::new() }
    }

    /// The same, with what is to be said of their sources.
    #[must_use]
    pub fn noting(self, notes: Vec<String>) -> Routes {
        Routes { notes, ..self }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.all.iter()
    }

    pub(super) fn finder(&self) -> RouteFinder<'_> {
        RouteFinder { routes: self, finder: self.map.finder() }
    }

    /// Those for `prefix` and its more specifics.
    pub fn inside(&self, prefix: Prefix) -> impl Iterator<Item = &Route> {
        self.map.inside(prefix).filter_map(|(_, number)| self.get(number))
    }

    fn get(&self, number: u32) -> Option<&Route> {
        usize::try_from(number).ok().and_then(|number| self.all.get(number))
    }
}

/// Looks the routes up for one prefix after the other.
#[derive(Clone, Debug)]
pub(super) struct RouteFinder<'a> {
    routes: &'a Routes,
    finder: Finder<'a, u32>,
}

impl<'a> RouteFinder<'a> {
    /// Those for `prefix` and less specific ones, the closest first.
    pub(super) fn covering(&mut self, prefix: Prefix) -> impl Iterator<Item = &'a Route> + use<'a> {
        let routes = self.routes;
        self.finder.covering(prefix).filter_map(move |(_, number)| routes.get(number))
    }
}
