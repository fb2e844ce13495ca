//! Keys are kept, shown and forgotten: what proves nothing is not kept, and who looks sees for whom each speaks.
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

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    process::{Output, Stdio},
};

use stage::{KEY, LIR_KEY, SOON_KEY, Stage};
use tokio::runtime::Runtime;

const BASE64: &str = "UklQRUNUTFVTRVJLRVkwMDAwMDAwMDAxOmh1c2g=";

/// A registry that the user's own configuration knows, and no key for it.
fn keyless(runtime: &Runtime) -> Stage {
    let stage = runtime.block_on(Stage::new());
    let url = &stage.running.url;
    user::own(
        &stage.estate,
        &format!("# mine\n[registry.lab]\nurl = \"{url}\"   # here\nsource = \"RIPE\"\n"),
    );
    stage
}

/// What a line says and its exit status, with `typed` on stdin.
fn run(stage: &Stage, line: &str, typed: &str) -> (String, i32) {
    let mut command = stage.estate.command(line);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes()); // it may have ended without asking
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    (text, status.code().unwrap())
}

fn check(stage: &Stage, line: &str, typed: &str, status: i32, parts: &[&str]) -> String {
    let (text, code) = run(stage, line, typed);
    assert_eq!(code, status, "{line}\n{text}");
    for part in parts {
        assert!(text.contains(part), "`{line}` does not say `{part}` but\n{text}");
    }
    for secret in ["hush", "quiet", "whisper", BASE64, "RIPECTLUSERKEY"] {
        assert!(!text.contains(secret), "{line}\n{text}");
    }
    text
}

#[test]
fn a_key_is_kept_once_it_has_proved_for_whom_it_speaks() {
    let runtime = Runtime::new().unwrap();
    for pasted in [format!("{KEY}\n"), format!(" {BASE64} \n"), format!("Authorization: Basic {BASE64}\n")] {
        let stage = keyless(&runtime);
        let said = ["key \"hobby\" for lab  speaks for HOBBY-MNT\n", "for you alone"];
        check(&stage, "login --registry lab --name hobby", &pasted, 0, &said);
        let key = stage.estate.path(".home/ripectl/hobby.key");
        assert_eq!(fs::read_to_string(&key).unwrap(), format!("{KEY}\n"));
        for file in [key, stage.estate.path(".home/ripectl/config.toml")] {
            assert_eq!(
                fs::metadata(&file).unwrap().permissions().mode() & 0o777,
                0o600,
                "{}",
                file.display()
            );
        }
        let config = stage.estate.read(".home/ripectl/config.toml");
        assert!(config.starts_with("# mine\n") && config.contains("   # here\n"), "{config}");
        check(&stage, "plan --registry lab", "", 0, &["the key speaks for HOBBY-MNT"]);
        let json = check(&stage, "whoami --registry lab --format json", "", 0, &["\"ripectl/whoami/1\""]);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["keys"][0]["speaks_for"], serde_json::json!(["HOBBY-MNT"]));
        check(&stage, "logout --registry lab", "", 0, &["\"hobby\" is forgotten", "No key goes to lab"]);
        assert!(!stage.estate.path(".home/ripectl/hobby.key").exists());
        let config = stage.estate.read(".home/ripectl/config.toml");
        assert!(!config.contains("credential") && config.contains("   # here\n"), "{config}");
        check(&stage, "logout --registry lab", "", 2, &["there is no credential `lab`"]);
    }
}

/// As where somebody keeps dotfiles in a folder of their own.
#[test]
fn a_configuration_that_is_a_link_stays_one() {
    let runtime = Runtime::new().unwrap();
    let stage = keyless(&runtime);
    let (link, file) = (stage.estate.path(".home/ripectl/config.toml"), stage.estate.path("dotfile.toml"));
    fs::rename(&link, &file).unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    check(&stage, "login --registry lab", KEY, 0, &["speaks for HOBBY-MNT"]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&file).unwrap().contains("[credential.lab]"));
    check(&stage, "logout --registry lab", "", 0, &["No key goes to lab"]);
    assert!(!fs::read_to_string(&file).unwrap().contains("credential"));
}

