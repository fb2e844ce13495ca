//! From an empty folder to an estate that is in order: what is asked, what is read, what is written, and what is not.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "not every test uses all of it")]
mod common;
#[allow(dead_code, reason = "not every test uses all of it")]
#[path = "common/schema.rs"]
mod schema;

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use common::{Estate, WHO};

/// A network below an LIR.
const NETWORK: &str = "--mntner my-mnt --asn AS205999 --prefix 2a0e:4000:40::/44";

/// The exit status and what is said.
fn run(estate: &Estate, line: &str, more: &[&str]) -> (Option<i32>, String) {
    let output = estate.command(line).args(more).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

/// What stands in the folder, without what is the program's own.
fn files(estate: &Estate) -> Vec<String> {
    let below = |folder: &str| -> Vec<String> {
        let Ok(entries) = fs::read_dir(estate.path(folder)) else { return Vec::new() };
        entries.map(|entry| format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy())).collect()
    };
    let mut found: Vec<String> =
        ["", "objects", "templates"].iter().flat_map(|folder| below(folder)).collect();
    found.retain(|name| !["/.ripectl", "/.home", "/objects", "/templates"].contains(&name.as_str()));
    found.sort();
    found
}

#[test]
fn who_has_nothing_gets_files_that_are_in_order() {
    let estate = Estate::empty();
    let (status, said) = run(&estate, &format!("init --sandbox {NETWORK} --lir noc@sponsor.example"), &WHO);
    assert_eq!(status, Some(0), "{said}");
    for part in [
        "aut-num/AS205999: not registered: the RIPE NCC assigns AS numbers",
        "SPONSOR-MNT must name MY-MNT in mnt-lower, mnt-routes, mnt-domains",
        "`ripectl plan --registry sandbox` shows the 6 objects to be made",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let expected = [
        "/.gitignore",
        "/ripectl.toml",
        "objects/contacts.rpsl",
        "templates/block.rpsl",
        "templates/route.rpsl",
    ];
    assert_eq!(files(&estate), expected);
    assert_eq!(estate.read(".gitignore"), ".ripectl/\n");
    estate.check("check", 0, &["6 objects: no problems"]);
    let plan =
        estate.check("plan --registry sandbox", 0, &["Plan: 6 to create", "one request makes both or none"]);
    assert!(!plan.contains("STOP"), "{plan}");
}

#[test]
fn what_is_registered_is_taken_over() {
    let estate = Estate::empty();
    let line =
        "init --registry sandbox --mntner HOBBY-MNT --asn 205398 --prefix 2a0f:85c1:260::/44 --country NL";
    let (status, said) = run(&estate, line, &[]);
    assert_eq!(status, Some(0), "{said}");
    assert!(
        said.contains("taken over from sandbox: 4 objects") && !said.contains("not registered"),
        "{said}"
    );
    // The LIR has let them in: what is expected holds, and what is new is what the one block makes.
    let plan = estate.check("plan --registry sandbox", 0, &["Plan: 2 to create · 4 unchanged"]);
    assert!(plan.contains("✓ inet6num 2a0f:85c1:260::/44") && !plan.contains("✗"), "{plan}");
    estate.check("apply --registry sandbox --yes --no-validate", 0, &["2 done"]);
    estate.check("plan --registry sandbox --exit-code --strict", 0, &["Nothing to do"]);
}

#[test]
fn what_the_ripe_ncc_assigned_is_ours() {
    let estate = Estate::empty();
    let line = "init --sandbox --given --status assigned-pi --mntner my-mnt --asn AS205999 --prefix 2a0e:4000:40::/48 --prefix 193.104.200.0/24";
    let (status, said) = run(&estate, line, &[]);
    assert_eq!(status, Some(0), "{said}");
    assert!(
        said.contains("taken over from sandbox: 6 objects") && !said.contains("What only others"),
        "{said}"
    );
    // Nothing is registered below what is assigned, so there is no template of it.
    assert!(!estate.path("templates/block.rpsl").exists());
    estate.check("apply --registry sandbox --yes --no-validate", 0, &["2 done"]);
    estate.check("plan --registry sandbox --exit-code --strict", 0, &["Nothing to do"]);
}

#[test]
fn all_that_is_wrong_with_the_answers_is_said_at_once_and_nothing_is_written() {
    let estate = Estate::empty();
    let check = |line: &str, more: &[&str], expected: &[&str]| {
        let (status, said) = run(&estate, line, more);
        assert_eq!(status, Some(2), "{line}\n{said}");
        for part in expected {
            assert!(said.contains(part), "`{line}` does not say `{part}` but\n{said}");
        }
        assert_eq!(files(&estate), Vec::<String>::new(), "{line}");
    };
    check("init", &[], &["`--mntner` is missing"]);
    check(
        "init --sandbox --mntner my --asn AS4294967296 --prefix 2a0e:4000:41::/44 --status mine",
        &[],
        &[
            "`--mntner my`: the name of a maintainer ends in -MNT",
            "`--asn AS4294967296`",
            "did you mean 2a0e:4000:40::/44?",
            "`--status mine` is none that a base is made for",
        ],
    );
    let missing =
        ["`--person` is missing", "`--address` is missing", "`--phone` is missing", "`--email` is missing"];
    check("init --sandbox --mntner my-mnt", &[], &missing);
    check(
        &format!("init --sandbox {NETWORK} --lir noc"),
        &[
            "--person",
            "Cher",
            "--address",
            "",
            "--phone",
            "call me",
            "--email",
            "me at home",
            "--account",
            "x",
        ],
        &[
            "`--person Cher`",
            "`--address `",
            "`--phone call me`",
            "`--email me at home`",
            "`--account x`",
            "`--lir noc`",
        ],
    );
    check(
        "init --sandbox --mntner my-mnt --org-name",
        &["Zo\u{eb}\nsource: X"],
        &["this is no value of an attribute"],
    );
    check("init --registry nowhere --mntner my-mnt", &[], &["no registry `nowhere`"]);
}

#[test]
fn nothing_of_the_users_is_written_over() {
    let estate = Estate::new();
    let before = estate.read("ripectl.toml");
    let line = format!("init --sandbox {NETWORK}");
    let (status, said) = run(&estate, &line, &WHO);
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("ripectl.toml is there already, and nothing was written"), "{said}");
    assert_eq!(estate.read("ripectl.toml"), before);
    // A folder below an estate is part of it.
    let (status, said) = run(&estate, &format!("-C objects {line}"), &WHO);
    assert_eq!(status, Some(2), "{said}");
    // A template of the name that is meant.
    let estate = Estate::empty();
    fs::create_dir(estate.path("templates")).unwrap();
    fs::write(estate.path("templates/route.rpsl"), "mine\n").unwrap();
    fs::write(estate.path(".gitignore"), "mine\n").unwrap();
    let (status, said) = run(&estate, &line, &WHO);
    assert_eq!(status, Some(2), "{said}");
    assert_eq!(files(&estate), ["/.gitignore", "templates/route.rpsl"], "{said}");
    fs::remove_file(estate.path("templates/route.rpsl")).unwrap();
    let (status, said) = run(&estate, &line, &WHO);
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(estate.read(".gitignore"), "mine\n");
}

