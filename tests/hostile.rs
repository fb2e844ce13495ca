//! What comes from outside does nothing to a terminal, a log or a page: hostile names, values and messages, in every
//! form of every command that shows them.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

mod common;

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    process::{Command, Stdio},
    thread,
};

use common::Estate;

const FORMS: [&str; 6] = ["text", "json", "markdown", "sarif", "github", "junit"];

/// What each hostile text holds: a clear screen, a C1 sequence, a turned direction, nothing, a line separator, and what
/// build servers and pages obey.
const EVIL: &str = "\u{1b}[2J\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\u{7f}##[error]x @octocat ![x](https://evil.example/x.png) ```";

/// What no output may hold, whatever is shown.
fn harmless(line: &str, form: &str, text: &str) {
    let hidden = |c: &char| {
        c.is_control() && *c != '\n' && *c != '\t'
            || matches!(u32::from(*c), 0x61C | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF)
    };
    if let Some(c) = text.chars().find(hidden) {
        panic!("{line}: {:?} is shown\n{text}", c.escape_unicode().to_string());
    }
    for shown in text.lines() {
        let begin = shown.trim_start();
        let ours = form == "github"
            && ["::error ", "::warning ", "::notice ", "::debug::"]
                .iter()
                .any(|verb| shown.starts_with(verb));
        assert!(!begin.starts_with("::") || ours, "{line}: a line is a command of GitHub\n{text}");
        assert!(!shown.contains("##["), "{line}: a line is a command of a runner\n{text}");
        assert!(!shown.starts_with("spoofed"), "{line}: a text begins a line\n{text}");
    }
    match form {
        "json" | "sarif" => drop(serde_json::from_str::<serde_json::Value>(text).unwrap()),
        "markdown" => {
            // What stands between backticks is code.
            let tables: String = text.lines().filter(|line| line.starts_with('|')).collect();
            let tables = tables.replace("\\`", "");
            let tables: String = tables.split('`').step_by(2).collect();
            for part in [" @octocat", "![x]", "https://evil"] {
                assert!(!tables.contains(part), "{line}: `{part}` has a meaning\n{text}");
            }
            let fence = text.lines().next().unwrap_or_default().trim_end_matches("text").to_owned();
            if fence.starts_with("```") {
                assert_eq!(
                    text.lines().filter(|line| line.starts_with(&fence)).count(),
                    2,
                    "{line}: a fence is closed\n{text}"
                );
            }
        }
        "junit" => {
            assert!(text.chars().all(
                |c| matches!(u32::from(c), 0x9 | 0xA | 0xD | 0x20..=0xD7FF | 0xE000..=0xFFFD | 0x10000..)
            ));
        }
        _ => {}
    }
}

fn check(estate: &Estate, line: &str, forms: &[&str], statuses: &[i32], parts: &[&str]) {
    for form in forms {
        let line = format!("{line} --format {form}");
        let output = estate.command(&line).stdin(Stdio::null()).output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(statuses.contains(&output.status.code().unwrap()), "{line}\n{out}{err}");
        if !out.is_empty() {
            harmless(&line, form, &out);
        }
        harmless(&line, "text", &err);
        for part in parts {
            assert!(
                out.contains(part) || err.contains(part),
                "`{line}` does not say `{part}` but\n{out}{err}"
            );
        }
    }
}

