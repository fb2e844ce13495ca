//! What a validator printed, and whether it is fresh enough to be believed.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};

use super::{Payloads, Vrp, VrpError, VrpSet, formats, set::ASSUMED, vrp::seconds};
use crate::{
    net::{Asn, Prefix},
    reading::{Problem, ReadError, VRPS},
};

/// A set of VRPs, where it is from, and when the validator made it.
///
/// Invariant of what [`read`] and [`check_freshness`] return: at least one VRP.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// What was validated.
    pub vrps: VrpSet,
    /// The VRPs that were printed and have expired since: they count for nobody, and are good to know of.
    pub expired: VrpSet,
    /// The time that the document itself gives, or the server that sent it; a file's own time never counts.
    pub generated: Option<Timestamp>,
    /// Until when the document says that it holds.
    pub valid_until: Option<Timestamp>,
    /// The file or URL.
    pub source: String,
    /// Whether its age does not count, which every output then says.
    pub is_fixture: bool,
    /// What was done to it before it became evidence, such as filters of SLURM.
    pub notes: Vec<String>,
    /// What this run takes for granted besides: VRPs that nobody has validated.
    pub assumed: Vec<Vrp>,
}

/// What evidence must be, to be believed.
#[derive(Clone, Copy, Debug)]
pub struct Demands<'a> {
    /// How old it may be.
    pub max_age: MaxAge,
    /// What happens to VRPs that have expired.
    pub expired: Expired,
    /// The trust anchors of which there must be VRPs, as the validator calls them.
    pub anchors: &'a [String],
}

/// What happens to VRPs that have expired since they were printed. They never count.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Expired {
    /// They are left out and counted; only where nothing else is left the evidence is refused.
    #[default]
    LeftOut,
    /// One is enough to refuse the evidence.
    Refused,
}

/// How old evidence may be: a positive duration, or `never` too old.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MaxAge {
    /// Its age does not count: for fixtures, and to be said wherever the outcome is shown.
    Never,
    /// Refused when older than this, or of unknown age.
    Within(SignedDuration),
}

/// A text that is no age.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no age; write it as `2h`, `90m` or `1h 30m`, or `never` for a fixture")]
pub struct MaxAgeError(String);

/// How far the clocks of validator and reader may differ.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Reads the VRPs in `bytes`; `name` is the file or URL for messages. The format is recognised by content.
/// Refused are foreign formats, what is cut off, what has a record that is no VRP, and an empty set.
pub fn read(name: &str, bytes: &[u8]) -> Result<Evidence, ReadError> {
    let printed = formats::read(name, bytes)?;
    let source = if printed.is_packed { format!("{name} (compressed)") } else { name.to_owned() };
    Evidence {
        generated: printed.generated,
        valid_until: printed.valid_until,
        ..Evidence::of(source, printed.payloads)?
    }
    .whole()
}

impl Evidence {
    /// The evidence of VRPs that somebody else has read, such as those of the RTR protocol; refused if there is none.
    pub fn of(source: String, payloads: Payloads) -> Result<Evidence, ReadError> {
        Evidence { vrps: payloads.into_set(), source, ..Evidence::default() }.whole()
    }

    /// The evidence as it were if there were `vrps` too. It is no evidence of them: this is for what was found fresh and
    /// whole without.
    #[must_use]
    pub fn assuming(self, vrps: &[Vrp]) -> Evidence {
        let (there, new): (Vec<&Vrp>, Vec<&Vrp>) = vrps.iter().partition(|vrp| self.vrps.holds(vrp));
        let mut notes = self.notes;
        notes.extend(there.iter().map(|vrp| format!("{vrp} is there, and need not be assumed")));
        let mut assumed: Vec<Vrp> = Vec::new();
        for vrp in new {
            if !assumed.iter().any(|other| other.says_the_same_as(vrp)) {
                assumed.push(vrp.clone().under(ASSUMED.into()));
            }
        }
        let vrps = if assumed.is_empty() { self.vrps } else { self.vrps.changed(&assumed, &[]) };
        Evidence { vrps, notes, assumed, ..self }
    }

    /// Whether it lets `origin` announce `prefix` by nothing but what is assumed.
    pub fn only_assumes(&self, prefix: Prefix, origin: Asn) -> bool {
        let mut matched = self.vrps.covering(prefix).filter(|vrp| vrp.authorises(prefix, origin)).peekable();
        !self.assumed.is_empty()
            && matched.peek().is_some()
            && matched.all(|vrp| vrp.trust_anchor() == Some(ASSUMED))
    }

    fn whole(self) -> Result<Evidence, ReadError> {
        match self.vrps.is_empty() {
            true => Err(ReadError { name: self.source, kind: &VRPS, problem: Problem::Empty }),
            false => Ok(self),
        }
    }
}

