//! `ripectl man`: its manual pages.

use std::{fs, path::PathBuf};

use anyhow::Context;
use clap_mangen::Man;

use super::{Answer, files};
use crate::{
    finding::counted,
    outcome::Outcome,
    report::{Again, Note, Output, Verbatim},
    visible,
};

/// Print the manual page of ripectl: `ripectl man | man -l -`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Write a page for ripectl and one for each command into this folder instead
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Args {
    /// What a further command needs, to mean the same: nothing.
    pub fn again(&self) -> Again {
        Again::default()
    }

    /// It is shown as it is.
    pub fn output(&self) -> Output {
        Output::default()
    }
}

/// A manual page: the name of its file, and its text in roff.
type Page = (String, String);

/// Writes the pages of the command line `line`.
pub fn run(args: &Args, line: clap::Command) -> anyhow::Result<Answer> {
    let mut line = line.disable_help_subcommand(true);
    line.build();
    let Some(folder) = &args.dir else {
        return Ok(Answer::new(Outcome::Clean, Verbatim(page(&line)?.1)));
    };
    let shown = visible::shown(folder.display());
    fs::create_dir_all(folder).with_context(|| format!("the folder {shown} cannot be made"))?;
    let pages = pages(&line)?;
    for (name, text) in &pages {
        files::replace(&folder.join(name), text)?;
    }
    Ok(Answer::new(Outcome::Clean, Note(format!("{} in {shown}", counted(pages.len(), "page")))))
}

/// The page of a command, and those of the commands below it.
fn pages(command: &clap::Command) -> anyhow::Result<Vec<Page>> {
    let mut all = vec![page(command)?];
    for below in command.get_subcommands() {
        all.extend(pages(below)?);
    }
    Ok(all)
}

fn page(command: &clap::Command) -> anyhow::Result<Page> {
    let (man, mut text) = (Man::new(command.clone()), Vec::new());
    man.render(&mut text)?;
    Ok((man.get_filename(), String::from_utf8(text)?))
}