#[test]
fn what_the_files_say_does_nothing() {
    let estate = Estate::new();
    let flat = format!(
        "as-set: AS-FLAT\ndescr: {EVIL}\ntech-c: HN1-RIPE\nadmin-c: HN1-RIPE\nnotify: {EVIL}\n  spoofed line\nmnt-by: HOBBY-MNT\nsource: RIPE\nno attribute {EVIL}\n"
    );
    fs::write(estate.path("objects/flat.rpsl"), flat).unwrap();
    fs::write(
        estate.path(&format!("objects/x\n::error::{}\nspoofed.rpsl", EVIL.replace(['/', '`'], ""))),
        format!("as-set: AS-X\nno attribute {EVIL}\n"),
    )
    .unwrap();
    check(&estate, "check", &FORMS, &[1], &["syntax"]);
    check(&estate, "check -v", &FORMS, &[1], &["syntax"]);
    check(&estate, "fmt --check", &FORMS, &[1], &["flat.rpsl"]);
    check(&estate, "plan --registry sandbox", &FORMS, &[0, 2], &[]);
    check(&estate, "validate --registry sandbox", &FORMS, &[1, 2], &[]);
}

#[test]
fn what_the_configuration_says_does_nothing() {
    let quoted = serde_json::to_string(&format!("x\n::error::{EVIL}\nspoofed\""))
        .unwrap()
        .replace("\\u007f", "")
        .replace('\u{7f}', "\\u007F");
    for (from, to) in [
        ("format = 1", format!("format = 1\n{quoted} = 1")),
        ("maintainers = [\"HOBBY-MNT\"]", format!("maintainers = [{quoted}]")),
        (
            "credential = \"hobby\"",
            format!("credential = \"hobby\"\n[registry.{quoted}]\nurl = {quoted}\nsource = {quoted}"),
        ),
        ("lux = { upstream = \"buyvm\"", format!("lux = {{ upstream = {quoted}")),
        ("origin = \"AS205398\"", format!("origin = {quoted}")),
        ("route6 = \"route\"", format!("route6 = {quoted}")),
        ("vrps = \"fixtures/vrps.json\"", format!("vrps = {quoted}")),
        ("mail-to = \"noc@sponsor.example\"", format!("mail-to = {quoted}")),
        ("nserver = [\"ns1.hobby.example\"", format!("nserver = [{quoted}")),
        ("protect = [\"organisation/*\"", format!("protect = [{quoted}")),
    ] {
        let estate = Estate::new();
        estate.edit("ripectl.toml", from, &to);
        check(&estate, "check", &FORMS, &[0, 1, 2], &[]);
        check(&estate, "plan --registry sandbox", &FORMS, &[0, 1, 2], &[]);
        check(&estate, "validate --registry sandbox", &FORMS, &[0, 1, 2], &[]);
        check(&estate, "explain AS205398 --registry sandbox", &FORMS[..3], &[0, 2], &[]);
    }
}

#[test]
fn what_vrps_say_does_nothing() {
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    let evil = serde_json::to_string(EVIL).unwrap();
    let vrps = estate.read("fixtures/vrps.json").replace("\"hobby\"", &evil);
    let anchor = serde_json::from_str::<serde_json::Value>(&vrps).unwrap()["roas"][0]["ta"]
        .as_str()
        .unwrap()
        .to_owned();
    let vrps = vrps.replace(&format!("\"ta\": \"{anchor}\""), &format!("\"ta\": {evil}"));
    let wrong = vrps.replacen(
        "\"AS205398\", \"prefix\": \"2a0f:85c1:263::/48\"",
        "\"AS64500\", \"prefix\": \"2a0f:85c1:263::/48\"",
        1,
    );
    assert_ne!(wrong, vrps);
    fs::write(estate.path("evil\n::error::x::.json"), wrong).unwrap();
    for form in FORMS {
        let mut command = estate.command("validate --registry sandbox --format");
        let output = command.arg(form).arg("--vrps").arg("evil\n::error::x::.json").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{form}\n{text}{told}");
        harmless("validate", form, &text);
        harmless("validate", "text", &told);
        assert!(text.contains("rpki-invalid-origin"), "{text}");
    }
    fs::write(estate.path("broken.json"), format!("{{\"roas\": [{{\"asn\": {evil}, \"prefix\": {evil}}}]}}"))
        .unwrap();
    check(&estate, "validate --registry sandbox --vrps broken.json", &FORMS, &[2], &["broken.json"]);
    fs::write(
        estate.path("broken.csv"),
        format!("ASN,IP Prefix,Max Length,Trust Anchor\n{EVIL},{EVIL},1,x\n"),
    )
    .unwrap();
    check(&estate, "validate --registry sandbox --vrps broken.csv", &FORMS, &[2], &["broken.csv"]);
}

