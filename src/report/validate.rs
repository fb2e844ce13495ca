//! The outcome of `validate`: a table of announcements, and each flaw with what decides.

use std::io::{self, Write};

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
    finding::{Finding, Location, Severity, counted},
    irr::Route,
    parallel,
    rpki::{self, Reason, State, Vrp},
    rule::Rule,
    validate::{self, Flaw, IrrState, Judgement, Subject, Validation},
    visible,
};

/// What the announcements were validated against; what is `None` was not looked at.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The VRPs.
    pub vrps: Option<VrpSource>,
    /// The route objects.
    pub routes: Option<RouteSource>,
    /// The sources of what was seen.
    pub seen: Option<Vec<String>>,
}

impl Evidence {
    /// What must be said beside a form that has no place for it: VRPs that have expired, and what was not looked at.
    pub fn aside(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match &self.vrps {
            Some(VrpSource { name, expired, .. }) if *expired > 0 => {
                let count = counted(*expired, "VRP");
                lines.push(format!("{}: {count} expired and left out", visible::line(name)));
            }
            Some(_) => {}
            None => lines.push("VRPs were not looked at".to_owned()),
        }
        if self.routes.is_none() {
            lines.push("route objects were not looked at".to_owned());
        }
        lines
    }
}

/// Where VRPs are from, and what they are worth.
#[derive(Clone, Debug)]
pub struct VrpSource {
    /// The file or URL.
    pub name: String,
    /// How many VRPs there are.
    pub count: usize,
    /// How many more were printed and have expired since.
    pub expired: usize,
    /// When the validator made them, as RFC 3339.
    pub generated: Option<String>,
    /// How old they are, or that their age does not count.
    pub age: String,
    /// The trust anchors that are named.
    pub anchors: Vec<String>,
    /// What was done to them.
    pub notes: Vec<String>,
}

/// Where route objects are from.
#[derive(Clone, Debug)]
pub struct RouteSource {
    /// The registry of the estate, if there is one.
    pub registry: Option<String>,
    /// The sources, in the order of their rank.
    pub sources: Vec<String>,
    /// How many route and route6 objects were found.
    pub count: usize,
}

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

    fn head(&self, style: Style) -> String {
        let Evidence { vrps, routes, seen } = &self.evidence;
        let hang = style.hang();
        let mut text = match vrps {
            Some(VrpSource { name, count, expired, age, anchors, notes, .. }) => {
                let expired = match expired {
                    0 => String::new(),
                    expired => format!(", {expired} more expired and left out"),
                };
                let count = counted(*count, "VRP");
                let mut text = format!("VRPs  {hang}{}, {count}{expired}, {age}\n", visible::line(name));
                let is_rir = |name: &String| rpki::Rir::named(name).is_some();
                if !anchors.is_empty() && !anchors.iter().any(is_rir) {
                    let names = visible::line(&anchors.join(", ")).into_owned();
                    text.push_str(&format!("      {hang}no trust anchor of a registry is named, only {names}: VRPs of a laboratory\n"));
                }
                for note in notes {
                    text.push_str(&format!("      {hang}{}\n", visible::line(note)));
                }
                text
            }
            None => "VRPs  not looked at: `--vrps` says where they are\n".to_owned(),
        };
        text.push_str(&match routes {
            Some(RouteSource { registry, sources, count }) => {
                let (own, others) =
                    sources.split_first().map_or(("", &[][..]), |(own, rest)| (own.as_str(), rest));
                let own = match registry {
                    Some(registry) => format!("{own} ({registry})"),
                    None => own.to_owned(),
                };
                let names: Vec<String> = std::iter::once(own).chain(others.iter().cloned()).collect();
                let names = visible::line(&names.join(", ")).into_owned();
                format!("IRR   {hang}{names} {}\n", counted(*count, "route object"))
            }
            None => "IRR   not looked at: `--irr` says where route objects are\n".to_owned(),
        });
        if let Some(seen) = seen {
            text.push_str(&format!("seen  {hang}{}\n", visible::line(&seen.join(", "))));
        }
        text
    }
}

