//! What has to be written so that the registry says what the files say, in which order, and what it will answer.
//!
//! Pure values: [`plan`] looks at what is known of the registry and at the estate. What is not known is a question
//! that it returns; somebody else asks it. Nothing here fetches, and nothing writes.

mod arrange;
mod awaited;
mod cause;
mod compare;
mod diff;
mod document;
mod expect;
#[cfg(test)]
mod expectation_tests;
mod first_pair;
mod forms;
mod graph;
mod guard;
mod key_choice;
mod left_out;
mod limits;
mod line_diff;
mod lossy;
mod made;
mod mails;
mod maintainers;
mod missing;
mod order;
mod ownership;
mod placeholder;
mod preflight;
mod questions;
mod removal;
mod replay;
mod select;
mod stored;
#[cfg(test)]
mod tests;
mod waiting;

use std::collections::BTreeSet;

pub use crate::target::{Action, Change};
pub use cause::{Cause, causes};
pub use diff::{diff, unstorable};
pub use document::{Document, DocumentError, question};
pub use expect::{Expectation, expectations};
pub use first_pair::{as_made, is_first_pair, is_made_whole, is_pair};
pub use forms::{Forms, nearest_key};
pub use guard::Allowed;
pub use left_out::LeftOut;
pub use line_diff::{Line, lines};
pub use made::Made;
pub use mails::{Mail, mails};
pub use missing::explain_missing;
pub use order::{Cycle, order, references};
pub use ownership::is_ours;
pub use placeholder::in_templates;
pub use preflight::{EarlierRound, preflight};
pub use removal::Removal;
pub use replay::{CANNOT_UNDO, Replay, Way, replay};
pub use select::{Selection, Selector};
pub use stored::as_stored;
pub use waiting::{Need, note_needs};

use crate::{
    estate::{Customer, Estate, Origin},
    finding::{Finding, Location, Severity},
    registered::{Query, Registered},
    rpsl::Key,
    rules::Decision,
    target::{Address, Record, Target, TargetId},
};

/// One write, with where it comes from and what the registry will answer.
#[derive(Clone, Debug)]
pub struct Step {
    /// The place.
    pub target: TargetId,
    /// What is written there.
    pub change: Change<Record>,
    /// Where the object is declared; nowhere, if it goes.
    pub from: Option<Location>,
    /// Why the object goes, if it does; or that it goes back to what it was.
    pub removal: Option<Removal>,
    /// How the declared object came about; `None`, if it goes.
    pub origin: Option<Origin>,
    /// Whose the object is, if it is a customer's.
    pub customer: Option<Customer>,
    /// Whether it can never be taken back.
    pub irreversible: bool,
    /// What the registry will answer; `None` until [`preflight`] has seen it.
    pub decision: Option<Decision>,
    /// The name of the key that it is sent with, where there are several.
    pub sent_with: Option<String>,
    /// Whether what is foreseen hangs on no earlier step, so that the registry's own dry-run can say it too.
    pub stands_alone: bool,
    /// What others must do first; none, if nothing.
    pub needs: Vec<Need>,
}

/// What is expected of the registry, in one word.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// It says yes.
    Accepted,
    /// It says no, whatever is not known.
    Refused,
    /// It depends on what is not known.
    Undecided,
}

impl Step {
    /// A change of which nothing more is known.
    pub fn new(target: TargetId, change: Change<Record>) -> Step {
        Step {
            target,
            change,
            from: None,
            removal: None,
            origin: None,
            customer: None,
            irreversible: false,
            decision: None,
            sent_with: None,
            stands_alone: false,
            needs: Vec::new(),
        }
    }

    /// What is changed, and where: a plan changes it once.
    pub fn address(&self) -> Address {
        Address { target: self.target.clone(), id: self.change.id() }
    }

    /// What is expected of the registry.
    pub fn verdict(&self) -> Verdict {
        match &self.decision {
            Some(decision) if decision.is_refused() => Verdict::Refused,
            Some(decision) if decision.undecided.is_empty() => Verdict::Accepted,
            Some(_) | None => Verdict::Undecided,
        }
    }
}

