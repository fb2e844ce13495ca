//! What the networks that carry an announcement make of it.

use std::collections::HashSet;

use super::{Irr, IrrState};
use crate::{
    estate::{Announcement, Estate, RoaDemand, Upstream},
    net::Asn,
    rpki::State,
    rule::Rule,
};

/// One upstream's view of an announcement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UpstreamView {
    /// Its name in the estate.
    pub name: String,
    /// Its AS number.
    pub asn: Asn,
    /// What it does.
    pub judgement: Judgement,
}

/// What an upstream does with an announcement, by what it demands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Judgement {
    /// It carries it.
    Carries,
    /// It drops it for its validation state; the demand, as in `roa = valid`.
    DropsForRoa(&'static str),
    /// It drops it because none of these registries has a route object for it, that was shown.
    DropsForIrr(Vec<String>),
    /// It drops it because its route object is in none of these registries, only in others; and whether one of these was
    /// asked at all.
    DropsForSource(Vec<String>, bool),
    /// It drops it because it is longer than this many bits.
    DropsForLength(u8),
}

impl Judgement {
    /// The rule that is broken, if no other one tells the reason by itself.
    pub(super) fn rule(&self) -> Option<Rule> {
        match self {
            Judgement::Carries => None,
            Judgement::DropsForSource(_, true) => Some(Rule::IrrOnlyIn),
            Judgement::DropsForSource(_, false)
            | Judgement::DropsForRoa(_)
            | Judgement::DropsForIrr(_)
            | Judgement::DropsForLength(_) => Some(Rule::UpstreamWouldFilter),
        }
    }
}

/// The view of each upstream of the sites that announce it, each once, in the order of the estate; route objects come with
/// the sources that were asked for them. What was not looked at at all is held against nobody.
pub(super) fn views(
    estate: &Estate,
    announcement: &Announcement,
    state: Option<State>,
    irr: Option<(&Irr, &[String])>,
) -> Vec<UpstreamView> {
    let names: HashSet<&str> = announcement.sites.iter().map(String::as_str).collect();
    let own = estate.sites.iter().filter(|site| names.contains(site.name.as_str()));
    let carriers: HashSet<&str> = own.filter_map(|site| site.upstream.as_deref()).collect();
    let carries = |upstream: &&Upstream| carriers.contains(upstream.name.as_str());
    let view = |upstream: &Upstream| UpstreamView {
        name: upstream.name.clone(),
        asn: upstream.asn,
        judgement: judge(upstream, announcement, state, irr),
    };
    estate.upstreams.iter().filter(carries).map(view).collect()
}

fn judge(
    upstream: &Upstream,
    announcement: &Announcement,
    state: Option<State>,
    irr: Option<(&Irr, &[String])>,
) -> Judgement {
    match (upstream.roa, state) {
        (RoaDemand::Valid, Some(State::Invalid(_) | State::NotFound)) => {
            return Judgement::DropsForRoa("valid");
        }
        (RoaDemand::NotInvalid, Some(State::Invalid(_))) => return Judgement::DropsForRoa("not-invalid"),
        _ => {}
    }
    if let Some(longest) = upstream.longest.filter(|longest| announcement.prefix.len() > *longest) {
        return Judgement::DropsForLength(longest);
    }
    let Some((irr, asked)) = irr.filter(|_| !upstream.irr.is_empty()) else { return Judgement::Carries };
    let is_wanted = |source: &str| upstream.irr.iter().any(|irr| irr.eq_ignore_ascii_case(source));
    let accepted =
        |route: &crate::irr::Route| route.origin == announcement.origin && is_wanted(&route.source);
    match (irr.state, irr.routes.iter().any(accepted)) {
        (IrrState::Match, true) => Judgement::Carries,
        (IrrState::Match, false) => {
            Judgement::DropsForSource(upstream.irr.clone(), asked.iter().any(|source| is_wanted(source)))
        }
        (_, _) => Judgement::DropsForIrr(upstream.irr.clone()),
    }
}
