//! What is foreseen to be refused is asked of the registry itself, before it stops a run: its own dry-run says it of a step
//! that hangs on no earlier one.

use std::collections::BTreeSet;

use anyhow::Context;

use super::session::Session;
use crate::{
    apply::{Item, would_take},
    plan::{Plan, Step},
    report::Printer,
    target::Address,
};

/// How many steps the registry may take against what was foreseen, before no more are asked for.
const MOST: usize = 50;

/// The steps that were foreseen to be refused, if the registry would take all of them; each is told then. One that it
/// refuses too, or that it cannot be asked of, stops the run anyway: no more is asked then, and none is let through. So no
/// later step hangs on one that was foreseen to be refused.
pub async fn mistaken(session: &Session, plan: &Plan, printer: Printer) -> anyhow::Result<BTreeSet<Address>> {
    let refused: Vec<&Step> = plan.refused().collect();
    if refused.len() > MOST || !refused.iter().all(|step| step.stands_alone) {
        return Ok(BTreeSet::new());
    }
    for step in &refused {
        let id = step.change.id();
        let asked = session.reading(would_take(&session.registry, &Item::of(step))).await;
        let asked = asked.with_context(|| {
            format!("whether {id} would be refused was not answered; nothing was written")
        })?;
        if !asked {
            return Ok(BTreeSet::new());
        }
    }
    for step in &refused {
        let id = step.change.id();
        let said = step.decision.as_ref().and_then(|decision| decision.errors().next());
        let said = said.map_or_else(String::new, |message| format!(" ({})", message.to_string().trim()));
        printer.say(&format!(
            "{id} was foreseen to be refused{said}, and the registry would take it: it has the word. Please report this."
        ));
    }
    Ok(refused.into_iter().map(Step::address).collect())
}
