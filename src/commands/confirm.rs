//! What is foreseen to be refused is asked of the registry itself, before it stops a run: its own dry-run says it of a step
//! that hangs on no earlier one.

use std::collections::BTreeSet;

use anyhow::Context;

use super::session::Session;
use crate::{
    apply::{Item, would_take},
    plan::Plan,
    report::Printer,
    target::Address,
};

/// How many steps the registry may take against what was foreseen, before no more are asked for.
const MOST: usize = 50;

/// The steps that were foreseen to be refused, and that the registry would take; each is told. One that it refuses too is
/// enough: no more is asked then.
pub async fn mistaken(session: &Session, plan: &Plan, printer: Printer) -> anyhow::Result<BTreeSet<Address>> {
    let mut taken = BTreeSet::new();
    for step in plan.refused().filter(|step| step.stands_alone).take(MOST) {
        let id = step.change.id();
        let asked = session.reading(would_take(&session.registry, &Item::of(step))).await;
        let asked = asked.with_context(|| {
            format!("whether {id} would be refused was not answered; nothing was written")
        })?;
        if !asked {
            break;
        }
        let said = step.decision.as_ref().and_then(|decision| decision.errors().next());
        let said = said.map_or_else(String::new, |message| format!(" ({})", message.to_string().trim()));
        printer.say(&format!(
            "{id} was foreseen to be refused{said}, and the registry would take it: it has the word. Please report this."
        ));
        taken.insert(step.address());
    }
    Ok(taken)
}
