//! What is wrong with an announcement: the record that decides, what follows from it, and what to do.

use super::{Facts, IrrState, Judgement, irr::route_class};
use crate::{
    estate::{Publisher, PublisherKind},
    finding::Severity,
    net::Prefix,
    rpki::{Reason, State, Vrp},
};

/// One thing that is wrong with an announcement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Flaw {
    /// The stable name of the rule.
    pub rule: &'static str,
    /// How much it weighs: an error must not be deployed.
    pub severity: Severity,
    /// What is wrong.
    pub text: String,
    /// The record that decides, or that there is none.
    pub decides: String,
    /// Who drops it.
    pub effect: Option<String>,
    /// What to do.
    pub fix: String,
}

/// All that is wrong, the RPKI's view first.
pub(super) fn flaws(facts: &Facts) -> Vec<Flaw> {
    rpki(facts).into_iter().chain(irr(facts)).chain(other_irrs(facts)).chain(length(facts)).collect()
}

fn rpki(facts: &Facts) -> Option<Flaw> {
    let Facts { prefix, origin, .. } = facts;
    let (rule, text) = match facts.state {
        State::Valid => return None,
        State::NotFound => ("rpki-not-found", format!("no ROA covers {prefix}")),
        State::Invalid(Reason::Length) => {
            ("rpki-invalid-length", format!("{prefix} is longer than the ROA for {origin} allows"))
        }
        State::Invalid(Reason::Origin | Reason::OriginAndLength) => {
            ("rpki-invalid-origin", format!("no ROA lets {origin} announce {prefix}"))
        }
    };
    let flaw = Flaw {
        rule,
        severity: Severity::Error,
        text,
        decides: deciding_vrp(facts),
        effect: roa_effect(facts),
        fix: roa_fix(facts),
    };
    Some(flaw)
}

/// The VRP that comes nearest to a match, and what it says: the first that covers it ([`super::Validated::vrps`]).
fn deciding_vrp(facts: &Facts) -> String {
    format!("{}{}", nearest_vrp(facts), expired_match(facts))
}

/// The VRP that would let the announcement be valid, had it not expired.
fn expired_match(facts: &Facts) -> String {
    let matches = |vrp: &Vrp| vrp.origin() == facts.origin && facts.prefix.len() <= vrp.max_length();
    let last = facts.expired.covering(facts.prefix).filter(matches).max_by_key(Vrp::expires);
    match last.and_then(|vrp| vrp.expires().map(|time| (vrp, time))) {
        Some((vrp, time)) => format!("; VRP {vrp} did, and expired at {time}"),
        None => String::new(),
    }
}

fn nearest_vrp(facts: &Facts) -> String {
    let Some(vrp) = facts.vrps.first() else {
        return format!("no VRP covers {}", facts.prefix);
    };
    let (length, max) = (vrp.prefix().len(), vrp.max_length());
    let why = match facts.state {
        State::Invalid(Reason::Length) if length == max => {
            format!("a /{length} with maxLength {max} forbids its /{}s", facts.prefix.len())
        }
        State::Invalid(Reason::Length) => format!("maxLength {max} forbids a /{}", facts.prefix.len()),
        _ if vrp.origin().0 == 0 => "AS0: nobody may announce it".to_owned(),
        _ => format!("only {} may announce it{}", vrp.origin(), up_to(vrp, facts.prefix)),
    };
    let others = match facts.vrps.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more that do not match)"),
    };
    format!("VRP {vrp}: {why}{others}")
}

fn up_to(vrp: &Vrp, prefix: Prefix) -> String {
    match vrp.max_length() < prefix.len() {
        true => format!(", and nothing longer than /{}", vrp.max_length()),
        false => String::new(),
    }
}

fn roa_effect(facts: &Facts) -> Option<String> {
    let drops = facts.upstreams.iter().filter_map(|upstream| match upstream.judgement {
        Judgement::DropsForRoa(demand) => Some(format!("{} drops it (roa = {demand})", upstream.asn)),
        _ => None,
    });
    let mut drops: Vec<String> = drops.collect();
    if matches!(facts.state, State::Invalid(_)) {
        let rest = "every network that rejects invalids";
        drops.push(if drops.is_empty() { format!("{rest} drops it") } else { format!("so does {rest}") });
    }
    (!drops.is_empty()).then(|| joined(&drops))
}

/// `a, b, and c`.
fn joined(parts: &[String]) -> String {
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{}, and {last}", rest.join(", ")),
        _ => parts.concat(),
    }
}

