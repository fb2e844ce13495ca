//! `ripectl check`: all that can be known to be wrong without asking anyone.

use jiff::Timestamp;

use super::{Answer, Common, files};
use crate::{
    check, estate,
    finding::{Finding, Severity},
    outcome::Outcome,
    report::{Findings, Rules, Stopped},
    rules::Settings,
    user,
};

/// Check the files offline: syntax, templates, references, the registry's rules
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// List the rules with their names
    #[arg(long)]
    rules: bool,
}

/// Reads the estate, and runs the registry's rules over it with nothing else known.
pub fn run(args: &Args, common: &Common) -> anyhow::Result<Answer> {
    if args.rules {
        return Ok(Answer::new(Outcome::Clean, Rules));
    }
    let root = files::root()?;
    let user = user::load().map_err(Stopped)?;
    let (estate, mut findings) = estate::inspect(&root, common.registry.as_deref(), &user);
    let objects = estate.as_ref().map_or(0, |estate| estate.declared.len());
    if let Some(estate) = &estate {
        let settings = Settings { source: estate.registry.source.clone(), ..Settings::default() };
        findings.extend(check::check(estate, &settings, Timestamp::now()));
    }
    let outcome = outcome(&findings);
    let looked_at = format!("{objects} objects");
    Ok(Answer::new(outcome, Findings { command: "check", looked_at, findings }))
}

/// What the findings come to: what could not be read was not looked at.
fn outcome(findings: &[Finding]) -> Outcome {
    let found = Outcome::found_if(findings.iter().any(|finding| finding.severity == Severity::Error));
    let unread = findings.iter().any(Finding::is_unread);
    if unread { Outcome::Trouble } else { found }
}
