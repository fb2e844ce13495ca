//! What is ours, and what is wrong there whatever is announced: VRPs and route objects that nobody needs, or that are
//! somebody else's.

use std::collections::HashSet;

use super::{Flaw, Grounds, Subject, Validation, irr::route_key};
use crate::{
    estate::Estate,
    irr::Route,
    net::{Asn, Entries, Prefix, PrefixMap},
    rpki::{Rir, Vrp},
    rpsl::Key,
    rule::Rule,
};

/// Our address space, our AS numbers, and what we announce.
#[derive(Clone, Debug)]
pub(super) struct Ours {
    space: PrefixMap<()>,
    origins: HashSet<Asn>,
    /// Whether all that was seen is taken for ours.
    everything: bool,
    announced: PrefixMap<Asn>,
}

/// More announcements than this are a table of the Internet and not what one network announces.
const OF_ONE_NETWORK: usize = 50_000;

impl Ours {
    /// What is ours by what the estate says. Without one, what was seen is ours, unless it is too much.
    pub(super) fn of(estate: Option<&Estate>, subjects: &[Subject]) -> Ours {
        let mut space = Entries::default();
        space.extend(own_space(estate).map(|prefix| (prefix, ())));
        let announcements = estate.into_iter().flat_map(|estate| &estate.announcements);
        let mut ours = Ours {
            space: space.into_map(|(), ()| true),
            origins: announcements.map(|announcement| announcement.origin).collect(),
            everything: estate.is_none() && subjects.len() <= OF_ONE_NETWORK,
            announced: PrefixMap::default(),
        };
        let mut announced = Entries::default();
        let own = subjects.iter().filter(|subject| ours.has(subject));
        announced.extend(own.map(|subject| (subject.prefix, subject.origin)));
        // Also what is declared and was not to be looked at in this run is announced.
        let declared = estate.into_iter().flat_map(|estate| &estate.announcements);
        announced.extend(declared.map(|announcement| (announcement.prefix, announcement.origin)));
        ours.announced = announced.into_map(|later, earlier| later == earlier);
        ours
    }

    /// Whether an announcement is of our space or by an AS of ours.
    pub(super) fn has(&self, subject: &Subject) -> bool {
        self.everything
            || subject.is_declared()
            || self.origins.contains(&subject.origin)
            || self.space.covers(subject.prefix)
    }

    /// Whether the registry of the estate is asked for the route objects of an announcement.
    pub(super) fn is_asked(&self, subject: &Subject) -> bool {
        subject.is_declared() || self.space.covers(subject.prefix)
    }

    /// How many prefixes of maxLength are announced of those that `vrp` allows, and how many it allows, if these are
    /// more: the others anybody can announce in the name of its origin, more specific than what is announced (RFC 9319
    /// §5).
    pub(super) fn forgeable(&self, vrp: &Vrp) -> Option<(usize, u64)> {
        forgeable(vrp, self.announced.inside(vrp.prefix()))
    }

    /// Whether something is announced that `prefix` and `origin` are for.
    fn announces(&self, prefix: Prefix, origin: Asn) -> bool {
        self.announced.inside(prefix).any(|(_, own)| own == origin)
    }
}

/// Of the prefixes of maxLength that `vrp` allows how many are `announced`, and how many it allows, if these are more.
pub(super) fn forgeable(vrp: &Vrp, announced: impl Iterator<Item = (Prefix, Asn)>) -> Option<(usize, u64)> {
    let bits = u32::from(vrp.max_length() - vrp.prefix().len());
    if bits == 0 {
        return None;
    }
    let longest = announced.filter(|(prefix, origin)| {
        prefix.len() == vrp.max_length() && *origin == vrp.origin() && vrp.covers(*prefix)
    });
    let (announced, allowed) = (longest.count(), 1_u64.checked_shl(bits).unwrap_or(u64::MAX));
    (u64::try_from(announced).is_ok_and(|announced| announced < allowed)).then_some((announced, allowed))
}

/// Those of `subjects` whose route objects the registry of `estate` must be asked for.
pub fn asked_of_registry(estate: &Estate, subjects: &[Subject]) -> Vec<Subject> {
    let ours = Ours::of(Some(estate), &[]);
    subjects.iter().copied().filter(|subject| ours.is_asked(subject)).collect()
}

