//! `ripectl login`: keeps an API key for the user alone, once it has proved for whom it speaks.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use super::{
    Answer,
    credential::{LoginTarget, Options, forget, in_place_of, spoken_for},
    options::ReportForm,
    session::listener,
};
use crate::{
    disk::named,
    http::Host,
    outcome::Outcome,
    registry::{Registry, Remote},
    report::{Again, Output, Printer, Stopped},
    user::{self, Configuration, Kept, NewCredential, Secret, keyring, with_credential},
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
    /// Keep it in a file for you alone, though there is a keyring
    #[arg(long)]
    file: bool,
    #[command(flatten)]
    form: ReportForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        Again { registry: self.options.registry.clone(), ..Again::default() }
    }

    /// How the key is shown.
    pub fn output(&self) -> Output {
        self.form.output()
    }
}

/// Asks, proves and keeps. Only reads are sent.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let user = user::load().map_err(Stopped)?;
    let mut target = LoginTarget::of(&args.options, &user)?;
    printer.warnings(std::mem::take(&mut target.findings));
    let maintainers = if args.mntner.is_empty() { &target.maintainers } else { &args.mntner };
    if maintainers.is_empty() {
        bail!("whom the key is to speak for is not known here\nhint: `ripectl login --mntner YOUR-MNT`");
    }
    let file = key_file(&target, &user)?;
    let (name, address) = (&target.registry.name, &target.address);
    let secret = Secret::typed_or_piped(&format!("{name} at {}", Host::of(address)))?;
    let remote = Remote::new(name, &address.to_string(), &target.registry.source);
    let progress = printer.progress();
    let keys = vec![secret.clone().named(&target.name)];
    let registry = Registry::new(remote, keys, listener(name, &progress))?;
    progress.begin(0, format!("reading {}", registry.host()));
    let asked = spoken_for(&registry, maintainers).await;
    progress.finish();
    let key_scopes = asked?;
    if key_scopes.iter().all(|key_scope| key_scope.maintainers().is_empty()) {
        let names = maintainers.join(", ");
        printer.complain(&anyhow::anyhow!(
            "the key speaks for none of {names}: it is not kept\n\
             hint: a key that is mistyped, expired or made for another registry is taken for none; if it is right, its \
             account must stand in `auth: SSO` of the maintainer; if it is for another maintainer of yours, \
             `ripectl login --mntner NAME`, with that one in `[manage] maintainers` too"
        ));
        return Ok(Answer::new(Outcome::Found, target.keys_in_use(&user, Vec::new())));
    }
    keep(&target, &user, &secret, (&file, args.file), printer)?;
    let user = user::load().map_err(Stopped)?;
    let target = LoginTarget::of(&args.options, &user)?;
    Ok(Answer::new(Outcome::Clean, target.keys_in_use(&user, key_scopes)))
}

/// Keeps the key in the keyring if there is one, or in its file, and names it in the user's own configuration. With
/// `(file, true)` a file is wanted.
fn keep(
    target: &LoginTarget,
    user: &Configuration,
    secret: &Secret,
    (file, in_file): (&Path, bool),
    printer: Printer,
) -> anyhow::Result<()> {
    let host = Host::of(&target.address).to_string();
    let text = match fs::read_to_string(&user.path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", user.path.display())),
    };
    let with = |file: Option<&Path>| {
        let file = file.map(|file| file.display().to_string());
        let new = NewCredential {
            name: &target.name,
            host: &host,
            file: file.as_deref(),
            registry: &target.registry.name,
            named: &target.registry.credentials,
        };
        with_credential(&text, new)
    };
    // Before the key is anywhere: what cannot be named is not kept.
    let (named_file, named_keyring) = (with(Some(file))?, with(None)?);
    let (config, kept, shown) = if !in_file && is_in_keyring(target, secret, printer) {
        (named_keyring, Kept::Keyring, "the keyring".to_owned())
    } else {
        let path = user::placed(file);
        write(&path, &secret.to_be_kept())?;
        (named_file, Kept::File(file.to_path_buf()), format!("{}, for you alone", path.display()))
    };
    write(&in_place_of(&user.path), &config)
        .with_context(|| format!("the key is in {shown}, and nothing names it yet"))?;
    let (config, registry) = (user.path.display(), &target.registry.name);
    printer.say(&format!("kept in {shown}; {config} names it for {registry} at {host}"));
    // The one that was kept elsewhere under this name is needed no more, and would lie about.
    if let Some(before) = user.credential(&target.name).map(|credential| &credential.kept)
        && *before != kept
    {
        printer.say(&format!("the key before it: {}", forget(before, &target.name)?));
    }
    Ok(())
}

/// Whether the keyring has taken it. Why there is none is said where there might have been one.
fn is_in_keyring(target: &LoginTarget, secret: &Secret, printer: Printer) -> bool {
    let kept = keyring::keep(&target.name, secret);
    if let Err(why) = &kept
        && cfg!(feature = "keyring")
    {
        printer.say(&format!("{why}: the key goes into a file"));
    }
    kept.is_ok()
}

/// The file that a key is kept in, as the configuration names it: that which it names already, if it does.
fn key_file(target: &LoginTarget, user: &Configuration) -> anyhow::Result<PathBuf> {
    let LoginTarget { name, address, registry, .. } = target;
    let usual = PathBuf::from(format!("{name}.key"));
    let Some(credential) = user.credential(name) else { return Ok(usual) };
    if !credential.host.holds(address) {
        bail!(
            "credential `{name}` is bound to {}, and this is {}\nhint: `--name` gives this one another name",
            credential.host,
            Host::of(address)
        );
    }
    if let Some(bound) =
        credential.source.as_ref().filter(|bound| !bound.eq_ignore_ascii_case(&registry.source))
    {
        bail!(
            "credential `{name}` is bound to source {bound}, and this is {}\nhint: `--name` gives this one another name",
            registry.source
        );
    }
    match &credential.kept {
        Kept::File(path) => Ok(path.clone()),
        Kept::Keyring => Ok(usual),
        kept => bail!(
            "credential `{name}` is kept elsewhere: {kept}\n\
             hint: put the key there; or `ripectl logout --name {name}` forgets that, and you log in again"
        ),
    }
}

/// Writes a file for the user alone, and the folder that it lies in.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    Ok(named::replace_privately(path, text.as_bytes())?)
}
