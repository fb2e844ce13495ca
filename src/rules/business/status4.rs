//! The status of an inetnum: what it may stand below and above, and who may give it.

use super::{
    super::{CREATE, Case, DELETE, Kind, MODIFY, Message, Rule, maintainers},
    hierarchy,
    status::{LEGACY, Status, Trait},
    status6::{self, misfit_above, misfits_below},
};
use crate::{
    finding::Severity,
    registered::Known,
    rpsl::{Class, Name, Object},
};

const INETNUM: &[Class] = &[Class::Inetnum];
const FITTING: &str =
    "choose a `status:` that fits the object above and those below, or ask the holder above for another one";

/// The rules of this file.
pub const RULES: &[Rule] = &[
    Rule {
        name: "inetnum-status-hierarchy",
        source: "inetnum.InetnumStrictStatusMandatoryValidator",
        says: "the `status` fits that of the block above and those below",
        classes: INETNUM,
        kinds: CREATE,
        check: status6::hierarchy,
        remedy: FITTING,
    },
    Rule {
        name: "inetnum-status-authority",
        source: "inetnum.InetnumStrictStatusValidator",
        says: "the RIPE NCC's statuses are given by the RIPE NCC",
        classes: INETNUM,
        kinds: CREATE,
        check: given_by_the_registry,
        remedy: "only the RIPE NCC gives this status; use one that the holder of an allocation may give",
    },
    Rule {
        name: "inetnum-status-changed-hierarchy",
        source: "inetnum.InetnumModifyStrictStatusMandatoryValidator",
        says: "a changed `status` fits those above and below",
        classes: INETNUM,
        kinds: MODIFY,
        check: changed_hierarchy,
        remedy: FITTING,
    },
    Rule {
        name: "inetnum-status-changed-authority",
        source: "inetnum.InetnumModifyStrictStatusValidator",
        says: "the RIPE NCC's statuses are changed by the RIPE NCC",
        classes: INETNUM,
        kinds: MODIFY,
        check: changed_authority,
        remedy: "ask the RIPE NCC (ncc@ripe.net) to change it",
    },
    Rule {
        name: "inetnum-status-fixed",
        source: "inetnum.InetnumStatusValidator",
        says: "the `status` of an inetnum stays, but between those of an allocation's holder",
        classes: INETNUM,
        kinds: MODIFY,
        check: modified,
        remedy: "keep the `status:` that is registered; `ripectl plan` shows what another one would take",
    },
    Rule {
        name: "inetnum-status-delete",
        source: "inetnum.InetnumStatusValidator",
        says: "space with a status of the RIPE NCC is deleted by the RIPE NCC",
        classes: INETNUM,
        kinds: DELETE,
        check: deleted,
        remedy: "ask the RIPE NCC (ncc@ripe.net) to delete it",
    },
];

/// The two statuses between which an allocation may change.
const EXCHANGEABLE: [&str; 2] = ["ALLOCATED PA", "ALLOCATED-ASSIGNED PA"];

fn may_change(case: &Case) -> bool {
    let exchangeable =
        |object: &Object| Status::of(object).is_some_and(|status| EXCHANGEABLE.contains(&status.name));
    case.changes(Name::Status) && case.before.is_some_and(exchangeable) && exchangeable(case.after)
}

fn given_by_the_registry(case: &Case) -> Known<Vec<Message>> {
    let Some(status) = Status::of(case.after) else { return Ok(Vec::new()) };
    let mut messages = Vec::new();
    if status.has(Trait::NeedsRegistry) {
        if !maintainers::any_of_registry(&case.after.values(Name::MntBy)) {
            let text = "Status %s can only be created by the database administrator";
            messages.push(Message::error(text).arg(status.name));
        } else if case.kind == Kind::Create && !case.proves_any(maintainers::REGISTRY)? {
            let text = "Setting status %s requires administrative authorisation";
            messages.push(Message::error(text).arg(status.name));
        }
    }
    messages.extend(top_level_legacy(case)?);
    Ok(messages)
}

/// Space older than the registry is entered and taken out by the RIPE NCC.
fn top_level_legacy(case: &Case) -> Known<Option<Message>> {
    let text = "Only RIPE NCC can create/delete a top level object with status 'LEGACY'\nContact legacy@ripe.net for more info";
    let Some(parent) = hierarchy::parent(case)? else { return Ok(None) };
    let top_level = case.after.names(Name::Status, LEGACY) && !parent.names(Name::Status, LEGACY);
    Ok(match top_level && !case.proves_any(maintainers::REGISTRY)? {
        true => Some(Message::error(text).remedy("ask the RIPE NCC (legacy@ripe.net)")),
        false => None,
    })
}

fn changed_hierarchy(case: &Case) -> Known<Vec<Message>> {
    if may_change(case) { status6::hierarchy(case) } else { Ok(Vec::new()) }
}

fn changed_authority(case: &Case) -> Known<Vec<Message>> {
    if may_change(case) { given_by_the_registry(case) } else { Ok(Vec::new()) }
}

fn modified(case: &Case) -> Known<Vec<Message>> {
    let (Some(status), false) = (Status::of(case.after), may_change(case)) else { return Ok(Vec::new()) };
    let mut messages = Vec::new();
    if case.changes(Name::Status) {
        messages.push(status6::status_change());
    }
    messages
        .extend(hierarchy::parent(case)?.and_then(|parent| misfit_above(case, Severity::Warning, parent)));
    messages.extend(misfits_below(Severity::Warning, status, &hierarchy::children(case)?));
    Ok(messages)
}

/// What is below comes to stand below what is above.
fn deleted(case: &Case) -> Known<Vec<Message>> {
    if Status::of(case.after).is_none() {
        return Ok(Vec::new()); // a status that there is no more
    }
    let mut messages = status6::deleted_by_the_registry(case)?;
    let Some(parent) = hierarchy::parent(case)? else {
        messages.extend(hierarchy::orphaned(case));
        return Ok(messages);
    };
    messages.extend(top_level_legacy(case)?);
    if let Some(above) = Status::of(parent) {
        messages.extend(misfits_below(Severity::Warning, above, &hierarchy::children(case)?));
    }
    Ok(messages)
}
