//! VRPs from where the user says: a file, standard input, a URL of a validator, or its RTR server.

use std::path::Path;

use anyhow::{Context, anyhow};
use jiff::{SignedDuration, Timestamp};

use super::{download::Keeping, fetched::Fetched};
use crate::{
    disk::{
        FileError, Tree, VRP_LIMIT,
        named::{self, Content},
    },
    estate::{self, Estate, Rpki, VrpOrigin},
    http::Address,
    report,
    rpki::{self, Demands, Evidence, Expired, MaxAge, Slurm, Vrp},
    rtr,
    validate::Validation,
};

/// Where VRPs are taken from, and what is demanded of them.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Where they are; else where `ripectl.toml` says.
    pub given: Option<VrpOrigin>,
    /// Files with exceptions (RFC 8416), in their order.
    pub slurm: Vec<String>,
    /// How old they may be; else as `ripectl.toml` says.
    pub max_age: Option<estate::MaxAge>,
    /// What happens to those that have expired.
    pub expired: Expired,
    /// The trust anchors that there must be, besides those of `ripectl.toml`.
    pub anchors: Vec<String>,
    /// VRPs that the run takes for granted besides.
    pub assumed: Vec<Vrp>,
}

/// The VRPs to validate against, as `ripectl.toml` says; `None` if it does not.
pub async fn of_estate(estate: &Estate) -> anyhow::Result<Option<Evidence>> {
    fetch(Some(estate), &Wanted::default()).await
}

/// The VRPs to validate against: of `wanted`, or else of `ripectl.toml`; `None` if neither says where.
pub async fn fetch(estate: Option<&Estate>, wanted: &Wanted) -> anyhow::Result<Option<Evidence>> {
    let rpki = estate.and_then(|estate| estate.rpki.as_ref());
    let configured = rpki.and_then(|rpki| rpki.vrps.as_ref());
    let Some(origin) = wanted.given.as_ref().or(configured) else { return Ok(None) };
    let belief = Belief::of(rpki, wanted)?;
    let evidence = match (origin, estate, wanted.given.is_some()) {
        (VrpOrigin::Url(url), ..) => return of_url(url, &belief).await.map(Some),
        (VrpOrigin::Rtr(server), ..) => {
            let evidence = Evidence::of(format!("rtr://{server}"), rtr::fetch(server).await?)?;
            Evidence { generated: Some(Timestamp::now()), ..evidence }
        }
        (VrpOrigin::File(path), _, true) if path.as_os_str() == "-" => {
            Fetched::of_standard_input()?.read(rpki::read)?
        }
        (VrpOrigin::File(path), Some(estate), false) => {
            of_file("the VRPs", HINT_OF_VRPS, path, of_files(&estate.root, path))?.read(rpki::read)?
        }
        (VrpOrigin::File(path), ..) => {
            of_file("the VRPs", HINT_OF_VRPS, path, named::read(path, VRP_LIMIT))?.read(rpki::read)?
        }
    };
    belief.in_it(evidence).map(Some)
}

/// What is at a URL. What was kept of it and is unchanged does, if it is as good as what is fetched anew has to be; else it
/// is fetched: a validator may print the same VRPs with a later time.
async fn of_url(url: &Address, belief: &Belief<'_>) -> anyhow::Result<Evidence> {
    let believed = |fetched: &Fetched| {
        let evidence = fetched.read(rpki::read)?;
        belief.in_it(Evidence { generated: evidence.generated.or(fetched.date), ..evidence })
    };
    let fetched = Fetched::of_url(url, Keeping::IfUnchanged).await?;
    match believed(&fetched) {
        Ok(mut evidence) if fetched.is_kept => {
            evidence.notes.push("unchanged since it was last fetched, says the server (304)".to_owned());
            Ok(evidence)
        }
        Err(_) if fetched.is_kept => believed(&Fetched::of_url(url, Keeping::Anew).await?),
        outcome => outcome,
    }
}

/// What it takes for evidence to be believed, and what is done to it.
struct Belief<'a> {
    slurm: Vec<Slurm>,
    max_age: MaxAge,
    anchors: Vec<String>,
    wanted: &'a Wanted,
}

