//! A plan as a list of findings: what stops it, what will be refused, what others do not hold, what is not known, and
//! what would be written.

use crate::{
    finding::{Finding, Location, Severity},
    plan::{Expectation, Plan, Step, question},
    rules::Message,
};

/// All that a plan has to say, none of it twice: first of others and of the plan as a whole, then step by step.
pub(super) fn all(plan: &Plan) -> Vec<Finding> {
    let places =
        plan.steps.iter().filter_map(|step| Some((step.change.id().to_string(), step.from.clone()?)));
    let places: std::collections::HashMap<String, Location> = places.collect();
    let placed = |finding: &Finding| {
        let place = finding.object.as_ref().and_then(|object| places.get(object));
        Finding { place: finding.place.clone().or_else(|| place.cloned()), ..finding.clone() }
    };
    let mut all: Vec<Finding> = plan.unmet().map(unmet).collect();
    all.extend(plan.told().map(|finding| placed(&finding)));
    all.extend(plan.steps.iter().flat_map(step));
    all
}

fn unmet(expectation: &Expectation) -> Finding {
    let left_out: Vec<String> = expectation.left_out.iter().map(ToString::to_string).collect();
    let left_out =
        if left_out.is_empty() { String::new() } else { format!("\nleft out: {}", left_out.join(", ")) };
    let finding = Finding::error("expect-unmet", format!("{}{left_out}", expectation.text));
    let finding = Finding { remedy: expectation.remedy.clone(), ..finding };
    finding.at(expectation.place.clone())
}

/// What would be written, what the registry will or may say to it, and what that hangs on.
fn step(step: &Step) -> Vec<Finding> {
    let key = step.change.id();
    let finding = |rule, severity, text: String| {
        let finding = Finding::error(rule, text).weighing(severity).about(&key);
        Finding { place: step.from.clone(), ..finding }
    };
    let forever = if step.irreversible { ", which cannot be taken back" } else { "" };
    let text = format!("`ripectl apply` would {} {key}{forever}", step.change.action());
    let weight = if step.irreversible { Severity::Warning } else { Severity::Info };
    let mut found = vec![finding("planned", weight, text)];
    let Some(decision) = &step.decision else { return found };
    let said = |message: &Message, severity, words: &str| {
        let finding = finding(message.rule, severity, format!("{words}{}", message.to_string().trim()));
        Finding { remedy: message.remedy.clone().filter(|remedy| !remedy.is_empty()), ..finding }
    };
    found.extend(decision.errors().map(|message| said(message, Severity::Error, "will be refused: ")));
    found.extend(decision.doubtful().map(|message| said(message, Severity::Warning, "may be refused: ")));
    let warnings = decision.messages.iter().filter(|message| message.severity == Severity::Warning);
    let warnings = warnings.filter(|message| !decision.is_doubtful(message));
    found.extend(warnings.map(|message| said(message, Severity::Warning, "")));
    found.extend(
        decision.undecided.iter().map(|open| {
            finding(open.rule, Severity::Info, format!("it depends on {}", question(&open.needs)))
        }),
    );
    let mut seen = std::collections::HashSet::new();
    found.retain(|finding| seen.insert((finding.rule, finding.text.clone()))); // of two attributes the same is said
    found
}
