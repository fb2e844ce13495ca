//! What the networks that carry an announcement make of it.

use std::collections::HashSet;

use super::{Irr, IrrState};
use crate::{
    estate::{Announcement, Estate, RoaDemand, Upstream},
    net::Asn,
    rpki::State,
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
    /// It drops it because none of these registries has its route object.
    DropsForIrr(Vec<String>),
    /// It drops it because it is longer than this many bits.
    DropsForLength(u8),
}

/// The view of each upstream of the sites that announce it, each once, in the order of the estate.
pub(super) fn views(
    estate: &Estate,
    announcement: &Announcement,
    state: State,
    irr: &Irr,
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

fn judge(upstream: &Upstream, announcement: &Announcement, state: State, irr: &Irr) -> Judgement {
    match (upstream.roa, state) {
        (RoaDemand::Valid, State::Invalid(_) | State::NotFound) => return Judgement::DropsForRoa("valid"),
        (RoaDemand::NotInvalid, State::Invalid(_)) => return Judgement::DropsForRoa("not-invalid"),
        _ => {}
    }
    if let Some(longest) = upstream.longest.filter(|longest| announcement.prefix.len() > *longest) {
        return Judgement::DropsForLength(longest);
    }
    let accepted = |route: &super::Route| {
        route.origin == announcement.origin
            && upstream.irr.iter().any(|irr| irr.eq_ignore_ascii_case(&route.source))
    };
    let has_route = irr.state == IrrState::Match && irr.routes.iter().any(accepted);
    match upstream.irr.is_empty() || has_route {
        true => Judgement::Carries,
        false => Judgement::DropsForIrr(upstream.irr.clone()),
    }
}
