//! A step of a plan in the words in which it is shown.

use super::{authority::authority, remarks::remark};
use crate::{
    estate::{Origin, of_customer},
    finding::{Finding, Severity},
    plan::{Action, Change, Removal, Step, Verdict, Way, question},
    report::{
        Style,
        differing::{added, declared_at, differing, labelled},
        paint::{Paint, indented},
    },
    rpsl::Name,
    rules::Message,
    target::{Record, RecordId},
    visible,
};

/// What the keys at hand are worth.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum KeyWorth {
    /// There is none, or one speaks for somebody.
    Usual,
    /// They speak for nobody.
    Nothing,
}

/// A step in the words in which it is shown.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// What is done.
    pub action: Action,
    /// The object.
    pub id: RecordId,
    /// Whether it goes for ever.
    pub is_forever: bool,
    /// Where it is declared, or why it goes.
    pub origin: String,
    /// What many may come from: a template, or the reason to go.
    pub source: Option<String>,
    /// The block that it is made of.
    pub block: Option<String>,
    /// Who may do it.
    pub authority: Option<String>,
    /// What is changed, line by line; or the whole of a new object.
    pub content: Vec<String>,
    /// By what a new object is recognised, unless the whole of it is shown.
    pub digest: Vec<String>,
    /// How many lines the object has.
    pub length: usize,
    /// What is to be said of this step alone: what stops it, what the registry will say.
    pub remarks: Vec<String>,
}

impl Shown {
    /// A step with the findings that are about it.
    pub(super) fn of(step: &Step, findings: &[&Finding], key: KeyWorth, style: Style) -> Shown {
        let record = step.change.subject();
        let is_digest = matches!(step.change, Change::Create(_)) && !style.verbose;
        let findings = findings.iter().map(|finding| remark(finding, style));
        Shown {
            action: step.change.action(),
            id: step.change.id(),
            is_forever: step.irreversible,
            origin: step.from.as_ref().map_or_else(
                || why_it_goes(step),
                |place| declared_at(step.origin.as_ref(), step.customer.as_ref(), place),
            ),
            source: source(step),
            block: subject(step),
            authority: step.decision.as_ref().and_then(authority).map(|who| with_key(who, step)),
            content: content(&step.change, style),
            digest: if is_digest { digest(record) } else { Vec::new() },
            length: record.pairs().len(),
            remarks: outlook(step, key, style).into_iter().chain(findings).collect(),
        }
    }
}

/// What many steps may come from: a template, or the reason to go.
pub(super) fn source(step: &Step) -> Option<String> {
    let template = || step.origin.as_ref().and_then(Origin::template);
    match step.from {
        None => Some(why_it_goes(step)),
        Some(_) => template().map(|path| visible::shown(path.display())),
    }
}

/// `absent, ripectl.toml:12`, or whose object is taken back.
fn why_it_goes(step: &Step) -> String {
    match &step.removal {
        Some(Removal::Absent(place)) => format!("absent, {place}"),
        Some(Removal::Reclaimed(place)) => {
            let holders = step.change.as_object().map(|object| object.values(Name::MntBy).join(", "));
            let holders = holders.unwrap_or_default();
            format!("reclaimed from {holders}, {place}")
        }
        Some(Removal::Replayed(Way::Back, run)) if step.change.after().is_none() => {
            format!("run {run} made it")
        }
        Some(Removal::Replayed(Way::Back, run)) => format!("as before run {run}"),
        Some(Removal::Replayed(Way::On, run)) => format!("as run {run} began it"),
        Some(Removal::Undeclared) | None => "no longer declared".to_owned(),
    }
}

/// `block lv`, or `block lv of acme`.
fn subject(step: &Step) -> Option<String> {
    let subject = step.origin.as_ref().and_then(Origin::subject)?;
    Some(of_customer(subject, step.customer.as_ref()))
}

/// What is written: a digest of a new object, the changed lines of a modified one.
fn content(change: &Change<Record>, style: Style) -> Vec<String> {
    match change {
        Change::Create(record) if style.verbose => {
            whole(record).iter().map(|line| added(line, style)).collect()
        }
        Change::Create(_) | Change::Delete(_) => Vec::new(),
        Change::Modify { before, after } => differing(before, after, style),
    }
}

