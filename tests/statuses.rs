//! The exit status is an API: "could not look" is never "found" nor "clean", whatever the command and the form.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::fs;

use common::Estate;

/// Lines that cannot look, in an estate that is in order: each ends with 2 and says why.
const TROUBLE: &[(&str, &str)] = &[
    ("", "Usage: ripectl"),
    ("nosuch", "unrecognized subcommand 'nosuch'"),
    ("check --nosuch", "unexpected argument"),
    ("check --format nosuch", "invalid value 'nosuch'"),
    ("-C nowhere check", "`nowhere` cannot be entered"),
    ("-C ripectl.toml check", "`ripectl.toml` cannot be entered"),
    ("-C / check", "no ripectl.toml in /"),
    ("-C / fmt", "no ripectl.toml in /"),
    ("-C / plan", "no ripectl.toml in /"),
    ("-C / validate", "no ripectl.toml in /"),
    ("-C / explain AS1", "no ripectl.toml in /"),
    ("-C / apply --yes", "no ripectl.toml in /"),
    ("-C / split 2001:db8::/46 --write", "no ripectl.toml in /"),
    ("check --registry nosuch", "there is no registry `nosuch`"),
    ("check --registry nosuch --format json", "there is no registry `nosuch`"),
    ("check --registry nosuch --format junit", "there is no registry `nosuch`"),
    ("plan --registry nosuch", "there is no registry `nosuch`"),
    ("plan --registry nosuch --exit-code --format sarif", "there is no registry `nosuch`"),
    ("apply --registry nosuch --yes", "there is no registry `nosuch`"),
    ("validate --registry nosuch", "there is no registry `nosuch`"),
    ("explain AS1 --registry nosuch", "there is no registry `nosuch`"),
    ("sandbox copy --registry nosuch", "there is no registry `nosuch`"),
    ("plan --registry unreached", "127.0.0.1"),
    ("plan --registry unreached --exit-code", "127.0.0.1"),
    ("apply --registry unreached --yes", "no API key is bound to registry `unreached`"),
    ("validate --registry unreached", "127.0.0.1"),
    ("explain AS1 --registry unreached", "127.0.0.1"),
    ("sandbox copy --registry unreached", "127.0.0.1"),
    ("sandbox copy --registry sandbox", "the sandbox is what is filled"),
    ("apply --registry sandbox", "nobody can be asked here"),
    ("apply nowhere.json --yes", "`nowhere.json` cannot be read"),
    ("apply ripectl.toml --yes", "this is no saved plan"),
    ("validate nonsense --registry sandbox", "nonsense"),
    ("validate 2001:db8::/48 --registry sandbox", "nothing is announced within 2001:db8::/48"),
    (
        "validate 2a0f:85c1:260::/48 2001:db8::/48 --registry sandbox",
        "nothing is announced within 2001:db8::/48",
    ),
    (
        "validate 2a0f:85c1:260::/48 2001:db8::/48 --registry sandbox --format json",
        "nothing is announced within",
    ),
    ("validate --vrps nowhere.json --registry sandbox", "nowhere.json"),
    ("validate --vrps ripectl.toml --registry sandbox", "ripectl.toml"),
    ("validate --vrps http://127.0.0.1:9/vrps.json --registry sandbox", "127.0.0.1:9"),
    ("explain nonsense/x --registry sandbox", "`nonsense/x`"),
    ("explain route6/* --registry sandbox", "`route6/*`"),
    ("explain block:ams --registry sandbox", "`block:ams`"),
    ("fmt nowhere.rpsl", "nowhere.rpsl"),
    ("fmt --check nowhere.rpsl", "nowhere.rpsl"),
    ("fmt --check nowhere.rpsl --format junit", "nowhere.rpsl"),
    ("fmt --check objects", "objects"),
    ("fmt --check objects/contacts.rpsl nowhere.rpsl", "nowhere.rpsl"),
    ("split nonsense", "nonsense"),
    ("split 2001:db8::/46 --into 40", "40"),
    ("sandbox", "Usage: ripectl sandbox"),
    ("sandbox dump --state-dir nowhere", "there is no sandbox at nowhere"),
    ("sandbox reset", "nobody can be asked here"),
    ("sandbox serve --listen 192.0.2.1:0 --ephemeral", "192.0.2.1"),
    ("sandbox serve --listen 127.0.0.1:0 --load nowhere.rpsl --ephemeral", "nowhere.rpsl"),
];

#[test]
fn what_cannot_look_is_trouble() {
    let estate = Estate::new();
    let unreached =
        "[registry.unreached]\nurl = \"http://127.0.0.1:9\"\nsource = \"RIPE\"\n\n[registry.ripe]";
    estate.edit("ripectl.toml", "[registry.ripe]", unreached);
    for (line, part) in TROUBLE {
        let output = if line.is_empty() {
            estate.command("x").output().map(drop).unwrap();
            std::process::Command::new(env!("CARGO_BIN_EXE_ripectl")).output().unwrap()
        } else {
            estate.command(line).stdin(std::process::Stdio::null()).output().unwrap()
        };
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert_eq!(output.status.code(), Some(2), "{line}\n{out}{err}");
        assert!(out.contains(part) || err.contains(part), "`{line}` does not say `{part}` but\n{out}{err}");
        // A program that reads stdout gets what was looked at, or nothing; never "no problems".
        assert!(!out.contains("no problems") && !out.contains("failures=\"0\""), "{line}\n{out}");
    }
}

