//! Several keys for one registry: each step goes with one that does for all that it needs.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "not every test uses all of it")]
mod common;
#[path = "common/stage.rs"]
mod stage;
#[path = "common/user.rs"]
mod user;

use std::{fs, process::Output};

use serde_json::Value;
use stage::{KEY, LIR_KEY, Stage};
use tokio::runtime::Runtime;

/// An estate of an LIR and its customer, at a registry that both keys are named for.
fn two_keys(runtime: &Runtime, objects: &str) -> Stage {
    let stage = runtime.block_on(Stage::new());
    let host = stage.running.url.trim_start_matches("http://");
    let registry = format!(
        "[registry.two]\nurl = \"{}\"\nsource = \"RIPE\"\ncredential = [\"hobby\", \"lir\"]\n",
        stage.running.url
    );
    let credential = |name: &str| {
        format!("[credential.{name}]\nhost = \"{host}\"\nenv = \"{}_KEY\"\n", name.to_uppercase())
    };
    user::own(&stage.estate, &format!("{registry}{}{}", credential("hobby"), credential("lir")));
    for folder in ["objects", "templates"] {
        fs::remove_dir_all(stage.estate.path(folder)).unwrap();
        fs::create_dir(stage.estate.path(folder)).unwrap();
    }
    let config = "format = 1\n[manage]\nmaintainers = [\"HOBBY-MNT\", \"SPONSOR-MNT\"]\n";
    fs::write(stage.estate.path("ripectl.toml"), config).unwrap();
    fs::write(stage.estate.path("objects/all.rpsl"), objects).unwrap();
    stage
}

