//! Local exceptions to what the RPKI says: SLURM (RFC 8416).

use std::collections::HashSet;

use serde::Deserialize;

use super::{Evidence, Payloads, Vrp, VrpError, VrpSet, set::SLURM};
use crate::{
    net::{Asn, Entries, Prefix, PrefixMap},
    reading::{self, Kind, Place, Problem, ReadError, Refused},
};

/// Filters that take VRPs away, and assertions that are added behind them; what concerns router keys and ASPA is read
/// past.
#[derive(Clone, Debug, Default)]
pub struct Slurm {
    /// The file, for messages.
    pub source: String,
    origins: HashSet<Asn>,
    prefixes: PrefixMap<Option<Asn>>,
    assertions: Vec<Vrp>,
}

#[derive(Deserialize)]
struct File {
    #[serde(rename = "slurmVersion")]
    version: u64,
    #[serde(rename = "validationOutputFilters")]
    filters: Filters,
    #[serde(rename = "locallyAddedAssertions")]
    added: Added,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "RFC 8416 §3.2: a file without it is no SLURM file")]
struct Filters {
    #[serde(rename = "prefixFilters")]
    prefixes: Vec<Filter>,
    #[serde(rename = "bgpsecFilters")]
    bgpsec: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Filter {
    prefix: Option<String>,
    asn: Option<u32>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "RFC 8416 §3.2: a file without it is no SLURM file")]
struct Added {
    #[serde(rename = "prefixAssertions")]
    prefixes: Vec<Assertion>,
    #[serde(rename = "bgpsecAssertions")]
    bgpsec: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Assertion {
    asn: u32,
    prefix: String,
    #[serde(rename = "maxPrefixLength")]
    max_length: Option<u8>,
}

impl Slurm {
    /// Reads a SLURM file of version 1, or 2 (draft-ietf-sidrops-aspa-slurm); `name` is for messages.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Slurm, ReadError> {
        let refused = |problem| ReadError { name: name.to_owned(), kind: KIND, problem };
        let bytes = reading::unpacked(KIND, name, bytes)?;
        let text = reading::text(KIND, name, &bytes, FORMATS)?;
        let file: File = serde_json::from_str(text).map_err(|error| {
            let cut = error.is_eof().then(|| Problem::Truncated(text.lines().count()));
            refused(cut.unwrap_or_else(|| Problem::Malformed(format!("{error} (SLURM, RFC 8416)"))))
        })?;
        if !(1..=2).contains(&file.version) {
            return Err(refused(Problem::Malformed(format!("`slurmVersion` {} is not known", file.version))));
        }
        let mut bad = Refused::default();
        let mut slurm = Slurm { source: name.to_owned(), ..Slurm::default() };
        let mut prefixes = Entries::default();
        for (number, filter) in (1..).zip(file.filters.prefixes) {
            match (filter.prefix.map(|text| text.parse::<Prefix>()).transpose(), filter.asn) {
                (Ok(Some(prefix)), asn) => prefixes.push(prefix, asn.map(Asn)),
                (Ok(None), Some(asn)) => {
                    slurm.origins.insert(Asn(asn));
                }
                (Ok(None), None) => {
                    bad.add(Place::Record(number), "the filter has neither `prefix` nor `asn`");
                }
                (Err(error), _) => bad.add(Place::Record(number), error),
            }
        }
        slurm.prefixes = prefixes.into_map(|_, _| false);
        for (number, assertion) in (1..).zip(&file.added.prefixes) {
            match assertion.vrp() {
                Ok(vrp) => slurm.assertions.push(vrp),
                Err(error) => bad.add(Place::Record(number), error),
            }
        }
        if bad.count > 0 { Err(refused(Problem::Records(bad))) } else { Ok(slurm) }
    }

    /// `evidence` without what the filters take away, and with what is asserted (RFC 8416 §3.3, §3.4). Refused is to be
    /// left with nothing.
    pub fn apply(&self, evidence: Evidence) -> Result<Evidence, VrpError> {
        let before = evidence.vrps.len();
        let mut finder = self.prefixes.finder();
        let mut is_filtered = |vrp: &Vrp| {
            let hit = |asn: Option<Asn>| asn.is_none_or(|asn| asn == vrp.origin());
            self.origins.contains(&vrp.origin()) || finder.covering(vrp.prefix()).any(|(_, asn)| hit(asn))
        };
        let mut kept: Vec<Vrp> = evidence.vrps.iter().filter(|vrp| !is_filtered(vrp)).collect();
        let gone = before - kept.len();
        kept.extend(self.assertions.iter().cloned());
        let vrps: VrpSet = kept.into_iter().collect();
        if vrps.is_empty() {
            return Err(VrpError::FilteredAway { name: evidence.source, slurm: self.source.clone() });
        }
        let mut notes = evidence.notes;
        notes.push(format!(
            "{}: {gone} taken away, {} added (SLURM, RFC 8416)",
            self.source,
            self.assertions.len()
        ));
        Ok(Evidence { vrps, notes, ..evidence })
    }

