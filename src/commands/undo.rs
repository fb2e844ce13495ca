//! `ripectl undo`: takes a run back, as far as that is possible.

use super::{
    Answer, execute,
    replaying::{self, Choice},
};
use crate::{
    plan::Way,
    report::{Again, Output, Printer},
};

/// Take a run back: plan the way to what was registered before it, and do it
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    execute: execute::Options,
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

/// Settles, plans the way back, asks, and goes it.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    replaying::run(Way::Back, &args.choice, &args.execute, printer).await
}
