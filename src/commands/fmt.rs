//! `ripectl fmt`: RPSL files as the registry prints them.

use std::{path::PathBuf, sync::Arc};

use super::{Answer, files};
use crate::{
    disk::Tree,
    estate,
    finding::{self, Finding, Severity, Source},
    outcome::Outcome,
    report::{Findings, Formatted, Stopped, Written},
    rpsl::File,
};

/// Format RPSL files as the registry prints them, keeping comments
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Only look, and exit with 1 if a file is not formatted
    #[arg(long)]
    check: bool,
    /// The files [default: objects/**/*.rpsl]
    files: Vec<PathBuf>,
}

/// Formats the files, all of them or, if one has an error, none.
pub fn run(args: &Args) -> anyhow::Result<Answer> {
    let (estate, sources, mut findings) = read(args)?;
    let mut formatted: Vec<(&Arc<Source>, String)> = Vec::new();
    for source in &sources {
        let (file, problems) = File::parse(source);
        findings.extend(problems);
        formatted.push((source, file.formatted()));
    }
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return refuse(args, findings, sources.len());
    }
    formatted.retain(|(source, text)| source.text != *text);
    if !args.check {
        for (source, text) in &formatted {
            match &estate {
                Some(estate) => estate.replace(&source.path, text.as_bytes())?,
                None => files::replace(&source.path, text)?,
            }
        }
    }
    let changed: Vec<String> =
        formatted.iter().map(|(source, _)| source.path.display().to_string()).collect();
    let unchanged = sources.len() - changed.len();
    let outcome = Outcome::found_if(args.check && !changed.is_empty());
    let written = if args.check { Written::No } else { Written::Yes };
    Ok(Answer::new(outcome, Formatted { changed, unchanged, written }))
}

/// The files, and the estate that they are of, unless the user named them.
fn read(args: &Args) -> anyhow::Result<(Option<Tree>, Vec<Arc<Source>>, Vec<Finding>)> {
    if args.files.is_empty() {
        let root = files::root()?;
        let (sources, findings) = estate::objects(&root);
        return Ok((Some(Tree::open(&root)?), sources, findings));
    }
    let (mut sources, mut findings) = (Vec::new(), Vec::new());
    for path in &args.files {
        match files::text(path) {
            Ok(source) => sources.push(source),
            Err(finding) => findings.push(*finding),
        }
    }
    Ok((None, sources, findings))
}

/// What is wrong is what `--check` looks for, unless it could not look; otherwise it is trouble, and nothing is
/// written.
fn refuse(args: &Args, findings: Vec<Finding>, files: usize) -> anyhow::Result<Answer> {
    match args.check {
        true => {
            let looked_at = format!("{files} files");
            Ok(Answer::new(finding::outcome(&findings), Findings { command: "fmt", looked_at, findings }))
        }
        false => Err(Stopped(findings).into()),
    }
}
