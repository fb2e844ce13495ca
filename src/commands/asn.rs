//! `ripectl asn request`: what is needed to ask for an AS number.

use std::{collections::BTreeSet, path::PathBuf};

use anyhow::Context;
use jiff::Timestamp;

use super::{
    Answer, files,
    key::Need,
    options::{RegistryOptions, ReportForm},
    session::Session,
};
use crate::{
    letter,
    net::Asn,
    outcome::Outcome,
    registered::{Query, Registered},
    report::{Again, Output, PackedRequest, Printer, Stopped, quoted},
    rpsl::Class,
};

/// Asking for an AS number
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Command {
    Request(Request),
}

/// Write what the RIPE NCC, or the LIR that asks it, needs for an AS number; or all that is missing
///
/// The organisation, its contact and its maintainers, the address space, two networks to be connected to, and the aut-num as it
/// would be, held against the registry's rules. It is sent by nobody but you.
#[derive(Clone, Debug, clap::Args)]
struct Request {
    /// A network that it will be connected to; two at least [default: those of `[upstreams]`]
    #[arg(long, value_name = "AS")]
    peer: Vec<Asn>,
    /// Write it to this file
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    registry: RegistryOptions,
    #[command(flatten)]
    form: ReportForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        let Command::Request(args) = &self.command;
        args.registry.again()
    }

    /// How the pack is shown.
    pub fn output(&self) -> Output {
        let Command::Request(args) = &self.command;
        args.registry.on(args.form.output())
    }
}

/// Looks whether all is there. Only reads are sent.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let Command::Request(args) = &args.command;
    let session = Session::open(&args.registry, Need::Read, printer).await?;
    let mut peers = args.peer.clone();
    if peers.is_empty() {
        peers = session.estate.upstreams.iter().map(|upstream| upstream.asn).collect();
    }
    let world = known(&session).await?;
    let now = Timestamp::now();
    let request = letter::asn_request(&session.estate, &world, &peers, &session.settings, now);
    let request = match request {
        Ok(request) => request,
        Err(missing) => {
            printer.complain(&Stopped(missing).into());
            return Ok(Answer::new(Outcome::Found, PackedRequest(None)));
        }
    };
    let report = PackedRequest(Some(request));
    if let Some(path) = &args.output {
        files::replace(path, &report.pack()).context("the request cannot be written")?;
        printer.say(&format!("written to {}; sending it is yours", quoted(&path.display().to_string())));
    }
    Ok(Answer::new(Outcome::Clean, report))
}

/// What is registered of who would hold it.
async fn known(session: &Session) -> anyhow::Result<Registered> {
    let declared = session.estate.declared.iter().map(|each| each.object.key());
    let asked = declared.filter(|key| key.class() == Class::Organisation);
    let asked = asked.chain(session.estate.manage.maintainers.iter().cloned());
    let queries: BTreeSet<Query> = asked.map(Query::Object).collect();
    let mut world = Registered::default();
    session.reading(session.registry.ask(&queries, &[], &mut world)).await?;
    Ok(world)
}
