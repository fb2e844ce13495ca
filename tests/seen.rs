//! What routers announce, validated: with an estate and without one.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::{fs, os::unix::fs::symlink, process::Command};

use common::Estate;

/// A folder without a `ripectl.toml`, with VRPs and announcements.
fn folder() -> Estate {
    let folder = Estate::empty();
    let roas = [
        r#"{"asn":"AS3333","prefix":"193.0.0.0/21","maxLength":21,"ta":"ripe"}"#,
        r#"{"asn":"AS3333","prefix":"193.0.8.0/24","maxLength":24,"ta":"ripe","expires":1700000000}"#,
    ];
    let vrps = |roas: &[&str]| {
        format!("{{\"metadata\":{{\"generated\":1700000000}},\"roas\":[{}]}}", roas.join(","))
    };
    fs::write(folder.path("vrps.json"), vrps(&roas)).unwrap();
    fs::write(folder.path("seen.csv"), "prefix,origin\n193.0.0.0/21,AS3333\n193.0.8.0/24,AS3333\n").unwrap();
    folder
}

#[test]
fn what_is_seen_is_judged_without_an_estate() {
    let folder = folder();
    let csv = "validate --vrps vrps.json --max-age never --format csv --announcements";
    let text = folder.check(&format!("{csv} seen.csv"), 1, &[]);
    let rows = "prefix,origin,rpki,irr,ok,rules\n193.0.0.0/21,AS3333,valid,,true,\n\
                193.0.8.0/24,AS3333,not-found,,false,rpki-not-found\n";
    assert!(text.contains(rows), "{text}");
    let told = [
        "error rpki-not-found",
        "seen.csv:3",
        "expired at 2023-11-14T22:13:20Z",
        "1 more expired and left out",
    ];
    folder.check("validate --vrps vrps.json --max-age never --announcements seen.csv", 1, &told);
    folder.check(&format!("{csv} nowhere.csv"), 2, &["`nowhere.csv`", "hint: "]);
    folder.check(
        "validate --vrps vrps.json --max-age never",
        2,
        &["no ripectl.toml", "hint: `--announcements FILE`"],
    );
    let both = format!("{csv} - --vrps -").replace(" --vrps vrps.json", "");
    folder.check(&both, 2, &["`-` is named twice", "hint: "]);
    folder.check(&format!("{csv} seen.csv --proof upstream"), 2, &["there are no upstreams", "hint: "]);
    folder.check("validate --announcements seen.csv", 2, &["nothing to validate against", "hint: "]);
    folder.check(
        "validate --announcements seen.csv --vrps rtr://localhost",
        2,
        &["no place of an RTR server"],
    );
    folder.check(
        "validate 10.0.0.0/8 --announcements seen.csv --vrps vrps.json",
        2,
        &["nothing is announced within 10.0.0.0/8"],
    );
}

#[test]
fn evidence_is_as_old_as_it_says() {
    let folder = folder();
    let line = |more: &str| {
        format!("validate --vrps vrps.json --announcements seen.csv {more}").trim_end().to_owned()
    };
    folder.check(&line(""), 2, &["was generated at 2023-11-14T22:13:20Z", "max-age is \"2h\""]);
    folder.check(&line("--max-age 1d"), 2, &["max-age is \"24h\""]);
    folder.check(&line("--max-age never"), 1, &["a fixture whose age does not count"]);
    folder.check(
        &line("--max-age never --expired refuse"),
        2,
        &["1 of the 2 VRPs of `vrps.json` have expired"],
    );
    folder.check(&line("--max-age never --require-ta ripe"), 1, &[]);
    folder.check(
        &line("--max-age never --require-ta arin"),
        2,
        &["no VRP of the trust anchor arin; it has ripe"],
    );
    // Space of another registry, of which there is no VRP at all.
    fs::write(folder.path("seen.csv"), "8.8.8.0/24,15169\n").unwrap();
    folder.check(
        &line("--max-age never"),
        2,
        &["not a single one of the trust anchor arin, under which 8.8.8.0/24 lies"],
    );
}

