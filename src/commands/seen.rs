//! What routers announce and what other registries hold, from where the user says.

use std::path::Path;

use anyhow::{anyhow, bail};

use super::{download, evidence};
use crate::{
    bgp::{self, Announced, Origin},
    disk::{FileError, VRP_LIMIT, named},
    estate::Estate,
    http::Address,
    net::Asn,
    reading::ReadError,
    validate::{Routes, Seen, Subject},
};

/// Where announcements and route objects are taken from, besides the estate and its registry.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Announcements and route objects")]
pub struct Options {
    /// What routers announce: a file, `-` or a URL, recognised by content
    #[arg(long, value_name = "SOURCE")]
    announcements: Vec<String>,
    /// Whose announcements have an empty AS path [default: the origin of the estate, if it has one only]
    #[arg(long, value_name = "AS")]
    origin: Option<Asn>,
}

impl Options {
    /// Whether nothing of it is given.
    pub fn is_empty(&self) -> bool {
        self.announcements.is_empty()
    }

    /// What was seen, and the names of the sources; `own` is the AS of the estate.
    pub async fn look(&self, own: Option<Asn>) -> anyhow::Result<(Vec<Seen>, Option<Vec<String>>)> {
        let own = self.origin.or(own);
        let (mut all, mut names) = (Vec::new(), Vec::new());
        for (number, source) in (0_u16..).zip(&self.announcements) {
            let announced = announced(source).await?;
            all.reserve(announced.seen.len());
            for seen in &announced.seen {
                let (origin, is_set) = match (seen.origin, own) {
                    (Origin::As(asn), _) | (Origin::Own, Some(asn)) => (asn, false),
                    (Origin::Set, _) => (Asn(0), true),
                    (Origin::Own, None) => bail!(
                        "`{}` has routes of the router's own AS, and which one that is is not known\nhint: `--origin AS205398` says it",
                        announced.source
                    ),
                };
                all.push(Seen { prefix: seen.prefix, origin, is_set, source: number, line: seen.line });
            }
            names.push(announced.source);
        }
        Ok((all, (!self.is_empty()).then_some(names)))
    }

    /// The route objects of others than the registry of the estate.
    #[expect(clippy::unused_async, reason = "registries are asked")]
    pub async fn routes(&self, _: &[Subject], _: Option<&Estate>) -> anyhow::Result<Option<Routes>> {
        Ok(None)
    }
}

async fn announced(source: &str) -> anyhow::Result<Announced> {
    if source == "-" {
        return Ok(bgp::read("-", &evidence::standard_input()?).map_err(ReadError::unquoted)?);
    }
    if Address::is_meant_by(source) {
        let address: Address = source.parse()?;
        let downloaded = download::download(&address).await?;
        return Ok(bgp::read(&address.to_string(), &downloaded.bytes).map_err(ReadError::unquoted)?);
    }
    let path = Path::new(source);
    let content = named::read(path, VRP_LIMIT).map_err(|FileError { path, why }| {
        anyhow!("the announcements cannot be used: `{}` {why}\nhint: `--announcements` names a file, a URL, or `-`", path.display())
    })?;
    let read = bgp::read(source, &content.bytes);
    Ok(if content.quotable { read? } else { read.map_err(ReadError::unquoted)? })
}