#[test]
fn what_proves_nothing_is_not_kept() {
    let runtime = Runtime::new().unwrap();
    let stage = keyless(&runtime);
    let none = "the key speaks for none of HOBBY-MNT: it is not kept";
    let wrong = KEY.replace("hush", "whush");
    check(&stage, "login --registry lab", &wrong, 1, &[none, "mistyped, expired"]);
    check(&stage, "login --registry lab", "HOBBY-MNT:hush", 2, &["before the colon stand 9 characters"]);
    check(&stage, "login --registry lab", "", 2, &["no API key came", "| ripectl login`"]);
    check(&stage, "login --registry lab --name a/b", KEY, 2, &["`a/b` is no name for a key"]);
    check(&stage, "login --registry sandbox", KEY, 2, &["the sandbox makes its own key"]);
    check(&stage, "login --registry labb", KEY, 2, &["did you mean `--registry lab`?"]);
    check(&stage, "login --registry lab --mntner SPONSOR-MNT", KEY, 1, &["for none of SPONSOR-MNT"]);
    assert_eq!(
        fs::read_dir(stage.estate.path(".home/ripectl")).unwrap().count(),
        1,
        "the configuration alone"
    );
    // One that is kept elsewhere, or for another host, is not written over.
    let host = stage.running.url.trim_start_matches("http://");
    let config = stage.estate.read(".home/ripectl/config.toml");
    let with = |host: &str| format!("{config}[credential.lab]\nhost = \"{host}\"\nenv = \"LAB\"\n");
    user::own(&stage.estate, &with("rest.db.ripe.net"));
    check(&stage, "login --registry lab", KEY, 2, &["bound to rest.db.ripe.net", "another name"]);
    user::own(&stage.estate, &with(host));
    check(&stage, "login --registry lab", KEY, 2, &["kept elsewhere: $LAB", "ripectl logout --name lab"]);
    let test = with(host).replace("env = \"LAB\"", "source = \"TEST\"\nfile = \"lab.key\"");
    user::own(&stage.estate, &test);
    check(
        &stage,
        "login --registry lab",
        KEY,
        2,
        &["bound to source TEST, and this is RIPE", "another name"],
    );
    // Outside of an estate somebody must say whose it is.
    fs::remove_file(stage.estate.path("ripectl.toml")).unwrap();
    user::own(&stage.estate, &config);
    check(&stage, "login --registry lab", KEY, 2, &["ripectl login --mntner YOUR-MNT"]);
    check(&stage, "login --registry lab --mntner HOBBY-MNT", KEY, 0, &["speaks for HOBBY-MNT"]);
}

#[test]
fn a_second_key_stands_beside_the_first() {
    let runtime = Runtime::new().unwrap();
    let stage = keyless(&runtime);
    stage.estate.edit(
        "ripectl.toml",
        "maintainers = [\"HOBBY-MNT\"]",
        "maintainers = [\"HOBBY-MNT\", \"SPONSOR-MNT\"]",
    );
    check(&stage, "login --registry lab --name hobby", KEY, 0, &[]);
    check(&stage, "login --registry lab --name lir --format json", LIR_KEY, 0, &["\"SPONSOR-MNT\""]);
    let both =
        ["key \"hobby\" for lab  speaks for HOBBY-MNT\n", "key \"lir\" for lab  speaks for SPONSOR-MNT\n"];
    check(&stage, "whoami --registry lab", "", 0, &both);
    let left =
        check(&stage, "logout --registry lab --name hobby --format markdown", "", 0, &["\"lir\" for lab"]);
    assert!(left.contains("\"hobby\" is forgotten"), "{left}");
    check(&stage, "whoami --registry lab", "", 0, &both[1..]);
}

