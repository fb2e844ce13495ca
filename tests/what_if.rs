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
    folder.check(line("").trim(), 2, &["nothing to validate against", "hint: "]);
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