impl Report for Validated {
    fn text(&self, style: Style) -> String {
        let (head, validation) = (self.head(style), &self.validation);
        if self.detail == ValidationDetail::Summary {
            return format!("{}\n", verdict(validation, style));
        }
        let (rows, ok) = self.rows();
        let mut text = format!("{head}\n");
        let columns = Columns::of(&self.evidence, &rows);
        if !rows.is_empty() {
            text.push_str(&table(&columns.header(), rows.iter().map(|each| columns.row(each)), style));
        }
        if ok > 0 {
            text.push_str(&format!("and {} with nothing to say of: --all\n", counted(ok, "announcement")));
        }
        let mut few = Few::new(style);
        let flaws = rows.iter().flat_map(|each| each.flaws.iter().map(move |flaw| (Some(each), flaw)));
        let flaws = flaws.chain(validation.others.iter().map(|flaw| (None, flaw)));
        let flaws = flaws.filter(|(_, flaw)| !flaw.follows || style.verbose);
        for group in alike(flaws, |(each, flaw)| shape_of(*each, flaw), style) {
            let Some(((each, flaw), rest)) = group.split_first() else { continue };
            if few.shows(flaw.rule.name(), group.len()) {
                let names: Vec<Name> = rest.iter().map(|(_, flaw)| named(&flaw.subject)).collect();
                add(&mut text, format!("\n{}{}", flaw_text(*each, flaw, style), others(&names, style)));
            }
        }
        add(
            &mut text,
            Some(few.rest())
                .filter(|rest| !rest.is_empty())
                .map_or_else(String::new, |rest| format!("\n{rest}")),
        );
        text.push_str(&self.untold(rows.len() + ok));
        add(&mut text, format!("\n{}\n", verdict(validation, style)));
        text
    }

    fn findings(&self) -> Option<Findings> {
        let finding = |flaw: &Flaw, place: Option<Location>, seen: Option<&String>| {
            let seen =
                seen.filter(|_| place.is_none()).map_or_else(String::new, |seen| format!("\nseen in {seen}"));
            let waived = flaw.waived.as_ref().map_or_else(String::new, |why| format!("\n{why}"));
            let text = format!("{}\ndecides: {}{seen}{waived}", flaw.text, flaw.decides);
            let weight = if flaw.waived.is_some() { Severity::Info } else { flaw.severity };
            let finding =
                Finding::error(flaw.rule.name(), text).weighing(weight).about(&flaw.subject).fix(&flaw.fix);
            match place {
                Some(place) => finding.at(place),
                None => finding,
            }
        };
        let each = self.validation.explain(|verdict| !verdict.broken.is_empty());
        let mut findings: Vec<Finding> = each
            .flat_map(|each| {
                let of = |flaw: &Flaw| finding(flaw, each.place.clone(), each.seen.as_ref());
                each.flaws.iter().filter(|flaw| !flaw.follows).map(of).collect::<Vec<_>>()
            })
            .collect();
        findings.extend(self.validation.others.iter().map(|flaw| finding(flaw, None, None)));
        let looked_at = counted(self.validation.len(), "announcement");
        Some(Findings { command: "validate", looked_at, findings })
    }

    fn json(&self) -> Value {
        let Evidence { vrps, routes, seen } = &self.evidence;
        let vrps = vrps.as_ref().map(|source| {
            let VrpSource { name, count, expired, generated, age, anchors, notes } = source;
            json!({
                "source": name, "count": count, "expired": expired, "generated": generated, "age": age,
                "anchors": anchors, "notes": notes,
            })
        });
        let routes = routes.as_ref().map(|source| {
            let RouteSource { registry, sources, count } = source;
            json!({ "registry": registry, "source": sources.first(), "sources": sources, "count": count })
        });
        let validation = &self.validation;
        json!({
            "schema": "ripectl/validate/1",
            "summary": {
                "announcements": validation.len(),
                "ok": validation.ok(),
                "findings": validation.flaws(),
            },
            "evidence": { "vrps": vrps, "routes": routes, "seen": seen },
            "announcements": validation.explain(|_| true).map(|each| announcement(&each)).collect::<Vec<_>>(),
            "others": validation.others.iter().map(other).collect::<Vec<_>>(),
        })
    }

    /// RFC 4180, with a header: `prefix,origin,rpki,irr,ok,rules`; what was not looked at is empty, and rules are parted by
    /// blanks.
    fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"prefix,origin,rpki,irr,ok,rules\n")?;
        let validation = &self.validation;
        let (subjects, verdicts) = (&validation.subjects, &validation.verdicts);
        let rows: Vec<_> = subjects.chunks(AT_ONCE).zip(verdicts.chunks(AT_ONCE)).collect();
        rows.chunks(parallel::cores()).try_for_each(|several| {
            let texts =
                parallel::each(several, |(subjects, verdicts)| lines_of(validation, subjects, verdicts));
            texts.iter().try_for_each(|text| out.write_all(text.as_bytes()))
        })
    }
}

/// So many rows are printed at a time.
const AT_ONCE: usize = 64 << 10;

fn lines_of(validation: &Validation, subjects: &[Subject], verdicts: &[validate::Verdict]) -> String {
    let mut text = String::with_capacity(subjects.len() * 48);
    for (subject, verdict) in subjects.iter().zip(verdicts) {
        subject.prefix.push_to(&mut text);
        text.push(',');
        if subject.is_set {
            text.push_str("AS_SET");
        } else {
            subject.origin.push_to(&mut text);
        }
        text.push(',');
        text.push_str(verdict.state.map_or("", State::text));
        text.push(',');
        text.push_str(verdict.irr.map_or("", IrrState::text));
        text.push_str(if validation.is_good(*verdict) { ",true," } else { ",false," });
        if !verdict.broken.is_empty() {
            for (number, rule) in verdict.broken.iter().enumerate() {
                if number > 0 {
                    text.push(' ');
                }
                text.push_str(rule.name());
            }
        }
        text.push('\n');
    }
    text
}

