//! The commands, one file each: its arguments, whose doc comments are the help text, and `run`, a recipe.
//!
//! A command returns an [`Answer`]: what it came to, and a value that [`crate::report`] shows. It does not print,
//! except for what must be seen before it ends: a plan before the question whether to apply it.
//!
//! To add one, write its file and its row in [`crate::cli`].

mod answering;
pub mod apply;
pub mod asn;
pub mod audit;
mod cache;
pub mod check;
pub mod complete;
pub mod completions;
mod confirm;
mod copy;
mod credential;
mod download;
mod drafting;
mod embedded_sandbox;
mod evidence;
mod execute;
mod expiry;
pub mod explain;
mod fetched;
mod files;
pub mod fmt;
mod gate;
pub mod geofeed;
pub mod import;
pub mod init;
mod interrupt;
mod key;
mod later;
pub mod lir;
pub mod login;
pub mod logout;
mod looked_for;
pub mod man;
mod meant;
mod options;
mod personal_data_budget;
mod placeholders;
pub mod plan;
pub mod reference;
mod replaying;
pub mod resume;
pub mod roa;
mod rounds;

pub mod runs;
pub mod sandbox;
mod saved;
mod seen;
mod session;
pub mod show;
pub mod split;
mod turn;
pub mod undo;
mod unfinished;
pub mod validate;
pub mod whoami;

pub use later::later;

use crate::{outcome::Outcome, plan::Selector, report::Report};

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

/// Which objects are meant, and what is allowed beyond the limits of ripectl.toml, for `plan` and `apply`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Allowances {
    /// Only these objects: `class/key`, the key alone, a pattern such as `route6/*`, or `block:NAME`
    #[arg(long, value_name = "KEY", add = complete::selectors())]
    pub only: Vec<Selector>,
    /// Delete exactly so many objects, whatever the limit is
    #[arg(long, value_name = "N")]
    pub allow_deletes: Option<u32>,
    /// Modify exactly so many objects, whatever the limit is
    #[arg(long, value_name = "N")]
    pub allow_modifies: Option<u32>,
    /// Delete exactly so many objects of others that `reclaim` names
    #[arg(long, value_name = "N")]
    pub allow_reclaims: Option<u32>,
    /// Delete exactly so many objects that can never come back (†)
    #[arg(long, value_name = "N")]
    pub allow_irreversible: Option<u32>,
    /// Write objects though characters are lost that the registry cannot store
    #[arg(long)]
    pub allow_lossy: bool,
    /// Delete the route objects of this prefix, and of more specific ones, though they are announced
    #[arg(long, value_name = "PREFIX")]
    pub allow_announced: Vec<crate::net::Prefix>,
}

impl Allowances {
    /// What the plan is to know of them, and which objects are meant.
    fn plan_options(&self) -> crate::plan::PlanOptions {
        let allowed = crate::plan::Allowed {
            deletes: self.allow_deletes,
            modifies: self.allow_modifies,
            reclaims: self.allow_reclaims,
            irreversible: self.allow_irreversible,
            lossy: self.allow_lossy,
            announced: self.allow_announced.clone(),
        };
        crate::plan::PlanOptions { only: self.only.clone(), allowed }
    }
}
