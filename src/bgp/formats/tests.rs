//! The samples of ../shared: what routers really printed.

use std::{collections::BTreeSet, fs, path::PathBuf};

use super::*;
use crate::{
    bgp::Origin,
    net::{Asn, Prefix},
};

fn shared() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    if !folder.is_dir() {
        println!("skipped: ../shared is not here");
        return None;
    }
    Some(folder)
}

fn sample(file: &str) -> Option<Vec<u8>> {
    Some(fs::read(shared()?.join(file)).unwrap())
}

type Pairs = BTreeSet<(Prefix, Origin)>;

fn pairs(file: &str) -> Option<Pairs> {
    let announced = read(file, &sample(file)?).unwrap();
    Some(announced.seen.iter().map(|seen| (seen.prefix, seen.origin)).collect())
}

fn refusal(file: &str) -> Option<String> {
    Some(read(file, &sample(file)?).unwrap_err().to_string())
}

fn expected(prefixes: &[&str], origin: Origin) -> Pairs {
    prefixes.iter().map(|prefix| (prefix.parse().unwrap(), origin)).collect()
}

/// What the lab's BIRD exports, by its configuration.
const EXPORTED: [&str; 5] = [
    "2a0f:85c1:260::/44",
    "2a0f:85c1:260::/48",
    "2a0f:85c1:261::/48",
    "2a0f:85c1:26f::/48",
    "2a0f:85c1:263:8000::/49",
];

#[test]
fn what_bird_exports_is_the_same_in_each_form() {
    if shared().is_none() {
        return;
    }
    let own = expected(&EXPORTED, Origin::Own);
    for file in ["show-route-export.txt", "show-route-export-all.txt", "show-route-filter-session-down.txt"] {
        assert_eq!(pairs(&format!("rpki/samples/bird/{file}")).unwrap(), own, "{file}");
    }
    let mut all = own.clone();
    all.extend(expected(&["2001:db8:ffff::/48"], Origin::Own));
    for file in ["show-route.txt", "show-route-all.txt", "show-preexport.txt"] {
        assert_eq!(pairs(&format!("rpki/samples/bird/{file}")).unwrap(), all, "{file}");
    }
    assert_eq!(pairs("rpki/samples/mrt/bird-table_dump_v2.mrt").unwrap(), all);
    // What GoBGP has heard of it has its AS.
    let heard = expected(&EXPORTED, Origin::As(Asn(205_398)));
    assert_eq!(pairs("rpki/samples/gobgp/adj-in.json").unwrap(), heard);
}

#[test]
fn what_frr_and_gobgp_announce_is_read() {
    if shared().is_none() {
        return;
    }
    let advertised = ["2a0f:85c1:260::/44", "2a0f:85c1:260::/48", "2a0f:85c1:261::/48"];
    let mut own = expected(&advertised, Origin::Own);
    assert_eq!(pairs("rpki/samples/frr/advertised.json").unwrap(), own);
    own.extend(expected(&["2001:db8:ffff::/48"], Origin::Own));
    assert_eq!(pairs("rpki/samples/frr/rib.json").unwrap(), own);
    let one = expected(&["2a0f:85c1:260::/48"], Origin::Own);
    assert_eq!(pairs("rpki/samples/frr/prefix-detail.json").unwrap(), one);
    // By adj-out.txt, the text form.
    let mut out = expected(&["2001:db8:1000::/36"], Origin::As(Asn(64515)));
    out.extend(expected(&["2a0f:85c1:26c::/48"], Origin::As(Asn(64497))));
    assert_eq!(pairs("rpki/samples/gobgp/adj-out.json").unwrap(), out);
    let rib = pairs("rpki/samples/gobgp/global-rib.json").unwrap();
    assert!(rib.is_superset(&expected(&["2001:db8:1000::/36"], Origin::Own)), "{rib:?}");
    assert!(rib.is_superset(&expected(&EXPORTED, Origin::As(Asn(205_398)))), "{rib:?}");
}

