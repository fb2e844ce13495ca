//! What routers announce and what other registries hold, from where the user says.

use std::path::Path;

use anyhow::{anyhow, bail};

use super::{download::Keeping, fetched::Fetched};
use crate::{
    bgp::{self, Announced, Origin, Skipped},
    birdc,
    disk::{
        DUMP_LIMIT, FileError, VRP_LIMIT,
        named::{self, Stream},
    },
    estate::{Estate, VrpOrigin},
    finding::counted,
    http::Address,
    irr::{self, Route},
    irrd::{self, Place},
    net::{Asn, Entries, Prefix},
    reading::ReadError,
    report::Printer,
    validate::{self, Routes, Subject},
    visible,
};

/// Where announcements are taken from, besides the estate.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Announcements")]
pub struct Options {
    /// What routers announce: a file, `-` or a URL, recognised by content
    #[arg(long, value_name = "SOURCE")]
    announcements: Vec<String>,
    /// What BIRD exports to a protocol, asked over its control socket, as in `/run/bird/bird.ctl:upstream6`
    #[arg(long, value_name = "SOCKET:PROTO")]
    bird: Vec<String>,
    /// Whose announcements have an empty AS path [default: the origin of the estate, if it has one only]
    #[arg(long, value_name = "AS")]
    origin: Option<Asn>,
}

/// Where route objects are taken from, in the place of the registry of the estate.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Route objects")]
pub struct RouteOptions {
    /// Route objects: an RPSL dump (gzip too), `irr://HOST:PORT[/SOURCE,…]` (whois), or the URL of an IRRd's `/graphql/` [default: the registry of the estate]
    #[arg(long, value_name = "SOURCE")]
    irr: Vec<String>,
}

impl Options {
    /// Refuses to read standard input twice: for VRPs and announcements, or for several of these.
    pub fn read_once(&self, vrps: Option<&VrpOrigin>) -> anyhow::Result<()> {
        let of_vrps = matches!(vrps, Some(VrpOrigin::File(path)) if path.as_os_str() == "-");
        let of_announcements = self.announcements.iter().filter(|source| *source == "-").count();
        if usize::from(of_vrps) + of_announcements > 1 {
            bail!(
                "`-` is named twice, and standard input can be read once\nhint: give one of the two as a file"
            );
        }
        Ok(())
    }

    /// Whether nothing of it is given.
    pub fn is_empty(&self) -> bool {
        self.announcements.is_empty() && self.bird.is_empty()
    }

    /// What is said where neither an estate nor the command line says what is announced.
    pub fn nothing_announced(here: &Path) -> anyhow::Error {
        anyhow!(
            "there is no ripectl.toml in {} or above it, and no announcements are given\n\
             hint: `--announcements FILE` says what is announced; `ripectl init` makes a first ripectl.toml",
            visible::shown(here.display())
        )
    }

    /// What was seen, and the names of the sources; what the router originates itself is of the AS of `estate`.
    pub async fn look(
        &self,
        estate: Option<&Estate>,
        printer: Printer,
    ) -> anyhow::Result<(Vec<Subject>, Option<Vec<String>>)> {
        let own = self.origin.or_else(|| estate.and_then(single_origin));
        let (mut all, mut names) = (Vec::new(), Vec::new());
        let files = self.announcements.iter().map(|source| (source, false));
        let sources = files.chain(self.bird.iter().map(|source| (source, true)));
        for (number, (source, is_bird)) in (0_u16..).zip(sources) {
            let announced = if is_bird { exported(source).await? } else { announced(source).await? };
            all.reserve(announced.seen.len());
            for seen in &announced.seen {
                let origin = match (seen.origin, own) {
                    (Origin::As(asn), _) | (Origin::Own, Some(asn)) => Some(asn),
                    (Origin::Set, _) => None,
                    (Origin::Own, None) => bail!(
                        "`{}` has routes of the router's own AS, and which one that is is not known\nhint: `--origin AS205398` says it",
                        announced.source
                    ),
                };
                all.push(Subject::seen_in(number, seen.line, seen.prefix, origin));
            }
            tell(&announced, printer);
            names.push(announced.source);
        }
        Ok((all, (!self.is_empty()).then_some(names)))
    }
}

