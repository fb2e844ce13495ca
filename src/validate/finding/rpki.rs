//! What VRPs say: the one that comes nearest to a match decides, and who makes the ROA mends it.

use super::{Facts, Flaw, Validation, joined};
use crate::{
    estate::{Publisher, PublisherKind},
    net::{Asn, Prefix},
    rpki::{self, Evidence, Reason, State, Vrp},
    rule::Rule,
    validate::Judgement,
};

pub(super) fn not_valid(facts: &Facts, rule: Rule) -> Option<Flaw> {
    let Facts { prefix, origin, .. } = facts;
    let text = match rule {
        Rule::RpkiNotFound => format!("no ROA covers {prefix}"),
        Rule::RpkiInvalidLength => format!("{prefix} is longer than the ROA for {origin} allows"),
        _ if facts.vrps.iter().all(|vrp| vrp.prefix() != *prefix) => format!(
            "no ROA lets {} announce {prefix}; below the ROA of somebody else it is invalid without one, and not merely not found",
            facts.originator
        ),
        _ => format!("no ROA lets {} announce {prefix}", facts.originator),
    };
    Some(Flaw {
        decides: deciding_vrp(facts),
        effect: roa_effect(facts),
        fix: roa_fix(facts),
        ..facts.validation.flaw(rule, text)?
    })
}

pub(super) fn as0(facts: &Facts) -> Option<Flaw> {
    let vrp = facts.vrps.iter().find(|vrp| vrp.origin() == Asn(0))?;
    let text = format!("the holder of {} says that nobody may announce it (AS0, RFC 6483)", vrp.prefix());
    Some(Flaw {
        decides: format!("VRP {vrp}"),
        fix: "withdraw the announcement if that is meant; else have the AS0 ROA withdrawn by who made it"
            .to_owned(),
        ..facts.validation.flaw(Rule::RpkiAs0, text)?
    })
}

/// The VRP that comes nearest to a match, and what it says: the first that covers it ([`super::Validated::vrps`]).
fn deciding_vrp(facts: &Facts) -> String {
    format!("{}{}", nearest_vrp(facts), expired_match(facts))
}

/// The VRP that would let the announcement be valid, had it not expired.
fn expired_match(facts: &Facts) -> String {
    let Some(evidence) = &facts.validation.grounds.vrps else { return String::new() };
    let matches = |vrp: &Vrp| vrp.authorises(facts.prefix, facts.origin);
    let last = evidence.expired.covering(facts.prefix).filter(matches).max_by_key(Vrp::expires);
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
    let why = match facts.verdict.state {
        Some(State::Invalid(Reason::Length)) if length == max => {
            format!("a /{length} with maxLength {max} forbids its /{}s", facts.prefix.len())
        }
        Some(State::Invalid(Reason::Length)) => format!("maxLength {max} forbids a /{}", facts.prefix.len()),
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
    if matches!(facts.verdict.state, Some(State::Invalid(_))) {
        let rest = "every network that rejects invalids";
        drops.push(if drops.is_empty() { format!("{rest} drops it") } else { format!("so does {rest}") });
    }
    (!drops.is_empty()).then(|| joined(&drops))
}

/// Who makes the ROA, and what it must say: exactly the announcement, as RFC 9319 recommends.
pub(super) fn roa_fix(facts: &Facts) -> String {
    let Facts { prefix, origin, .. } = facts;
    if let Some(fix) = facts.fix_of_announcement() {
        return fix;
    }
    let roa = format!("a ROA {origin} {prefix} maxLength {}", prefix.len());
    let publishers = facts.estate.and_then(|estate| estate.rpki.as_ref()).into_iter();
    let publishers = publishers.flat_map(|rpki| &rpki.publishers);
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

/// Those of the VRPs that make it valid for which `is_so` says yes.
fn matched<'a>(facts: &'a Facts, is_so: impl Fn(&Vrp) -> bool + 'a) -> impl Iterator<Item = &'a Vrp> {
    facts.vrps.iter().filter(move |vrp| vrp.authorises(facts.prefix, facts.origin) && is_so(vrp))
}

pub(super) fn loose(facts: &Facts) -> Option<Flaw> {
    let ours = &facts.validation.ours;
    let vrp = matched(facts, |vrp| ours.forgeable(vrp).is_some()).next()?;
    let flaw = loose_roa(facts.validation, vrp, ours.forgeable(vrp)?)?;
    let is_exact = |vrp: &Vrp| (vrp.prefix(), vrp.max_length()) == (facts.prefix, facts.prefix.len());
    let fix = match matched(facts, is_exact).next() {
        Some(_) => format!("have the ROA {} withdrawn: {} has its own", vrp.says(), facts.prefix),
        None => format!("{}: {}", flaw.fix, roa_fix(facts)),
    };
    Some(Flaw { fix, ..flaw })
}

/// What is to be said of a ROA that allows more than is announced.
pub(in crate::validate) fn loose_roa(
    validation: &Validation,
    vrp: &Vrp,
    (announced, allowed): (usize, u64),
) -> Option<Flaw> {
    let (max, origin) = (vrp.max_length(), vrp.origin());
    let text = format!(
        "the ROA allows {allowed} prefixes of /{max} and {announced} of them are announced: in the name of {origin} anybody could announce the others (RFC 9319)"
    );
    Some(Flaw {
        decides: format!("VRP {vrp}: maxLength {max}"),
        fix: "have a ROA for each announced prefix instead, with maxLength as long as that prefix".to_owned(),
        ..validation.flaw(Rule::RpkiMaxLengthLoose, text)?
    })
}

pub(super) fn ends_soon(facts: &Facts) -> Option<Flaw> {
    let vrp = matched(facts, |_| true).max_by_key(|vrp| vrp.expires())?;
    let time = vrp.expires()?;
    Some(Flaw {
        decides: format!("VRP {vrp}: expires {time}"),
        fix: "look whether the CA issues again and whether the validator still fetches it; then run the validator again"
            .to_owned(),
        ..facts.validation.flaw(Rule::RpkiExpiresSoon, format!("what makes {} valid expires at {time}", facts.prefix))?
    })
}

/// The VRPs that cover the announcement, the one that comes nearest to a match first.
pub(super) fn nearest(evidence: &Evidence, prefix: Prefix, origin: Asn) -> Vec<Vrp> {
    let validity = rpki::validate(&evidence.vrps, prefix, origin);
    let lists = [validity.matched, validity.unmatched_length, validity.unmatched_origin];
    let mut vrps: Vec<Vrp> = lists.into_iter().flatten().collect();
    vrps.sort_by_key(|vrp| (vrp.origin() != origin, prefix.len() > vrp.max_length())); // stable
    vrps
}