/// Who makes the ROA, and what it must say: exactly the announcement, as RFC 9319 recommends.
fn roa_fix(facts: &Facts) -> String {
    let Facts { prefix, origin, .. } = facts;
    let roa = format!("a ROA {origin} {prefix} maxLength {}", prefix.len());
    let publishers = facts.estate.rpki.iter().flat_map(|rpki| &rpki.publishers);
    let covers = |publisher: &&Publisher| publisher.prefixes.iter().any(|outer| outer.covers(*prefix));
    let closest = |publisher: &&Publisher| publisher.prefixes.iter().map(|outer| outer.len()).max();
    let Some(publisher) = publishers.filter(covers).max_by_key(closest) else {
        return format!("have {roa} made by the holder of {prefix}");
    };
    match (publisher.kind, &publisher.mail_to) {
        (PublisherKind::Lir, Some(mail)) => format!("ask {mail} for {roa}"),
        (PublisherKind::Lir, None) => format!("ask the LIR for {roa}"),
        (PublisherKind::Ripe, _) => format!("make {roa} in the RIPE NCC's RPKI dashboard"),
        (PublisherKind::Krill, _) => {
            format!("`krillc roas update --add \"{prefix}-{} => {}\"`", prefix.len(), origin.0)
        }
    }
}

fn irr(facts: &Facts) -> Option<Flaw> {
    let Facts { prefix, origin, irr, .. } = facts;
    let class = route_class(*prefix);
    let (rule, text) = match irr.state {
        IrrState::Match => return None,
        IrrState::OriginMismatch => {
            ("irr-origin-mismatch", format!("the {class} for {prefix} does not name {origin}"))
        }
        IrrState::CoveringOnly => (
            "irr-covering-only",
            format!("there is no {class} for {prefix}, only for a less specific prefix"),
        ),
        IrrState::Missing => ("irr-missing", format!("there is no {class} for {prefix}")),
    };
    let source = &facts.estate.registry.source;
    let decides = match irr.routes.first() {
        Some(route) => format!(
            "{class} {}{} ({}, mnt-by {})",
            route.prefix,
            route.origin,
            route.source,
            route.maintainers.join(", ")
        ),
        None => format!("{source} has no {class} that covers {prefix}"),
    };
    Some(Flaw {
        rule,
        severity: Severity::Error,
        text,
        decides,
        effect: irr_effect(facts),
        fix: irr_fix(facts),
    })
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

/// Upstreams that want a route object in other registries than the one that is asked: there it may stand or not.
fn other_irrs(facts: &Facts) -> Vec<Flaw> {
    let source = &facts.estate.registry.source;
    let class = route_class(facts.prefix);
    let flaw = |upstream: &super::UpstreamView| {
        let Judgement::DropsForIrr(any_of) = &upstream.judgement else { return None };
        let wanted = any_of.join(" or ");
        Some(Flaw {
            rule: "upstream-irr",
            severity: Severity::Error,
            text: format!("nothing shows that {wanted} has a {class} for {}", facts.prefix),
            decides: format!("upstream {}: irr = {wanted}; {source} alone was asked", upstream.name),
            effect: Some(format!("{} drops it without one", upstream.asn)),
            fix: format!(
                "add \"{source}\" to `any-of` if its {class} is enough, or leave `irr` out and look there yourself"
            ),
        })
    };
    match facts.irr.state {
        IrrState::Match => facts.upstreams.iter().filter_map(flaw).collect(),
        _ => Vec::new(), // what is wrong there is said, with whom it concerns
    }
}

fn irr_fix(facts: &Facts) -> String {
    let Facts { prefix, origin, .. } = facts;
    let class = route_class(*prefix);
    let key = crate::rpsl::Key::new(class, &format!("{prefix}{origin}"));
    let registry = &facts.estate.registry.name;
    match facts.declared.contains(&key) {
        true => format!("`ripectl apply --registry {registry}`: it is declared"),
        false => format!("declare {key} in objects/, or give its allocation a template for {class}"),
    }
}

fn length(facts: &Facts) -> Vec<Flaw> {
    let flaw = |upstream: &super::UpstreamView| {
        let Judgement::DropsForLength(longest) = upstream.judgement else { return None };
        Some(Flaw {
            rule: "upstream-length",
            severity: Severity::Error,
            text: format!("{} is longer than {} carries", facts.prefix, upstream.asn),
            decides: format!("upstream {}: longest = {longest}", upstream.name),
            effect: Some(format!("{} drops it", upstream.asn)),
            fix: format!("announce a /{longest} or shorter there"),
        })
    };
    facts.upstreams.iter().filter_map(flaw).collect()
}
