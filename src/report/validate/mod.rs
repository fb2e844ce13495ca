//! The outcome of `validate`: a table of announcements, and each flaw with what decides.

mod csv;
mod evidence;
mod json;
mod table;
mod what_if;

use std::io::{self, Write};

use serde_json::Value;

pub use evidence::{Evidence, RouteSource, VrpSource};
pub use what_if::RoaChecked;

use super::{
    Findings, Report, Rows, Style,
    alike::{alike, others, shape},
    finding::Few,
    names::Name,
    paint::{Paint, add, indented},
    table::fitting,
};
use crate::{
    finding::{Finding, Severity, counted},
    rule::Rule,
    validate::{self, Flaw, Validation},
    visible,
};
use table::{Columns, NEEDLESS};

/// Validated announcements and the evidence.
#[derive(Clone, Debug)]
pub struct Validated {
    /// The evidence.
    pub evidence: Evidence,
    /// The outcome.
    pub validation: Validation,
    /// How much of it people see.
    pub detail: ValidationDetail,
}

/// How much of a validation people see.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ValidationDetail {
    /// All announcements; of many those with findings only.
    #[default]
    Findings,
    /// All of them, however many.
    All,
    /// One line.
    Summary,
}

/// More rows than this are many.
const MANY: usize = 50;
/// The columns of the weight and the name of a rule, without the blank between them.
const HEAD: usize = 27;
/// Of so many announcements the findings are told; the others are counted by rule.
const TOLD: usize = 2000;

impl Validated {
    /// The announcements in the table, and how many are left out of it, for nothing is wrong with them.
    fn rows(&self) -> (Vec<validate::Validated>, usize) {
        let validation = &self.validation;
        let all = self.detail == ValidationDetail::All || validation.len() <= MANY;
        let wanted = |verdict: validate::Verdict| all || !verdict.broken.is_empty();
        let most = if self.detail == ValidationDetail::All { usize::MAX } else { TOLD };
        let rows: Vec<_> = validation.explain(wanted).take(most).collect();
        let ok = validation.verdicts.iter().filter(|verdict| !wanted(**verdict)).count();
        (rows, ok)
    }
}

impl Report for Validated {
    fn text(&self, style: Style) -> String {
        let (head, validation) = (self.evidence.head(style), &self.validation);
        if self.detail == ValidationDetail::Summary {
            return format!("{}\n", verdict(validation, style));
        }
        let (rows, ok) = self.rows();
        let mut text = format!("{head}\n");
        let columns = Columns::of(&self.evidence, &rows);
        if !rows.is_empty() {
            text.push_str(&fitting(
                &columns.header(),
                rows.iter().map(|each| columns.row(each)),
                &NEEDLESS,
                style,
            ));
        }
        if ok > 0 {
            text.push_str(&format!("and {} with nothing to say of: --all\n", counted(ok, "announcement")));
        }
        let flaws = rows.iter().flat_map(|each| each.flaws.iter().map(move |flaw| (Some(each), flaw)));
        let flaws = flaws.chain(validation.others.iter().map(|flaw| (None, flaw)));
        add(&mut text, flaw_list(flaws, style));
        text.push_str(&self.untold(rows.len() + ok));
        add(&mut text, format!("\n{}\n", verdict(validation, style)));
        text
    }

    fn findings(&self) -> Option<Findings> {
        let each = self.validation.explain(|verdict| !verdict.broken.is_empty());
        let mut findings: Vec<Finding> =
            each.flat_map(|each| findings_of(&each).collect::<Vec<_>>()).collect();
        findings.extend(self.validation.others.iter().map(|flaw| finding(flaw, None)));
        findings.extend(self.evidence.assumptions().into_iter().map(assumption));
        let looked_at = counted(self.validation.len(), "announcement");
        Some(Findings { command: "validate", looked_at, findings })
    }

    fn json(&self) -> Value {
        json::of(self).whole()
    }

    fn rows(&self) -> Option<Rows<'_>> {
        Some(json::of(self))
    }

    fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        csv::write(&self.validation, out)
    }
}

impl Validated {
    /// What is wrong besides the announcements, in a line each: what a form that has only rows has no place for.
    pub fn beside_rows(&self) -> Vec<String> {
        csv::beside(&self.validation)
    }

    /// How many announcements have findings that are not told, and of which rules.
    fn untold(&self, told: usize) -> String {
        let rest = self.validation.len().saturating_sub(told);
        if rest == 0 {
            return String::new();
        }
        let count =
            |rule: Rule| self.validation.verdicts.iter().filter(|each| each.broken.contains(rule)).count();
        let counts = Rule::ALL.into_iter().map(|rule| (count(rule), rule)).filter(|(count, _)| *count > 0);
        let counts: Vec<String> =
            counts.map(|(count, rule)| format!("  {count:>9}  {}", rule.name())).collect();
        let rest = counted(rest, "announcement");
        format!("\nand {rest} more with findings (--all, or --format csv); in all:\n{}\n", counts.join("\n"))
    }
}

/// The findings of an announcement, but for those that follow from others.
fn findings_of(each: &validate::Validated) -> impl Iterator<Item = Finding> {
    each.flaws.iter().filter(|flaw| !flaw.follows).map(|flaw| finding(flaw, Some(each)))
}

