//! `ripectl apply`: does what `plan` shows, then validates.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use super::{
    Allowances, Answer, evidence,
    interrupt::Interrupt,
    key::Need,
    options::{PersonalOption, RegistryOptions, ReportForm, Verbosity},
    placeholders, route_evidence,
    session::Session,
    turn,
};
use crate::{
    apply::{self, Begun, Event, Item, Journal, Keys, Log, Receipt, RipeDatabase},
    disk::{DUMP_LIMIT, named},
    finding::{Finding, counted},
    outcome::Outcome,
    plan::{Allowed, Document, Plan},
    report::{Again, Applied, Output, Planned, Printer, Validated},
    rpki,
    target::{Address, Change, Record, TargetId},
    visible,
};

/// Do what `plan` shows, then validate
#[derive(Clone, Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches that can be typed together")]
pub struct Args {
    /// A plan saved by `ripectl plan --out FILE`: it is done if the registry still stands as it says
    file: Option<PathBuf>,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Exit with 1 if validation finds something afterwards
    #[arg(long, conflicts_with = "no_validate")]
    gate: bool,
    /// Do not validate afterwards: no VRPs are read
    #[arg(long)]
    no_validate: bool,
    /// Begin though a refusal is certain: what comes before it is done, and the registry tells others of it
    #[arg(long)]
    try_anyway: bool,
    #[command(flatten)]
    allowances: Allowances,
    /// Where it goes.
    #[command(flatten)]
    pub registry: RegistryOptions,
    #[command(flatten)]
    form: ReportForm,
    #[command(flatten)]
    personal: PersonalOption,
    #[command(flatten)]
    verbosity: Verbosity,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.registry.again()
    }

    /// How the plan and the receipt are shown.
    pub fn output(&self) -> Output {
        let output = Output { verbose: self.verbosity.verbose, ..self.form.output() };
        self.registry.on(self.personal.on(output))
    }
}

/// Plans, asks, applies and validates.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    if !args.yes && !printer.can_ask() {
        bail!("nobody can be asked here\nhint: look at `ripectl plan`, then `ripectl apply --yes`");
    }
    let saved = args.file.as_deref().map(read).transpose()?;
    let registry = match (&args.file, &saved) {
        (Some(file), Some(saved)) => args.registry.for_saved(file, saved.registry())?,
        _ => args.registry.clone(),
    };
    let _turn = turn::take(&registry).await?;
    placeholders::finish(&registry, printer)?;
    let mut session = Session::open(&registry, Need::Write, printer).await?;
    let mut keys = placeholders::recover(&mut session, &registry, printer).await?;
    let options = args.allowances.plan_options();
    let (planned, _) = session.plan(&options).await?;
    printer.preview(&planned)?;
    let registry = session.registry.remote().name.clone();
    if let Some(reason) = forbidden(args, &planned, saved.as_ref(), printer)? {
        return Ok(refused(registry, reason));
    }
    // Evidence is read before the first write: a run that cannot be judged afterwards is not begun.
    let evidence = if args.no_validate { None } else { evidence(&session, args.gate, printer).await? };
    let nothing = planned.plan.is_empty();
    if !nothing && !args.yes && !printer.ask(&format!("\nApply this to {}?", visible::line(&registry)))? {
        return Ok(refused(registry, "you said no".to_owned()));
    }
    let interrupt = Interrupt::listen(&session.progress).context("signals cannot be listened for")?;
    let receipt = match nothing {
        true => None,
        false => Some(
            write(&session, &args.registry, &planned.plan, &options.allowed, &mut keys, printer, &interrupt)
                .await?,
        ),
    };
    let outcome = receipt.as_ref().map_or(Outcome::Clean, Receipt::outcome);
    let mut applied = Applied { receipt, ..Applied::nothing(registry) };
    let evidence = evidence.filter(|_| outcome == Outcome::Clean);
    // What was written is told, whatever comes after it.
    let outcome = match validated(&session, evidence, &interrupt).await {
        Ok(validated) => {
            applied.validated = validated;
            gated(args, outcome, applied.validated.as_ref())
        }
        Err(trouble) => {
            applied.trouble = Some(trouble);
            Outcome::Trouble
        }
    };
    Ok(Answer::new(outcome, applied))
}

/// What the announcements are worth now, if there is evidence to judge them by; a signal ends it.
async fn validated(
    session: &Session,
    evidence: Option<rpki::Evidence>,
    interrupt: &Interrupt,
) -> anyhow::Result<Option<Validated>> {
    let Some(vrps) = evidence else { return Ok(None) };
    tokio::select! {
        validated = route_evidence::judge(session, &[], &vrps) => validated.map(Some),
        () = interrupt.noted() => bail!("it was interrupted\nhint: `ripectl validate` looks again"),
    }
}