/// A command at that registry; without the key of the LIR, if it is not there.
fn run(stage: &Stage, line: &str, has_lir: bool) -> Output {
    let mut command = stage.estate.command(&format!("{line} --registry two"));
    command.env("HOBBY_KEY", KEY);
    if has_lir {
        command.env("LIR_KEY", LIR_KEY);
    }
    command.output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn set(name: &str, maintainer: &str) -> String {
    format!("as-set: {name}\ntech-c: HP1-RIPE\nadmin-c: HP1-RIPE\nmnt-by: {maintainer}\nsource: RIPE\n\n")
}

fn block(prefix: &str, status: &str, maintainer: &str) -> String {
    format!(
        "inet6num: {prefix}\nnetname: HOBBY\ncountry: NL\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\nstatus: {status}\n\
         mnt-by: {maintainer}\nsource: RIPE\n\n"
    )
}

#[test]
fn each_step_goes_with_the_key_that_may_do_it() {
    let runtime = Runtime::new().unwrap();
    let objects = set("AS205398:AS-OWN", "HOBBY-MNT")
        + &set("AS205500:AS-LIR", "SPONSOR-MNT")
        + &block("2a0f:85c1:260::/48", "ASSIGNED", "HOBBY-MNT")
        + &block("2a0f:85c1:300::/48", "ASSIGNED", "SPONSOR-MNT");
    let stage = two_keys(&runtime, &objects);
    let plan = told(&run(&stage, "plan", true));
    for line in ["key \"hobby\" speaks for HOBBY-MNT\n", "key \"lir\" speaks for SPONSOR-MNT\n"] {
        assert!(plan.contains(line), "{plan}");
    }
    let json = run(&stage, "plan --format json", true);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    let changes = json["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 4);
    for change in changes {
        let is_ours = change["after"].to_string().contains("HOBBY-MNT");
        assert_eq!(change["sent_with"], if is_ours { "hobby" } else { "lir" }, "{}", change["key"]);
        assert_eq!(change["verdict"], "accepted", "{}", change["key"]);
    }
    let applied = run(&stage, "apply --yes", true);
    assert_eq!(applied.status.code(), Some(0), "{}", told(&applied));
    assert_eq!(run(&stage, "plan --exit-code", true).status.code(), Some(0));

    // Both ways back and on choose again.
    let undone = run(&stage, "undo --yes", true);
    assert_eq!(undone.status.code(), Some(0), "{}", told(&undone));
    assert!(told(&run(&stage, "plan", true)).contains("4 to create"));

    // Without the one, what is its is refused before anything is written, and the other is used.
    let refused = run(&stage, "apply --yes", false);
    let text = told(&refused);
    assert_eq!(refused.status.code(), Some(1), "{text}");
    let said = "done without one of the keys: credential `lir` is kept in $LIR_KEY, which is not set";
    assert!(text.contains(said) && text.contains("2 of 4 steps would be refused"), "{text}");
}

#[test]
fn what_needs_two_keys_at_once_is_said() {
    let runtime = Runtime::new().unwrap();
    // The space is the LIR's, and the object is to be the customer's.
    let stage = two_keys(&runtime, &block("2a0f:85c1:300::/48", "ASSIGNED", "HOBBY-MNT"));
    let plan = run(&stage, "plan", true);
    let text = told(&plan);
    let said = "no single key of yours can do this step: it needs HOBBY-MNT and SPONSOR-MNT together";
    assert!(text.contains(said) && text.contains("`auth: SSO`"), "{text}");
    let applied = run(&stage, "apply --yes", true);
    assert_eq!(applied.status.code(), Some(1), "{}", told(&applied));
}

/// Makes the journal of the only run one that was cut off while it waited for its last answer, a minute ago.
fn cut_off(stage: &Stage) {
    let folder = stage.estate.path(".ripectl/journal");
    let journal = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&journal).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sent = lines.iter().rposition(|line| line["state"] == "sending").unwrap();
    let early = |line: &Value| {
        let line = Value::clone(line);
        let at = line["at"].as_str().unwrap().to_owned();
        let before = at.parse::<jiff::Timestamp>().unwrap() - jiff::SignedDuration::from_mins(1);
        line.to_string().replace(&at, &before.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()) + "\n"
    };
    fs::write(&journal, lines[..=sent].iter().map(early).collect::<String>()).unwrap();
}

/// What may have been done, and what somebody else has changed since, is not said to be undone.
#[test]
fn what_was_changed_after_a_lost_answer_is_not_taken_for_never_done() {
    let runtime = Runtime::new().unwrap();
    let stage = two_keys(&runtime, &set("AS205398:AS-OWN", "HOBBY-MNT"));
    assert_eq!(run(&stage, "apply --yes", true).status.code(), Some(0));
    cut_off(&stage);
    let text = set("AS205398:AS-OWN", "HOBBY-MNT").replace("tech-c", "descr: of another\ntech-c");
    let other = ripectl::rpsl::Object::parse(text.trim_end().to_owned() + "\n").unwrap();
    let answer = runtime.block_on(stage.truth().modify(&other, ripectl::registry::Mode::Real)).unwrap();
    assert!(answer.accepted());
    let undone = run(&stage, "undo --yes", true);
    let text = told(&undone);
    assert_eq!(undone.status.code(), Some(1), "{text}");
    assert!(
        text.contains("what stands there now is of somebody else")
            && text.contains("changed by somebody else"),
        "{text}"
    );
}

/// A run is gone on with by whoever is there: what a key of others was sending is seen, and not taken for refused.
#[test]
fn what_another_key_sent_is_settled_by_what_stands() {
    let runtime = Runtime::new().unwrap();
    let stage = two_keys(&runtime, &set("AS205500:AS-LIR", "SPONSOR-MNT"));
    let applied = run(&stage, "apply --yes", true);
    assert_eq!(applied.status.code(), Some(0), "{}", told(&applied));
    cut_off(&stage);
    let text = told(&run(&stage, "resume --yes", false));
    assert!(
        text.contains("(create as-set/AS205500:AS-LIR) was sent without an answer: it is done"),
        "{text}"
    );
}
