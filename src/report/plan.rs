//! A plan, as people read it.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    Report, Style,
    alike::{alike, of_finding},
    expect,
    finding::{self, Few},
    heading::heading,
    paint::{Paint, add, indented},
    plan_findings,
    steps::{self, Shown},
};
use crate::{
    finding::{Finding, Location, Severity, counted},
    plan::{self, Action, Cause, Change, Document, Line, Plan, Removal, Step, Verdict, question},
    rpsl::{Key, Name, Object},
    rules::{Authority, Decision, Effect, Message},
    visible,
};

/// What was read of the registry, and with which key.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The registry's name.
    pub registry: String,
    /// What was read: the file of the estate, the registry, its host.
    pub about: Vec<String>,
    /// How many objects were read.
    pub objects: usize,
    /// In how many requests.
    pub requests: usize,
    /// When, in UTC: `09:58:12Z`.
    pub time: String,
    /// The maintainers that the key speaks for; `None` without a key.
    pub speaks_for: Option<Vec<String>>,
}

/// A plan and what it was made from.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What was read.
    pub survey: Survey,
    /// What would be done.
    pub plan: Plan,
}

impl Report for Planned {
    fn text(&self, style: Style) -> String {
        let plan = &self.plan;
        let mut text = header(&self.survey);
        text.push('\n');
        let mut findings = Findings::of(plan);
        text.extend(first(plan).map(|finding| finding::text(&finding, style) + "\n"));
        text.push_str(&expect::text(plan, style));
        if plan.is_settled() {
            add(&mut text, format!("Nothing to do: {} as declared\n", standing(plan.unchanged)));
        } else {
            add(&mut text, format!("{}\n", style.paint(Paint::Strong, &summary(plan))));
        }
        let shown: Vec<Shown> =
            (plan.steps.iter()).map(|each| step(each, &findings.take(&each.change.key()), style)).collect();
        text.push_str(&steps::text(&shown, style));
        text.push_str(&findings.rest(style));
        text.push_str(&unmanaged(&plan.unmanaged, style));
        text
    }

    fn findings(&self) -> Option<super::Findings> {
        let plan = &self.plan;
        let looked_at = counted(plan.steps.len() + plan.unchanged, "object");
        Some(super::Findings { command: "plan", looked_at, findings: plan_findings::all(plan) })
    }

    fn is_of_findings(&self) -> bool {
        false
    }

    fn json(&self) -> Value {
        let document = Document::of(&self.plan, &self.survey.registry);
        serde_json::to_value(document).unwrap_or_default()
    }
}

fn standing(unchanged: usize) -> String {
    format!("{} {}", counted(unchanged, "object"), if unchanged == 1 { "stands" } else { "stand" })
}

fn header(survey: &Survey) -> String {
    let Survey { about, objects, requests, time, .. } = survey;
    let key = match &survey.speaks_for {
        None => "no key: nothing could be written".to_owned(),
        Some(names) if names.is_empty() => "the key speaks for none of the maintainers".to_owned(),
        Some(names) => format!("the key speaks for {}", visible::line(&names.join(", "))),
    };
    let read = format!("{} in {}", counted(*objects, "object"), counted(*requests, "request"));
    format!("{} · {read}, {time}\n{key}\n", heading(about))
}

fn summary(plan: &Plan) -> String {
    let count = |action: Action, words: &str| match plan.count(action) {
        0 => None,
        count => Some(format!("{count} to {words}")),
    };
    let counts =
        [count(Action::Create, "create"), count(Action::Modify, "change"), count(Action::Delete, "delete")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let steps = if counts.is_empty() { "nothing would be written".to_owned() } else { counts.join(", ") };
    let held = [(plan.left_out.len(), "left out"), (plan.stops().count(), "stopped")];
    let held: String = held
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!(" · {count} {words}"))
        .collect();
    format!("Plan: {steps} · {} unchanged{held}", plan.unchanged)
}

fn step(step: &Step, stops: &[&Finding], style: Style) -> Shown {
    let via = step.from.as_ref().and_then(|place| place.via.as_ref());
    let via = via.and_then(|via| via.split_once(", "));
    let why = || step.from.is_none().then(|| why_it_goes(step));
    let object = step.change.object();
    let is_digest = matches!(step.change, Change::Create(_)) && !style.verbose;
    Shown {
        action: step.change.action(),
        key: step.change.key(),
        origin: step.from.as_ref().map_or_else(|| why_it_goes(step), origin),
        source: via.map(|(_, template)| template.to_owned()).or_else(why),
        block: via.map(|(block, _)| block.to_owned()),
        authority: step.decision.as_ref().and_then(authority),
        content: content(&step.change, style),
        digest: if is_digest { digest(object) } else { Vec::new() },
        length: object.attributes().len(),
        remarks: outlook(step, style)
            .into_iter()
            .chain(stops.iter().map(|finding| stop(finding, style)))
            .collect(),
    }
}

