//! The table of announcements: what was not looked at has no column.

use super::Evidence;
use crate::{
    report::table::GLUE,
    rpki::{Reason, State, Vrp},
    validate::{IrrState, Judgement, Validated},
};

/// The columns that a narrow terminal does without, the first to go first: what they have stands in the findings and in JSON.
pub(super) const NEEDLESS: [&str; 4] = ["at", "upstreams", "origin", "IRR"];

/// The columns of the table: what was not looked at has none.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each column is there or is not")]
pub(super) struct Columns {
    sites: bool,
    irr: bool,
    roa: bool,
    upstreams: bool,
}

impl Columns {
    pub(super) fn of(evidence: &Evidence, rows: &[Validated]) -> Columns {
        Columns {
            sites: rows.iter().any(|each| !each.sites.is_empty()),
            irr: evidence.routes.is_some(),
            roa: evidence.vrps.is_some(),
            upstreams: rows.iter().any(|each| !each.upstreams.is_empty()),
        }
    }

    fn chosen<T>(self, [prefix, origin, at, irr, roa, upstreams]: [T; 6]) -> Vec<T> {
        let chosen = [
            (true, prefix),
            (true, origin),
            (self.sites, at),
            (self.irr, irr),
            (self.roa, roa),
            (self.upstreams, upstreams),
        ];
        chosen.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, cell)| cell).collect()
    }

    pub(super) fn header(self) -> Vec<&'static str> {
        self.chosen(["prefix", "origin", "at", "IRR", "ROA", "upstreams"])
    }

    pub(super) fn row(self, each: &Validated) -> Vec<String> {
        let upstreams: Vec<String> = each
            .upstreams
            .iter()
            .map(|upstream| {
                let carries = upstream.judgement == Judgement::Carries;
                format!("{}{GLUE}{}", sign(carries), upstream.asn)
            })
            .collect();
        self.chosen([
            each.prefix.to_string(),
            each.origin.clone(),
            sites(each),
            irr(each),
            roa(each),
            upstreams.join("  "),
        ])
    }
}

fn sign(good: bool) -> char {
    if good { '✓' } else { '✗' }
}

/// `all 15`, the names of a few, or their number.
fn sites(each: &Validated) -> String {
    const NAMED: usize = 3;
    let sites = &each.sites;
    match sites.len() {
        count if each.everywhere => format!("all {count}"),
        count if count > NAMED => format!("{count} sites"),
        _ => sites.join(", "),
    }
}

fn irr(each: &Validated) -> String {
    let Some(irr) = &each.irr else { return "?".to_owned() };
    let sources: Vec<&str> = irr.routes.iter().map(|route| &*route.source).collect();
    match irr.state {
        _ if !irr.hidden.is_empty() && irr.state != IrrState::Match => format!("✗{GLUE}hidden"),
        IrrState::Match => format!("✓{GLUE}{}", sources.first().copied().unwrap_or_default()),
        IrrState::OriginMismatch => format!("✗{GLUE}other{GLUE}origin"),
        IrrState::CoveringOnly => format!("✗{GLUE}covering{GLUE}only"),
        IrrState::Missing => format!("✗{GLUE}missing"),
    }
}

/// The VRP that makes it valid, without its address where that is the announced prefix; or why it is not.
fn roa(each: &Validated) -> String {
    let vrp = |vrp: &Vrp| match vrp.prefix() {
        own if own == each.prefix => format!("✓{GLUE}/{}-{}", own.len(), vrp.max_length()),
        other => format!("✓{GLUE}{other}-{}", vrp.max_length()),
    };
    match each.state {
        None => "?".to_owned(),
        Some(State::Valid) => each.vrps.first().map_or_else(String::new, vrp),
        Some(state) => state_cell(state),
    }
}

/// A validation state in a cell.
pub(super) fn state_cell(state: State) -> String {
    match state {
        State::Valid => format!("✓{GLUE}valid"),
        State::NotFound => format!("✗{GLUE}not{GLUE}found"),
        State::Invalid(Reason::Length) => format!("✗{GLUE}invalid,{GLUE}length"),
        State::Invalid(Reason::Origin | Reason::OriginAndLength) => format!("✗{GLUE}invalid,{GLUE}origin"),
    }
}
