//! `ripectl import`: files for what is registered already, proved to say what the registry says before they are written.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::{
    Answer,
    drafting::{self, Drafting, Made, Proof},
    files,
    key::Need,
    looked_for::{Looked, from_dump, gather},
    options::{RegistryOptions, ReportForm, Verbosity},
    session::Session,
};
use crate::{
    estate::{self, CONFIG, Draft, Estate, Origin},
    finding::Severity,
    import::{self, Found, Wanted},
    net::{Asn, Prefix},
    plan::Selector,
    registered::{Query, Registered},
    report::{Again, Headed, Imported, Output, Printer, Stopped},
    rpsl::{Class, Key, Object},
    user::{self, Configuration},
    visible,
};

/// Write files for what is registered already
///
/// What is yours and declared nowhere yet is taken over, and it is proved that `plan --strict` has nothing to do then. No
/// file of yours is written over. Where there is no ripectl.toml, one is made that says whose objects are yours.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Single objects: `class/key`, the key alone, or a pattern such as `route6/*` among what is yours
    #[arg(value_name = "KEY", required_unless_present_any = ["mntner", "org", "prefix", "origin"])]
    keys: Vec<Selector>,
    /// What this maintainer of yours maintains
    #[arg(long, value_name = "NAME")]
    mntner: Vec<String>,
    /// An organisation, and what it holds
    #[arg(long, value_name = "ID")]
    org: Vec<String>,
    /// What lies in this address space
    #[arg(long, value_name = "PREFIX")]
    prefix: Vec<Prefix>,
    /// An AS, and the routes that it originates
    #[arg(long, value_name = "AS")]
    origin: Vec<Asn>,
    /// Write blocks that are alike as rows of an [[allocation]], with templates
    #[arg(long)]
    fold: bool,
    /// Take it from this file, a dump of the registry; what a dump hides is asked of the registry
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Take over what the RIPE NCC has changed in objects that it manages with you: its attributes, and nothing else
    #[arg(long, conflicts_with_all = ["force", "fold", "from"])]
    managed: bool,
    /// Write what is registered in the place of what the files declare otherwise
    #[arg(long)]
    force: bool,
    /// Where it is registered.
    #[command(flatten)]
    pub registry: RegistryOptions,
    #[command(flatten)]
    form: ReportForm,
    #[command(flatten)]
    verbosity: Verbosity,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.registry.again()
    }

    /// How it is shown what was written.
    pub fn output(&self) -> Output {
        self.registry.on(Output { verbose: self.verbosity.verbose, ..self.form.output() })
    }

    fn wanted(&self) -> Vec<Wanted> {
        let maintained = self.mntner.iter().cloned().map(Wanted::MaintainedBy);
        let held = self.org.iter().cloned().map(Wanted::OfOrganisation);
        let inside = self.prefix.iter().copied().map(Wanted::Inside);
        let routed = self.origin.iter().copied().map(Wanted::OfOrigin);
        let named = self.keys.iter().cloned().map(Wanted::Like);
        maintained.chain(held).chain(inside).chain(routed).chain(named).collect()
    }
}

