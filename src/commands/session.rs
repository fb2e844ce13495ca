//! An estate and the registry of the run, with the key at hand: what `plan`, `apply` and `validate` begin with.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use anyhow::bail;
use jiff::{Timestamp, Unit};

use super::{
    Common,
    embedded::{self, Embedded},
    files,
};
use crate::{
    estate::{self, Endpoint, Estate},
    finding::Severity,
    net::{Block, Prefix},
    plan::{self, Plan, Wishes},
    registered::{Query, Registered},
    registry::{Registry, Secret, Target, Wanted},
    report::{self, Planned, Printer, Stopped},
    rpsl::Key,
    rules::{Credential, Settings},
    sandbox::Running,
};

/// Whether a key is needed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Need {
    /// It reads only: without a key less is shown.
    Read,
    /// It writes: a key is asked for.
    Write,
}

/// An open estate and its registry.
pub struct Session {
    /// What the files say.
    pub estate: Estate,
    /// Where it goes.
    pub registry: Registry,
    /// The surroundings of the registry, as far as they can be known.
    pub settings: Settings,
    /// Keeps the embedded registry running.
    _sandbox: Option<Running>,
}

impl Session {
    /// Reads the estate and reaches the registry of this run. Nothing is sent yet.
    pub async fn open(common: &Common, need: Need, printer: Printer) -> anyhow::Result<Session> {
        let estate = declared(common, printer)?;
        let named = &estate.registry;
        let mut sandbox = None;
        let (base, secret, settings) = match &named.endpoint {
            Endpoint::Url(url) => {
                let settings = Settings { source: named.source.clone(), ..Settings::default() };
                (url.clone(), key(&named.name, need)?, settings)
            }
            Endpoint::Embedded => {
                let state_dir = files::state_dir(common.state_dir.as_deref(), &estate.root)?;
                let Embedded { running, secret, settings } =
                    embedded::start(&estate.manage.maintainers, &state_dir).await?;
                let url = running.url.clone();
                sandbox = Some(running);
                (url, Some(secret), settings)
            }
            Endpoint::UserConfiguration => bail!(
                "registry `{0}` has no URL\nhint: a repository may name a loopback URL only: `[registry.{0}] url = \"http://127.0.0.1:…\"`",
                named.name
            ),
        };
        let target = Target::new(&named.name, &base, &named.source);
        let registry = Registry::new(target, secret, Arc::new(|_| {}))?;
        Ok(Session { estate, registry, settings, _sandbox: sandbox })
    }

    /// Where journals are kept; made if it is not there.
    pub fn state_dir(&self, common: &Common) -> anyhow::Result<PathBuf> {
        files::state_dir(common.state_dir.as_deref(), &self.estate.root)
    }

    /// The blocks that questions are widened to, so that their number does not grow with that of the objects.
    pub fn blocks(&self) -> Vec<Block> {
        let allocations = self.estate.allocations.iter().map(|allocation| allocation.prefix);
        let exclusive = self.estate.manage.exclusive.iter().copied();
        let blocks: BTreeSet<Block> = allocations.chain(exclusive).map(Prefix::block).collect();
        blocks.into_iter().collect()
    }

    /// Reads what is registered and plans, asking until nothing is left to ask.
    pub async fn plan(&self, wishes: &Wishes, printer: Printer) -> anyhow::Result<(Planned, Registered)> {
        let progress = printer.progress(0);
        progress.doing(format!("reading {}", self.registry.host()));
        let planned = self.plan_quietly(wishes).await;
        progress.finish();
        planned
    }

    async fn plan_quietly(&self, wishes: &Wishes) -> anyhow::Result<(Planned, Registered)> {
        let maintainers: Vec<String> =
            self.estate.manage.maintainers.iter().map(|key| key.text().to_owned()).collect();
        let declared: BTreeSet<Key> = self.estate.declared.iter().map(|each| each.object.key()).collect();
        let blocks = self.blocks();
        let wanted = Wanted { maintainers: &maintainers, declared: &declared, allocations: &blocks };
        let survey = self.registry.survey(wanted).await?;
        let (mut world, mut proven) = (survey.registered, survey.proven);
        let mut asked = BTreeSet::new();
        let plan = loop {
            let (plan, open) = self.foresee(&world, wishes, &proven);
            let new: BTreeSet<Query> = open.difference(&asked).cloned().collect();
            match plan {
                Some(plan) if new.is_empty() => break plan,
                None if new.is_empty() => bail!("the registry's answers left questions open: {open:?}"),
                _ => proven.extend(self.registry.ask(&new, &blocks, &mut world).await?),
            }
            asked.extend(new);
        };
        if let Some(unknown) = plan.findings.iter().find(|finding| finding.rule == "only") {
            return Err(Stopped(vec![unknown.clone()]).into());
        }
        proven.sort();
        proven.dedup();
        let survey = self.described(self.registry.has_key().then_some(proven));
        Ok((Planned { survey, plan }, world))
    }

    /// The plan as far as `world` allows, each step decided, and what is still open.
    fn foresee(
        &self,
        world: &Registered,
        wishes: &Wishes,
        proven: &[String],
    ) -> (Option<Plan>, BTreeSet<Query>) {
        match plan::plan(world, &self.estate, wishes) {
            Err(open) => (None, open),
            Ok(mut plan) => {
                let credential = self.credential(proven);
                let open =
                    plan::preflight(&mut plan.steps, world, &credential, &self.settings, Timestamp::now());
                (Some(plan), open)
            }
        }
    }

    /// Who asks. Without a key it is foreseen what would happen with one that speaks for our maintainers.
    pub fn credential(&self, proven: &[String]) -> Credential {
        let ours = self.estate.manage.maintainers.iter().map(|key| key.text().to_owned());
        Credential::Maintainers(if self.registry.has_key() { proven.to_vec() } else { ours.collect() })
    }

    fn described(&self, speaks_for: Option<Vec<String>>) -> report::Survey {
        let counts = self.registry.counts();
        let now = Timestamp::now().round(Unit::Second).unwrap_or(Timestamp::UNIX_EPOCH);
        report::Survey {
            registry: self.estate.registry.name.clone(),
            host: self.registry.host().to_owned(),
            objects: counts.objects,
            requests: counts.requests,
            time: now.strftime("%H:%M:%SZ").to_string(),
            speaks_for,
        }
    }
}

/// The estate, if its files are in order; warnings are said at once.
fn declared(common: &Common, printer: Printer) -> anyhow::Result<Estate> {
    let (estate, findings) = estate::load(&files::root()?, common.registry.as_deref());
    match estate {
        None => Err(Stopped(findings).into()),
        Some(estate) => {
            let told: Vec<_> = findings.into_iter().filter(|f| f.severity != Severity::Info).collect();
            printer.findings(&told);
            Ok(estate)
        }
    }
}

/// The API key: from the environment, or asked for where something is to be written.
fn key(registry: &str, need: Need) -> anyhow::Result<Option<Secret>> {
    match (Secret::from_environment()?, need) {
        (Some(secret), _) => Ok(Some(secret)),
        (None, Need::Read) => Ok(None),
        (None, Need::Write) => Ok(Some(Secret::ask(registry)?)),
    }
}
