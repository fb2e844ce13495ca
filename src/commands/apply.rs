//! `ripectl apply`: does what `plan` shows, then validates.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::{
    Allowances, Answer,
    execute::{self, Execution},
    key::Need,
    placeholders,
    session::Session,
    turn, unfinished,
};
use crate::{
    disk::{DUMP_LIMIT, named},
    finding::Finding,
    plan::Document,
    report::{Again, Output, Planned, Printer},
    target::{Address, Change, Record, TargetId},
};

/// Do what `plan` shows, then validate
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// A plan saved by `ripectl plan --out FILE`: it is done if the registry still stands as it says
    file: Option<PathBuf>,
    #[command(flatten)]
    allowances: Allowances,
    /// How it is done, and where it goes.
    #[command(flatten)]
    pub execute: execute::Options,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.execute.again()
    }

    /// How the plan and the receipt are shown.
    pub fn output(&self) -> Output {
        self.execute.output()
    }
}

/// Plans, asks, applies and validates.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    args.execute.consent(printer, "apply")?;
    let saved = args.file.as_deref().map(read).transpose()?;
    let registry = match (&args.file, &saved) {
        (Some(file), Some(saved)) => args.execute.registry.for_saved(file, saved.registry())?,
        _ => args.execute.registry.clone(),
    };
    let _turn = turn::take(&registry).await?;
    placeholders::finish(&registry, printer)?;
    let mut session = Session::open(&registry, Need::Write, printer).await?;
    let keys = placeholders::recover(&mut session, &registry, printer).await?;
    if let Some(told) = unfinished::last(&session, &registry)? {
        printer.say(&told);
    }
    let options = args.allowances.plan_options();
    let (planned, _) = session.plan(&options).await?;
    printer.preview(&planned)?;
    if let Some(moved) = saved.as_ref().map(|saved| moved(saved, &planned)).transpose()?
        && !moved.is_empty()
    {
        printer.findings(&moved);
        let reason = "the registry or the files have moved since the plan was saved".to_owned();
        let (outcome, applied) = execute::refused(session.registry.remote().name.clone(), reason);
        return Ok(Answer::new(outcome, applied));
    }
    let execution = Execution {
        options: &args.execute,
        session: &session,
        keys,
        question: "Apply this to",
        allowed: &options.allowed,
        of: None,
    };
    let (outcome, applied) = execution.run(&planned, printer).await?;
    Ok(Answer::new(outcome, applied))
}

fn read(path: &Path) -> anyhow::Result<Document> {
    named::understood(path, DUMP_LIMIT, |text| {
        Document::read(&text).with_context(|| path.display().to_string())
    })
}

/// What of the saved plan would be done otherwise now.
fn moved(saved: &Document, planned: &Planned) -> anyhow::Result<Vec<Finding>> {
    let moved = |text: String| Finding::error("moved", text).fix("plan again, and look at what changed");
    let then = saved.changes()?;
    let now = planned.plan.steps.iter().map(|step| (step.address(), &step.change));
    let (then, now): (Changes, Changes) = (then.iter().map(addressed).collect(), now.collect());
    let differs = |address: &Address, change: &Change<Record>, others: &Changes| {
        others.get(address).is_none_or(|other| !change.is_same_as(other))
    };
    let told = |words: &str, one: &Changes, other: &Changes| -> Vec<Finding> {
        let differing = one.iter().filter(|(address, change)| differs(address, change, other));
        differing.map(|(_, change)| moved(format!("{words}: {} {}", change.action(), change.id()))).collect()
    };
    Ok([told("no longer so", &then, &now), told("not in the plan", &now, &then)].concat())
}

/// A plan changes a record once in each place.
type Changes<'a> = BTreeMap<Address, &'a Change<Record>>;

fn addressed((target, change): &(TargetId, Change<Record>)) -> (Address, &Change<Record>) {
    (Address { target: target.clone(), id: change.id() }, change)
}