#[test]
fn exceptions_are_applied() {
    let folder = folder();
    let slurm = r#"{"slurmVersion":1,"validationOutputFilters":{"prefixFilters":[{"asn":3333}],"bgpsecFilters":[]},
        "locallyAddedAssertions":{"prefixAssertions":[{"asn":3333,"prefix":"193.0.8.0/24"}],"bgpsecAssertions":[]}}"#;
    fs::write(folder.path("slurm.json"), slurm).unwrap();
    let line = "validate --vrps vrps.json --max-age never --announcements seen.csv --slurm slurm.json";
    let told = ["slurm.json: 1 taken away, 1 added (SLURM, RFC 8416)", "193.0.0.0/21  AS3333  ✗ not found"];
    folder.check(line, 1, &told);
    folder.check(&line.replace("slurm.json", "seen.csv"), 2, &["(SLURM, RFC 8416)"]);
    // What is asserted makes no evidence of what has expired.
    let gone = r#"{"metadata":{"generated":1700000000},"roas":[
        {"asn":3333,"prefix":"193.0.0.0/21","maxLength":21,"ta":"ripe","expires":1700000000}]}"#;
    fs::write(folder.path("vrps.json"), gone).unwrap();
    folder.check(line, 2, &["expired"]);
    // Nor is who has only expired VRPs an anchor.
    let other = r#",{"asn":1,"prefix":"1.0.0.0/24","maxLength":24,"ta":"apnic"}]}"#;
    fs::write(folder.path("vrps.json"), gone.replace("]}", other)).unwrap();
    folder.check(&format!("{line} --require-ta ripe"), 2, &["no VRP of the trust anchor ripe; it has apnic"]);
}

/// AS0 in a ROA forbids a prefix: it is never what mends an announcement (RFC 6483 §4).
#[test]
fn nobody_is_told_to_ask_for_a_roa_of_a_set() {
    let folder = folder();
    fs::write(folder.path("seen.csv"), "193.0.8.0/24,AS_SET\n193.0.9.0/24,0\n").unwrap();
    fs::write(folder.path("routes.db"), "route: 193.0.0.0/21\norigin: AS3333\nmnt-by: A-MNT\nsource: RIPE\n")
        .unwrap();
    let line = "validate --vrps vrps.json --max-age never --announcements seen.csv --irr routes.db";
    let told = folder.check(line, 1, &["AS_SET can have neither a ROA nor a route object for it"]);
    assert!(!told.contains("ROA AS0") && !told.contains("origin: AS0"), "{told}");
}

#[test]
fn route_objects_of_a_dump_are_looked_at() {
    let folder = folder();
    let dump = "route: 193.0.0.0/21\norigin: AS3333\nmnt-by: A-MNT\nsource: RIPE\n\n\
                route: 193.0.8.0/24\norigin: AS1\nmnt-by: B-MNT\nsource: RADB\n";
    fs::write(folder.path("routes.db"), dump).unwrap();
    let line = "validate --announcements seen.csv --irr routes.db";
    let told = [
        "irr-origin-mismatch",
        "route 193.0.8.0/24AS1 (RADB, mnt-by B-MNT)",
        "VRPs  not looked at",
        "RIPE, RADB 2",
    ];
    folder.check(line, 1, &told);
    let both = folder.check(&format!("{line} --vrps vrps.json --max-age never --format csv"), 1, &[]);
    assert!(
        both.contains(
            "193.0.8.0/24,AS3333,not-found,origin-mismatch,false,rpki-not-found irr-origin-mismatch\n"
        ),
        "{both}"
    );
    let one =
        folder.check(&format!("{line} --vrps vrps.json --max-age never --format csv --proof irr"), 1, &[]);
    assert!(one.contains("193.0.8.0/24,AS3333,,origin-mismatch,false,irr-origin-mismatch\n"), "{one}");
    folder.check("validate --announcements seen.csv --irr seen.csv", 2, &["hint: "]);
    folder.check(
        "validate --announcements seen.csv --irr routes.db --proof rpki",
        2,
        &["no VRPs to validate against"],
    );
}

/// As every file that is named: what a link leads to is not shown, and what never ends is not waited for.
#[test]
fn a_dump_is_opened_as_all_files_are() {
    let folder = folder();
    fs::write(folder.path("secret"), "route: hidden\norigin: AS1\nsource: RIPE\n").unwrap();
    symlink("secret", folder.path("linked")).unwrap();
    symlink("/dev/zero", folder.path("zero")).unwrap();
    let line = |dump: &str| format!("validate --announcements seen.csv --irr {dump}");
    let said = folder.check(&line("linked"), 2, &["`linked`", "nothing of it is shown", "hint: "]);
    assert!(!said.contains("hidden"), "{said}");
    folder.check(&line("secret"), 2, &["`secret`", "`hidden` is not a prefix", "hint: "]);
    folder.check(&line("zero"), 2, &["the route objects cannot be used: `zero`", "hint: "]);
    folder.check(&line("/proc/self/environ"), 2, &["the route objects cannot be used", "hint: "]);
    assert!(Command::new("mkfifo").arg(folder.path("pipe")).status().unwrap().success());
    folder.check(&line("pipe"), 2, &["the route objects cannot be used: `pipe`", "hint: "]);
}

