//! What VRPs would say if there were others.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;
#[path = "common/schema.rs"]
mod keywords;

use std::fs;

use common::Estate;
use keywords::Schemas;
use serde_json::{Value, json};

/// A folder without a `ripectl.toml`, with VRPs and announcements.
fn folder() -> Estate {
    let folder = Estate::empty();
    let roas = [
        r#"{"asn":"AS3333","prefix":"193.0.0.0/21","maxLength":21,"ta":"ripe"}"#,
        r#"{"asn":"AS3333","prefix":"193.0.10.0/23","maxLength":24,"ta":"ripe"}"#,
        r#"{"asn":"AS3333","prefix":"193.0.12.0/24","maxLength":24,"ta":"ripe","expires":1700000000}"#,
    ];
    fs::write(folder.path("vrps.json"), vrps(&roas)).unwrap();
    let seen = "193.0.0.0/21,AS3333\n193.0.8.0/24,AS3333\n193.0.10.0/24,AS3333\n193.0.11.0/24,AS3333\n";
    fs::write(folder.path("seen.csv"), seen).unwrap();
    folder
}

fn vrps(roas: &[&str]) -> String {
    format!("{{\"metadata\":{{\"generated\":1700000000}},\"roas\":[{}]}}", roas.join(","))
}

/// The JSON that a command prints, held against the schema that it names.
fn printed(estate: &Estate, line: &str, status: i32) -> Value {
    let output = estate.run(&format!("{line} --format json"));
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(status), "{line}\n{out}{err}");
    let value: Value = serde_json::from_str(&out).unwrap();
    let name = value["schema"].as_str().unwrap().replace('/', "-");
    let problems = Schemas::read().problems(&format!("{name}.json"), &value);
    assert!(problems.is_empty(), "{problems:#?}");
    value
}

#[test]
fn a_vrp_is_assumed_for_a_run() {
    let folder = folder();
    let plain = "validate --vrps vrps.json --max-age never --announcements seen.csv";
    let line = format!("{plain} --assume AS3333:193.0.8.0/24");
    folder.check(plain, 1, &["error rpki-not-found", "4 announcements: 3 ok, 1 with errors"]);
    let told = [
        "VRPs  vrps.json, 2 VRPs, 1 more expired and left out",
        "assumed for this run: AS3333 193.0.8.0/24-24",
        "4 announcements: all ok · 1 VRP assumed",
    ];
    folder.check(&line, 0, &told);
    folder.check(&format!("{line} --summary"), 0, &["4 announcements: all ok · 1 VRP assumed"]);
    let value = printed(&folder, &line, 0);
    let assumed =
        json!([{ "prefix": "193.0.8.0/24", "origin": "AS3333", "max_length": 24, "ta": "assumed" }]);
    assert_eq!(value["evidence"]["vrps"]["assumed"], assumed);
    assert_eq!(value["evidence"]["vrps"]["count"], 2);
    for form in ["csv", "markdown", "sarif", "github", "junit"] {
        folder.check(
            &format!("{line} --format {form}"),
            0,
            &["assumed for this run: AS3333 193.0.8.0/24-24"],
        );
    }
    for form in ["markdown", "sarif", "github", "junit"] {
        let said = String::from_utf8(folder.run(&format!("{line} --format {form}")).stdout).unwrap();
        assert!(said.contains("assumed for this run"), "{form}: {said}");
    }
    // One that makes something invalid, and one that is there.
    folder.check(
        &format!("{plain} --assume AS0:193.0.8.0/23"),
        1,
        &["rpki-invalid-origin", "VRP AS0 193.0.8.0/23-23 (assumed)"],
    );
    let there = folder.check(
        &format!("{plain} --assume AS3333:193.0.0.0/21"),
        1,
        &["AS3333 193.0.0.0/21-21 is there, and need not be assumed"],
    );
    assert!(!there.contains("VRP assumed"), "{there}");
}

