//! An estate and the registry of the run, with the key at hand: what `plan`, `apply` and `validate` begin with.

use std::{collections::BTreeSet, sync::Arc};

use jiff::{Timestamp, Unit, tz::Offset};

use super::{
    embedded_sandbox::{self, Embedded},
    expiry, files,
    key::{self, Need},
    options::RegistryOptions,
    rounds::{self, Asked, Decided},
};
use crate::{
    apply,
    disk::StateDir,
    estate::{self, Endpoint, Estate},
    finding::Finding,
    net::{Block, Prefix},
    plan::{self, Made, Plan, PlanOptions, Replay},
    registered::{Query, Registered},
    registry::{Listener, Notice, Registry, Remote, SyncPlace},
    report::{self, Detail, Planned, Printer, Progress, Stopped},
    rules::{KeyScope, Settings},
    sandbox::Running,
    user::{self, Configuration},
};

/// An open estate and its registry.
pub struct Session {
    /// What the files say.
    pub estate: Arc<Estate>,
    /// Where it goes.
    pub registry: Registry,
    /// The surroundings of the registry, as far as they can be known.
    pub settings: Settings,
    /// What is being done, where somebody looks.
    pub progress: Progress,
    /// `ripectl.toml` as the user would type it.
    config: String,
    /// What the user's own configuration says.
    pub user: Configuration,
    /// Keeps the embedded registry running.
    _sandbox: Option<Running>,
}

impl Session {
    /// Reads the estate and reaches the registry of this run. Nothing is sent yet.
    pub async fn open(options: &RegistryOptions, need: Need, printer: Printer) -> anyhow::Result<Session> {
        let user = user::load().map_err(Stopped)?;
        let estate = declared(options, &user, printer)?;
        Session::of(estate, user, options, need, printer).await
    }

    /// Reaches the registry of the run for an estate. Nothing is sent yet.
    pub async fn of(
        estate: Estate,
        user: Configuration,
        options: &RegistryOptions,
        need: Need,
        printer: Printer,
    ) -> anyhow::Result<Session> {
        let named = &estate.registry;
        let mut sandbox = None;
        let (base, keys, settings) = match &named.endpoint {
            Endpoint::Url(url) => {
                (url.to_string(), key::choose(named, url, &user, need, printer)?, named.settings())
            }
            Endpoint::Embedded => {
                let state = StateDir::open(options.state.state_dir.as_deref(), &estate.root)?;
                let Embedded { url, running, secret, settings } =
                    embedded_sandbox::start(&estate.manage.maintainers, &state).await?;
                sandbox = running;
                (url, vec![secret.named(&named.name)], settings)
            }
            Endpoint::Unknown => return Err(Stopped(vec![without_url(named, &user)]).into()),
        };
        let sync = user.registry(&named.name).and_then(|own| own.sync_url.as_ref());
        let sync = sync.map(|at| SyncPlace::own(at.value.url().as_str()));
        let remote = Remote { sync, ..Remote::new(&named.name, &base, &named.source) };
        let progress = printer.progress();
        let registry = Registry::new(remote, keys, listener(&named.name, &progress))?;
        if let Some(state) = StateDir::find(options.state.state_dir.as_deref(), &estate.root)? {
            registry.heed(apply::recent(&state, &named.name, Timestamp::now())?);
            let dates = expiry::of_registry(&state, &registry);
            printer.findings(expiry::findings(
                &dates,
                registry.key_names(),
                Offset::UTC.to_datetime(Timestamp::now()).date(),
            ));
        }
        let config = printer.from_here(&files::config(&estate.root));
        Ok(Session {
            estate: Arc::new(estate),
            registry,
            settings,
            progress,
            config,
            user,
            _sandbox: sandbox,
        })
    }

    /// What a report is about: the file, the registry and its host.
    pub fn about(&self) -> Vec<String> {
        vec![self.config.clone(), self.estate.registry.name.clone(), self.registry.host().to_owned()]
    }

    /// Reads the files of the estate again, after a key was written into them.
    pub fn read_again(&mut self) -> anyhow::Result<()> {
        let (estate, findings) =
            estate::load(&self.estate.root, Some(&self.estate.registry.name), &self.user);
        self.estate = Arc::new(estate.ok_or(Stopped(findings))?);
        Ok(())
    }

    /// Where journals are kept; made if it is not there.
    pub fn state_dir(&self, options: &RegistryOptions) -> anyhow::Result<StateDir> {
        Ok(StateDir::open(options.state.state_dir.as_deref(), &self.estate.root)?)
    }

