//! Which declared objects are shared, and what is wrong with the two together.

use std::{collections::HashMap, sync::Arc};

use super::{Declared, Shared};
use crate::{
    finding::{Finding, Severity},
    rpsl::Name,
};

/// Says of each declared object whether it is shared; a finding for each `[[shared]]` that means none, and for what is
/// shared twice.
pub(super) fn assign(shared: &[Arc<Shared>], declared: &mut [Declared]) -> Vec<Finding> {
    let mut used: HashMap<*const Shared, usize> = HashMap::new();
    let mut findings = Vec::new();
    for each in declared.iter_mut().filter(|_| !shared.is_empty()) {
        let key = each.object.key();
        let mut meant = shared.iter().filter(|shared| shared.means(&key));
        each.shared = meant.next().cloned();
        findings.extend(each.shared.as_ref().and_then(|shared| idle(each, shared)));
        let second = meant.next();
        for shared in each.shared.iter().chain(second) {
            *used.entry(Arc::as_ptr(shared)).or_default() += 1;
        }
        if let Some((first, second)) = each.shared.as_ref().zip(second) {
            let text = format!("{key} is shared twice, first at {}", first.place);
            let finding = Finding::error("shared", text).about(&key).at(second.place.clone());
            findings.push(finding.fix("write all attributes that are ours into one [[shared]]"));
        }
    }
    let vain = shared.iter().filter(|shared| !used.contains_key(&Arc::as_ptr(shared)));
    findings.extend(vain.map(|shared| undeclared(shared)));
    findings
}

fn undeclared(shared: &Shared) -> Finding {
    let text = format!("{} is shared, and no file or block declares it", shared.objects());
    let remedy = match shared.objects().key() {
        Some(key) => format!("`ripectl import {key}` writes what is ours of it, or take this [[shared]] out"),
        None => "declare one, as a file in objects/, say, or take this [[shared]] out".to_owned(),
    };
    Finding { remedy: Some(remedy), ..Finding::error(UNDECLARED, text) }.at(shared.place.clone())
}

/// The rule that what is shared is declared.
const UNDECLARED: &str = "shared-undeclared";

/// Whether a finding only says that something that is shared is not declared: `import` is there to mend that.
pub fn is_undeclared(finding: &Finding) -> bool {
    finding.rule == UNDECLARED
}

/// What is declared of an object and is not ours to say: it has no effect.
fn idle(declared: &Declared, shared: &Shared) -> Option<Finding> {
    let object = &declared.object;
    let is_idle = |name: Name| shared.is_idle(object.class(), name);
    let mut names: Vec<&str> = Vec::new();
    for name in object.attributes().filter_map(|attribute| attribute.name).filter(|name| is_idle(*name)) {
        if !names.contains(&name.text()) {
            names.push(name.text());
        }
    }
    let first = object.attributes().position(|attribute| attribute.name.is_some_and(is_idle))?;
    let text = format!("{} is shared: what stands here has no effect in {}", object.key(), names.join(", "));
    let remedy = format!("if it is ours to say, add it to `attributes` at {}", shared.place);
    let finding = Finding::error("shared", text).weighing(Severity::Info).about(object.key());
    Some(finding.fix(remedy).at(declared.place_of(first)))
}
