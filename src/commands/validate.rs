//! `ripectl validate`: whether each announcement has its route object and its ROA.

use std::sync::Arc;

use anyhow::bail;
use clap::ValueEnum;

use super::{
    Answer, evidence, files,
    gate::{self, Given, RouteOrigin},
    key::Need,
    options::{RegistryOptions, RowForm},
    seen,
    session::Session,
};
use crate::{
    estate::{self, Estate, RoaDemand, VrpOrigin},
    net::Prefix,
    outcome::Outcome,
    report::{Again, Format, Headed, Output, Printer},
    rpki::{Expired, Vrp},
    validate,
};

/// Prove that every announcement has its route object and its ROA
///
/// What is announced is what ripectl.toml declares, and what routers say (`--announcements`, `--bird`). In a folder without
/// ripectl.toml it works with what is named on the command line alone.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Only announcements within these prefixes
    prefixes: Vec<String>,
    #[command(flatten)]
    vrps: VrpOptions,
    /// Judge as if this VRP were there too, such as `AS205398:2a0f:85c1:260::/44-48`; the output says so
    #[arg(long, value_name = "AS:PREFIX-MAX", help_heading = "VRPs")]
    assume: Vec<Vrp>,
    #[command(flatten)]
    seen: seen::Options,
    #[command(flatten)]
    routes: seen::RouteOptions,
    /// Which proof is wanted; all for which there is evidence, if it is not given
    #[arg(long, value_enum, value_name = "PROOF")]
    proof: Vec<Proof>,
    /// Where it goes.
    #[command(flatten)]
    pub registry: RegistryOptions,
    #[command(flatten)]
    form: RowForm,
}

/// Where the VRPs are, and what they must be.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "VRPs")]
pub struct VrpOptions {
    /// A file, `-`, a URL or rtr://HOST:PORT with the output of a validator [default: `vrps` of ripectl.toml]
    #[arg(long, value_name = "SOURCE")]
    vrps: Option<String>, // read in `run`: a parser of arguments would repeat a password in a URL
    /// Local exceptions on top of it (SLURM, RFC 8416)
    #[arg(long, value_name = "FILE")]
    slurm: Vec<String>,
    /// How old they may be: `30m`, `2h`, or `never` for a fixture [default: `max-age` of ripectl.toml, or 2h]
    #[arg(long, value_name = "AGE")]
    max_age: Option<estate::MaxAge>,
    /// What happens to those that have expired
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    expired: ExpiredOption,
    /// A trust anchor of which there must be VRPs, as the validator calls it
    #[arg(long, value_name = "NAME")]
    require_ta: Vec<String>,
}

/// What happens to VRPs that have expired.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum ExpiredOption {
    /// They are left out and counted
    #[default]
    LeaveOut,
    /// One is enough to refuse them all
    Refuse,
}

/// What can be proved.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Proof {
    /// Route origin validation against VRPs
    Rpki,
    /// A route object
    Irr,
    /// What upstreams demand
    Upstream,
}

impl VrpOptions {
    /// What is wanted of VRPs.
    pub fn wanted(&self) -> anyhow::Result<evidence::Wanted> {
        Ok(evidence::Wanted {
            given: self.vrps.as_deref().map(str::parse::<VrpOrigin>).transpose()?,
            slurm: self.slurm.clone(),
            max_age: self.max_age,
            expired: match self.expired {
                ExpiredOption::LeaveOut => Expired::LeftOut,
                ExpiredOption::Refuse => Expired::Refused,
            },
            anchors: self.require_ta.clone(),
            assumed: Vec::new(),
        })
    }
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.registry.again()
    }

    /// How the announcements and what is wrong with them are shown.
    pub fn output(&self) -> Output {
        self.registry.on(self.form.output())
    }

    fn wants(&self, proof: Proof) -> bool {
        self.proof.is_empty() || self.proof.contains(&proof)
    }
}