#[test]
fn what_is_typed_does_nothing() {
    let estate = Estate::new();
    let evil = format!("x\n::error::{EVIL}\nspoofed");
    for words in [
        vec!["check", &evil],
        vec!["check", "--registry", &evil],
        vec!["plan", "--registry", &evil],
        vec!["plan", "--registry", "sandbox", "--only", &evil],
        vec!["plan", "--format", &evil],
        vec!["plan", "--registry", "sandbox", "--allow-announced", &evil],
        vec!["apply", "--yes", &evil],
        vec!["explain", &evil, "--registry", "sandbox"],
        vec!["validate", &evil, "--registry", "sandbox"],
        vec!["validate", "--vrps", &evil, "--registry", "sandbox"],
        vec!["fmt", &evil],
        vec!["fmt", "--check", &evil],
        vec!["split", &evil],
        vec!["split", "2001:db8::/46", "--origin", &evil],
        vec!["sandbox", "dump", "--state-dir", &evil],
        vec!["sandbox", "serve", "--load", &evil, "--ephemeral", "--listen", "127.0.0.1:0"],
        vec!["-C", &evil, "check"],
        vec![&evil],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ripectl"));
        command.env("COLUMNS", "1000");
        let output = command.args(&words).current_dir(estate.path("")).stdin(Stdio::null()).output().unwrap();
        let line = words.join(" ");
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert_eq!(output.status.code(), Some(2), "{line}\n{out}{err}");
        harmless(&line, "text", &out);
        harmless(&line, "text", &err);
        assert!(!err.is_empty() || !out.is_empty(), "{line}");
    }
}

