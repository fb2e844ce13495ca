//! `ripectl show`: an object as it is declared, as it is registered, and as it would be stored.

use std::collections::BTreeSet;

use anyhow::bail;

use super::{
    Answer, complete,
    key::Need,
    meant,
    options::{PersonalOption, RegistryOptions, ReportForm, Verbosity},
    session::Session,
};
use crate::{
    outcome::Outcome,
    plan::{self, Forms, Selector},
    registered::{Query, Registered},
    report::{Again, Headed, Nowhere, Output, Printer, ShownObject, quoted},
    rpsl::Key,
};

/// Show an object as it is declared, as it is registered, and as it would be stored
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The object, as `class/key`, or the key alone
    #[arg(value_name = "KEY", add = complete::keys())]
    key: Selector,
    /// Where it goes.
    #[command(flatten)]
    pub registry: RegistryOptions,
    #[command(flatten)]
    form: ReportForm,
    #[command(flatten)]
    personal: PersonalOption,
    #[command(flatten)]
    verbosity: Verbosity,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.registry.again()
    }

    /// How the object is shown.
    pub fn output(&self) -> Output {
        let output = Output { verbose: self.verbosity.verbose, ..self.form.output() };
        self.registry.on(self.personal.on(output))
    }
}

/// Looks in the files, and asks the registry. Only reads are sent.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    if args.key.keys().is_empty() {
        let pattern = quoted(&args.key.to_string());
        bail!(
            "`{}` means several objects\nhint: `ripectl plan --only {pattern}` looks at all of them",
            args.key
        );
    }
    let session = Session::open(&args.registry, Need::Read, printer).await?;
    let (estate, registry) = (&session.estate, session.estate.registry.name.clone());
    let candidates = meant::candidates(&args.key, estate);
    let world = session.reading(asked(&session, &candidates)).await?;
    let forms = |key: &Key| (key.clone(), Forms::of(key, estate, &world));
    let there = candidates.iter().map(forms);
    let there: Vec<_> =
        there.filter(|(_, forms)| forms.declared.is_some() || forms.registered.is_some()).collect();
    let keys: Vec<Key> = there.iter().map(|(key, _)| key.clone()).collect();
    meant::only(&args.key, &keys)?;
    let Some((key, forms)) = there.into_iter().next() else {
        let declared: Vec<Key> = estate.declared.iter().map(|declared| declared.object.key()).collect();
        let typed = args.key.to_string();
        let nearest = plan::nearest_key(&typed, &declared);
        let report = Nowhere { typed, registry, nearest };
        return Ok(Answer::new(Outcome::Found, Headed { about: session.about(), report }));
    };
    let report = ShownObject { key, registry, forms };
    Ok(Answer::new(Outcome::Clean, Headed { about: session.about(), report }))
}

/// What the registry holds under these keys.
async fn asked(session: &Session, keys: &[Key]) -> anyhow::Result<Registered> {
    let mut world = Registered::default();
    let queries: BTreeSet<Query> = keys.iter().cloned().map(Query::Object).collect();
    session.registry.ask(&queries, &[], &mut world).await?;
    Ok(world)
}
