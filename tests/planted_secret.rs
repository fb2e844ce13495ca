//! A key that is planted, in every way in which one is given, is nowhere in what is written or printed: not though the
//! registry sends it back with each answer.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "not every test uses all of it")]
mod common;
#[allow(dead_code, reason = "not every test uses all of it")]
#[path = "common/proxy.rs"]
mod proxy;
#[path = "common/stage.rs"]
mod stage;
#[path = "common/user.rs"]
mod user;

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};

use proxy::{Act, Asked, Proxy};
use stage::{PLANTED, Stage};
use tokio::runtime::Runtime;

/// The base64 of the key, as it is sent.
const BASE64: &str = "UklQRUNUTFVTRVJLRVkwMDAwMDAwMDA0OnBsK250ZWQvczNjcmV0PX4=";

/// What must be nowhere: the secret as it is, as base64, as in URLs, and as in JSON.
fn forms() -> Vec<Vec<u8>> {
    let secret = PLANTED.split_once(':').unwrap().1;
    let forms = [secret, BASE64, "pl%2Bnted%2Fs3cret%3D~", "pl%2Bnted%2Fs3cret%3D%7E", "pl+nted\\/s3cret=~"];
    forms.iter().map(|form| form.as_bytes().to_vec()).collect()
}

fn assert_clean(what: &str, bytes: &[u8]) {
    for form in forms() {
        let found = bytes.windows(form.len()).position(|window| window == form);
        let near = |at: usize| String::from_utf8_lossy(&bytes[at.saturating_sub(200)..at]).into_owned();
        assert!(found.is_none(), "the key is in {what}, behind:\n{}", near(found.unwrap_or_default()));
    }
}

/// All files below `folder`, but those of these names.
fn assert_files_clean(folder: &Path, but: &[&str]) -> usize {
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if but.contains(&name) {
            continue;
        }
        seen += 1;
        match path.is_dir() {
            true => seen += assert_files_clean(&path, but),
            false => assert_clean(&path.display().to_string(), &fs::read(&path).unwrap()),
        }
    }
    seen
}