/// Whether an upstream looks at VRPs.
fn demands_roas(estate: &Estate) -> bool {
    estate.upstreams.iter().any(|upstream| upstream.roa != RoaDemand::Any)
}

/// Validates announcements.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let within = args.prefixes.iter().map(|text| text.parse()).collect::<Result<Vec<Prefix>, _>>()?;
    let wanted = evidence::Wanted { assumed: args.assume.clone(), ..args.vrps.wanted()? };
    args.seen.read_once(wanted.given.as_ref())?;
    let looks_at_vrps = args.wants(Proof::Rpki) || args.wants(Proof::Upstream);
    if !looks_at_vrps && !args.assume.is_empty() {
        bail!(
            "`--assume` is about VRPs, and no proof that is wanted looks at them\nhint: add `--proof rpki`"
        );
    }
    let session = match files::root_if_any()? {
        Some(_) => Some(Session::open(&args.registry, Need::Read, printer).await?),
        None if args.seen.is_empty() => return Err(seen::Options::nothing_announced(&files::here()?)),
        None => None,
    };
    let estate = session.as_ref().map(|session| &*session.estate);
    // Both may be large: they are read at the same time.
    let vrps = looks_at_vrps.then(|| {
        let estate = session.as_ref().map(|session| Arc::clone(&session.estate));
        tokio::spawn(async move { evidence::fetch(estate.as_deref(), &wanted).await })
    });
    let (seen, seen_in) = args.seen.look(estate, printer).await?;
    let subjects = validate::subjects(estate, seen, &within);
    gate::something_within(&subjects, &within)?;
    let vrps = match vrps {
        Some(vrps) => vrps.await??.map(Arc::new),
        None => None,
    };
    let is_named = |proof: Proof| args.proof.contains(&proof);
    let needs_vrps = is_named(Proof::Rpki)
        || is_named(Proof::Upstream) && estate.is_some_and(demands_roas)
        || args.proof.is_empty() && session.is_some();
    if vrps.is_none() && (needs_vrps || !args.assume.is_empty()) {
        return Err(evidence::none());
    }
    let routes = match args.routes.routes(&subjects, estate).await? {
        _ if !args.wants(Proof::Irr) && !args.wants(Proof::Upstream) => RouteOrigin::Nowhere,
        Some(routes) => RouteOrigin::Read(routes),
        None if session.is_some() => RouteOrigin::Registry,
        None => RouteOrigin::Nowhere,
    };
    if matches!(routes, RouteOrigin::Nowhere) && is_named(Proof::Irr) {
        bail!("there are no route objects to look at\nhint: `--irr FILE` gives those of a dump");
    }
    if matches!(routes, RouteOrigin::Nowhere) && vrps.is_none() {
        bail!("there is nothing to validate against\nhint: give `--vrps FILE`, or `--irr FILE`, or both");
    }
    if is_named(Proof::Upstream) && estate.is_none_or(|estate| estate.upstreams.is_empty()) {
        bail!(
            "there are no upstreams whose demands could be looked at\nhint: `[upstreams]` in ripectl.toml has them"
        );
    }
    let given = Given {
        vrps,
        routes,
        upstreams: args.wants(Proof::Upstream),
        within,
        seen_in,
        detail: args.form.detail(),
    };
    let validated = gate::judge(session.as_ref(), subjects, given).await?;
    if !matches!(args.form.format, Format::Text | Format::Json) {
        validated.evidence.aside().iter().for_each(|line| printer.say(line));
    }
    if matches!(args.form.format, Format::Csv) {
        validated.beside_rows().iter().for_each(|line| printer.say(line));
    }
    let outcome = Outcome::found_if(!validated.validation.is_ok());
    let about = session.as_ref().map_or_else(|| vec!["no ripectl.toml".to_owned()], Session::about);
    Ok(Answer::new(outcome, Headed { about, report: validated }))
}
