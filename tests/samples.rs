//! Every file that real validators, routers and `IRRd` printed, as ../shared has them: those that are the same in another
//! form are read as the same, and all others are refused with the cause.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    path::{Path, PathBuf},
};

use ripectl::{
    bgp::{self, Origin},
    reading::ReadError,
    rpki::{self, Slurm},
};

const FOLDERS: [&str; 11] =
    ["routinator", "rpki-client", "fort", "stayrtr", "rtr", "slurm", "bird", "frr", "gobgp", "mrt", "irrd"];

/// What the Krill testbed had published.
const FOUR: &str = "AS205398 2a0f:85c1:260::/44-48, AS205398 2a0f:85c1:260::/48-48, AS205398 2a0f:85c1:261::/48-48, \
                    AS64999 2a0f:85c1:26f::/48-48";
/// The same through slurm/slurm-v1.json: two are filtered, two asserted.
const SLURMED: &str = "AS205398 2001:db8:100::/40-48, AS205398 2a0f:85c1:260::/44-48, AS205398 2a0f:85c1:260::/48-48, \
                       AS64496 198.51.100.0/24-24";
/// What bird.conf exports, and what is in its table besides.
const EXPORTED: &str = "own 2a0f:85c1:260::/44, own 2a0f:85c1:260::/48, own 2a0f:85c1:261::/48, own 2a0f:85c1:263:8000::/49, \
                        own 2a0f:85c1:26f::/48";
const TABLE: &str = "own 2001:db8:ffff::/48, own 2a0f:85c1:260::/44, own 2a0f:85c1:260::/48, own 2a0f:85c1:261::/48, \
                     own 2a0f:85c1:263:8000::/49, own 2a0f:85c1:26f::/48";
/// What `GoBGP` heard of that BIRD, and what it has itself.
const HEARD: &str = "AS205398 2a0f:85c1:260::/44, AS205398 2a0f:85c1:260::/48, AS205398 2a0f:85c1:261::/48, \
                     AS205398 2a0f:85c1:263:8000::/49, AS205398 2a0f:85c1:26f::/48";
const GOBGP: &str = "AS205398 2a0f:85c1:260::/44, AS205398 2a0f:85c1:260::/48, AS205398 2a0f:85c1:261::/48, \
                     AS205398 2a0f:85c1:263:8000::/49, AS205398 2a0f:85c1:26f::/48, AS64497 2a0f:85c1:26c::/48, \
                     own 2001:db8:1000::/36";
const ADVERTISED: &str = "own 2a0f:85c1:260::/44, own 2a0f:85c1:260::/48, own 2a0f:85c1:261::/48";

