//! `ripectl plan`: what differs, and what the registry would say.

use std::path::PathBuf;

use super::{
    Allowances, Answer, Common, files,
    session::{Need, Session},
};
use crate::{
    outcome::Outcome,
    report::{Printer, Report},
};

/// Show what would change, in the order in which it would be done
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Save the plan for `ripectl apply FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Exit with 1 if there is anything to do, or others do not hold what they must
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    allowances: Allowances,
}

/// Plans. Only reads are sent.
pub async fn run(args: &Args, common: &Common, printer: Printer) -> anyhow::Result<Answer> {
    let session = Session::open(common, Need::Read, printer).await?;
    let (planned, _) = session.plan(&args.allowances.wishes(common)).await?;
    if let Some(path) = &args.out {
        files::replace(path, &format!("{:#}\n", planned.json()))?;
        printer.say(&format!("saved to {0}: `ripectl apply {0}` does it", path.display()));
    }
    let plan = &planned.plan;
    let something = !plan.is_empty() || plan.stops().next().is_some() || plan.unmet().next().is_some();
    Ok(Answer::new(Outcome::found_if(args.exit_code && something), planned))
}
