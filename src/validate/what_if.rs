//! What VRPs say of announcements before a change of them and after it.
//!
//! A plan of ROAs asks the same question as somebody who types a ROA: [`what_if`] answers it, and does so by the judgement
//! that [`super::validate`] makes, once with the VRPs that there are and once with those that there would be.

use std::sync::Arc;

use super::{Flaw, Grounds, Subject, Validated, Validation, Verdict, finding, judged, space::forgeable};
use crate::{
    net::{Asn, Prefix},
    rpki::{Change, ChangeError, Evidence, State, Vrp},
    rule::{Rule, Rules},
};

/// Announcements before a change of VRPs and after it.
///
/// Invariant: both have the same announcements in the same order, each with a validation state.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// What comes and goes.
    pub change: Change,
    /// What is so.
    pub before: Validation,
    /// What would be so.
    pub after: Validation,
    /// What the change would bring besides: ROAs that allow more than is announced, and what nothing announced needs.
    pub besides: Vec<Flaw>,
    /// What is added and lets nobody announce what another VRP does not let already, with that other one.
    pub redundant: Vec<(Vrp, Vrp)>,
}

/// Which way the validation state of an announcement goes: from valid over not found to invalid it becomes worse.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Turn {
    /// More networks drop it than before.
    Worse,
    /// It is as it was.
    Same,
    /// Fewer networks drop it than before.
    Better,
}

/// What becomes of one announcement.
#[derive(Clone, Debug)]
pub struct Effect {
    /// Its validation state as it is.
    pub before: State,
    /// Its validation state as it would be.
    pub after: State,
    /// Which way that goes.
    pub turn: Turn,
    /// The announcement after the change; its flaws are those that it did not have before.
    pub announcement: Validated,
}

/// The rules that are the validation states in other words.
const STATES: [Rule; 3] = [Rule::RpkiInvalidOrigin, Rule::RpkiInvalidLength, Rule::RpkiNotFound];

/// What becomes of `subjects` if `change` is made to `evidence`, the VRPs. Of `grounds` all else counts, and its route
/// objects and VRPs do not: the question is what VRPs say. No rule of an estate and no waiver makes an invalid
/// announcement a lesser one here.
///
/// Refused is a change that removes what is not there.
pub fn what_if(
    subjects: Vec<Subject>,
    grounds: Grounds,
    evidence: Arc<Evidence>,
    change: Change,
) -> Result<WhatIf, ChangeError> {
    let then = Arc::new(change.made_to(&evidence)?);
    let with = |vrps| Grounds { vrps: Some(vrps), routes: None, ..grounds.clone() };
    let firm: Rules = STATES.into_iter().collect();
    let before = judged(subjects.clone(), with(evidence), firm);
    let after = judged(subjects, with(Arc::clone(&then)), firm);
    let redundant: Vec<(Vrp, Vrp)> =
        change.redundant(&then.vrps).map(|(vrp, wider)| (vrp.clone(), wider)).collect();
    let mut what_if = WhatIf { change, before, after, besides: Vec::new(), redundant };
    what_if.besides = what_if.loose().chain(what_if.new_others()).collect();
    Ok(what_if)
}

impl Turn {
    /// Which way it goes from one state to another. What is invalid for another reason than before is as bad as it was.
    pub fn between(before: State, after: State) -> Turn {
        let rank = |state: State| match state {
            State::Invalid(_) => 0,
            State::NotFound => 1,
            State::Valid => 2,
        };
        match rank(before).cmp(&rank(after)) {
            std::cmp::Ordering::Greater => Turn::Worse,
            std::cmp::Ordering::Equal => Turn::Same,
            std::cmp::Ordering::Less => Turn::Better,
        }
    }

    /// The word for it in JSON and CSV.
    pub fn text(self) -> &'static str {
        match self {
            Turn::Worse => "worse",
            Turn::Same => "same",
            Turn::Better => "better",
        }
    }
}

impl WhatIf {
    /// Whether the change may be made: no announcement becomes worse, and nothing else comes up that the estate takes for
    /// an error.
    pub fn is_ok(&self) -> bool {
        self.turns().all(|(_, before, after)| {
            let is_worse =
                before.state.zip(after.state).is_some_and(|(b, a)| Turn::between(b, a) == Turn::Worse);
            let new = new_rules(Turn::Same, before, after).without(after.waived);
            !is_worse && new.and(self.after.errors).is_empty()
        }) && !self.besides.iter().any(Flaw::stops)
    }

    /// How many announcements there are.
    pub fn len(&self) -> usize {
        self.after.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.after.is_empty()
    }

    /// How many of them go that way.
    pub fn count(&self, turn: Turn) -> usize {
        self.states().filter(|(_, before, after)| Turn::between(*before, *after) == turn).count()
    }

    /// Each announcement with its state before and after, in order.
    pub fn states(&self) -> impl Iterator<Item = (&Subject, State, State)> {
        self.turns().filter_map(|(subject, before, after)| Some((subject, before.state?, after.state?)))
    }

