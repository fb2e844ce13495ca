//! What a gate of a repository rests on: what is clean, what is found (1), and what could not be looked at (2).
//!
//! Every test is a conversation with the program in a copy of the example estate.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;
#[path = "common/user.rs"]
mod user;

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use common::Estate;
use user::own;

const PLAN: &str = "plan --registry sandbox --exit-code";
const VALIDATE: &str = "validate 2a0f:85c1:260::/44 --registry sandbox";

fn applied() -> Estate {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    estate
}

/// The lines that a plan shows as added or removed.
fn changed_lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.trim_start().to_owned());
    lines.filter(|line| line.starts_with("+ ") || line.starts_with("- ")).collect()
}

#[test]
fn an_edit_is_shown_as_exactly_its_line() {
    let estate = applied();
    let file = "objects/as205398.rpsl";
    estate.edit(
        file,
        "descr:          Hobby Network\n",
        "descr:          Hobby Network\nremarks:        one\n",
    );
    estate.check("apply --registry sandbox --yes", 0, &["1 done"]);
    estate.check(PLAN, 0, &["Nothing to do"]);

    estate.edit(file, "remarks:        one", "remarks:        two");
    let text = estate.check(PLAN, 1, &["Plan: 1 to change · 38 unchanged", "aut-num AS205398"]);
    assert_eq!(changed_lines(&text), ["- remarks:        one", "+ remarks:        two"], "{text}");
}

#[test]
fn what_the_registry_could_not_store_is_said_once_and_is_no_change() {
    let estate = applied();
    let file = "objects/as205398.rpsl";
    let declared = estate.read(file);
    for (from, to) in [("Hobby Network", "HOBBY network"), ("Hobby Network", "Hobby   Network")] {
        fs::write(estate.path(file), declared.replacen(from, to, 1)).unwrap();
        let text = estate.check(PLAN, 0, &["Nothing to do", "objects/as205398.rpsl:"]);
        let told = text.matches("aut-num/AS205398 differs in letter case or white space only").count();
        assert_eq!(told, 1, "{text}");
        assert_eq!(text.matches("the registry could not store it").count(), 1, "{text}");
    }
}