/// The answer, in which the registry repeats who asked: in its header, as a message, and in a field of its own.
fn echoing(asked: &Asked, real: &str) -> Option<String> {
    let sent = asked.text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("authorization").then(|| value.trim().to_owned())
    });
    let said = format!("you are {} or {}", sent?, PLANTED);
    let (head, body) = real.split_once("\r\n\r\n")?;
    let body = match body.strip_prefix('{') {
        Some(rest) if !body.contains("errormessages") => format!(
            r#"{{"echo":"{said}","errormessages":{{"errormessage":[{{"severity":"Info","text":"{said}"}}]}},{rest}"#
        ),
        Some(rest) => format!(r#"{{"echo":"{said}",{rest}"#),
        None => format!("{body}\n***Info:    {said}\n"),
    };
    let kept = head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("content-length"));
    let head = kept.collect::<Vec<_>>().join("\r\n");
    Some(format!("{head}\r\nX-Echo: {said}\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

/// A stage behind that proxy, whose key is kept `how`; the estate's file of the key is `planted.key`.
fn planted(runtime: &Runtime, how: &str) -> (Stage, Proxy) {
    let stage = runtime.block_on(Stage::new());
    let act = |asked: &Asked, _: usize| match asked.text.to_ascii_lowercase().contains("\r\nauthorization:") {
        true => Act::Instead(1, echoing),
        false => Act::Pass,
    };
    let proxy = runtime.block_on(Proxy::start(&stage.running.url, act));
    let (url, host) = (&proxy.url, proxy.url.trim_start_matches("http://"));
    let key = stage.estate.path("planted.key");
    fs::write(&key, PLANTED).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let how = how.replace('@', &key.display().to_string());
    let registry = format!("[registry.lab]\nurl = \"{url}\"\nsource = \"RIPE\"\n");
    let kept = if how.is_empty() {
        String::new()
    } else {
        format!("credential = \"lab\"\n[credential.lab]\nhost = \"{host}\"\n{how}\n")
    };
    user::own(&stage.estate, &format!("{registry}{kept}"));
    (stage, proxy)
}

/// Runs a line with the key in the environment too, holds that nothing shows it, and gives back how it ended.
fn run(stage: &Stage, line: &str, typed: &str) -> i32 {
    let mut command: Command = stage.estate.command(line);
    command.env("LAB_KEY", PLANTED).env("RIPECTL_API_KEY", PLANTED);
    command.env("RUST_BACKTRACE", "full").env("RUST_LOG", "trace");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let cmdline = fs::read(format!("/proc/{}/cmdline", child.id())).unwrap_or_default();
    assert_clean("the command line", &cmdline);
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes()); // it may have ended without asking
    let output = child.wait_with_output().unwrap();
    assert_clean(&format!("stdout of {line}"), &output.stdout);
    assert_clean(&format!("stderr of {line}"), &output.stderr);
    output.status.code().unwrap()
}

/// All that can be done, the good and the bad; then every file is looked at.
fn everything(stage: &Stage, but: &[&str]) {
    let on = |line: &str, status: i32| {
        assert_eq!(run(stage, &format!("{line} --registry lab"), ""), status, "{line}");
    };
    on("whoami", 0);
    on("whoami --format json", 0);
    on("plan --verbose", 0);
    on("plan --out saved.json", 0);
    on("explain aut-num/AS205398", 0);
    on("apply --yes --no-validate --verbose --journal -", 0);
    on("undo --yes --no-validate --verbose --journal - --allow-announced 2a0f:85c1:260::/44", 0);
    on("apply --yes --format json --no-validate", 0);
    stage.estate.edit("templates/block.rpsl", "netname:", "mnt-irt: irt-nobody\nnetname:");
    on("apply --yes --no-validate --try-anyway --verbose --allow-modifies 16", 2);
    on("resume --yes --no-validate --try-anyway", 2);
    on("plan --format markdown", 0);
    on("runs --state-dir .ripectl", 2); // `runs` has no registry: a usage error repeats what was typed
    assert_eq!(run(stage, "runs", ""), 0);
    assert!(assert_files_clean(&stage.estate.path(""), but) > 30);
}

const KEPT: [&str; 3] = ["planted.key", "accounts.toml", "lab.key"];

#[test]
fn a_key_in_a_variable_is_nowhere_else() {
    let runtime = Runtime::new().unwrap();
    let (stage, _proxy) = planted(&runtime, "env = \"LAB_KEY\"");
    everything(&stage, &KEPT);
}

#[test]
fn a_key_in_a_file_is_nowhere_else() {
    let runtime = Runtime::new().unwrap();
    let (stage, _proxy) = planted(&runtime, "file = \"@\"");
    everything(&stage, &KEPT);
}

#[test]
fn a_key_of_a_command_is_nowhere_else_and_the_command_sees_no_other() {
    let runtime = Runtime::new().unwrap();
    let how = "command = [\"sh\", \"-c\", \"env -u LAB_KEY > @.env; cat @\"]";
    let (stage, _proxy) = planted(&runtime, how);
    everything(&stage, &KEPT);
    let seen = stage.estate.read("planted.key.env");
    assert!(seen.contains("RUST_LOG=trace") && !seen.contains("RIPECTL_API_KEY"), "{seen}");
}

#[test]
fn a_key_that_was_typed_is_in_its_file_and_nowhere_else() {
    let runtime = Runtime::new().unwrap();
    let (stage, _proxy) = planted(&runtime, "");
    assert_eq!(run(&stage, "login --registry lab", PLANTED), 0);
    everything(&stage, &KEPT);
    assert_eq!(run(&stage, "logout --registry lab", ""), 0);
    assert_files_clean(&stage.estate.path(""), &KEPT[..2]);
}
