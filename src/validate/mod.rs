//! Whether each announcement has the route object and the ROA that it needs.
//!
//! Pure values: evidence goes in, a judgement comes out. Two proofs are asked for: route origin validation (RFC 6811)
//! against VRPs, and a route or route6 object for exactly the prefix and origin. Missing evidence is never taken for
//! consent: what was not looked at is told apart from what is not there.
//!
//! A million announcements get a [`Verdict`] each, which is a few bytes; what decides and what to do is found again, by
//! the same rules, for those that somebody looks at ([`Validation::explain`]).

mod bogon;
mod finding;
mod irr;
mod routes;
mod space;
mod subject;
#[cfg(test)]
mod tests;
mod upstream;
mod verdict;
mod what_if;

use std::sync::Arc;

pub use finding::Flaw;
pub use irr::{Irr, IrrState, registered_routes, route_class, unmatched};
pub use routes::Routes;
pub use space::{asked_of_registry, space_of};
pub use subject::{Subject, subjects};
pub use upstream::{Judgement, UpstreamView};
pub use verdict::Verdict;
pub use what_if::{Effect, Turn, WhatIf, what_if};

use jiff::Timestamp;

use crate::{
    estate::Estate,
    finding::{Location, Severity},
    net::Prefix,
    rpki::{self, Evidence, State, Vrp},
    rule::{Rule, Rules},
};

/// What announcements are judged by. What is `None` was not looked at.
#[derive(Clone, Debug)]
pub struct Grounds {
    /// What the user declares.
    pub estate: Option<Arc<Estate>>,
    /// VRPs.
    pub vrps: Option<Arc<Evidence>>,
    /// Route objects.
    pub routes: Option<Arc<Routes>>,
    /// Whether the demands of upstreams are looked at.
    pub upstreams: bool,
    /// Only what lies in these prefixes is told; all, if there is none.
    pub within: Vec<Prefix>,
    /// The names of the sources of what was seen, by their numbers; `None` if nobody looked at routers.
    pub seen_in: Option<Vec<String>>,
    /// The time of the run.
    pub now: Timestamp,
}

/// What came out for all announcements that were looked at.
#[derive(Clone, Debug)]
pub struct Validation {
    /// What they were judged by.
    pub grounds: Grounds,
    /// The announcements, by prefix and origin.
    pub subjects: Vec<Subject>,
    /// One for each of them.
    pub verdicts: Vec<Verdict>,
    /// What is wrong with VRPs and route objects in our space, whatever is announced.
    pub others: Vec<Flaw>,
    errors: Rules,
    /// Those that are errors whatever the estate makes of them.
    firm: Rules,
    ours: Arc<space::Ours>,
}

/// One announcement and all that is to be said of it.
#[derive(Clone, Debug)]
pub struct Validated {
    /// Its prefix.
    pub prefix: Prefix,
    /// What originates it, as `AS205398` or `AS_SET`.
    pub origin: String,
    /// The sites that announce it, if it is declared.
    pub sites: Vec<String>,
    /// Whether it is announced at every site that there is.
    pub everywhere: bool,
    /// Where it is declared.
    pub place: Option<Location>,
    /// Where it was seen: a name and, where there are lines, its line.
    pub seen: Option<String>,
    /// Its validation state (RFC 6811 §2).
    pub state: Option<State>,
    /// The VRPs that cover it, the one that comes nearest to a match first.
    pub vrps: Vec<Vrp>,
    /// What the IRR says.
    pub irr: Option<Irr>,
    /// What each network that carries it makes of it.
    pub upstreams: Vec<UpstreamView>,
    /// What is wrong.
    pub flaws: Vec<Flaw>,
}

impl Validated {
    /// Whether it may be announced.
    pub fn is_ok(&self) -> bool {
        !self.flaws.iter().any(Flaw::stops)
    }
}

impl Validation {
    /// Whether everything may be announced.
    pub fn is_ok(&self) -> bool {
        self.verdicts.iter().all(|verdict| self.is_good(*verdict)) && !self.others.iter().any(Flaw::stops)
    }

