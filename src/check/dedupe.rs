//! A fault in a template is told once, not for each block that the template is rendered for.

use std::{
    collections::{HashMap, hash_map::Entry},
    path::PathBuf,
};

use crate::{
    estate::{Declared, Origin},
    finding::Finding,
};

/// What is said of several objects of one template is said once, with the blocks that it goes for.
pub fn for_each_template<'a>(told: impl Iterator<Item = (&'a Declared, Finding)>) -> Vec<Finding> {
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
