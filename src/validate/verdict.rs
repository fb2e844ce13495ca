//! What is wrong with each of a million announcements, in a few bytes.

use std::collections::HashSet;

use super::{
    Grounds, IrrState, Subject,
    bogon::{self, Bogons},
    irr,
    routes::RouteFinder,
    space::{self, Ours},
    upstream,
};
use crate::{
    irr::Hidden,
    net::{Asn, Family},
    parallel,
    rpki::{Reason, State, Validator, Vrp},
    rpsl::{Class, Name},
    rule::{Rule, Rules},
};

/// What is to be said of an announcement, in short.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Verdict {
    /// Its validation state; `None` if there were no VRPs to look at.
    pub state: Option<State>,
    /// What the routing registries say; `None` if they were not asked for it.
    pub irr: Option<IrrState>,
    /// The rules that it breaks.
    pub broken: Rules,
    /// Those of them that are waived.
    pub waived: Rules,
}

/// So many are worth a thread of their own.
const WORTH_A_THREAD: usize = 20_000;

/// What is announced up to this length is carried (RFC 7454 §6.1.3 for IPv4, and as usual for IPv6).
pub(super) const fn longest(family: Family) -> u8 {
    match family {
        Family::V4 => 24,
        Family::V6 => 48,
    }
}

/// One verdict for each of `subjects`, which are in order; rules that are not `switched_on` are not broken.
pub(super) fn verdicts(
    subjects: &[Subject],
    grounds: &Grounds,
    ours: &Ours,
    switched_on: Rules,
) -> Vec<Verdict> {
    let parts = parallel::parts(subjects.len(), WORTH_A_THREAD);
    let judged = parallel::each(subjects.chunks(subjects.len().div_ceil(parts).max(1)), |part| {
        let mut judge = Judge::new(grounds, ours, switched_on);
        part.iter().map(|subject| judge.verdict(subject)).collect::<Vec<_>>()
    });
    parallel::joined(judged)
}

/// Judges one announcement after the other.
struct Judge<'a> {
    grounds: &'a Grounds,
    ours: &'a Ours,
    switched_on: Rules,
    validator: Option<Validator<'a>>,
    routes: Option<RouteFinder<'a>>,
    bogons: Bogons,
    is_internet: bool,
    /// The members of as-sets of ours; `None` if there is no as-set.
    members: Option<HashSet<Asn>>,
}

