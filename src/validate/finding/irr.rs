//! What route objects say: the exact one decides, or what is in its place.

use super::{Facts, Flaw, joined, rpki::roa_fix};
use crate::{
    irr::Route,
    rule::Rule,
    validate::{
        Judgement,
        irr::{route_class, route_key},
    },
};

pub(super) fn no_match(facts: &Facts, rule: Rule) -> Option<Flaw> {
    let Facts { prefix, origin, .. } = facts;
    let irr = facts.irr.as_ref()?;
    let class = route_class(*prefix);
    let text = match rule {
        Rule::IrrOriginMismatch => format!("the {class} for {prefix} does not name {origin}"),
        Rule::IrrCoveringOnly => format!("there is no {class} for {prefix}, only for a less specific prefix"),
        Rule::IrrRpkiInvalid | Rule::IrrHidden => {
            let why = irr.hidden.iter().find_map(|route| route.hidden)?;
            format!("the {class} for {prefix} is hidden from who builds filters: {why}")
        }
        _ => format!("there is no {class} for {prefix}"),
    };
    let hidden = irr.hidden.first().filter(|_| matches!(rule, Rule::IrrRpkiInvalid | Rule::IrrHidden));
    let decides = match hidden.or(irr.routes.first()) {
        Some(route) => deciding_route(route),
        None => format!("{} has no {class} that covers {prefix}", asked(facts)),
    };
    let fix = match rule {
        Rule::IrrRpkiInvalid => format!("{}; then it is shown again", roa_fix(facts)),
        Rule::IrrHidden => "ask the registry that hides it".to_owned(),
        _ => irr_fix(facts),
    };
    Some(Flaw { decides, effect: irr_effect(facts), fix, ..facts.validation.flaw(rule, text)? })
}

fn deciding_route(route: &Route) -> String {
    let Route { prefix, origin, source, maintainers, .. } = route;
    let class = route_class(*prefix);
    match maintainers.is_empty() {
        true => format!("{class} {prefix}{origin} ({source})"),
        false => format!("{class} {prefix}{origin} ({source}, mnt-by {})", maintainers.join(", ")),
    }
}

/// The sources that were asked.
pub(super) fn asked(facts: &Facts) -> String {
    let routes = facts.validation.grounds.routes.as_ref();
    let sources = routes.map_or_else(Vec::new, |routes| routes.sources.clone());
    if sources.is_empty() { "no registry".to_owned() } else { sources.join(", ") }
}

fn irr_effect(facts: &Facts) -> Option<String> {
    let drops = facts.upstreams.iter().filter_map(|upstream| match &upstream.judgement {
        Judgement::DropsForIrr(any_of) => {
            Some(format!("{} drops it (irr = {})", upstream.asn, any_of.join(" or ")))
        }
        _ => None,
    });
    let drops: Vec<String> = drops.collect();
    (!drops.is_empty()).then(|| joined(&drops))
}

/// The command, or the object to paste.
pub(super) fn irr_fix(facts: &Facts) -> String {
    let Facts { prefix, origin, .. } = facts;
    if let Some(fix) = facts.fix_of_announcement() {
        return fix;
    }
    let key = route_key(*prefix, *origin);
    let Some(estate) = facts.estate else {
        let class = route_class(*prefix);
        return format!(
            "register it with your maintainer:\n{class}: {prefix}\norigin: {origin}\nmnt-by: YOUR-MNT\nsource: RIPE"
        );
    };
    let registry = &estate.registry.name;
    if estate.declared.iter().any(|each| each.object.key() == key) {
        return format!("`ripectl apply --registry {registry} --only {key}`: it is declared");
    }
    let class = route_class(*prefix);
    let maintainer = estate.manage.maintainers.first().map_or("YOUR-MNT", |key| key.text());
    let source = &estate.registry.source;
    let by_template = match facts.is_declared {
        true => format!("give its allocation a template for {class}"),
        false => "declare the block that is announced, if it is meant to be".to_owned(),
    };
    format!(
        "{by_template}, or declare it in objects/:\n{class}: {prefix}\norigin: {origin}\nmnt-by: {maintainer}\nsource: {source}"
    )
}
