//! The example's apply through a proxy that answers each of its requests in every wrong way there is.
//!
//! What must hold, whatever came: no exit 0 unless all is stored, no "failed" for what is stored, no "done" for what is
//! not. Whether something is stored is asked of the registry itself, past the proxy.
//!
//! Each request meets every 24th answer, each answer every 24th request; with `RIPECTL_FAULTS=all` all meet all,
//! which takes ten minutes on two cores.
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
    process::Output,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use proxy::{Act, Asked, Make, Proxy};
use ripectl::plan::{Change, Document};
use serde_json::{Value, json};
use stage::Stage;
use tokio::runtime::Runtime;

/// The options of an apply whose receipt is all that counts.
const SILENT: &str = "--no-validate --format json";
/// Which part of all pairs of request and answer is tried.
const PART: usize = 24;
/// How many runs go on at the same time: most wait for something to be settled.
const AT_ONCE: usize = 8;

/// A wrong answer: its name, how often the request is passed on before, and what is made of the real answer.
#[derive(Clone, Copy)]
struct Fault {
    name: &'static str,
    passed: usize,
    answer: Make,
}

/// The wrong answers. One that does not look at the real answer comes with and without the request being passed on.
fn faults() -> Vec<Fault> {
    let blind: [(&str, Make); 27] = [
        ("200 no object", |_, _| json_answer("200 OK", r#"{"objects":{"object":[]}}"#)),
        ("200 no objects at all", |_, _| json_answer("200 OK", r#"{"objects":{}}"#)),
        ("200 maintenance", |_, _| json_answer("200 OK", r#"{"message":"under maintenance"}"#)),
        ("200 empty JSON", |_, _| json_answer("200 OK", "{}")),
        ("200 null", |_, _| json_answer("200 OK", "null")),
        ("200 list", |_, _| json_answer("200 OK", "[]")),
        ("200 empty", |_, _| json_answer("200 OK", "")),
        ("200 no messages", |_, _| json_answer("200 OK", r#"{"errormessages":{"errormessage":[]}}"#)),
        ("200 HTML", |_, _| answer("200 OK", "text/html", "<html>welcome</html>")),
        ("200 JSON as text", |_, _| answer("200 OK", "text/plain", r#"{"objects":{"object":[]}}"#)),
        ("200 another object", |_, _| json_answer("200 OK", &of(&[other()], &[]))),
        ("200 error only", |_, _| json_answer("200 OK", &of(&[], &[error()]))),
        ("200 the request, back", |asked, _| json_answer("200 OK", asked.body())),
        ("201", |_, _| json_answer("201 Created", r#"{"objects":{"object":[]}}"#)),
        ("202", |_, _| json_answer("202 Accepted", "{}")),
        ("204", |_, _| Some("HTTP/1.1 204 No Content\r\n\r\n".to_owned())),
        ("301", |_, _| {
            Some("HTTP/1.1 301 Moved\r\nLocation: https://example.net/\r\nContent-Length: 0\r\n\r\n".into())
        }),
        ("400 error", |_, _| json_answer("400 Bad Request", &of(&[], &[error()]))),
        ("401 error", |_, _| json_answer("401 Unauthorized", &of(&[], &[error()]))),
        ("403 HTML", |_, _| answer("403 Forbidden", "text/html", "<html>")),
        ("404 of a gateway", |_, _| json_answer("404 Not Found", r#"{"message":"Not Found"}"#)),
        ("409 error", |_, _| json_answer("409 Conflict", &of(&[], &[error()]))),
        ("500 HTML", |_, _| answer("500 Oops", "text/html", "<html>")),
        ("502 empty", |_, _| answer("502 Bad Gateway", "text/html", "")),
        ("504 HTML", |_, _| answer("504 Gateway Timeout", "text/html", "<html>")),
        ("reset", |_, _| None),
        ("half a header", |_, _| Some("HTTP/1.1 200 OK\r\nContent-Type: appl".to_owned())),
    ];
    let seeing: [(&str, Make); 6] = [
        ("200 and an error", |_, real| {
            json_answer("200 OK", &with(real, "errormessages", messages(&[error()])))
        }),
        ("200 twice the object", |_, real| json_answer("200 OK", &twice(real))),
        ("200 another value", |_, real| json_answer("200 OK", &changed(real))),
        ("201 whole", |_, real| json_answer("201 Created", body(real))),
        ("500 whole", |_, real| json_answer("500 Oops", body(real))),
        ("cut off", |_, real| Some(real.split_at(real.len().saturating_sub(20)).0.to_owned())),
    ];
    let blind = blind
        .into_iter()
        .flat_map(|(name, answer)| [Fault { name, passed: 0, answer }, Fault { name, passed: 1, answer }]);
    let seeing = seeing.into_iter().map(|(name, answer)| Fault { name, passed: 1, answer });
    let again: Make = |_, real| Some(real.to_owned());
    let twice = [Fault { name: "sent twice", passed: 2, answer: again }];
    blind.chain(seeing).chain(twice).collect()
}

fn answer(status: &str, kind: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"))
}

fn json_answer(status: &str, body: &str) -> Option<String> {
    answer(status, "application/json", body)
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

fn error() -> Value {
    json!({"severity": "Error", "text": "Something is wrong"})
}

fn messages(messages: &[Value]) -> Value {
    json!({"errormessage": messages})
}

fn of(objects: &[Value], said: &[Value]) -> String {
    json!({"objects": {"object": objects}, "errormessages": messages(said)}).to_string()
}

/// An object that nobody asked about.
fn other() -> Value {
    let pair = |name: &str, value: &str| json!({"name": name, "value": value});
    let pairs = [
        pair("as-set", "AS64500:AS-OTHER"),
        pair("tech-c", "XX1-RIPE"),
        pair("admin-c", "XX1-RIPE"),
        pair("mnt-by", "HOBBY-MNT"),
        pair("created", "2026-01-01T00:00:00Z"),
        pair("last-modified", "2026-01-01T00:00:00Z"),
        pair("source", "RIPE"),
    ];
    json!({"type": "as-set", "attributes": {"attribute": pairs}})
}

/// The body of an answer with another value under `name`.
fn with(real: &str, name: &str, value: Value) -> String {
    let mut parsed: Value = serde_json::from_str(body(real)).unwrap_or_else(|_| json!({}));
    parsed[name] = value;
    parsed.to_string()
}

fn twice(real: &str) -> String {
    let parsed: Value = serde_json::from_str(body(real)).unwrap_or_else(|_| json!({}));
    let mut objects = parsed["objects"]["object"].as_array().cloned().unwrap_or_default();
    objects.extend(objects.clone());
    of(&objects, &[])
}

/// The body of an answer in which the second value of the first object is another.
fn changed(real: &str) -> String {
    let mut parsed: Value = serde_json::from_str(body(real)).unwrap_or_else(|_| json!({}));
    if let Some(value) = parsed.pointer_mut("/objects/object/0/attributes/attribute/1/value") {
        *value = json!("AS64999");
    }
    parsed.to_string()
}

/// Applies through a registry at `url`, with these options.
fn apply(stage: &Stage, url: &str, options: &str) -> Output {
    stage.command(url, &format!("apply --registry faulty --yes {options}")).output().unwrap()
}

/// What the example's apply changes, and how many requests it takes.
fn script(runtime: &Runtime) -> (Vec<Change>, usize) {
    let stage = runtime.block_on(Stage::new());
    let output = stage.estate.run("plan --registry sandbox --format json");
    let plan = Document::read(&String::from_utf8(output.stdout).unwrap()).unwrap();
    let proxy = runtime.block_on(Proxy::start(&stage.running.url, |_, _| Act::Pass));
    let output = apply(&stage, &proxy.url, SILENT);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let changes = plan.changes().unwrap().iter().map(|(_, change)| change.to_objects().unwrap()).collect();
    (changes, proxy.requests.load(Ordering::SeqCst))
}

/// Runs the example's apply with one wrong answer at request `at`, and says what was wrong about the outcome.
fn run(runtime: &Runtime, changes: &[Change], fault: Fault, at: usize) -> Option<String> {
    let stage = runtime.block_on(Stage::new());
    let act = move |_: &Asked, number: usize| match number == at {
        true => Act::Instead(fault.passed, fault.answer),
        false => Act::Pass,
    };
    let proxy = runtime.block_on(Proxy::start(&stage.running.url, act));
    let output = apply(&stage, &proxy.url, SILENT);
    let stored = runtime.block_on(stage.stored(changes));
    let wrong = verdict(&output, changes, &stored)?;
    Some(format!("{} (passed on {}×) at request {at}: {wrong}", fault.name, fault.passed))
}

/// What is wrong about an outcome, given what is stored.
fn verdict(output: &Output, changes: &[Change], stored: &[bool]) -> Option<String> {
    let Ok(receipt) = serde_json::from_slice::<Value>(&output.stdout) else {
        // Nothing was begun.
        let untouched = output.status.code() == Some(2) && !stored.iter().any(|is| *is);
        return (!untouched).then(|| format!("no receipt, status {:?}", output.status.code()));
    };
    if output.status.code() == Some(0) && !stored.iter().all(|is| *is) {
        return Some("exit 0, and not all is stored".to_owned());
    }
    let steps = receipt["steps"].as_array().unwrap();
    let of = |change: &Change| {
        let key = change.key();
        steps.iter().find(|step| step["key"] == key.text() && step["type"] == key.class().text())
    };
    let wrong = |(change, stored): (&Change, &bool)| {
        let status = of(change)?["status"].as_str().unwrap();
        let holds = match status {
            "done" => *stored,
            "failed" | "not_tried" => !stored,
            _ => true,
        };
        (!holds).then(|| {
            format!("`{status}` for {}, which is{} stored", change.key(), if *stored { "" } else { " not" })
        })
    };
    changes.iter().zip(stored).find_map(wrong)
}

#[test]
fn no_wrong_answer_passes_for_success() {
    let runtime = Runtime::new().unwrap();
    let (changes, requests) = script(&runtime);
    let faults = faults();
    let part = if std::env::var("RIPECTL_FAULTS").is_ok_and(|which| which == "all") { 1 } else { PART };
    let all =
        (0..requests).flat_map(|at| faults.iter().enumerate().map(move |(which, fault)| (at, which, fault)));
    let cases: Vec<(Fault, usize)> =
        all.filter(|(at, which, _)| (at + which) % part == 0).map(|(at, _, fault)| (*fault, at)).collect();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((fault, at)) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let outcome = run(&runtime, &changes, *fault, *at);
                    wrong.lock().unwrap().extend(outcome);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    println!(
        "{} wrong answers at {requests} requests of {} steps, {} passed for something else",
        cases.len(),
        changes.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
}

#[test]
fn the_receipt_survives_what_comes_after_it() {
    let runtime = Runtime::new().unwrap();
    let (changes, requests) = script(&runtime);
    let down: Make = |_, _| answer("502 Bad Gateway", "text/html", "");
    let act =
        move |_: &Asked, number: usize| if number < requests { Act::Pass } else { Act::Instead(0, down) };
    for (options, shown) in
        [("--format text", "Applied to faulty: 38 done"), ("--format json", "\"done\": 38")]
    {
        let stage = runtime.block_on(Stage::new());
        let proxy = runtime.block_on(Proxy::start(&stage.running.url, act));
        let output = apply(&stage, &proxy.url, options);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(shown) && text.contains("status 502"), "{text}");
        assert!(runtime.block_on(stage.stored(&changes)).iter().all(|is| *is));
    }
}