#[test]
fn a_key_comes_from_a_command_or_a_file_that_the_environment_names() {
    let runtime = Runtime::new().unwrap();
    let stage = keyless(&runtime);
    let host = stage.running.url.trim_start_matches("http://");
    let config = stage.estate.read(".home/ripectl/config.toml") + "credential = \"lab\"\n";
    let kept = |how: &str| {
        user::own(&stage.estate, &format!("{config}[credential.lab]\nhost = \"{host}\"\n{how}\n"));
    };
    kept(&format!("command = [\"printf\", \"%s\\\\nlogin: hobby\\\\n\", \"{KEY}\"]"));
    check(&stage, "whoami --registry lab", "", 0, &["speaks for HOBBY-MNT", "kept in command `printf`"]);
    kept("command = [\"sh\", \"-c\", \"echo hush; exit 7\"]");
    check(
        &stage,
        "whoami --registry lab",
        "",
        2,
        &["command `sh`: `sh` ended with exit status: 7", "run it by hand"],
    );
    // A repository must not be able to put a program in the place of one.
    kept("command = [\"./pass\"]");
    check(&stage, "whoami --registry lab", "", 2, &["`./pass` begins nowhere"]);
    kept(&format!("command = [\"echo\", \"{KEY}\"]\nsource = \"TEST\""));
    check(&stage, "plan --registry lab", "", 0, &["bound to source TEST, and this is RIPE"]);
    kept("command = [\"true\"]\nenv = \"X\"");
    check(&stage, "whoami --registry lab", "", 2, &["`env` and `command` are both there"]);
}

#[test]
fn a_key_that_expires_soon_is_told_of() {
    let runtime = Runtime::new().unwrap();
    let stage = keyless(&runtime);
    let line = |line: &str| format!("{line} --registry lab");
    check(&stage, &line("login"), SOON_KEY, 0, &[]);
    let first = check(&stage, &line("apply --yes --no-validate"), "", 0, &[]);
    assert!(!first.contains("due to expire"), "said once, and not at each step:\n{first}");
    for later in ["plan", "apply --yes --no-validate"] {
        check(&stage, &line(later), "", 0, &["key \"lab\" expires on ", "in 9 days", "`ripectl login"]);
    }
    check(&stage, &line("whoami"), "", 0, &["speaks for HOBBY-MNT, expires on "]);
    // What a refusal does not say is no news of the key.
    stage.estate.edit("templates/block.rpsl", "netname:", "remarks: x\nnetname:");
    let key = stage.estate.path(".home/ripectl/lab.key");
    // Another key under the same name is another key at once, and the first is known when it comes back.
    let expires = |line: &str| check(&stage, line, "", 0, &[]).contains("expires");
    check(&stage, &line("login"), KEY, 0, &[]);
    assert!(!expires(&line("plan")) && !expires(&line("whoami")));
    fs::write(&key, SOON_KEY).unwrap();
    assert!(expires(&line("plan")) && expires(&line("whoami")));
    fs::write(&key, KEY).unwrap();
    check(&stage, &line("apply --yes --no-validate --allow-modifies 16"), "", 0, &[]);
    fs::write(&key, SOON_KEY).unwrap();
    assert!(!expires(&line("plan")), "the last key that wrote under this name expires never");
}

/// An estate says which keys go to its registry; what is kept of one of them does not leave the others out.
#[test]
fn the_keys_that_an_estate_names_stay_named() {
    let runtime = Runtime::new().unwrap();
    let stage = keyless(&runtime);
    let config = stage.estate.read(".home/ripectl/config.toml");
    let names = "[registry.lab]\ncredential = [\"lir\", \"hobby\"]\nsource = \"RIPE\"\n";
    let name = |names: &str| {
        fs::write(stage.estate.path("ripectl.toml"), stage.estate.read("ripectl.toml") + names).unwrap();
    };
    let maintainers = "maintainers = [\"HOBBY-MNT\", \"SPONSOR-MNT\"]";
    stage.estate.edit("ripectl.toml", "maintainers = [\"HOBBY-MNT\"]", maintainers);
    name(names);
    check(&stage, "login --registry lab --name hobby", KEY, 0, &["speaks for HOBBY-MNT"]);
    let both = check(&stage, "login --registry lab", LIR_KEY, 0, &["speaks for SPONSOR-MNT"]);
    assert!(both.contains("key \"hobby\" for lab\n"), "{both}");
    let kept = stage.estate.read(".home/ripectl/config.toml");
    assert!(kept.starts_with(&config) && !kept.contains("credential = "), "{kept}");
    check(&stage, "whoami --registry lab", "", 0, &["\"lir\" for lab", "\"hobby\" for lab"]);
    check(&stage, "login --registry lab --name third", KEY, 0, &["key \"third\" for lab"]);
    let kept = stage.estate.read(".home/ripectl/config.toml");
    assert!(kept.contains("credential = [\"lir\", \"hobby\", \"third\"]"), "{kept}");
    // What is refused leaves what there is, and says so.
    let wrong = KEY.replace("hush", "whush");
    check(&stage, "login --registry lab --name third", &wrong, 1, &["key \"third\" for lab\n"]);
}