#[test]
fn an_exit_status_tells_found_from_trouble() {
    let estate = Estate::new();
    let check = |line: &str, status: i32| estate.check(line, status, &[]);
    for form in ["text", "json", "markdown", "sarif", "github", "junit"] {
        let with = |line: &str| format!("{line} --format {form}");
        check(&with("check"), 0);
        check(&with("fmt --check"), 0);
        check(&with("plan --registry sandbox"), 0);
        check(&with("plan --registry sandbox --exit-code"), 1);
        check(&with("validate --registry sandbox"), 1);
    }
    check("apply --registry sandbox --yes", 0);
    for form in ["text", "json", "markdown", "sarif", "github", "junit"] {
        check(&format!("plan --registry sandbox --exit-code --format {form}"), 0);
        check(&format!("validate --registry sandbox --format {form}"), 0);
    }
    fs::write(
        estate.path("objects/flat.rpsl"),
        "as-set: AS-FLAT\ntech-c: HN1-RIPE\nadmin-c: HN1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n",
    )
    .unwrap();
    for form in ["text", "json", "markdown", "sarif", "github", "junit"] {
        check(&format!("check --format {form}"), 1);
        check(&format!("fmt --check --format {form}"), 1);
    }
    fs::write(estate.path("objects/flat.rpsl"), "no object\n").unwrap();
    check("check", 1);
    check("fmt --check", 1);
    check("fmt", 2);
    check("plan --registry sandbox", 2);
    check("plan --registry sandbox --exit-code", 2);
    check("apply --registry sandbox --yes", 2);
    check("validate --registry sandbox", 2);
}

/// What stops a plan, or leaves something out of it, is not "nothing to do".
#[test]
fn a_refused_plan_is_not_nothing_to_do() {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do: 39 objects stand as declared"]);
    let check = |status: i32, parts: &[&str]| {
        let plan = estate.check("plan --registry sandbox --exit-code", status, parts);
        assert!(!plan.contains("Nothing to do"), "{plan}");
        let junit = estate.check("plan --registry sandbox --format junit", 0, &[]);
        assert!(!junit.contains("failures=\"0\""), "{junit}");
    };
    // Somebody else's object is declared otherwise than it stands.
    fs::write(
        estate.path("objects/theirs.rpsl"),
        foreign(&estate).replace("source:", "remarks: ours now\nsource:"),
    )
    .unwrap();
    check(1, &["Plan: nothing would be written", "1 stopped", "is maintained by"]);
    fs::remove_file(estate.path("objects/theirs.rpsl")).unwrap();
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do"]);
    // What others must hold and do not.
    let expect = "[[expect]]\nobject = \"inet6num/2a0f:85c1:260::/44\"\nhas = { mnt-routes = \"OTHER-LIR-MNT\" }\nask = \"noc@sponsor.example\"\n\n[manage]";
    estate.edit("ripectl.toml", "[manage]", expect);
    check(1, &["Plan: nothing would be written", "✗ inet6num 2a0f:85c1:260::/44"]);
    estate.check(
        "plan --registry sandbox --format github",
        0,
        &["::error file=ripectl.toml,line=", "title=expect-unmet"],
    );
}

/// An object that the registry holds for others, as it is printed.
fn foreign(estate: &Estate) -> String {
    let dump = estate.check("sandbox dump", 0, &[]);
    let is_theirs = |text: &&str| text.starts_with("inet6num:       2a0f:85c1:260::/44");
    let text = dump.split("\n\n").find(is_theirs).unwrap_or_else(|| panic!("{dump}")).to_owned();
    assert!(!text.contains("mnt-by:         HOBBY-MNT"), "{text}");
    text + "\n"
}

/// Refused steps are errors where the object is declared, in every form.
#[test]
fn a_plan_in_the_forms_of_findings_loses_nothing() {
    let estate = Estate::new();
    estate.edit("ripectl.toml", r#"country = "EU""#, r#"country = "QQ""#);
    let text =
        estate.check("plan --registry sandbox -v", 0, &["will be refused: Country not recognised: QQ"]);
    let steps = text
        .lines()
        .filter(|line| [" + ", " ~ ", " - "].iter().any(|sign| line.get(2..5) == Some(sign)))
        .count();
    let github = estate.check(
        "plan --registry sandbox --format github",
        0,
        &["::error file=ripectl.toml,line=50,", "Country not recognised: QQ"],
    );
    assert_eq!(github.matches("title=planned ").count(), steps, "{text}{github}");
    let sarif = estate.check("plan --registry sandbox --format sarif --exit-code", 1, &[]);
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let refused: Vec<_> = results.iter().filter(|result| result["level"] == "error").collect();
    assert!(refused.iter().any(|result| result["message"]["text"].as_str().unwrap().contains("QQ")));
    assert_eq!(refused[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 50);
    estate.check(
        "plan --registry sandbox --format junit",
        0,
        &["message=\"will be refused: Country not recognised: QQ"],
    );
    estate.check("plan --registry sandbox --format markdown", 0, &["```text", "will be refused"]);
}
