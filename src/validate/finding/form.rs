//! What can be said without evidence, and what was seen or was not.

use super::{Facts, Flaw};
use crate::{
    rule::Rule,
    validate::{
        bogon::{self, Bogons},
        verdict::longest,
    },
};

/// What can be said without evidence, and what was seen or was not.
pub(super) fn of_form(facts: &Facts, rule: Rule) -> Option<Flaw> {
    let Facts { prefix, origin, .. } = facts;
    let seen = facts.seen.as_deref().unwrap_or("nobody");
    let (text, decides, fix) = match rule {
        Rule::TooSpecific => {
            let longest = longest(prefix.family());
            (
                format!("{prefix} is longer than /{longest}, which hardly any network carries"),
                format!("RFC 7454 §6.1.3, and what networks filter: nothing longer than /{longest}"),
                format!(
                    "announce the /{longest} that holds it; in BIRD `net ~ P` alone lets all more specifics out"
                ),
            )
        }
        Rule::Bogon => {
            let space = Bogons::new().space(*prefix);
            let what = space.or_else(|| bogon::origin(*origin)).unwrap_or("reserved");
            (
                format!(
                    "{} is {what}",
                    if space.is_some() { prefix.to_string() } else { origin.to_string() }
                ),
                format!("IANA's registries of what is special: {what}"),
                "do not announce it: every network that filters bogons drops it".to_owned(),
            )
        }
        Rule::AsSetOrigin => (
            format!("the path of {prefix} ends in an AS_SET, which has no origin"),
            format!("seen in {seen}; RFC 9774: AS_SETs are not to be used"),
            "switch off the aggregation that makes the AS_SET".to_owned(),
        ),
        Rule::AsSetMissingMember => (
            format!("no as-set that is declared has {origin} as a member"),
            "`members:` of the as-sets in objects/".to_owned(),
            format!("add {origin} to the as-set that your upstreams build filters from"),
        ),
        Rule::AnnouncedUndeclared => (
            format!("{prefix} is announced and not declared"),
            format!("seen in {seen}; no block of ripectl.toml announces it"),
            "withdraw it, or declare the block and where it is announced in `[allocation.blocks]`".to_owned(),
        ),
        Rule::DeclaredUnannounced => (
            format!("{prefix} is declared and was not seen"),
            format!(
                "looked at: {}",
                facts.validation.grounds.seen_in.as_deref().unwrap_or_default().join(", ")
            ),
            "announce it, or take the site out of `at` of its block".to_owned(),
        ),
        _ => return None,
    };
    Some(Flaw { decides, fix, ..facts.validation.flaw(rule, text)? })
}
