//! Files of an estate that are made, and proved before they are written.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::session::Session;
use crate::{
    disk::Tree,
    estate::{self, CONFIG, Draft},
    finding::{Finding, Severity, Source},
    import::{self, Folded, Found},
    net::Prefix,
    plan::Plan,
    registered::Registered,
    report::Stopped,
    rpsl::{File, Key, Object},
    user::Configuration,
};

/// What files are made with.
pub struct Drafting<'a> {
    /// The folder of the estate.
    pub root: &'a Path,
    /// What is to be written in any case.
    pub base: &'a Draft,
    /// The user's own configuration.
    pub user: &'a Configuration,
    /// The registry that is asked.
    pub session: &'a Session,
    /// Its name as it was given, if it was.
    pub registry: Option<&'a str>,
    /// Whether blocks that are alike become rows.
    pub is_folded: bool,
    /// Whether what is declared otherwise is replaced.
    pub is_forced: bool,
    /// What it is proved against.
    pub proof: Proof,
}

/// What the files are proved against.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Proof {
    /// What was read a moment ago, and what else must be asked.
    Known,
    /// What is asked anew: a dump may be old.
    Asked,
    /// Nothing: the registry cannot be asked.
    None,
}

/// Files that are proved, and not written yet.
pub struct Made {
    /// The files.
    pub draft: Draft,
    /// The objects that they declare.
    pub objects: Vec<Object>,
    /// Those of the files that are there, and are written over.
    pub replaced: BTreeSet<PathBuf>,
    /// Those of the objects that are rows.
    pub folded: Vec<Folded>,
    /// What cannot be declared as it is registered, and why.
    pub misfits: Vec<(Key, String)>,
    /// What would be planned then.
    pub plan: Plan,
}

impl Drafting<'_> {
    /// The files for what was found, without what turns out to be no object that could be declared.
    pub async fn proved(&self, found: &Found, world: Registered) -> anyhow::Result<Made> {
        let (sources, findings) = estate::objects(self.root);
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Err(Stopped(findings).into());
        }
        let taken: BTreeSet<PathBuf> = sources.iter().map(|source| source.path.clone()).collect();
        let replaced = if self.is_forced { replacing(&sources, &found.declared) } else { BTreeMap::new() };
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
        if !self.is_folded {
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
        let ours: BTreeSet<Key> = objects.iter().map(Object::key).collect();
        let (estate, findings) = estate::load_draft(self.root, draft, self.registry, self.user);
        let Some(estate) = estate else {
            let errors = || findings.iter().filter(|finding| finding.severity == Severity::Error);
            let mut misfits: BTreeMap<Key, String> =
                errors().filter_map(|each| misfit(each, draft)).collect();
            misfits.retain(|key, _| ours.contains(key));
            // What is wrong elsewhere is the user's to mend.
            return if misfits.is_empty() { Err(Stopped(findings).into()) } else { Ok(Err(misfits)) };
        };
        let known = match self.proof {
            Proof::None => return Ok(Ok(Plan::default())),
            Proof::Asked => Registered::default(),
            Proof::Known => world.clone(),
        };
        let plan = self.session.rehearse(&estate, known).await?;
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
pub fn counted(draft: &Draft, replaced: &BTreeSet<PathBuf>) -> Vec<(PathBuf, usize)> {
    let is_new = |path: &Path| path.starts_with("objects") && !replaced.contains(path);
    let new = draft.files.iter().filter(|(path, _)| is_new(path));
    let count = |(path, text): (&PathBuf, &String)| {
        let source = Arc::new(Source::new(path, text.clone()));
        (path.clone(), File::parse(&source).0.objects().count())
    };
    new.map(count).collect()
}

/// New files where none stands yet: all of them, or none.
fn free(root: &Path, draft: &Draft, replaced: &BTreeSet<PathBuf>) -> Result<(), Stopped> {
    let new = draft.files.keys().filter(|path| !replaced.contains(*path));
    let taken = new.filter(|path| root.join(path).symlink_metadata().is_ok());
    let finding = |path: &PathBuf| {
        let text = format!("{} stands there already", crate::visible::shown(path.display()));
        Finding::error("taken", text).fix("rename it, or move it elsewhere: nothing was written")
    };
    let findings: Vec<Finding> = taken.map(finding).collect();
    if findings.is_empty() { Ok(()) } else { Err(Stopped(findings)) }
}

/// Objects first: without `ripectl.toml` they are nothing, and it without them would be an estate that declares nothing.
pub fn write(root: &Path, draft: &Draft, replaced: &BTreeSet<PathBuf>) -> anyhow::Result<()> {
    free(root, draft, replaced)?;
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
