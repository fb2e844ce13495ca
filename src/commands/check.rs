//! `ripectl check`: all that can be known to be wrong without asking anyone.

use std::{collections::HashSet, sync::Arc};

use anyhow::bail;
use jiff::Timestamp;

use super::{Answer, files, options::FindingForm};
use crate::{
    check, estate,
    finding::{Finding, Severity, Source, counted},
    outcome::Outcome,
    report::{Again, Findings, Format, Headed, Output, Printer, Rules, Stopped},
    rules::{Certainty, Settings},
    user,
};

/// Check the files offline: syntax, templates, references, the registry's rules
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// List the rules with their names
    #[arg(long)]
    rules: bool,
    /// The registry that the objects are for: ripe, ripe-test, ripe-rc, sandbox, or one of ripectl.toml or your own configuration
    #[arg(long, value_name = "NAME", conflicts_with = "rules")]
    registry: Option<String>,
    #[command(flatten)]
    form: FindingForm,
}

impl Args {
    /// How the findings are shown.
    pub fn output(&self) -> Output {
        self.form.output()
    }

    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        Again { registry: self.registry.clone(), ..Again::default() }
    }
}

/// Reads the estate, and runs the registry's rules over it with nothing else known.
#[expect(clippy::unused_async, reason = "the shape of a command, also of one without I/O")]
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    if args.rules {
        return rules(args.form.format);
    }
    let root = files::root()?;
    let user = user::load().map_err(Stopped)?;
    let (estate, mut findings) = estate::inspect(&root, args.registry.as_deref(), &user);
    if let (None, Some(unknown)) = (&estate, findings.iter().find(|finding| finding.is_of_command_line())) {
        return Err(Stopped(vec![unknown.clone()]).into());
    }
    let objects = estate.as_ref().map_or(0, |estate| estate.declared.len());
    if let Some(estate) = &estate {
        // A refusal that hangs on a setting which cannot be seen is not certain, but worth to be told as one: except for
        // a limit that is only known from the server's tests. `plan` says that one as what it is.
        let settings =
            Settings { certainty: Certainty::Known, max_references: None, ..estate.registry.settings() };
        let mut found = check::check(estate, &settings, Timestamp::now());
        let told: HashSet<_> = findings.iter().filter(|f| f.rule == "host-bits").map(begin).collect();
        found.retain(|finding| finding.rule != "syntax" || !told.contains(&begin(finding)));
        findings.extend(found);
    }
    let outcome = outcome(&findings);
    let looked_at = counted(objects, "object");
    let registry = estate.map(|estate| estate.registry.name).or_else(|| args.registry.clone());
    let about = [Some(printer.from_here(&files::config(&root))), registry].into_iter().flatten().collect();
    Ok(Answer::new(outcome, Headed { about, report: Findings { command: "check", looked_at, findings } }))
}

/// What the findings come to: what could not be read was not looked at.
fn outcome(findings: &[Finding]) -> Outcome {
    let found = Outcome::found_if(findings.iter().any(|finding| finding.severity == Severity::Error));
    let unread = findings.iter().any(Finding::is_unread);
    if unread { Outcome::Trouble } else { found }
}

/// The list of the rules, which is no finding of any of them.
fn rules(format: Format) -> anyhow::Result<Answer> {
    if matches!(format, Format::Findings(form) if form.rules.is_none()) {
        bail!(
            "the list of rules has no findings\nhint: `ripectl check --rules --format sarif` lists them as a tool's rules"
        );
    }
    Ok(Answer::new(Outcome::Clean, Rules))
}

/// Where the place of a finding begins.
fn begin(finding: &Finding) -> Option<(*const Source, usize)> {
    finding.place.as_ref().map(|place| (Arc::as_ptr(&place.source), place.span.start))
}
