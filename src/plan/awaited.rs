//! Declared objects that others must make: they are edited together with them, and do not stand yet.

use std::collections::BTreeMap;

use super::ownership::is_ours_alone;
use crate::{
    estate::{Declared, Manage},
    finding::{Finding, Severity},
    registered::Inventory,
    rpsl::{Key, Name},
};

/// Those of `declared` that are shared and not `registered`, with what is to be said of each; none that is ours alone by
/// what it declares: that one we make.
pub fn awaited(
    registered: &Inventory,
    declared: &BTreeMap<Key, &Declared>,
    manage: &Manage,
) -> BTreeMap<Key, Finding> {
    let waits = |(key, each): (&Key, &&Declared)| {
        let shared = each.shared.as_ref().filter(|_| registered.get(key).is_none())?;
        if is_ours_alone(&each.object, manage) {
            return None;
        }
        let ours: Vec<&str> = shared.attributes().iter().map(|name| name.text()).collect();
        let text =
            format!("{key} is shared and not registered: of it only {} is ours to say", ours.join(", "));
        let finding = Finding::error("shared-awaited", text).weighing(Severity::Warning).about(key);
        Some((key.clone(), finding.fix(way_out(each)).at(each.place.clone())))
    };
    declared.iter().filter_map(waits).collect()
}

fn way_out(declared: &Declared) -> String {
    match declared.object.values(Name::MntBy).join(", ") {
        by if by.is_empty() => "whoever holds the rest of it makes it: ask them, and plan again".to_owned(),
        by => format!("`mnt-by` ({by}) is not ours alone: ask the others to make it, and plan again"),
    }
}