    /// The assertions alone: what Routinator's `slurm` prints is all that it has validated.
    pub(super) fn into_payloads(self) -> Payloads {
        let mut payloads = Payloads::default();
        for vrp in &self.assertions {
            payloads.add(vrp);
        }
        payloads
    }
}

impl Assertion {
    fn vrp(&self) -> Result<Vrp, String> {
        let prefix: Prefix = self.prefix.parse().map_err(|error| format!("{error}"))?;
        let max_length = self.max_length.unwrap_or(prefix.len());
        let vrp = Vrp::new(prefix, Asn(self.asn), max_length).map_err(|error| error.to_string())?;
        Ok(vrp.under(SLURM.into()))
    }
}

static KIND: &Kind = &Kind {
    records: "exceptions",
    printer: "SLURM editor",
    option: "--slurm",
    empty: "without exceptions no file is needed",
};

const FORMATS: &str = "a SLURM file (RFC 8416): JSON with `slurmVersion`, `validationOutputFilters` and `locallyAddedAssertions`";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpki::validity::tests::vrps;

    fn slurm(filters: &str, assertions: &str) -> Result<Slurm, ReadError> {
        let text = format!(
            r#"{{"slurmVersion":1,"validationOutputFilters":{{"prefixFilters":[{filters}],"bgpsecFilters":[]}},
            "locallyAddedAssertions":{{"prefixAssertions":[{assertions}],"bgpsecAssertions":[]}}}}"#
        );
        Slurm::read("s", text.as_bytes())
    }

    /// RFC 8416 §3.3.1 and §3.4.1.
    #[test]
    fn filters_take_away_and_assertions_come_behind_them() {
        let check = |filters: &str, assertions: &str, expected: &str| {
            let vrps = vrps("AS1 10.0.0.0/8-8, AS1 10.1.0.0/16-16, AS2 10.1.0.0/16-24, AS2 2001:db8::/32-48");
            let evidence = Evidence { vrps, source: "x".to_owned(), ..Evidence::default() };
            let left = slurm(filters, assertions).unwrap().apply(evidence);
            let told = left.map_or_else(
                |error| error.to_string(),
                |left| left.vrps.iter().map(|vrp| vrp.to_string()).collect::<Vec<_>>().join(", "),
            );
            assert_eq!(told.lines().next().unwrap(), expected, "{filters} {assertions}");
        };
        check(r#"{"asn":1}"#, "", "AS2 10.1.0.0/16-24, AS2 2001:db8::/32-48");
        check(r#"{"prefix":"10.1.0.0/16"}"#, "", "AS1 10.0.0.0/8-8, AS2 2001:db8::/32-48");
        check(
            r#"{"prefix":"10.0.0.0/8","asn":2}"#,
            "",
            "AS1 10.0.0.0/8-8, AS1 10.1.0.0/16-16, AS2 2001:db8::/32-48",
        );
        check(
            r#"{"prefix":"10.0.0.0/8"},{"asn":2}"#,
            r#"{"asn":2,"prefix":"10.9.0.0/16","comment":"x"},{"asn":3,"prefix":"10.8.0.0/16","maxPrefixLength":24}"#,
            "AS3 10.8.0.0/16-24 (SLURM), AS2 10.9.0.0/16-16 (SLURM)",
        );
        check(
            r#"{"prefix":"0.0.0.0/0"},{"prefix":"::/0"}"#,
            "",
            "nothing is left of the VRPs of `x` when the filters of `s` are applied",
        );
    }

    #[test]
    fn what_is_no_slurm_is_refused() {
        let check = |filters: &str, assertions: &str, expected: &str| {
            let error = slurm(filters, assertions).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("{}", "", "record 1: the filter has neither `prefix` nor `asn`");
        check(r#"{"prefix":"10.0.0.1/8"}"#, "", "record 1: 10.0.0.1/8 has host bits set");
        check(
            "",
            r#"{"asn":1,"prefix":"2001:db8::/32","maxPrefixLength":20}"#,
            "maxLength 20 of 2001:db8::/32 is out of range",
        );
        let error = Slurm::read("s", br#"{"slurmVersion":3}"#).unwrap_err().to_string();
        assert!(error.contains("missing field"), "{error}");
    }
}