fn finding(flaw: &Flaw, each: Option<&validate::Validated>) -> Finding {
    let place = each.and_then(|each| each.place.clone());
    let seen = each
        .and_then(|each| each.seen.as_ref())
        .filter(|seen| place.is_none() && !flaw.decides.contains(*seen));
    let seen = seen.map_or_else(String::new, |seen| format!("\nseen in {seen}"));
    let waived = flaw.waived.as_ref().map_or_else(String::new, |why| format!("\n{why}"));
    let text = format!("{}\ndecides: {}{seen}{waived}", flaw.text, flaw.decides);
    let weight = if flaw.waived.is_some() { Severity::Info } else { flaw.severity };
    let finding = Finding::error(flaw.rule.name(), text).weighing(weight).about(&flaw.subject).fix(&flaw.fix);
    match place {
        Some(place) => finding.at(place),
        None => finding,
    }
}

/// Flaws, each with the announcement that it is one of, those that are alike together.
fn flaw_list<'a>(
    flaws: impl Iterator<Item = (Option<&'a validate::Validated>, &'a Flaw)>,
    style: Style,
) -> String {
    let (mut text, mut few) = (String::new(), Few::new(style));
    let flaws = flaws.filter(|(_, flaw)| !flaw.follows || style.verbose);
    for group in alike(flaws, |(each, flaw)| shape_of(*each, flaw), style) {
        let Some(((each, flaw), rest)) = group.split_first() else { continue };
        if few.shows(flaw.rule.name(), group.len()) {
            let names: Vec<Name> = rest.iter().map(|(_, flaw)| named(&flaw.subject)).collect();
            add(&mut text, format!("\n{}{}", flaw_text(*each, flaw, style), others(&names, style)));
        }
    }
    let rest = few.rest();
    add(&mut text, if rest.is_empty() { rest } else { format!("\n{rest}") });
    text
}

/// What is said in a form that has findings only: these rest on what is assumed.
fn assumption(text: String) -> Finding {
    let fix = "have the ROA made, and validate without `--assume`";
    Finding::error("assumed", text).weighing(Severity::Info).fix(fix)
}

fn verdict(validation: &Validation, style: Style) -> String {
    let (all, ok) = (validation.len(), validation.ok());
    let count = counted(all, "announcement");
    let waived = validation.ok_by_waiver();
    let waived = if waived > 0 { format!(", {waived} of them by a waiver") } else { String::new() };
    let stop = style.paint(Paint::Bad, "must not be deployed");
    let assumed = validation.grounds.vrps.as_ref().map_or(0, |evidence| evidence.assumed.len());
    let assumed =
        if assumed > 0 { format!(" · {} assumed", counted(assumed, "VRP")) } else { String::new() };
    match all - ok {
        0 if validation.is_ok() => format!("{count}: all ok{waived}{assumed}"),
        0 => format!("{count}: all ok{waived}, but not what stands beside them{assumed} · {stop}"),
        bad => format!("{count}: {ok} ok{waived}, {bad} with errors{assumed} · {stop}"),
    }
}

/// The name of what a flaw is about: its prefix, which says it where all have one origin.
fn named(subject: &str) -> Name {
    let prefix = subject.split(' ').next().and_then(|prefix| prefix.parse().ok());
    prefix.map_or_else(|| Name::of_object(subject), Name::of_prefix)
}

/// What is said of an announcement, without its name.
fn shape_of(each: Option<&validate::Validated>, flaw: &Flaw) -> String {
    let Flaw { rule, severity, text, decides, effect, fix, waived, subject, .. } = flaw;
    let (effect, waived) = (effect.as_deref().unwrap_or_default(), waived.as_deref().unwrap_or_default());
    let (prefix, origin) = subject.split_once(' ').unwrap_or((subject, ""));
    let seen = each.and_then(|each| each.seen.as_deref()).unwrap_or_default();
    let said = format!("{} {severity} {origin} {text} {decides} {effect} {fix} {waived}", rule.name());
    shape(&said, &[seen, subject, prefix])
}

/// The word for how much it weighs.
fn weight(flaw: &Flaw) -> String {
    if flaw.waived.is_some() { "waived".to_owned() } else { flaw.severity.to_string() }
}

fn flaw_text(each: Option<&validate::Validated>, flaw: &Flaw, style: Style) -> String {
    let place = each.and_then(|each| {
        let declared = each.place.as_ref().map(|place| format!("{}:{}", place.source.name(), place.line()));
        declared.or_else(|| each.seen.clone())
    });
    let place = place.map(|place| visible::line(&place).into_owned()).unwrap_or_default();
    let (word, paint) = (weight(flaw), if flaw.stops() { Paint::Bad } else { Paint::Careful });
    let (subject, hang, rule) = (&flaw.subject, style.hang(), flaw.rule.name());
    // Colours take no columns.
    let behind = HEAD.saturating_sub(word.len() + rule.len()).max(1);
    let line = format!("{} {rule}{:behind$}{subject:<36} {place}", style.paint(paint, &word), "");
    let mut text = format!("{}\n  {}\n", line.trim_end(), indented(&flaw.text, 2));
    add(&mut text, format!("  decides: {hang}{}\n", indented(&flaw.decides, 11)));
    if let Some(effect) = &flaw.effect {
        add(&mut text, format!("  effect:  {hang}{}\n", indented(effect, 11)));
    }
    add(&mut text, format!("  fix:     {hang}{}\n", indented(&flaw.fix, 11)));
    if let Some(waived) = &flaw.waived {
        add(&mut text, format!("  {hang}{}\n", indented(waived, 2)));
    }
    text
}
