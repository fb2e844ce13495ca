//! The gate over real components: a CA and a validator (Krill, Routinator), routers (BIRD) and an IRR (`IRRd`) on
//! loopback. All is clean; then faults are put into them one at a time, and each is found.
//!
//! `.ci/components.sh` installs them. What is not here is named, and what needs it is passed over; where
//! `RIPECTL_REQUIRE` names it, that is a failure.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[path = "common/chain.rs"]
mod chain;
mod common;
#[path = "common/require.rs"]
mod require;

use std::process::Command;

use chain::Chain;
use common::Estate;

/// One that upstream `vultr` carries, which demands a route object.
const PREFIX: &str = "2a0f:85c1:265::/48";
const LONGER: &str = "2a0f:85c1:265:8000::/49";

const ALL: &str = "--vrps {vrps} --irr {irr} --bird {bird}";
const RPKI: &str = "--proof rpki --vrps {vrps}";
const IRR: &str = "--vrps {vrps} --irr {irr}";

/// What is not as it should be in the components, and what is to be said of it.
struct Fault {
    name: &'static str,
    /// How it is put there: lines for `tests/chain/chain.py`.
    changes: &'static [&'static str],
    /// Which evidence is asked for.
    evidence: &'static str,
    /// On how late a day: a ROA of Krill holds for two weeks at least.
    later: Option<&'static str>,
    expected: Expected,
}

