//! `ripectl login`: keeps an API key for the user alone, once it has proved for whom it speaks.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::PathBuf, sync::Arc};

use anyhow::{Context, bail};

use super::{
    Answer,
    credential::{Options, Place, shown, spoken_for},
    options::ReportForm,
};
use crate::{
    config::bare,
    disk::named,
    http::Host,
    outcome::Outcome,
    registry::{Registry, Remote},
    report::{Again, KeysInUse, Output, Printer, quoted},
    user::{self, Configuration, Kept, Secret, with_credential},
};

/// Keep an API key for yourself alone, once it has proved for whom it speaks
///
/// It is asked for on the terminal, or read from stdin where there is none: `id:secret`, its base64, or the whole
/// `Authorization` header. Nothing is kept of a key that speaks for none of your maintainers.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: Options,
    /// A maintainer that the key is to speak for [default: those of `[manage] maintainers`]
    #[arg(long, value_name = "NAME")]
    mntner: Vec<String>,
    #[command(flatten)]
    form: ReportForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        Again::default()
    }

    /// How the key is shown.
    pub fn output(&self) -> Output {
        self.form.output()
    }
}

/// Asks, proves and keeps. Only reads are sent.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let user = user::load().map_err(crate::report::Stopped)?;
    let place = Place::of(&args.options, &user)?;
    let maintainers = if args.mntner.is_empty() { &place.maintainers } else { &args.mntner };
    if maintainers.is_empty() {
        bail!("whom the key is to speak for is not known here\nhint: `ripectl login --mntner YOUR-MNT`");
    }
    let kept_in = destination(&place, &user)?;
    let host = Host::of(&place.address);
    let secret = Secret::typed_or_piped(&format!("{} at {host}", place.registry.name))?;
    let remote = Remote::new(&place.registry.name, &place.address.to_string(), &place.registry.source);
    let registry = Registry::new(remote, vec![secret.clone().named(&place.name)], Arc::new(|_| ()))?;
    let voices = spoken_for(&registry, maintainers).await?;
    if voices.iter().all(|voice| voice.maintainers().is_empty()) {
        let names = maintainers.join(", ");
        printer.complain(&anyhow::anyhow!(
            "the key speaks for none of {names}: it is not kept\n\
             hint: a key that is mistyped, expired or made for another registry is taken for none; if it is right, its \
             account must stand in `auth: SSO` of the maintainer"
        ));
        return Ok(Answer::new(Outcome::Found, KeysInUse::of(&place.registry.name, Vec::new())));
    }
    let text = std::fs::read_to_string(&user.path).unwrap_or_default();
    let changed =
        with_credential(&text, &place.name, &host.to_string(), &kept_in.written, &place.registry.name)?;
    keep(&kept_in.path, &secret.to_be_kept())?;
    keep(&user.path, &changed)
        .with_context(|| format!("the key is in {}, and nothing names it yet", kept_in.path.display()))?;
    let (path, config) = (kept_in.path.display(), user.path.display());
    printer.say(&format!(
        "kept in {path}, for you alone; {config} names it for {} at {host}",
        place.registry.name
    ));
    let user = user::load().map_err(crate::report::Stopped)?;
    let keys = voices.into_iter().map(|voice| shown(voice, &user, None)).collect();
    Ok(Answer::new(Outcome::Clean, KeysInUse::of(&place.registry.name, keys)))
}

/// Where a key is kept: the file, and how the configuration names it.
struct Destination {
    path: PathBuf,
    written: String,
}

fn destination(place: &Place, user: &Configuration) -> anyhow::Result<Destination> {
    let Place { name, address, .. } = place;
    let folder = user.path.parent().map(PathBuf::from).unwrap_or_default();
    let Some(credential) = user.credential(name) else {
        let written = format!("{name}.key");
        return Ok(Destination { path: folder.join(&written), written });
    };
    if !credential.host.holds(address) {
        bail!(
            "credential `{name}` is bound to {}, and this is {}\nhint: `--name` gives this one another name",
            credential.host,
            Host::of(address)
        );
    }
    match &credential.kept {
        Kept::File(path) => {
            let written = path.display().to_string();
            Ok(Destination { path: user::placed(path), written })
        }
        kept => bail!(
            "credential `{name}` is kept elsewhere: {kept}\n\
             hint: put the key there; or `ripectl logout --name {}` forgets that, and you log in again",
            quoted(&bare(name))
        ),
    }
}

/// Writes a file for the user alone, and the folder that it lies in.
fn keep(path: &std::path::Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    Ok(named::replace_privately(path, text.as_bytes())?)
}
