//! What stands at the edges of the main job: dump and reset, splitting, refusals that are not certain, what goes to
//! stdout and what to stderr.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// A copy of the repository's estate, with a sandbox of its own.
struct Estate(TempDir);

impl Estate {
    fn new() -> Estate {
        let directory = tempfile::tempdir().unwrap();
        for part in ["ripectl.toml", "objects", "templates", "fixtures/vrps.json"] {
            copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &directory.path().join(part));
        }
        Estate(directory)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces the first `from` in a file.
    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "{file} has no `{from}`");
        fs::write(self.path(file), text.replacen(from, to, 1)).unwrap();
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ripectl"));
        command.env("COLUMNS", "1000");
        command.args(line.split(' ')).current_dir(self.0.path()).env_remove("RIPECTL_API_KEY");
        command.env("HOME", self.path(".home")).env("XDG_CONFIG_HOME", self.path(".home"));
        command.stdin(Stdio::null());
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    /// Runs the line, holds its exit status and what it must say, and returns what is on stdout.
    fn check(&self, line: &str, status: i32, parts: &[&str]) -> String {
        let output = self.run(line);
        let stdout = String::from_utf8(output.stdout).unwrap();
        let text = stdout.clone() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{line}\n{text}");
        for part in parts {
            assert!(text.contains(part), "`{line}` does not say `{part}` but\n{text}");
        }
        stdout
    }

    /// Starts the line, waits until it serves, and ends it.
    fn serve(&self, line: &str) {
        let mut child = self.command(line).stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(ready.starts_with("listening on http://127.0.0.1:"), "{ready}");
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
        return;
    }
    for entry in fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        copy(&from.join(&name), &to.join(&name));
    }
}

#[test]
fn what_was_dumped_loads_again() {
    let estate = Estate::new();
    estate.check("sandbox dump", 2, &["there is no sandbox", "hint: `ripectl plan --registry sandbox`"]);
    assert!(!estate.path(".ripectl").exists(), "a dump makes nothing");
    estate.check("apply --registry sandbox --yes", 0, &[]);
    let dump = estate.check("sandbox dump", 0, &["\n\nroute6:         2a0f:85c1:260::/48\n"]);
    fs::write(estate.path("dump.rpsl"), &dump).unwrap();
    estate.serve("sandbox serve --listen 127.0.0.1:0 --load dump.rpsl --state-dir other");
    assert_eq!(estate.check("sandbox dump --state-dir other", 0, &[]), dump);
    let json = |line| serde_json::from_str::<serde_json::Value>(&estate.check(line, 0, &[])).unwrap();
    let objects = json("sandbox dump --format json");
    assert_eq!(objects["schema"], "ripectl/objects/1");
    assert_eq!(objects["objects"].as_array().unwrap().len(), dump.split("\n\n").count());
    assert_eq!(objects, json("sandbox dump --format json --state-dir other"));
}

#[test]
fn a_reset_takes_the_sandbox_back_to_its_base() {
    let estate = Estate::new();
    estate.check("plan --registry sandbox", 0, &[]);
    let base = estate.check("sandbox dump", 0, &["source:         RIPE"]);
    estate.check("apply --registry sandbox --yes", 0, &[]);
    let applied = estate.check("sandbox dump", 0, &[]);
    assert_ne!(applied, base);
    estate.check("sandbox reset", 2, &["nobody can be asked here", "--yes"]);
    assert_eq!(estate.check("sandbox dump", 0, &[]), applied, "nothing is lost");
    estate.check("sandbox reset --yes", 0, &["of its base again"]);
    assert_eq!(estate.check("sandbox dump", 0, &[]), base);
}

#[test]
fn a_split_is_added_to_the_estate() {
    let estate = Estate::new();
    let before = estate.read("ripectl.toml");
    let line = "split 2001:db8:10::/46 --into 48 --origin AS205398 --write";
    let said = estate.check(line, 0, &["added to ripectl.toml:", "b3 = { index = 3 }", "templates"]);
    let after = estate.read("ripectl.toml");
    let added = after.strip_prefix(before.as_str()).unwrap();
    assert!(said.ends_with(added.trim_start()), "{said}");
    estate.check("check", 0, &["no problems"]);

    estate.check(line, 2, &["2001:db8:10::/46 overlaps the allocation 2001:db8:10::/46", "ripectl.toml:"]);
    let covering = "split 2a0f:85c1:200::/40 --into 44 --write";
    estate.check(covering, 2, &["overlaps the allocation 2a0f:85c1:260::/44", "ripectl.toml:"]);
    assert_eq!(estate.read("ripectl.toml"), after, "what is refused changes nothing");

    fs::write(estate.path("ripectl.toml"), "format = 1\nallocation = []\n").unwrap();
    estate.check("split 2001:db8:20::/47 --write", 2, &["ripectl.toml:"]);
    assert_eq!(estate.read("ripectl.toml"), "format = 1\nallocation = []\n");
    fs::remove_file(estate.path("ripectl.toml")).unwrap();
    estate.check(
        "split 2001:db8:20::/47 --write",
        2,
        &["no ripectl.toml", "echo 'format = 1' > ripectl.toml"],
    );
}

