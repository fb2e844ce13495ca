//! What must exist and what must not: keys, references.

use super::super::{CREATE, Case, Message, Rule};
use crate::registered::Known;

/// The rules of this file.
pub const RULES: &[Rule] = &[Rule {
    name: super::MUST_NOT_EXIST,
    source: "common.NewKeywordValidator",
    classes: &[],
    kinds: CREATE,
    check: must_not_exist,
    remedy: "change it instead, or choose another key",
}];

fn must_not_exist(case: &Case) -> Known<Vec<Message>> {
    let text = "Enforced new keyword specified, but the object already exists in the database";
    Ok(case.before.map(|_| Message::error(text)).into_iter().collect())
}