enum Expected {
    /// Exit status 1: one of these rules is broken by this prefix and by no other.
    Found(&'static str, &'static [&'static str]),
    /// Exit status 2: it could not be looked at.
    Trouble,
}
use Expected::{Found, Trouble};

const FAULTS: [Fault; 14] = [
    Fault {
        name: "a ROA removed",
        changes: &["roas -2a0f:85c1:265::/48"],
        evidence: RPKI,
        later: None,
        expected: Found(PREFIX, &["rpki-not-found"]),
    },
    Fault {
        name: "a ROA for another origin",
        changes: &["roas -2a0f:85c1:265::/48 +64500:2a0f:85c1:265::/48-48"],
        evidence: RPKI,
        later: None,
        expected: Found(PREFIX, &["rpki-invalid-origin"]),
    },
    Fault {
        name: "a maxLength that is too short",
        changes: &["roas -2a0f:85c1:265::/48 +205398:2a0f:85c1:260::/44-44"],
        evidence: RPKI,
        later: None,
        expected: Found(PREFIX, &["rpki-invalid-length"]),
    },
    // Routinator never gives out what has expired: it expires in what was asked of it before.
    Fault {
        name: "a ROA that has expired since",
        changes: &["short-lived 2a0f:85c1:265::/48"],
        evidence: "--proof rpki --vrps {jsonext} --max-age never",
        later: Some("+15d"),
        expected: Found(PREFIX, &["rpki-not-found"]),
    },
    Fault {
        name: "a route6 removed",
        changes: &["routes TESTIRR -2a0f:85c1:265::/48"],
        evidence: IRR,
        later: None,
        expected: Found(PREFIX, &["irr-missing"]),
    },
    Fault {
        name: "a route6 in RADB only, which the upstream does not take",
        changes: &["routes TESTIRR -2a0f:85c1:265::/48", "routes RADB +205398:2a0f:85c1:265::/48"],
        evidence: "--vrps {vrps} --irr {both}",
        later: None,
        expected: Found(PREFIX, &["irr-only-in"]),
    },
    // Without a ROA: IRRd would hide a route6 of another origin.
    Fault {
        name: "a route6 of another origin",
        changes: &[
            "roas -2a0f:85c1:265::/48",
            "routes TESTIRR -2a0f:85c1:265::/48 +64500:2a0f:85c1:265::/48",
        ],
        evidence: IRR,
        later: None,
        expected: Found(PREFIX, &["irr-origin-mismatch"]),
    },
    Fault {
        name: "a route6 that IRRd hides, by whois",
        changes: &["roas -2a0f:85c1:265::/48 +64500:2a0f:85c1:265::/48-48"],
        evidence: IRR,
        later: None,
        expected: Found(PREFIX, &["irr-hidden", "irr-rpki-invalid"]),
    },
    Fault {
        name: "a route6 that IRRd hides, by GraphQL",
        changes: &["roas -2a0f:85c1:265::/48 +64500:2a0f:85c1:265::/48-48"],
        evidence: "--vrps {vrps} --irr {graphql}",
        later: None,
        expected: Found(PREFIX, &["irr-hidden", "irr-rpki-invalid"]),
    },
    Fault {
        name: "a /49 that a filter lets out",
        changes: &["announce +2a0f:85c1:265:8000::/49"],
        evidence: ALL,
        later: None,
        expected: Found(LONGER, &["announced-undeclared", "too-specific"]),
    },
    Fault {
        name: "a session that is down",
        changes: &["session down"],
        evidence: ALL,
        later: None,
        expected: Trouble,
    },
    Fault {
        name: "a validator without a trust anchor",
        changes: &[],
        evidence: "--proof rpki --vrps {no-anchor}",
        later: None,
        expected: Trouble,
    },
    // IRRd without its database: whois answers `F`, GraphQL 200 with `data: null` and "Internal server error".
    Fault {
        name: "an internal error of IRRd, by whois",
        changes: &["database down"],
        evidence: IRR,
        later: None,
        expected: Trouble,
    },
    Fault {
        name: "an internal error of IRRd, by GraphQL",
        changes: &["database down"],
        evidence: "--vrps {vrps} --irr {graphql}",
        later: None,
        expected: Trouble,
    },
];

#[test]
fn all_is_clean_and_each_fault_is_found() {
    if Command::new("python3").arg("--version").output().is_err() {
        return require::is_missing("python3");
    }
    let mut chain = Chain::start();
    for component in chain.missing() {
        require::is_missing(component);
    }
    println!("the chain is up after {} s", chain.seconds());
    let estate = Estate::new();
    estate.edit("ripectl.toml", r#"any-of = ["RIPE", "RADB"]"#, r#"any-of = ["TESTIRR"]"#);

    is_clean(&chain, &estate);
    for fault in FAULTS {
        is_found(&mut chain, &estate, &fault);
    }
    is_clean(&chain, &estate);
}

/// Nothing is found with any of these.
fn is_clean(chain: &Chain, estate: &Estate) {
    for evidence in [
        RPKI,
        "--proof rpki --vrps {rtr}",
        "--proof rpki --vrps {vrps} --bird {bird}",
        ALL,
        "--vrps {rtr} --irr {graphql} --bird {bird}",
    ] {
        let Some(arguments) = chain.arguments(evidence) else {
            require::skipped(evidence);
            continue;
        };
        let said = validate(estate, &arguments, None);
        assert_eq!(said.status, Some(0), "{evidence}\n{said:?}");
        assert_eq!(said.table.matches(",valid,").count(), 16, "{evidence}\n{said:?}");
    }
}

fn is_found(chain: &mut Chain, estate: &Estate, fault: &Fault) {
    let arguments = chain.arguments(fault.evidence);
    let is_late_enough = fault.later.is_none() || !chain.missing().contains(&"faketime");
    let Some(arguments) = arguments.filter(|_| is_late_enough) else {
        return require::skipped(fault.name);
    };
    for change in fault.changes {
        chain.change(change);
    }
    let said = validate(estate, &arguments, fault.later);
    match fault.expected {
        Found(prefix, rules) => {
            assert_eq!(said.status, Some(1), "{}: {said:?}", fault.name);
            let breaks = |row: &&str| rules.iter().any(|rule| row.contains(rule));
            let rows: Vec<&str> = said.table.lines().filter(breaks).collect();
            let is_it = rows.first().is_some_and(|row| row.starts_with(&format!("{prefix},")));
            assert!(is_it && rows.len() == 1, "{}: not {rules:?} at {prefix} alone: {said:?}", fault.name);
        }
        Trouble => {
            assert_eq!(said.status, Some(2), "{}: {said:?}", fault.name);
            assert!(said.words.contains("\nhint: "), "{}: {said:?}", fault.name);
        }
    }
    if fault.later.is_some() {
        assert!(said.words.contains("expired"), "{}: what is left out is said: {said:?}", fault.name);
    }
    chain.change("mend");
    println!("found: {}", fault.name);
}

/// What a run of `validate` says.
#[derive(Debug)]
struct Said {
    status: Option<i32>,
    table: String,
    words: String,
}

/// Validates as CSV, on a day that is `later` than today.
fn validate(estate: &Estate, arguments: &[String], later: Option<&str>) -> Said {
    let ripectl = estate.command("validate --format csv");
    let mut command = Command::new("timeout");
    command.arg("60").current_dir(estate.path(""));
    if let Some(later) = later {
        command.args(["faketime", "-f", later]);
    }
    command.arg(ripectl.get_program()).args(ripectl.get_args()).args(arguments);
    for (name, value) in ripectl.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { status: output.status.code(), table: text(output.stdout), words: text(output.stderr) }
}
