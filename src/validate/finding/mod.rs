//! What is wrong with an announcement: the record that decides, what follows from it, and what to do.

mod form;
mod irr;
mod rpki;
mod upstream;
mod waiver;

pub(super) use rpki::loose_roa;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use super::{
    Grounds, Irr, Subject, UpstreamView, Validated, Validation, Verdict, irr as routes, upstream as networks,
    verdict::longest,
};
use crate::{
    estate::Estate,
    finding::Severity,
    net::{Asn, Prefix},
    rpki::Vrp,
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
    is_declared: bool,
}

/// What is to be said of the announcement with this verdict.
pub(super) fn explain(validation: &Validation, subject: &Subject, verdict: Verdict) -> Validated {
    let grounds = &validation.grounds;
    let estate = grounds.estate.as_deref();
    let Subject { prefix, origin, .. } = *subject;
    let irr = verdict.irr.and(grounds.routes.as_ref());
    let irr = irr.map(|routes| routes::look_up(&mut routes.finder(), prefix, origin));
    let announcement = subject.declared(estate);
    let upstreams = match (estate, announcement) {
        (Some(estate), Some(announcement)) if grounds.upstreams => {
            let asked = grounds.routes.as_ref().map_or(&[][..], |routes| &routes.sources);
            networks::views(estate, announcement, verdict.state, irr.as_ref().map(|irr| (irr, asked)))
        }
        _ => Vec::new(),
    };
    let vrps =
        grounds.vrps.as_ref().map_or_else(Vec::new, |evidence| rpki::nearest(evidence, prefix, origin));
    let seen = seen(grounds, subject);
    let (originator, is_declared) = (subject.origin_text(), subject.is_declared());
    let facts = Facts {
        validation,
        estate,
        prefix,
        origin,
        originator,
        verdict,
        vrps,
        irr,
        upstreams,
        seen,
        is_declared,
    };
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

fn seen(grounds: &Grounds, subject: &Subject) -> Option<String> {
    let (source, line) = subject.seen()?;
    let name = grounds.seen_in.as_ref()?.get(source)?;
    Some(if line == 0 { name.clone() } else { format!("{name}:{line}") })
}

/// The flaws of one rule: one, or one for each upstream.
fn told(facts: &Facts, rule: Rule) -> Vec<Flaw> {
    let flaws = match rule {
        Rule::RpkiInvalidOrigin | Rule::RpkiInvalidLength | Rule::RpkiNotFound => {
            vec![rpki::not_valid(facts, rule)]
        }
        Rule::RpkiAs0 => vec![rpki::as0(facts)],
        Rule::RpkiMaxLengthLoose => vec![rpki::loose(facts)],
        Rule::RpkiExpiresSoon => vec![rpki::ends_soon(facts)],
        Rule::IrrMissing
        | Rule::IrrOriginMismatch
        | Rule::IrrCoveringOnly
        | Rule::IrrRpkiInvalid
        | Rule::IrrHidden => vec![irr::no_match(facts, rule)],
        Rule::IrrOnlyIn | Rule::UpstreamWouldFilter => {
            let own = facts.upstreams.iter().filter(|upstream| upstream.judgement.rule() == Some(rule));
            own.map(|upstream| upstream::would_filter(facts, upstream, rule)).collect()
        }
        Rule::WaiverExpired => waiver::expired(facts),
        _ => vec![form::of_form(facts, rule)],
    };
    let subject = format!("{} {}", facts.prefix, facts.originator);
    let waived =
        facts.verdict.waived.contains(rule).then(|| facts.validation.waived(facts.prefix, rule)).flatten();
    let whole = |flaw: Flaw| Flaw { subject: subject.clone(), waived: waived.clone(), ..flaw };
    flaws.into_iter().flatten().map(whole).collect()
}

impl Facts<'_> {
    /// What to do where the announcement itself is at fault, and no ROA or route object would help.
    fn fix_of_announcement(&self) -> Option<String> {
        self.fix_of_origin().or_else(|| self.fix_of_length())
    }

    /// What to do where the origin is none that a ROA or route object can be for: one for AS0 would forbid the prefix
    /// (RFC 6483 §4).
    fn fix_of_origin(&self) -> Option<String> {
        let (prefix, originator) = (self.prefix, &self.originator);
        (self.origin == Asn(0)).then(|| {
            format!(
                "have one AS announce {prefix}: {originator} can have neither a ROA nor a route object for it"
            )
        })
    }

    /// What to do where it is too long to be carried.
    fn fix_of_length(&self) -> Option<String> {
        let longest = longest(self.prefix.family());
        self.verdict.broken.contains(Rule::TooSpecific).then(|| {
            format!(
                "announce the /{longest} that holds it: a /{} is carried nowhere, whatever it has",
                self.prefix.len()
            )
        })
    }
}

/// `a, b, and c`.
fn joined(parts: &[String]) -> String {
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{}, and {last}", rest.join(", ")),
        _ => parts.concat(),
    }
}
