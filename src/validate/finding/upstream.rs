//! What an upstream demands.

use super::{
    Facts, Flaw,
    irr::{asked, irr_fix},
    rpki::roa_fix,
};
use crate::{
    rpki::State,
    rule::Rule,
    validate::{Judgement, UpstreamView, irr::route_class},
};

/// What an upstream demands, and that it is not met.
pub(super) fn would_filter(facts: &Facts, upstream: &UpstreamView, rule: Rule) -> Option<Flaw> {
    let UpstreamView { name, asn, judgement } = upstream;
    let class = route_class(facts.prefix);
    let rpki_told = [Rule::RpkiInvalidOrigin, Rule::RpkiInvalidLength, Rule::RpkiNotFound];
    let irr_told = [
        Rule::IrrMissing,
        Rule::IrrOriginMismatch,
        Rule::IrrCoveringOnly,
        Rule::IrrRpkiInvalid,
        Rule::IrrHidden,
    ];
    let is_told = |rules: &[Rule]| {
        let unwaived = facts.verdict.broken.without(facts.verdict.waived);
        rules.iter().any(|rule| unwaived.contains(*rule))
    };
    let (text, decides, fix, follows) = match judgement {
        Judgement::Carries => return None,
        Judgement::DropsForRoa(demand) => (
            format!(
                "{asn} wants a ROA that is {demand}, and it is {}",
                facts.verdict.state.map_or("", State::text)
            ),
            format!("upstream {name}: roa = {demand}"),
            roa_fix(facts),
            is_told(&rpki_told),
        ),
        Judgement::DropsForLength(longest) => (
            format!("{} is longer than {asn} carries", facts.prefix),
            format!("upstream {name}: longest = {longest}"),
            format!("announce a /{longest} or shorter there"),
            false,
        ),
        Judgement::DropsForIrr(any_of) => (
            format!("{asn} wants a {class} in {}", any_of.join(" or ")),
            format!("upstream {name}: irr = {}", any_of.join(" or ")),
            irr_fix(facts),
            is_told(&irr_told),
        ),
        Judgement::DropsForSource(any_of, _) => {
            let wanted = any_of.join(" or ");
            let routes = facts.irr.as_ref().map_or(&[][..], |irr| &irr.routes);
            let found: Vec<&str> = routes.iter().map(|route| &*route.source).collect();
            (
                format!(
                    "nothing shows that {wanted} has a {class} for {}; only {} has",
                    facts.prefix,
                    found.join(", ")
                ),
                format!("upstream {name}: irr = {wanted}; asked: {}", asked(facts)),
                format!(
                    "register it in {wanted}; if it is there, have it looked at: `--irr`; if {} is enough for {asn}, add it to `any-of`",
                    found.join(", ")
                ),
                false,
            )
        }
    };
    let effect = (!follows).then(|| format!("{asn} drops it"));
    Some(Flaw { decides, effect, fix, follows, ..facts.validation.flaw(rule, text)? })
}