/// Reads, lays out, proves, and then writes.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let user = user::load().map_err(Stopped)?;
    let root = files::root_if_any()?.map_or_else(files::here, Ok)?;
    let base = Draft { config: config(args, &root, &user)?, ..Draft::default() };
    let estate = loaded(&root, &base, args, &user)?;
    let session = Session::of(estate, user.clone(), &args.registry, Need::Read, printer).await?;
    let wanted = args.wanted();
    let looked = match &args.from {
        None => session.reading(gather(&session, &wanted)).await?,
        Some(path) => from_dump(path, &session, &wanted).await?,
    };
    let Looked { mut world, unproven } = looked;
    registered(args, &world, &session.estate)?;
    let mut found = import::sort(&world.objects, &wanted, &session.estate);
    if args.managed {
        found = managed(found, &session, &mut world).await?;
    }
    if args.fold && unproven.is_none() {
        let above = import::above(&found.new);
        session.reading(session.registry.ask(&above, &[], &mut world)).await?;
    }
    let drafting = Drafting {
        root: &root,
        base: &base,
        user: &user,
        session: &session,
        registry: args.registry.registry.as_deref(),
        is_folded: args.fold,
        is_forced: args.force || args.managed,
        proof: match (&args.from, &unproven) {
            (None, _) => Proof::Known,
            (Some(_), None) => Proof::Asked,
            (Some(_), Some(_)) => Proof::None,
        },
    };
    let Made { draft, objects, replaced, folded, misfits, plan } = drafting.proved(&found, world).await?;
    drafting::write(&root, &draft, &replaced)?;
    let imported = Imported {
        registry: session.estate.registry.name.clone(),
        config: draft.config.as_ref().map(|_| PathBuf::from(CONFIG)),
        files: drafting::counted(&draft, &replaced),
        objects: objects.iter().map(Object::key).collect(),
        folded: folded.iter().map(|each| (each.parent, each.rows)).collect(),
        replaced: replaced.into_iter().collect(),
        declared: found.declared.len(),
        others: found.others,
        hidden: found.hidden,
        misfits,
        plan,
        unproven,
    };
    let outcome = imported.outcome();
    Ok(Answer::new(outcome, Headed { about: session.about(), report: imported }))
}

/// `ripectl.toml` as it must become, if it must: it says whose objects are ours.
fn config(args: &Args, root: &Path, user: &Configuration) -> anyhow::Result<Option<String>> {
    if root.join(CONFIG).symlink_metadata().is_ok() {
        let source = estate::config(root).map_err(|finding| Stopped(vec![*finding]))?;
        return import::config::with_maintainers(&source.text, &args.mntner)
            .with_context(|| format!("{CONFIG} is not TOML\nhint: `ripectl check` shows where"));
    }
    if args.mntner.is_empty() {
        bail!(
            "there is no {CONFIG} here that says whose objects are yours\n\
             hint: `ripectl import --mntner YOUR-MNT` takes all that it maintains, and makes one"
        );
    }
    estate::registry(args.registry.registry.as_deref(), user).map_err(Stopped)?;
    let other = args.registry.registry.as_deref().filter(|name| !["ripe", "sandbox"].contains(name));
    Ok(Some(import::config::first(&args.mntner, other)))
}

/// Only what is declared in a file, as it must become so that what the RIPE NCC manages of it is as it is registered.
async fn managed(found: Found, session: &Session, world: &mut Registered) -> anyhow::Result<Found> {
    // Whether an organisation is managed hangs on what it holds.
    let holders = found.declared.iter().filter(|object| object.class() == Class::Organisation);
    let holders = holders.map(|object| Query::Referring(object.key())).collect();
    session.reading(session.registry.ask(&holders, &[], world)).await?;
    let declared = |key: &Key| {
        let mut all = session.estate.declared.iter();
        all.find(|each| each.origin == Origin::File && each.object.key() == *key).map(|each| &each.object)
    };
    let new = |object: &Object| import::with_managed(declared(&object.key())?, object, world);
    let declared = found.declared.iter().filter_map(new).collect();
    Ok(Found { declared, new: Vec::new(), ..found })
}

/// Nothing is written for a maintainer that there is not. A dump may be one of another class.
fn registered(args: &Args, world: &Registered, estate: &Estate) -> anyhow::Result<()> {
    let is_there = |name: &&String| world.objects.get(&Key::new(Class::Mntner, name)).is_some();
    let names = args.mntner.iter().filter(|_| args.from.is_none());
    let Some(missing) = names.into_iter().find(|name| !is_there(name)) else { return Ok(()) };
    let (name, registry) = (visible::line(missing), &estate.registry.name);
    bail!(
        "there is no maintainer {name} at {registry}\nhint: as whois shows it in `mnt-by` of your objects; nothing was written"
    )
}

fn loaded(root: &Path, draft: &Draft, args: &Args, user: &Configuration) -> anyhow::Result<Estate> {
    let (estate, mut findings) = estate::inspect_draft(root, draft, args.registry.registry.as_deref(), user);
    findings.retain(|finding| !estate::is_undeclared(finding)); // it may be what is imported
    let is_sound = findings.iter().all(|finding| finding.severity != Severity::Error);
    Ok(estate.filter(|_| is_sound).ok_or(Stopped(findings))?)
}