/// `absent, ripectl.toml:12`, or whose object is taken back.
fn why_it_goes(step: &Step) -> String {
    match &step.removal {
        Some(Removal::Absent(place)) => format!("absent, {}", origin(place)),
        Some(Removal::Reclaimed(place)) => {
            let holders = step.change.object().values(Name::MntBy).join(", ");
            format!("reclaimed from {holders}, {}", origin(place))
        }
        Some(Removal::Undeclared) | None => "no longer declared".to_owned(),
    }
}

/// `block lv, ripectl.toml:35, templates/block.rpsl`, or `objects/as205398.rpsl:9`.
fn origin(place: &Location) -> String {
    let line = format!("{}:{}", place.source.name(), place.line());
    match place.via.as_ref().map(|via| via.split_once(", ").unwrap_or((via, ""))) {
        None => line,
        Some((block, "")) => format!("{block}, {line}"),
        Some((block, template)) => format!("{block}, {line}, {template}"),
    }
}

/// Who may do it, and why: for each maintainer the attributes, and the objects that have them, that decide.
fn authority(decision: &Decision) -> Option<String> {
    let own = decision_key(decision);
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for authority in &decision.authority {
        let (who, why) = (asked(authority), reason(authority, own.as_ref()));
        match reasons.iter_mut().find(|(other, _)| *other == who) {
            Some((_, list)) if list.contains(&why) => {}
            Some((_, list)) => list.push(why),
            None => reasons.push((who, vec![why])),
        }
    }
    let parts: Vec<String> = reasons.iter().map(|(who, why)| format!("{who}: {}", why.join(", "))).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Whom the registry asks: the maintainer that the key speaks for, or those that it would have to speak for.
fn asked(authority: &Authority) -> String {
    match (&authority.proven, authority.maintainers.as_slice()) {
        (Some(name), _) => name.clone(),
        (None, []) => "nobody".to_owned(),
        (None, others) => format!("not this key, but {}", others.join(" or ")),
    }
}

/// The attribute that decides, and whose it is if it is not the object's own.
fn reason(authority: &Authority, own: Option<&Key>) -> String {
    let Authority { object, attribute, .. } = authority;
    let is_its_block = |own: &Key| {
        object.class() != own.class() && object.block().is_some_and(|block| own.block() == Some(block))
    };
    match own {
        Some(own) if object == own => attribute.to_string(),
        Some(own) if is_its_block(own) => format!("{attribute} of its {}", object.class()),
        _ => format!("{attribute} of {}", object.text()),
    }
}

fn decision_key(decision: &Decision) -> Option<Key> {
    match &decision.effect {
        Effect::Created(object) | Effect::Deleted(object) | Effect::Unchanged(object) => Some(object.key()),
        Effect::Modified { after, .. } => Some(after.key()),
        Effect::Refused { submitted, .. } => Some(submitted.key()),
    }
}

/// What is written: a digest of a new object, the changed lines of a modified one.
fn content(change: &Change, style: Style) -> Vec<String> {
    let added = |text: &str| format!("{} {text}", style.paint(Paint::Good, "+"));
    let removed = |text: &str| format!("{} {text}", style.paint(Paint::Bad, "-"));
    match change {
        Change::Create(object) if style.verbose => object.print().lines().map(added).collect(),
        Change::Create(_) | Change::Delete(_) => Vec::new(),
        Change::Modify { before, after } => {
            let line = |line: Line| match line {
                Line::Kept(name, value) => {
                    style.verbose.then(|| format!("  {}", labelled(&name, &value, style)))
                }
                Line::Removed(name, value) => Some(removed(&labelled(&name, &value, style))),
                Line::Added(name, value) => Some(added(&labelled(&name, &value, style))),
            };
            plan::lines(before, after).into_iter().filter_map(line).collect()
        }
    }
}

fn labelled(name: &str, value: &str, style: Style) -> String {
    format!("{:<15} {}{value}", format!("{name}:"), style.hang())
}

/// The attributes by which a reader recognises a new object.
fn digest(object: &Object) -> Vec<String> {
    const DIGEST: [Name; 10] = [
        Name::Netname,
        Name::OrgName,
        Name::AsName,
        Name::Country,
        Name::Status,
        Name::Origin,
        Name::Members,
        Name::Nserver,
        Name::AdminC,
        Name::MntBy,
    ];
    const SHOWN: usize = 4;
    let told = DIGEST.into_iter().filter(|name| object.has(*name));
    told.take(SHOWN).map(|name| format!("{name} {}", object.values(name).join(", "))).collect()
}

/// What the registry will say, where that is not simply yes.
fn outlook(step: &Step, style: Style) -> Vec<String> {
    let Some(decision) = &step.decision else { return Vec::new() };
    let (mut lines, hang) = (Vec::new(), style.hang());
    if step.irreversible {
        lines.push(style.paint(Paint::Careful, "! cannot be taken back"));
    }
    let will = style.paint(Paint::Bad, &format!("✗ {hang}will be refused:"));
    let may = style.paint(Paint::Careful, &format!("? {hang}may be refused:"));
    let certain = decision.errors().map(|message| (&will, message));
    for (word, message) in certain.chain(decision.doubtful().map(|message| (&may, message))) {
        let said = format!("{word} {}", indented(message.to_string().trim(), 5));
        let hint = message.remedy.iter().map(|remedy| format!("  hint: {hang}{remedy}"));
        for line in std::iter::once(said).chain(hint) {
            if !lines.contains(&line) {
                lines.push(line); // of two attributes the same is said once, and one way out goes for several
            }
        }
    }
    let is_warning =
        |message: &&Message| message.severity == Severity::Warning && !decision.is_doubtful(message);
    let warnings = decision.messages.iter().filter(is_warning);
    lines.extend(warnings.map(|message| format!("! {hang}{}", indented(&message.to_string(), 5))));
    if step.verdict() == Verdict::Undecided || style.verbose {
        let needs = decision
            .undecided
            .iter()
            .map(|open| format!("? {hang}depends on {} ({})", question(&open.needs), open.rule));
        lines.extend(needs);
    }
    lines
}

/// What says what all else means: why it is refused, and whose objects are ours.
fn first(plan: &Plan) -> impl Iterator<Item = Finding> {
    plan.causes.iter().map(Cause::finding).chain(plan.maintainers.iter().cloned())
}

/// The findings of a plan by what they are about, so that each is shown once: with its step, or behind all of them.
struct Findings<'a> {
    about: HashMap<&'a str, Vec<(usize, &'a Finding)>>,
    others: Vec<(usize, &'a Finding)>,
}

