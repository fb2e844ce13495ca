//! The recorded writes of `../shared/registry`, decided in memory and compared with what the real server answered.
//!
//! `RECORDED=inet6num cargo test --lib recorded -- --nocapture` shows the differences of the files with that name;
//! `RECORDED_EVEN=1` includes the even-numbered cases, which are not worked on.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use serde_json::Value;

use super::{Action, Credential, Effect, Message, Refusal, Region, Request, Scope, Settings, decide};
use crate::{
    finding::{Severity, Source},
    net::{Asn, Block},
    registered::{Inventory, Registered},
    rpsl::{Attribute, Class, Draft, File, Key, Name, Object, shared},
};

/// An API key of the recordings.
struct ApiKey {
    id: String,
    account: String,
    scope: Scope,
}

/// The keys that the recordings' server knew, in the table `ACCOUNTS` of replay.py: a line for each with id, secret,
/// account, scope and the name of the time when it expires. One that has expired speaks for nobody.
fn keys(replay: &str) -> Vec<ApiKey> {
    let table = replay.split("\nACCOUNTS = [\n").nth(1).unwrap().split("\n]").next().unwrap();
    let valid = table.lines().filter(|line| !line.ends_with("PAST),"));
    let key = |line: &str| {
        let texts: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        let [id, _, account, scope] = texts[..] else { panic!("not an account: {line}") };
        let scope = if scope == "ANY" { Scope::Any } else { Scope::Only(vec![scope.to_owned()]) };
        ApiKey { id: id.to_owned(), account: account.to_owned(), scope }
    };
    valid.map(key).collect()
}

fn credential(step: &Value, keys: &[ApiKey]) -> Credential {
    let header = step["request_headers"]["Authorization"].as_str().unwrap_or_default();
    let encoded = header.strip_prefix("Basic ").unwrap_or_default();
    let id = decode(encoded).split(':').next().unwrap_or_default().to_owned();
    match keys.iter().find(|key| key.id == id) {
        None => Credential::Nobody,
        Some(ApiKey { account, scope, .. }) => {
            Credential::Account { name: account.clone(), scope: scope.clone() }
        }
    }
}

fn decode(text: &str) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: String = text.chars().filter_map(|c| alphabet.find(c)).map(|n| format!("{n:06b}")).collect();
    let bytes = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap());
    String::from_utf8_lossy(&bytes.collect::<Vec<_>>()).into_owned()
}

fn settings(authoritative: &Value, bogons: &Value) -> Settings {
    let mut region = Region::default();
    for text in authoritative.as_array().into_iter().flatten().filter_map(Value::as_str) {
        match text.starts_with("AS") {
            true => {
                let (first, last) = text.split_once('-').unwrap_or((text, text));
                region.asns.push((first.parse::<Asn>().unwrap(), last.parse::<Asn>().unwrap()));
            }
            false => region.blocks.push(Block::parse(text).unwrap()),
        }
    }
    let base = Settings::default();
    let bogons =
        bogons.as_array().map(|list| list.iter().map(|b| b.as_str().unwrap().parse().unwrap()).collect());
    Settings {
        region: if authoritative == "all" { Region::everything() } else { region },
        bogons: bogons.unwrap_or(base.bogons),
        accounts: Some(
            ["person@net.net", "random@ripe.net", "test@ripe.net", "db-test@ripe.net"]
                .map(String::from)
                .to_vec(),
        ),
        max_references: Some(100),
        failing_dns: Some(BTreeMap::from([(
            "d.a.e.d.0.6.2.0.1.c.5.8.f.0.a.2.ip6.arpa".to_owned(),
            "No name servers found at child".to_owned(),
        )])),
        ..Settings::default()
    }
}

fn world(text: &str) -> Registered {
    let source = std::sync::Arc::new(Source::new("setup", text));
    let (file, _) = File::parse(&source);
    let objects: Vec<Object> = file.objects().map(|(object, _)| object.clone()).collect();
    let handles = objects.iter().map(Object::key).filter(|key| claims(key.class()));
    let used: HashSet<String> = handles.map(|key| key.text().to_ascii_lowercase()).collect();
    Registered { used, ..Registered::whole(Inventory::of(objects)) }
}

fn claims(class: Class) -> bool {
    matches!(class, Class::Person | Class::Role | Class::Organisation | Class::KeyCert)
}

fn submitted(step: &Value) -> Option<Object> {
    let object =
        step["request_body"]["objects"]["object"].as_array().filter(|list| list.len() == 1)?.first()?;
    let pairs = object["attributes"]["attribute"].as_array()?.iter().map(|a| {
        let text = |field: &str| a[field].as_str().unwrap_or_default().to_owned();
        let comment = a["comment"].as_str().map_or_else(String::new, |comment| format!(" # {comment}"));
        (text("name"), text("value") + &comment)
    });
    Draft::from_pairs(pairs).build().ok()
}

