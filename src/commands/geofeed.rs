//! `ripectl geofeed`: the file that says where addresses are used.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{Answer, complete, files, options::ReportForm};
use crate::{
    disk::{RPSL_LIMIT, named},
    estate,
    geofeed::{self, Feed},
    outcome::Outcome,
    report::{Again, Compared, GeofeedFile, Output, Printer, Stopped},
    user,
};

/// Print the geofeed (RFC 8805): where the addresses of your blocks are used
///
/// A line for each block of which one country is known: from the variables `country`, `region` and `city` of its `vars`, or from
/// its only site.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Write it to this file, whole or not at all, instead of printing it
    #[arg(short, long, value_name = "FILE", conflicts_with = "check")]
    output: Option<PathBuf>,
    /// Compare it with this file, as it is published; exit with 1 if it says something else
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
    /// The registry that the files are for: ripe, ripe-test, ripe-rc, sandbox, or one of ripectl.toml or your own configuration
    #[arg(long, value_name = "NAME", add = complete::registries())]
    registry: Option<String>,
    #[command(flatten)]
    form: ReportForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        Again { registry: self.registry.clone(), ..Again::default() }
    }

    /// How it is shown.
    pub fn output(&self) -> Output {
        self.form.output()
    }
}

/// Makes it of the files, and prints, writes or compares it.
#[expect(clippy::unused_async, reason = "the shape of a command, also of one without I/O")]
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let user = user::load().map_err(Stopped)?;
    let (estate, findings) = estate::load(&files::root()?, args.registry.as_deref(), &user);
    let Some(estate) = estate else { return Err(Stopped(findings).into()) };
    printer.warnings(findings);
    let feed = geofeed::feed(&estate);
    printer.findings(feed.silence(&estate).into_iter().collect());
    let Feed { entries, findings, .. } = feed;
    if !findings.is_empty() {
        return Err(Stopped(findings).into());
    }
    if let Some(path) = &args.check {
        let differences = geofeed::differences(&entries, &published(path)?);
        let outcome = Outcome::found_if(!differences.is_empty());
        return Ok(Answer::new(outcome, Compared { file: path.clone(), count: entries.len(), differences }));
    }
    if let Some(path) = &args.output {
        files::publish(path, &geofeed::print(&entries)).context("the geofeed cannot be written")?;
    }
    Ok(Answer::new(Outcome::Clean, GeofeedFile { entries, written: args.output.clone() }))
}

/// The text of a published file; what it says is not quoted.
fn published(path: &Path) -> anyhow::Result<String> {
    let read: Result<String, crate::disk::FileError> = named::understood(path, RPSL_LIMIT, Ok);
    read.context("the published geofeed cannot be read")
}
