//! `ripectl import`: files for what is registered already, proved to say what the registry says before they are written.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};

use super::{
    Answer, files,
    key::Need,
    options::{RegistryOptions, ReportForm, Verbosity},
    session::Session,
};
use crate::{
    disk::Tree,
    estate::{self, CONFIG, Draft, Estate},
    finding::{Finding, Severity, Source},
    import::{self, Folded, Found, Wanted},
    net::{Asn, Prefix},
    outcome::Outcome,
    plan::{Plan, Selector},
    registered::{Query, Registered},
    report::{Again, Headed, Imported, Output, Printer, Stopped},
    rpsl::{Class, File, Key, Object},
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
    let base = Draft { config: config(args, &root)?, ..Draft::default() };
    let estate = loaded(&root, &base, args, &user)?;
    let session = Session::of(estate, user.clone(), &args.registry, Need::Read, printer).await?;
    let wanted = args.wanted();
    let mut world = session.reading(gather(&session, &wanted)).await?;
    registered(&args.mntner, &world, &session.estate)?;
    let found = import::sort(&world.objects, &wanted, &session.estate);
    if args.fold {
        let above = import::above(&found.new);
        session.reading(session.registry.ask(&above, &[], &mut world)).await?;
    }
    let making = Making { args, root: &root, base: &base, user: &user, session: &session };
    let Made { draft, objects, replaced, folded, misfits, plan } = making.proved(&found, world).await?;
    write(&root, &draft, &replaced)?;
    let imported = Imported {
        registry: session.estate.registry.name.clone(),
        config: draft.config.as_ref().map(|_| PathBuf::from(CONFIG)),
        files: counted(&draft, &replaced),
        objects: objects.iter().map(Object::key).collect(),
        folded: folded.iter().map(|each| (each.parent, each.rows)).collect(),
        replaced: replaced.into_iter().collect(),
        declared: found.declared.len(),
        others: found.others,
        hidden: found.hidden,
        misfits,
        plan,
    };
    let outcome = Outcome::found_if(!imported.is_whole());
    Ok(Answer::new(outcome, Headed { about: session.about(), report: imported }))
}

/// `ripectl.toml` as it must become, if it must: it says whose objects are ours.
fn config(args: &Args, root: &Path) -> anyhow::Result<Option<String>> {
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
    let other = args.registry.registry.as_deref().filter(|name| !["ripe", "sandbox"].contains(name));
    Ok(Some(import::config::first(&args.mntner, other)))
}

/// Nothing is written for a maintainer that there is not.
fn registered(names: &[String], world: &Registered, estate: &Estate) -> anyhow::Result<()> {
    let is_there = |name: &&String| world.objects.get(&Key::new(Class::Mntner, name)).is_some();
    let Some(missing) = names.iter().find(|name| !is_there(name)) else { return Ok(()) };
    let (name, registry) = (visible::line(missing), &estate.registry.name);
    bail!(
        "there is no maintainer {name} at {registry}\nhint: as whois shows it in `mnt-by` of your objects; nothing was written"
    )
}

fn loaded(root: &Path, draft: &Draft, args: &Args, user: &Configuration) -> anyhow::Result<Estate> {
    let (estate, findings) = estate::load_draft(root, draft, args.registry.registry.as_deref(), user);
    Ok(estate.ok_or(Stopped(findings))?)
}

/// All that is wanted, with what a search does not show whole read by its key.
async fn gather(session: &Session, wanted: &[Wanted]) -> anyhow::Result<Registered> {
    let ours: Vec<String> =
        session.estate.manage.maintainers.iter().map(|key| key.text().to_owned()).collect();
    let queries: BTreeSet<Query> = wanted.iter().flat_map(|wanted| wanted.queries(&ours)).collect();
    let is_wanted = |key: &Key, object: &Object| {
        crate::plan::is_ours(object, &session.estate.manage)
            && wanted.iter().any(|each| each.wants(key, object))
    };
    let origins: BTreeSet<Asn> = wanted.iter().filter_map(Wanted::origin).collect();
    Ok(session.registry.gather(&queries, &origins, is_wanted).await?)
}

/// What files are made with.
struct Making<'a> {
    args: &'a Args,
    root: &'a Path,
    base: &'a Draft,
    user: &'a Configuration,
    session: &'a Session,
}

/// Files that are proved, and not written yet.
struct Made {
    draft: Draft,
    /// The objects that they declare.
    objects: Vec<Object>,
    /// Those of the files that are there, and are written over.
    replaced: BTreeSet<PathBuf>,
    /// Those of the objects that are rows.
    folded: Vec<Folded>,
    /// What cannot be declared as it is registered, and why.
    misfits: Vec<(Key, String)>,
    /// What would be planned then.
    plan: Plan,
}

