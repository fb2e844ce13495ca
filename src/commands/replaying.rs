//! An earlier run, gone on with (`resume`) or taken back (`undo`): what is in doubt is settled first, then what is
//! recorded is planned over what is registered now, shown and done as any plan.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use jiff::Timestamp;

use super::{
    Answer, complete,
    execute::{self, Execution},
    files,
    key::Need,
    placeholders,
    session::Session,
    turn,
};
use crate::{
    apply::{
        self, Connection, Continues, Keys, Lost, Recorded, RecordedError, RecordedStep, RipeDatabase, Status,
    },
    disk::StateDir,
    finding::{Finding, Severity},
    net::Prefix,
    outcome::Outcome,
    plan::{Allowed, CANNOT_UNDO, Plan, PlanOptions, Replay, Selector, Way},
    registry::Doubt,
    report::Printer,
    rpsl::{Key, Renamings},
    target::{Change, Record, RecordId},
    visible,
};

/// Which run, and what of it.
#[derive(Clone, Debug, clap::Args)]
pub struct Choice {
    /// The run, as `ripectl runs` lists it [default: the last one; of `undo` the last that was not taken back]
    #[arg(conflicts_with = "receipt", add = complete::runs())]
    run: Option<String>,
    /// The journal that `--journal -` printed, where the disk of the run is gone
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Only these objects: `class/key`, the key alone, a pattern such as `route6/*`, or `block:NAME`
    #[arg(long, value_name = "KEY", add = complete::selectors())]
    only: Vec<Selector>,
    /// Delete the route objects of this prefix, and of more specific ones, though they are announced
    #[arg(long, value_name = "PREFIX")]
    allow_announced: Vec<Prefix>,
}

/// Goes a run on or back.
pub async fn run(
    way: Way,
    choice: &Choice,
    options: &execute::Options,
    printer: Printer,
) -> anyhow::Result<Answer> {
    let command = if way == Way::On { "resume" } else { "undo" };
    let root = files::root()?;
    options.consent(printer, command)?;
    let state = StateDir::find(options.registry.state.state_dir.as_deref(), &root)?;
    let mut recorded = match &choice.receipt {
        Some(path) => receipt(path)?,
        None if way == Way::Back && choice.run.is_none() => last_that_stands(state.as_ref())?,
        None => Recorded::find(state.as_ref(), choice.run.as_deref())?,
    };
    let mut registry = options.registry.clone();
    if let Some(other) = registry.registry.as_ref().filter(|named| **named != recorded.registry) {
        let (run, of, other) = (&recorded.run, &recorded.registry, visible::line(other));
        bail!("run {run} was one against `{of}`, and not against `{other}`\nhint: leave `--registry` out");
    }
    registry.registry = Some(recorded.registry.clone());
    let _turn = turn::take().await?;
    placeholders::finish(&registry, printer)?;
    if choice.receipt.is_some() && way == Way::On {
        for (key, from) in apply::write_names(&root, &recorded.named)? {
            printer
                .say(&format!("{key} stands for {from} in the files now, as run {} chose it", recorded.run));
        }
    }
    let mut session = Session::open(&registry, Need::Write, printer).await?;
    let mut keys = placeholders::recover(&mut session, &registry, printer).await?;
    settle(&mut recorded, &session, (&mut keys, way), printer).await?;
    let mut replay = match way {
        Way::On => resumed(&recorded),
        Way::Back => undone(&recorded),
    };
    let allowed = Allowed { announced: choice.allow_announced.clone(), ..recorded.allowed.clone() };
    let plan_options = PlanOptions { only: choice.only.clone(), allowed: allowed.clone() };
    let mut planned = session.replay(&replay, &plan_options).await?;
    while way == Way::Back && !options.try_anyway && replay.leave_out_refused(&planned.plan) {
        planned = session.replay(&replay, &plan_options).await?;
    }
    let findings = std::mem::take(&mut planned.plan.findings);
    let (first, rest) = findings.into_iter().partition(|finding| finding.rule == CANNOT_UNDO);
    planned.plan.findings = rest;
    if !Vec::is_empty(&first) {
        printer.say(&format!("What of run {} cannot be taken back:", recorded.run));
        printer.findings(first);
    }
    printer.preview(&planned)?;
    let kind = if way == Way::On { Continues::Resumes } else { Continues::Undoes };
    let execution = Execution {
        options,
        session: &session,
        keys,
        question: if way == Way::On { "Do the rest at" } else { "Take this back at" },
        allowed: &allowed,
        of: Some((kind, &recorded.run)),
    };
    let (outcome, applied) = execution.run(&planned, printer).await?;
    if way == Way::Back && outcome == Outcome::Clean && is_declared(&planned.plan, &session) {
        printer.say(
            "the files still say what was taken back: change them, or the next `ripectl apply` does it again",
        );
    }
    Ok(Answer::new(outcome, applied))
}

