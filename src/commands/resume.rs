//! `ripectl resume`: goes on with a run that did not come to its end.

use super::{
    Answer, execute,
    replaying::{self, Choice},
};
use crate::{
    plan::Way,
    report::{Again, Output, Printer},
};

/// Go on with a run that did not come to its end: what is in doubt is settled, the rest is done
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

/// Settles, plans, asks, and does the rest.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    replaying::run(Way::On, &args.choice, &args.execute, printer).await
}
