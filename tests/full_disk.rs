//! Output that nobody could see is trouble: every command and form with stdout on a full disk, and on a closed pipe.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;
#[path = "common/tree.rs"]
mod tree;

use std::{
    fs::OpenOptions,
    io::{BufRead, BufReader},
    process::{Output, Stdio},
};

use common::Estate;

/// What makes each command print, and the forms of it that are for another of its lines.
const LINES: [(&str, &[&str]); 26] = [
    ("check", &[]),
    ("check --rules", &["github", "junit"]),
    ("fmt", &["sarif", "github", "junit"]),
    ("fmt --check", &[]),
    ("split 2001:db8::/46", &[]),
    ("geofeed", &[]),
    ("import --mntner HOBBY-MNT --registry sandbox", &[]),
    ("lir request --registry sandbox", &[]),
    ("asn request --registry sandbox", &[]),
    ("plan --registry sandbox", &[]),
    ("validate --registry sandbox", &[]),
    ("roa check --add AS205398:2a0f:85c1:260::/44-48", &[]),
    ("audit --arc --registry sandbox", &[]),
    ("show aut-num/AS205398 --registry sandbox", &[]),
    ("explain aut-num/AS205398 --registry sandbox", &[]),
    ("apply --registry sandbox --yes", &[]),
    ("runs", &[]),
    ("whoami --registry sandbox", &[]),
    ("resume --yes", &[]),
    ("undo --yes", &[]),
    ("sandbox dump", &[]),
    ("sandbox serve --listen 127.0.0.1:0 --ephemeral", &[]),
    ("sandbox reset --yes", &[]),
    ("reference", &[]),
    ("completions bash", &[]),
    ("man", &[]),
];

/// What is not tried: it asks a registry that is not there, or begins where there is no estate.
const NOT_HERE: [&str; 4] = ["sandbox copy", "login", "logout", "init"];

fn run_to(estate: &Estate, line: &str, stdout: Stdio) -> Output {
    let mut command = estate.command(line);
    command.stdin(Stdio::null()).stdout(stdout).stderr(Stdio::piped()).output().unwrap()
}

/// Holds that a line ends with 2 and says why, with stdout on a full disk.
fn check(estate: &Estate, line: &str) -> String {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = run_to(estate, line, full.into());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{line}\n{said}");
    for part in ["error: the output cannot be written to stdout", "No space left on device"] {
        assert!(said.contains(part), "{line}\n{said}");
    }
    said
}

#[test]
fn a_full_disk_is_trouble_for_every_command_and_form() {
    let estate = Estate::new();
    estate.check("plan --registry sandbox", 0, &[]);
    for command in tree::commands() {
        let has_line = LINES.iter().any(|(line, _)| (*line).starts_with(&command.name));
        assert!(has_line || NOT_HERE.contains(&command.name.as_str()), "`{}` has no line", command.name);
        check(&estate, &format!("{} --help", command.name));
        check(&estate, &format!("{} -h", command.name));
        for (line, others) in LINES.iter().filter(|(line, _)| tree::command_of(line) == command.name) {
            if tree::FILES.contains(&command.name.as_str()) {
                check(&estate, line);
                continue;
            }
            let forms = command.values("format");
            assert!(forms.len() >= 3, "{line} has the forms {forms:?}");
            for form in forms.iter().filter(|form| !others.contains(&form.as_str())) {
                // What is applied shows its plan to people on stdout in text, and its receipt in every form.
                check(&estate, &format!("{line} --format {form}"));
            }
            for form in *others {
                estate.check(&format!("{line} --format {form}"), 2, &["hint: "]);
            }
        }
    }
    check(&estate, "--help");
    check(&estate, "--version");
    check(&estate, "help plan");
}

#[test]
fn nothing_is_written_if_the_plan_was_not_seen() {
    let estate = Estate::new();
    estate.check("plan --registry sandbox", 0, &[]);
    let before = estate.check("sandbox dump", 0, &[]);
    check(&estate, "apply --registry sandbox --yes");
    assert_eq!(estate.check("sandbox dump", 0, &[]), before, "the plan was not seen, and it was written");
    // Where the plan is talk and the receipt is data, the receipt is what cannot be written: it is told on stderr.
    let said = check(&estate, "apply --registry sandbox --yes --format json");
    assert!(said.contains("\"schema\": \"ripectl/apply/2\"") && said.contains("\"done\": 38"), "{said}");
    assert_ne!(estate.check("sandbox dump", 0, &[]), before);
}

#[test]
fn a_closed_pipe_ends_quietly_with_the_outcome_of_its_own() {
    let estate = Estate::new();
    for (line, status) in [
        ("check", 0),
        ("check --rules", 0),
        ("plan --registry sandbox --exit-code", 1),
        ("--help", 0),
        ("plan --nosuch", 2),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = run_to(&estate, line, writer.into());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{line}\n{said}");
        assert!(status == 2 || said.is_empty(), "{line}\n{said}");
    }
}

#[test]
fn stderr_that_cannot_be_written_changes_nothing() {
    let estate = Estate::new();
    let full = || Stdio::from(OpenOptions::new().write(true).open("/dev/full").unwrap());
    for (line, status) in
        [("check", 0), ("check --registry nosuch", 2), ("plan --nosuch", 2), ("sandbox reset", 2)]
    {
        let output = estate.command(line).stdin(Stdio::null()).stderr(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{line}");
        let both = estate.command(line).stdin(Stdio::null()).stdout(full()).stderr(full()).output().unwrap();
        assert_eq!(both.status.code(), Some(2), "{line}");
    }
}

#[test]
fn a_plan_that_cannot_be_saved_is_trouble() {
    let estate = Estate::new();
    estate.check(
        "plan --registry sandbox --out nowhere/plan.json",
        2,
        &["the plan cannot be saved", "nowhere/plan.json"],
    );
    estate.check("plan --registry sandbox --out objects", 2, &["the plan cannot be saved", "objects"]);
}

#[test]
fn what_serves_says_so_first() {
    let estate = Estate::new();
    let mut serve = estate.command("sandbox serve --listen 127.0.0.1:0 --ephemeral");
    let mut child = serve.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("listening on http://127.0.0.1:"), "{line}");
}