/// A record as it is printed.
fn whole(record: &Record) -> Vec<String> {
    match record.object() {
        Some(object) => object.print().lines().map(str::to_owned).collect(),
        None => record.pairs().iter().map(|(name, value)| labelled(name, value, Style::default())).collect(),
    }
}

/// The attributes by which a reader recognises a new object; all of another record.
fn digest(record: &Record) -> Vec<String> {
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
    let Some(object) = record.object() else {
        return record.pairs().iter().map(|(name, value)| format!("{name} {value}")).collect();
    };
    let told = DIGEST.into_iter().filter(|name| object.has(*name));
    told.take(SHOWN).map(|name| format!("{name} {}", object.values(name).join(", "))).collect()
}

/// What the registry will say, where that is not simply yes.
fn outlook(step: &Step, key: KeyWorth, style: Style) -> Vec<String> {
    let Some(decision) = &step.decision else { return Vec::new() };
    let (mut lines, hang) = (Vec::new(), style.hang());
    if step.irreversible {
        lines.push(style.paint(Paint::Careful, "† can never come back"));
    }
    if step.waits() {
        let needs = step
            .needs
            .iter()
            .map(|need| format!("{} ({})", visible::line(&need.key.to_string()), need.place));
        let needs: Vec<String> = needs.collect();
        lines.push(style.paint(Paint::Careful, &format!("… {hang}waits for {}", needs.join(", "))));
        if !style.verbose {
            return lines;
        }
    }
    let will = style.paint(Paint::Bad, &format!("✗ {hang}will be refused:"));
    let may = style.paint(Paint::Careful, &format!("? {hang}may be refused:"));
    // That a key is worth nothing is said once, and not at each step that somebody must consent to.
    let is_of_key = |message: &&Message| key == KeyWorth::Nothing && !message.not_proven.is_empty();
    if decision.errors().any(|message| is_of_key(&message)) {
        lines.push(format!("{will} the key speaks for nobody"));
    }
    let certain = decision.errors().filter(|message| !is_of_key(message)).map(|message| (&will, message));
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

/// Who may do it, and with which of several keys.
fn with_key(who: String, step: &Step) -> String {
    match &step.sent_with {
        Some(key) => format!("{who} (key \"{}\")", visible::line(key)),
        None => who,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        finding::{Location, Source},
        rpsl::Object,
        target::TargetId,
    };

    /// A name is what the user calls it, commas and all.
    #[test]
    fn a_step_comes_from_a_block_and_its_template_whatever_they_are_called() {
        let place = Location::new(&Arc::new(Source::new("ripectl.toml", "[block]\n")), 0..7);
        let check = |origin: Origin, expected: [Option<&str>; 3]| {
            let object = Object::parse("inet6num: 2001:db8::/48\nsource: RIPE\n").unwrap();
            let place = place.clone().through("a, b, templates/x, y.rpsl");
            let step = Step {
                target: TargetId::new("ripe"),
                change: Change::Create(object.into()),
                from: Some(place),
                origin: Some(origin),
                customer: None,
                removal: None,
                irreversible: false,
                decision: None,
                sent_with: None,
                stands_alone: false,
                needs: Vec::new(),
            };
            let shown = Shown::of(&step, &[], KeyWorth::Usual, Style::default());
            let told = [Some(shown.origin), shown.block, shown.source];
            assert_eq!(told.each_ref().map(Option::as_deref), expected);
        };
        let (line, template) = ("ripectl.toml:1", "templates/x, y.rpsl");
        check(Origin::File, [Some(line), None, None]);
        check(
            Origin::Block { name: "a, b".to_owned(), template: template.into() },
            [Some("block a, b, ripectl.toml:1, templates/x, y.rpsl"), Some("block a, b"), Some(template)],
        );
        check(
            Origin::Allocation { prefix: "2001:db8::/32".parse().unwrap(), template: template.into() },
            [
                Some("allocation 2001:db8::/32, ripectl.toml:1, templates/x, y.rpsl"),
                Some("allocation 2001:db8::/32"),
                Some(template),
            ],
        );
    }
}
