//! `ripectl whoami`: which keys go to the registry, and for whom they speak.

use super::{
    Answer,
    credential::{shown, spoken_for},
    expiry,
    key::Need,
    options::{RegistryOptions, ReportForm},
    session::Session,
};
use crate::{
    disk::StateDir,
    outcome::Outcome,
    report::{Again, KeysInUse, Output, Printer},
};

/// Show which keys go to the registry, and for whom they speak
///
/// Each of `[manage] maintainers` is read with each key: the registry shows its `auth` only to a key that speaks for it.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Where they go.
    #[command(flatten)]
    pub registry: RegistryOptions,
    #[command(flatten)]
    form: ReportForm,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.registry.again()
    }

    /// How the keys are shown.
    pub fn output(&self) -> Output {
        self.registry.on(self.form.output())
    }
}

/// Asks. Only reads are sent.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let session = Session::open(&args.registry, Need::Read, printer).await?;
    let ours: Vec<String> =
        session.estate.manage.maintainers.iter().map(|key| key.text().to_owned()).collect();
    let key_scopes = session.reading(spoken_for(&session.registry, &ours)).await?;
    let state = StateDir::find(args.registry.state.state_dir.as_deref(), &session.estate.root)?;
    let name = &session.estate.registry.name;
    let dates = state.map(|state| expiry::of_registry(&state, &session.registry)).unwrap_or_default();
    let keys: Vec<_> = key_scopes
        .into_iter()
        .map(|key_scope| {
            let expires = dates.get(&key_scope.key).map(ToString::to_string);
            shown(key_scope, &session.user, expires)
        })
        .collect();
    let speaks = keys.iter().any(|key| key.speaks_for.as_ref().is_some_and(|names| !names.is_empty()));
    Ok(Answer::new(Outcome::found_if(!speaks), KeysInUse::of(name, keys)))
}
