//! `ripectl sandbox copy`: what a registry holds around the estate, put into the sandbox.

use std::collections::BTreeSet;

use anyhow::bail;

use super::{Answer, key::Need, options::RegistryOptions, session::Session};
use crate::{
    estate::Endpoint,
    finding::counted,
    outcome::Outcome,
    registry::{self, Copied, Wanted},
    report::{Note, Printer},
    rpsl::{Key, Name, Object},
    sandbox,
};

/// Copies. The registry is only read; what the sandbox held is replaced.
pub async fn run(options: &RegistryOptions, printer: Printer) -> anyhow::Result<Answer> {
    let session = Session::open(options, Need::Read, printer).await?;
    let estate = &session.estate;
    let from = &estate.registry;
    let own = estate.registries.iter().find(|each| each.endpoint == Endpoint::Embedded);
    let Some(own) = own.filter(|own| own.name != from.name) else {
        bail!("the sandbox is what is filled\nhint: say from where, as in `--registry ripe`");
    };
    let maintainers: Vec<String> =
        estate.manage.maintainers.iter().map(|key| key.text().to_owned()).collect();
    let declared: BTreeSet<Key> = estate.declared.iter().map(|each| each.object.key()).collect();
    let blocks = session.blocks();
    let wanted = Wanted { maintainers: &maintainers, declared: &declared, allocations: &blocks };

    let copied = session.registry.copy(wanted, estate.manage.limits.contacts);
    let Copied { objects, unread } = session.reading(copied).await?;
    let hidden = objects.iter().filter(|object| object.has(Name::Auth) && registry::filtered(object));
    let hidden = hidden.map(Object::key).filter(|key| estate.manage.maintainers.contains(key));
    let hidden: Vec<String> = hidden.map(|key| key.text().to_owned()).collect();
    let objects = registry::rehearsable(objects, &estate.manage.maintainers, &own.source);
    let count = counted(objects.len(), "object");
    sandbox::replace(&session.state_dir(options)?.file(sandbox::STORE)?, objects)?;

    let mut text =
        format!("the sandbox holds {count} of {}: `ripectl plan --registry {}`", from.name, own.name);
    if !hidden.is_empty() {
        text.push_str(&format!(
            "; the `auth` of {} was not shown, so changes of it cannot be rehearsed: read it with a key that speaks for it",
            hidden.join(", ")
        ));
    }
    if !unread.is_empty() {
        let unread = counted(unread.len(), "contact");
        text.push_str(&format!("; not read: {unread} of others: `[manage] limits = {{ contacts = … }}`"));
    }
    Ok(Answer::new(Outcome::Clean, Note(text)))
}
