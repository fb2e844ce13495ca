//! `ripectl roa check`: what a change of ROAs would do to what is announced.

use std::{path::Path, sync::Arc};

use jiff::Timestamp;

use super::{Answer, complete, evidence, files, gate, options::ChangeForm, seen, validate::VrpOptions};
use crate::{
    estate::{self, Estate},
    outcome::Outcome,
    report::{Again, Format, Headed, Output, Printer, RoaChecked, Stopped},
    rpki::{Change, Vrp},
    user,
    validate::{self, Grounds},
};
/// What ROAs do to what is announced
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    Check(Check),
}

/// Tell what VRPs would say of all announcements if ROAs were made or withdrawn: 1 if one becomes worse
///
/// What is announced is what ripectl.toml declares, and what routers say (`--announcements`, `--bird`). In a folder without
/// ripectl.toml it works with what is named on the command line alone. Nothing is made and nothing withdrawn.
#[derive(Clone, Debug, clap::Args)]
struct Check {
    /// A ROA that would be made, such as `AS205398:2a0f:85c1:260::/44-48`; without `-MAX` the maxLength is that of the prefix
    #[arg(long, value_name = "AS:PREFIX-MAX")]
    add: Vec<Vrp>,
    /// One that would be withdrawn: it must be there
    #[arg(long, value_name = "AS:PREFIX-MAX")]
    remove: Vec<Vrp>,
    #[command(flatten)]
    vrps: VrpOptions,
    #[command(flatten)]
    seen: seen::Options,
    /// The registry that the files are for: ripe, ripe-test, ripe-rc, sandbox, or one of ripectl.toml or your own configuration
    #[arg(long, value_name = "NAME", add = complete::registries(), help_heading = "Registry")]
    registry: Option<String>,
    #[command(flatten)]
    form: ChangeForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        let Command::Check(args) = &self.command;
        Again { registry: args.registry.clone(), ..Again::default() }
    }

    /// How what changes is shown.
    pub fn output(&self) -> Output {
        let Command::Check(args) = &self.command;
        args.form.output()
    }
}

/// Judges all announcements twice. No registry is asked.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let Command::Check(args) = &args.command;
    let change = Change::new(args.add.clone(), args.remove.clone())?;
    let wanted = args.vrps.wanted()?;
    args.seen.read_once(wanted.given.as_ref())?;
    let (estate, about) = match files::root_if_any()? {
        Some(root) => {
            let config = printer.from_here(&files::config(&root));
            (Some(Arc::new(read(&root, args.registry.as_deref(), printer)?)), config)
        }
        None if args.seen.is_empty() => return Err(seen::Options::nothing_announced(&files::here()?)),
        None => (None, "no ripectl.toml".to_owned()),
    };
    // Both may be large: they are read at the same time.
    let own = estate.clone();
    let vrps = tokio::spawn(async move { evidence::fetch(own.as_deref(), &wanted).await });
    let (seen, seen_in) = args.seen.look(estate.as_deref(), printer).await?;
    let subjects = validate::subjects(estate.as_deref(), seen, &[]);
    gate::something_within(&subjects, &[])?;
    let vrps = vrps.await??.ok_or_else(evidence::none)?;
    let grounds = Grounds {
        upstreams: estate.is_some(),
        estate,
        vrps: None,
        routes: None,
        within: Vec::new(),
        seen_in,
        now: Timestamp::now(),
    };
    let what_if = validate::what_if(subjects, grounds, Arc::new(vrps), change)?;
    gate::whole_evidence(&what_if.before)?;
    let evidence = evidence::described(&what_if.before);
    let report = RoaChecked { evidence, what_if, all: args.form.all };
    if !matches!(args.form.format, Format::Text | Format::Json) {
        report.aside().iter().for_each(|line| printer.say(line));
    }
    let outcome = Outcome::found_if(!report.what_if.is_ok());
    Ok(Answer::new(outcome, Headed { about: vec![about], report }))
}

/// The estate, of its files alone.
fn read(root: &Path, registry: Option<&str>, printer: Printer) -> anyhow::Result<Estate> {
    let user = user::load().map_err(Stopped)?;
    let (estate, findings) = estate::load(root, registry, &user);
    let Some(estate) = estate else { return Err(Stopped(findings).into()) };
    printer.warnings(findings);
    Ok(estate)
}
