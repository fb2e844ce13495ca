//! `check` and `explain` as they are typed: what they end with, and that what they print is what it says it is.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn ripectl(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ripectl"));
    command.env("COLUMNS", "1000");
    command.current_dir(directory).args(arguments).env_remove("RIPECTL_API_KEY");
    command.env("HOME", "/nonexistent").env("XDG_CONFIG_HOME", "/nonexistent").output().unwrap()
}

/// The example network with one more object.
fn estate(object: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for directory in ["objects", "templates"] {
        fs::create_dir(root.path().join(directory)).unwrap();
        for entry in fs::read_dir(Path::new(ROOT).join(directory)).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, root.path().join(directory).join(path.file_name().unwrap())).unwrap();
        }
    }
    fs::copy(Path::new(ROOT).join("ripectl.toml"), root.path().join("ripectl.toml")).unwrap();
    fs::write(root.path().join("objects/more.rpsl"), object).unwrap();
    root
}

const FLAT: &str = "as-set: AS-FLAT\ntech-c: HN1-RIPE\nadmin-c: HN1-RIPE\nnotify: write to noc@hobby.example\nmnt-by: HOBBY-MNT\nsource: RIPE\n";

#[test]
fn check_ends_with_what_it_found() {
    let clean = ripectl(Path::new(ROOT), &["check"]);
    assert_eq!(clean.status.code(), Some(0), "{}", String::from_utf8_lossy(&clean.stdout));
    let found = ripectl(estate(FLAT).path(), &["check"]);
    assert_eq!(found.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&found.stdout).contains("--> objects/more.rpsl:1:1"));
}

#[test]
fn check_knows_the_registry_of_the_run() {
    let check = |registry: &str, status: i32, told: &str| {
        let maintainer = "mntner: HOBBY2-MNT\nadmin-c: HN1-RIPE\nupd-to: noc@hobby.example\nauth: MD5-PW $1$abcdefgh$ABCDEFGHIJKLMNOPQRSTU.\nmnt-by: HOBBY-MNT\nsource: RIPE\n";
        let output = ripectl(estate(maintainer).path(), &["check", "--registry", registry]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(status), "{registry}\n{text}");
        assert!(text.contains(told), "{registry}\n{text}");
    };
    check("ripe", 1, "error[password-in-mntner]");
    check("sandbox", 0, "no problems");
}

#[test]
fn findings_have_forms_of_their_own() {
    let root = estate(FLAT);
    let shown = |form: &str| {
        let output = ripectl(root.path(), &["check", "--format", form]);
        assert_eq!(output.status.code(), Some(1), "{form}");
        String::from_utf8(output.stdout).unwrap()
    };
    let sarif: serde_json::Value = serde_json::from_str(&shown("sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"][1]["ruleId"], "as-set-hierarchical");
    let json: serde_json::Value = serde_json::from_str(&shown("json")).unwrap();
    assert_eq!(json["findings"][1]["line"], 1);
    assert!(shown("github").contains("::error file=objects/more.rpsl,line=4,col=1,endLine=4,title=syntax "));
    assert!(shown("junit").contains("<testsuites tests=\"2\" failures=\"2\" errors=\"0\">"));
    assert!(shown("markdown").contains("| `as-set-hierarchical` |"));
    for form in ["sarif", "github", "junit", "markdown"] {
        assert!(!shown(form).contains("noc@hobby"), "{form}");
    }
    let personal = ripectl(root.path(), &["check", "--format", "github", "--show-personal"]);
    assert!(String::from_utf8_lossy(&personal.stdout).contains("noc@hobby"));
    let none = ripectl(root.path(), &["plan", "--format", "sarif"]);
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn explain_asks_the_registry_until_it_knows() {
    let root = estate("");
    let explain = |key: &str| {
        let output = ripectl(root.path(), &["explain", key, "--registry", "sandbox"]);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (status, text) = explain("2a0f:85c1:264::/48AS205398");
    assert_eq!(status, Some(0));
    assert!(text.contains("\nroute6/2a0f:85c1:264::/48AS205398 is not registered\n"), "{text}");
    assert!(text.contains("✓ mnt-routes of inet6num/2a0f:85c1:260::/44: HOBBY-MNT"), "{text}");
    let (_, text) = explain("inet6num/2a0f:85c1:260::/44");
    assert!(text.contains("to change it: this key may not"), "{text}");
    assert_eq!(explain("no key!").0, Some(2));
    // Whether the key speaks for a maintainer that is still to be made, nobody can say.
    let mntner =
        "mntner: HOBBY2-MNT\nadmin-c: HP1-RIPE\nupd-to: a@hobby.example\nauth: SSO a@hobby.example\n";
    fs::write(root.path().join("objects/new.rpsl"), format!("{mntner}mnt-by: HOBBY2-MNT\nsource: RIPE\n"))
        .unwrap();
    let (status, text) = explain("HOBBY2-MNT");
    assert!(status == Some(0) && text.contains("mntner/HOBBY2-MNT"), "{status:?} {text}");
}
