//! The status of an inet6num: what it may stand below and above, and who may give it.

use super::{
    super::{CREATE, Case, DELETE, MODIFY, Message, Rule, maintainers},
    hierarchy,
    status::{Status, Trait},
};
use crate::{
    finding::Severity,
    registered::Known,
    rpsl::{Class, Name, Object},
};

const INET6NUM: &[Class] = &[Class::Inet6num];

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "inet6num-status-hierarchy",
        source: "inet6num.Inet6numStrictStatusMandatoryValidator",
        says: "the `status` fits that of the block above and those below: below ASSIGNED nothing stands",
        classes: INET6NUM,
        kinds: CREATE,
        check: hierarchy,
        remedy: "choose a `status:` that fits the object above and those below, or ask the holder above for another one",
    },
    Rule {
        name: "inet6num-status-authority",
        source: "inet6num.Inet6numStrictStatusValidator",
        says: "the RIPE NCC's statuses are given by the RIPE NCC",
        classes: INET6NUM,
        kinds: CREATE,
        check: given_by_the_registry,
        remedy: "only the RIPE NCC gives this status; below your allocation use `ALLOCATED-BY-LIR`, `AGGREGATED-BY-LIR` or `ASSIGNED`",
    },
    Rule {
        name: "inet6num-status-fixed",
        source: "inet6num.Inet6numStatusValidator",
        says: "the `status` of an inet6num stays",
        classes: INET6NUM,
        kinds: MODIFY,
        check: unchanged,
        remedy: "keep the `status:` that is registered; `ripectl plan` shows what another one would take",
    },
    Rule {
        name: "inet6num-status-delete",
        source: "inet6num.Inet6numStatusValidator",
        says: "space with a status of the RIPE NCC is deleted by the RIPE NCC",
        classes: INET6NUM,
        kinds: DELETE,
        check: deleted_by_the_registry,
        remedy: "ask the RIPE NCC (ncc@ripe.net) to delete it",
    },
];

/// The refusal where the status does not fit below `parent`.
pub fn misfit_above(case: &Case, severity: Severity, parent: &Object) -> Option<Message> {
    let (own, above) = (Status::of(case.after)?, Status::of(parent)?);
    let text = "%s parent has incorrect status: %s";
    let remedy = || match above.has(Trait::NoLower) {
        true => format!("{} is {}: nothing can stand below it; leave this one out", parent.key(), above.name),
        false => format!("{} above it is {}: choose a `status:` that fits below", parent.key(), above.name),
    };
    let message = || Message::new(severity, text).arg(case.class()).arg(above.name).remedy(remedy());
    (!own.fits_below(above)).then(message)
}

/// What is wrong with each child below an object with the status `above`.
pub fn misfits_below(severity: Severity, above: &Status, children: &[&Object]) -> Vec<Message> {
    let text = "Status %s not allowed when more specific object '%s' has status %s";
    let unfit = children.iter().filter_map(|child| Some((child, Status::of(child)?)));
    let unfit = unfit.filter(|(_, status)| !status.fits_below(above));
    unfit
        .map(|(child, status)| {
            Message::new(severity, text).arg(above.name).arg(child.key().text()).arg(status.name)
        })
        .collect()
}

/// What is below decides first, and only the first of it is said; then what is above.
pub fn hierarchy(case: &Case) -> Known<Vec<Message>> {
    let Some(own) = Status::of(case.after) else { return Ok(Vec::new()) };
    let below = misfits_below(Severity::Error, own, &hierarchy::children(case)?);
    if let Some(first) = below.into_iter().next() {
        return Ok(vec![first]);
    }
    Ok(match hierarchy::parent(case)? {
        Some(parent) => misfit_above(case, Severity::Error, parent).into_iter().collect(),
        None => hierarchy::orphaned(case).into_iter().collect(),
    })
}

fn given_by_the_registry(case: &Case) -> Known<Vec<Message>> {
    let Some(status) = Status::of(case.after) else { return Ok(Vec::new()) };
    let by_administrator =
        || Message::error("Status %s can only be created by the database administrator").arg(status.name);
    if status.has(Trait::NeedsAllocationMaintainer) && !case.proves_any(maintainers::ALLOCATION)? {
        return Ok(vec![by_administrator()]);
    }
    if !status.has(Trait::NeedsRegistry) {
        return Ok(Vec::new());
    }
    if !maintainers::any_of_registry(&case.after.values(Name::MntBy)) {
        return Ok(vec![by_administrator()]);
    }
    let message = Message::error("Setting status %s requires administrative authorisation").arg(status.name);
    Ok(if case.proves_any(maintainers::REGISTRY)? { Vec::new() } else { vec![message] })
}

fn unchanged(case: &Case) -> Known<Vec<Message>> {
    Ok(if case.changes(Name::Status) { vec![status_change()] } else { Vec::new() })
}

/// The refusal of another status.
pub fn status_change() -> Message {
    Message::error("status value cannot be changed, you must delete and re-create the object")
}

/// The refusal to delete what only the registry makes, where it does not maintain it.
pub fn deleted_by_the_registry(case: &Case) -> Known<Vec<Message>> {
    let Some(status) = Status::of(case.after).filter(|status| status.has(Trait::NeedsRegistry)) else {
        return Ok(Vec::new());
    };
    let text = "Object with status %s can only be deleted by the database administrator";
    let theirs = maintainers::any_of_registry(&case.after.values(Name::MntBy));
    Ok(if theirs { Vec::new() } else { vec![Message::error(text).arg(status.name)] })
}
