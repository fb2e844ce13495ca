//! Doing a plan that was shown: asked about, written and validated. What `apply`, `resume` and `undo` end with.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use jiff::Timestamp;

use super::{
    confirm, evidence, expiry, gate,
    interrupt::Interrupt,
    options::{PersonalOption, RegistryOptions, ReportForm, Verbosity},
    session::Session,
};
use crate::{
    apply::{
        self, Begun, Bounds, Continues, Deadline, End, Event, Item, Journal, Keys, Log, Receipt,
        RipeDatabase, Status, StepResult,
    },
    finding::{Finding, counted},
    outcome::Outcome,
    plan::{Allowed, Plan, Step},
    report::{Again, Applied, Output, Planned, Printer, Validated},
    rpki,
    rules::Message,
    target::Address,
    visible,
};

/// How a plan is done, and how that is shown.
#[derive(Clone, Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches that can be typed together")]
pub struct Options {
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
    pub try_anyway: bool,
    /// Print the journal as it is written, to stdout: keep it, and `--receipt FILE` reads it where the disk is gone
    #[arg(long, value_name = "-", value_parser = ["-"])]
    journal: Option<String>,
    #[command(flatten)]
    bounds: BoundOptions,
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

/// Where it ends in order though steps are left, which `ripectl resume` does then.
#[derive(Clone, Debug, clap::Args)]
struct BoundOptions {
    /// End in order after so many steps: `ripectl resume` does the rest
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_writes: Option<u32>,
    /// Begin no step after this time of day, by the clock of this machine: `ripectl resume` does the rest
    #[arg(long, value_name = "HH:MM")]
    until: Option<Deadline>,
}

impl BoundOptions {
    fn bounds(&self) -> Bounds {
        let most = self.max_writes.map(|most| usize::try_from(most).unwrap_or(usize::MAX));
        Bounds { most, until: self.until.clone() }
    }
}

impl Options {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.registry.again()
    }

    /// How the plan and the receipt are shown.
    pub fn output(&self) -> Output {
        let output = Output {
            verbose: self.verbosity.verbose,
            stdout_is_taken: self.journal.is_some(),
            ..self.form.output()
        };
        self.registry.on(self.personal.on(output))
    }

    /// Whether somebody says yes: here and now, or `--yes`. Asked before anything is sent.
    pub fn consent(&self, printer: Printer, command: &str) -> anyhow::Result<()> {
        if !self.yes && !printer.can_ask() {
            let look = match command {
                "apply" => "look at `ripectl plan`, then",
                _ => "on a terminal it is shown before it is done; here",
            };
            bail!("nobody can be asked here\nhint: {look} `ripectl {command} --yes`");
        }
        Ok(())
    }
}

/// A plan that is to be done.
pub struct Execution<'a> {
    /// How.
    pub options: &'a Options,
    /// Where.
    pub session: &'a Session,
    /// The keys that are still to be chosen.
    pub keys: Keys,
    /// What is asked before: `Apply this to`.
    pub question: &'a str,
    /// What was allowed.
    pub allowed: &'a Allowed,
    /// What it does of another run.
    pub of: Option<(Continues, &'a str)>,
}

/// What came of it, and the exit status.
pub type Executed = (Outcome, Applied);

