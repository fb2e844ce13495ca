//! `ripectl plan`: what differs, and what the registry would say.

use std::path::PathBuf;

use anyhow::{Context, bail};

use super::{
    Allowances, Answer, files,
    key::Need,
    options::{FindingForm, RegistryOptions},
    placeholders,
    session::Session,
    unfinished,
};
use crate::{
    digest::digest,
    finding::counted,
    outcome::Outcome,
    plan::Strictness,
    report::{Again, Detail, Format, Output, Printer, Report, quoted},
};

/// Show what would change, in the order in which it would be done
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Save the plan for `ripectl apply FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Exit with 1 if there is anything to do, or to be said against it, or others do not hold what they must
    #[arg(long)]
    exit_code: bool,
    /// With `--exit-code`: exit with 1 also if something is ours and no file declares it
    #[arg(long, requires = "exit_code")]
    strict: bool,
    /// Tell it by customer, class and kind of change, instead of step by step
    #[arg(long)]
    summary: bool,
    #[command(flatten)]
    allowances: Allowances,
    /// Where it goes.
    #[command(flatten)]
    pub registry: RegistryOptions,
    #[command(flatten)]
    form: FindingForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.registry.again()
    }

    /// How the plan is shown.
    pub fn output(&self) -> Output {
        self.registry.on(self.form.output())
    }
}

/// `1 finding stops`, `2 findings stop`.
fn stopping(stops: usize) -> String {
    format!("{} {}", counted(stops, "finding"), if stops == 1 { "stops" } else { "stop" })
}

/// Plans. Only reads are sent.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    if args.summary && !matches!(args.form.format, Format::Text | Format::Markdown) {
        bail!(
            "`--summary` is for people, and this form for programs\n\
             hint: leave `--summary` out: each change of `--format json` names its customer, class and action"
        );
    }
    let session = Session::open(&args.registry, Need::Read, printer).await?;
    let (mut planned, _) = session.plan(&args.allowances.plan_options()).await?;
    if args.summary {
        planned.detail = Detail::Summary;
    }
    planned.plan.findings.extend(placeholders::left_open(&session, &args.registry)?);
    planned.plan.findings.extend(unfinished::finding(&session, &args.registry)?);
    if let Some(path) = &args.out {
        let text = format!("{:#}\n", planned.json());
        files::replace_privately(path, &text).context("the plan cannot be saved")?;
        let file = quoted(&path.display().to_string());
        let (stops, refused) = (planned.plan.stops().count(), planned.plan.refused().count());
        printer.say(&match (stops, refused) {
            (0, 0) => format!("saved to {file} ({}): `ripectl apply {file}` does it", digest(&text)),
            (0, refused) => format!(
                "saved to {file}, to be looked at: it is not applied while {} would be refused",
                counted(refused, "step")
            ),
            (stops, _) => {
                format!("saved to {file}, to be looked at: it is not applied while {} it", stopping(stops))
            }
        });
    }
    let strictness = if args.strict { Strictness::Strict } else { Strictness::Usual };
    Ok(Answer::new(Outcome::found_if(args.exit_code && !planned.plan.is_settled(strictness)), planned))
}