/// Status and messages as the recordings have them.
type Answer = (u64, Vec<(String, String, Vec<String>, Option<String>)>);

fn recorded(step: &Value) -> Answer {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let list = step["response_body"]["errormessages"]["errormessage"].as_array().cloned().unwrap_or_default();
    let messages = list.iter().map(|m| {
        let args = m["args"].as_array().into_iter().flatten().map(|a| masked(&text(&a["value"]))).collect();
        let about = m.get("attribute").map(|a| format!("{}:{}", text(&a["name"]), text(&a["value"]).trim()));
        (text(&m["severity"]), text(&m["text"]), args, about)
    });
    (step["status"].as_u64().unwrap(), without_times(messages.collect()))
}

/// Name and value of each element of each attribute, but for times.
type Elements = Vec<(String, String)>;

fn elements(attributes: impl Iterator<Item = (String, String)>) -> Elements {
    let mut found = Elements::new();
    let kept = |label: &str| !matches!(label, "created" | "last-modified" | "auth");
    for (label, raw) in attributes.filter(|(label, _)| kept(label)) {
        let attribute = Attribute { name: Name::from_text(&label), label: &label, raw: &raw };
        let mut values: Vec<String> = Vec::new();
        for value in attribute.values() {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        found.extend(values.into_iter().map(|value| (label.to_ascii_lowercase(), value)));
    }
    found
}

fn answered(effect: &Effect) -> Option<Elements> {
    let object = match effect {
        Effect::Created(object) | Effect::Modified { after: object, .. } | Effect::Unchanged(object) => {
            object
        }
        Effect::Deleted(_) | Effect::Refused { .. } => return None,
    };
    Some(elements(object.attributes().map(|a| (a.label.to_owned(), a.raw.to_owned()))))
}

fn recorded_object(step: &Value) -> Option<Elements> {
    let list = step["response_body"]["objects"]["object"].as_array()?.first()?["attributes"]["attribute"]
        .as_array()?;
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    Some(elements(list.iter().map(|a| (text(&a["name"]), text(&a["value"])))))
}

fn masked(text: &str) -> String {
    if text.len() == 20 && text.ends_with('Z') { "<now>".into() } else { text.to_owned() }
}

fn without_times(
    messages: Vec<(String, String, Vec<String>, Option<String>)>,
) -> Vec<(String, String, Vec<String>, Option<String>)> {
    let times = |about: &Option<String>| {
        about.as_ref().is_some_and(|a| a.contains("created:") || a.contains("last-modified:"))
    };
    messages.into_iter().filter(|(_, _, _, about)| !times(about)).collect()
}

/// Decides one recorded write; `None` if it is not one for a single object.
fn answer(
    step: &Value,
    world: &mut Registered,
    settings: &Settings,
    keys: &[ApiKey],
    now: Timestamp,
) -> Option<(Answer, super::Decision)> {
    let path: Vec<&str> = step["path"].as_str()?.trim_start_matches('/').splitn(3, '/').collect();
    let class = Class::from_text(path.get(1)?)?;
    if !path[0].eq_ignore_ascii_case("RIPE") {
        return None;
    }
    let (action, object) = match step["method"].as_str()? {
        "POST" => (Action::Create, submitted(step)?),
        "PUT" => (Action::Write, submitted(step)?),
        "DELETE" => {
            let key = percent_encoding::percent_decode_str(path.get(2)?).decode_utf8().ok()?;
            (Action::Delete, world.objects.get(&Key::new(class, &key))?.clone())
        }
        _ => return None,
    };
    if object.class() != class || step["status"] == 301 {
        return None;
    }
    let query = step["query"].as_str().unwrap_or_default();
    let dry_run = query.split('&').any(|p| p == "dry-run" || p == "dry-run=true" || p == "dry-run=");
    let credential = credential(step, keys);
    let request = Request { action, object: &object, credential: &credential, automatic: &BTreeMap::new() };
    let decision = decide(world, &request, settings, now);
    let status = match &decision.effect {
        Effect::Refused { refusal: Refusal::Unauthorised, .. } => 401,
        Effect::Refused { refusal: Refusal::Exists, .. } => 409,
        Effect::Refused { refusal: Refusal::Missing, .. } => 404,
        Effect::Refused { refusal: Refusal::BrokenOff, .. } => 500,
        Effect::Refused { refusal: Refusal::Invalid | Refusal::Unreadable, .. } => 400,
        _ => 200,
    };
    let mut messages = decision.messages.clone();
    if dry_run && !matches!(decision.effect, Effect::Refused { refusal: Refusal::Unreadable, .. }) {
        messages.retain(|m| m.rule != "identical");
        messages.insert(0, Message::info("Dry-run performed, no changes to the database have been made"));
        messages.sort_by_key(|m| m.severity);
    } else {
        apply(&decision.effect, world);
    }
    let shown = messages.iter().map(|m| {
        let severity = match m.severity {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
            Severity::Info => "Info",
        };
        let about = m.attribute.as_ref().map(|(label, raw)| format!("{label}:{}", raw.trim()));
        (severity.to_owned(), m.text.to_string(), m.args.iter().map(|a| masked(a)).collect(), about)
    });
    Some(((status, without_times(shown.collect())), decision))
}

fn apply(effect: &Effect, world: &mut Registered) {
    match effect {
        Effect::Created(after) | Effect::Modified { after, .. } => {
            if claims(after.class()) {
                world.used.insert(after.key().text().to_ascii_lowercase());
            }
            world.put(after.clone());
        }
        Effect::Deleted(object) => {
            world.delete(&object.key());
        }
        Effect::Unchanged(_) | Effect::Refused { .. } => {}
    }
}

#[derive(Default)]
struct Score {
    steps: usize,
    agree: usize,
}

fn run(
    name: &str,
    steps: &[Value],
    world: &mut Registered,
    settings: &Settings,
    keys: &[ApiKey],
    score: &mut Score,
    show: bool,
) {
    let now = Timestamp::now();
    for step in steps {
        let Some((got, decision)) = answer(step, world, settings, keys, now) else { continue };
        let want = recorded(step);
        assert!(decision.undecided.is_empty(), "{name}: undecided {:?}", decision.undecided);
        score.steps += 1;
        let (object, stored) = (answered(&decision.effect), recorded_object(step));
        let same_object = object.is_none() || stored.is_none() || object == stored;
        score.agree += usize::from(got == want && same_object);
        if !same_object && show {
            println!("{name} {}\n   object {object:?}\n   want   {stored:?}", step["name"]);
        }
        if got != want && show {
            println!(
                "{name} {} {} {}\n   got  {got:?}\n   want {want:?}",
                step["name"], step["method"], step["path"]
            );
        }
    }
}

#[test]
fn writes_are_decided_as_the_server_decided_them() {
    let Some(folder) = shared::path("registry") else { return };
    let filter = std::env::var("RECORDED").ok();
    let lines = |path: &std::path::Path| -> Vec<Value> {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let files = |sub: &str| {
        let mut files: Vec<_> =
            std::fs::read_dir(folder.join(sub)).unwrap().map(|e| e.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|e| e == "jsonl"));
        files.sort();
        files
    };
    let base = std::fs::read_to_string(folder.join("base.rpsl")).unwrap();
    let keys = keys(&std::fs::read_to_string(folder.join("replay.py")).unwrap());
    let region = serde_json::json!([
        "AS1-AS999",
        "AS3333",
        "AS12654",
        "AS196608-AS199999",
        "AS205000-AS206999",
        "::/0",
        "0.0.0.0/1",
        "128.0.0.0/2",
        "192.0.0.0/5"
    ]);
    let shown =
        |path: &std::path::Path| filter.as_ref().is_some_and(|f| path.to_string_lossy().contains(f.as_str()));
    let (mut odd, mut even, mut transcripts) = (Score::default(), Score::default(), Score::default());
    for path in files("transcripts") {
        let mut score = Score::default();
        run(
            "transcript",
            &lines(&path),
            &mut world(&base),
            &settings(&region, &Value::Null),
            &keys,
            &mut score,
            shown(&path),
        );
        println!("{:34} {:4} of {:4}", path.file_name().unwrap().to_string_lossy(), score.agree, score.steps);
        transcripts.agree += score.agree;
        transcripts.steps += score.steps;
    }
    for path in files("cases") {
        let (before_odd, before_even) = (odd.agree + even.agree, odd.steps + even.steps);
        for (index, case) in lines(&path).iter().enumerate() {
            let setup: Vec<&str> =
                case["setup"].as_array().unwrap().iter().map(|o| o.as_str().unwrap().trim()).collect();
            let settings = settings(&case["authoritative"], &case["bogons"]);
            let is_odd = index % 2 == 0;
            let score = if is_odd { &mut odd } else { &mut even };
            let show = shown(&path) && (is_odd || std::env::var("RECORDED_EVEN").is_ok());
            let steps = case["steps"].as_array().unwrap();
            run(
                case["id"].as_str().unwrap(),
                steps,
                &mut world(&(setup.join("\n\n") + "\n")),
                &settings,
                &keys,
                score,
                show,
            );
        }
        let (agree, steps) = (odd.agree + even.agree - before_odd, odd.steps + even.steps - before_even);
        println!("{:34} {agree:4} of {steps:4}", path.file_name().unwrap().to_string_lossy());
    }
    println!("transcripts {} of {}", transcripts.agree, transcripts.steps);
    println!("odd cases   {} of {}\neven cases  {} of {}", odd.agree, odd.steps, even.agree, even.steps);
    // A floor that may only rise.
    assert!(transcripts.agree >= 436 && odd.agree + even.agree >= 1060);
}
