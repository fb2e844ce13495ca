//! The command line: what can be typed, and which command it means. Nothing else.

use std::env;

use clap::{Parser, Subcommand};

use crate::{
    commands::{self, Answer, Common},
    outcome::Outcome,
    report::{Personal, Printer},
};

/// Keeps Internet registry data right: RIPE Database objects, RPKI ROAs and announcements, as files
#[derive(Debug, Parser)]
#[command(name = "ripectl", version, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Plan(commands::plan::Args),
    Apply(commands::apply::Args),
    Validate(commands::validate::Args),
    Check(commands::check::Args),
    Explain(commands::explain::Args),
    Fmt(commands::fmt::Args),
    Split(commands::split::Args),
    Sandbox(commands::sandbox::Args),
}

impl Command {
    /// Whether its outcome is findings.
    fn looks_for_findings(&self) -> bool {
        matches!(self, Command::Check(_) | Command::Validate(_))
    }
}

/// Runs the command that was typed and shows what it returns.
pub fn main() -> Outcome {
    let Cli { common, command } = Cli::parse();
    let no_color = env::var("NO_COLOR").ok();
    let personal = if common.show_personal { Personal::Shown } else { Personal::Masked };
    let printer = Printer::new(
        common.format,
        personal,
        common.color,
        common.verbose,
        common.no_progress,
        no_color.as_deref(),
    );
    if let Some(folder) = &common.directory
        && let Err(error) = env::set_current_dir(folder)
    {
        let what = format!("`{}` cannot be entered", folder.display());
        printer.complain(&anyhow::Error::new(error).context(what));
        return Outcome::Trouble;
    }
    if common.format.is_of_findings() && !command.looks_for_findings() {
        printer.complain(&anyhow::anyhow!(
            "this command has no findings to show in that form\nhint: `--format json` is for programs, `markdown` for people"
        ));
        return Outcome::Trouble;
    }
    match run(&command, &common, printer) {
        Ok(Answer { outcome, report }) => {
            printer.show(report.as_ref());
            outcome
        }
        Err(error) => {
            printer.complain(&error);
            Outcome::Trouble
        }
    }
}

fn run(command: &Command, common: &Common, printer: Printer) -> anyhow::Result<Answer> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Plan(args) => commands::plan::run(args, common, printer).await,
            Command::Apply(args) => commands::apply::run(args, common, printer).await,
            Command::Validate(args) => commands::validate::run(args, common, printer).await,
            Command::Check(args) => commands::check::run(args, common),
            Command::Explain(args) => commands::explain::run(args, common, printer).await,
            Command::Fmt(args) => commands::fmt::run(args),
            Command::Split(args) => commands::split::run(args, common, printer),
            Command::Sandbox(args) => commands::sandbox::run(args, common, printer).await,
        }
    })
}