/// The last run that took nothing back itself, and of which something still stands: typed twice, `undo` does not do again
/// what it has taken back.
fn last_that_stands(state: Option<&StateDir>) -> anyhow::Result<Recorded> {
    let runs = state.map(apply::runs).transpose()?.unwrap_or_default();
    let mut undone: BTreeMap<String, BTreeSet<RecordId>> = BTreeMap::new();
    let is_empty = runs.is_empty();
    for run in runs {
        let run = run?;
        let done = done(&run);
        match &run.of {
            Some((Continues::Undoes, of)) => undone.entry(of.clone()).or_default().extend(done),
            _ if undone.get(&run.run).is_some_and(|undone| done.is_subset(undone)) => {}
            _ => return Ok(run),
        }
    }
    if is_empty {
        return Err(RecordedError::NoRun.into());
    }
    bail!(
        "every run that is known here was taken back\n\
         hint: `ripectl runs` lists them; `ripectl undo RUN` takes back one of them, also one that took back another"
    )
}

/// The records of a run that are known to be done.
fn done(run: &Recorded) -> BTreeSet<RecordId> {
    let done = run.steps.iter().filter(|step| step.is_done());
    done.map(|step| step.left().map_or_else(|| step.item.change.id(), Record::id)).collect()
}

/// Whether the files still declare something of what was taken back.
fn is_declared(plan: &Plan, session: &Session) -> bool {
    let declared: BTreeSet<Key> = session.estate.declared.iter().map(|each| each.object.key()).collect();
    plan.steps.iter().any(|step| step.change.id().key().is_some_and(|key| declared.contains(key)))
}

fn receipt(path: &Path) -> anyhow::Result<Recorded> {
    let name = visible::shown(path.display());
    let file = File::open(path).with_context(|| format!("{name} cannot be read"))?;
    Ok(Recorded::read(&name, file)?)
}

/// Finds out what became of the steps whose answers were lost, by what the registry would say now. Where neither what was
/// wanted stands nor what was there before, somebody has changed it since: it may have been done, so on the way back it
/// counts as that, and stops as what is known to be done does.
async fn settle(
    recorded: &mut Recorded,
    session: &Session,
    (keys, way): (&mut Keys, Way),
    printer: Printer,
) -> anyhow::Result<()> {
    let named = recorded.named.clone();
    let mut connection = RipeDatabase::new(&session.registry, keys);
    for step in recorded.steps.iter_mut().filter(|step| step.is_in_doubt() && !step.is_masked) {
        if let Some(change) = renamed(&step.item.change, &named) {
            step.item.change = change.to_records();
        }
        let sent_at = step.sent_at.unwrap_or(Timestamp::UNIX_EPOCH);
        let lost = Lost { item: step.item.clone(), sent_at, doubt: Doubt::Unclear, messages: Vec::new() };
        let settled = session.reading(connection.settle(vec![lost])).await;
        let Some(result) = settled.into_iter().next() else { continue };
        let (action, id) = (result.action, &result.id);
        match result.status {
            Status::InDoubt => {
                let why: Vec<String> = result.messages.iter().map(ToString::to_string).collect();
                bail!(
                    "whether {id} was done cannot be told: {}\nhint: try again later; nothing was written",
                    why.join("; ")
                );
            }
            status if status.is_good() => {
                printer.say(&format!(
                    "step {} ({action} {id}) was sent without an answer: it is done",
                    step.number
                ));
            }
            _ if way == Way::Back && is_otherwise(session, &step.item.change).await? => {
                printer.say(&format!(
                    "step {} ({action} {id}) was sent without an answer, and what stands there now is of somebody else",
                    step.number
                ));
                (step.status, step.stored) = (Some(Status::Done), None);
                continue;
            }
            _ => {
                printer.say(&format!(
                    "step {} ({action} {id}) was sent without an answer: it is not done",
                    step.number
                ));
            }
        }
        (step.status, step.stored) = (Some(result.status), result.stored);
    }
    Ok(())
}

