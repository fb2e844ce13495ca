//! The commands, one file each: its arguments, whose doc comments are the help text, and `run`, a recipe.
//!
//! A command returns an [`Answer`]: what it came to, and a value that [`crate::report`] shows. It does not print,
//! except for what must be seen before it ends: a plan before the question whether to apply it.

pub mod apply;
pub mod check;
mod contacts;
mod copy;
mod download;
mod embedded;
mod evidence;
pub mod explain;
mod files;
pub mod fmt;
mod interrupt;
mod key;
pub mod plan;
mod proof;
pub mod sandbox;
mod session;
pub mod split;
pub mod validate;

use std::path::PathBuf;

use crate::{
    outcome::Outcome,
    plan::Selector,
    report::{Colour, Format, Report},
};

/// What every command understands.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Common options")]
pub struct Common {
    /// Run as if started in this folder
    #[arg(short = 'C', long, global = true, value_name = "DIR")]
    pub directory: Option<PathBuf>,
    /// The registry: ripe, ripe-test, ripe-rc, sandbox, or one of ripectl.toml or your own configuration
    #[arg(long, global = true, value_name = "NAME")]
    pub registry: Option<String>,
    /// The form of the output
    #[arg(long, global = true, value_enum, default_value_t)]
    pub format: Format,
    /// Only these objects: `class/key`, or the key alone
    #[arg(long, global = true, num_args = 1.., value_name = "KEY")]
    pub only: Vec<Selector>,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Colour,
    /// Show e-mail, phone, address and auth in what is made for others: markdown, github, sarif, junit
    #[arg(long, global = true)]
    pub show_personal: bool,
    /// No progress bar
    #[arg(long, global = true)]
    pub no_progress: bool,
    /// Show everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Where the sandbox and the journals are kept [default: .ripectl beside ripectl.toml]
    #[arg(long, global = true, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
}

/// What a command came to, and what it has to show.
pub struct Answer {
    /// The exit status.
    pub outcome: Outcome,
    /// What is printed to stdout.
    pub report: Box<dyn Report>,
}

impl Answer {
    /// An answer.
    pub fn new(outcome: Outcome, report: impl Report + 'static) -> Answer {
        Answer { outcome, report: Box::new(report) }
    }
}

/// What is allowed beyond the limits of ripectl.toml, for `plan` and `apply`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Allowances {
    /// Delete exactly so many objects, whatever the limit is
    #[arg(long, value_name = "N")]
    pub allow_deletes: Option<u32>,
    /// Modify exactly so many objects, whatever the limit is
    #[arg(long, value_name = "N")]
    pub allow_modifies: Option<u32>,
    /// Delete exactly so many objects of others that `reclaim` names
    #[arg(long, value_name = "N")]
    pub allow_reclaims: Option<u32>,
    /// Delete the route objects of this prefix though it is announced
    #[arg(long, value_name = "PREFIX")]
    pub allow_announced: Vec<crate::net::Prefix>,
}

impl Allowances {
    /// What the plan is to know of them, and which objects are meant.
    fn wishes(&self, common: &Common) -> crate::plan::Wishes {
        let allowed = crate::plan::Allowed {
            deletes: self.allow_deletes,
            modifies: self.allow_modifies,
            reclaims: self.allow_reclaims,
            announced: self.allow_announced.clone(),
        };
        crate::plan::Wishes { only: common.only.clone(), allowed }
    }
}