/// On a terminal, which `script` (util-linux) makes one of a pipe.
#[test]
fn who_sits_at_a_terminal_is_asked() {
    let estate = Estate::empty();
    let program = format!("{} init --sandbox", env!("CARGO_BIN_EXE_ripectl"));
    let mut command = Command::new("script");
    command.args(["-qec", &program, "/dev/null"]).current_dir(estate.path(""));
    command.env("HOME", estate.path(".home")).env("XDG_CONFIG_HOME", estate.path(".home"));
    let Ok(mut child) = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
        println!("skipped: `script` is not installed");
        return;
    };
    // A wrong answer is asked for again; an empty one is none.
    let answers = "my\nmy-mnt\nAS205999\n2a0e:4000:40::/44\nAnna Smith\nStreet 1; Amsterdam\n+31 20 5550100\n\
                   anna@my.example\n\nMy Network\nnl\n\n";
    child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("the name of a maintainer ends in -MNT"), "{said}");
    let contacts = estate.read("objects/contacts.rpsl");
    assert!(
        contacts.contains("address:        Amsterdam\n") && contacts.contains("SSO anna@my.example\n"),
        "{contacts}"
    );
    assert!(!estate.read("ripectl.toml").contains("ask ="));
    estate.check("check", 0, &["6 objects: no problems"]);
}

#[test]
fn its_json_is_that_of_the_schema_and_its_state_where_it_is_said() {
    let estate = Estate::empty();
    let line = format!("init --sandbox {NETWORK} --no-progress --state-dir state --format json");
    let output = estate.command(&line).args(WHO).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let value: serde_json::Value = serde_json::from_str(&said).unwrap();
    let problems = schema::Schemas::read().problems("ripectl-init-1.json", &value);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert_eq!((&value["planned"], value["others"].as_array().unwrap().len()), (&6.into(), 2));
    assert!(estate.path("state/sandbox.sqlite").exists() && !estate.path(".ripectl").exists());
}