#[test]
fn what_is_certain_to_be_refused_is_not_begun() {
    let estate = Estate::new();
    estate.edit("ripectl.toml", r#"country = "EU""#, r#"country = "QQ""#);
    let plan = estate.check("plan --registry sandbox", 0, &["will be refused: Country not recognised: QQ"]);
    let base = estate.check("sandbox dump", 0, &[]);
    let refused = ["steps would be refused", "hint: ", "--try-anyway", "Nothing was written"];
    estate.check("apply --registry sandbox --yes", 1, &refused);
    assert_eq!(estate.check("sandbox dump", 0, &[]), base, "after\n{plan}");
    let tried = ["Country not recognised: QQ", "1 failed", "not tried", "done"];
    estate.check("apply --registry sandbox --yes --try-anyway", 2, &tried);
    assert_ne!(estate.check("sandbox dump", 0, &[]), base);
}

#[test]
fn a_gate_stops_what_was_applied_and_is_not_valid() {
    let estate = Estate::new();
    estate.edit("fixtures/vrps.json", "2a0f:85c1:263::/48", "2a0f:85c1:270::/48");
    estate.check("apply --registry sandbox --yes", 0, &["rpki-not-found", "must not be deployed"]);
    estate.check("apply --registry sandbox --yes --gate", 1, &["Nothing to do", "rpki-not-found"]);
    estate.edit("fixtures/vrps.json", "2a0f:85c1:270::/48", "2a0f:85c1:263::/48");
    estate.check("apply --registry sandbox --yes --gate", 0, &["all ok"]);
}

#[test]
fn contacts_of_others_have_a_small_budget() {
    let estate = Estate::new();
    estate.edit("objects/contacts.rpsl", "admin-c:", "admin-c:        ZZ1-RIPE\nadmin-c:");
    estate.check("plan --registry sandbox", 0, &["will be refused: Unknown object referenced ZZ1-RIPE"]);
    estate.edit("ripectl.toml", "limits = { delete", "limits = { contacts = 0, delete");
    let unread = [
        "contacts of others, not read: ",
        "ZZ1-RIPE; whether",
        "limits = { contacts = … }",
        "? depends on whether there is",
    ];
    let plan = estate.check("plan --registry sandbox", 0, &unread);
    assert!(!plan.contains("Unknown object referenced ZZ1-RIPE"), "{plan}");
}

#[test]
fn programs_get_json_and_nothing_else() {
    let estate = Estate::new();
    let schema = |line: &str, status: i32, schema: &str| {
        let stdout = estate.check(&format!("{line} --format json"), status, &[]);
        let json: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(json["schema"], schema, "{line}");
    };
    schema("check", 0, "ripectl/findings/1");
    schema("check --rules", 0, "ripectl/rules/1");
    schema("fmt --check", 0, "ripectl/fmt/1");
    schema("split 2001:db8::/46 --write", 0, "ripectl/split/1");
    schema("plan --registry sandbox --exit-code", 1, "ripectl/plan/2");
    schema("apply --registry sandbox --yes", 0, "ripectl/apply/2");
    schema("explain aut-num/AS205398 --registry sandbox", 0, "ripectl/explain/1");
    schema("validate --registry sandbox", 0, "ripectl/validate/1");
    schema("sandbox reset --yes", 0, "ripectl/note/1");
    for trouble in ["plan --registry nowhere", "split 2001:db8:1::/40", "sandbox reset", "explain x/y"] {
        assert_eq!(estate.check(&format!("{trouble} --format json"), 2, &["error"]), "", "{trouble}");
    }
}

#[test]
fn all_lines_of_a_new_object_are_shown_when_asked_for() {
    let estate = Estate::new();
    let short = estate.check("plan --registry sandbox", 0, &["lines: -v)"]);
    let long = estate.check("plan --registry sandbox -v", 0, &["+ descr:", "+ source:         RIPE"]);
    assert!(!short.contains("+ source:") && !long.contains("lines: -v)"));
}
