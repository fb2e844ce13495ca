//! `ripectl check`: all that can be known to be wrong without asking anyone.

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;

use super::{Answer, Common, files};
use crate::{
    check, estate,
    finding::{Finding, Severity, Source},
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
        let mut found = check::check(estate, &settings, Timestamp::now());
        let told: HashSet<_> = findings.iter().filter(|f| f.rule == "host-bits").map(begin).collect();
        found.retain(|finding| finding.rule != "syntax" || !told.contains(&begin(finding)));
        findings.extend(found);
    }
    let wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
    let looked_at = format!("{objects} objects");
    Ok(Answer::new(Outcome::found_if(wrong), Findings { command: "check", looked_at, findings }))
}

/// Where the place of a finding begins.
fn begin(finding: &Finding) -> Option<(*const Source, usize)> {
    finding.place.as_ref().map(|place| (Arc::as_ptr(&place.source), place.span.start))
}
