//! What is borne for a while, and what was borne too long.

use super::{Facts, Flaw};
use crate::{estate::Waiver, net::Prefix, rule::Rule, validate::Validation};

impl Validation {
    /// Why and until when it is borne that `prefix` breaks `rule`, if it is.
    pub(in crate::validate) fn waived(&self, prefix: Prefix, rule: Rule) -> Option<String> {
        let waivers = &self.grounds.estate.as_ref()?.waivers;
        let own = |waiver: &&Waiver| waiver.rule == rule && waiver.prefix.covers(prefix);
        let today = self.grounds.today();
        let waiver = waivers.iter().filter(own).find(|waiver| waiver.until >= today)?;
        Some(format!("waived until {}: {}", waiver.until, waiver.why))
    }
}

pub(super) fn expired(facts: &Facts) -> Vec<Option<Flaw>> {
    let today = facts.validation.grounds.today();
    let waivers = facts.estate.into_iter().flat_map(|estate| &estate.waivers);
    let own = waivers.filter(|waiver| {
        waiver.prefix.covers(facts.prefix)
            && facts.verdict.broken.without(facts.verdict.waived).contains(waiver.rule)
            && waiver.until < today
    });
    let flaw = |waiver: &Waiver| {
        let rule = waiver.rule.name();
        Some(Flaw {
            decides: format!("{}: until {}: {}", waiver.place, waiver.until, waiver.why),
            fix: "mend it, or give the waiver another date".to_owned(),
            ..facts.validation.flaw(Rule::WaiverExpired, format!("the waiver of {rule} has ended"))?
        })
    };
    own.map(flaw).collect()
}
