//! `ripectl sandbox`: the embedded registry, for other programs, and what it holds.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use anyhow::bail;

use super::{
    Answer, Common,
    embedded::{self, STORE},
    files,
};
use crate::{
    estate,
    outcome::Outcome,
    report::{Dumped, Note, Printer},
    sandbox::{self, ServeOptions, Sharing},
    user::Configuration,
};

/// The embedded registry
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    Serve(Serve),
    /// Print every object that it holds, in a form that `sandbox serve --load FILE` takes
    Dump,
    /// Fill it with what the registry of `--registry` holds around the estate, in place of what it held
    Copy,
    Reset(Reset),
}

/// Forget what it holds: back to the base of the example network. It must not be serving
#[derive(Clone, Debug, clap::Args)]
struct Reset {
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

/// Answer as a RIPE Database on loopback until stopped
#[derive(Clone, Debug, clap::Args)]
struct Serve {
    /// Where to listen: a loopback address; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, 8043)))]
    listen: SocketAddr,
    /// Fill it with the objects of this file, as they are [default: the base of the example network]
    #[arg(long, value_name = "FILE")]
    load: Vec<PathBuf>,
    /// The API keys that it knows
    #[arg(long, value_name = "FILE")]
    accounts: Option<PathBuf>,
    /// Its surroundings
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Forget everything at the end
    #[arg(long)]
    ephemeral: bool,
}

/// Does what was typed.
pub async fn run(args: &Args, common: &Common, printer: Printer) -> anyhow::Result<Answer> {
    match &args.command {
        Command::Serve(args) => serve(args, common, printer).await,
        Command::Dump => dump(common),
        Command::Copy => super::copy::run(common, printer).await,
        Command::Reset(args) => reset(args, common, printer),
    }
}

/// Serves until it is stopped.
async fn serve(args: &Serve, common: &Common, printer: Printer) -> anyhow::Result<Answer> {
    let options = ServeOptions {
        listen: args.listen,
        load: args.load.clone(),
        accounts: args.accounts.clone(),
        settings: args.settings.clone(),
        state: if args.ephemeral { None } else { Some(state(common)?) },
        own_key: Some(embedded::key(maintainers())),
        sharing: Sharing::Shared,
    };
    sandbox::serve(options, |url| printer.show(&Note(format!("listening on {url}")))).await?;
    Ok(Answer::new(Outcome::Clean, Note(String::new())))
}

/// The maintainers of the estate, if there is one, for whom those who join are to speak.
fn maintainers() -> Vec<String> {
    let estate =
        files::root().ok().and_then(|root| estate::load(&root, Some("sandbox"), &Configuration::default()).0);
    let maintainers = estate.map(|estate| estate.manage.maintainers).unwrap_or_default();
    maintainers.iter().map(|key| key.text().to_owned()).collect()
}

fn dump(common: &Common) -> anyhow::Result<Answer> {
    let path = files::state_path(common.state_dir.as_deref(), &files::root().unwrap_or_default()).join(STORE);
    if !path.exists() {
        bail!(
            "there is no sandbox at {} yet\nhint: `ripectl plan --registry sandbox` or `ripectl sandbox serve` makes one",
            path.display()
        );
    }
    Ok(Answer::new(Outcome::Clean, Dumped(sandbox::dump(&path)?)))
}

fn reset(args: &Reset, common: &Common, printer: Printer) -> anyhow::Result<Answer> {
    if !args.yes && !printer.can_ask() {
        bail!(
            "nobody can be asked here\nhint: `ripectl sandbox dump` shows what would be lost; `ripectl sandbox reset --yes`"
        );
    }
    let path = state(common)?;
    if !args.yes && !printer.ask(&format!("Forget all that {} holds?", path.display()))? {
        return Ok(Answer::new(Outcome::Found, Note("you said no: nothing was forgotten".to_owned())));
    }
    let base = sandbox::base()?;
    let text = format!("the sandbox holds the {} objects of its base again", base.len());
    sandbox::replace(&path, base)?;
    Ok(Answer::new(Outcome::Clean, Note(text)))
}

/// The store beside `ripectl.toml`, or, where there is none, in the working directory.
fn state(common: &Common) -> anyhow::Result<PathBuf> {
    let root = files::root().unwrap_or_default();
    Ok(files::state_dir(common.state_dir.as_deref(), &root)?.join(STORE))
}