#[test]
fn what_is_assumed_is_no_evidence() {
    let folder = folder();
    let line =
        |more: &str| format!("validate --announcements seen.csv --assume AS3333:193.0.0.0/16-24 {more}");
    folder.check(line("").trim(), 2, &["no VRPs to validate against", "hint: "]);
    let dump = "route: 193.0.0.0/21\norigin: AS3333\nmnt-by: A-MNT\nsource: RIPE\n";
    fs::write(folder.path("routes.db"), dump).unwrap();
    folder.check(&line("--irr routes.db"), 2, &["no VRPs to validate against", "hint: "]);
    folder.check(
        &line("--irr routes.db --proof irr"),
        2,
        &["`--assume` is about VRPs", "hint: add `--proof rpki`"],
    );
    folder.check(&line("--proof rpki"), 2, &["no VRPs to validate against", "hint: "]);
    folder.check(&line("--vrps vrps.json"), 2, &["was generated at 2023-11-14T22:13:20Z"]);
    fs::write(folder.path("empty.json"), vrps(&[])).unwrap();
    folder.check(&line("--vrps empty.json --max-age never"), 2, &["holds no VRP at all"]);
    let expired = r#"{"asn":1,"prefix":"193.0.0.0/21","maxLength":21,"expires":1700000000}"#;
    fs::write(folder.path("expired.json"), vrps(&[expired])).unwrap();
    folder.check(
        &line("--vrps expired.json --max-age never"),
        2,
        &["every VRP of `expired.json` has expired"],
    );
    // Space of a registry of which there is no VRP at all: valid by nothing but what is assumed.
    fs::write(folder.path("seen.csv"), "8.8.8.0/24,15169\n").unwrap();
    folder.check(
        "validate --vrps vrps.json --max-age never --announcements seen.csv --assume AS15169:8.8.8.0/24",
        2,
        &["not a single one of the trust anchor arin, under which 8.8.8.0/24 lies"],
    );
}

#[test]
fn what_is_no_vrp_is_refused_with_its_cause() {
    let folder = folder();
    let hint = "hint: write it as `AS205398:2a0f:85c1:260::/44-48`";
    for (text, cause) in [
        ("AS1:2001:db8:1::/32", "2001:db8:1::/32 has host bits set; did you mean 2001:db8::/32?"),
        ("AS1:2001:db8::/32-31", "maxLength 31 of 2001:db8::/32 is out of range"),
        ("2001:db8::/32-48", "`2001` is not an AS number"),
        ("AS1", "`AS1` has no AS and prefix with a colon between them"),
    ] {
        folder.check(&format!("validate --assume {text}"), 2, &[cause, hint]);
    }
}

const CHECK: &str = "roa check --vrps vrps.json --max-age never --announcements seen.csv";

#[test]
fn a_change_that_makes_something_worse_is_found() {
    let folder = folder();
    let gone = [
        "+ AS1 193.0.9.0/24-24",
        "- AS3333 193.0.0.0/21-21",
        "193.0.0.0/21  AS3333  ✓ valid  ✗ not found",
        "error rpki-not-found        193.0.0.0/21 AS3333                  seen.csv:1",
        "no ROA covers 193.0.0.0/21; it is valid today and becomes not found",
        "decides: no VRP covers 193.0.0.0/21; VRP AS3333 193.0.0.0/21-21 lets it, and goes",
        "fix:     let that ROA be, or before the change: have a ROA AS3333 193.0.0.0/21 maxLength 21 made",
        "4 announcements: 1 becomes worse, 0 become better, 3 stay as they are · must not be done",
    ];
    folder.check(&format!("{CHECK} --remove AS3333:193.0.0.0/21 --add AS1:193.0.9.0/24"), 1, &gone);
    let foreign = [
        "193.0.8.0/24  AS3333  ✗ not found  ✗ invalid, origin",
        "error rpki-invalid-origin",
        "decides: VRP AS1 193.0.8.0/22-22 (added): only AS1 may announce it",
    ];
    folder.check(&format!("{CHECK} --add AS1:193.0.8.0/22"), 1, &foreign);
    // The right ROA in the same step.
    let mended = ["193.0.8.0/24  AS3333  ✗ not found  ✓ valid", "0 become worse, 1 becomes better, 3 stay"];
    folder.check(&format!("{CHECK} --add AS1:193.0.8.0/22 --add AS3333:193.0.8.0/24"), 0, &mended);
    folder.check(
        &format!("{CHECK} --add AS0:193.0.8.0/22-24"),
        1,
        &[
            "rpki-invalid-origin",
            "warning rpki-as0",
            "the holder of 193.0.8.0/22 says that nobody may announce it",
        ],
    );
    folder.check(
        &format!("{CHECK} --add AS3333:193.0.8.0/22-24"),
        0,
        &["warning rpki-max-length-loose", "the ROA allows 4 prefixes of /24 and 3 of them are announced"],
    );
    folder.check(
        &format!("{CHECK} --add AS3333:193.0.10.0/24 --add AS3333:193.0.0.0/21"),
        0,
        &[
            "warning roa-redundant 193.0.10.0/24 AS3333\n  VRP AS3333 193.0.10.0/23-24 (ripe) allows all of it already",
            "VRP AS3333 193.0.0.0/21-21 (ripe) is there already: to add it changes nothing",
        ],
    );
}

