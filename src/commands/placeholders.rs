//! Keys that are still to be chosen (`AUTO-1`): whether the files can take them, and what an earlier run left open.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::bail;

use super::{files, options::RegistryOptions, session::Session};
use crate::{
    apply::{self, Fate, Keys, Past, still_declared},
    disk::{FileError, StateDir},
    estate::{self, Estate, Origin},
    finding::{Finding, Severity},
    plan::{Change, Plan},
    report::Printer,
    rpsl::{Class, Key, Placeholder},
};

/// The journal of the last run against `registry`, or against any.
fn past(options: &RegistryOptions, root: &Path, registry: Option<&str>) -> anyhow::Result<Option<Past>> {
    let state = StateDir::find(options.state.state_dir.as_deref(), root)?;
    Ok(state.map(|state| Past::last(&state, registry)).transpose()?.flatten())
}

/// Ends what a run was cut off in while it wrote keys into the files; the estate is read after it.
pub fn finish(options: &RegistryOptions, printer: Printer) -> anyhow::Result<()> {
    let root = files::root()?;
    let Some(past) = past(options, &root, None)? else { return Ok(()) };
    let (renamings, written) = apply::finish_naming(&root, &past)?;
    for (from, key) in renamings.iter().filter(|_| !written.is_empty()) {
        printer.say(&format!("an earlier apply was cut off: {key} stands in the files for {from} now"));
    }
    Ok(())
}

/// The keys of the estate, after a look for what an earlier run sent without seeing an answer.
pub async fn recover(
    session: &mut Session,
    options: &RegistryOptions,
    printer: Printer,
) -> anyhow::Result<Keys> {
    let registry = session.registry.target().name.clone();
    let Some(past) = past(options, &session.estate.root, Some(&registry))? else {
        return Ok(Keys::of(&session.estate, &BTreeSet::new()));
    };
    let mut keys = Keys::of(&session.estate, &past.told.chosen);
    let mut changed = false;
    for sent in &past.told.sent {
        let Some(declared) = still_declared(&session.estate, sent) else { continue };
        let (key, place) = (declared.object.key(), declared.place.clone());
        let look = apply::recover(&session.registry, &mut keys, &past, sent);
        match session.reading(look).await? {
            Fate::Made(made, _) => {
                changed = true;
                printer.say(&format!(
                    "{key} was sent at {}: it is {}, which stands at {place} now",
                    sent.at,
                    made.text()
                ));
            }
            Fate::NotMade => {
                printer.say(&format!("{key} was sent at {}, and the registry does not have it", sent.at));
            }
            Fate::Unclear(found) => {
                let found: Vec<&str> = found.iter().map(Key::text).collect();
                bail!(
                    "{key} was sent at {}, and each of {} may be what became of it\n\
                     hint: write the right one at {place}, in the place of `{}`",
                    sent.at,
                    found.join(", "),
                    key.text()
                );
            }
        }
    }
    if changed {
        session.read_again()?;
        keys = Keys::of(&session.estate, &past.told.chosen);
    }
    Ok(keys)
}

/// What an earlier run left open, for those who only look.
pub fn left_open(session: &Session, options: &RegistryOptions) -> anyhow::Result<Vec<Finding>> {
    let told =
        |registry| past(options, &session.estate.root, registry).map(|past| past.map(|past| past.told));
    let naming = told(None)?.map(|told| told.naming).unwrap_or_default();
    let naming = naming.iter().map(|(from, key)| {
        let text = format!("an apply was cut off while it wrote {key} into the files for {from}");
        finding(text, "`ripectl apply` writes the rest before anything else").about(key)
    });
    let sent = told(Some(&session.registry.target().name))?.map(|told| told.sent);
    let sent = sent.iter().flatten().filter_map(|sent| {
        let declared = still_declared(&session.estate, sent)?;
        let text = format!("it was sent at {}, and no answer was seen", sent.at);
        let finding = finding(text, "`ripectl apply` looks for it before anything else");
        Some(finding.about(declared.object.key()).at(declared.place.clone()))
    });
    Ok(naming.chain(sent).collect())
}

fn finding(text: String, remedy: &str) -> Finding {
    Finding::error("cut-off", text).weighing(Severity::Warning).fix(remedy)
}

/// The files that cannot take the keys which `plan` would have them take.
pub fn unwritable(plan: &Plan, estate: &Estate) -> Vec<Finding> {
    let unnamed = |change: &Change| match change {
        Change::Create(object) => Placeholder::of(object).map(|placeholder| (object.key(), placeholder)),
        Change::Modify { .. } | Change::Delete(_) => None,
    };
    let unnamed: BTreeMap<_, _> = plan.steps.iter().filter_map(|step| unnamed(&step.change)).collect();
    if unnamed.is_empty() {
        return Vec::new();
    }
    let keys = Keys::of(estate, &BTreeSet::new());
    let mut looked_at = BTreeMap::new();
    let mut findings = Vec::new();
    for declared in estate.declared.iter().filter(|declared| declared.origin == Origin::File) {
        let key = declared.object.key();
        let Some(placeholder) = unnamed.get(&key) else { continue };
        for path in keys.files(placeholder) {
            let look = || {
                let error = estate::can_write(&estate.root, path).err();
                error.map_or(Ok(()), |FileError { path, why }| Err(format!("{} {why}", path.display())))
            };
            if let Err(reason) = looked_at.entry(path.clone()).or_insert_with(look) {
                let remedy = match key.class() {
                    Class::Person | Class::Role => {
                        "make it writable, or write a handle of your own in the place of"
                    }
                    _ => "make it writable: the registry chooses the key, and it must stand in the place of",
                };
                findings.push(
                    Finding::error("placeholder", format!("{reason}, so the key could not be kept"))
                        .about(&key)
                        .at(declared.place.clone())
                        .fix(format!("{remedy} `{}`", placeholder.name())),
                );
            }
        }
    }
    findings
}