impl Belief<'_> {
    fn of<'a>(rpki: Option<&Rpki>, wanted: &'a Wanted) -> anyhow::Result<Belief<'a>> {
        let slurm = wanted.slurm.iter().map(|path| {
            let path = Path::new(path);
            let file = of_file("the exceptions", HINT_OF_SLURM, path, named::read(path, VRP_LIMIT))?;
            anyhow::Ok(file.read(Slurm::read)?)
        });
        let own = rpki.map_or(&[][..], |rpki| &rpki.anchors);
        let max_age = wanted.max_age.unwrap_or_else(|| rpki.map(|rpki| rpki.max_age).unwrap_or_default());
        Ok(Belief {
            slurm: slurm.collect::<Result<_, _>>()?,
            max_age: age(max_age)?,
            anchors: [own, &wanted.anchors].concat(),
            wanted,
        })
    }

    /// The evidence if it is fresh and whole, with the exceptions applied.
    fn in_it(&self, evidence: Evidence) -> anyhow::Result<Evidence> {
        let Belief { slurm, max_age, anchors, wanted } = self;
        let demands = Demands { max_age: *max_age, expired: wanted.expired, anchors };
        let evidence = rpki::check_freshness(evidence, Timestamp::now(), demands)?;
        // Behind it: what is asserted or assumed makes no evidence of what is none.
        let evidence = Slurm::apply(slurm, evidence)?;
        Ok(Evidence { is_fixture: *max_age == MaxAge::Never, ..evidence }.assuming(&wanted.assumed))
    }
}

/// What is said where neither the command line nor `ripectl.toml` says where VRPs are.
pub fn none() -> anyhow::Error {
    anyhow!(
        "there are no VRPs to validate against\nhint: add `[rpki] vrps = \"…\"` to ripectl.toml, or give `--vrps FILE`"
    )
}

/// What is said of what the announcements were judged by.
pub fn described(validation: &Validation) -> report::Evidence {
    let grounds = &validation.grounds;
    let vrps = grounds.vrps.as_ref().map(|evidence| report::VrpSource {
        name: evidence.source.clone(),
        count: evidence.vrps.len() - evidence.assumed.len(),
        expired: evidence.expired.len(),
        generated: evidence.generated.map(|time| time.to_string()),
        age: match evidence.generated {
            _ if evidence.is_fixture => "a fixture whose age does not count (max-age = \"never\")".to_owned(),
            Some(time) => format!("{} old", rounded(grounds.now.duration_since(time))),
            None => "of unknown age".to_owned(),
        },
        anchors: evidence.vrps.anchors().map(str::to_owned).collect(),
        notes: evidence.notes.clone(),
        assumed: evidence.assumed.clone(),
    });
    let routes = grounds.routes.as_ref().map(|routes| report::RouteSource {
        // What is complete was read elsewhere: of the registry only what is ours is asked for.
        registry: grounds
            .estate
            .as_ref()
            .filter(|_| !routes.is_complete)
            .map(|estate| estate.registry.name.clone()),
        sources: routes.sources.clone(),
        count: routes.len(),
        notes: routes.notes.clone(),
    });
    report::Evidence { vrps, routes, seen: grounds.seen_in.clone() }
}

fn age(max_age: estate::MaxAge) -> anyhow::Result<MaxAge> {
    match max_age {
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
fn of_files(root: &Path, path: &Path) -> Result<Content, FileError> {
    let bytes = Tree::open(root)?.read(path, VRP_LIMIT)?;
    let quotable = !path.iter().any(|name| name != "." && name.as_encoded_bytes().starts_with(b"."));
    Ok(Content { bytes, quotable })
}

const HINT_OF_VRPS: &str = "hint: `[rpki] vrps` in ripectl.toml names the output of your validator, and `ripectl validate --vrps FILE` another";
const HINT_OF_SLURM: &str = "hint: `--slurm FILE` names a file of exceptions (RFC 8416)";

/// What was read of `path`, or why not, with what to do; `what` it should hold.
fn of_file(
    what: &str,
    hint: &str,
    path: &Path,
    content: Result<Content, FileError>,
) -> anyhow::Result<Fetched> {
    Fetched::of_file(path, content).map_err(|FileError { path, why }| {
        anyhow!("{what} cannot be used: `{}` {why}\n{hint}", path.display())
    })
}
