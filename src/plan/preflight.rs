//! What the registry would answer to each step, once the steps before it are done.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Change, Step};
use crate::{
    registered::{Query, Registered},
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
        let (action, object) = match &step.change {
            Change::Create(object) => (Action::Create, object),
            Change::Modify { after, .. } => (Action::Write, after),
            Change::Delete(object) => (Action::Delete, object),
        };
        let request = Request { action, object, credential, automatic: &automatic };
        let decision = rules::decide(&world, &request, settings, now);
        open.extend(decision.open());
        automatic.extend(decision.automatic.clone());
        enter(&mut world, &decision);
        step.decision = Some(decision);
    }
    open
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