/// A key can be forgotten whatever state the estate is in, and also where its file is gone.
#[test]
fn logout_needs_neither_estate_nor_file() {
    let runtime = Runtime::new().unwrap();
    let stage = keyless(&runtime);
    check(&stage, "login --registry lab", KEY, 0, &["speaks for HOBBY-MNT"]);
    let whole = stage.estate.read("ripectl.toml");
    fs::write(stage.estate.path("ripectl.toml"), "manage = 1\n").unwrap();
    check(&stage, "login --registry lab", KEY, 2, &["ripectl.toml:1"]);
    fs::remove_file(stage.estate.path(".home/ripectl/lab.key")).unwrap();
    check(&stage, "logout --registry lab", "", 0, &["is not there any more", "No key goes to lab"]);
    fs::write(stage.estate.path("ripectl.toml"), whole).unwrap();
    check(&stage, "whoami --registry lab", "", 1, &["No key goes to lab"]);
}

#[test]
fn a_file_that_the_environment_names_is_the_users_alone() {
    let runtime = Runtime::new().unwrap();
    let stage = keyless(&runtime);
    let key = stage.estate.path("mounted.key");
    let says = |mode: u32, text: &str, both: bool, parts: &[&str]| {
        fs::write(&key, text).unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let mut command = stage.estate.command("plan --registry ripe");
        command.env("RIPECTL_API_KEY_FILE", &key);
        if both {
            command.env("RIPECTL_API_KEY", KEY);
        }
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        for part in parts {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("hush"), "{text}");
    };
    says(0o622, KEY, false, &["RIPECTL_API_KEY_FILE: ", "others may write it", "`chmod 600 "]);
    if !rustix::process::geteuid().is_root() {
        says(0o644, KEY, false, &["others may read it", "`chmod 600 "]);
    }
    says(0o600, "hush", false, &["this is no API key: there is no colon in it"]);
    says(0o600, KEY, true, &["RIPECTL_API_KEY and RIPECTL_API_KEY_FILE are both set"]);
}

#[test]
fn a_key_that_stands_for_nothing_is_said_once_and_first() {
    let runtime = Runtime::new().unwrap();
    let stage = keyless(&runtime);
    let host = stage.running.url.trim_start_matches("http://");
    let config = stage.estate.read(".home/ripectl/config.toml") + "credential = \"lab\"\n";
    let command = format!("command = [\"echo\", \"{}\"]", KEY.replace("hush", "whush"));
    user::own(&stage.estate, &format!("{config}[credential.lab]\nhost = \"{host}\"\n{command}\n"));
    let text = check(&stage, "apply --registry lab --yes --no-validate", "", 1, &["Nothing was written"]);
    let first = "the key speaks for none of the maintainers\n\nwarning[one-cause]: the key speaks for none";
    assert!(
        text.contains(first) && text.contains("`ripectl whoami --registry lab` shows which it is"),
        "{text}"
    );
    assert!(text.contains("✗ will be refused: the key speaks for nobody\n"), "{text}");
    assert!(!text.contains("not authenticated by"), "{text}");
    check(&stage, "whoami --registry lab", "", 1, &["speaks for none of the maintainers: mistyped, expired"]);
}
