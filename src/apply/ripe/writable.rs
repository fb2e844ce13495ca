//! Whether the files can take the keys that a registry will choose.

use std::collections::{BTreeMap, BTreeSet};

use super::Keys;
use crate::{
    disk::FileError,
    estate::{self, Estate, Origin},
    finding::Finding,
    plan::Plan,
    rpsl::{Class, Placeholder},
    target::{Change, Record},
};

/// The files that cannot take the keys which `plan` would have them take.
pub fn unwritable(plan: &Plan, estate: &Estate) -> Vec<Finding> {
    let unnamed = |change: &Change<Record>| match change {
        Change::Create(record) => {
            let object = record.object()?;
            Placeholder::of(object).map(|placeholder| (object.key(), placeholder))
        }
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
