//! The estate: the user's files as declared objects and announcements.
//!
//! [`load`] reads `ripectl.toml` with what it names, `objects/` and `templates/`, and says all that is wrong with them at once.
//! Only `read`, `walk`, `matching` and `write` touch the file system; the rest makes values of text. Nothing here knows what is
//! registered.

mod absence;
mod allocation;
mod assigned;
mod blocks;
mod declared;
mod expect;
mod geofeed;
mod include;
mod joined;
mod maintained;
mod manage;
mod matching;
mod misread;
mod pattern;
mod read;
mod registry;
mod render;
mod rows;
mod rpki;
mod shared;
mod site;
mod space;
mod template;
mod unused;
mod waiver;
mod walk;
mod write;
mod written;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
};

pub use crate::config::At;
pub use absence::{Absence, AbsenceError, Side};
pub use allocation::Allocation;
pub use assigned::is_undeclared;
pub use blocks::Block;
pub use declared::{Declared, Origin, of_customer};
pub use expect::{Demand, Expect};
pub use geofeed::{Geofeed, VARIABLES as GEOFEED_VARIABLES};
pub use manage::{KeyPattern, Limits, Manage, PatternError};
pub use pattern::Customer;
pub use read::{CONFIG, Draft, NotFound, config, find, objects, read_again, template_paths, text};
pub use registry::{Endpoint, Registry, registry, registry_names};
pub use rpki::{MaxAge, MaxAgeError, Publisher, PublisherKind, Rpki, VrpOrigin};
pub use shared::Shared;
pub use site::{RoaDemand, Site, Upstream};
pub use waiver::{Waiver, Weights};
pub use walk::unread;
pub use write::{can_write, sweep, write_keys};
pub use written::{Given, Reverse, Vars};

use crate::{
    config::{self, Entries, Keys, Row},
    finding::{Finding, Location, Severity},
    net::{Asn, Family, Prefix},
    rpsl::Class,
    user::Configuration,
};
use blocks::Sites;

/// What the user's files say, for a run against one registry.
#[derive(Clone, Debug)]
pub struct Estate {
    /// The directory of `ripectl.toml`: relative paths begin here.
    pub root: PathBuf,
    /// The digest of its text and of the files that it names, which tells estates apart wherever they stand.
    pub digest: String,
    /// The registry of this run.
    pub registry: Registry,
    /// All registries that there are to choose from.
    pub registries: Vec<Registry>,
    /// Whose objects are ours, and what may happen to them.
    pub manage: Manage,
    /// The customers that there are: those of files, in their order, and then those of rows.
    pub customers: Vec<Customer>,
    /// Objects that are edited together with others, in the order of the file.
    pub shared: Vec<Arc<Shared>>,
    /// What others must hold, in the order of the files.
    pub expects: Vec<Expect>,
    /// Where prefixes are announced, in the order of the file.
    pub sites: Vec<Site>,
    /// Who carries the announcements, in the order of the file.
    pub upstreams: Vec<Upstream>,
    /// Our address space, in the order of the files.
    pub allocations: Vec<Allocation>,
    /// Where the file is published that says where addresses are used, if it is.
    pub geofeed: Option<Geofeed>,
    /// Where VRPs come from, if the file says so.
    pub rpki: Option<Rpki>,
    /// How much the rules of `validate` weigh.
    pub weights: Weights,
    /// What is excepted from them, in the order of the file.
    pub waivers: Vec<Waiver>,
    /// The objects that should be in the registry: those of files by path, then those of blocks. No key
    /// twice.
    pub declared: Vec<Declared>,
    /// What is announced where: blocks × sites, in the order of the file.
    pub announcements: Vec<Announcement>,
}

/// A prefix, the AS that originates it, and where that is done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Announcement {
    /// The prefix.
    pub prefix: Prefix,
    /// The AS that originates it.
    pub origin: Asn,
    /// The names of the sites that announce it; at least one.
    pub sites: Vec<String>,
    /// The block that says so.
    pub place: Location,
}

impl Estate {
    /// The site of this name.
    pub fn site(&self, name: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.name == name)
    }

    /// The customer whose block or allocation holds `block`: of several the narrowest.
    pub fn customer_at(&self, block: crate::net::Block) -> Option<&Customer> {
        let parts = self.allocations.iter().flat_map(|allocation| {
            let own = allocation.blocks.iter().map(|block| (block.prefix, block.customer.as_ref()));
            std::iter::once((allocation.prefix, allocation.customer.as_ref())).chain(own)
        });
        let holding = parts.filter_map(|(prefix, customer)| Some((prefix, customer?)));
        let holding = holding.filter(|(prefix, _)| prefix.block().contains(block));
        holding.max_by_key(|(prefix, _)| prefix.len()).map(|(_, customer)| customer)
    }

    /// The upstream of the site of this name.
    pub fn upstream_of(&self, site: &str) -> Option<&Upstream> {
        let name = self.site(site)?.upstream.as_deref()?;
        self.upstreams.iter().find(|upstream| upstream.name == name)
    }
}