    /// The blocks that questions are widened to, so that their number does not grow with that of the objects.
    pub fn blocks(&self) -> Vec<Block> {
        blocks(&self.estate)
    }

    /// Reads what is registered and plans what the files want, asking until nothing is left to ask.
    pub async fn plan(&self, options: &PlanOptions) -> anyhow::Result<(Planned, Registered)> {
        let is_part = !options.only.is_empty();
        let make = |world: &Registered| plan::plan(world, &self.estate, options);
        let (mut planned, world) = self.planned(Registered::default(), make, is_part).await?;
        planned.plan.made = Made::with(options, &self.estate.digest);
        Ok((planned, world))
    }

    /// Reads what is registered, and plans what of an earlier run is to be done, or taken back.
    pub async fn replay(&self, replay: &Replay, options: &PlanOptions) -> anyhow::Result<Planned> {
        let make = |world: &Registered| plan::replay(replay, world, &self.estate, options);
        Ok(self.planned(Registered::default(), make, true).await?.0)
    }

    /// What would be planned now for `estate`, which is not written yet, over what is `known` and what else must be asked.
    pub async fn rehearse(&self, estate: &Estate, known: Registered) -> anyhow::Result<Plan> {
        let options = PlanOptions::default();
        let make = |world: &Registered| plan::plan(world, estate, &options);
        let Session { registry, settings, .. } = self;
        let blocks = blocks(estate);
        let asked = Asked { estate, registry, settings, blocks: &blocks };
        Ok(self.reading(rounds::planned(asked, known, make, false)).await?.plan)
    }

    /// Does something that reads from the registry, and shows that it does.
    pub async fn reading<T>(&self, read: impl Future<Output = T>) -> T {
        self.progress.begin(0, format!("reading {}", self.registry.host()));
        let found = read.await;
        self.progress.finish();
        found
    }

    /// Who can ask.
    pub fn key_scopes(&self, world: &Registered) -> Vec<KeyScope> {
        rounds::key_scopes(&self.registry, &self.estate, world)
    }

    /// What `make` plans, asking until nothing is left to ask.
    async fn planned(
        &self,
        known: Registered,
        make: impl Fn(&Registered) -> Result<Plan, BTreeSet<Query>>,
        is_part: bool,
    ) -> anyhow::Result<(Planned, Registered)> {
        let Session { estate, registry, settings, .. } = self;
        let blocks = self.blocks();
        let asked = Asked { estate, registry, settings, blocks: &blocks };
        let Decided { plan, world, key_scopes, .. } =
            self.reading(rounds::planned(asked, known, make, is_part)).await?;
        Ok((Planned { survey: self.described(key_scopes), plan, detail: Detail::Steps }, world))
    }

    /// What is said of how it was asked.
    fn described(&self, key_scopes: Vec<KeyScope>) -> report::Survey {
        let counts = self.registry.counts();
        let now = Timestamp::now().round(Unit::Second).unwrap_or(Timestamp::UNIX_EPOCH);
        report::Survey {
            registry: self.estate.registry.name.clone(),
            about: self.about(),
            objects: counts.objects,
            requests: counts.requests,
            time: now.strftime("%H:%M:%SZ").to_string(),
            key_scopes,
        }
    }
}

fn blocks(estate: &Estate) -> Vec<Block> {
    let allocations = estate.allocations.iter().map(|allocation| allocation.prefix);
    let exclusive = estate.manage.exclusive.iter().map(|exclusive| exclusive.value);
    let blocks: BTreeSet<Block> = allocations.chain(exclusive).map(Prefix::block).collect();
    blocks.into_iter().collect()
}

/// The estate, if its files are in order; warnings are said at once.
fn declared(options: &RegistryOptions, user: &Configuration, printer: Printer) -> anyhow::Result<Estate> {
    let (estate, findings) = estate::load(&files::root()?, options.registry.as_deref(), user);
    match estate {
        None => Err(Stopped(findings).into()),
        Some(estate) => {
            printer.warnings(findings);
            Ok(estate)
        }
    }
}

/// A registry that the repository names, and whose URL is the user's to say.
fn without_url(registry: &estate::Registry, user: &Configuration) -> Finding {
    let estate::Registry { name, source, .. } = registry;
    let remedy = user.lines_for(name, "https://…", source);
    Finding::error("registry", format!("registry `{name}` has no URL")).fix(remedy)
}