/// The answer when nothing was written on purpose.
fn refused(registry: String, reason: String) -> Answer {
    Answer::new(Outcome::Found, Applied { refusal: Some(reason), ..Applied::nothing(registry) })
}

fn read(path: &Path) -> anyhow::Result<Document> {
    named::understood(path, DUMP_LIMIT, |text| {
        Document::read(&text).with_context(|| path.display().to_string())
    })
}

/// Why nothing may be written, if so: a guard, a refusal that is certain, or a saved plan that is no longer true.
fn forbidden(
    args: &Args,
    planned: &Planned,
    saved: Option<&Document>,
    printer: Printer,
) -> anyhow::Result<Option<String>> {
    let plan = &planned.plan;
    let (stops, refused) = (plan.stops().count(), plan.refused().count());
    if let Some(saved) = saved {
        let moved = moved(saved, planned)?;
        if !moved.is_empty() {
            printer.findings(&moved);
            return Ok(Some("the registry or the files have moved since the plan was saved".to_owned()));
        }
    }
    Ok(match (stops, refused) {
        (0, 0) => None,
        (0, _) if args.try_anyway => None,
        (0, refused) => {
            let cause = plan.causes.iter().find(|cause| cause.steps == refused);
            let cause = cause.map_or_else(String::new, |cause| format!(": {}", cause.text));
            Some(format!(
                "{refused} of {} would be refused{cause}\nhint: mend what is marked ✗ above; `--try-anyway` begins all the same",
                counted(plan.steps.len(), "step")
            ))
        }
        (_, _) => Some(stopped(plan)),
    })
}

/// What stops a plan, in words that need no looking up: the first of the reasons, and how many there are.
fn stopped(plan: &Plan) -> String {
    let Some(first) = plan.stops().next() else { return String::new() };
    let head = match plan.stops().count() {
        1 => String::new(),
        count => format!("{count} findings stop it, the first of them: "),
    };
    let remedy = first.remedy.as_ref().map_or_else(String::new, |remedy| format!("\nhint: {remedy}"));
    format!("{head}{}{remedy}", stop(first))
}

fn stop(finding: &Finding) -> String {
    let about = finding.object.as_ref().filter(|object| !finding.text.contains(object.as_str()));
    about.map_or_else(|| finding.text.clone(), |object| format!("{object}: {}", finding.text))
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

async fn write(
    session: &Session,
    options: &RegistryOptions,
    plan: &Plan,
    allowed: &Allowed,
    keys: &mut Keys,
    printer: Printer,
    interrupt: &Interrupt,
) -> anyhow::Result<Receipt> {
    let items: Vec<Item> = plan.steps.iter().map(|step| Item::of(step)).collect();
    let registry = &session.registry.remote().name;
    let begun = Begun { allowed: allowed.clone(), ..Begun::new(registry, &items) };
    let mut journal = Journal::begin(&session.state_dir(options)?, &begun, None)?;
    let progress = &session.progress;
    progress.begin(items.len(), "writing");
    let mut observe = |event: Event<'_>| match event {
        Event::Started { id, action, .. } => progress.doing(format!("{action} {id}")),
        Event::Named { key, from, files } => {
            let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
            progress.beside(|| printer.say(&format!("{key} stands for {from} now: {}", files.join(", "))));
        }
        Event::Finished { number, .. } => progress.reached(number),
    };
    let mut run = apply::Run {
        connection: &mut RipeDatabase::new(&session.registry, keys),
        log: Log { journal: &mut journal, observer: &mut observe },
        interrupted: &|| interrupt.is_noted(),
    };
    let receipt = apply::apply(&items, &mut run).await;
    progress.finish();
    Ok(receipt)
}

/// The VRPs to validate with afterwards; `None` without announcements, or if nobody says where they are.
async fn evidence(session: &Session, gate: bool, printer: Printer) -> anyhow::Result<Option<rpki::Evidence>> {
    if session.estate.announcements.is_empty() {
        return Ok(None);
    }
    let hint = "nothing was written\nhint: `--no-validate` applies without looking at the VRPs";
    let evidence = evidence::fetch(&session.estate, None).await.context(hint)?;
    if evidence.is_none() && gate {
        bail!(
            "`--gate` has nothing to judge by: ripectl.toml names no VRPs; nothing was written\n\
             hint: `[rpki] vrps = \"…\"` says where they are; without `--gate` it is applied and not judged"
        );
    }
    if evidence.is_none() {
        printer.say("not validated: ripectl.toml names no VRPs (`[rpki] vrps = \"…\"`)");
    }
    Ok(evidence)
}

fn gated(args: &Args, outcome: Outcome, validated: Option<&Validated>) -> Outcome {
    let found = args.gate && validated.is_some_and(|validated| !validated.validation.is_ok());
    outcome.max(Outcome::found_if(found))
}