/// Of a file: what it is.
enum Is {
    /// VRPs, and no announcements.
    Vrps(&'static str),
    /// Announcements, and no VRPs.
    Announced(&'static str),
    /// Neither: the words of the refusal as VRPs, and as announcements.
    Neither(&'static str, &'static str),
}

use Is::{Announced, Neither, Vrps};

/// What holds neither, and is of no known kind.
const OTHER: Is = Neither("in a format that can be read", "in a format that can be read");

/// The first row that is the name of a file, or its beginning where it ends in `*`, says what it is.
#[rustfmt::skip]
const FILES: [(&str, Is); 68] = [
    ("routinator/http-csv.resp", Vrps(FOUR)),
    ("routinator/http-json.resp", Vrps(FOUR)),
    ("routinator/http-jsonext.resp", Vrps(FOUR)),
    ("routinator/http-origins.resp", Vrps(FOUR)),
    ("routinator/http-slurm.resp", Vrps(FOUR)),
    ("routinator/http-json-select.resp", Vrps("AS205398 2a0f:85c1:260::/44-48, AS205398 2a0f:85c1:260::/48-48")),
    ("routinator/http-json-select-asn.resp", Vrps("AS64999 2a0f:85c1:26f::/48-48")),
    ("routinator/http-*", OTHER),
    ("routinator/validate-hostbits.out", Neither("holds no VRP at all", "holds no announcement at all")),
    ("routinator/validate-input-json-out.out", Neither("holds no VRP at all", "holds no announcement at all")),
    ("routinator/validate-input-json-out.err", Neither("expected value at line 1", "in a format that can be read")),
    ("routinator/validate-input.json", Neither("in a format that can be read", "expected an object of prefixes")),
    ("routinator/validate-input.txt", Neither("in a format that can be read", "cannot be read as announcements")),
    ("routinator/validate-input-plain.out", Neither("in a format that can be read", "cannot be read as announcements")),
    ("routinator/validate-valid.out", Neither("in a format that can be read", "cannot be read as announcements")),
    ("routinator/validate-*", OTHER),
    ("routinator/vrps.rpsl", Neither("RPSL says no maxLength", "in a format that can be read")),
    ("routinator/vrps.summary", Neither("it is a summary", "in a format that can be read")),
    ("routinator/vrps.*", Vrps(FOUR)),
    ("rpki-client/bird1v4", Neither("holds no VRP at all", "in a format that can be read")), // no IPv4 was published
    ("rpki-client/filemode-roa.json", OTHER),
    ("rpki-client/sample.roa", OTHER),
    ("rpki-client/*", Vrps(FOUR)),
    ("fort/*", Vrps(FOUR)),
    ("stayrtr/*", Vrps(SLURMED)),
    ("rtr/rpki-rov.txt", OTHER),
    ("rtr/rtrclient-pfx.txt", OTHER),
    ("rtr/rtr*", Vrps(FOUR)),
    ("slurm/bad-maxlen.json", Neither("maxLength 20 of 2001:db8::/32 is out of range", "in a format that can be read")),
    ("slurm/missing-keys.json", Neither("missing field `bgpsecFilters`", "in a format that can be read")),
    ("slurm/routinator-with-slurm.json", Vrps(SLURMED)),
    ("slurm/slurm-v1.json", Vrps("AS205398 2001:db8:100::/40-48, AS64496 198.51.100.0/24-24")), // what it asserts
    ("bird/bad.*", OTHER),
    ("bird/bird.conf", Neither("line 2 is neither a ROA", "in a format that can be read")),
    ("bird/ctl-protocol.txt", Neither("in a format that can be read", "cannot be read as announcements")),
    ("bird/err-nosuch.txt", Neither("in a format that can be read", "BIRD answers `syntax error")),
    ("bird/eval-roa.txt", Neither("in a format that can be read", "is no route")),
    ("bird/filter-primary.txt", Announced("own 2a0f:85c1:260::/48")),
    ("bird/show-count.txt", Neither("in a format that can be read", "is no route")),
    ("bird/show-preexport.txt", Announced(TABLE)),
    ("bird/show-proto-all.txt", Neither("in a format that can be read", "is no route")),
    ("bird/show-route-all.txt", Announced(TABLE)),
    ("bird/show-route-export-all.txt", Announced(EXPORTED)),
    ("bird/show-route-export-session-down.txt", Neither("in a format that can be read", "BIRD answers `No valid tables`")),
    ("bird/show-route-export.txt", Announced(EXPORTED)),
    ("bird/show-route-filter-session-down.txt", Announced(EXPORTED)), // asked of a table, and not of the session
    ("bird/show-route-noexport.txt", Announced("own 2001:db8:ffff::/48")),
    ("bird/show-route-roa-where.txt", Announced("own 2a0f:85c1:260::/44, own 2a0f:85c1:260::/48, own 2a0f:85c1:261::/48, own 2a0f:85c1:26f::/48")),
    ("bird/show-route-roa.txt", Vrps(FOUR)),
    ("bird/show-route.txt", Announced(TABLE)),
    ("bird/show-static.txt", Neither("in a format that can be read", "is no route")),
    ("bird/show-status.txt", Neither("in a format that can be read", "is no route")),
    ("frr/advertised.json", Announced(ADVERTISED)),
    ("frr/err.json", Neither("in a format that can be read", "No such neighbor")),
    ("frr/prefix-detail.json", Announced("own 2a0f:85c1:260::/48")),
    ("frr/rib.json", Announced("own 2001:db8:ffff::/48, own 2a0f:85c1:260::/44, own 2a0f:85c1:260::/48, own 2a0f:85c1:261::/48")),
    ("frr/*", OTHER),
    ("gobgp/adj-in.json", Announced(HEARD)),
    ("gobgp/adj-out.json", Announced("AS64497 2a0f:85c1:26c::/48, AS64515 2001:db8:1000::/36")),
    ("gobgp/global-rib.json", Announced(GOBGP)),
    ("gobgp/neighbor.json", Neither("cannot be read as VRPs", "in a format that can be read")),
    ("gobgp/rpki-table.*", Neither("it is a table for people", "it holds VRPs")), // with and without `-j`
    ("gobgp/*", OTHER),
    ("mrt/bird-table_dump_v2.mrt", Announced(TABLE)),
    ("mrt/gobgp-table_dump_v2.mrt", Announced(HEARD)),
    ("mrt/gobgp-table_dump_v2.local-route-bad-peer-index.mrt", Announced(GOBGP)),
    ("mrt/*", OTHER), // what `bgpdump -m` makes of them
    ("irrd/*", OTHER),
];

fn samples() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/rpki/samples"));
    if !folder.is_dir() {
        println!("skipped: ../shared/rpki/samples is not here");
        return None;
    }
    Some(folder)
}

/// The files below a folder, by their names from `samples`.
fn files_of(samples: &Path, folder: &str) -> Vec<String> {
    let names = fs::read_dir(samples.join(folder)).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| format!("{folder}/{}", name.to_str().unwrap())).collect();
    names.sort();
    names
}

