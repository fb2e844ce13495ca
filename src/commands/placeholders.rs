//! Keys that are still to be chosen (`AUTO-1`): what an earlier run left open.

use std::{collections::BTreeSet, path::Path};

use anyhow::bail;

use super::{files, options::RegistryOptions, session::Session};
use crate::{
    apply::{self, Fate, Keys, Past, still_declared},
    disk::StateDir,
    finding::{Finding, Severity},
    report::Printer,
    rpsl::Key,
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
    let registry = session.registry.remote().name.clone();
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
    let sent = told(Some(&session.registry.remote().name))?.map(|told| told.sent);
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