#[test]
fn what_is_not_there_is_not_removed() {
    let folder = folder();
    let line = |more: &str| format!("{CHECK} {more}");
    folder.check(
        &line("--remove AS3333:193.0.10.0/23"),
        2,
        &[
            "`vrps.json` has no VRP AS3333 193.0.10.0/23-23 to remove; for 193.0.10.0/23 there is AS3333 193.0.10.0/23-24",
            "hint: name one that is there, as in `--remove AS3333:193.0.10.0/23-24`",
        ],
    );
    folder.check(
        &line("--remove AS3333:193.0.12.0/24"),
        2,
        &["to remove (it expired at 2023-11-14T22:13:20Z); nothing there covers 193.0.12.0/24", "hint: "],
    );
    folder.check(
        &line("--remove AS1:193.0.0.0/21 --add AS1:193.0.0.0/21"),
        2,
        &["both added and removed", "hint: "],
    );
    folder.check(CHECK, 2, &["no VRP is added and none is removed", "hint: `--add "]);
    folder.check(
        &line("--add AS1:193.0.0.0/21-20"),
        2,
        &["maxLength 20 of 193.0.0.0/21 is out of range", "hint: "],
    );
    folder.check("roa", 2, &["check"]);
}

#[test]
fn a_change_is_judged_by_the_evidence_that_validate_demands() {
    let folder = folder();
    let line = |more: &str| format!("roa check --add AS3333:193.0.8.0/24 {more}").trim_end().to_owned();
    let both = |more: &str| line(&format!("--vrps vrps.json --announcements seen.csv {more}"));
    folder.check(&line("--vrps vrps.json"), 2, &["no ripectl.toml", "hint: `--announcements FILE`"]);
    folder.check(&line("--announcements seen.csv"), 2, &["there are no VRPs to validate against", "hint: "]);
    folder.check(&both(""), 2, &["was generated at 2023-11-14T22:13:20Z", "max-age is \"2h\""]);
    folder.check(
        &both("--max-age never"),
        0,
        &["a fixture whose age does not count", "1 more expired and left out"],
    );
    folder.check(
        &both("--max-age never --expired refuse"),
        2,
        &["1 of the 3 VRPs of `vrps.json` have expired"],
    );
    folder.check(
        &both("--max-age never --require-ta arin"),
        2,
        &["no VRP of the trust anchor arin; it has ripe"],
    );
    let slurm = r#"{"slurmVersion":1,"validationOutputFilters":{"prefixFilters":[{"prefix":"193.0.10.0/23"}],"bgpsecFilters":[]},
        "locallyAddedAssertions":{"prefixAssertions":[],"bgpsecAssertions":[]}}"#;
    fs::write(folder.path("slurm.json"), slurm).unwrap();
    folder.check(
        &both("--max-age never --slurm slurm.json --remove AS3333:193.0.10.0/23-24"),
        2,
        &["`vrps.json` has no VRP AS3333 193.0.10.0/23-24 to remove"],
    );
    folder.check(
        &line("--vrps vrps.json --max-age never --bird nowhere.ctl:up"),
        2,
        &["nowhere.ctl", "hint: "],
    );
    // Space of a registry of which there is no VRP at all: whether it becomes worse is not known.
    fs::write(folder.path("arin.csv"), "8.8.8.0/24,15169\n").unwrap();
    folder.check(
        &both("--max-age never --announcements arin.csv --add AS15169:8.8.8.0/24"),
        2,
        &["not a single one of the trust anchor arin, under which 8.8.8.0/24 lies"],
    );
    let own = r#"{"bgpTableVersion":1,"bgpLocalRouterId":"192.0.2.1","defaultLocPrf":100,"localAS":3333,
        "advertisedRoutes":{"193.0.0.0/21":{"addrPrefix":"193.0.0.0","prefixLen":21,"network":"193.0.0.0/21","path":"",
        "bgpOriginCode":"i","appliedStatusSymbols":{"*":true,">":true}}},"totalPrefixCounter":1,"filteredPrefixCounter":0}"#;
    fs::write(folder.path("frr.json"), own).unwrap();
    let frr = line("--vrps vrps.json --max-age never --announcements frr.json");
    folder.check(&frr, 2, &["which one that is is not known", "hint: `--origin AS205398`"]);
    folder.check(&format!("{frr} --origin AS3333 --all"), 0, &["193.0.0.0/21  AS3333  ✓ valid  ✓ valid"]);
}