/// `bgpdump -m` has read the same files.
#[test]
fn mrt_agrees_with_bgpdump() {
    for file in ["bird-table_dump_v2.mrt", "gobgp-table_dump_v2.mrt"] {
        let Some(text) = sample(&format!("rpki/samples/mrt/{file}.bgpdump.txt")) else { return };
        let text = String::from_utf8(text).unwrap();
        let rows = text.lines().filter(|line| line.starts_with("TABLE_DUMP2|"));
        let row = |line: &str| {
            let fields: Vec<&str> = line.split('|').collect();
            let origin = match fields[6].rsplit(' ').next().unwrap() {
                "" => Origin::Own,
                asn => Origin::As(Asn(asn.parse().unwrap())),
            };
            (fields[5].parse().unwrap(), origin)
        };
        let expected: Pairs = rows.map(row).collect();
        assert_eq!(pairs(&format!("rpki/samples/mrt/{file}")).unwrap(), expected, "{file}");
    }
    let tolerated = pairs("rpki/samples/mrt/gobgp-table_dump_v2.local-route-bad-peer-index.mrt").unwrap();
    assert!(tolerated.is_superset(&expected(&["2001:db8:1000::/36"], Origin::Own)), "{tolerated:?}");
}

#[test]
fn ripestat_says_of_which_time_it_speaks() {
    let Some(bytes) = sample("routing/samples/ripestat/announced_prefixes.json") else { return };
    let announced = read("x", &bytes).unwrap();
    assert_eq!(announced.generated, "2025-06-11T08:00:00Z".parse().ok());
    assert_eq!(announced.seen.len(), 7);
    assert!(announced.seen.iter().all(|seen| seen.origin == Origin::As(Asn(3333))));
    let glass = pairs("routing/samples/ripestat/looking_glass.json").unwrap();
    assert_eq!(glass, expected(&["140.78.0.0/16"], Origin::As(Asn(1205))));
}

#[test]
fn what_could_not_look_is_refused_with_its_cause() {
    if shared().is_none() {
        return;
    }
    let check = |file: &str, cause: &str| {
        let text = refusal(file).unwrap();
        assert!(text.contains(cause) && text.contains("\nhint: "), "{file}: {text}");
    };
    check("rpki/samples/bird/show-route-export-session-down.txt", "BIRD answers `No valid tables`");
    check("rpki/samples/bird/err-nosuch.txt", "BIRD answers `syntax error");
    check("rpki/samples/frr/err.json", "FRR warns: No such neighbor in this view/vrf");
    check("rpki/samples/bird/show-route-roa.txt", "holds no announcement at all");
    check("rpki/samples/bird/show-status.txt", "is no route");
    check("rpki/samples/frr/advertised.txt", "holds no announcements in a format that can be read");
    check("rpki/samples/frr/summary.json", "holds no announcements in a format that can be read");
    check("rpki/samples/gobgp/neighbor.json", "holds no announcements in a format that can be read");
    check("routing/samples/ripestat/visibility.json", "which does not list announcements");
    check("rpki/samples/routinator/vrps.json", "holds no announcements in a format that can be read");
}

/// Each sample, cut off and with bits flipped: an answer comes, and no panic.
#[test]
fn damaged_samples_are_answered() {
    let Some(shared) = shared() else { return };
    let folders = ["rpki/samples/bird", "rpki/samples/frr", "rpki/samples/gobgp", "rpki/samples/mrt"];
    let folders = folders
        .map(|folder| shared.join(folder))
        .into_iter()
        .chain([shared.join("routing/samples/ripestat")]);
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap()
    };
    for path in files {
        let bytes = fs::read(&path).unwrap();
        for cut in 0..20 {
            let _ = read("x", &bytes[..bytes.len() * cut / 20]);
        }
        for _ in 0..200 {
            let mut flipped = bytes.clone();
            let at = next(flipped.len());
            flipped[at] ^= 1 << next(8);
            if let Err(error) = read("x", &flipped) {
                let text = error.to_string();
                assert!(text.contains("\nhint: "), "{}: {text}", path.display());
                assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{}: {text:?}", path.display());
            }
        }
        let latin: Vec<u8> = [b"\xe9\xff", &*bytes].concat();
        let _ = read("x", &latin);
    }
}

/// `RIPECTL_BENCH=/tmp/bench/1 cargo test --release --lib bgp:: -- --ignored --nocapture`
#[test]
#[ignore = "it measures"]
fn a_million_lines() {
    let Some(folder) = std::env::var_os("RIPECTL_BENCH") else {
        return println!("skipped: RIPECTL_BENCH is not set");
    };
    let bytes = fs::read(PathBuf::from(folder).join("announcements.csv")).unwrap();
    let mut times: Vec<_> = (0..10)
        .map(|_| {
            let start = std::time::Instant::now();
            assert_eq!(read("x", &bytes).unwrap().seen.len(), 1_250_000);
            start.elapsed()
        })
        .collect();
    times.sort();
    println!("{} bytes: fastest {:?}, median {:?}", bytes.len(), times[0], times[5]);
}
