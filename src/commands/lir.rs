//! `ripectl lir request`: one letter with all that the LIR must do for what is planned.

use std::path::PathBuf;

use anyhow::Context;
use jiff::Timestamp;

use super::{
    Answer, evidence, files,
    key::Need,
    options::{RegistryOptions, ReportForm},
    session::Session,
};
use crate::{
    estate::VrpOrigin,
    letter,
    outcome::Outcome,
    plan::PlanOptions,
    report::{Again, Output, Printer, WrittenLetter, as_mail, quoted},
};

/// What is asked of the LIR
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    Request(Request),
}

/// Write one letter with all that others must do for what is planned; it is sent by nobody but you
///
/// Access to address space, covering route objects, delegations in a reverse zone, and the ROAs that the LIR publishes: each
/// with the object as it should be. Nothing in it is masked.
#[derive(Clone, Debug, clap::Args)]
struct Request {
    /// Write it to this file: as a mail if its name ends in `.eml`
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The VRPs that tell which ROAs are there [default: `[rpki] vrps`]
    #[arg(long, value_name = "FILE|URL")]
    vrps: Option<VrpOrigin>,
    #[command(flatten)]
    registry: RegistryOptions,
    #[command(flatten)]
    form: ReportForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        let Command::Request(args) = &self.command;
        args.registry.again()
    }

    /// How the letter is shown.
    pub fn output(&self) -> Output {
        let Command::Request(args) = &self.command;
        args.registry.on(args.form.output())
    }
}

/// Plans, and writes the letter. Only reads are sent.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let Command::Request(args) = &args.command;
    let session = Session::open(&args.registry, Need::Read, printer).await?;
    let (planned, world) = session.plan(&PlanOptions::default()).await?;
    let evidence = evidence::fetch(
        Some(&session.estate),
        &evidence::Wanted { given: args.vrps.clone(), ..Default::default() },
    )
    .await?;
    let vrps = evidence.as_ref().map(|evidence| &evidence.vrps);
    let letter = letter::to_lir(&planned.plan, &world, &session.estate, vrps);
    let has_roas = letter.items.iter().any(|item| matches!(item.wish, letter::Wish::Roa { .. }));
    if has_roas && evidence.is_none() {
        printer.say("which ROAs are there is not known, so all are asked for: `--vrps FILE` leaves out those that are");
    }
    if let Some(path) = args.output.as_ref().filter(|_| !letter.items.is_empty()) {
        let is_mail = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("eml"));
        let text = if is_mail { as_mail(&letter, Timestamp::now())? } else { letter::text(&letter) };
        files::replace(path, &text).context("the letter cannot be written")?;
        printer.say(&format!("written to {}; sending it is yours", quoted(&path.display().to_string())));
        if letter.to.is_empty() {
            printer.say("to whom it goes is not known: `ask = \"MAIL\"` of an [[expect]] says it");
        }
    }
    let is_written = args.output.is_some();
    Ok(Answer::new(Outcome::Clean, WrittenLetter { letter, is_written }))
}