/// A registry that answers every request with this text, as a message or as an object.
fn registry(status: &'static str, body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        // Bounded: a test that asks more is stuck.
        for stream in listener.incoming().take(2000) {
            let mut stream = stream.unwrap();
            let mut request = [0; 8192];
            let _ = stream.read(&mut request);
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn what_a_registry_says_does_nothing() {
    let evil = serde_json::to_string(&format!("x\n::error::{EVIL}\nspoofed")).unwrap();
    let message = format!(
        "{{\"errormessages\":{{\"errormessage\":[{{\"severity\":\"Error\",\"text\":{evil},\"args\":[{{\"value\":{evil}}}]}}]}}}}"
    );
    let attribute = |name: &str, value: &str| format!("{{\"name\":\"{name}\",\"value\":{value}}}");
    let object = |class: &str, attributes: &[String]| {
        format!(
            "{{\"objects\":{{\"object\":[{{\"type\":\"{class}\",\"primary-key\":{{\"attribute\":[{}]}},\"attributes\":{{\"attribute\":[{}]}}}}]}}}}",
            attributes[0],
            attributes.join(",")
        )
    };
    let foreign = object(
        "aut-num",
        &[
            attribute("aut-num", "\"AS205398\""),
            attribute("descr", &evil),
            attribute("mnt-by", "\"HOBBY-MNT\""),
            attribute("mnt-by", &evil),
            attribute("remarks", &evil),
            attribute("source", "\"RIPE\""),
        ],
    );
    for (status, body) in [
        ("400 Bad Request", message.clone()),
        ("403 Forbidden", message.clone()),
        ("500 Internal Server Error", evil.clone()),
        ("200 OK", message),
        ("200 OK", evil.clone()),
        ("200 OK", foreign),
    ] {
        let estate = Estate::new();
        let url = registry(status, body);
        estate.edit(
            "ripectl.toml",
            "[registry.ripe]",
            &format!("[registry.evil]\nurl = \"{url}\"\nsource = \"RIPE\"\n\n[registry.ripe]"),
        );
        for line in ["plan --registry evil", "plan --registry evil -v", "validate --registry evil"] {
            check(&estate, line, &FORMS, &[0, 1, 2], &[]);
        }
        check(&estate, "explain AS205398 --registry evil", &FORMS[..3], &[0, 1, 2], &[]);
        check(&estate, "apply --registry evil --yes", &FORMS[..3], &[0, 1, 2], &[]);
    }
}

#[test]
fn what_the_sandbox_holds_does_nothing() {
    let estate = Estate::new();
    let rpsl = format!(
        "as-set:         AS205398:AS-HOBBY\ndescr:          {EVIL}\nremarks:        a\n+\n                ::error::x\ntech-c:         HN1-RIPE\nadmin-c:        HN1-RIPE\nmnt-by:         HOBBY-MNT\nsource:         RIPE\n"
    );
    fs::write(estate.path("evil.rpsl"), rpsl).unwrap();
    let mut serve = estate
        .command("sandbox serve --listen 127.0.0.1:0 --load evil.rpsl")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut byte = [0];
    serve.stdout.as_mut().unwrap().read_exact(&mut byte).unwrap();
    serve.kill().unwrap();
    serve.wait().unwrap();
    check(&estate, "sandbox dump", &FORMS[..3], &[0], &["AS205398:AS-HOBBY"]);
    check(&estate, "plan --registry sandbox", &FORMS, &[0], &["AS205398:AS-HOBBY"]);
    check(&estate, "plan --registry sandbox -v", &FORMS, &[0], &["AS205398:AS-HOBBY"]);
    check(&estate, "apply --registry sandbox --yes", &FORMS[..3], &[0, 1, 2], &[]);
}

/// A server of any protocol on loopback that answers each connection with these bytes, whatever it is asked.
fn answering(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming().take(500) {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(&bytes);
        }
    });
    place
}