#[test]
fn what_changes_is_shown_in_every_form() {
    let folder = folder();
    let line = format!("{CHECK} --remove AS3333:193.0.0.0/21 --add AS3333:193.0.8.0/24");
    let csv = String::from_utf8(folder.run(&format!("{line} --format csv")).stdout).unwrap();
    let rows =
        ["193.0.0.0/21,AS3333,valid,not-found,worse\n", "193.0.8.0/24,AS3333,not-found,valid,better\n"];
    assert_eq!(csv, format!("prefix,origin,before,after,turn\n{}", rows.concat()));
    let all = String::from_utf8(folder.run(&format!("{line} --format csv --all")).stdout).unwrap();
    assert!(all.contains("193.0.11.0/24,AS3333,valid,valid,same\n"), "{all}");
    let shown = folder.check(&format!("{line} --all"), 1, &["193.0.11.0/24  AS3333  ✓ valid      ✓ valid"]);
    assert!(shown.contains("1 becomes worse, 1 becomes better, 2 stay as they are"), "{shown}");
    let value = printed(&folder, &line, 1);
    let summary = json!({ "announcements": 4, "worse": 1, "better": 1, "same": 2, "ok": false });
    assert_eq!(value["summary"], summary);
    let each = &value["announcements"];
    assert_eq!(
        (each.as_array().unwrap().len(), &each[0]["turn"], &each[1]["turn"]),
        (2, &json!("worse"), &json!("better"))
    );
    assert_eq!(each[0]["findings"][0]["rule"], "rpki-not-found");
    assert_eq!(value["change"]["removed"][0]["prefix"], "193.0.0.0/21");
    assert_eq!(printed(&folder, &format!("{line} --all"), 1)["announcements"].as_array().unwrap().len(), 4);
    for form in ["markdown", "sarif", "github", "junit"] {
        let said = folder.check(&format!("{line} --format {form}"), 1, &["- AS3333 193.0.0.0/21-21"]);
        assert!(said.contains("rpki-not-found") && !said.contains("rpki-invalid"), "{form}: {said}");
    }
}

#[test]
fn a_change_is_judged_on_what_is_declared_too() {
    let estate = Estate::new();
    let line = "roa check --remove AS205398:2a0f:85c1:265::/48 --remove AS205398:2a0f:85c1:261::/48";
    let told = [
        "ripectl.toml\nVRPs  fixtures/vrps.json, 16 VRPs",
        "16 announcements: 2 become worse, 0 become better, 14 stay as they are",
        "effect:  AS53667 drops it (roa = valid)",
        "or before the change: ask noc@sponsor.example for a ROA AS205398 2a0f:85c1:261::/48 maxLength 48",
    ];
    let few = estate.check(line, 1, &told);
    assert!(!few.contains("upstream-would-filter"), "what follows from another flaw is not told: {few}");
    estate.check(&format!("{line} --verbose"), 1, &["upstream-would-filter"]);
    let masked = estate.check(&format!("{line} --format github"), 1, &["file=ripectl.toml,line="]);
    assert!(!masked.contains("noc@sponsor.example"), "{masked}");
    estate.check(&format!("{line} --format github --show-personal"), 1, &["noc@sponsor.example"]);
    // One ROA for all of them, and what each of them had is not needed any more.
    let whole = "roa check --add AS205398:2a0f:85c1:260::/44-48 --remove AS205398:2a0f:85c1:265::/48";
    estate.check(whole, 0, &["0 become worse, 0 become better, 16 stay as they are"]);
    estate.check(
        "roa check --add AS1:2a0f:85c1:260::/44",
        0,
        &["warning roa-stale", "nothing that is announced needs the ROA of AS1"],
    );
    // No weight of a rule hides what becomes worse, and no waiver.
    estate.edit("ripectl.toml", "[manage]", "[rules]\nrpki-not-found = \"off\"\n\n[manage]");
    estate.check(line, 1, &["error rpki-not-found", "2 become worse"]);
}
