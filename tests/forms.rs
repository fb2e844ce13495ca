//! The forms of findings as those who read them have them: SARIF by its schema, `JUnit` by that of Jenkins, and GitHub's
//! annotations on the lines that are wrong.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;
#[path = "common/require.rs"]
mod require;

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use common::Estate;
use serde_json::Value;

/// A name that a workflow command and a URL must write otherwise.
const ODD: &str = "objects/100%, a:b.rpsl";
/// The fault in it, and the one in the aut-num.
const ORIGIN: &str = "origin:         205398";
const MISSPELT: &str = "as-nmae:        HOBBY-AS";

/// An estate that stands as declared.
fn applied() -> Estate {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate
}

/// One with faults in its objects.
fn unsound() -> Estate {
    let estate = applied();
    estate.edit("objects/as205398.rpsl", "as-name:        HOBBY-AS", MISSPELT);
    let route = format!(
        "route6:         2a0f:85c1:260::/44\n{ORIGIN}\nmnt-by:         HOBBY-MNT\nsource:         RIPE\n"
    );
    fs::write(estate.path(ODD), route).unwrap();
    estate
}

/// One whose VRPs are not for what is announced, and what a router announces.
fn unproved() -> Estate {
    let estate = applied();
    let other = "\"AS64500\", \"prefix\": \"2a0f:85c1:265";
    estate.edit("fixtures/vrps.json", "\"AS205398\", \"prefix\": \"2a0f:85c1:265", other);
    fs::write(estate.path("seen.csv"), "2a0f:85c1:261::/48,AS205398\n2a0f:85c1:263:8000::/49,AS205398\n")
        .unwrap();
    estate
}

/// One whose registry is not as declared.
fn differing() -> Estate {
    let estate = applied();
    estate.edit("objects/as205398.rpsl", "source:", "remarks:  not formatted\nsource:");
    estate
}

/// Makes an estate.
type Make = fn() -> Estate;

/// Where findings come from, and what is typed.
const CASES: [(Make, &str); 8] = [
    (applied, "check --registry sandbox"),
    (unsound, "check --registry sandbox"),
    (applied, "check --rules"),
    (differing, "plan --registry sandbox --exit-code"),
    (differing, "fmt --check"),
    (unproved, "validate --registry sandbox"),
    (unproved, "validate --registry sandbox --announcements seen.csv"),
    (unproved, "audit --arc --registry sandbox"),
];

fn printed(estate: &Estate, line: &str, form: &str) -> String {
    String::from_utf8(estate.run(&format!("{line} --format {form}")).stdout).unwrap()
}

/// What stands in `tests/forms`.
fn of_others(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms").join(name)
}

#[test]
fn sarif_is_as_its_schema_says() {
    // One pattern of it has a bracket too many, and is none.
    let text = fs::read_to_string(of_others("sarif-schema-2.1.0.json")).unwrap().replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    let schema = jsonschema::draft7::new(&schema).unwrap();
    let problems = |log: &Value| {
        schema.iter_errors(log).map(|error| format!("{} {error}", error.instance_path())).collect::<Vec<_>>()
    };
    let mut results = 0;
    for (estate, line) in CASES {
        let text = printed(&estate(), line, "sarif");
        let log: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{line}: {error}\n{text}"));
        assert!(problems(&log).is_empty(), "{line}: {:#?}\n{text}", problems(&log));
        let run = &log["runs"][0];
        for result in run["results"].as_array().into_iter().flatten() {
            let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"], "{line}");
            // Code scanning refuses a whole file for a result without one.
            let physical = &result["locations"][0]["physicalLocation"];
            assert!(physical["artifactLocation"]["uri"].is_string(), "{line}: {result}");
            assert!(physical["region"]["startLine"].as_u64() > Some(0), "{line}: {result}");
            results += 1;
        }
    }
    assert!(results > 5, "{results}");
    assert!(
        !problems(&serde_json::json!({ "version": "2.1.0", "runs": [{}] })).is_empty(),
        "the schema is looked at"
    );
}

#[test]
fn junit_is_as_its_schema_says() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        return require::is_missing("xmllint");
    }
    let lint = |xml: &str| {
        let mut lint = Command::new("xmllint");
        lint.args(["--noout", "--nonet", "--schema"]).arg(of_others("junit-10.xsd")).arg("-");
        let mut lint = lint.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        lint.stdin.take().unwrap().write_all(xml.as_bytes()).unwrap();
        let output = lint.wait_with_output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for (estate, line) in CASES.into_iter().filter(|(_, line)| !line.contains("--rules")) {
        let xml = printed(&estate(), line, "junit");
        let (is_valid, said) = lint(&xml);
        assert!(is_valid, "{line}: {said}\n{xml}");
    }
    assert!(!lint("<testsuites><testsuite/></testsuites>").0, "the schema is looked at");
}

/// A workflow command as the runner reads it (actions/runner, `ActionCommand`): its properties and its message.
fn command(line: &str) -> (String, BTreeMap<String, String>, String) {
    let (head, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
    let (verb, properties) = head.split_once(' ').unwrap_or((head, ""));
    let plain = |text: &str| {
        text.replace("%0D", "\r")
            .replace("%0A", "\n")
            .replace("%3A", ":")
            .replace("%2C", ",")
            .replace("%25", "%")
    };
    let pairs = properties.split(',').filter_map(|pair| pair.split_once('='));
    let properties = pairs.map(|(key, value)| (key.to_owned(), plain(value))).collect();
    (verb.to_owned(), properties, message.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%"))
}

/// The line of a file of the estate, counted from 1, in which `text` stands.
fn line_of(estate: &Estate, file: &str, text: &str) -> String {
    (1 + estate.read(file).lines().position(|line| line.contains(text)).unwrap()).to_string()
}

#[test]
fn annotations_stand_at_the_lines_that_are_wrong() {
    let check = |estate: &Estate, line: &str, expected: &[(&str, &str, &str)]| {
        let text = printed(estate, line, "github");
        let commands: Vec<_> = text.lines().map(command).collect();
        for (file, at, rule) in expected {
            let number = line_of(estate, file, at);
            let is = |(verb, properties, message): &(String, BTreeMap<String, String>, String)| {
                let has = |key: &str, value: &str| properties.get(key).is_some_and(|own| own == value);
                let title =
                    properties.get("title").is_some_and(|title| title.split(' ').next() == Some(rule));
                verb == "error"
                    && has("file", file)
                    && has("line", &number)
                    && title
                    && message.contains("hint: ")
            };
            assert!(commands.iter().any(is), "{line}: no {rule} at {file}:{number}\n{text}");
        }
    };
    let unsound = unsound();
    check(
        &unsound,
        "check --registry sandbox",
        &[("objects/as205398.rpsl", MISSPELT, "structure-unknown"), (ODD, ORIGIN, "syntax")],
    );
    let unproved = unproved();
    check(
        &unproved,
        "validate --registry sandbox",
        &[("ripectl.toml", "ams = { index = 5", "rpki-invalid-origin")],
    );
}
