//! The business rules of the registry: a file for each class or concern (rules.md §6, §7).
//!
//! A rule is a row of a table: its name, its source, the classes and actions that it is for, a function, and what
//! to do about it. To add one, write the function and its row.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every rule has the shape of `Rule::check`, also without a question"
)]

mod abuse;
mod address_attributes;
mod address_organisation;
#[cfg(test)]
mod address_tests;
mod aggregated;
mod allocation;
pub mod as_block;
mod codes;
mod deletion;
mod domain;
mod existence;
mod hierarchy;
mod key_cert;
mod maintainer;
mod membership;
mod organisation;
mod out_of_region;
mod poem;
mod registry_only;
mod role;
mod route;
mod set;
mod status;
mod status4;
mod status6;
mod values;

pub use codes::COUNTRIES;
pub use registry_only::is_managed;
pub use route::READABLE_HOLES;
pub use set::parent_key as set_parent;
pub use status::{AGGREGATED, Status, Trait, takes_aggregated};

use std::sync::OnceLock;

use super::Rule;

/// The name of the rule that a creation breaks when the object exists; the registry answers it with a status
/// of its own.
pub const MUST_NOT_EXIST: &str = "must-not-exist";

/// The name of the rule that asks for the consent of the set or aut-num above a new set: a business rule to the registry,
/// but a permission all the same.
pub const SET_PARENT: &str = "set-parent";

/// Every table.
const TABLES: &[&[Rule]] = &[
    abuse::RULES,
    address_attributes::RULES,
    address_organisation::RULES,
    aggregated::RULES,
    allocation::RULES,
    as_block::RULES,
    deletion::RULES,
    domain::RULES,
    existence::RULES,
    hierarchy::RULES,
    key_cert::RULES,
    maintainer::RULES,
    membership::RULES,
    organisation::RULES,
    out_of_region::RULES,
    poem::RULES,
    registry_only::RULES,
    role::RULES,
    route::RULES,
    set::RULES,
    status4::RULES,
    status6::RULES,
    values::RULES,
];

/// Every rule in the order in which the registry runs them: by the full name of the server's class.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    static SORTED: OnceLock<Vec<&'static Rule>> = OnceLock::new();
    let sorted = SORTED.get_or_init(|| {
        let mut rules: Vec<&'static Rule> = TABLES.iter().copied().flatten().collect();
        rules.sort_by_key(|rule| rule.source);
        rules
    });
    sorted.iter().copied()
}

/// What a rule tells the user to do, if it says anything.
pub fn remedy(rule: &Rule) -> Option<String> {
    Some(rule.remedy).filter(|remedy| !remedy.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own() {
        let mut names: Vec<_> = rules().map(|rule| rule.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
