//! What an import looks for, in the registry or in a dump of it.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context, bail};

use super::session::Session;
use crate::{
    disk::{DUMP_LIMIT, named},
    import::{self, Wanted},
    net::Asn,
    plan::is_ours,
    registered::{Query, Registered},
    rpsl::{Key, Name, Object},
};

/// What is known of what was looked for.
pub struct Looked {
    /// What was found.
    pub world: Registered,
    /// Why it cannot be proved that it is what is registered.
    pub unproven: Option<String>,
}

/// What is wanted of a dump, with what it hides asked of the registry. Where that cannot be reached nothing can be proved.
pub async fn from_dump(path: &Path, session: &Session, wanted: &[Wanted]) -> anyhow::Result<Looked> {
    let content = named::read(path, DUMP_LIMIT).with_context(|| format!("{} is no dump", path.display()))?;
    let source = &session.estate.registry.source;
    let dump = import::dump(&content.bytes, |key, object| {
        object.value(Name::Source).is_some_and(|own| own.eq_ignore_ascii_case(source))
            && wanted.iter().any(|each| each.wants(key, object))
    });
    if dump.objects.is_empty() && dump.unread > 0 {
        bail!(
            "{} is no dump: {} of it are no objects\nhint: RPSL, with a blank line between objects",
            path.display(),
            dump.unread
        );
    }
    let mut world = Registered::default();
    for object in dump.objects {
        world.put(object);
    }
    let hidden = import::sort(&world.objects, wanted, &session.estate).hidden;
    let hidden: BTreeSet<Query> = hidden.into_iter().map(Query::Object).collect();
    let asked = session.reading(session.registry.gather(&hidden, &BTreeSet::new(), |_, _| false)).await;
    let unproven = match asked {
        Ok(shown) => {
            for (_, object) in shown.objects.iter() {
                world.put(object.clone());
            }
            None
        }
        Err(trouble) => Some(trouble.to_string()),
    };
    Ok(Looked { world, unproven })
}

/// All that is wanted, with what a search does not show whole read by its key.
pub async fn gather(session: &Session, wanted: &[Wanted]) -> anyhow::Result<Looked> {
    let ours: Vec<String> =
        session.estate.manage.maintainers.iter().map(|key| key.text().to_owned()).collect();
    let queries: BTreeSet<Query> = wanted.iter().flat_map(|wanted| wanted.queries(&ours)).collect();
    let is_wanted = |key: &Key, object: &Object| {
        is_ours(object, &session.estate.manage) && wanted.iter().any(|each| each.wants(key, object))
    };
    let origins: BTreeSet<Asn> = wanted.iter().filter_map(Wanted::origin).collect();
    let world = session.registry.gather(&queries, &origins, is_wanted).await?;
    Ok(Looked { world, unproven: None })
}
