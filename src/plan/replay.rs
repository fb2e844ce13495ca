//! A plan of changes that an earlier run recorded: what of it is left, or what takes it back.
//!
//! What is registered now decides. A record that stands as it should is passed over, one that stands as the run left it
//! is changed, and one that somebody else has changed since is left alone and stops the plan.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Allowed, Change, Plan, PlanOptions, Removal, Selection, arrange, as_stored,
    compare::Comparison,
    guard, maintainers,
    ownership::{self, Obstacle},
    removal::Removals,
};
use crate::{
    estate::{Declared, Estate},
    finding::{Finding, Severity},
    registered::{Query, Registered, Unknown},
    rpsl::{Key, Name, Object, Placeholder},
};

/// The rule of what cannot be taken back.
pub const CANNOT_UNDO: &str = "cannot-undo";

/// Changes that an earlier run recorded, in the direction in which they are now to be made.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The run.
    pub run: String,
    /// Which way it goes.
    pub way: Way,
    /// The changes, as they were recorded: what is there now may be something else.
    pub changes: Vec<Change>,
    /// What the user allowed when it was begun.
    pub allowed: Allowed,
    /// What of it cannot be made, as far as the journal alone tells.
    pub findings: Vec<Finding>,
    /// The changes that are not made, because the registry is certain to refuse them.
    pub left_out: BTreeSet<Key>,
}

impl Replay {
    /// Leaves out what the registry is certain to refuse, and notes why; whether there was any.
    pub fn leave_out_refused(&mut self, plan: &Plan) -> bool {
        let before = self.left_out.len();
        for step in plan.refused() {
            let Some(key) = step.change.as_object().map(Object::key) else { continue };
            let said = step.decision.as_ref().and_then(|decision| decision.errors().next());
            let said = said.map_or_else(String::new, |message| format!(": {}", message.to_string().trim()));
            let text = format!("{key} stays as it is, the registry would refuse it{said}");
            self.findings.push(Finding::error(CANNOT_UNDO, text).weighing(Severity::Warning).about(&key));
            self.left_out.insert(key);
        }
        self.left_out.len() > before
    }
}

/// Which way a run is gone again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Way {
    /// On: what is left is done.
    On,
    /// Back: what was done is taken back.
    Back,
}

/// What becomes of a recorded change.
enum Fate {
    Stands,
    Open(Change),
    LeftOut(Finding),
}

/// The plan that makes the changes of `replay`, as far as they are still to be made, or the questions that must be
/// answered first.
pub fn replay(
    replay: &Replay,
    world: &Registered,
    estate: &Estate,
    options: &PlanOptions,
) -> Result<Plan, BTreeSet<Query>> {
    let selection = Selection::of(&options.only, estate);
    let (mut changes, mut unchanged, mut open) = (Vec::new(), 0, BTreeSet::new());
    let mut findings = replay.findings.clone();
    let is_meant = |key: &Key| selection.means(key) && !replay.left_out.contains(key);
    for change in replay.changes.iter().filter(|change| is_meant(&change.key())) {
        match fate(change, replay, world, estate) {
            Ok(Fate::Stands) => unchanged += 1,
            Ok(Fate::Open(change)) => changes.push(change),
            Ok(Fate::LeftOut(finding)) => findings.push(finding),
            Err(Unknown(query)) => drop(open.insert(query)),
        }
    }
    let maintainers = maintainers::missing(world, estate);
    if !open.is_empty() {
        return Err(open.into_iter().chain(maintainers.err().into_iter().flatten()).collect());
    }
    let keys: Vec<Key> = replay.changes.iter().map(Change::key).collect();
    let not_there = selection.empty(estate, &keys.iter().collect::<Vec<_>>());
    let why = || Removal::Replayed(replay.way, replay.run.clone());
    let is_told = |change: &&Change| replay.way == Way::Back || change.after().is_none();
    let comparison = Comparison {
        removals: Removals::because(changes.iter().filter(is_told).map(|change| (change.key(), why()))),
        sources: match replay.way {
            Way::On => sources(estate, &changes),
            Way::Back => BTreeMap::new(), // the files say where it is gone from
        },
        changes,
        counted: None,
        unchanged,
        unmanaged: Vec::new(),
        expectations: Vec::new(),
        left_out: Vec::new(),
        maintainers: maintainers?,
        findings,
        not_there,
    };
    arrange::arrange(comparison, world, estate, &allowed(replay, options))
}