/// Reads the estate in `root` for `registry`: a name, or `None` for the only one that `ripectl.toml` names,
/// or `ripe`. `user` has the registries that are the user's own.
///
/// All problems are collected. There is an estate only if none of them is an error: what is planned with half
/// of the objects would delete the other half.
pub fn load(root: &Path, registry: Option<&str>, user: &Configuration) -> (Option<Estate>, Vec<Finding>) {
    if_sound(inspect(root, registry, user))
}

/// As [`load`], but with what stands in `draft` in the place of what is written: what would be if it were.
pub fn load_draft(
    root: &Path,
    draft: &Draft,
    registry: Option<&str>,
    user: &Configuration,
) -> (Option<Estate>, Vec<Finding>) {
    if_sound(inspect_draft(root, draft, registry, user))
}

/// As [`load_draft`], but with what could be read in spite of errors: to look for more of them, and for nothing else.
pub fn inspect_draft(
    root: &Path,
    draft: &Draft,
    registry: Option<&str>,
    user: &Configuration,
) -> (Option<Estate>, Vec<Finding>) {
    let (files, findings) = read::files_with(root, draft);
    understand(&files, findings, root, registry, user)
}

fn if_sound((estate, findings): (Option<Estate>, Vec<Finding>)) -> (Option<Estate>, Vec<Finding>) {
    let sound = findings.iter().all(|finding| finding.severity != Severity::Error);
    (estate.filter(|_| sound), findings)
}

/// As [`load`], but with what could be read in spite of errors: to look for more of them, and for nothing
/// else.
pub fn inspect(root: &Path, registry: Option<&str>, user: &Configuration) -> (Option<Estate>, Vec<Finding>) {
    let (files, findings) = read::files(root);
    understand(&files, findings, root, registry, user)
}

fn understand(
    files: &read::Files,
    mut findings: Vec<Finding>,
    root: &Path,
    registry: Option<&str>,
    user: &Configuration,
) -> (Option<Estate>, Vec<Finding>) {
    let problems = config::Problems::default();
    let config = files.config.as_ref();
    let estate = config.and_then(|source| {
        config::read(source, &KEYS, &problems, |table| settings(table, files, root, registry, user))
    });
    let mut problems = problems.into_inner();
    problems.sort_by_cached_key(in_order);
    let is_clear = problems.iter().all(|finding| finding.severity != Severity::Error);
    findings.extend(problems);
    let Some(mut estate) = estate.flatten() else {
        findings.extend(declared::written(&files.objects, "", &[], &[]).1);
        return (None, findings);
    };

    let source = estate.registry.source.clone();
    let sources = sources(&estate.registries);
    let (templates, broken) = template::Templates::new(&files.templates);
    let (mut declared, unreadable) = declared::written(&files.objects, &source, &sources, &estate.customers);
    findings.extend(render::missing_files(&estate.allocations, &templates));
    if is_clear {
        // Else each slip in `ripectl.toml` would be told again by what is rendered of it.
        let (rendered, problems) = render::all(&estate, &templates, &sources);
        declared.extend(rendered);
        findings.extend(problems);
    }
    findings.extend([broken, unreadable, declared::duplicates(&declared)].into_iter().flatten());
    if is_clear {
        findings.extend(assigned::assign(&estate.shared, &mut declared));
        if let Some(geofeed) = &estate.geofeed {
            let (expects, unpointed) = geofeed::pointers(geofeed, &estate.allocations, &declared);
            estate.expects.extend(expects);
            findings.extend(unpointed);
        }
    }
    findings.extend(space::contradictions(&estate, &declared));
    if is_clear {
        if let Some(config) = config {
            // Said before all else: it decides what all else means.
            findings.splice(0..0, maintained::check(&estate.manage, &declared, config));
        }
        findings.extend(maintained::mistyped(&estate.manage, &declared));
        findings.extend(space::beyond(&estate, &declared));
    }
    findings.extend(expect::contradictions(&estate.expects, &declared));
    if is_clear && findings.iter().all(|finding| finding.severity != Severity::Error) {
        findings.extend(unused::unused(&estate, &templates)); // beside an error it may be its consequence
    }
    estate.declared = declared;
    estate.digest = files.digest();
    (Some(estate), findings)
}

/// The place of a problem among others: first those of `ripectl.toml`, then those of each file that it names.
fn in_order(finding: &Finding) -> Option<(bool, PathBuf, usize)> {
    let place = finding.place.as_ref()?;
    let path = &place.source.path;
    Some((path.as_path() != Path::new(CONFIG), path.clone(), place.span.start))
}

