//! What is wrong with an announcement: the record that decides, what follows from it, and what to do.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use super::{
    Grounds, Irr, Judgement, Subject, UpstreamView, Validated, Validation, Verdict,
    bogon::{self, Bogons},
    irr::{self, route_class, route_key},
    upstream,
    verdict::LONGEST,
};
use crate::{
    estate::{Estate, Publisher, PublisherKind},
    finding::Severity,
    irr::Route,
    net::{Asn, Prefix},
    rpki::{self, Evidence, Reason, State, Vrp},
    rule::Rule,
};

/// One thing that is wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Flaw {
    /// The rule that is broken.
    pub rule: Rule,
    /// How much it weighs: an error must not be deployed.
    pub severity: Severity,
    /// What it is about, as `2001:db8::/48 AS205398`.
    pub subject: String,
    /// What is wrong.
    pub text: String,
    /// The record that decides, or that there is none.
    pub decides: String,
    /// Who drops it.
    pub effect: Option<String>,
    /// What to do.
    pub fix: String,
    /// Whether the effect of another flaw of the same announcement says the same.
    pub follows: bool,
    /// Why and until when it is borne, if it is.
    pub waived: Option<String>,
}

impl Flaw {
    /// Whether the announcement must not be made for it.
    pub fn stops(&self) -> bool {
        self.severity == Severity::Error && self.waived.is_none()
    }
}

/// How long before its end a VRP is about to end: validators run every ten minutes, and certificates are issued again
/// hours before.
const SOON: SignedDuration = SignedDuration::from_hours(1);

impl Grounds {
    /// What ends before this, ends soon.
    pub(super) fn soon(&self) -> Timestamp {
        self.now.saturating_add(SOON).unwrap_or(self.now)
    }

    /// The day, in UTC.
    pub(super) fn today(&self) -> Date {
        TimeZone::UTC.to_datetime(self.now).date()
    }
}

impl Validation {
    /// A flaw of which more is to be said; `None` if its rule is switched off.
    pub(super) fn flaw(&self, rule: Rule, text: String) -> Option<Flaw> {
        Some(Flaw {
            rule,
            severity: self.weight(rule)?,
            subject: String::new(),
            text,
            decides: String::new(),
            effect: None,
            fix: String::new(),
            follows: false,
            waived: None,
        })
    }
}

/// All that is known of one announcement when its flaws are told.
struct Facts<'a> {
    validation: &'a Validation,
    estate: Option<&'a Estate>,
    prefix: Prefix,
    origin: Asn,
    /// The origin in words: an `AS_SET` has none.
    originator: String,
    verdict: Verdict,
    vrps: Vec<Vrp>,
    irr: Option<Irr>,
    upstreams: Vec<UpstreamView>,
    seen: Option<String>,
}

/// What is to be said of the announcement with this verdict.
pub(super) fn explain(validation: &Validation, subject: &Subject, verdict: Verdict) -> Validated {
    let grounds = &validation.grounds;
    let estate = grounds.estate.as_deref();
    let Subject { prefix, origin, .. } = *subject;
    let irr = verdict.irr.and(grounds.routes.as_ref());
    let irr = irr.map(|routes| irr::look_up(&mut routes.finder(), prefix, origin));
    let announcement = subject.declared(estate);
    let upstreams = match (estate, announcement) {
        (Some(estate), Some(announcement)) if grounds.upstreams => {
            let asked = grounds.routes.as_ref().map_or(&[][..], |routes| &routes.sources);
            upstream::views(estate, announcement, verdict.state, irr.as_ref().map(|irr| (irr, asked)))
        }
        _ => Vec::new(),
    };
    let vrps = grounds.vrps.as_ref().map_or_else(Vec::new, |evidence| nearest(evidence, prefix, origin));
    let seen = seen(grounds, subject);
    let originator = subject.origin_text();
    let facts = Facts { validation, estate, prefix, origin, originator, verdict, vrps, irr, upstreams, seen };
    let flaws = verdict.broken.iter().flat_map(|rule| told(&facts, rule)).collect();
    let Facts { originator, vrps, irr, upstreams, seen, .. } = facts;
    let sites = announcement.map_or_else(Vec::new, |announcement| announcement.sites.clone());
    Validated {
        prefix,
        origin: originator,
        everywhere: sites.len() > 1 && estate.is_some_and(|estate| sites.len() == estate.sites.len()),
        sites,
        place: announcement.map(|announcement| announcement.place.clone()),
        seen,
        state: verdict.state,
        vrps,
        irr,
        upstreams,
        flaws,
    }
}

/// The VRPs that cover the announcement, the one that comes nearest to a match first.
fn nearest(evidence: &Evidence, prefix: Prefix, origin: Asn) -> Vec<Vrp> {
    let validity = rpki::validate(&evidence.vrps, prefix, origin);
    let lists = [validity.matched, validity.unmatched_length, validity.unmatched_origin];
    let mut vrps: Vec<Vrp> = lists.into_iter().flatten().collect();
    vrps.sort_by_key(|vrp| (vrp.origin() != origin, prefix.len() > vrp.max_length())); // stable
    vrps
}

fn seen(grounds: &Grounds, subject: &Subject) -> Option<String> {
    let (source, line) = subject.seen()?;
    let name = grounds.seen_in.as_ref()?.get(source)?;
    Some(if line == 0 { name.clone() } else { format!("{name}:{line}") })
}

