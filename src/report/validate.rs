//! The outcome of `validate`: a table of announcements, and each flaw with what decides.

use serde_json::{Value, json};

use super::{
    Findings, Report, Style,
    alike::{alike, others, shape},
    finding::Few,
    names::Name,
    paint::{Paint, add, indented},
    table::{GLUE, table},
};
use crate::{
    finding::{Finding, counted},
    rpki::{Reason, State, Vrp},
    validate::{self, Flaw, Irr, IrrState, Judgement, Route, Validation},
    visible,
};

/// What the announcements were validated against.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The file or URL of the VRPs.
    pub vrps: String,
    /// How many VRPs there are.
    pub count: usize,
    /// How many more were printed and have expired since.
    pub expired: usize,
    /// When the validator made them, as RFC 3339.
    pub generated: Option<String>,
    /// How old they are, or that their age does not count.
    pub age: String,
    /// The registry that was asked for route objects.
    pub registry: String,
    /// Its source.
    pub source: String,
    /// How many route and route6 objects were found.
    pub routes: usize,
}

/// Validated announcements and the evidence.
#[derive(Clone, Debug)]
pub struct Validated {
    /// The evidence.
    pub evidence: Evidence,
    /// The outcome.
    pub validation: Validation,
}

impl Report for Validated {
    fn text(&self, style: Style) -> String {
        let Evidence { vrps, count, expired, age, registry, source, routes, .. } = &self.evidence;
        let [vrps, registry, source] = [vrps, registry, source].map(|text| visible::line(text));
        let (validation, hang) = (&self.validation, style.hang());
        let mut text = format!(
            "VRPs  {hang}{vrps}, {}{}, {age}\nIRR   {hang}{source} ({registry}) {}\n\n",
            counted(*count, "VRP"),
            if *expired > 0 { format!(", {expired} more expired and left out") } else { String::new() },
            counted(*routes, "route object"),
        );
        let header = ["prefix", "origin", "at", "IRR", "ROA", "upstreams"];
        text.push_str(&table(&header, validation.announcements.iter().map(row), style));
        let mut few = Few::new(style);
        let flaws =
            validation.announcements.iter().flat_map(|each| each.flaws.iter().map(move |flaw| (each, flaw)));
        for group in alike(flaws, |(each, flaw)| shape_of(each, flaw), style) {
            let Some(((each, flaw), rest)) = group.split_first() else { continue };
            if few.shows(flaw.rule, group.len()) {
                let names: Vec<Name> =
                    rest.iter().map(|(each, _)| Name::of_prefix(each.announcement.prefix)).collect();
                add(&mut text, format!("\n{}{}", flaw_text(each, flaw, style), others(&names, style)));
            }
        }
        add(
            &mut text,
            Some(few.rest())
                .filter(|rest| !rest.is_empty())
                .map_or_else(String::new, |rest| format!("\n{rest}")),
        );
        add(&mut text, format!("\n{}\n", verdict(validation, style)));
        text
    }

    fn findings(&self) -> Option<Findings> {
        let of = |each: &validate::Validated| {
            let announcement = each.announcement.clone();
            let finding = move |flaw: &Flaw| {
                Finding::error(flaw.rule, format!("{}\ndecides: {}", flaw.text, flaw.decides))
                    .weighing(flaw.severity)
                    .about(format!("{} {}", announcement.prefix, announcement.origin))
                    .fix(&flaw.fix)
                    .at(announcement.place.clone())
            };
            each.flaws.iter().map(finding).collect::<Vec<_>>()
        };
        let all = &self.validation.announcements;
        let looked_at = counted(all.len(), "announcement");
        Some(Findings { command: "validate", looked_at, findings: all.iter().flat_map(of).collect() })
    }

    fn json(&self) -> Value {
        let Evidence { vrps, count, expired, generated, age, registry, source, routes } = &self.evidence;
        let validation = &self.validation;
        json!({
            "schema": "ripectl/validate/1",
            "summary": {
                "announcements": validation.announcements.len(),
                "ok": validation.ok(),
                "findings": validation.flaws(),
            },
            "evidence": {
                "vrps": { "source": vrps, "count": count, "expired": expired, "generated": generated, "age": age },
                "routes": { "registry": registry, "source": source, "count": routes },
            },
            "announcements": validation.announcements.iter().map(announcement).collect::<Vec<_>>(),
        })
    }
}

fn verdict(validation: &Validation, style: Style) -> String {
    let (all, ok) = (validation.announcements.len(), validation.ok());
    let count = counted(all, "announcement");
    match all - ok {
        0 => format!("{count}: all ok"),
        bad => {
            let stop = style.paint(Paint::Bad, "must not be deployed");
            format!("{count}: {ok} ok, {bad} with errors · {stop}")
        }
    }
}

