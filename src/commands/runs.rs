//! `ripectl runs`: what was applied from here, and how it ended.

use super::{
    Answer, files,
    options::{ReportForm, StateOptions},
};
use crate::{
    apply,
    disk::StateDir,
    outcome::Outcome,
    report::{Again, Output, Printer, Runs},
};

/// List what was applied from here, and how it ended
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    state: StateOptions,
    #[command(flatten)]
    form: ReportForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.state.again()
    }

    /// How the list is shown.
    pub fn output(&self) -> Output {
        self.form.output()
    }
}

/// Reads the journals. Nothing is sent.
#[expect(clippy::unused_async, reason = "the shape of a command, also of one without I/O")]
pub async fn run(args: &Args, _: Printer) -> anyhow::Result<Answer> {
    let state = StateDir::find(args.state.state_dir.as_deref(), &files::root()?)?;
    let runs = state.as_ref().map(apply::runs).transpose()?.unwrap_or_default();
    Ok(Answer::new(Outcome::Clean, Runs(runs)))
}