/// The evidence with the VRPs that have expired by `now` set apart. Refused is what is older than allowed, of unknown
/// age, from the future, expired altogether, or lacks an anchor that is demanded. What has expired counts for nobody,
/// whatever `max_age` says: neither a VRP, nor a document that says itself until when it holds.
pub fn check_freshness(evidence: Evidence, now: Timestamp, demands: Demands) -> Result<Evidence, VrpError> {
    if let MaxAge::Within(limit) = demands.max_age {
        check_age(&evidence, now, limit)?;
    }
    if let Some(until) = evidence.valid_until.filter(|until| *until <= now) {
        return Err(VrpError::Outlived { name: evidence.source, until, ago: now.duration_since(until) });
    }
    let all = evidence.vrps.len();
    let (vrps, expired) = evidence.vrps.split_at(seconds(now));
    let (name, count) = (&evidence.source, expired.len());
    if vrps.is_empty() {
        return Err(VrpError::Expired { name: name.clone(), count });
    }
    if let Some(first) = expired.iter().next().filter(|_| demands.expired == Expired::Refused) {
        let first = first.to_string();
        return Err(VrpError::SomeExpired { name: name.clone(), count, all, first });
    }
    let evidence = Evidence { vrps, expired, ..evidence };
    check_anchors(&evidence, demands.anchors)?;
    Ok(evidence)
}

fn check_anchors(evidence: &Evidence, demanded: &[String]) -> Result<(), VrpError> {
    let found: Vec<String> = evidence.vrps.anchors().map(str::to_owned).collect();
    let is_there = |wanted: &String| found.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    let missing: Vec<String> = demanded.iter().filter(|wanted| !is_there(wanted)).cloned().collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(VrpError::AnchorMissing { name: evidence.source.clone(), missing, found }),
    }
}

fn check_age(evidence: &Evidence, now: Timestamp, limit: SignedDuration) -> Result<(), VrpError> {
    let (name, max_age) = (evidence.source.clone(), MaxAge::Within(limit));
    let Some(generated) = evidence.generated else {
        return Err(VrpError::Undated { name, max_age });
    };
    let age = now.duration_since(generated);
    match age {
        age if age > limit => Err(VrpError::Stale { name, generated, age, max_age }),
        age if age < -CLOCK_SKEW => Err(VrpError::Future { name, generated, ahead: -age }),
        _ => Ok(()),
    }
}

impl FromStr for MaxAge {
    type Err = MaxAgeError;

    fn from_str(text: &str) -> Result<MaxAge, MaxAgeError> {
        if text == "never" {
            return Ok(MaxAge::Never);
        }
        let age = text.parse().ok().filter(SignedDuration::is_positive);
        age.map(MaxAge::Within).ok_or_else(|| MaxAgeError(text.to_owned()))
    }
}