    /// Whether an announcement with this verdict may be made.
    pub fn is_good(&self, verdict: Verdict) -> bool {
        verdict.broken.and(self.errors).without(verdict.waived).is_empty()
    }

    /// How many announcements may be made.
    pub fn ok(&self) -> usize {
        self.verdicts.iter().filter(|verdict| self.is_good(**verdict)).count()
    }

    /// How many announcements may be made only because what is wrong with them is waived.
    pub fn ok_by_waiver(&self) -> usize {
        let is_wrong = |verdict: Verdict| !verdict.broken.and(self.errors).is_empty();
        self.verdicts.iter().filter(|verdict| self.is_good(**verdict) && is_wrong(**verdict)).count()
    }

    /// How many things are wrong.
    pub fn flaws(&self) -> usize {
        self.verdicts.iter().map(|verdict| verdict.broken.len()).sum::<usize>() + self.others.len()
    }

    /// How many announcements there are.
    pub fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty()
    }

    /// All that is to be said of each announcement for which `wanted` says yes.
    pub fn explain(&self, wanted: impl Fn(Verdict) -> bool) -> impl Iterator<Item = Validated> {
        let all = self.subjects.iter().zip(&self.verdicts);
        let chosen = all.filter(move |(_, verdict)| wanted(**verdict));
        chosen.map(|(subject, verdict)| finding::explain(self, subject, *verdict))
    }

    /// Whether it was said that the VRPs know nothing of some of the announced space: the first announcement that is
    /// not valid, or by nothing but what is assumed, and lies under a trust anchor of which there is no VRP, though there
    /// are some of other registries; and how many there are.
    pub fn space_without_anchor(&self) -> Option<(rpki::Rir, Prefix, usize)> {
        let evidence = self.grounds.vrps.as_ref()?;
        let known: Vec<rpki::Rir> = evidence.vrps.anchors().filter_map(rpki::Rir::named).collect();
        if known.is_empty() || rpki::Rir::ALL.iter().all(|rir| known.contains(rir)) {
            return None;
        }
        let all = self.subjects.iter().zip(&self.verdicts);
        let doubtful = all.filter(|(subject, verdict)| match verdict.state {
            Some(State::Valid) => evidence.only_assumes(subject.prefix, subject.origin),
            Some(_) => true,
            None => false,
        });
        let mut missing = doubtful.filter_map(|(subject, _)| {
            rpki::rir_of(subject.prefix).filter(|rir| !known.contains(rir)).map(|rir| (rir, subject.prefix))
        });
        let (rir, prefix) = missing.next()?;
        Some((rir, prefix, missing.filter(|(other, _)| *other == rir).count()))
    }

    fn weight(&self, rule: Rule) -> Option<Severity> {
        weight(&self.grounds, self.firm, rule)
    }
}

/// Judges `subjects` by `grounds`.
pub fn validate(subjects: Vec<Subject>, grounds: Grounds) -> Validation {
    judged(subjects, grounds, Rules::default())
}

/// The same, where the rules in `firm` are errors whatever the estate makes of them.
fn judged(subjects: Vec<Subject>, grounds: Grounds, firm: Rules) -> Validation {
    let switched_on = Rules::of(|rule| weight(&grounds, firm, rule).is_some());
    let errors = Rules::of(|rule| weight(&grounds, firm, rule) == Some(Severity::Error));
    let ours = Arc::new(space::Ours::of(grounds.estate.as_deref(), &subjects));
    let verdicts = verdict::verdicts(&subjects, &grounds, &ours, switched_on);
    let mut validation = Validation { grounds, subjects, verdicts, others: Vec::new(), errors, firm, ours };
    validation.others = space::flaws(&validation);
    validation
}

fn weight(grounds: &Grounds, firm: Rules, rule: Rule) -> Option<Severity> {
    match &grounds.estate {
        Some(estate) if !firm.contains(rule) => estate.weights.of(rule),
        _ => Some(rule.severity()),
    }
}
