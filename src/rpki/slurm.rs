//! Local exceptions to what the RPKI says: SLURM (RFC 8416).

use std::collections::HashSet;

use serde::{Deserialize, de::IgnoredAny};

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

// RFC 8416 §3.1: a member that is not known makes the file an error. A filter with `prefx` would take away too much.

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "slurmVersion")]
    version: u64,
    #[serde(rename = "validationOutputFilters")]
    filters: Filters,
    #[serde(rename = "locallyAddedAssertions")]
    added: Added,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "RFC 8416 §3.2: a file without it is no SLURM file")]
struct Filters {
    #[serde(rename = "prefixFilters")]
    prefixes: Vec<Filter>,
    #[serde(rename = "bgpsecFilters")]
    bgpsec: Vec<IgnoredAny>,
    #[serde(rename = "aspaFilters")]
    aspa: Option<Vec<IgnoredAny>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    prefix: Option<String>,
    asn: Option<u32>,
    #[serde(rename = "comment")]
    _comment: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "RFC 8416 §3.2: a file without it is no SLURM file")]
struct Added {
    #[serde(rename = "prefixAssertions")]
    prefixes: Vec<Assertion>,
    #[serde(rename = "bgpsecAssertions")]
    bgpsec: Vec<IgnoredAny>,
    #[serde(rename = "aspaAssertions")]
    aspa: Option<Vec<IgnoredAny>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assertion {
    asn: u32,
    prefix: String,
    #[serde(rename = "comment")]
    _comment: Option<IgnoredAny>,
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

    /// `evidence` without what the filters of all `files` take away, and with what they assert (RFC 8416 §3.3, §3.4).
    /// Filters are about what was validated: none touches what a file asserts, in whatever order they are given. Refused
    /// is to be left with nothing.
    pub fn apply(files: &[Slurm], evidence: Evidence) -> Result<Evidence, VrpError> {
        if files.is_empty() {
            return Ok(evidence);
        }
        let mut kept: Vec<Vrp> = evidence.vrps.iter().collect();
        let mut notes = evidence.notes;
        for file in files {
            let before = kept.len();
            kept = file.filtered(kept);
            let (gone, added) = (before - kept.len(), file.assertions.len());
            notes.push(format!("{}: {gone} taken away, {added} added (SLURM, RFC 8416)", file.source));
        }
        kept.extend(files.iter().flat_map(|file| file.assertions.iter().cloned()));
        let vrps: VrpSet = kept.into_iter().collect();
        if vrps.is_empty() {
            let names: Vec<&str> = files.iter().map(|file| &*file.source).collect();
            return Err(VrpError::FilteredAway { name: evidence.source, slurm: names.join("` and `") });
        }
        Ok(Evidence { vrps, notes, ..evidence })
    }

    /// Those of `vrps`, which are in order, that no filter takes away.
    fn filtered(&self, vrps: Vec<Vrp>) -> Vec<Vrp> {
        let mut finder = self.prefixes.finder();
        let mut is_filtered = |vrp: &Vrp| {
            let hit = |asn: Option<Asn>| asn.is_none_or(|asn| asn == vrp.origin());
            self.origins.contains(&vrp.origin()) || finder.covering(vrp.prefix()).any(|(_, asn)| hit(asn))
        };
        vrps.into_iter().filter(|vrp| !is_filtered(vrp)).collect()
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
            let left = Slurm::apply(&[slurm(filters, assertions).unwrap()], evidence);
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

    /// RFC 8416 §3.3: filters are about validated payloads.
    #[test]
    fn the_order_of_files_is_nothing() {
        let files = [
            slurm(r#"{"asn":1}"#, r#"{"asn":2,"prefix":"10.9.0.0/16"}"#).unwrap(),
            slurm(r#"{"prefix":"10.0.0.0/8"}"#, r#"{"asn":1,"prefix":"10.8.0.0/16"}"#).unwrap(),
        ];
        for files in [files.clone(), [files[1].clone(), files[0].clone()]] {
            let vrps = vrps("AS1 10.0.0.0/8-8, AS3 2001:db8::/32-48");
            let evidence = Evidence { vrps, source: "x".to_owned(), ..Evidence::default() };
            let left = Slurm::apply(&files, evidence).unwrap();
            let told: Vec<String> = left.vrps.iter().map(|vrp| vrp.to_string()).collect();
            let expected =
                ["AS1 10.8.0.0/16-16 (SLURM)", "AS2 10.9.0.0/16-16 (SLURM)", "AS3 2001:db8::/32-48"];
            assert_eq!(told, expected);
        }
    }

    #[test]
    fn what_is_no_slurm_is_refused() {
        let check = |filters: &str, assertions: &str, expected: &str| {
            let error = slurm(filters, assertions).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(r#"{"asn":1,"prefx":"10.0.0.0/8"}"#, "", "unknown field `prefx`");
        check("", r#"{"asn":1,"prefix":"10.0.0.0/8","maxLength":24}"#, "unknown field `maxLength`");
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