/// Whatever is named in the place of a file of evidence: it is refused, said, and nothing waits for it.
#[test]
fn what_is_no_file_of_evidence_is_refused() {
    let folder = folder();
    let make = |name: &str, text: &[u8]| fs::write(folder.path(name), text).unwrap();
    assert!(Command::new("mkfifo").arg(folder.path("pipe")).status().unwrap().success());
    fs::File::create(folder.path("sparse")).unwrap().set_len(5 << 30).unwrap();
    fs::create_dir(folder.path("folder")).unwrap();
    let utf16: Vec<u8> = "prefix,origin\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    make("utf16", &[&[0xff, 0xfe][..], &utf16].concat());
    make("latin1", b"# caf\xe9\n193.0.0.0/21,AS3333\n");
    make("nul", b"193.0.0.0/21,AS3333\n\0\0\0\n");
    make("empty", b"");
    make("gz", &[0x1f, 0x8b, 8, 0, 0, 0]);
    let before = "validate --max-age never";
    for option in ["--vrps", "--announcements", "--slurm", "--irr"] {
        let rest = match option {
            "--vrps" => "--announcements seen.csv",
            "--announcements" => "--vrps vrps.json",
            _ => "--vrps vrps.json --announcements seen.csv",
        };
        for name in
            ["pipe", "/dev/zero", "sparse", "folder", "nowhere", "utf16", "latin1", "nul", "empty", "gz"]
        {
            let said = folder.check(
                &format!("{before} {rest} {option} {name}"),
                2,
                &[&format!("`{name}`"), "hint: "],
            );
            assert!(!said.contains(" ok"), "{option} {name}: nothing was judged\n{said}");
        }
    }
}

#[test]
fn what_a_router_originates_itself_is_of_the_as_that_is_named() {
    let folder = folder();
    let frr = r#"{"bgpTableVersion":1,"bgpLocalRouterId":"192.0.2.1","defaultLocPrf":100,"localAS":3333,
        "advertisedRoutes":{"193.0.0.0/21":{"addrPrefix":"193.0.0.0","prefixLen":21,"network":"193.0.0.0/21","path":"",
        "bgpOriginCode":"i","appliedStatusSymbols":{"*":true,">":true}}},"totalPrefixCounter":1,"filteredPrefixCounter":0}"#;
    fs::write(folder.path("frr.json"), frr).unwrap();
    let line = "validate --vrps vrps.json --max-age never --announcements frr.json";
    folder.check(line, 2, &["which one that is is not known", "hint: `--origin AS205398`"]);
    folder.check(&format!("{line} --origin AS3333"), 0, &["1 announcement: all ok"]);
    folder.check(&format!("{line} --origin AS1"), 1, &["rpki-invalid-origin"]);
}

/// What a real BIRD answers is tried by `tests/chain.rs`; here: what there is none to answer.
#[test]
fn a_router_is_asked_over_its_socket() {
    let folder = folder();
    let line = |bird: &str| format!("validate --vrps vrps.json --max-age never --bird {bird}");
    folder.check(&line("nowhere.ctl:up"), 2, &["nowhere.ctl", "hint: "]);
    folder.check(
        &line("seen.csv"),
        2,
        &["`seen.csv` is no socket and protocol", "hint: write it as /run/bird/bird.ctl:"],
    );
    folder.check(&line("nowhere.ctl:a;b"), 2, &["hint: "]);
}

#[test]
fn of_many_rows_those_with_findings_are_shown() {
    let folder = folder();
    let mut seen: String =
        (0..60).map(|number| format!("193.0.{}.0/24,3333\n", number / 8 * 8 + 64)).collect();
    seen.push_str("193.0.0.0/21,3333\n");
    let many: String = (0..60).map(|number| format!("193.{number}.0.0/21,3333\n")).collect();
    fs::write(folder.path("seen.csv"), seen + &many).unwrap();
    let roas: Vec<String> = (0..60)
        .map(|number| format!(r#"{{"asn":3333,"prefix":"193.{number}.0.0/21","maxLength":21}}"#))
        .collect();
    fs::write(folder.path("vrps.json"), format!("{{\"roas\":[{}]}}", roas.join(","))).unwrap();
    let line = "validate --vrps vrps.json --max-age never --announcements seen.csv";
    let few = folder.check(line, 1, &["and 60 announcements with nothing to say of: --all"]);
    assert!(!few.contains("193.59.0.0/21"), "{few}");
    folder.check(&format!("{line} --all"), 1, &["193.59.0.0/21"]);
    let summary = folder.check(&format!("{line} --summary"), 1, &["must not be deployed"]);
    assert!(summary.lines().count() <= 2, "{summary}");
}