impl Execution<'_> {
    /// Does `planned`, unless something forbids it or the user declines.
    pub async fn run(self, planned: &Planned, printer: Printer) -> anyhow::Result<Executed> {
        let Execution { options, session, .. } = self;
        let registry = session.registry.remote().name.clone();
        let plan = &planned.plan;
        let is_open = plan.stops().count() == 0 && !options.try_anyway;
        let mistaken =
            if is_open { confirm::mistaken(session, plan, printer).await? } else { BTreeSet::new() };
        if let Some(reason) = forbidden(options, plan, &mistaken) {
            return Ok(refused(registry, reason));
        }
        // Evidence is read before the first write: a run that cannot be judged afterwards is not begun.
        let evidence =
            if options.no_validate { None } else { evidence(session, options.gate, printer).await? };
        let nothing = plan.steps.len() == plan.waiting().count();
        if !nothing && !options.yes && !self.is_wanted(&planned.plan, printer)? {
            return Ok(refused(registry, "you said no".to_owned()));
        }
        if let Some(until) = options.bounds.until.as_ref().filter(|_| !nothing) {
            printer.say(&format!("no step begins after {until}"));
        }
        let interrupt = Interrupt::listen(&session.progress).context("signals cannot be listened for")?;
        let receipt = match nothing {
            true => None,
            false => Some(self.write(&planned.plan, printer, &interrupt).await?),
        };
        let outcome = receipt.as_ref().map_or(Outcome::Clean, Receipt::outcome);
        let waiting = plan.waiting().map(waiting).collect();
        let mut applied = Applied { receipt, waiting, ..Applied::nothing(registry) };
        let evidence = evidence.filter(|_| outcome == Outcome::Clean);
        // What was written is told, whatever comes after it.
        let outcome = match validated(session, evidence, &interrupt).await {
            Ok(validated) => {
                applied.validated = validated;
                gated(options, outcome, applied.validated.as_ref())
            }
            Err(trouble) => {
                applied.trouble = Some(trouble);
                Outcome::Trouble
            }
        };
        Ok((outcome, applied))
    }

    /// Whether the user says yes; what can never come back must be typed.
    fn is_wanted(&self, plan: &Plan, printer: Printer) -> anyhow::Result<bool> {
        let registry = &self.session.registry.remote().name;
        let question = format!("\n{} {}?", self.question, visible::line(registry));
        let mut forever =
            plan.steps.iter().filter(|step| step.irreversible && !step.waits()).map(|step| step.change.id());
        let typed = match (forever.next(), forever.count()) {
            (None, _) => return Ok(printer.ask(&question)?),
            (Some(only), 0) => only.key_text(),
            (Some(_), more) => (more + 1).to_string(),
        };
        let what = format!("{question} What is marked † can never come back: type `{typed}` to do it");
        Ok(printer.ask_for(&what, &typed)?)
    }

    async fn write(self, plan: &Plan, printer: Printer, interrupt: &Interrupt) -> anyhow::Result<Receipt> {
        let Execution { options, session, mut keys, allowed, of, .. } = self;
        let items: Vec<Item> = plan.steps.iter().filter(|step| !step.waits()).map(Item::of).collect();
        let begun =
            Begun { allowed: allowed.clone(), of, ..Begun::new(&session.registry.remote().name, &items) };
        let state = session.state_dir(&options.registry)?;
        let copy = options.journal.as_ref().map(|_| printer.stream());
        let mut journal = Journal::begin(&state, &begun, copy)?;
        let progress = &session.progress;
        progress.begin(items.len(), "writing");
        let mut observe = |event: Event<'_>| match event {
            Event::Started { id, action, .. } => progress.doing(format!("{action} {id}")),
            Event::Named { key, from, files } => {
                let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
                progress
                    .beside(|| printer.say(&format!("{key} stands for {from} now: {}", files.join(", "))));
            }
            Event::Finished { number, .. } => progress.reached(number),
        };
        let bounds = options.bounds.bounds();
        let mut run = apply::Run {
            connection: &mut RipeDatabase::new(&session.registry, &mut keys),
            log: Log { journal: &mut journal, observer: &mut observe },
            end: &|sent| match interrupt.is_noted() {
                true => Some(End::Interrupted),
                false => bounds.reached(sent, Timestamp::now()),
            },
        };
        let receipt = apply::apply(&items, &mut run).await;
        progress.finish();
        // What was written is told, whatever comes after it.
        if let Err(error) = expiry::keep(&state, &session.registry) {
            printer.say(&format!("when the keys expire could not be kept: {error}"));
        }
        Ok(receipt)
    }
}

/// A step that was not sent, for somebody else must do something first.
fn waiting(step: &Step) -> StepResult {
    let needs: Vec<String> = step.needs.iter().map(|need| need.key.to_string()).collect();
    let message = Message::info(format!("it waits for {}", needs.join(", ")));
    StepResult::of(&Item::of(step), Status::Waiting, vec![message])
}

/// The answer when nothing was written on purpose.
pub fn refused(registry: String, reason: String) -> Executed {
    (Outcome::Found, Applied { refusal: Some(reason), ..Applied::nothing(registry) })
}

/// What the announcements are worth now, if there is evidence to judge them by; a signal ends it.
async fn validated(
    session: &Session,
    evidence: Option<rpki::Evidence>,
    interrupt: &Interrupt,
) -> anyhow::Result<Option<Validated>> {
    let Some(vrps) = evidence else { return Ok(None) };
    tokio::select! {
        validated = gate::of_estate(session, vrps) => validated.map(Some),
        () = interrupt.noted() => bail!("it was interrupted\nhint: `ripectl validate` looks again"),
    }
}

/// Why nothing may be written, if so: a guard, or a refusal that is certain, and that the registry does not contradict.
fn forbidden(options: &Options, plan: &Plan, mistaken: &BTreeSet<Address>) -> Option<String> {
    let refused = plan.refused().filter(|step| !mistaken.contains(&step.address())).count();
    match (plan.stops().count(), refused) {
        (0, 0) => None,
        (0, _) if options.try_anyway => None,
        (0, refused) => {
            let cause = plan.causes.iter().find(|cause| cause.steps == refused);
            let cause = cause.map_or_else(String::new, |cause| format!(": {}", cause.text));
            Some(format!(
                "{refused} of {} would be refused{cause}\nhint: mend what is marked ✗ above; `--try-anyway` begins all the same",
                counted(plan.steps.len(), "step")
            ))
        }
        (_, _) => Some(stopped(plan)),
    }
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

/// The VRPs to validate with afterwards; `None` without announcements, or if nobody says where they are.
async fn evidence(session: &Session, gate: bool, printer: Printer) -> anyhow::Result<Option<rpki::Evidence>> {
    if session.estate.announcements.is_empty() {
        return Ok(None);
    }
    let hint = "nothing was written\nhint: `--no-validate` applies without looking at the VRPs";
    let evidence = evidence::of_estate(&session.estate).await.context(hint)?;
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

fn gated(options: &Options, outcome: Outcome, validated: Option<&Validated>) -> Outcome {
    let found = options.gate && validated.is_some_and(|validated| !validated.validation.is_ok());
    outcome.max(Outcome::found_if(found))
}