/// Whether something stands that is not what the change began with.
async fn is_otherwise(session: &Session, change: &Change<Record>) -> anyhow::Result<bool> {
    let Some(change) = change.to_objects() else { return Ok(false) };
    let now = session.reading(session.registry.lookup(&change.key())).await?.object();
    Ok(match (change.before(), now) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(before), Some(now)) => !now.is_same_as(before),
    })
}

/// What is left of a run, in its order.
fn resumed(recorded: &Recorded) -> Replay {
    let left = recorded.steps.iter().filter(|step| !step.is_done());
    let (masked, left): (Vec<&RecordedStep>, Vec<&RecordedStep>) = left.partition(|step| step.is_masked);
    let by_hand = |step: &RecordedStep| {
        let id = step.item.change.id();
        let text = format!("{id} has a password in its `auth`, which no journal keeps");
        Finding::error("masked", text).about(&id).fix("`ripectl apply` does it from the files")
    };
    Replay {
        run: recorded.run.clone(),
        way: Way::On,
        changes: left.into_iter().filter_map(|step| renamed(&step.item.change, &recorded.named)).collect(),
        allowed: recorded.allowed.clone(),
        findings: masked.into_iter().map(by_hand).collect(),
        left_out: BTreeSet::new(),
    }
}

/// What takes a run back: what it did, the other way round and in the other order.
fn undone(recorded: &Recorded) -> Replay {
    let done = recorded.steps.iter().rev().filter(|step| step.status == Some(Status::Done));
    let (masked, done): (Vec<&RecordedStep>, Vec<&RecordedStep>) = done.partition(|step| step.is_masked);
    let by_hand = |step: &RecordedStep| {
        let id = step.item.change.id();
        let text = format!("{id} stays: it had a password in its `auth`, which no journal keeps");
        let finding = Finding::error(CANNOT_UNDO, text).weighing(Severity::Warning).about(&id);
        finding.fix("change it back by hand: `ripectl plan` shows what differs from the files")
    };
    let back = |step: &RecordedStep| {
        let left = step.left().and_then(Record::object).cloned();
        let change = renamed(&step.item.change, &recorded.named)?;
        Some(match (change, left) {
            (Change::Create(_), Some(left)) => Change::Delete(left),
            (Change::Modify { before, .. }, Some(left)) => Change::Modify { before: left, after: before },
            (other, _) => other.inverse(),
        })
    };
    Replay {
        run: recorded.run.clone(),
        way: Way::Back,
        changes: done.into_iter().filter_map(back).collect(),
        allowed: Allowed::default(),
        findings: masked.into_iter().map(by_hand).collect(),
        left_out: BTreeSet::new(),
    }
}

/// A change of objects with the keys that stand for placeholders.
fn renamed(change: &Change<Record>, named: &Renamings) -> Option<Change> {
    change.map(|record| record.object().map(|object| named.applied(object)))
}