/// The address space of `estate`: its allocations, and what it keeps for itself.
pub fn space_of(estate: Option<&Estate>) -> Vec<Prefix> {
    own_space(estate).collect()
}

fn own_space(estate: Option<&Estate>) -> impl Iterator<Item = Prefix> {
    estate.into_iter().flat_map(|estate| {
        let allocations = estate.allocations.iter().map(|allocation| allocation.prefix);
        allocations.chain(estate.manage.exclusive.iter().map(|exclusive| exclusive.value))
    })
}

/// Whether the VRPs are of the Internet: of a laboratory they are where all anchors that are named are others than those
/// of the registries.
pub(super) fn is_of_the_internet(grounds: &Grounds) -> bool {
    let Some(evidence) = &grounds.vrps else { return true };
    let mut anchors = evidence.vrps.anchors().peekable();
    anchors.peek().is_none() || anchors.any(|name| Rir::named(name).is_some())
}

/// What is wrong in our space besides what is announced.
pub(super) fn flaws(validation: &Validation) -> Vec<Flaw> {
    let grounds = &validation.grounds;
    if grounds.estate.is_none() {
        return Vec::new();
    }
    let ours = &validation.ours;
    let space: Vec<Prefix> = ours.space.iter().map(|(prefix, ())| prefix).collect();
    let outer = |prefix: &&Prefix| ours.space.covering(**prefix).count() == 1;
    let mut all = Vec::new();
    for prefix in space.iter().filter(outer) {
        let is_told = |inner: Prefix| {
            grounds.within.is_empty() || grounds.within.iter().any(|outer| outer.covers(inner))
        };
        let vrps = grounds.vrps.iter().flat_map(|evidence| evidence.vrps.inside(*prefix));
        let vrps = vrps.filter(|vrp| is_told(vrp.prefix()));
        let stale = vrps.filter(|vrp| vrp.origin() != Asn(0) && !ours.announces(vrp.prefix(), vrp.origin()));
        all.extend(stale.filter_map(|vrp| stale_vrp(validation, &vrp)));
        let routes = grounds.routes.iter().flat_map(|routes| routes.inside(*prefix));
        let routes = routes.filter(|route| is_told(route.prefix));
        all.extend(routes.filter_map(|route| foreign_or_stale(validation, ours, route)));
    }
    all
}

fn stale_vrp(validation: &Validation, vrp: &Vrp) -> Option<Flaw> {
    Some(Flaw {
        subject: format!("{} {}", vrp.prefix(), vrp.origin()),
        decides: format!("VRP {vrp}"),
        fix: format!("have the ROA withdrawn, or declare what {} announces there", vrp.origin()),
        waived: validation.waived(vrp.prefix(), Rule::RoaStale),
        ..validation
            .flaw(Rule::RoaStale, format!("nothing that is announced needs the ROA of {}", vrp.origin()))?
    })
}

fn foreign_or_stale(validation: &Validation, ours: &Ours, route: &Route) -> Option<Flaw> {
    let estate = validation.grounds.estate.as_deref()?;
    let key = route_key(route.prefix, route.origin);
    let is_declared = |key: &Key| estate.declared.iter().any(|each| each.object.key() == *key);
    let (rule, text, fix) = if !ours.origins.contains(&route.origin) {
        let text = format!("{} has a route object for space of ours, of {}", route.source, route.origin);
        let fix = format!("ask {} to delete it, unless it is a customer's", route.maintainers.join(", "));
        (Rule::IrrForeign, text, fix)
    } else if ours
        .announced
        .covering(route.prefix)
        .any(|(prefix, origin)| prefix == route.prefix && origin == route.origin)
        || is_declared(&key)
    {
        return None;
    } else {
        let text =
            format!("{} has a route object of {} that nothing announced needs", route.source, route.origin);
        (
            Rule::IrrStale,
            text,
            format!("delete {key} in {}, or declare what is announced there", route.source),
        )
    };
    Some(Flaw {
        subject: format!("{} {}", route.prefix, route.origin),
        decides: format!("{key} ({}, mnt-by {})", route.source, route.maintainers.join(", ")),
        fix,
        waived: validation.waived(route.prefix, rule),
        ..validation.flaw(rule, text)?
    })
}
