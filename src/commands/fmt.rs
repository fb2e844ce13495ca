//! `ripectl fmt`: RPSL files as the registry prints them.

use std::{path::PathBuf, sync::Arc};

use anyhow::bail;

use super::{Answer, files, options::FindingForm};
use crate::{
    disk::Tree,
    estate,
    finding::{Finding, Location, Severity, Source, counted},
    outcome::Outcome,
    report::{Again, Findings, Format, Formatted, Output, Printer, Stopped, Written},
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
    #[command(flatten)]
    form: FindingForm,
}

impl Args {
    /// What a further command needs, to mean the same: nothing.
    pub fn again(&self) -> Again {
        Again::default()
    }

    /// How the files that are not formatted are shown.
    pub fn output(&self) -> Output {
        self.form.output()
    }
}

/// Formats the files, all of them or, if one has an error, none.
#[expect(clippy::unused_async, reason = "the shape of a command, also of one without I/O")]
pub async fn run(args: &Args, _: Printer) -> anyhow::Result<Answer> {
    if matches!(args.form.format, Format::Findings(_)) && !args.check {
        bail!(
            "what is formatted is no finding\nhint: `ripectl fmt --check` looks for what is not, in that form too"
        );
    }
    let Read { estate, sources, mut findings } = read(args)?;
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
    let changed: Vec<Location> =
        formatted.iter().map(|(source, text)| first_difference(source, text)).collect();
    let unchanged = sources.len() - changed.len();
    let outcome = Outcome::found_if(args.check && !changed.is_empty());
    let written = if args.check { Written::No } else { Written::Yes };
    Ok(Answer::new(outcome, Formatted { changed, unchanged, written }))
}

/// What is to be formatted.
struct Read {
    /// The estate that the files are of, unless the user named them.
    estate: Option<Tree>,
    sources: Vec<Arc<Source>>,
    findings: Vec<Finding>,
}

fn read(args: &Args) -> anyhow::Result<Read> {
    if args.files.is_empty() {
        let root = files::root()?;
        let (sources, findings) = estate::objects(&root);
        return Ok(Read { estate: Some(Tree::open(&root)?), sources, findings });
    }
    let mut named = Read { estate: None, sources: Vec::new(), findings: Vec::new() };
    for path in &args.files {
        match files::text(path) {
            Ok(source) => named.sources.push(source),
            Err(finding) => named.findings.push(*finding),
        }
    }
    Ok(named)
}

/// What is no RPSL is what `--check` looks for; otherwise it is trouble, and nothing is written. What cannot be read is
/// trouble for both.
fn refuse(args: &Args, findings: Vec<Finding>, files: usize) -> anyhow::Result<Answer> {
    if !args.check {
        return Err(Stopped(findings).into());
    }
    let unread = findings.iter().any(Finding::is_unread);
    let outcome = if unread { Outcome::Trouble } else { Outcome::Found };
    let looked_at = counted(files, "file");
    Ok(Answer::new(outcome, Findings { command: "fmt", looked_at, findings }))
}

/// The first line that is formatted otherwise.
fn first_difference(source: &Arc<Source>, formatted: &str) -> Location {
    let mut start = 0;
    let mut new = formatted.split_inclusive('\n');
    for line in source.text.split_inclusive('\n') {
        if new.next() != Some(line) {
            return Location::new(source, start..start + line.trim_end_matches(['\r', '\n']).len());
        }
        start += line.len();
    }
    Location::new(source, start..start)
}
