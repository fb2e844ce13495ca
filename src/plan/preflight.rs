//! What the registry would answer to each step, once the steps before it are done.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Change, Step};
use crate::{
    registered::{Query, Registered, Unknown},
    rpsl::{Class, Object},
    rules::{self, Action, Credential, Decision, Effect, Request, Settings},
};

/// Decides every step in its order, as far as `world` allows, and returns the questions that are still open; empty:
/// nothing left to ask.
///
/// The registry's own dry-run sees only what is stored; this sees the earlier steps too. What an accepted step does
/// is entered into a copy of `world`, which the later ones are decided over; a refused one leaves it as it is.
pub fn preflight(
    steps: &mut [Step],
    world: &Registered,
    credential: &Credential,
    settings: &Settings,
    now: Timestamp,
) -> BTreeSet<Query> {
    if steps.is_empty() {
        return BTreeSet::new(); // a copy of all that is registered is dear
    }
    let mut world = world.clone();
    let mut automatic = BTreeMap::new();
    let mut open = BTreeSet::new();
    for step in steps {
        let Some(change) = step.change.of_objects() else { continue };
        let (action, object) = match change {
            Change::Create(object) => (Action::Create, object),
            Change::Modify { after, .. } => (Action::Write, after),
            Change::Delete(object) => (Action::Delete, object),
        };
        open.extend(maintainers(object, &world));
        let request = Request { action, object, credential, automatic: &automatic };
        let decision = rules::decide(&world, &request, settings, now);
        open.extend(decision.open());
        automatic.extend(decision.automatic.clone());
        enter(&mut world, &decision);
        step.decision = Some(decision);
    }
    open
}

/// The questions whether the maintainers that `object` names are there: all at once, where a rule asks for the first
/// that it does not know.
fn maintainers<'a>(object: &'a Object, world: &'a Registered) -> impl Iterator<Item = Query> + 'a {
    let named = object.attributes().filter(|a| a.name.is_some_and(|n| n.row().references == [Class::Mntner]));
    let names = named.flat_map(|attribute| attribute.values());
    names
        .filter_map(|name| world.maintainer(name.split([' ', '{']).next()?).err())
        .map(|Unknown(query)| query)
}

fn enter(world: &mut Registered, decision: &Decision) {
    match &decision.effect {
        Effect::Created(after) | Effect::Modified { after, .. } => {
            world.put(after.clone());
        }
        Effect::Deleted(before) => {
            world.delete(&before.key());
        }
        Effect::Unchanged(_) | Effect::Refused { .. } => {}
    }
}
