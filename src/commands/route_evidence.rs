//! Validating announcements against a registry: asking until nothing is left to ask.

use std::collections::BTreeSet;

use anyhow::bail;

use super::{evidence, session::Session};
use crate::{
    net::Prefix,
    registered::Registered,
    report::Validated,
    rpki,
    validate::{self, Validation},
};

/// Validates the announcements within `within` (all, if there is none) with `vrps` and what is registered.
pub async fn judge(session: &Session, within: &[Prefix], vrps: &rpki::Evidence) -> anyhow::Result<Validated> {
    let mut world = Registered::default();
    let validation = session.reading(asked(session, within, vrps, &mut world)).await?;
    let routes = world.objects.keys().filter(|key| key.class().is_route()).count();
    Ok(Validated { evidence: evidence::described(vrps, &session.estate, routes)?, validation })
}

async fn asked(
    session: &Session,
    within: &[Prefix],
    vrps: &rpki::Evidence,
    world: &mut Registered,
) -> anyhow::Result<Validation> {
    let blocks = session.blocks();
    let (mut asked, mut confirmed) = (BTreeSet::new(), false);
    loop {
        match validate::validate(&session.estate, within, vrps, world) {
            Ok(validation) if confirmed || validation.unmatched().next().is_none() => return Ok(validation),
            Ok(validation) => {
                session.registry.catch_up(validation.unmatched().collect(), world).await?;
                confirmed = true;
            }
            Err(open) if open.is_subset(&asked) => {
                bail!("the registry's answers left questions open: {open:?}")
            }
            Err(open) => {
                session.registry.ask(&open, &blocks, world).await?;
                asked.extend(open);
            }
        }
    }
}
