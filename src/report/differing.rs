//! Where a declared object comes from, and how one record differs from another, as every report says it.

use super::{Style, paint::Paint};
use crate::{
    estate::{Customer, Origin, of_customer},
    finding::Location,
    plan::{self, Line},
    target::Record,
    visible,
};

/// `block lv of acme, ripectl.toml:35, templates/block.rpsl`, or `objects/as205398.rpsl:9`.
pub(super) fn declared_at(origin: Option<&Origin>, customer: Option<&Customer>, place: &Location) -> String {
    let line = format!("{}:{}", place.source.name(), place.line());
    let template = origin.and_then(Origin::template).map(|path| visible::shown(path.display()));
    let subject = origin.and_then(Origin::subject).map(|subject| of_customer(subject, customer));
    let parts = [subject, Some(line), template];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The lines that differ, those of `before` with `-` and those of `after` with `+`; with `-v` the others too.
pub(super) fn differing(before: &Record, after: &Record, style: Style) -> Vec<String> {
    let line = |line: Line| match line {
        Line::Kept(name, value) => style.verbose.then(|| format!("  {}", labelled(&name, &value, style))),
        Line::Removed(name, value) => Some(signed('-', Paint::Bad, &labelled(&name, &value, style), style)),
        Line::Added(name, value) => Some(added(&labelled(&name, &value, style), style)),
    };
    plan::lines(before, after).into_iter().filter_map(line).collect()
}

/// A line that comes.
pub(super) fn added(line: &str, style: Style) -> String {
    signed('+', Paint::Good, line, style)
}

fn signed(sign: char, paint: Paint, line: &str, style: Style) -> String {
    format!("{} {line}", style.paint(paint, &sign.to_string()))
}

/// An attribute in the layout of the registry.
pub(super) fn labelled(name: &str, value: &str, style: Style) -> String {
    format!("{:<15} {}{value}", format!("{name}:"), style.hang())
}
