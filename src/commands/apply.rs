//! `ripectl apply`: does what `plan` shows, then validates.

use std::path::PathBuf;

use super::{
    Allowances, Answer,
    execute::{self, Execution},
    files,
    key::Need,
    placeholders,
    saved::Saved,
    session::Session,
    turn, unfinished,
};
use crate::report::{Again, Output, Printer};

/// Do what `plan` shows, then validate
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// A plan saved by `ripectl plan --out FILE`: it is done if the registry still stands as it says, with the `--only` and
    /// `--allow-…` that it was made with
    file: Option<PathBuf>,
    /// Only if the file is the one that was reviewed: its digest, as `plan --out` says it
    #[arg(long, value_name = "sha256:…", requires = "file")]
    expect: Option<String>,
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
    files::root()?; // without an estate there is nothing to consent to
    args.execute.consent(printer, "apply")?;
    let saved = args.file.as_deref().map(|path| Saved::read(path, args.expect.as_deref())).transpose()?;
    let registry = match &saved {
        Some(saved) => args.execute.registry.for_saved(&saved.source.path, saved.document.registry())?,
        None => args.execute.registry.clone(),
    };
    let options = match &saved {
        Some(saved) => saved.options(&args.allowances)?,
        None => args.allowances.plan_options(),
    };
    let _turn = turn::take().await?;
    placeholders::finish(&registry, printer)?;
    let mut session = Session::open(&registry, Need::Write, printer).await?;
    let keys = placeholders::recover(&mut session, &registry, printer).await?;
    if let Some(told) = unfinished::last(&session, &registry)? {
        printer.say(&told);
    }
    if let Some(saved) = &saved {
        saved.check_origin(&session)?;
    }
    let (planned, _) = session.plan(&options).await?;
    printer.preview(&planned)?;
    if let Some(moved) = saved.as_ref().map(|saved| saved.moved(&planned)).transpose()?
        && !moved.is_empty()
    {
        printer.findings(moved);
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
