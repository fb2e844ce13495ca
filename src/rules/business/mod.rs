//! The business rules of the registry: a file for each class or concern (rules.md §6, §7).
//!
//! A rule is a row of a table: its name, its source, the classes and actions that it is for, a function, and what
//! to do about it. To add one, write the function and its row.

mod abuse;
mod codes;
mod deletion;
mod existence;
mod maintainer;
mod membership;
mod organisation;
mod poem;
mod registry_only;
mod role;
mod set;
mod values;

pub use registry_only::is_managed;

use super::Rule;

/// The name of the rule that a creation breaks when the object exists; the registry answers it with a status
/// of its own.
pub const MUST_NOT_EXIST: &str = "must-not-exist";

/// Every table, in the order in which the registry runs them: by the server's class.
const TABLES: &[&[Rule]] = &[
    abuse::RULES,
    deletion::RULES,
    existence::RULES,
    maintainer::RULES,
    membership::RULES,
    organisation::RULES,
    poem::RULES,
    registry_only::RULES,
    role::RULES,
    set::RULES,
    values::RULES,
];

/// Every rule in the order in which the registry runs them.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    ORDERED.iter().copied()
}

static ORDERED: std::sync::LazyLock<Vec<&'static Rule>> = std::sync::LazyLock::new(|| {
    let mut rules: Vec<&Rule> = TABLES.iter().copied().flatten().collect();
    rules.sort_by_key(|rule| rule.source);
    rules
});

/// What a rule tells the user to do, if it says anything.
pub fn remedy(rule: &Rule) -> Option<String> {
    Some(rule.remedy).filter(|remedy| !remedy.is_empty()).map(str::to_owned)
}