/// The flaws of one rule: one, or one for each upstream.
fn told(facts: &Facts, rule: Rule) -> Vec<Flaw> {
    let flaws = match rule {
        Rule::RpkiInvalidOrigin | Rule::RpkiInvalidLength | Rule::RpkiNotFound => vec![rpki(facts, rule)],
        Rule::RpkiAs0 => vec![as0(facts)],
        Rule::RpkiMaxLengthLoose => vec![loose(facts)],
        Rule::RpkiExpiresSoon => vec![ends_soon(facts)],
        Rule::IrrMissing
        | Rule::IrrOriginMismatch
        | Rule::IrrCoveringOnly
        | Rule::IrrRpkiInvalid
        | Rule::IrrHidden => vec![irr(facts, rule)],
        Rule::IrrOnlyIn | Rule::UpstreamWouldFilter => {
            let own = facts.upstreams.iter().filter(|upstream| upstream.judgement.rule() == Some(rule));
            own.map(|upstream| would_filter(facts, upstream, rule)).collect()
        }
        Rule::WaiverExpired => expired(facts),
        _ => vec![of_form(facts, rule)],
    };
    let subject = format!("{} {}", facts.prefix, facts.originator);
    let waived = facts.verdict.waived.contains(rule).then(|| waiver(facts, rule)).flatten();
    let whole = |flaw: Flaw| Flaw { subject: subject.clone(), waived: waived.clone(), ..flaw };
    flaws.into_iter().flatten().map(whole).collect()
}

fn waiver(facts: &Facts, rule: Rule) -> Option<String> {
    let waivers = &facts.estate?.waivers;
    let own = |waiver: &&crate::estate::Waiver| waiver.rule == rule && waiver.prefix.covers(facts.prefix);
    let today = facts.validation.grounds.today();
    let waiver = waivers.iter().filter(own).find(|waiver| waiver.until >= today)?;
    Some(format!("waived until {}: {}", waiver.until, waiver.why))
}

fn expired(facts: &Facts) -> Vec<Option<Flaw>> {
    let today = facts.validation.grounds.today();
    let waivers = facts.estate.into_iter().flat_map(|estate| &estate.waivers);
    let own = waivers.filter(|waiver| {
        waiver.prefix.covers(facts.prefix)
            && facts.verdict.broken.contains(waiver.rule)
            && waiver.until < today
    });
    let flaw = |waiver: &crate::estate::Waiver| {
        let rule = waiver.rule.name();
        Some(Flaw {
            decides: format!("{}: until {}: {}", waiver.place, waiver.until, waiver.why),
            fix: "mend it, or give the waiver another date".to_owned(),
            ..facts.validation.flaw(Rule::WaiverExpired, format!("the waiver of {rule} has ended"))?
        })
    };
    own.map(flaw).collect()
}

fn rpki(facts: &Facts, rule: Rule) -> Option<Flaw> {
    let Facts { prefix, origin, .. } = facts;
    let text = match rule {
        Rule::RpkiNotFound => format!("no ROA covers {prefix}"),
        Rule::RpkiInvalidLength => format!("{prefix} is longer than the ROA for {origin} allows"),
        _ if facts.vrps.iter().all(|vrp| vrp.prefix() != *prefix) => format!(
            "no ROA lets {origin} announce {prefix}; below the ROA of somebody else it is invalid without one, and not merely not found"
        ),
        _ => format!("no ROA lets {origin} announce {prefix}"),
    };
    Some(Flaw {
        decides: deciding_vrp(facts),
        effect: roa_effect(facts),
        fix: roa_fix(facts),
        ..facts.validation.flaw(rule, text)?
    })
}

fn as0(facts: &Facts) -> Option<Flaw> {
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

fn loose(facts: &Facts) -> Option<Flaw> {
    let ours = &facts.validation.ours;
    let vrp = matched(facts, |vrp| ours.forgeable(vrp).is_some()).next()?;
    let (announced, allowed) = ours.forgeable(vrp)?;
    let (max, origin) = (vrp.max_length(), vrp.origin());
    let text = format!(
        "the ROA allows {allowed} prefixes of /{max} and {announced} of them are announced: in the name of {origin} anybody could announce the others (RFC 9319)"
    );
    Some(Flaw {
        decides: format!("VRP {vrp}: maxLength {max}"),
        fix: format!(
            "have a ROA for each announced prefix instead, with maxLength as long as that prefix: {}",
            roa_fix(facts)
        ),
        ..facts.validation.flaw(Rule::RpkiMaxLengthLoose, text)?
    })
}

fn ends_soon(facts: &Facts) -> Option<Flaw> {
    let vrp = matched(facts, |_| true).max_by_key(|vrp| vrp.expires())?;
    let time = vrp.expires()?;
    Some(Flaw {
        decides: format!("VRP {vrp}: expires {time}"),
        fix: "look whether the CA issues again and whether the validator still fetches it; then run the validator again"
            .to_owned(),
        ..facts.validation.flaw(Rule::RpkiExpiresSoon, format!("what makes {} valid expires at {time}", facts.prefix))?
    })
}

fn irr(facts: &Facts, rule: Rule) -> Option<Flaw> {
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
fn asked(facts: &Facts) -> String {
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
fn irr_fix(facts: &Facts) -> String {
    let Facts { prefix, origin, .. } = facts;
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
    format!(
        "give its allocation a template for {class}, or declare it in objects/:\n{class}: {prefix}\norigin: {origin}\nmnt-by: {maintainer}\nsource: {source}"
    )
}

/// What an upstream demands, and that it is not met.
fn would_filter(facts: &Facts, upstream: &UpstreamView, rule: Rule) -> Option<Flaw> {
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

/// What can be said without evidence, and what was seen or was not.
fn of_form(facts: &Facts, rule: Rule) -> Option<Flaw> {
    let Facts { prefix, origin, .. } = facts;
    let seen = facts.seen.as_deref().unwrap_or("nobody");
    let (text, decides, fix) = match rule {
        Rule::TooSpecific => {
            let longest = LONGEST.iter().find(|(family, _)| *family == prefix.family())?.1;
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