/// Tells what the registry makes us wait for.
pub(super) fn listener(name: &str, progress: &Progress) -> Listener {
    let (name, progress) = (name.to_owned(), progress.clone());
    Arc::new(move |notice| match notice {
        Notice::Answered(requests) => progress.answered(*requests),
        Notice::Waiting { status, pause } => progress.tell(&format!(
            "{name} asks to wait {} s ({status}, {})",
            pause.as_secs().max(1),
            if *status == 429 { "too many requests" } else { "not at work" }
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        plan::{Change, EarlierRound, Step, Verdict, preflight, question},
        registered::Inventory,
        rpsl::Object,
        rules::Credential,
        target::TargetId,
    };

    /// What is foreseen of a registry of this name, which holds `mntner: A-MNT` of ours: the verdict, and why.
    fn check(name: &str, url: &str, object: &str, verdict: Verdict, why: &[&str]) {
        let registry = estate::Registry {
            name: name.to_owned(),
            endpoint: Endpoint::Url(url.parse().unwrap()),
            source: "RIPE".to_owned(),
            credentials: Vec::new(),
        };
        let held = [
            "mntner: A-MNT\nadmin-c: AB1-RIPE\nauth: SSO held@a.example\nmnt-by: A-MNT\nsource: RIPE\n",
            "person: A B\nnic-hdl: AB1-RIPE\nmnt-by: A-MNT\nsource: RIPE\n",
            "aut-num: AS1\nmnt-by: A-MNT\nsource: RIPE\n",
            "inet6num: ::/0\nmnt-by: A-MNT\nstatus: ALLOCATED-BY-RIR\nsource: RIPE\n",
        ];
        let objects: Vec<Object> = held.iter().map(|text| Object::parse(*text).unwrap()).collect();
        let world = Registered::whole(Inventory::of(objects));
        let after = Object::parse(object).unwrap();
        let change = match world.objects.get(&after.key()) {
            Some(before) => Change::Modify { before: before.clone(), after },
            None => Change::Create(after),
        };
        let mut steps = [Step::new(TargetId::new("ripe"), change.to_records())];
        let credential = Credential::Maintainers(vec!["A-MNT".to_owned()]);
        let key_scopes = [KeyScope { key: String::new(), credential }];
        preflight(
            &mut steps,
            EarlierRound::default(),
            &world,
            &key_scopes,
            &registry.settings(),
            Timestamp::now(),
        );
        let decision = steps[0].decision.as_ref().unwrap();
        let mut said: Vec<String> =
            decision.errors().chain(decision.doubtful()).map(ToString::to_string).collect();
        said.extend(decision.undecided.iter().map(|open| question(&open.needs)));
        assert_eq!(steps[0].verdict(), verdict, "{said:#?}");
        for part in why {
            assert!(said.iter().any(|text| text.contains(part)), "`{part}` is not in {said:#?}");
        }
    }

    const LOOPBACK: &str = "http://127.0.0.1:1";
    const PUBLIC: &str = "https://rest.db.ripe.net";

    #[test]
    fn what_hangs_on_unseen_settings_is_not_certain() {
        let bogon = "route6: 2001:db8::/32\norigin: AS1\nmnt-by: A-MNT\nsource: RIPE\n";
        let said = "Bogon prefix 2001:db8::/32 is not allowed.";
        check(
            "ripe",
            PUBLIC,
            bogon,
            Verdict::Undecided,
            &[said, "which prefixes the registry takes for bogons"],
        );
        check("mine", LOOPBACK, bogon, Verdict::Refused, &[said]);
        let reserved = "route6: 2a0f::/32\norigin: AS64512\nmnt-by: A-MNT\nsource: RIPE\n";
        check("ripe", PUBLIC, reserved, Verdict::Undecided, &["Cannot use reserved AS number 64512"]);
        check("mine", LOOPBACK, reserved, Verdict::Refused, &["Cannot use reserved AS number 64512"]);
    }

    #[test]
    fn accounts_are_known_to_the_operator_alone() {
        let changed = |auth: &str| {
            format!(
                "mntner: A-MNT\nadmin-c: AB1-RIPE\nupd-to: a@a.example\nauth: SSO held@a.example\nauth: {auth}\n\
                 mnt-by: A-MNT\nsource: RIPE\n"
            )
        };
        let new = changed("SSO new@a.example");
        check("ripe", PUBLIC, &new, Verdict::Undecided, &["there is an account new@a.example"]);
        check("mine", LOOPBACK, &new, Verdict::Accepted, &[]);
        check("ripe", PUBLIC, &changed("PGPKEY-12345678"), Verdict::Refused, &["PGPKEY-12345678"]);
        let hash = changed("MD5-PW $1$abcdefgh$1234567890123456789012");
        check("ripe", PUBLIC, &hash, Verdict::Refused, &["MD5 hashed password"]);
        check("mine", LOOPBACK, &hash, Verdict::Accepted, &[]);
    }
}
