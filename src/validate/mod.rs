//! Whether each announcement has the route object and the ROA that it needs.
//!
//! Pure values: evidence goes in, a judgement comes out, and what is not known of the registry is a question that is
//! returned. Two proofs are asked for: route origin validation (RFC 6811) against VRPs, and a route or route6 object
//! for exactly the prefix and origin. Missing evidence is never taken for consent.

mod finding;
mod irr;
#[cfg(test)]
mod tests;
mod upstream;

use std::collections::{BTreeSet, HashSet};

pub use finding::Flaw;
pub use irr::{Irr, IrrState, Route};
pub use upstream::{Judgement, UpstreamView};

use crate::{
    estate::{Announcement, Estate},
    finding::Severity,
    net::{Asn, Prefix},
    registered::{Query, Registered, all},
    rpki::{self, Evidence, State, Vrp, VrpSet},
    rpsl::Key,
};

/// What came out for all announcements that were looked at.
#[derive(Clone, Debug, Default)]
pub struct Validation {
    /// One for each announcement, ordered by prefix and origin.
    pub announcements: Vec<Validated>,
}

impl Validation {
    /// The keys of the route objects that are missing.
    pub fn unmatched(&self) -> impl Iterator<Item = Key> {
        let unmatched = self.announcements.iter().filter(|each| each.irr.state != IrrState::Match);
        unmatched.map(|each| {
            let Announcement { prefix, origin, .. } = &each.announcement;
            Key::new(irr::route_class(*prefix), &format!("{prefix}{origin}"))
        })
    }
}

/// One announcement and what is to be said of it.
#[derive(Clone, Debug)]
pub struct Validated {
    /// The announcement.
    pub announcement: Announcement,
    /// Whether it is announced at every site that there is.
    pub everywhere: bool,
    /// Its validation state (RFC 6811 §2).
    pub state: State,
    /// The VRPs that cover it, the one that comes nearest to a match first.
    pub vrps: Vec<Vrp>,
    /// What the IRR says.
    pub irr: Irr,
    /// What each network that carries it makes of it.
    pub upstreams: Vec<UpstreamView>,
    /// What is wrong.
    pub flaws: Vec<Flaw>,
}

impl Validated {
    /// Whether it may be announced.
    pub fn is_ok(&self) -> bool {
        self.flaws.iter().all(|flaw| flaw.severity != Severity::Error)
    }
}

impl Validation {
    /// Whether everything may be announced.
    pub fn is_ok(&self) -> bool {
        self.announcements.iter().all(Validated::is_ok)
    }

    /// How many announcements may be made.
    pub fn ok(&self) -> usize {
        self.announcements.iter().filter(|each| each.is_ok()).count()
    }

    /// How many things are wrong.
    pub fn flaws(&self) -> usize {
        self.announcements.iter().map(|each| each.flaws.len()).sum()
    }
}

/// The announcements of `estate` inside one of `within`; all, if there is none. Ordered by prefix and origin.
pub fn selected<'a>(estate: &'a Estate, within: &[Prefix]) -> Vec<&'a Announcement> {
    let wanted = |prefix: Prefix| within.is_empty() || within.iter().any(|outer| outer.covers(prefix));
    let mut selected: Vec<_> = estate.announcements.iter().filter(|a| wanted(a.prefix)).collect();
    selected.sort_by_key(|announcement| (announcement.prefix, announcement.origin));
    selected
}

/// Judges the announcements of `estate` inside `within`, or returns the questions that must be answered first.
pub fn validate(
    estate: &Estate,
    within: &[Prefix],
    evidence: &Evidence,
    world: &Registered,
) -> Result<Validation, BTreeSet<Query>> {
    let declared: HashSet<Key> = estate.declared.iter().map(|each| each.object.key()).collect();
    let judged = selected(estate, within).into_iter().map(|announcement| {
        let irr = irr::look_up(world, announcement.prefix, announcement.origin, &estate.registry.source)?;
        Ok(judge(estate, &declared, announcement, evidence, irr))
    });
    Ok(Validation { announcements: all(judged)? })
}

fn judge(
    estate: &Estate,
    declared: &HashSet<Key>,
    announcement: &Announcement,
    evidence: &Evidence,
    irr: Irr,
) -> Validated {
    let Announcement { prefix, origin, .. } = *announcement;
    let validity = rpki::validate(&evidence.vrps, prefix, origin);
    let covering =
        validity.matched.iter().chain(&validity.unmatched_length).chain(&validity.unmatched_origin);
    let mut vrps: Vec<Vrp> = covering.cloned().collect();
    vrps.sort_by_key(|vrp| (vrp.origin() != origin, prefix.len() > vrp.max_length())); // stable: the nearest first
    let upstreams = upstream::views(estate, announcement, validity.state, &irr);
    let facts = Facts {
        estate,
        declared,
        prefix,
        origin,
        state: validity.state,
        vrps: &vrps,
        expired: &evidence.expired,
        irr: &irr,
        upstreams: &upstreams,
    };
    let flaws = finding::flaws(&facts);
    let everywhere = announcement.sites.len() > 1 && announcement.sites.len() == estate.sites.len();
    let announcement = announcement.clone();
    Validated { announcement, everywhere, state: validity.state, vrps, irr, upstreams, flaws }
}

/// All that is known of one announcement when its flaws are looked for.
struct Facts<'a> {
    estate: &'a Estate,
    /// The keys of all that the estate declares.
    declared: &'a HashSet<Key>,
    prefix: Prefix,
    origin: Asn,
    state: State,
    vrps: &'a [Vrp],
    /// The VRPs that count no longer.
    expired: &'a VrpSet,
    irr: &'a Irr,
    upstreams: &'a [UpstreamView],
}