impl<'a> Findings<'a> {
    fn of(plan: &'a Plan) -> Findings<'a> {
        let mut found = Findings { about: HashMap::new(), others: Vec::new() };
        for (number, finding) in plan.findings.iter().enumerate() {
            match &finding.object {
                Some(object) => found.about.entry(object).or_default().push((number, finding)),
                None => found.others.push((number, finding)),
            }
        }
        found
    }

    /// Those about the object with this key.
    fn take(&mut self, key: &Key) -> Vec<&'a Finding> {
        let taken = self.about.remove(key.to_string().as_str()).unwrap_or_default();
        taken.into_iter().map(|(_, finding)| finding).collect()
    }

    /// Those that belong to no step, in their order.
    fn rest(self, style: Style) -> String {
        let mut rest: Vec<_> = self.about.into_values().flatten().chain(self.others).collect();
        rest.sort_by_key(|(number, _)| *number);
        let mut few = Few::new(style);
        let groups =
            alike(rest.into_iter().map(|(_, finding)| finding), |finding| of_finding(finding), style);
        let shown: String =
            groups.iter().map(|group| few.told(group, |finding| remark(finding, style))).collect();
        if shown.is_empty() { String::new() } else { format!("\n{shown}{}", few.rest()) }
    }
}

fn stop(finding: &Finding, style: Style) -> String {
    let word = match finding.severity {
        Severity::Error => style.paint(Paint::Bad, "STOP:"),
        Severity::Warning => style.paint(Paint::Careful, "warning:"),
        Severity::Info => "note:".to_owned(),
    };
    let before = if finding.text.contains('\n') { "\n" } else { "; " };
    let remedy = finding.remedy.as_ref().map_or(String::new(), |remedy| format!("{before}{remedy}"));
    format!("{word} {}{}{remedy}", style.hang(), finding.text)
}

fn remark(finding: &Finding, style: Style) -> String {
    match (finding.severity, &finding.place) {
        (Severity::Error, Some(_)) => finding::text(finding, style),
        (Severity::Info, Some(place)) => {
            format!("{}\n  at {}\n", indented(&stop(finding, style), 2), origin(place))
        }
        _ => format!("{}\n", indented(&stop(finding, style), 2)),
    }
}

fn unmanaged(keys: &[Key], style: Style) -> String {
    if keys.is_empty() {
        return String::new();
    }
    let mut text = format!("\nOurs and not declared, left alone: {}\n", counted(keys.len(), "object"));
    let shown = if style.verbose { keys.len() } else { 5 };
    for key in keys.iter().take(shown) {
        add(&mut text, format!("  {} {}\n", key.class(), key.text()));
    }
    if keys.len() > shown {
        add(&mut text, format!("  and {} more: -v\n", keys.len() - shown));
    }
    text
}