impl Validated {
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

/// The columns of the table: what was not looked at has none.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each column is there or is not")]
struct Columns {
    sites: bool,
    irr: bool,
    roa: bool,
    upstreams: bool,
}

impl Columns {
    fn of(evidence: &Evidence, rows: &[validate::Validated]) -> Columns {
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

    fn header(self) -> Vec<&'static str> {
        self.chosen(["prefix", "origin", "at", "IRR", "ROA", "upstreams"])
    }

    fn row(self, each: &validate::Validated) -> Vec<String> {
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

fn verdict(validation: &Validation, style: Style) -> String {
    let (all, ok) = (validation.len(), validation.ok());
    let count = counted(all, "announcement");
    let waived = validation.verdicts.iter().filter(|verdict| !verdict.waived.is_empty()).count();
    let waived = if waived > 0 { format!(", {waived} of them by a waiver") } else { String::new() };
    let stop = style.paint(Paint::Bad, "must not be deployed");
    match all - ok {
        0 if validation.is_ok() => format!("{count}: all ok{waived}"),
        0 => format!("{count}: all ok{waived}, but not what stands beside them · {stop}"),
        bad => format!("{count}: {ok} ok{waived}, {bad} with errors · {stop}"),
    }
}

fn sign(good: bool) -> char {
    if good { '✓' } else { '✗' }
}

/// `all 15`, the names of a few, or their number.
fn sites(each: &validate::Validated) -> String {
    const NAMED: usize = 3;
    let sites = &each.sites;
    match sites.len() {
        count if each.everywhere => format!("all {count}"),
        count if count > NAMED => format!("{count} sites"),
        _ => sites.join(", "),
    }
}

fn irr(each: &validate::Validated) -> String {
    let Some(irr) = &each.irr else { return "?".to_owned() };
    let sources: Vec<&str> = irr.routes.iter().map(|route| &*route.source).collect();
    match irr.state {
        _ if !irr.hidden.is_empty() && irr.state != IrrState::Match => format!("✗{GLUE}hidden"),
        IrrState::Match => format!("✓{GLUE}{}", sources.first().copied().unwrap_or_default()),
        IrrState::OriginMismatch => format!("✗{GLUE}other origin"),
        IrrState::CoveringOnly => format!("✗{GLUE}covering only"),
        IrrState::Missing => format!("✗{GLUE}missing"),
    }
}

/// The VRP that makes it valid, without its address where that is the announced prefix; or why it is not.
fn roa(each: &validate::Validated) -> String {
    let vrp = |vrp: &Vrp| match vrp.prefix() {
        own if own == each.prefix => format!("✓{GLUE}/{}-{}", own.len(), vrp.max_length()),
        other => format!("✓{GLUE}{other}-{}", vrp.max_length()),
    };
    match each.state {
        None => "?".to_owned(),
        Some(State::Valid) => each.vrps.first().map_or_else(String::new, vrp),
        Some(State::NotFound) => format!("✗{GLUE}not found"),
        Some(State::Invalid(Reason::Length)) => format!("✗{GLUE}invalid, length"),
        Some(State::Invalid(Reason::Origin | Reason::OriginAndLength)) => format!("✗{GLUE}invalid, origin"),
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

fn flaw_text(each: Option<&validate::Validated>, flaw: &Flaw, style: Style) -> String {
    let place = each.and_then(|each| {
        let declared = each.place.as_ref().map(|place| format!("{}:{}", place.source.name(), place.line()));
        declared.or_else(|| each.seen.clone())
    });
    let place = place.map(|place| visible::line(&place).into_owned()).unwrap_or_default();
    let (word, paint) = match (&flaw.waived, flaw.severity) {
        (Some(_), _) => ("waived".to_owned(), Paint::Careful),
        (None, Severity::Error) => (flaw.severity.to_string(), Paint::Bad),
        (None, _) => (flaw.severity.to_string(), Paint::Careful),
    };
    let head = format!("{} {}", style.paint(paint, &word), flaw.rule.name());
    let (subject, hang) = (&flaw.subject, style.hang());
    let line = format!("{head:<27} {subject:<36} {place}");
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

fn vrp(vrp: &Vrp) -> Value {
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

fn finding(flaw: &Flaw) -> Value {
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

fn other(flaw: &Flaw) -> Value {
    json!({
        "subject": flaw.subject,
        "rule": flaw.rule.name(),
        "severity": flaw.severity.to_string(),
        "text": flaw.text,
        "decides": flaw.decides,
        "fix": flaw.fix,
    })
}
