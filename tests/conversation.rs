//! The main job, end to end: the example network against the embedded registry, as a user types it.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// A copy of the repository's estate, with a sandbox of its own.
struct Estate(TempDir);

impl Estate {
    fn new() -> Estate {
        let directory = tempfile::tempdir().unwrap();
        for part in ["ripectl.toml", "objects", "templates", "fixtures"] {
            copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &directory.path().join(part));
        }
        Estate(directory)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Replaces the first `from` in a file.
    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file} has no `{from}`");
        fs::write(self.path(file), text.replacen(from, to, 1)).unwrap();
    }

    fn run(&self, line: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ripectl"));
        command.args(line.split(' ')).current_dir(self.0.path()).env_remove("RIPECTL_API_KEY");
        command.output().unwrap()
    }

    /// What stdout and stderr say, and the exit status.
    fn check(&self, line: &str, status: i32, parts: &[&str]) {
        let output = self.run(line);
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{line}\n{text}");
        for part in parts {
            assert!(text.contains(part), "`{line}` does not say `{part}` but\n{text}");
        }
    }
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        copy(&from.join(&name), &to.join(&name));
    }
}

#[test]
fn plan_apply_and_validate_the_example_network() {
    let estate = Estate::new();
    estate.check("check", 0, &["no problems"]);
    estate.check("fmt --check", 0, &[]);
    estate.check("apply --registry sandbox --yes", 0, &["Plan: 35 to create", "16 announcements: all ok"]);
    estate.check("apply --registry sandbox --yes", 0, &["Nothing to do", "Nothing was written"]);
    estate.check("plan --registry sandbox --exit-code", 0, &["Nothing to do: 39 objects stand as declared"]);
}

#[test]
fn an_edit_is_seen_and_what_cannot_be_stored_is_said() {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    let file = "objects/as205398.rpsl";
    let declared = fs::read_to_string(estate.path(file)).unwrap();
    let descr = declared.lines().find(|line| line.starts_with("descr:")).unwrap();

    estate.edit(file, descr, "descr:          Something else");
    let (gone, come) = (format!("- {descr}"), "+ descr:          Something else");
    estate.check(
        "plan --registry sandbox --exit-code",
        1,
        &["Plan: 1 to change · 38 unchanged", &gone, come],
    );

    fs::write(estate.path(file), declared.replacen(descr, &descr.to_uppercase(), 1)).unwrap();
    let told =
        ["Nothing to do", "differs in letter case or white space only: the registry could not store it"];
    estate.check("plan --registry sandbox --exit-code", 0, &told);
}

#[test]
fn what_must_not_be_deployed_is_stopped() {
    let estate = Estate::new();
    let validate = "validate 2a0f:85c1:260::/44 --registry sandbox";
    estate.check(validate, 1, &["irr-missing", "RIPE has no route6 that covers 2a0f:85c1:260::/48"]);
    estate.check("apply --registry sandbox --yes", 0, &[]);
    let vrps = fs::read_to_string(estate.path("fixtures/vrps.json")).unwrap();
    let changed = |from: &str, to: &str| {
        assert!(vrps.contains(from), "{from}");
        fs::write(estate.path("fixtures/vrps.json"), vrps.replacen(from, to, 1)).unwrap();
    };
    changed("2a0f:85c1:263::/48", "2a0f:85c1:270::/48");
    estate.check(
        validate,
        1,
        &["rpki-not-found", "no VRP covers 2a0f:85c1:263::/48", "must not be deployed"],
    );
    changed("AS205398", "AS64500");
    estate.check(validate, 1, &["rpki-invalid-origin", "only AS64500 may announce it"]);
    fs::write(estate.path("fixtures/vrps.json"), vrps.get(..vrps.len() / 2).unwrap()).unwrap();
    estate.check(validate, 2, &["is cut off"]);
    fs::remove_file(estate.path("fixtures/vrps.json")).unwrap();
    estate.check(validate, 2, &["cannot be read"]);
}

#[test]
fn damage_is_hard_to_do_by_accident() {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    let toml = fs::read_to_string(estate.path("ripectl.toml")).unwrap();
    let two = toml.lines().filter(|line| !line.starts_with("sjc = { i") && !line.starts_with("ewr = { i"));
    fs::write(estate.path("ripectl.toml"), two.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    estate.check("apply --registry sandbox", 2, &["nobody can be asked here"]);
    estate.check("apply --registry sandbox --yes", 1, &["4 deletions planned, the limit is 3"]);
    estate.check("apply --registry sandbox --yes --allow-deletes 3", 1, &["4 deletions planned"]);
    estate.check("plan --registry sandbox --allow-deletes 4 --out plan.json", 0, &["4 to delete"]);
    estate.check("apply plan.json --registry sandbox --yes --allow-deletes 4", 0, &["4 done"]);
    estate.check(
        "apply plan.json --registry sandbox --yes --allow-deletes 4",
        1,
        &["moved since the plan was saved"],
    );
}

#[test]
fn what_is_wrong_in_the_files_is_shown() {
    let estate = Estate::new();
    estate.edit("objects/contacts.rpsl", "nic-hdl:", "nic-hdl ");
    let shown = ["this line is no attribute", "objects/contacts.rpsl:"];
    estate.check("check", 1, &shown);
    estate.check("fmt --check", 1, &shown);
    estate.check("fmt", 2, &shown);
    estate.check("plan --registry sandbox", 2, &shown);
    assert!(!estate.path(".ripectl").exists(), "nothing is written");
    estate.check(
        "split 2001:db8:101::/44",
        2,
        &["error: 2001:db8:101::/44 has host bits set; did you mean 2001:db8:100::/44?"],
    );
}