#[test]
fn a_killed_apply_is_completed_by_the_next_one() {
    let estate = Estate::new();
    let mut apply = estate.command("apply --registry sandbox --yes");
    let mut running = apply.stdout(std::process::Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while journalled(&estate) < 5 {
        assert!(begun.elapsed() < Duration::from_secs(60), "five steps are done in a minute");
        thread::sleep(Duration::from_millis(1));
    }
    running.kill().unwrap(); // SIGKILL
    running.wait().unwrap();
    let done = journalled(&estate);
    assert!(done < 38, "it was killed midway, not after {done} steps");

    let text = estate.check("plan --registry sandbox --exit-code", 1, &["to create"]);
    assert!(!text.contains("Plan: 35 to create"), "what was done stands: {text}");
    estate.check("apply --registry sandbox --yes", 0, &["16 announcements: all ok"]);
    estate.check(PLAN, 0, &["Nothing to do: 39 objects stand as declared"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_apply_ends_after_the_step_that_was_sent_and_says_what_is_left() {
    for signal in ["-INT", "-TERM"] {
        let estate = Estate::new();
        let mut apply = estate.command("apply --registry sandbox --yes --no-validate");
        let piped = std::process::Stdio::piped;
        let running = apply.stdout(piped()).stderr(piped()).spawn().unwrap();
        let begun = Instant::now();
        while journalled(&estate) < 3 {
            assert!(begun.elapsed() < Duration::from_secs(60), "three steps are done in a minute");
            thread::sleep(Duration::from_millis(1));
        }
        let id = running.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
        let output = running.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        let done = journalled(&estate);
        let sum = format!("Interrupted; applied to sandbox: {done} done, {} not tried", 38 - done);
        assert!(text.contains(&sum), "{text}");
        estate.check("apply --registry sandbox --yes", 0, &["16 announcements: all ok"]);
    }
}

#[test]
fn nothing_is_written_without_the_evidence_to_judge_it() {
    let estate = Estate::new();
    let vrps = estate.read("fixtures/vrps.json");
    for broken in ["", "{", "[]", "<html>"] {
        fs::write(estate.path("fixtures/vrps.json"), broken).unwrap();
        let text =
            estate.check("apply --registry sandbox --yes", 2, &["nothing was written", "--no-validate"]);
        assert!(!text.contains("Applied to"), "{text}");
    }
    estate.check("plan --registry sandbox", 0, &["Plan: 35 to create, 3 to change"]);
    let text = estate.check("apply --registry sandbox --yes --no-validate", 0, &["38 done"]);
    assert!(!text.contains("VRPs"), "{text}");
    estate.check("apply --registry sandbox --yes --no-validate --gate", 2, &["cannot be used with"]);
    fs::write(estate.path("fixtures/vrps.json"), vrps).unwrap();
    estate.check("apply --registry sandbox --yes --gate", 0, &["16 announcements: all ok"]);
}

#[test]
fn a_gate_without_evidence_is_no_gate() {
    let estate = Estate::new();
    estate.edit("ripectl.toml", "vrps = \"fixtures/vrps.json\"\n", "");
    let text =
        estate.check("apply --registry sandbox --yes --gate", 2, &["names no VRPs", "nothing was written"]);
    assert!(!text.contains("Applied to"), "{text}");
    estate.check("apply --registry sandbox --yes", 0, &["38 done", "not validated"]);
}

/// The steps that the journals say are done.
fn journalled(estate: &Estate) -> usize {
    let Ok(journals) = fs::read_dir(estate.path(".ripectl/journal")) else { return 0 };
    let texts = journals.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    texts.map(|text| text.matches("\"state\":\"done\"").count()).sum()
}

#[test]
fn an_announcement_without_its_records_must_not_be_deployed() {
    let estate = applied();
    estate.check(VALIDATE, 0, &["16 announcements: all ok"]);
    let vrps = estate.read("fixtures/vrps.json");
    let record = r#"{ "asn": "AS205398", "prefix": "2a0f:85c1:263::/48", "maxLength": 48,"#;
    let check = |instead: &str, parts: &[&str]| {
        assert!(vrps.contains(record));
        fs::write(estate.path("fixtures/vrps.json"), vrps.replacen(record, instead, 1)).unwrap();
        let text = estate.check(VALIDATE, 1, parts);
        assert!(text.contains("16 announcements: 15 ok, 1 with errors · must not be deployed"), "{text}");
    };
    let fix = "ask noc@sponsor.example for a ROA AS205398 2a0f:85c1:263::/48 maxLength 48";
    check(
        r#"{ "asn": "AS205398", "prefix": "2a0f:85c1:300::/48", "maxLength": 48,"#,
        &["rpki-not-found", "2a0f:85c1:263::/48 AS205398", "decides: no VRP covers 2a0f:85c1:263::/48", fix],
    );
    check(
        r#"{ "asn": "AS64500", "prefix": "2a0f:85c1:263::/48", "maxLength": 48,"#,
        &["rpki-invalid-origin", "decides: VRP AS64500 2a0f:85c1:263::/48-48", fix],
    );
    check(
        r#"{ "asn": "AS205398", "prefix": "2a0f:85c1:260::/45", "maxLength": 47,"#,
        &["rpki-invalid-length", "decides: VRP AS205398 2a0f:85c1:260::/45-47", fix],
    );
}

#[test]
fn a_missing_route6_must_not_be_deployed() {
    let estate = Estate::new();
    let parts = ["irr-missing", "decides: RIPE has no route6 that covers 2a0f:85c1:263::/48", "fix: "];
    let validate = format!("{VALIDATE} --verbose"); // which tells each, though they are alike
    estate.check(&validate, 1, &parts);
    estate.check(
        "apply --registry sandbox --yes --only inet6num/2a0f:85c1:263::/48 --only role/HN1-RIPE",
        0,
        &["2 done"],
    );
    estate.check(&validate, 1, &parts);
}

#[test]
fn without_vrps_nothing_is_proven() {
    let estate = applied();
    let vrps = estate.read("fixtures/vrps.json");
    let check = |text: &str, expected: &str| {
        fs::write(estate.path("fixtures/vrps.json"), text).unwrap();
        estate.check(VALIDATE, 2, &["error: ", "fixtures/vrps.json", expected, "hint: "]);
    };
    check("", "holds no VRP");
    check(r#"{ "metadata": { "generatedTime": "2026-01-01T00:00:00Z" }, "roas": [] }"#, "holds no VRP");
    check(vrps.get(..vrps.len() / 2).unwrap(), "is cut off");
    check("<html><body>502 Bad Gateway</body></html>", "it begins with `<html>");
    fs::remove_file(estate.path("fixtures/vrps.json")).unwrap();
    estate.check(VALIDATE, 2, &["fixtures/vrps.json", "cannot be read"]);
    estate.check(&format!("{VALIDATE} --vrps elsewhere.json"), 2, &["elsewhere.json", "cannot be read"]);
}

/// Where an upstream demands a ROA, whether it carries something is not known without VRPs.
#[test]
fn what_upstreams_demand_is_not_proven_without_vrps() {
    let estate = applied();
    estate.check(&format!("{VALIDATE} --proof upstream"), 0, &[]);
    estate.edit("ripectl.toml", "vrps = \"fixtures/vrps.json\"\n", "");
    for proof in ["", " --proof rpki", " --proof upstream"] {
        estate.check(&format!("{VALIDATE}{proof}"), 2, &["there are no VRPs to validate against"]);
    }
    estate.check(&format!("{VALIDATE} --proof irr"), 0, &["VRPs", "not looked at"]);
}

#[test]
fn old_vrps_prove_nothing_and_a_fixture_says_that_its_age_does_not_count() {
    let estate = applied();
    estate.check(VALIDATE, 0, &["a fixture whose age does not count (max-age = \"never\")"]);
    estate.edit("ripectl.toml", "max-age = \"never\"", "max-age = \"2h\"");
    let vrps = estate.read("fixtures/vrps.json");
    let (_, roas) = vrps.split_once("\"roas\"").unwrap();
    let old = format!(r#"{{ "metadata": {{ "generatedTime": "2026-01-01T00:00:00Z" }}, "roas"{roas}"#);
    fs::write(estate.path("fixtures/vrps.json"), old).unwrap();
    estate.check(VALIDATE, 2, &["fixtures/vrps.json", "2026-01-01T00:00:00Z", "hint: "]);
    // The time at which a file was written is no evidence.
    fs::write(estate.path("fixtures/vrps.json"), format!(r#"{{ "roas"{roas}"#)).unwrap();
    estate.check(VALIDATE, 2, &["fixtures/vrps.json", "does not say when"]);
}

#[test]
fn what_is_wrong_in_the_files_is_shown_and_nothing_is_written() {
    let check = |file: &str, bytes: &[u8], commands: &[(&str, i32)], parts: &[&str]| {
        let estate = Estate::new();
        fs::write(estate.path(file), bytes).unwrap();
        for (line, status) in commands {
            estate.check(line, *status, parts);
        }
        assert!(!estate.path(".ripectl").exists(), "nothing is written");
    };
    let (plan, apply) = ("plan --registry sandbox", "apply --registry sandbox --yes");
    let all = [("check", 1), (plan, 2), (apply, 2), ("validate --registry sandbox", 2)];
    let with_fmt = [("fmt --check", 1), ("fmt", 2)].iter().chain(&all).copied().collect::<Vec<_>>();
    check(
        "objects/lab.rpsl",
        b"person:  Ada\naddress: Amsterdam\nphone +31 20 5550100\nnic-hdl: AL1-RIPE\n",
        &with_fmt,
        &["objects/lab.rpsl:3:1", "this line is no attribute", "3 | phone +31 20 5550100", "hint"],
    );
    check("objects/lab.rpsl", b"person: Jos\xe9\n", &with_fmt, &["objects/lab.rpsl", "not UTF-8"]);
    let toml = Estate::new().read("ripectl.toml");
    check(
        "ripectl.toml",
        toml.replacen("templates = ", "template = ", 1).as_bytes(),
        &all,
        &["ripectl.toml:", "`template`", "did you mean `templates`?"],
    );
    check(
        "ripectl.toml",
        toml.replacen("lux = { index = 1,", "lux = { index = 2,", 1).as_bytes(),
        &all,
        &["ripectl.toml:", "2a0f:85c1:262::/48", "lux", "lv"],
    );
}

/// A server that gives the same bytes for every request, and keeps what it was asked.
struct Canned {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Canned {
    /// Without an answer it breaks every connection off.
    fn serve(answer: Option<String>) -> Canned {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let request = converse(stream.unwrap(), answer.as_deref());
                kept.lock().unwrap().push(request);
            }
        });
        Canned { url, requests }
    }
}

/// Reads one request and answers it; returns its first line.
fn converse(mut stream: TcpStream, answer: Option<&str>) -> String {
    let mut bytes = [0; 4096];
    // What is left unread when the connection is closed makes it a reset.
    let wanted = if answer.is_some() { bytes.len() } else { 20 };
    let length = stream.read(&mut bytes[..wanted]).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
    let _ = stream.write_all(answer.unwrap_or_default().as_bytes());
    text.lines().next().unwrap_or_default().to_owned()
}

fn http(status: &str, kind: &str, body: &str) -> Option<String> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}");
    Some(format!("{head}\r\nConnection: close\r\n\r\n{body}"))
}

#[test]
fn a_registry_that_cannot_be_read_is_trouble_and_is_not_written_to() {
    let check = |answer: Option<String>, expected: &str| {
        let estate = Estate::new();
        let canned = Canned::serve(answer);
        let registry = format!("[registry.test]\nurl = \"{}\"\nsource = \"TEST\"\n\n[manage]", canned.url);
        estate.edit("ripectl.toml", "[manage]", &registry);
        let host = canned.url.trim_start_matches("http://");
        own(
            &estate,
            &format!(
                "[registry.test]\ncredential = \"lab\"\n[credential.lab]\nhost = \"{host}\"\nenv = \"LAB_KEY\"\n"
            ),
        );
        for line in ["plan", "plan --exit-code", "apply --yes", "validate"] {
            let mut command = estate.command(&format!("{line} --registry test"));
            let output = command.env("LAB_KEY", "ABCDEFGHIJKLMNOPQRSTUVWX:hush").output().unwrap();
            let text = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{line}: {text}");
            assert!(
                text.contains("error: ") && text.contains(expected),
                "`{line}` says no `{expected}` but {text}"
            );
            assert!(text.contains(&canned.url) && !text.contains("hush"), "{text}");
            assert!(output.stdout.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stdout));
        }
        let requests = canned.requests.lock().unwrap();
        assert!(
            !requests.is_empty() && requests.iter().all(|line| line.is_empty() || line.starts_with("GET ")),
            "{requests:?}"
        );
        assert!(!estate.path(".ripectl/journal").exists(), "nothing is journalled");
    };
    check(http("200 OK", "text/html", "<html><body>Log in to the hotel's network</body></html>"), "html");
    check(http("500 Internal Server Error", "text/plain", "oops"), "status 500");
    check(http("200 OK", "application/json", ""), "empty");
    check(http("200 OK", "application/json", r#"{"objects":{"object":[{"type":"#), "status 200");
    check(None, "connection");
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_asked_of_the_registry() {
    let estate = Estate::new();
    let canned = Canned::serve(http("500 Internal Server Error", "text/plain", ""));
    let registry = format!("[registry.test]\nurl = \"{}\"\nsource = \"TEST\"\n\n[manage]", canned.url);
    estate.edit("ripectl.toml", "[manage]", &registry);
    estate.check("apply --registry test", 2, &["nobody can be asked here", "ripectl apply --yes"]);
    assert_eq!(canned.requests.lock().unwrap().len(), 0);
    estate.check("apply --registry sandbox", 2, &["nobody can be asked here"]);
    assert!(!estate.path(".ripectl").exists());
}
