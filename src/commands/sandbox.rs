//! `ripectl sandbox`: the embedded registry, for other programs, and what it holds.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use anyhow::bail;

use super::{
    Answer, files,
    interrupt::Signals,
    options::{PersonalOption, RegistryOptions, ReportForm, StateOptions},
};
use crate::{
    disk::StateDir,
    estate,
    finding::counted,
    outcome::Outcome,
    report::{Again, Dumped, Note, Output, Printer},
    sandbox::{self, Clock, OwnKey, ServeOptions, Sharing},
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
    Dump(Dump),
    Copy(Copy),
    Reset(Reset),
}

/// Print every object that it holds, in a form that `sandbox serve --load FILE` takes
#[derive(Clone, Debug, clap::Args)]
struct Dump {
    #[command(flatten)]
    state: StateOptions,
    #[command(flatten)]
    form: ReportForm,
    #[command(flatten)]
    personal: PersonalOption,
}

/// Fill it with what the registry of `--registry` holds around the estate, in place of what it held
#[derive(Clone, Debug, clap::Args)]
struct Copy {
    #[command(flatten)]
    registry: RegistryOptions,
    #[command(flatten)]
    form: ReportForm,
}

/// Forget what it holds: back to the base of the example network. It must not be serving
#[derive(Clone, Debug, clap::Args)]
struct Reset {
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    state: StateOptions,
    #[command(flatten)]
    form: ReportForm,
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
    #[command(flatten)]
    state: StateOptions,
    #[command(flatten)]
    form: ReportForm,
}

impl Args {
    /// What a further command needs, to find the same sandbox. A registry that is copied from is not it.
    pub fn again(&self) -> Again {
        match &self.command {
            Command::Serve(Serve { state, .. })
            | Command::Dump(Dump { state, .. })
            | Command::Reset(Reset { state, .. })
            | Command::Copy(Copy { registry: RegistryOptions { state, .. }, .. }) => state.again(),
        }
    }

    /// How what it says is shown.
    pub fn output(&self) -> Output {
        match &self.command {
            Command::Serve(args) => args.form.output(),
            Command::Dump(args) => args.personal.on(args.form.output()),
            Command::Copy(args) => args.registry.on(args.form.output()),
            Command::Reset(args) => args.form.output(),
        }
    }
}

/// Does what was typed.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    match &args.command {
        Command::Serve(args) => serve(args, printer).await,
        Command::Dump(args) => dump(args),
        Command::Copy(args) => super::copy::run(&args.registry, printer).await,
        Command::Reset(args) => reset(args, printer),
    }
}

/// Serves until it is stopped.
async fn serve(args: &Serve, printer: Printer) -> anyhow::Result<Answer> {
    let options = ServeOptions {
        listen: args.listen,
        load: args.load.clone(),
        accounts: args.accounts.clone(),
        settings: args.settings.clone(),
        state: if args.ephemeral { None } else { Some(state(&args.state)?) },
        own_key: Some(OwnKey::new(maintainers())?),
        sharing: Sharing::Shared,
        clock: Clock::default(),
    };
    let ready = |url: &str| anyhow::Ok(printer.show(&Note(format!("listening on {url}")))?);
    let mut signals = Signals::new()?;
    sandbox::serve(options, ready, async move { signals.next().await }).await?;
    Ok(Answer::new(Outcome::Clean, Note(String::new())))
}

/// The maintainers of the estate, if there is one, for whom those who join are to speak.
fn maintainers() -> Vec<String> {
    let estate =
        files::root().ok().and_then(|root| estate::load(&root, Some("sandbox"), &Configuration::default()).0);
    let maintainers = estate.map(|estate| estate.manage.maintainers).unwrap_or_default();
    maintainers.iter().map(|key| key.text().to_owned()).collect()
}

fn dump(args: &Dump) -> anyhow::Result<Answer> {
    let root = files::root().unwrap_or_default();
    let found =
        StateDir::find(args.state.state_dir.as_deref(), &root)?.filter(|state| state.holds(sandbox::STORE));
    let Some(state) = found else {
        bail!(
            "there is no sandbox at {} yet\nhint: `ripectl plan --registry sandbox` or `ripectl sandbox serve` makes one",
            StateDir::place(args.state.state_dir.as_deref(), &root).join(sandbox::STORE).display()
        );
    };
    Ok(Answer::new(Outcome::Clean, Dumped(sandbox::dump(&state.file(sandbox::STORE)?)?)))
}

fn reset(args: &Reset, printer: Printer) -> anyhow::Result<Answer> {
    if !args.yes && !printer.can_ask() {
        bail!(
            "nobody can be asked here\nhint: `ripectl sandbox dump` shows what would be lost; `ripectl sandbox reset --yes`"
        );
    }
    let path = state(&args.state)?;
    if !args.yes && !printer.ask(&format!("Forget all that {} holds?", path.display()))? {
        return Ok(Answer::new(Outcome::Found, Note("you said no: nothing was forgotten".to_owned())));
    }
    let base = sandbox::base()?;
    let text = format!("the sandbox holds the {} of its base again", counted(base.len(), "object"));
    sandbox::replace(&path, base)?;
    Ok(Answer::new(Outcome::Clean, Note(text)))
}

/// The store beside `ripectl.toml`, or, where there is none, in the working directory.
fn state(options: &StateOptions) -> anyhow::Result<PathBuf> {
    let root = files::root().unwrap_or_default();
    Ok(StateDir::open(options.state_dir.as_deref(), &root)?.file(sandbox::STORE)?)
}