impl Making<'_> {
    /// The files for what was found, without what turns out to be no object that could be declared.
    async fn proved(&self, found: &Found, world: Registered) -> anyhow::Result<Made> {
        let (sources, findings) = estate::objects(self.root);
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Err(Stopped(findings).into());
        }
        let taken: BTreeSet<PathBuf> = sources.iter().map(|source| source.path.clone()).collect();
        let replaced = if self.args.force { replacing(&sources, &found.declared) } else { BTreeMap::new() };
        let (mut objects, mut misfits) = (found.new.clone(), Vec::new());
        // What cannot be a row is an object of a file; what cannot be that is left out.
        let mut apart = BTreeSet::new();
        loop {
            let folded = self.folded(&objects, &world, &apart);
            let made: BTreeSet<Key> = folded.iter().flat_map(|each| each.made.clone()).collect();
            let single: Vec<Object> =
                objects.iter().filter(|object| !made.contains(&object.key())).cloned().collect();
            let mut draft = self.draft(&folded)?;
            draft.files.extend(import::files(&single, &taken));
            draft.files.extend(replaced.clone());
            match self.tried(&draft, &objects, &world).await {
                Ok(Ok(plan)) => {
                    let replaced = replaced.into_keys().collect();
                    return Ok(Made { draft, objects, replaced, folded, misfits, plan });
                }
                Ok(Err(more)) => {
                    let (rows, more): (BTreeMap<_, _>, BTreeMap<_, _>) =
                        more.into_iter().partition(|(key, _)| made.contains(key));
                    apart.extend(rows.into_keys());
                    objects.retain(|object| !more.contains_key(&object.key()));
                    misfits.extend(more);
                }
                Err(error) if made.is_empty() => return Err(error),
                Err(_) => apart.extend(made),
            }
        }
    }

    /// The tables that there are to be.
    fn folded(&self, objects: &[Object], world: &Registered, apart: &BTreeSet<Key>) -> Vec<Folded> {
        if !self.args.fold {
            return Vec::new();
        }
        let held: Vec<Prefix> = self.session.estate.allocations.iter().map(|each| each.prefix).collect();
        let templates = estate::template_paths(self.root).into_iter().collect();
        import::fold(objects, &world.objects, apart, &held, &templates)
    }

    /// `ripectl.toml` with these tables behind all that stands there, and their templates.
    fn draft(&self, folded: &[Folded]) -> anyhow::Result<Draft> {
        let mut draft = self.base.clone();
        if folded.is_empty() {
            return Ok(draft);
        }
        let mut config = match draft.config.take() {
            Some(config) => config,
            None => estate::config(self.root).map_err(|finding| Stopped(vec![*finding]))?.text.clone(),
        };
        if !config.ends_with('\n') {
            config.push('\n');
        }
        config.extend(folded.iter().map(|each| each.config.as_str()));
        draft.config = Some(config);
        draft.files.extend(folded.iter().flat_map(|each| each.templates.clone()));
        Ok(draft)
    }

    /// What would be planned if the draft were written; or which of `objects` do not come out of it as they went in.
    async fn tried(
        &self,
        draft: &Draft,
        objects: &[Object],
        world: &Registered,
    ) -> anyhow::Result<Result<Plan, BTreeMap<Key, String>>> {
        let registry = self.args.registry.registry.as_deref();
        let (estate, findings) = estate::load_draft(self.root, draft, registry, self.user);
        let Some(estate) = estate else {
            let errors = || findings.iter().filter(|finding| finding.severity == Severity::Error);
            let misfits: BTreeMap<Key, String> = errors().filter_map(|each| misfit(each, draft)).collect();
            // What is wrong elsewhere is the user's to mend.
            return if misfits.is_empty() { Err(Stopped(findings).into()) } else { Ok(Err(misfits)) };
        };
        let plan = self.session.rehearse(&estate, world.clone()).await?;
        let ours: BTreeSet<Key> = objects.iter().map(Object::key).collect();
        let differs = plan.steps.iter().filter_map(|step| step.change.id().key().cloned());
        let differs: BTreeMap<Key, String> = differs
            .filter(|key| ours.contains(key))
            .map(|key| (key, "what would be stored of it differs from what is registered".to_owned()))
            .collect();
        Ok(if differs.is_empty() { Ok(plan) } else { Err(differs) })
    }
}

/// The new object that a finding is about, and what it says.
fn misfit(finding: &Finding, draft: &Draft) -> Option<(Key, String)> {
    let place = finding.place.as_ref()?;
    let text = draft.files.get(&place.source.path)?;
    let source = Arc::new(Source::new(&place.source.path, text.clone()));
    Some((import::object_at(&source, place.span.start)?, finding.text.clone()))
}

/// The files of the user's that declare one of `objects` otherwise, as they would be.
fn replacing(sources: &[Arc<Source>], objects: &[Object]) -> BTreeMap<PathBuf, String> {
    let objects = objects.iter().map(|object| (object.key(), object.clone())).collect();
    let new = |source: &Arc<Source>| Some((source.path.clone(), import::with_objects(source, &objects)?));
    sources.iter().filter_map(new).collect()
}

/// The new files, and how many objects each has.
fn counted(draft: &Draft, replaced: &BTreeSet<PathBuf>) -> Vec<(PathBuf, usize)> {
    let is_new = |path: &Path| path.starts_with("objects") && !replaced.contains(path);
    let new = draft.files.iter().filter(|(path, _)| is_new(path));
    let count = |(path, text): (&PathBuf, &String)| {
        let source = Arc::new(Source::new(path, text.clone()));
        (path.clone(), File::parse(&source).0.objects().count())
    };
    new.map(count).collect()
}

/// Objects first: without `ripectl.toml` they are nothing, and it without them would be an estate that declares nothing.
fn write(root: &Path, draft: &Draft, replaced: &BTreeSet<PathBuf>) -> anyhow::Result<()> {
    let tree = Tree::open(root)?;
    for (path, text) in &draft.files {
        match replaced.contains(path) {
            true => tree.replace(path, text.as_bytes())?,
            false => tree.add(path, text.as_bytes())?,
        }
    }
    let Some(config) = &draft.config else { return Ok(()) };
    let path = Path::new(CONFIG);
    match root.join(path).symlink_metadata().is_ok() {
        true => tree.replace(path, config.as_bytes())?,
        false => tree.add(path, config.as_bytes())?,
    }
    Ok(())
}