/// What is in a file; of the answer of a server its body.
fn content(samples: &Path, file: &str) -> Vec<u8> {
    let bytes = fs::read(samples.join(file)).unwrap();
    if Path::new(file).extension() != Some("resp".as_ref()) {
        return bytes;
    }
    let ends = [&b"\r\n\r\n"[..], b"\n\n"];
    let body = ends.iter().filter_map(|end| {
        let at = bytes.windows(end.len()).position(|window| window == *end)?;
        Some(at + end.len())
    });
    body.min().map_or_else(Vec::new, |at| bytes[at..].to_vec())
}

fn vrps(name: &str, bytes: &[u8]) -> Result<String, ReadError> {
    let evidence = rpki::read(name, bytes)?;
    let each =
        evidence.vrps.iter().map(|vrp| format!("{} {}-{}", vrp.origin(), vrp.prefix(), vrp.max_length()));
    Ok(each.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", "))
}

fn announced(name: &str, bytes: &[u8]) -> Result<String, ReadError> {
    let announced = bgp::read(name, bytes)?;
    let each = announced.seen.iter().map(|seen| match seen.origin {
        Origin::As(asn) => format!("{asn} {}", seen.prefix),
        Origin::Own => format!("own {}", seen.prefix),
        Origin::Set => format!("set {}", seen.prefix),
    });
    Ok(each.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", "))
}

