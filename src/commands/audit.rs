//! `ripectl audit`: what others will look at, looked at before.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};

use super::{
    Answer,
    key::Need,
    options::{FindingForm, RegistryOptions},
    personal_data_budget::Budget,
    session::Session,
};
use crate::{
    audit::{self, Audit, Delegated, Look},
    disk::named,
    dns::{self, Bounds, Reach, Resolve},
    estate::Declared,
    finding::{Severity, Source},
    outcome::Outcome,
    packed,
    registered::{Query, Registered},
    registry::Wanted,
    report::{Again, Audited, Headed, NameServers, Output, Printer},
    rpsl::Key,
};

/// Look at what the RIPE NCC's assisted registry check will look at
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// What the RIPE NCC's assisted registry check (ARC) looks at: registry data, resources, reverse DNS
    #[arg(long)]
    arc: bool,
    /// Hold the resources against this file, the RIPE NCC's delegated-ripencc-extended-latest (or its .gz)
    #[arg(long, value_name = "FILE")]
    delegated: Option<PathBuf>,
    /// Ask the name servers of the reverse zones, each directly; without it nobody asks them
    #[arg(long)]
    dns: bool,
    /// Ask a name server here, whatever its name leads to; may be repeated
    #[arg(long, value_name = "NAME=ADDRESS:PORT", requires = "dns")]
    resolve: Vec<Resolve>,
    /// Where it goes.
    #[command(flatten)]
    pub registry: RegistryOptions,
    #[command(flatten)]
    form: FindingForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.registry.again()
    }

    /// How the findings are shown.
    pub fn output(&self) -> Output {
        self.registry.on(self.form.output())
    }
}

/// Looks at what is registered, and asks the name servers if that is wanted. Only reads are sent.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    if !args.arc {
        bail!(
            "which audit is meant?\nhint: `ripectl audit --arc` looks at what the RIPE NCC's assisted registry check looks at; \
             there is no other today"
        );
    }
    let delegated = args.delegated.as_deref().map(delegations).transpose()?;
    let session = Session::open(&args.registry, Need::Read, printer).await?;
    let declared = session.estate.declared.iter().map(|each| (each.object.key(), each)).collect();
    let Known { world, unread, mut audit } =
        session.reading(looked(&session, &declared, delegated.as_ref())).await?;
    let look = Look {
        estate: &session.estate,
        declared: &declared,
        world: &world,
        unread: &unread,
        delegated: delegated.as_ref(),
    };
    let zones = audit::zones(&look);
    let mut name_servers = NameServers { zones: zones.len(), ..NameServers::default() };
    if args.dns {
        let reach = if session.estate.registry.is_embedded() { Reach::Said } else { Reach::Everywhere };
        session.progress.begin(0, "asking the name servers".to_owned());
        let answers = dns::ask(&zones, &args.resolve, reach, Bounds::default()).await;
        session.progress.finish();
        audit.findings.extend(audit::judge_zones(&look, zones.iter().zip(&answers.seen)));
        name_servers.asked = Some(answers.seen.iter().map(|seen| seen.asked.len()).sum());
        for seen in answers.seen {
            name_servers.unasked.extend(seen.unasked);
            name_servers.passed_over.extend(seen.passed_over);
        }
        name_servers.too_late = answers.too_late;
    }
    let is_found = audit.findings.iter().any(|finding| finding.severity != Severity::Info);
    let outcome = match name_servers.is_whole() {
        true => Outcome::found_if(is_found),
        false => Outcome::Trouble, // who was not asked is not well
    };
    Ok(Answer::new(outcome, Headed { about: session.about(), report: Audited { audit, name_servers } }))
}

/// What is known of the registry, and what it comes to.
struct Known {
    world: Registered,
    unread: BTreeSet<Query>,
    audit: Audit,
}

/// Asks until nothing is left to ask, but for more contacts of others than a run may read.
async fn looked(
    session: &Session,
    declared: &BTreeMap<Key, &Declared>,
    delegated: Option<&Delegated>,
) -> anyhow::Result<Known> {
    let (estate, registry, blocks) = (&session.estate, &session.registry, session.blocks());
    let maintainers: Vec<String> =
        estate.manage.maintainers.iter().map(|key| key.text().to_owned()).collect();
    let keys: BTreeSet<Key> = declared.keys().cloned().collect();
    let wanted = Wanted { maintainers: &maintainers, declared: &keys, allocations: &blocks };
    let mut world = registry.survey(wanted).await?;
    let mut budget = Budget::new(estate.manage.limits.contacts, &keys);
    let (mut asked, mut unread) = (BTreeSet::new(), BTreeSet::new());
    loop {
        let look = Look { estate, declared, world: &world, unread: &unread, delegated };
        let open = match audit::arc(&look) {
            Ok(audit) => return Ok(Known { world, unread, audit }),
            Err(open) => open,
        };
        let affordable = budget.afford(open.clone());
        unread.extend(open.difference(&affordable).cloned());
        let new: BTreeSet<Query> = affordable.difference(&asked).cloned().collect();
        if new.is_empty() && affordable.len() == open.len() {
            bail!("the registry's answers left questions open: {open:?}");
        }
        registry.ask(&new, &blocks, &mut world).await?;
        asked.extend(new);
    }
}

/// What the RIPE NCC has delegated, as a file of it says.
fn delegations(path: &Path) -> anyhow::Result<Delegated> {
    /// Packed or not: the RIPE NCC's has about 20 MB.
    const LIMIT: u64 = 256 << 20;
    let name = path.display().to_string();
    let content = named::read(path, LIMIT)
        .map_err(|error| anyhow::anyhow!("`{}` {}", error.path.display(), error.why))?;
    let bytes = packed::unpack(&content.bytes).with_context(|| format!("`{name}` cannot be read"))?;
    let text = String::from_utf8(bytes.into_owned()).with_context(|| format!("`{name}` is no text"))?;
    let read = Delegated::parse(&Arc::new(Source::new(path, text)));
    match read {
        Err(_) if !content.quotable => bail!(
            "`{name}` is no file of delegations; nothing of it is shown\n\
             hint: give delegated-ripencc-extended-latest itself, and no link to it"
        ),
        read => Ok(read?),
    }
}
