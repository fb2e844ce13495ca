//! `ripectl logout`: forgets a key.

use std::fs;

use anyhow::{Context, bail};

use super::{
    Answer,
    credential::{LoginTarget, Options, forget, in_place_of},
    options::ReportForm,
};
use crate::{
    disk::named,
    outcome::Outcome,
    report::{Again, Output, Printer, Stopped},
    user::{self, Configuration, set_in_environment, without_credential},
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
        Again { registry: self.options.registry.clone(), ..Again::default() }
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
    let target = target(args, &user)?;
    let name = &target.name;
    let Some(credential) = user.credential(name) else {
        bail!("there is no credential `{name}`\nhint: `ripectl whoami` shows which keys are used");
    };
    let text = fs::read_to_string(&user.path).context("your own configuration cannot be read")?;
    named::replace_privately(&in_place_of(&user.path), without_credential(&text, name)?.as_bytes())?;
    let kept = forget(&credential.kept, name)?;
    printer.say(&format!("credential \"{name}\" is forgotten, and {kept}"));
    printer.say("the registry knows the key until you revoke it on its page of API keys");
    if let Some(variable) = set_in_environment() {
        printer.say(&format!("{variable} is set, and goes to the registries of the RIPE NCC all the same"));
    }
    let user = user::load().map_err(Stopped)?;
    let left = self::target(args, &user)?.keys_in_use(&user, Vec::new());
    Ok(Answer::new(Outcome::Clean, left))
}

/// What is meant. An estate that is not in order is no reason not to forget a key.
fn target(args: &Args, user: &Configuration) -> anyhow::Result<LoginTarget> {
    let target = LoginTarget::of(&args.options, user);
    target.or_else(|error| LoginTarget::outside(&args.options, user).map_err(|_| error))
}
