//! `ripectl sandbox`: the embedded registry, for other programs.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use super::{Answer, Common, embedded::STORE, files};
use crate::{
    outcome::Outcome,
    report::{Note, Printer},
    sandbox::{self, ServeOptions},
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
    /// Fill it with what the registry of `--registry` holds around the estate, in place of what it held
    Copy,
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

/// Serves until it is stopped.
pub async fn run(args: &Args, common: &Common, printer: Printer) -> anyhow::Result<Answer> {
    let serve = match &args.command {
        Command::Serve(serve) => serve,
        Command::Copy => return super::copy::run(common, printer).await,
    };
    let state = if serve.ephemeral { None } else { Some(state(common)?) };
    let options = ServeOptions {
        listen: serve.listen,
        load: serve.load.clone(),
        accounts: serve.accounts.clone(),
        settings: serve.settings.clone(),
        state,
    };
    sandbox::serve(options, |url| printer.show(&Note(format!("listening on {url}")))).await?;
    Ok(Answer::new(Outcome::Clean, Note(String::new())))
}

/// The store beside `ripectl.toml`, or, where there is none, in the working directory.
fn state(common: &Common) -> anyhow::Result<PathBuf> {
    let root = files::root().unwrap_or_default();
    Ok(files::state_dir(common.state_dir.as_deref(), &root)?.join(STORE))
}