impl RouteOptions {
    /// The route objects of others than the registry of the estate: for what is announced, and in the space of the estate.
    pub async fn routes(
        &self,
        subjects: &[Subject],
        estate: Option<&Estate>,
    ) -> anyhow::Result<Option<Routes>> {
        if self.irr.is_empty() {
            return Ok(None);
        }
        let announced: Vec<Prefix> = subjects.iter().map(|subject| subject.prefix).collect();
        let space = validate::space_of(estate);
        let (mut all, mut sources, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for source in &self.irr {
            let (routes, names) = if Place::is_meant(source) {
                let place: Place = source.parse()?;
                let answer = irrd::routes(&place, &announced, &space).await?;
                notes.extend(answer.notes());
                (answer.routes, answer.sources.into_iter().map(|source| source.name).collect())
            } else {
                dumped(source, &announced, &space)?
            };
            sources.extend(names.into_iter().filter(|name| !sources.contains(name)).collect::<Vec<_>>());
            all.extend(routes);
        }
        Ok(Some(Routes::new(all, sources, true).noting(notes)))
    }
}

/// The route objects of a dump that cover what is announced, or lie in the space of the estate; and its sources.
fn dumped(source: &str, announced: &[Prefix], space: &[Prefix]) -> anyhow::Result<(Vec<Route>, Vec<String>)> {
    let mut wanted = Entries::default();
    wanted.extend(announced.iter().map(|prefix| (*prefix, ())));
    let wanted = wanted.into_map(|(), ()| true);
    let is_wanted = |prefix: Prefix, _: Asn| {
        wanted.inside(prefix).next().is_some() || space.iter().any(|outer| outer.covers(prefix))
    };
    let Stream { reader, quotable } = named::stream(Path::new(source), DUMP_LIMIT).map_err(|error| {
        unusable("the route objects", &error, "`--irr` names a dump of routes, or an IRRd")
    })?;
    let dump = irr::read_dump(source, reader, is_wanted);
    let dump = if quotable { dump? } else { dump.map_err(ReadError::unquoted)? };
    let mut names: Vec<String> = Vec::new();
    for route in &dump.routes {
        if !names.iter().any(|name| **name == *route.source) {
            names.push(route.source.to_string());
        }
    }
    if names.is_empty() {
        names.push(source.to_owned());
    }
    Ok((dump.routes, names))
}

/// The origin of all that the estate announces, if there is one only.
fn single_origin(estate: &Estate) -> Option<Asn> {
    let mut origins = estate.announcements.iter().map(|announcement| announcement.origin);
    let first = origins.next()?;
    origins.all(|origin| origin == first).then_some(first)
}

/// What BIRD exports to a protocol.
async fn exported(source: &str) -> anyhow::Result<Announced> {
    let Some((socket, protocol)) = source.rsplit_once(':').filter(|(socket, _)| !socket.is_empty()) else {
        bail!(
            "`{}` is no socket and protocol\nhint: write it as /run/bird/bird.ctl:upstream6",
            visible::line(source)
        );
    };
    let text = birdc::exported(Path::new(socket), protocol).await?;
    Ok(bgp::read(source, &text)?)
}

/// What was left out of a source, and what it cannot tell.
fn tell(announced: &Announced, printer: Printer) {
    let source = visible::line(&announced.source);
    for Skipped { count, what } in &announced.skipped {
        // `4 routes of an earlier dump`
        let (noun, more) =
            what.split_once(' ').map_or((*what, String::new()), |(noun, more)| (noun, format!(" {more}")));
        printer.say(&format!("{source}: {}{more} left out", counted(*count, noun)));
    }
    if announced.unsure > 0 {
        printer.say(&format!(
            "{source}: {} taken for our own, for this form does not tell an empty path from an AS_SET: `show route … all` does",
            counted(announced.unsure, "route")
        ));
    }
}

async fn announced(source: &str) -> anyhow::Result<Announced> {
    let fetched = if source == "-" {
        Fetched::of_standard_input()?
    } else if Address::is_meant_by(source) {
        Fetched::of_url(&source.parse()?, Keeping::IfUnchanged).await?
    } else {
        let path = Path::new(source);
        Fetched::of_file(path, named::read(path, VRP_LIMIT)).map_err(|error| {
            unusable("the announcements", &error, "`--announcements` names a file, a URL, or `-`")
        })?
    };
    Ok(fetched.read(bgp::read)?)
}

fn unusable(what: &str, FileError { path, why }: &FileError, hint: &str) -> anyhow::Error {
    anyhow!("{what} cannot be used: `{}` {why}\nhint: {hint}", path.display())
}
