//! `ripectl explain`: who may write an object, along the registry's own chain.

use std::collections::BTreeSet;

use anyhow::{Context, bail};

use super::{
    Answer, complete,
    key::Need,
    meant,
    options::{PersonalOption, RegistryOptions, ReportForm},
    session::Session,
};
use crate::{
    explain::{self, Explanation, Subject},
    net::Asn,
    outcome::Outcome,
    plan::Selector,
    registered::{Query, Registered},
    report::{Again, Explained, Headed, Output, Printer},
    rpsl::{Class, Key},
    rules::{Credential, KeyScope},
};

/// Show who may create, change or delete an object, and why
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The object, as `class/key`, or the key alone; it need not exist
    #[arg(value_name = "KEY", add = complete::keys())]
    key: Selector,
    /// Where it goes.
    #[command(flatten)]
    pub registry: RegistryOptions,
    #[command(flatten)]
    form: ReportForm,
    #[command(flatten)]
    personal: PersonalOption,
}

impl Args {
    /// What a further command needs, to mean the same.
    pub fn again(&self) -> Again {
        self.registry.again()
    }

    /// How the explanation is shown.
    pub fn output(&self) -> Output {
        self.registry.on(self.personal.on(self.form.output()))
    }
}

/// Explains. Only reads are sent.
pub async fn run(args: &Args, printer: Printer) -> anyhow::Result<Answer> {
    let session = Session::open(&args.registry, Need::Read, printer).await?;
    let mut known = Known { session: &session, world: Registered::default(), asked: BTreeSet::new() };
    let (explanation, key_scope) = session
        .reading(async {
            let key = known.key(&args.key).await?;
            known.explanation(&key).await
        })
        .await?;
    let explained = Explained {
        explanation,
        registry: session.estate.registry.name.clone(),
        key_scope: key_scope.filter(|_| session.registry.has_key()),
        ours: meant::ours(&session.estate),
    };
    Ok(Answer::new(Outcome::Clean, Headed { about: session.about(), report: explained }))
}

/// Of several keys the one that names like it are usually of: AS numbers, and maintainers by their ending.
fn usual(candidates: Vec<Key>) -> Vec<Key> {
    let is_usual = |key: &&Key| match key.class() {
        Class::AutNum => key.text().parse::<Asn>().is_ok(),
        Class::Mntner => key.text().to_ascii_uppercase().ends_with("-MNT"),
        _ => false,
    };
    match candidates.iter().find(is_usual) {
        Some(key) => vec![key.clone()],
        None => candidates,
    }
}

/// What is known so far.
struct Known<'a> {
    session: &'a Session,
    world: Registered,
    asked: BTreeSet<Query>,
}

impl Known<'_> {
    /// The object that is meant: the one that is declared or registered, or the only one that it can be.
    async fn key(&mut self, selector: &Selector) -> anyhow::Result<Key> {
        let mut candidates = meant::candidates(selector, &self.session.estate);
        if candidates.len() > 1 {
            self.ask(candidates.iter().cloned().map(Query::Object).collect()).await?;
            let registered: Vec<Key> =
                candidates.iter().filter(|key| self.world.objects.get(key).is_some()).cloned().collect();
            candidates = if registered.is_empty() { usual(candidates) } else { registered };
        }
        meant::only(selector, &candidates)?.with_context(|| {
            format!("`{selector}` is no key\nhint: write `class/key`, such as `route6/2001:db8::/48AS64500`")
        })
    }

    /// Asks until nothing is left to ask; then the explanation for the key that may do most of it.
    async fn explanation(&mut self, key: &Key) -> anyhow::Result<(Explanation, Option<KeyScope>)> {
        let declared = self.session.estate.declared.iter().find(|declared| declared.object.key() == *key);
        let wanted = declared
            .map(|declared| declared.object.clone())
            .or_else(|| explain::minimal(key, &meant::ours(&self.session.estate)));
        let Some(wanted) = wanted else { bail!("`{key}` is not as keys of that class are") };
        let mut unanswered = BTreeSet::new();
        loop {
            let key_scopes = self.session.key_scopes(&self.world);
            let settings = &self.session.settings;
            let explained = |credential: &Credential| {
                let subject = Subject { key, wanted: &wanted, credential, settings, unanswered: &unanswered };
                explain::explain(&self.world, subject)
            };
            let each: Vec<_> = key_scopes.iter().map(|key_scope| explained(&key_scope.credential)).collect();
            let open: BTreeSet<Query> = each.iter().flat_map(|(_, open)| open.clone()).collect();
            let new: BTreeSet<Query> = open.difference(&self.asked).cloned().collect();
            if open.is_empty() {
                let told = each.into_iter().map(|(explanation, _)| explanation).zip(key_scopes);
                // Of those that may as much the first, which `max_by_key` would not take.
                let best = told.rev().max_by_key(|(explanation, _)| explanation.permitted());
                let (explanation, key_scope) = best.context("there is nobody to ask")?;
                return Ok((explanation, Some(key_scope)));
            }
            match new.is_empty() {
                true => unanswered.extend(open), // whether the key speaks for a maintainer that is still to be made
                false => self.ask(new).await?,
            }
        }
    }

    async fn ask(&mut self, queries: BTreeSet<Query>) -> anyhow::Result<()> {
        let blocks = self.session.blocks();
        self.session.registry.ask(&queries, &blocks, &mut self.world).await?;
        self.asked.extend(queries);
        Ok(())
    }
}
