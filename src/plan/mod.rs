//! What has to be written so that the registry says what the files say, in which order, and what it will answer.
//!
//! Pure values: [`plan`] looks at what is known of the registry and at the estate. What is not known is a question
//! that it returns; somebody else asks it. Nothing here fetches, and nothing writes.

mod cause;
mod change;
mod diff;
mod document;
mod expect;
#[cfg(test)]
mod expectation_tests;
mod graph;
mod guard;
mod left_out;
mod limits;
mod line_diff;
mod lossy;
mod maintainers;
mod missing;
mod order;
mod ownership;
mod placeholder;
mod preflight;
mod removal;
mod select;
mod stored;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use cause::causes;
pub use change::{Action, Change};
pub use diff::{diff, unstorable};
pub use document::{Document, DocumentError, question};
pub use expect::{Expectation, expectations};
pub use guard::Allowed;
pub use left_out::LeftOut;
pub use line_diff::{Line, lines};
pub use missing::explain_missing;
pub use order::{Cycle, order, references};
pub use placeholder::in_templates;
pub use preflight::preflight;
pub use removal::Removal;
pub use select::{Selection, Selector};
pub use stored::as_stored;

use crate::{
    estate::{Declared, Estate},
    finding::{Finding, Location, Severity},
    registered::{Inventory, Query, Registered, all},
    rpsl::{Key, Name},
    rules::Decision,
};
use limits::Counts;
use ownership::Ownership;
use removal::Removals;

/// One write, with where it comes from and what the registry will answer.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is written.
    pub change: Change,
    /// Where the object is declared; nowhere, if it goes.
    pub from: Option<Location>,
    /// Why the object goes, if it does.
    pub removal: Option<Removal>,
    /// The block that a template made it of.
    pub block: Option<String>,
    /// Whether it can never be taken back.
    pub irreversible: bool,
    /// What the registry will answer; `None` until [`preflight`] has seen it.
    pub decision: Option<Decision>,
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
    /// The writes in order.
    pub steps: Vec<Step>,
    /// How many declared objects stand as they should.
    pub unchanged: usize,
    /// Ownership and undeclared, but not to be deleted.
    pub unmanaged: Vec<Key>,
    /// What others must hold, in the order of the file.
    pub expectations: Vec<Expectation>,
    /// Declared, and not made because of what others hold.
    pub left_out: Vec<LeftOut>,
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
    /// out, or was not looked at.
    pub fn is_settled(&self) -> bool {
        let is_telling = |finding: &Finding| finding.severity == Severity::Info;
        self.steps.is_empty()
            && self.left_out.is_empty()
            && self.unmet().next().is_none()
            && self.findings.iter().all(is_telling)
    }

    /// Whether nothing would be written.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The guards that stop it.
    pub fn stops(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }

    /// What others should hold and do not.
    pub fn unmet(&self) -> impl Iterator<Item = &Expectation> {
        self.expectations.iter().filter(|expectation| !expectation.met)
    }

    /// The steps that the registry is certain to refuse.
    pub fn refused(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.verdict() == Verdict::Refused)
    }
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
    let selection = Selection::of(&options.only, estate);
    let wanted = |key: &Key| selection.means(key);
    let is_here = |key: &Key| wanted(key) && !world.elsewhere.contains(key);
    let sources = estate.declared.iter().map(|d| (d.object.key(), d)).filter(|(key, _)| wanted(key));
    let (mut sources, elsewhere): (BTreeMap<Key, &Declared>, BTreeMap<Key, &Declared>) =
        sources.partition(|(key, _)| is_here(key));
    let declared = all(sources.keys().map(|key| world.object(key)));
    let removals = both(Removals::of(world, estate, wanted), maintainers::missing(world, estate));
    let ((_, expectations), (removals, missing)) =
        both(both(declared, expectations(world, estate)), removals)?;

    let stored = sources.iter().map(|(key, d)| as_stored(&d.object, world.objects.get(key)));
    let mut declared = Inventory::of(stored);
    let registered =
        Inventory::of(world.objects.iter().filter(|(key, _)| is_here(key)).map(|(_, o)| o.clone()));
    let mut ours = Ownership::among(&registered, &declared, &estate.manage);
    let managed = managed(world, estate, options, &ours);
    let mut findings = missing;
    let known: Vec<&Key> = registered.keys().chain(declared.keys()).chain(elsewhere.keys()).collect();
    let not_there = selection.empty(estate, &known);
    findings.extend(elsewhere.iter().map(|(key, source)| of_other_source(key, source)));
    for (_, object) in removals.reclaimed.iter() {
        ours.managed.insert(object.clone()); // it is compared, and goes, as if it were ours
    }
    findings.extend(removals.findings.iter().cloned());
    findings.extend(ownership::protected_in_vain(world, estate));
    let left_out = left_out::left_out(world, &sources, &ours, &expectations)?;
    for LeftOut { key, .. } in &left_out {
        declared.remove(key);
        sources.remove(key);
    }
    findings.extend(left_out::findings(world, &left_out, estate));
    let expectations = expectations.into_iter().map(|each| left_out::attributed(each, &left_out)).collect();
    let (foreign, mut mine) = part(&declared, &ours.foreign);
    let not_ours: Vec<Finding> =
        foreign.iter().filter_map(|(key, object)| not_ours(key, object, &ours.foreign, &sources)).collect();
    let refused = not_ours.len();
    findings.extend(not_ours);
    let hidden = take_hidden(&mut ours.managed, &mut mine);
    findings.extend(hidden.iter().map(not_shown));
    findings.extend(unstorable_text(&ours.managed, &mine, &sources));

    let changes = diff(&ours.managed, &mine);
    guard::surroundings(&changes, world)?;
    let counts = Counts::of(&changes, managed, &removals.reclaimed);
    findings.extend(guard::guard(&changes, &counts, world, estate, &options.allowed));
    findings.extend(lossy::losses(&changes, &sources, &options.allowed));
    findings.extend(placeholder::placeholders(&changes, &sources, &world.objects, estate));
    let (order, cycles) = order(&changes);
    findings.extend(cycles.iter().map(broken_cycle));
    let irreversible = |change: &Change| guard::is_irreversible(change, world, &estate.manage);
    let in_order = order.into_iter().filter_map(|at| changes.get(at));
    let steps: Vec<Step> =
        in_order.map(|change| step(change, &sources, &removals, irreversible(change))).collect();
    let written = steps.iter().filter(|step| step.change.after().is_some()).count();
    let unseen = hidden.iter().filter(|key| declared.get(key).is_some()).count();
    let unchanged = declared.len() - written - refused - unseen;
    Ok(Plan { steps, unchanged, unmanaged: ours.unmanaged, expectations, left_out, findings, not_there })
}