    /// How many announcements [`WhatIf::effects`] tells of.
    pub fn told(&self, all: bool) -> usize {
        self.changed(all).count()
    }

    /// What becomes of each announcement that goes another way or breaks a new rule; of all, if `all` are wanted.
    pub fn effects(&self, all: bool) -> impl Iterator<Item = Effect> {
        self.changed(all).map(|(subject, after, effect, broken)| {
            let waived = after.waived.without(STATES.into_iter().collect());
            let mut announcement =
                finding::explain(&self.after, subject, Verdict { broken, waived, ..after });
            let (before, after, turn) = effect;
            for flaw in announcement.flaws.iter_mut().filter(|flaw| STATES.contains(&flaw.rule)) {
                self.in_time(subject, before, after, flaw);
            }
            Effect { before, after, turn, announcement }
        })
    }

    /// The announcements that are told of, with their new verdicts, how they go, and the rules that they newly break.
    fn changed(&self, all: bool) -> impl Iterator<Item = (&Subject, Verdict, (State, State, Turn), Rules)> {
        self.turns().filter_map(move |(subject, before, after)| {
            let (old, new) = before.state.zip(after.state)?;
            let turn = Turn::between(old, new);
            let broken = new_rules(turn, before, after);
            let is_told = all || turn != Turn::Same || !broken.is_empty();
            is_told.then_some((subject, after, (old, new, turn), broken))
        })
    }

    /// Says of a flaw that it is not there yet, and of what goes that it is what was needed.
    fn in_time(&self, subject: &Subject, before: State, after: State, flaw: &mut Flaw) {
        let lets = |vrp: &&Vrp| vrp.covers(subject.prefix) && vrp.authorises(subject.prefix, subject.origin);
        let words = |state: State| state.text().replace('-', " ");
        flaw.text.push_str(&format!("; it is {} today and becomes {}", words(before), words(after)));
        flaw.fix.insert_str(0, "before the change: ");
        if let Some(vrp) = self.change.removed().iter().find(lets) {
            flaw.decides.push_str(&format!("; VRP {vrp} lets it, and goes"));
            flaw.fix.insert_str(0, "let that ROA be, or ");
        }
    }

    fn turns(&self) -> impl Iterator<Item = (&Subject, Verdict, Verdict)> {
        let verdicts = self.before.verdicts.iter().zip(&self.after.verdicts);
        self.after.subjects.iter().zip(verdicts).map(|(subject, (before, after))| (subject, *before, *after))
    }

    /// ROAs that are added and allow more than is announced, but for those that are there already.
    fn loose(&self) -> impl Iterator<Item = Flaw> {
        let is_new = |vrp: &&Vrp| !self.before.grounds.vrps.iter().any(|evidence| evidence.vrps.holds(vrp));
        let lets = self.change.added().iter().filter(|vrp| vrp.origin() != Asn(0)).filter(is_new);
        lets.filter_map(|vrp| {
            let flaw =
                finding::loose_roa(&self.after, vrp, forgeable(vrp, self.announced_in(vrp.prefix()))?)?;
            Some(Flaw { subject: format!("{} {}", vrp.prefix(), vrp.origin()), ..flaw })
        })
    }

    /// What is announced within a prefix: the announcements are in order.
    fn announced_in(&self, outer: Prefix) -> impl Iterator<Item = (Prefix, Asn)> {
        let subjects = &self.after.subjects;
        let first = subjects.partition_point(|subject| subject.prefix < outer);
        let inside = subjects.get(first..).unwrap_or_default().iter();
        let inside = inside.take_while(move |subject| outer.covers(subject.prefix));
        inside.map(|subject| (subject.prefix, subject.origin))
    }

    fn new_others(&self) -> impl Iterator<Item = Flaw> {
        let is_old = |flaw: &Flaw| {
            let same = |old: &Flaw| {
                (old.rule, &old.subject, &old.decides) == (flaw.rule, &flaw.subject, &flaw.decides)
            };
            self.before.others.iter().any(same)
        };
        let new = self.after.others.iter().filter(move |flaw| !is_old(flaw));
        let fix = "leave it out, or declare first what it is for";
        new.map(move |flaw| Flaw { fix: fix.to_owned(), ..flaw.clone() })
    }
}

/// The rules that an announcement breaks after the change and did not before. What stays as bad as it was breaks no new
/// one by that, and a ROA that allows too much is told once, and not of each announcement.
fn new_rules(turn: Turn, before: Verdict, after: Verdict) -> Rules {
    let states = if turn == Turn::Worse { Rules::default() } else { STATES.into_iter().collect() };
    let once: Rules = [Rule::RpkiMaxLengthLoose].into_iter().collect();
    after.broken.without(before.broken).without(states).without(once)
}

#[cfg(test)]
mod tests;
