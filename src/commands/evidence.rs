//! VRPs from where the user says: a file, or a URL of a validator.

use std::path::Path;

use anyhow::{Context, anyhow};
use jiff::{SignedDuration, Timestamp};

use super::download::download;
use crate::{
    disk::{
        FileError, Tree, VRP_LIMIT,
        named::{self, Content},
    },
    estate::{self, Estate, VrpOrigin},
    reading::ReadError,
    report,
    rpki::{self, Demands, Expired, MaxAge},
};

/// The VRPs to validate against: of `given`, or else of `ripectl.toml`; `None` if neither says where.
pub async fn fetch(estate: &Estate, given: Option<&VrpOrigin>) -> anyhow::Result<Option<rpki::Evidence>> {
    let configured = estate.rpki.as_ref().and_then(|rpki| rpki.vrps.as_ref());
    let evidence = match (given, configured) {
        (Some(VrpOrigin::Url(url)), _) | (None, Some(VrpOrigin::Url(url))) => {
            let bytes = download(url).await?;
            rpki::read(&url.to_string(), &bytes).map_err(ReadError::unquoted)?
        }
        (Some(VrpOrigin::File(path)), _) => read(path, named::read(path, VRP_LIMIT))?,
        (None, Some(VrpOrigin::File(path))) => read(path, of_estate(&estate.root, path))?,
        (None, None) => return Ok(None),
    };
    let demands = Demands { max_age: max_age(estate)?, expired: Expired::LeftOut, anchors: &[] };
    Ok(Some(rpki::check_freshness(evidence, Timestamp::now(), demands)?))
}

/// What is said of the evidence.
pub fn described(
    evidence: &rpki::Evidence,
    estate: &Estate,
    routes: usize,
) -> anyhow::Result<report::Evidence> {
    let age = match (max_age(estate)?, evidence.generated) {
        (MaxAge::Never, _) => "a fixture whose age does not count (max-age = \"never\")".to_owned(),
        (MaxAge::Within(_), Some(time)) => format!("{} old", rounded(Timestamp::now().duration_since(time))),
        (MaxAge::Within(_), None) => "of unknown age".to_owned(),
    };
    Ok(report::Evidence {
        vrps: evidence.source.clone(),
        count: evidence.vrps.len(),
        expired: evidence.expired.len(),
        generated: evidence.generated.map(|time| time.to_string()),
        age,
        registry: estate.registry.name.clone(),
        source: estate.registry.source.clone(),
        routes,
    })
}

fn max_age(estate: &Estate) -> anyhow::Result<MaxAge> {
    match estate.rpki.as_ref().map(|rpki| rpki.max_age).unwrap_or_default() {
        estate::MaxAge::Never => Ok(MaxAge::Never),
        estate::MaxAge::Within(age) => {
            Ok(MaxAge::Within(SignedDuration::try_from(age).context("`max-age` is too long")?))
        }
    }
}

fn rounded(age: SignedDuration) -> String {
    let minutes = age.as_mins().max(0);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// A file of the estate. One that is hidden is not quoted: it was not written to be read by others (`.git/config`,
/// `.env`).
fn of_estate(root: &Path, path: &Path) -> Result<Content, FileError> {
    let bytes = Tree::open(root)?.read(path, VRP_LIMIT)?;
    let quotable = !path.iter().any(|name| name != "." && name.as_encoded_bytes().starts_with(b"."));
    Ok(Content { bytes, quotable })
}

/// The VRPs in what was read of `path`.
fn read(path: &Path, content: Result<Content, FileError>) -> anyhow::Result<rpki::Evidence> {
    let hint = "hint: `[rpki] vrps` in ripectl.toml names the output of your validator, and `ripectl validate --vrps FILE` another";
    let content = content.map_err(|FileError { path, why }| {
        anyhow!("the VRPs cannot be used: `{}` {why}\n{hint}", path.display())
    })?;
    let read = rpki::read(&path.display().to_string(), &content.bytes);
    Ok(if content.quotable { read? } else { read.map_err(ReadError::unquoted)? })
}
