//! The changes as steps in their order, with all that speaks against them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Allowed, Change, Cycle, Made, Plan, Removal, Step,
    compare::Comparison,
    first_pair::{is_made_whole, is_pair},
    guard,
    limits::Counts,
    lossy, missing, order, placeholder,
    removal::Removals,
};
use crate::{
    estate::{Customer, Declared, Estate},
    finding::{Finding, Severity},
    registered::{Query, Registered},
    rpsl::Key,
    target::{Proof, Target, TargetId},
};

/// The plan that does what the comparison came to, or the questions that must be answered first.
pub fn arrange(
    comparison: Comparison,
    world: &Registered,
    estate: &Estate,
    allowed: &Allowed,
) -> Result<Plan, BTreeSet<Query>> {
    let Comparison { changes, sources, removals, mut findings, .. } = comparison;
    guard::surroundings(&changes, world)?;
    let irreversible = |change: &Change| guard::is_irreversible(change, world, &estate.manage);
    let counted = |managed| Counts::of(&changes, managed, &removals.reclaimed, irreversible);
    let counts = comparison.counted.map_or_else(Counts::default, counted);
    findings.extend(guard::guard(&changes, &counts, world, estate, allowed));
    findings.extend(lossy::losses(&changes, &sources, allowed));
    findings.extend(placeholder::placeholders(&changes, &sources, &world.objects, estate));
    let (order, cycles) = order::order(&changes);
    findings.extend(cycles.iter().map(broken_cycle));
    let in_order: Vec<&Change> = order.into_iter().filter_map(|at| changes.get(at)).collect();
    findings.extend(in_order.windows(2).filter_map(made_together));
    let target = TargetId::new(&estate.registry.name);
    let steps = in_order
        .into_iter()
        .map(|change| Step {
            customer: customer(change, &sources, estate),
            ..step(&target, change, &sources, &removals, irreversible(change))
        })
        .collect();
    Ok(Plan {
        made: Made::default(),
        targets: vec![Target { id: target, proof: Proof::DryRun }],
        steps,
        unchanged: comparison.unchanged,
        unmanaged: comparison.unmanaged,
        expectations: comparison.expectations,
        left_out: comparison.left_out,
        cycles,
        mails: Vec::new(),
        causes: Vec::new(),
        maintainers: comparison.maintainers,
        findings,
        not_there: comparison.not_there,
    })
}

/// Whose the object is, as it is declared; what goes is theirs in whose address space it is.
fn customer(change: &Change, sources: &BTreeMap<Key, &Declared>, estate: &Estate) -> Option<Customer> {
    match sources.get(&change.key()).filter(|_| change.after().is_some()) {
        Some(declared) => declared.customer.clone(),
        None => estate.customer_at(change.key().block()?).cloned(),
    }
}

fn step(
    target: &TargetId,
    change: &Change,
    sources: &BTreeMap<Key, &Declared>,
    removals: &Removals,
    irreversible: bool,
) -> Step {
    let source = change.after().and_then(|_| sources.get(&change.key()));
    let removal = match change.after() {
        None => Some(removals.reason(&change.key())),
        Some(_) => removals.wish(&change.key()),
    };
    Step {
        target: target.clone(),
        change: change.to_records(),
        from: source.map(|source| source.place.clone()),
        origin: source.map(|source| source.origin.clone()),
        irreversible: matches!(removal, Some(Removal::Reclaimed(_))) || irreversible,
        customer: None,
        removal,
        decision: None,
        sent_with: None,
        stands_alone: false,
        needs: Vec::new(),
    }
}

/// What is said of a first pair.
fn made_together(two: &[&Change]) -> Option<Finding> {
    let [one, next] = two else { return None };
    let (Change::Create(maintainer), Change::Create(person)) = (one, next) else { return None };
    let rest = match is_made_whole(maintainer, person) {
        true => "",
        false => "; it makes this one with that contact alone, and the next `ripectl apply` adds the others",
    };
    let text = format!(
        "it and {} name each other: one request makes both or none, and the registry chooses the handle{rest}",
        person.key()
    );
    let finding = Finding::error("first-pair", text).weighing(Severity::Info).about(maintainer.key());
    is_pair(maintainer, person).then_some(finding)
}

fn broken_cycle(cycle: &Cycle) -> Finding {
    let text =
        format!("these name each other, and the registry takes none first: {}", order::cycle_text(cycle));
    let finding = Finding::error("order-cycle", text).weighing(Severity::Warning);
    match cycle.first() {
        Some(first) => finding.fix(missing::first_of_two(first)).about(first),
        None => finding,
    }
}
