//! `ripectl check`: all that can be known to be wrong without asking anyone.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    path::PathBuf,
};

use jiff::Timestamp;

use super::{Answer, Common, files};
use crate::{
    estate::{self, Declared, Estate, Origin},
    finding::{Finding, Severity},
    outcome::Outcome,
    registered::{Inventory, Registered},
    report::Findings,
    rpsl::Key,
    rules::{self, Action, Credential, Message, Request, Settings},
};

/// Check the files offline: syntax, templates, references, the registry's rules
#[derive(Clone, Debug, clap::Args)]
pub struct Args {}

/// Reads the estate, and runs the registry's rules over it with nothing else known.
pub fn run(_: &Args, common: &Common) -> anyhow::Result<Answer> {
    let root = files::root()?;
    let (estate, mut findings) = estate::inspect(&root, common.registry.as_deref());
    let objects = estate.as_ref().map_or(0, |estate| estate.declared.len());
    if let Some(estate) = &estate {
        findings.extend(judged(estate, Timestamp::now()));
    }
    let wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
    let looked_at = format!("{objects} objects");
    Ok(Answer::new(Outcome::found_if(wrong), Findings { command: "check", looked_at, findings }))
}

/// What the registry would find wrong with each declared object in a registry that holds all of them. What hangs on
/// anything else stays open, and is no finding.
fn judged(estate: &Estate, now: Timestamp) -> Vec<Finding> {
    let world = Registered {
        objects: Inventory::of(estate.declared.iter().map(|declared| declared.object.clone())),
        ..Registered::default()
    };
    let names = estate.manage.maintainers.iter().map(|key| key.text().to_owned());
    let credential = Credential::Maintainers(names.collect());
    let settings = Settings { source: estate.registry.source.clone(), ..Settings::default() };
    let automatic: BTreeMap<String, Key> = BTreeMap::new();
    let judge = |declared: &Declared| {
        let object = &declared.object;
        let request =
            Request { action: Action::Write, object, credential: &credential, automatic: &automatic };
        let decision = rules::decide(&world, &request, &settings, now);
        let told = decision.messages.iter().filter(|message| is_of_the_object(message)).cloned();
        told.map(|message| finding(&message, declared)).collect::<Vec<_>>()
    };
    let told =
        estate.declared.iter().flat_map(|declared| judge(declared).into_iter().map(move |f| (declared, f)));
    once_for_each_template(told)
}

/// What is said of several objects of one template is said once, with the blocks that it goes for.
fn once_for_each_template<'a>(told: impl Iterator<Item = (&'a Declared, Finding)>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut seen: HashMap<(PathBuf, &'static str, String), usize> = HashMap::new();
    for (declared, finding) in told {
        let Origin::Block { name, template } = &declared.origin else {
            findings.push(finding);
            continue;
        };
        match seen.entry((template.clone(), finding.rule, finding.text.clone())) {
            Entry::Vacant(entry) => {
                entry.insert(findings.len());
                findings.push(finding);
            }
            Entry::Occupied(entry) => {
                let first = findings.get_mut(*entry.get()).and_then(|first| first.place.as_mut());
                if let Some(via) = first.and_then(|place| place.via.as_mut()) {
                    via.extend([", block ", name]);
                }
            }
        }
    }
    findings
}

/// That it is registered as declared is this world's doing; infos only tell what is done.
fn is_of_the_object(message: &Message) -> bool {
    message.severity != Severity::Info && message.rule != "identical"
}

fn finding(message: &Message, declared: &Declared) -> Finding {
    let rule = if message.rule.is_empty() { "registry" } else { message.rule };
    let about = message.attribute.as_ref().and_then(|(label, raw)| {
        declared.object.attributes().position(|a| a.label == label && a.raw.trim() == raw.trim())
    });
    let place = about.map_or_else(|| declared.place.clone(), |index| declared.place_of(index));
    let finding = Finding::error(rule, message.to_string())
        .weighing(message.severity)
        .about(declared.object.key())
        .at(place);
    Finding { remedy: message.remedy.clone(), ..finding }
}
