//! `ripectl logout`: forgets a key.

use std::fs;

use anyhow::{Context, bail};

use super::{
    Answer,
    credential::{Options, Place},
    login::in_place_of,
    options::ReportForm,
};
use crate::{
    disk::named,
    outcome::Outcome,
    report::{Again, KeyInUse, KeysInUse, Output, Printer, Stopped},
    user::{self, Kept, keyring, set_in_environment, without_credential},
};

/// Forget a key: its file, and what your own configuration says of it
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    form: ReportForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        Again::default()
    }

    /// How what is left is shown.
    pub fn output(&self) -> Output {
        self.form.output()
    }
}

/// Forgets it. Nothing is sent: the registry knows the key until it is taken away there.
#[expect(clippy::unused_async, reason = "the shape of a command, also of one without requests")]
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let user = user::load().map_err(Stopped)?;
    let place = Place::of(&args.options, &user)?;
    let Some(credential) = user.credential(&place.name) else {
        bail!("there is no credential `{}`\nhint: `ripectl whoami` shows which keys are used", place.name);
    };
    let text = fs::read_to_string(&user.path).context("your own configuration cannot be read")?;
    named::replace_privately(&in_place_of(&user.path), without_credential(&text, &place.name)?.as_bytes())?;
    let kept = match &credential.kept {
        Kept::File(path) => {
            let path = user::placed(path);
            fs::remove_file(&path)
                .with_context(|| format!("{} cannot be removed: remove it by hand", path.display()))?;
            format!("{} is removed", path.display())
        }
        Kept::Keyring => match keyring::forget(&place.name) {
            Ok(()) => "the keyring has it no more".to_owned(),
            Err(why) => format!("the keyring may have the key still: {why}"),
        },
        elsewhere => format!("the key itself stays where it is kept: {elsewhere}"),
    };
    printer.say(&format!("credential \"{}\" is forgotten, and {kept}", place.name));
    printer.say("the registry knows the key until you revoke it on its page of API keys");
    if let Some(variable) = set_in_environment() {
        printer.say(&format!("{variable} is set, and goes to the registries of the RIPE NCC all the same"));
    }
    let user = user::load().map_err(Stopped)?;
    let left = Place::of(&args.options, &user)?.registry.credentials.into_iter();
    let left = left.filter_map(|name| {
        let kept = user.credential(&name)?.kept.to_string();
        Some(KeyInUse { name, kept, speaks_for: None, expires: None })
    });
    Ok(Answer::new(Outcome::Clean, KeysInUse::of(&place.registry.name, left.collect())))
}