impl fmt::Display for MaxAge {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            MaxAge::Never => f.pad("never"),
            MaxAge::Within(limit) => write!(f, "{limit:#}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-23T12:00:00Z";

    /// VRPs that expire at the given times, in a document of time `generated`.
    fn evidence(generated: Option<&str>, expiries: &[&str]) -> Evidence {
        let roa = |(at, expires): (usize, &&str)| {
            format!(r#"{{"asn":{at},"prefix":"192.0.2.0/24","maxLength":24,"expires":"{expires}"}}"#)
        };
        let roas: Vec<String> = expiries.iter().enumerate().map(roa).collect();
        let metadata = generated.map_or("{}".to_owned(), |time| format!(r#"{{"generated":"{time}"}}"#));
        let text = format!(r#"{{"metadata":{metadata},"roas":[{}]}}"#, roas.join(","));
        read("x", text.as_bytes()).unwrap()
    }

    fn check(generated: Option<&str>, expiries: &[&str], max_age: &str, expected: &str) {
        let evidence = evidence(generated, expiries);
        let demands = Demands { max_age: max_age.parse().unwrap(), expired: Expired::LeftOut, anchors: &[] };
        let outcome = check_freshness(evidence, NOW.parse().unwrap(), demands);
        let text = match outcome {
            Ok(evidence) if evidence.expired.is_empty() => format!("{} left", evidence.vrps.len()),
            Ok(evidence) => format!("{} left, {} expired", evidence.vrps.len(), evidence.expired.len()),
            Err(error) => error.to_string(),
        };
        assert_eq!(text.split("\nhint: ").next().unwrap(), expected);
    }

    #[test]
    fn only_what_says_that_it_is_fresh_is_believed() {
        let (later, gone) = ("2026-11-24T00:00:00Z", "2026-11-23T12:00:00Z");
        check(Some("2026-11-23T10:00:00Z"), &[later], "2h", "1 left");
        check(
            Some("2026-11-23T09:58:30Z"),
            &[later],
            "2h",
            "`x` was generated at 2026-11-23T09:58:30Z, 2h 1m ago; max-age is \"2h\"",
        );
        check(
            None,
            &[later],
            "2h",
            "`x` does not say when it was generated, so nobody knows whether it still holds (max-age = \"2h\")",
        );
        check(
            Some("2026-11-23T13:00:00Z"),
            &[later],
            "2h",
            "`x` claims to be generated at 2026-11-23T13:00:00Z, 1h from now",
        );
        check(Some("2026-11-23T12:04:00Z"), &[later], "2h", "1 left");
        check(Some("2020-01-01T00:00:00Z"), &[later], "never", "1 left");
        check(None, &[later], "never", "1 left");
        check(Some("2026-11-23T11:00:00Z"), &[later, gone, later], "2h", "2 left, 1 expired");
        check(Some("2026-11-23T11:00:00Z"), &[gone, gone], "2h", "every VRP of `x` has expired, 2 in all");
        check(None, &[gone, gone], "never", "every VRP of `x` has expired, 2 in all");
    }

    #[test]
    fn a_document_that_says_that_it_is_over_is_no_evidence() {
        let check = |metadata: &str, max_age: &str, expected: &str| {
            let text = format!(r#"{{"metadata":{metadata},"roas":[{{"asn":1,"prefix":"192.0.2.0/24"}}]}}"#);
            let demands =
                Demands { max_age: max_age.parse().unwrap(), expired: Expired::LeftOut, anchors: &[] };
            let outcome = read("x", text.as_bytes())
                .map_err(VrpError::from)
                .and_then(|evidence| check_freshness(evidence, NOW.parse().unwrap(), demands));
            let text =
                outcome.map_or_else(|error| error.to_string(), |evidence| evidence.vrps.len().to_string());
            assert_eq!(text.split("\nhint: ").next().unwrap(), expected, "{metadata}");
        };
        let generated = r#""generated":"2026-11-23T11:30:00Z""#;
        let over = "`x` says itself that it is valid until 2026-11-23T12:00:00Z, and that was 0s ago";
        check(&format!(r#"{{{generated},"valid":"2026-11-23T12:00:01Z"}}"#), "2h", "1");
        check(&format!(r#"{{{generated},"valid":"2026-11-23T12:00:00Z"}}"#), "2h", over);
        check(r#"{"valid":1795435200}"#, "never", over);
        check(r#"{"valid":"1795435200"}"#, "never", over);
        check(r#"{"valid":1795435201}"#, "never", "1");
        // StayRTR prints 0 where nothing is said; others may mean something else by the word.
        check(r#"{"valid":0}"#, "never", "1");
        check(r#"{"valid":true}"#, "never", "1");
        check(r#"{"valid":null}"#, "never", "1");
        check(r#"{"valid":"soon"}"#, "never", "`x`: `soon` is no time");
    }

    #[test]
    fn what_is_assumed_is_told_apart_from_what_is_there() {
        let vrps = |text: &str| text.split(',').map(|text| text.parse().unwrap()).collect::<Vec<Vrp>>();
        let text = r#"{"roas":[{"asn":1,"prefix":"10.0.0.0/8","maxLength":16,"ta":"ripe"}]}"#;
        let there = read("x", text.as_bytes()).unwrap();
        let assumed = vrps("AS1:10.0.0.0/8-16,AS1:10.0.0.0/8-24,AS2:10.0.0.0/8,AS2:10.0.0.0/8-8");
        let all = there.assuming(&assumed);
        let told = |vrps: &mut dyn Iterator<Item = Vrp>| vrps.map(|vrp| vrp.to_string()).collect::<Vec<_>>();
        let expected =
            ["AS2 10.0.0.0/8-8 (assumed)", "AS1 10.0.0.0/8-16 (ripe)", "AS1 10.0.0.0/8-24 (assumed)"];
        assert_eq!(told(&mut all.vrps.iter()), expected);
        assert_eq!(told(&mut all.assumed.iter().cloned()), [expected[2], expected[0]]);
        assert_eq!(all.notes, ["AS1 10.0.0.0/8-16 is there, and need not be assumed"]);
        assert_eq!(all.vrps.anchors().collect::<Vec<_>>(), ["ripe"]);
        let rests = |prefix: &str, origin| all.only_assumes(prefix.parse().unwrap(), Asn(origin));
        assert_eq!((rests("10.1.0.0/16", 1), rests("10.1.1.0/24", 1)), (false, true));
        assert_eq!((rests("10.0.0.0/8", 2), rests("10.0.0.0/9", 2)), (true, false));
    }

    #[test]
    fn an_age_is_positive() {
        let check = |text: &str, expected: Option<&str>| {
            let age = text.parse::<MaxAge>().ok().map(|age| age.to_string());
            assert_eq!(age.as_deref(), expected, "{text}");
        };
        check("never", Some("never"));
        check("1h 30m", Some("1h 30m"));
        check("90m", Some("1h 30m"));
        check("0s", None);
        check("-2h", None);
        check("2", None);
        check("", None);
    }
}