impl<'a> Judge<'a> {
    fn new(grounds: &'a Grounds, ours: &'a Ours, switched_on: Rules) -> Judge<'a> {
        Judge {
            grounds,
            ours,
            switched_on,
            validator: grounds.vrps.as_ref().map(|evidence| Validator::new(&evidence.vrps)),
            routes: grounds.routes.as_ref().map(|routes| routes.finder()),
            bogons: Bogons::new(),
            is_internet: space::is_of_the_internet(grounds),
            members: members(grounds),
        }
    }

    fn verdict(&mut self, subject: &Subject) -> Verdict {
        let (mut broken, is_ours) = (Rules::default(), self.ours.has(subject));
        let state = self.validator.as_mut().map(|validator| validator.state(subject.prefix, subject.origin));
        let irr = self.irr(subject, &mut broken);
        if let Some(state) = state {
            self.rpki(subject, state, is_ours, &mut broken);
        }
        self.form(subject, &mut broken);
        if is_ours {
            self.own(subject, state, irr, &mut broken);
        }
        let broken = broken.and(self.switched_on);
        self.waived(subject, Verdict { state, irr, broken, waived: Rules::default() })
    }

    fn rpki(&self, subject: &Subject, state: State, is_ours: bool, broken: &mut Rules) {
        match state {
            State::Valid => {}
            State::NotFound => broken.insert(Rule::RpkiNotFound),
            State::Invalid(Reason::Length) => broken.insert(Rule::RpkiInvalidLength),
            State::Invalid(_) => broken.insert(Rule::RpkiInvalidOrigin),
        }
        // Of all that is valid only what is ours is looked at so closely.
        if matches!(state, State::Invalid(_)) || state == State::Valid && is_ours {
            let mut vrps =
                self.grounds.vrps.iter().flat_map(|evidence| evidence.vrps.covering(subject.prefix));
            if vrps.any(|vrp| vrp.origin() == Asn(0)) {
                broken.insert(Rule::RpkiAs0);
            }
        }
    }

    fn irr(&mut self, subject: &Subject, broken: &mut Rules) -> Option<IrrState> {
        let is_asked = self.grounds.routes.as_ref()?.is_complete || self.ours.is_asked(subject);
        let finder = self.routes.as_mut().filter(|_| is_asked)?;
        let (state, is_hidden) = irr::state(&mut finder.clone(), subject.prefix, subject.origin);
        match state {
            IrrState::Match => {}
            _ if is_hidden => {
                let covering = finder.covering(subject.prefix);
                let hidden = covering.filter(|route| route.is_for(subject.prefix, subject.origin));
                let by_rpki = hidden.filter_map(|route| route.hidden).all(|why| why == Hidden::Rpki);
                broken.insert(if by_rpki { Rule::IrrRpkiInvalid } else { Rule::IrrHidden });
            }
            IrrState::OriginMismatch => broken.insert(Rule::IrrOriginMismatch),
            IrrState::CoveringOnly => broken.insert(Rule::IrrCoveringOnly),
            IrrState::Missing => broken.insert(Rule::IrrMissing),
        }
        Some(state)
    }

    /// What can be said without any evidence.
    fn form(&mut self, subject: &Subject, broken: &mut Rules) {
        let family = subject.prefix.family();
        if subject.prefix.len() > longest(family) {
            broken.insert(Rule::TooSpecific);
        }
        if subject.is_set {
            broken.insert(Rule::AsSetOrigin);
        }
        let is_bogon = self.bogons.space(subject.prefix).is_some()
            || !subject.is_set && bogon::origin(subject.origin).is_some();
        if is_bogon && self.is_internet {
            broken.insert(Rule::Bogon);
        }
    }

    /// What is asked of announcements of our space or of our origin only.
    fn own(&self, subject: &Subject, state: Option<State>, irr: Option<IrrState>, broken: &mut Rules) {
        if self.grounds.seen_in.is_some() {
            match (subject.is_declared(), subject.seen().is_some()) {
                (true, false) => broken.insert(Rule::DeclaredUnannounced),
                (false, true) if self.grounds.estate.is_some() => broken.insert(Rule::AnnouncedUndeclared),
                _ => {}
            }
        }
        if state == Some(State::Valid) {
            self.matching(subject, broken);
        }
        let (estate, declared) =
            (self.grounds.estate.as_deref(), subject.declared(self.grounds.estate.as_deref()));
        if declared.is_some()
            && self.members.as_ref().is_some_and(|members| !members.contains(&subject.origin))
        {
            broken.insert(Rule::AsSetMissingMember);
        }
        if let (Some(estate), Some(announcement), true) = (estate, declared, self.grounds.upstreams) {
            let irr = irr.and_then(|_| {
                let finder = self.routes.as_ref()?;
                Some(irr::look_up(&mut finder.clone(), subject.prefix, subject.origin))
            });
            let asked = self.grounds.routes.as_ref().map_or(&[][..], |routes| &routes.sources);
            let irr = irr.as_ref().map(|irr| (irr, asked));
            let views = upstream::views(estate, announcement, state, irr);
            for view in views {
                broken.insert_some(view.judgement.rule());
            }
        }
    }

    /// What is to be said of the VRPs that make it valid.
    fn matching(&self, subject: &Subject, broken: &mut Rules) {
        let Some(evidence) = &self.grounds.vrps else { return };
        let matches = |vrp: &Vrp| vrp.authorises(subject.prefix, subject.origin);
        let matched: Vec<Vrp> = evidence.vrps.covering(subject.prefix).filter(matches).collect();
        if matched.iter().any(|vrp| self.ours.forgeable(vrp).is_some()) {
            broken.insert(Rule::RpkiMaxLengthLoose);
        }
        let soon = |vrp: &Vrp| vrp.expires().is_some_and(|time| time < self.grounds.soon());
        if matched.iter().all(soon) {
            broken.insert(Rule::RpkiExpiresSoon);
        }
    }

    fn waived(&self, subject: &Subject, verdict: Verdict) -> Verdict {
        let Some(estate) = self.grounds.estate.as_ref().filter(|estate| !estate.waivers.is_empty()) else {
            return verdict;
        };
        let mut verdict = verdict;
        let (today, mut ended) = (self.grounds.today(), Rules::default());
        for waiver in &estate.waivers {
            if waiver.prefix.covers(subject.prefix) && verdict.broken.contains(waiver.rule) {
                match waiver.until < today {
                    true => ended.insert(waiver.rule),
                    false => verdict.waived.insert(waiver.rule),
                }
            }
        }
        if !ended.without(verdict.waived).is_empty() {
            verdict.broken.insert(Rule::WaiverExpired);
        }
        verdict.broken = verdict.broken.and(self.switched_on);
        verdict
    }
}

/// The AS numbers in the `members:` of declared as-sets.
fn members(grounds: &Grounds) -> Option<HashSet<Asn>> {
    let estate = grounds.estate.as_ref()?;
    let mut sets = estate.declared.iter().filter(|each| each.object.key().class() == Class::AsSet).peekable();
    sets.peek()?;
    let members = sets.flat_map(|each| each.object.values(Name::Members));
    let words = members.flat_map(|value| {
        value.split([',', ' ']).filter_map(|word| word.trim().parse().ok()).collect::<Vec<Asn>>()
    });
    Some(words.collect())
}