/// What was allowed then holds now, and what is allowed now too. The numbers were those of the whole run.
fn allowed(replay: &Replay, options: &PlanOptions) -> Allowed {
    let then = &replay.allowed;
    Allowed {
        deletes: None,
        modifies: None,
        reclaims: None,
        irreversible: None,
        lossy: true, // what it was asked about then has been answered, and what goes back stood there before
        announced: [then.announced.as_slice(), &options.allowed.announced].concat(),
    }
}

fn sources<'a>(estate: &'a Estate, changes: &[Change]) -> BTreeMap<Key, &'a Declared> {
    let written: BTreeSet<Key> = changes.iter().filter_map(Change::after).map(Object::key).collect();
    let declared = estate.declared.iter().map(|declared| (declared.object.key(), declared));
    declared.filter(|(key, _)| written.contains(key)).collect()
}

fn fate(change: &Change, replay: &Replay, world: &Registered, estate: &Estate) -> Result<Fate, Unknown> {
    if change.after().is_some_and(|after| Placeholder::of(after).is_some()) {
        return Ok(Fate::Open(change.clone())); // it has no key yet by which it could stand
    }
    let key = change.key();
    let now = world.object(&key)?;
    let is = |wanted: Option<&Object>| match (now, wanted) {
        (Some(now), Some(wanted)) => now.is_same_as(wanted),
        (now, wanted) => now.is_none() && wanted.is_none(),
    };
    if is(change.after()) {
        return Ok(Fate::Stands);
    }
    if !is(change.before()) {
        return Ok(Fate::LeftOut(moved(&key, now, replay)));
    }
    let change = match (now, change.after()) {
        (Some(now), Some(after)) => {
            Change::Modify { before: now.clone(), after: as_stored(&ungenerated(after), Some(now)) }
        }
        (Some(now), None) => Change::Delete(now.clone()),
        (None, Some(after)) => Change::Create(as_stored(&ungenerated(after), None)),
        (None, None) => return Ok(Fate::Stands),
    };
    let kept = match replay.way {
        Way::On => None,
        Way::Back => cannot_go_back(&change, world, estate)?,
    };
    Ok(kept.map_or(Fate::Open(change), Fate::LeftOut))
}

/// The object without what the registry writes itself.
fn ungenerated(object: &Object) -> Object {
    object.without(|name| [Name::Created, Name::LastModified].contains(&name))
}

fn moved(key: &Key, now: Option<&Object>, replay: &Replay) -> Finding {
    let what = if now.is_some() { "was changed by somebody else" } else { "was taken away by somebody else" };
    let remedy = match replay.way {
        Way::On => "`ripectl plan` compares it with the files",
        Way::Back => {
            "`--only KEY` takes back others; what this one should say is yours to write into the files"
        }
    };
    let text = format!("{key} {what} since run {}: it is left alone", replay.run);
    Finding::error("moved", text).about(key).fix(remedy)
}

/// Why what goes back cannot.
fn cannot_go_back(change: &Change, world: &Registered, estate: &Estate) -> Result<Option<Finding>, Unknown> {
    let (key, manage) = (change.key(), &estate.manage);
    let stays = |text: String| Finding::error(CANNOT_UNDO, text).weighing(Severity::Warning).about(&key);
    match change {
        Change::Create(object) => {
            if let Some(block) = object.block().filter(|_| object.class().is_address()) {
                world.less_specific(object.class(), block)?;
            }
            let gone = Change::Delete(object.clone());
            let forever = guard::is_irreversible(&gone, world, manage);
            Ok(forever.then(|| stays(format!("{key} cannot come back: {}", never_again(object)))))
        }
        Change::Delete(object) => Ok(match ownership::obstacle(&key, object, manage) {
            Some(Obstacle::Protected) => {
                let remedy = "take it out of `[manage] protect`, if it is to go";
                Some(stays(format!("{key} stays: `protect` names it")).fix(remedy))
            }
            Some(Obstacle::RipeNcc(name)) => Some(stays(format!("{key} stays: {name} co-maintains it"))),
            Some(Obstacle::Others(_)) | None => None,
        }),
        Change::Modify { .. } => Ok(None),
    }
}

fn never_again(object: &Object) -> &'static str {
    match object.class() {
        class if class.is_address() => "only the holder of the space above it can make it again",
        class if class.is_contact() => {
            "its nic-hdl is never given out again; declare it with `AUTO-1` for a new one"
        }
        _ => "the registry makes it, and gives out no key twice",
    }
}