/// The writes in the order in which they are done, and what else the comparison found.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// With what it was made.
    pub made: Made,
    /// The places that it writes to, in their order.
    pub targets: Vec<Target>,
    /// The writes in order.
    pub steps: Vec<Step>,
    /// How many declared objects stand as they should.
    pub unchanged: usize,
    /// Ours and undeclared, but not to be deleted.
    pub unmanaged: Vec<Key>,
    /// What others must hold, in the order of the file.
    pub expectations: Vec<Expectation>,
    /// Declared, and not made because of what others hold.
    pub left_out: Vec<LeftOut>,
    /// Steps of which none can be done before the others.
    pub cycles: Vec<Cycle>,
    /// Whom the registry would write to.
    pub mails: Vec<Mail>,
    /// What refuses many steps; told before all else.
    pub causes: Vec<Cause>,
    /// Those of `[manage] maintainers` that are not registered, which decides what all else means.
    pub maintainers: Vec<Finding>,
    /// Why it may not be done (errors), and what to know about it.
    pub findings: Vec<Finding>,
    /// What was to be looked at ([`PlanOptions::only`]) and is not there: the plan is not the one that was asked for.
    pub not_there: Vec<Finding>,
}

impl Plan {
    /// How many steps do this.
    pub fn count(&self, action: Action) -> usize {
        self.steps.iter().filter(|step| step.change.action() == action).count()
    }

    /// Whether the registry says what the files say: nothing is to be done, and nothing that should be is stopped, left
    /// out, or was not looked at; if it is looked at strictly, nor is there anything of ours that no file declares.
    pub fn is_settled(&self, strictness: Strictness) -> bool {
        let is_telling = |finding: Finding| finding.severity == Severity::Info;
        self.steps.is_empty()
            && (strictness == Strictness::Usual || self.unmanaged.is_empty())
            && self.left_out.is_empty()
            && self.unmet().next().is_none()
            && self.told().all(is_telling)
    }

    /// Whether nothing would be written.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// All that is to be known of it, what decides over the most first.
    pub fn told(&self) -> impl Iterator<Item = Finding> {
        self.causes.iter().map(Cause::finding).chain(self.maintainers.iter().chain(&self.findings).cloned())
    }

    /// What stops it.
    pub fn stops(&self) -> impl Iterator<Item = &Finding> {
        let findings = self.maintainers.iter().chain(&self.findings);
        findings.filter(|finding| finding.severity == Severity::Error)
    }

    /// What others should hold and do not.
    pub fn unmet(&self) -> impl Iterator<Item = &Expectation> {
        self.expectations.iter().filter(|expectation| !expectation.met)
    }

    /// Whether each step that the rules know is decided, as far as it can be.
    pub fn is_decided(&self) -> bool {
        self.steps.iter().all(|step| step.decision.is_some() || step.change.as_object().is_none())
    }

    /// The steps that the registry is certain to refuse, and that nobody is expected to make possible.
    pub fn refused(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.verdict() == Verdict::Refused && !step.waits())
    }

    /// The steps that wait for others.
    pub fn waiting(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.waits())
    }
}

/// What counts as a difference.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Strictness {
    /// What the files declare, and what may be deleted.
    #[default]
    Usual,
    /// Also what is ours, undeclared and left alone.
    Strict,
}

/// What the user wants of this run.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// Only these objects; all, if empty.
    pub only: Vec<Selector>,
    /// What is allowed beyond the limits.
    pub allowed: Allowed,
}

/// The writes that make the registry say what `estate` says, or the questions that must be answered first.
pub fn plan(world: &Registered, estate: &Estate, options: &PlanOptions) -> Result<Plan, BTreeSet<Query>> {
    let comparison = compare::compare(world, estate, options)?;
    arrange::arrange(comparison, world, estate, &options.allowed)
}