fn step(
    change: &Change,
    sources: &BTreeMap<Key, &Declared>,
    removals: &Removals,
    irreversible: bool,
) -> Step {
    let source = change.after().and_then(|_| sources.get(&change.key()));
    let removal = change.after().is_none().then(|| removals.reason(&change.key()));
    Step {
        change: change.clone(),
        from: source.map(|source| source.place.clone()),
        block: source.and_then(|source| source.block()).map(str::to_owned),
        irreversible: matches!(removal, Some(Removal::Reclaimed(_))) || irreversible,
        removal,
        decision: None,
    }
}

/// How many registered objects are ours to change or to delete, also those that `--only` leaves out: a smaller part of
/// a plan is not stopped where the whole would not be.
fn managed(world: &Registered, estate: &Estate, options: &PlanOptions, ours: &Ownership) -> usize {
    if options.only.is_empty() {
        return ours.managed.len();
    }
    let declared = Inventory::of(estate.declared.iter().map(|declared| declared.object.clone()));
    Ownership::among(&world.objects, &declared, &estate.manage).managed.len()
}

/// Both answers, or the questions of both.
fn both<A, B>(
    one: Result<A, BTreeSet<Query>>,
    other: Result<B, BTreeSet<Query>>,
) -> Result<(A, B), BTreeSet<Query>> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => Err(one.err().into_iter().chain(other.err()).flatten().collect()),
    }
}

/// The declared objects that others maintain, and the rest.
fn part(declared: &Inventory, foreign: &Inventory) -> (Inventory, Inventory) {
    let objects = |theirs: bool| {
        declared.iter().filter(move |(key, _)| foreign.get(key).is_some() == theirs).map(|(_, o)| o.clone())
    };
    (Inventory::of(objects(true)), Inventory::of(objects(false)))
}

fn not_ours(
    key: &Key,
    declared: &crate::rpsl::Object,
    foreign: &Inventory,
    sources: &BTreeMap<Key, &Declared>,
) -> Option<Finding> {
    let registered = foreign.get(key).filter(|registered| !registered.is_same_as(declared))?;
    let text = format!("{key} is maintained by {}, and differs", registered.values(Name::MntBy).join(", "));
    let finding = Finding::error("not-ours", text)
        .about(key)
        .fix("take it out of the files, or have one of `[manage] maintainers` added to its `mnt-by`");
    Some(match sources.get(key) {
        Some(source) => finding.at(source.place.clone()),
        None => finding,
    })
}

fn of_other_source(key: &Key, declared: &Declared) -> Finding {
    let text = format!("{key} is outside the registry's region: it stands in its other source, if anywhere");
    Finding::error("other-source", text)
        .about(key)
        .at(declared.place.clone())
        .fix("take it out of the files: ripectl writes nothing there, and nothing new can be made there")
}

/// Takes out of both sides what the registry does not show whole: it can neither be compared nor written back.
fn take_hidden(registered: &mut Inventory, declared: &mut Inventory) -> Vec<Key> {
    let hidden = registered.iter().filter(|(_, object)| stored::is_filtered(object));
    let hidden: Vec<Key> = hidden.map(|(key, _)| key.clone()).collect();
    for key in &hidden {
        registered.remove(key);
        declared.remove(key);
    }
    hidden
}

fn not_shown(key: &Key) -> Finding {
    let text = format!("{key} is not shown whole without a key that speaks for it: it was not compared");
    let finding = Finding::error("not-shown", text).weighing(Severity::Warning).about(key);
    finding.fix("give a key that speaks for it (README: The real registry), and plan again")
}

fn unstorable_text(
    registered: &Inventory,
    declared: &Inventory,
    sources: &BTreeMap<Key, &Declared>,
) -> Vec<Finding> {
    let finding = |key: &Key| {
        let text =
            format!("{key} differs in letter case or white space only: the registry could not store it");
        let finding = Finding::error("unstorable", text).weighing(Severity::Info).about(key);
        match sources.get(key) {
            Some(source) => finding.at(source.place.clone()),
            None => finding,
        }
    };
    unstorable(registered, declared).iter().map(finding).collect()
}

fn broken_cycle(cycle: &Cycle) -> Finding {
    let text =
        format!("these name each other, and the registry takes none first: {}", order::cycle_text(cycle));
    let finding = Finding::error("order-cycle", text).weighing(Severity::Warning);
    match cycle.first() {
        Some(first) => finding.fix(missing::first_of_two(first)).about(first),
        None => finding,
    }
}
