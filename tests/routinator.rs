//! Route origin validation beside Routinator's: 5,000 random announcements, judged by the same VRPs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;
#[path = "common/require.rs"]
mod require;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::Path,
    process::Command,
};

use common::Estate;
use ripectl::{
    net::{Asn, Prefix},
    rpki::{self, Evidence, Reason, State, Vrp},
};
use serde_json::{Value, json};

/// xorshift: the same cases in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    /// A prefix of few spaces, so that many cover each other and some are covered by none.
    fn prefix(&mut self) -> Prefix {
        let groups = self.below(16) << 40 | self.below(4) << 32 | self.below(4) << 24 | self.below(4) << 16;
        let (address, length) = if self.below(2) == 0 {
            let bits = u32::try_from(groups >> 24).unwrap();
            (IpAddr::from(Ipv4Addr::from_bits(10 << 24 | bits)), 16 + self.below(13))
        } else {
            (IpAddr::from(Ipv6Addr::from_bits(0x2a00 << 112 | u128::from(groups) << 64)), 24 + self.below(37))
        };
        Prefix::truncated(address, u8::try_from(length).unwrap()).unwrap()
    }

    fn origin(&mut self) -> Asn {
        Asn(u32::try_from(self.below(5)).unwrap())
    }
}

const ANNOUNCED: usize = 5_000;

/// Assertions of a SLURM file (RFC 8416), which both read as VRPs.
fn slurm(random: &mut Random) -> Value {
    let assertion = |random: &mut Random| {
        let prefix = random.prefix();
        let longest = u64::from(prefix.family().bits() - prefix.len());
        let max = u64::from(prefix.len()) + random.below(longest.min(12) + 1);
        json!({ "asn": random.origin().0, "prefix": prefix.to_string(), "maxPrefixLength": max })
    };
    let assertions: Vec<Value> = (0..120).map(|_| assertion(random)).collect();
    json!({
        "slurmVersion": 1,
        "validationOutputFilters": { "prefixFilters": [], "bgpsecFilters": [] },
        "locallyAddedAssertions": { "prefixAssertions": assertions, "bgpsecAssertions": [] },
    })
}

/// What Routinator says of each.
fn routinators(program: &Path, folder: &Path, announced: &BTreeSet<(Prefix, Asn)>) -> Vec<Value> {
    let routes: Vec<Value> = announced
        .iter()
        .map(|(prefix, origin)| json!({ "asn": origin.to_string(), "prefix": prefix.to_string() }))
        .collect();
    fs::write(folder.join("routes.json"), json!({ "routes": routes }).to_string()).unwrap();
    fs::create_dir(folder.join("tals")).unwrap();
    let line = "--no-rir-tals --extra-tals-dir tals --repository-dir repository --exceptions slurm.json \
                validate --noupdate --json --input routes.json";
    let said = Command::new(program).args(line.split_whitespace()).current_dir(folder).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let said: Value = serde_json::from_slice(&said.stdout).unwrap();
    said["validated_routes"].as_array().unwrap().clone()
}

/// The VRPs of one of Routinator's lists.
fn listed(validity: &Value, list: &str) -> BTreeSet<String> {
    let text = |vrp: &Value, key: &str| vrp[key].as_str().unwrap().to_owned();
    let vrps = validity["VRPs"][list].as_array().unwrap().iter();
    vrps.map(|vrp| {
        format!("{} {}-{}", text(vrp, "asn"), printed(&text(vrp, "prefix")), text(vrp, "max_length"))
    })
    .collect()
}

/// Both print IPv6 otherwise.
fn printed(prefix: &str) -> String {
    prefix.parse::<Prefix>().unwrap().to_string()
}

fn told(vrps: &[Vrp]) -> BTreeSet<String> {
    vrps.iter().map(|vrp| format!("{} {}-{}", vrp.origin(), vrp.prefix(), vrp.max_length())).collect()
}

/// One announcement, by both.
fn compare(evidence: &Evidence, one: &Value) -> String {
    let (route, validity) = (&one["route"], &one["validity"]);
    let prefix: Prefix = route["prefix"].as_str().unwrap().parse().unwrap();
    let origin: Asn = route["origin_asn"].as_str().unwrap().parse().unwrap();
    let own = rpki::validate(&evidence.vrps, prefix, origin);
    let case = format!("{prefix} {origin}: {validity}");
    assert_eq!(own.state.text(), validity["state"].as_str().unwrap(), "{case}");
    assert_eq!(told(&own.matched), listed(validity, "matched"), "{case}");
    // Routinator puts VRPs of others that are too short into its list of lengths; together they are the same.
    let unmatched: BTreeSet<String> =
        [listed(validity, "unmatched_as"), listed(validity, "unmatched_length")]
            .into_iter()
            .flatten()
            .collect();
    assert_eq!(&told(&own.unmatched_origin) | &told(&own.unmatched_length), unmatched, "{case}");
    match own.state {
        State::Invalid(Reason::Length) => "invalid by length".to_owned(),
        State::Invalid(_) => "invalid by origin".to_owned(),
        state => state.text().to_owned(),
    }
}

#[test]
fn routinator_says_the_same() {
    let program = require::components().join("bin/routinator");
    if !program.is_file() {
        return require::is_missing("routinator");
    }
    let folder = Estate::empty();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let slurm = slurm(&mut random).to_string();
    fs::write(folder.path("slurm.json"), &slurm).unwrap();
    let mut announced = BTreeSet::new();
    while announced.len() < ANNOUNCED {
        announced.insert((random.prefix(), Asn(1 + random.origin().0)));
    }
    let evidence = rpki::read("slurm.json", slurm.as_bytes()).unwrap();
    let theirs = routinators(&program, &folder.path(""), &announced);
    assert_eq!(theirs.len(), ANNOUNCED);
    let mut counts: BTreeMap<(bool, String), usize> = BTreeMap::new();
    for one in &theirs {
        let is_ipv6 = one["route"]["prefix"].as_str().unwrap().contains(':');
        *counts.entry((is_ipv6, compare(&evidence, one))).or_default() += 1;
    }
    assert!(counts.len() == 8 && counts.values().all(|count| *count >= 20), "each case is there: {counts:?}");
    // The program says of them all what the library says.
    let list: String = announced.iter().map(|(prefix, origin)| format!("{prefix},{origin}\n")).collect();
    fs::write(folder.path("announced.csv"), list).unwrap();
    let line =
        "validate --vrps slurm.json --max-age never --announcements announced.csv --proof rpki --format csv";
    let said = folder.run(line);
    assert_eq!(said.status.code(), Some(1), "{}", String::from_utf8_lossy(&said.stderr));
    let rows = String::from_utf8(said.stdout).unwrap();
    let state = |one: &Value| one["validity"]["state"].as_str().unwrap().to_owned();
    let expected: BTreeMap<(Prefix, String), String> = theirs
        .iter()
        .map(|one| {
            let prefix = one["route"]["prefix"].as_str().unwrap().parse().unwrap();
            ((prefix, one["route"]["origin_asn"].as_str().unwrap().to_owned()), state(one))
        })
        .collect();
    let row = |row: &str| {
        let fields: Vec<&str> = row.split(',').collect();
        ((fields[0].parse().unwrap(), fields[1].to_owned()), fields[2].to_owned())
    };
    assert_eq!(rows.lines().skip(1).map(row).collect::<BTreeMap<_, _>>(), expected);
}
