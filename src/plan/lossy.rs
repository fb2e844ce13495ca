//! Characters that the registry cannot store, of what is going to be written.

use std::collections::BTreeMap;

use super::{Allowed, Change};
use crate::{
    estate::Declared,
    finding::{Finding, Severity},
    rpsl::{Attribute, Key, Name, Object},
    rules::prepare,
};

/// A finding for each object that loses characters: unless that is allowed, it stops the plan. What the registry has
/// already lost is not lost again.
pub fn losses(changes: &[Change], sources: &BTreeMap<Key, &Declared>, allowed: &Allowed) -> Vec<Finding> {
    let loss = |change: &Change| {
        let declared = sources.get(&change.after()?.key())?;
        let attributes: Vec<Attribute> = declared.object.attributes().collect();
        let mut lost = prepare::losses(&declared.object);
        lost.retain(|(index, stored)| {
            let name = attributes.get(*index).and_then(|attribute| attribute.name);
            !change.before().is_some_and(|before| has(before, name, stored))
        });
        let (first, _) = lost.first()?;
        let place = declared.place_of(*first);
        let lines = lost.iter().filter_map(|(index, stored)| {
            let label = attributes.get(*index)?.label.trim();
            Some(format!("\n  {label}: {}", folded(stored)))
        });
        let text = format!(
            "the registry cannot store all characters, and would make of it{}",
            lines.collect::<String>()
        );
        Some(finding(text, allowed).about(change.key()).at(place))
    };
    changes.iter().filter_map(loss).collect()
}

fn finding(text: String, allowed: &Allowed) -> Finding {
    let finding = Finding::error("lossy", text);
    match allowed.lossy {
        true => finding.weighing(Severity::Warning).fix("`--allow-lossy` allows it"),
        false => finding.fix("write it in characters that it takes, or `--allow-lossy`"),
    }
}

/// Whether the registered object has this very value.
fn has(before: &Object, name: Option<Name>, stored: &str) -> bool {
    before.attributes().any(|attribute| attribute.name == name && folded(attribute.raw) == folded(stored))
}

/// On one line, with single blanks.
fn folded(raw: &str) -> String {
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}
