//! The business rules of the registry: a file for each class or concern (rules.md §6, §7).
//!
//! A rule is a row of a table: its name, its source, the classes and actions that it is for, a function, and what
//! to do about it. To add one, write the function and its row.

mod existence;

use super::Rule;

/// The name of the rule that a creation breaks when the object exists; the registry answers it with a status
/// of its own.
pub const MUST_NOT_EXIST: &str = "must-not-exist";

/// Every table, in the order in which the registry runs them: by the server's class.
const TABLES: &[&[Rule]] = &[existence::RULES];

/// Every rule in the order in which the registry runs them.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    TABLES.iter().copied().flatten()
}

/// What a rule tells the user to do, if it says anything.
pub fn remedy(rule: &Rule) -> Option<String> {
    Some(rule.remedy).filter(|remedy| !remedy.is_empty()).map(str::to_owned)
}