/// The keys of `ripectl.toml`.
pub const KEYS: Keys = Keys {
    title: "`ripectl.toml`, key by key",
    about: "A key that is not here is refused, with the one that was probably meant. Keys of the user's own configuration are in\n\
            [keys.md](keys.md). `ripectl reference NAME` shows what is said of one key or table here.",
    rows: &[
        Row::needed::<At<u32>>("format", "1", "the version of this format"),
        Row::optional::<Vec<At<pattern::Pattern>>>(
            "include",
            "none",
            "files of customers, each with `[[allocation]]` and `[[expect]]` of its own ([lir.md](lir.md))",
        )
        .such_as("[\"customers/*.toml\"]"),
        Row::optional::<Entries<registry::Written>>(
            "registry",
            "those that are built in",
            "where objects are registered",
        ),
        Row::optional::<Manage>(
            "manage",
            "nothing is ours",
            "whose objects are ours, and what may happen to them",
        ),
        Row::optional::<Vec<expect::Written>>("expect", "nothing", "what others must hold"),
        Row::optional::<Entries<site::WrittenUpstream>>(
            "upstreams",
            "none",
            "networks that carry our announcements",
        ),
        Row::optional::<Entries<site::WrittenSite>>("sites", "none", "places that announce prefixes"),
        Row::optional::<Vec<written::Written>>(
            "allocation",
            "none",
            "address space, and what each block of it gets",
        ),
        Row::optional::<Rpki>("rpki", "`validate --vrps`", "what the announcements are validated against"),
        Row::optional::<Vec<shared::Written>>(
            "shared",
            "none",
            "objects that are edited together with others",
        ),
        Row::optional::<Geofeed>("geofeed", "no object points to one", "where addresses are used"),
        Row::later("steer"),
        Row::optional::<Weights>(
            "rules",
            "as `ripectl check --rules` says",
            "how much the rules of `validate` weigh",
        )
        .such_as("{ rpki-max-length-loose = \"off\" }"),
        Row::optional::<Vec<waiver::Written>>(
            "waiver",
            "none",
            "what is known to be wrong, and borne for a while",
        ),
    ],
};

/// What `ripectl.toml` says, with what it includes; `None` if it is not clear for which registry.
fn settings(
    table: &mut config::Table,
    files: &read::Files,
    root: &Path,
    chosen: Option<&str>,
    user: &Configuration,
) -> Option<Estate> {
    format(table);
    table.later("steer");
    let (registries, registry) = registry::read(table, chosen, user);
    let manage = table.get("manage").unwrap_or_default();
    let shared = shared::read(table);
    let mut expects = expect::read(table, None);
    let upstreams = site::read_upstreams(table);
    let sites = site::read_sites(table);
    let names = table.names("sites");
    let places = Sites::of(&names);
    let mut allocations = allocation::read(table, &places, files, None);
    let included = include::read(table, &KEYS, &places, files);
    expects.extend(included.expects);
    allocations.extend(included.allocations);
    let customers = customers(included.names, &allocations);
    let announcements = announcements(&allocations);
    let (rpki, geofeed) = (table.get("rpki"), table.get("geofeed"));
    let (weights, waivers) = (table.get("rules").unwrap_or_default(), waiver::read(table));
    let (root, registry, declared) = (root.to_path_buf(), registry?, Vec::new());
    Some(Estate {
        root,
        digest: String::new(),
        registry,
        registries,
        manage,
        customers,
        shared,
        expects,
        sites,
        upstreams,
        allocations,
        geofeed,
        weights,
        waivers,
        rpki,
        declared,
        announcements,
    })
}

/// The customers of files, and then those that rows name.
fn customers(mut names: Vec<Customer>, allocations: &[Allocation]) -> Vec<Customer> {
    let mut known: HashSet<Customer> = names.iter().cloned().collect();
    let blocks = allocations.iter().flat_map(|allocation| &allocation.blocks);
    let named = blocks.filter_map(|block| block.customer.as_ref());
    names.extend(named.filter(|name| known.insert(Customer::clone(name))).cloned());
    names
}

/// The format of `ripectl.toml` is this version's.
fn format(table: &mut config::Table) {
    table.require("format", "put `format = 1` on the first line");
    let format: Option<At<u32>> = table.get("format");
    if let Some(At { value, place }) = format.filter(|format| format.value != 1) {
        let text = format!("this is format {value}, and this version of ripectl knows format 1");
        table.report(
            Finding::error("config-value", text).fix("write `format = 1`, or update ripectl").at(place),
        );
    }
}

/// Each block that some site announces.
fn announcements(allocations: &[Allocation]) -> Vec<Announcement> {
    let announcement = |block: &Block| {
        let Block { prefix, origin, sites, place, .. } = block.clone();
        (!sites.is_empty()).then_some(Announcement { prefix, origin: origin?, sites, place })
    };
    allocations.iter().flat_map(|allocation| &allocation.blocks).filter_map(announcement).collect()
}

/// What the objects of the registries have as `source:`, each once.
fn sources(registries: &[Registry]) -> Vec<&str> {
    let mut sources: Vec<&str> = Vec::new();
    for Registry { source, .. } in registries {
        if !sources.contains(&source.as_str()) {
            sources.push(source);
        }
    }
    sources
}

/// The class of the objects that describe a block.
fn block_class(block: crate::net::Block) -> Class {
    match block.family() {
        Family::V4 => Class::Inetnum,
        Family::V6 => Class::Inet6num,
    }
}

#[cfg(test)]
mod tests;