/// What `validate` and `roa check` read from others: lists, routers, dumps, servers.
#[test]
fn what_the_gate_reads_does_nothing() {
    const GATE: [&str; 7] = ["text", "json", "markdown", "sarif", "github", "junit", "csv"];
    let evil = format!("x\n::error::{EVIL}\nspoofed");
    let (line, quoted) = (evil.replace('\n', " "), serde_json::to_string(&evil).unwrap());
    let estate = Estate::new();
    estate.check("apply --registry sandbox --yes", 0, &[]);
    let waiver = quoted.replace("\\u007f", "").replace('\u{7f}', "\\u007F");
    estate.edit(
        "ripectl.toml",
        "# Who makes the ROAs.",
        &format!("[[waiver]]\nprefix = \"2a0f:85c1:261::/48\"\nrule = \"irr-missing\"\nuntil = 2100-12-31\nwhy = {waiver}\n\n# Who makes the ROAs."),
    );
    let slurm = |comment: &str, prefix: &str| {
        format!(
            "{{\"slurmVersion\":1,\"validationOutputFilters\":{{\"prefixFilters\":[{{\"asn\":1,\"comment\":{comment}}}],\"bgpsecFilters\":[]}},\"locallyAddedAssertions\":{{\"prefixAssertions\":[{{\"asn\":1,\"prefix\":{prefix},\"comment\":{comment}}}],\"bgpsecAssertions\":[]}}}}"
        )
    };
    let route = format!(
        "route6:         2a0f:85c1:262::/48\ndescr:          {line}\norigin:         AS64500\nmnt-by:         {line}\nsource:         {line}\n\n"
    );
    let files = [
        ("good.json", slurm(&quoted, "\"2a0f:85c1:261::/48\"")),
        ("bad.json", slurm(&quoted, &quoted)),
        ("list.csv", format!("{line},{line}\n")),
        (
            "seen.csv",
            format!(
                "prefix,origin,{line}\n2a0f:85c1:261::/48,AS205398,{line}\n2a0f:85c1:262::/48,AS64500,{line}\n"
            ),
        ),
        ("bird.txt", format!("BIRD 2.0.12 ready.\n{line}\n")),
        ("frr.json", format!("{{\"warning\":{quoted}}}")),
        ("frr2.json", format!("{{\"vrfName\":{quoted},\"localAS\":1,\"routes\":{{{quoted}:[]}}}}")),
        ("openbgpd.json", format!("{{\"error\":{quoted}}}")),
        (
            "ripestat.json",
            format!(
                "{{\"messages\":[[{quoted},{quoted}]],\"status\":{quoted},\"data_call_name\":{quoted},\"data\":{{}}}}"
            ),
        ),
        ("irr.db", route.clone()),
        ("broken.db", format!("route6: {line}\norigin: {line}\nsource: {line}\n\n")),
    ];
    for (name, text) in &files {
        fs::write(estate.path(name), text).unwrap();
    }
    let http = |status: &str, body: &str| {
        answering(format!("HTTP/1.1 {status}\r\nServer: {line}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).into_bytes())
    };
    let (failed, sent) = (http(&format!("500 {line}"), &evil), http("200 OK", &evil));
    let graphql = http("200 OK", &format!("{{\"errors\":[{{\"message\":{quoted}}}],\"data\":null}}"));
    let refused = answering(format!("F {line}\n").into_bytes());
    let rtr = answering(
        [
            &[1, 10, 0, 4][..],
            &(16 + u32::try_from(line.len()).unwrap()).to_be_bytes(),
            &[0; 4],
            &u32::try_from(line.len()).unwrap().to_be_bytes(),
            line.as_bytes(),
        ]
        .concat(),
    );
    for words in [
        "--slurm good.json".to_owned(),
        "--slurm bad.json".to_owned(),
        "--announcements list.csv".to_owned(),
        "--announcements seen.csv".to_owned(),
        "--announcements bird.txt".to_owned(),
        "--announcements frr.json".to_owned(),
        "--announcements frr2.json".to_owned(),
        "--announcements openbgpd.json".to_owned(),
        "--announcements ripestat.json".to_owned(),
        format!("--announcements http://{failed}/a"),
        format!("--announcements http://{sent}/a"),
        format!("--vrps http://{failed}/a"),
        format!("--vrps http://{sent}/a"),
        format!("--vrps rtr://{rtr}"),
        "--irr irr.db".to_owned(),
        "--irr broken.db".to_owned(),
        format!("--irr http://{graphql}/graphql/"),
        format!("--irr irr://{refused}"),
    ] {
        check(&estate, &format!("validate --registry sandbox {words}"), &GATE, &[0, 1, 2], &[]);
        if !words.starts_with("--irr") {
            let add = "roa check --registry sandbox --add AS64500:2a0f:85c1:262::/48";
            check(&estate, &format!("{add} {words}"), &GATE, &[0, 1, 2], &[]);
        }
    }
}

/// Colours are ours, also where a text brings its own.
#[test]
fn colours_are_ours_alone() {
    let estate = Estate::new();
    fs::write(estate.path("objects/flat.rpsl"), "no attribute \u{1b}[32mgreen\nas-set: AS-FLAT\n").unwrap();
    for line in
        ["check --color always", "plan --registry sandbox --color always", "check --color always --nosuch"]
    {
        let text =
            estate.check(line, if line.contains("check") && !line.contains("nosuch") { 1 } else { 2 }, &[]);
        assert!(!text.contains("\u{1b}[32mgreen") && !text.contains("\u{1b}[2J"), "{line}\n{text}");
        assert!(
            line.contains("nosuch") || text.contains("\u{1b}[") && text.contains("\\u{1b}[32mgreen"),
            "{line}\n{text}"
        );
    }
}
