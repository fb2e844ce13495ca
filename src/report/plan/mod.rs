//! A plan, as people read it.

mod authority;
mod expect;
mod findings;
mod remarks;
mod shown;
mod steps;
mod summary;
mod unmanaged;

use serde_json::Value;

use self::{
    remarks::Remarks,
    shown::{KeyWorth, Shown},
};
use super::{
    Findings, Report, Style,
    heading::heading,
    paint::{Paint, add},
};
use crate::{
    finding::counted,
    plan::{Action, Document, Mail, Plan, Strictness},
    rules::KeyScope,
    target::Target,
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
    /// The keys, and for whom each speaks; none without a key.
    pub key_scopes: Vec<KeyScope>,
}

/// A plan and what it was made from.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What was read.
    pub survey: Survey,
    /// What would be done.
    pub plan: Plan,
    /// How it is told to people.
    pub detail: Detail,
}

/// How a plan is told to people.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Detail {
    /// Step by step.
    #[default]
    Steps,
    /// By customer, class and kind of change.
    Summary,
}

impl Report for Planned {
    fn text(&self, style: Style) -> String {
        let plan = &self.plan;
        let mut text = header(&self.survey);
        text.push('\n');
        let mut remarks = Remarks::of(plan);
        text.push_str(&remarks::first(plan, style));
        text.push_str(&expect::text(plan, style));
        if plan.is_settled(Strictness::Usual) {
            add(&mut text, nothing_to_do(plan.unchanged));
        } else {
            add(&mut text, format!("{}\n", style.paint(Paint::Strong, &summary(plan))));
            text.push_str(&proofs(plan, style));
        }
        let key = worth_of(&self.survey.key_scopes);
        text.push_str(&match self.detail {
            Detail::Summary => summary::text(plan, style),
            Detail::Steps => {
                let shown = plan.steps.iter();
                let shown = shown.map(|each| Shown::of(each, &remarks.take(&each.change.id()), key, style));
                steps::text(&shown.collect::<Vec<Shown>>(), style)
            }
        });
        text.push_str(&remarks.rest(style));
        text.push_str(&unmanaged::text(&plan.unmanaged, style));
        text.push_str(&mails(&plan.mails, style));
        text
    }

    fn findings(&self) -> Option<Findings> {
        let plan = &self.plan;
        let looked_at = counted(plan.steps.len() + plan.unchanged, "object");
        Some(Findings { command: "plan", looked_at, findings: findings::all(plan) })
    }

    fn is_of_findings(&self) -> bool {
        false
    }

    fn json(&self) -> Value {
        let document = Document::of(&self.plan, &self.survey.registry);
        serde_json::to_value(document).unwrap_or_default()
    }
}

fn worth_of(key_scopes: &[KeyScope]) -> KeyWorth {
    match !key_scopes.is_empty() && key_scopes.iter().all(|key_scope| key_scope.maintainers().is_empty()) {
        true => KeyWorth::Nothing,
        false => KeyWorth::Usual,
    }
}

fn nothing_to_do(unchanged: usize) -> String {
    match unchanged {
        0 => "Nothing to do\n".to_owned(),
        1 => "Nothing to do: 1 object stands as declared\n".to_owned(),
        count => format!("Nothing to do: {count} objects stand as declared\n"),
    }
}

fn header(survey: &Survey) -> String {
    let Survey { about, objects, requests, time, .. } = survey;
    let key = match survey.key_scopes.as_slice() {
        [] => "no key: nothing could be written\n".to_owned(),
        [only] => format!("the key speaks for {}\n", spoken_for(only)),
        several => {
            let line = |key_scope: &KeyScope| {
                format!("key \"{}\" speaks for {}\n", visible::line(&key_scope.key), spoken_for(key_scope))
            };
            several.iter().map(line).collect()
        }
    };
    let read = format!("{} in {}", counted(*objects, "object"), counted(*requests, "request"));
    format!("{} · {read}, {time}\n{key}", heading(about))
}

fn spoken_for(key_scope: &KeyScope) -> String {
    let mut names = key_scope.maintainers().to_vec();
    names.sort();
    names.dedup();
    match names.is_empty() {
        true => "none of the maintainers".to_owned(),
        false => visible::line(&names.join(", ")).into_owned(),
    }
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
    let refused = plan.refused().count();
    let held = [
        (refused, "would be refused"),
        (plan.waiting().count(), "waiting for others"),
        (plan.left_out.len(), "left out"),
        (plan.stops().count(), "stopped"),
    ];
    let held: String = held
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!(" · {count} {words}"))
        .collect();
    format!("Plan: {steps} · {} unchanged{held}", plan.unchanged)
}

/// How strongly it is proven that nobody else changed what is changed or goes, for each place where something is or does.
fn proofs(plan: &Plan, style: Style) -> String {
    let is_proven = |target: &&Target| {
        let mut steps = plan.steps.iter().filter(|step| step.target == target.id);
        steps.any(|step| step.change.before().is_some())
    };
    let several = plan.targets.len() > 1;
    let line = |target: &Target| {
        let name = if several { format!("{}: ", target.id) } else { String::new() };
        style.paint(Paint::Faint, &format!("{name}{}", target.proof.says())) + "\n"
    };
    plan.targets.iter().filter(is_proven).map(line).collect()
}

/// Whom the registry would write to.
fn mails(mails: &[Mail], style: Style) -> String {
    const SHOWN: usize = 4;
    if mails.is_empty() {
        return String::new();
    }
    let count = counted(mails.iter().map(|mail| mail.count).sum(), "mail");
    let shown = if style.verbose { mails.len() } else { SHOWN };
    let told = mails.iter().take(shown).map(|Mail { to, because, count }| {
        let because: Vec<String> = because.iter().map(ToString::to_string).collect();
        format!("{count} to {} ({})", visible::line(to), because.join(", "))
    });
    let more = mails.len().saturating_sub(shown);
    let more = if more > 0 { format!(", and {more} more: -v") } else { String::new() };
    let told: Vec<String> = told.collect();
    format!("\n{}{count} would be sent by the registry: {}{more}\n", style.hang(), told.join(", "))
}
