//! The outcome of `validate` for programs: `docs/schema/ripectl-validate-1.json`.

use serde_json::{Value, json};

use super::{Evidence, RouteSource, Rows, Validated, VrpSource};
use crate::{
    irr::Route,
    rpki::Vrp,
    validate::{self, Flaw},
};

pub(super) fn of(validated: &Validated) -> Rows<'_> {
    let Evidence { routes, seen, .. } = &validated.evidence;
    let vrps = vrp_source(&validated.evidence);
    let routes = routes.as_ref().map(|source| {
        let RouteSource { registry, sources, count, notes } = source;
        json!({ "registry": registry, "source": sources.first(), "sources": sources, "count": count, "notes": notes })
    });
    let validation = &validated.validation;
    let head = json!({
        "schema": "ripectl/validate/1",
        "summary": {
            "announcements": validation.len(),
            "ok": validation.ok(),
            "findings": validation.flaws(),
        },
        "evidence": { "vrps": vrps, "routes": routes, "seen": seen },
        "others": validation.others.iter().map(other).collect::<Vec<_>>(),
    });
    let rows = validation.explain(|_| true).map(|each| announcement(&each));
    Rows { head, key: "announcements", rows: Box::new(rows) }
}

/// Where VRPs are from, and what they are worth.
pub(super) fn vrp_source(evidence: &Evidence) -> Option<Value> {
    evidence.vrps.as_ref().map(|source| {
        let VrpSource { name, count, expired, generated, age, anchors, notes, assumed } = source;
        json!({
            "source": name, "count": count, "expired": expired, "generated": generated, "age": age,
            "anchors": anchors, "notes": notes, "assumed": assumed.iter().map(vrp).collect::<Vec<_>>(),
        })
    })
}

fn announcement(each: &validate::Validated) -> Value {
    let irr = each.irr.as_ref().map(|irr| {
        let hidden: Vec<Value> = irr.hidden.iter().map(route).collect();
        json!({
            "state": irr.state.text(),
            "routes": irr.routes.iter().map(route).collect::<Vec<_>>(),
            "hidden": hidden,
        })
    });
    let rpki = each
        .state
        .map(|state| json!({ "state": state.text(), "vrps": each.vrps.iter().map(vrp).collect::<Vec<_>>() }));
    json!({
        "prefix": each.prefix.to_string(),
        "origin": each.origin,
        "sites": each.sites,
        "seen": each.seen,
        "ok": each.is_ok(),
        "rpki": rpki,
        "irr": irr,
        "findings": each.flaws.iter().map(finding).collect::<Vec<_>>(),
    })
}

pub(super) fn vrp(vrp: &Vrp) -> Value {
    json!({
        "prefix": vrp.prefix().to_string(),
        "origin": vrp.origin().to_string(),
        "max_length": vrp.max_length(),
        "ta": vrp.trust_anchor(),
    })
}

fn route(route: &Route) -> Value {
    json!({ "source": &*route.source, "prefix": route.prefix.to_string(), "origin": route.origin.to_string() })
}

pub(super) fn finding(flaw: &Flaw) -> Value {
    json!({
        "rule": flaw.rule.name(),
        "severity": flaw.severity.to_string(),
        "text": flaw.text,
        "decides": flaw.decides,
        "effect": flaw.effect,
        "fix": flaw.fix,
        "waived": flaw.waived,
    })
}

pub(super) fn other(flaw: &Flaw) -> Value {
    json!({
        "subject": flaw.subject,
        "rule": flaw.rule.name(),
        "severity": flaw.severity.to_string(),
        "text": flaw.text,
        "decides": flaw.decides,
        "fix": flaw.fix,
    })
}