fn row(each: &validate::Validated) -> Vec<String> {
    let upstreams: Vec<String> = each
        .upstreams
        .iter()
        .map(|upstream| {
            let carries = upstream.judgement == Judgement::Carries;
            format!("{}{GLUE}{}", sign(carries), upstream.asn)
        })
        .collect();
    vec![
        each.announcement.prefix.to_string(),
        each.announcement.origin.to_string(),
        sites(each),
        irr(&each.irr),
        roa(each),
        upstreams.join("  "),
    ]
}

fn sign(good: bool) -> char {
    if good { '✓' } else { '✗' }
}

/// `all 15`, the names of a few, or their number.
fn sites(each: &validate::Validated) -> String {
    const NAMED: usize = 3;
    let sites = &each.announcement.sites;
    match sites.len() {
        count if each.everywhere => format!("all {count}"),
        count if count > NAMED => format!("{count} sites"),
        _ => sites.join(", "),
    }
}

fn irr(irr: &Irr) -> String {
    let sources: Vec<&str> = irr.routes.iter().map(|route| route.source.as_str()).collect();
    match irr.state {
        IrrState::Match => format!("✓{GLUE}{}", sources.first().copied().unwrap_or_default()),
        IrrState::OriginMismatch => format!("✗{GLUE}other origin"),
        IrrState::CoveringOnly => format!("✗{GLUE}covering only"),
        IrrState::Missing => format!("✗{GLUE}missing"),
    }
}

/// The VRP that makes it valid, without its address where that is the announced prefix; or why it is not.
fn roa(each: &validate::Validated) -> String {
    let vrp = |vrp: &Vrp| match vrp.prefix() {
        own if own == each.announcement.prefix => format!("✓{GLUE}/{}-{}", own.len(), vrp.max_length()),
        other => format!("✓{GLUE}{other}-{}", vrp.max_length()),
    };
    match each.state {
        State::Valid => each.vrps.first().map_or_else(String::new, vrp),
        State::NotFound => format!("✗{GLUE}not found"),
        State::Invalid(Reason::Length) => format!("✗{GLUE}invalid, length"),
        State::Invalid(Reason::Origin | Reason::OriginAndLength) => format!("✗{GLUE}invalid, origin"),
    }
}

/// What is announced.
fn subject(each: &validate::Validated) -> String {
    format!("{} {}", each.announcement.prefix, each.announcement.origin)
}

/// What is said of an announcement, without its name.
fn shape_of(each: &validate::Validated, flaw: &Flaw) -> String {
    let Flaw { rule, severity, text, decides, effect, fix, .. } = flaw;
    let effect = effect.as_deref().unwrap_or_default();
    let origin = each.announcement.origin;
    let said = format!("{rule} {severity} {origin} {text} {decides} {effect} {fix}");
    shape(&said, &[&subject(each), &each.announcement.prefix.to_string()])
}

fn flaw_text(each: &validate::Validated, flaw: &Flaw, style: Style) -> String {
    let announcement = &each.announcement;
    let place = &announcement.place;
    let head = format!("{} {}", style.paint(Paint::Bad, &flaw.severity.to_string()), flaw.rule);
    let (subject, hang) = (subject(each), style.hang());
    let place = format!("{}:{}", place.source.name(), place.line());
    let mut text = format!("{head:<27} {subject:<36} {place}\n  {}\n", indented(&flaw.text, 2));
    add(&mut text, format!("  decides: {hang}{}\n", indented(&flaw.decides, 11)));
    if let Some(effect) = &flaw.effect {
        add(&mut text, format!("  effect:  {hang}{}\n", indented(effect, 11)));
    }
    add(&mut text, format!("  fix:     {hang}{}\n", indented(&flaw.fix, 11)));
    text
}

fn announcement(each: &validate::Validated) -> Value {
    let announcement = &each.announcement;
    let state = match each.state {
        State::Valid => "valid",
        State::Invalid(_) => "invalid",
        State::NotFound => "not-found",
    };
    json!({
        "prefix": announcement.prefix.to_string(),
        "origin": announcement.origin.to_string(),
        "sites": announcement.sites,
        "ok": each.is_ok(),
        "rpki": { "state": state, "vrps": each.vrps.iter().map(vrp).collect::<Vec<_>>() },
        "irr": { "state": each.irr.state.text(), "routes": each.irr.routes.iter().map(route).collect::<Vec<_>>() },
        "findings": each.flaws.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn vrp(vrp: &Vrp) -> Value {
    json!({
        "prefix": vrp.prefix().to_string(),
        "origin": vrp.origin().to_string(),
        "max_length": vrp.max_length(),
        "ta": vrp.trust_anchor(),
    })
}

fn route(route: &Route) -> Value {
    json!({ "source": route.source, "prefix": route.prefix.to_string(), "origin": route.origin.to_string() })
}

fn finding(flaw: &Flaw) -> Value {
    json!({
        "rule": flaw.rule,
        "severity": flaw.severity.to_string(),
        "text": flaw.text,
        "decides": flaw.decides,
        "effect": flaw.effect,
        "fix": flaw.fix,
    })
}