#[test]
fn every_sample_is_what_it_is() {
    let Some(samples) = samples() else { return };
    let mut used = BTreeSet::new();
    for file in FOLDERS.iter().flat_map(|folder| files_of(&samples, folder)) {
        let is = |(name, _): &(&str, Is)| {
            name.strip_suffix('*').map_or(file == *name, |start| file.starts_with(start))
        };
        let row = FILES.iter().position(is).unwrap_or_else(|| panic!("{file}: no row says what it is"));
        used.insert(row);
        let bytes = content(&samples, &file);
        let (vrps, announced) = (vrps("x", &bytes), announced("x", &bytes));
        let refused = |read: &Result<String, ReadError>, words: &str| {
            let text = read.as_ref().expect_err(&file).to_string();
            assert!(text.contains(words) && text.contains("\nhint: "), "{file}: {text}");
        };
        match &FILES[row].1 {
            Vrps(expected) => {
                assert_eq!(vrps.unwrap(), *expected, "{file}");
                refused(&announced, "");
            }
            Announced(expected) => {
                assert_eq!(announced.unwrap(), *expected, "{file}");
                refused(&vrps, "");
            }
            Neither(as_vrps, as_announced) => {
                refused(&vrps, as_vrps);
                refused(&announced, as_announced);
            }
        }
    }
    let idle: Vec<&str> =
        (0..FILES.len()).filter(|row| !used.contains(row)).map(|row| FILES[row].0).collect();
    assert!(idle.is_empty(), "these rows are of no file: {idle:?}");
}

/// xorshift: the same damage in every run.
struct Damage(u64);

impl Damage {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap()
    }
}

/// Each sample cut at 20 places and with one bit flipped at 200, as VRPs, exceptions and announcements: an answer comes
/// that a terminal bears, and what is cut is never taken for more or for other than was there.
#[test]
fn damaged_samples_are_answered() {
    let Some(samples) = samples() else { return };
    let mut damage = Damage(0x2545_f491_4f6c_dd1d);
    for file in FOLDERS.iter().flat_map(|folder| files_of(&samples, folder)) {
        let whole = content(&samples, &file);
        let said = |bytes: &[u8]| {
            let slurm = Slurm::read("x", bytes).map(|_| String::new());
            let all = [vrps("x", bytes), announced("x", bytes), slurm];
            for error in all.iter().filter_map(|read| read.as_ref().err()) {
                let text = error.to_string();
                assert!(text.contains("\nhint: "), "{file}: {text}");
                assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{file}: {text:?}");
            }
            all
        };
        let [all, heard, _] = said(&whole);
        for _ in 0..20 {
            let cut = damage.next(whole.len());
            let [vrps, announced, _] = said(&whole[..cut]);
            for (part, all) in [(vrps, &all), (announced, &heard)] {
                // BIRD that has greeted and says no more exports nothing.
                let is_part = |part: &str| match part {
                    "" => file.starts_with("bird/"),
                    part => all.as_ref().is_ok_and(|all| {
                        let all: HashSet<&str> = all.split(", ").collect();
                        part.split(", ").all(|one| all.contains(one))
                    }),
                };
                assert!(part.as_ref().map_or(true, |part| is_part(part)), "{file} cut at {cut}: {part:?}");
            }
        }
        for _ in 0..200 {
            let (mut flipped, at) = (whole.clone(), damage.next(whole.len()));
            if let Some(byte) = flipped.get_mut(at) {
                *byte ^= 1 << damage.next(8);
                let _ = said(&flipped); // that there is an answer is all
            }
        }
    }
}

/// JSON says where it ends: cut anywhere before it is no evidence.
#[test]
fn json_is_refused_without_its_end() {
    let Some(samples) = samples() else { return };
    let mut checked = 0;
    for file in FOLDERS.iter().flat_map(|folder| files_of(&samples, folder)) {
        let whole = content(&samples, &file);
        let is_json = matches!(whole.iter().find(|byte| !byte.is_ascii_whitespace()), Some(b'{' | b'['));
        let end = whole.trim_ascii_end().len();
        for cut in (0..end).step_by((end / 97).max(1)).filter(|_| is_json) {
            let part = &whole[..cut];
            assert!(rpki::read("x", part).is_err() && bgp::read("x", part).is_err(), "{file} cut at {cut}");
            assert!(Slurm::read("x", part).is_err(), "{file} cut at {cut}");
            checked += 1;
        }
    }
    assert!(checked > 2000, "{checked}");
}
