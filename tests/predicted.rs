//! The refusals that `plan` foresees, held against what the real registry answered.
//!
//! Each write of `../shared/registry/cases` is first planned against an embedded registry that holds all that was
//! before it: the client knows nothing at first and asks until nothing is left to ask. Then it is sent, so that the
//! next one is planned against what it left. What no plan can say is counted by its reason.
//! `PREDICTED=organisation cargo test --test predicted -- --nocapture` shows what differs in the files of that name.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde_json::Value;

use ripectl::{
    plan::{self, Change, EarlierRound, Step, Verdict},
    registered::{Inventory, Query, Registered},
    registry::{Kind, Registry, Remote, Trouble},
    rpsl::{Class, Draft, Key, Object},
    rules::{Message, Settings},
    sandbox,
    target::TargetId,
    user::Secret,
};

/// Of the refused last writes that a plan can express, how many in a thousand are foreseen with the same texts. It
/// may only rise.
const FORESEEN: usize = 996;
/// Refusals foreseen that the registry did not give. It may only fall.
const INVENTED: usize = 0;

#[test]
fn refusals_are_foreseen_and_none_is_invented() {
    let Some(folder) = shared() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let begun = Instant::now();
    let mut score = Score::default();
    for file in files(&folder.join("cases")) {
        let shown = env::var("PREDICTED").is_ok_and(|part| file.to_string_lossy().contains(&part));
        for line in fs::read_to_string(&file).unwrap().lines() {
            runtime.block_on(replay(&Recording::read(&folder, line), &mut score, shown));
        }
    }
    print!("{score}");
    println!("in {:.1} s", begun.elapsed().as_secs_f32());
    assert!(score.last.foreseen * 1000 >= score.last.refused * FORESEEN, "{score}");
    assert!(score.all.invented == INVENTED, "{score}");
}

/// The folder with the recordings, or `None` with a line that says so.
fn shared() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");
    let folder = PathBuf::from(env::var("RIPECTL_SHARED").unwrap_or(beside.into())).join("registry");
    if !folder.join("cases").exists() {
        println!("skipped: the recordings ({}) are not here", folder.display());
    }
    folder.join("cases").exists().then_some(folder)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    files
}

/// One case: what is registered at first, the surroundings, and the requests with their answers.
struct Recording {
    id: String,
    objects: String,
    settings: String,
    accounts: String,
    steps: Vec<Value>,
}

impl Recording {
    fn read(folder: &Path, line: &str) -> Recording {
        let case: Value = serde_json::from_str(line).unwrap();
        let setup = case["setup"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().trim());
        Recording {
            id: case["id"].as_str().unwrap().to_owned(),
            objects: setup.collect::<Vec<_>>().join("\n\n") + "\n",
            settings: settings(&fs::read_to_string(folder.join("settings.toml")).unwrap(), &case),
            accounts: accounts(&fs::read_to_string(folder.join("replay.py")).unwrap()),
            steps: case["steps"].as_array().unwrap().clone(),
        }
    }
}

/// The settings of the recordings with the region and the bogons of the case.
fn settings(text: &str, case: &Value) -> String {
    let mut settings: toml::Table = text.parse().unwrap();
    let list = |value: &Value| toml::Value::try_from(value).unwrap();
    match &case["authoritative"] {
        Value::String(_) => drop(settings.remove("authoritative")),
        region => drop(settings.insert("authoritative".to_owned(), list(region))),
    }
    if case["bogons"].as_array().is_some_and(|bogons| !bogons.is_empty()) {
        settings.insert("bogons".to_owned(), list(&case["bogons"]));
    }
    settings.to_string()
}

/// The API keys of the recordings, as the table in `replay.py` names them.
fn accounts(script: &str) -> String {
    let table = script.split_once("ACCOUNTS = [").unwrap().1.split_once("\n]").unwrap().0;
    let rows = table.lines().map(|line| line.trim().trim_start_matches('(').trim_end_matches("),"));
    let rows = rows.filter(|row| row.starts_with('"'));
    let key = |row: &str| {
        let fields: Vec<&str> = row.split(", ").collect();
        let expires = match fields[4] {
            "PAST" => "2020-01-01T00:00:00Z".to_owned(),
            "SOON" => (Timestamp::now() + Duration::from_secs(5 * 86400)).to_string(),
            _ => "2999-01-01T00:00:00Z".to_owned(),
        };
        let (id, secret, account, scope) = (fields[0], fields[1], fields[2], fields[3]);
        format!(
            "[[key]]\nid = {id}\nsecret = {secret}\naccount = {account}\nscope = {scope}\nexpires = \"{expires}\"\n"
        )
    };
    rows.map(key).collect()
}

/// Plans and sends every write of a case, in order.
async fn replay(recording: &Recording, score: &mut Score, shown: bool) {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let running = sandbox::start(sandbox::ServeOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        load: vec![file("setup.rpsl", &recording.objects)],
        accounts: Some(file("accounts.toml", &recording.accounts)),
        settings: Some(file("settings.toml", &recording.settings)),
        state: None,
        own_key: None,
        sharing: sandbox::Sharing::Alone,
        clock: sandbox::Clock::default(),
    })
    .await
    .unwrap();
    // What the user can know of a registry: not which accounts it has, nor what its DNS check will say.
    let (told, _) = sandbox::settings::parse(&recording.settings).unwrap();
    let told = Settings { accounts: None, failing_dns: None, ..told };
    let writes = || recording.steps.iter().filter(|step| step["method"] != "GET");
    let last = writes().count().saturating_sub(1);
    for (index, step) in writes().enumerate() {
        let outcome = outcome(&running.url, step, &told).await;
        let name = format!("{} {} {} {}", recording.id, step["name"], step["method"], step["path"]);
        match &outcome {
            Outcome::Differs(got, expected) if shown => {
                println!("{name}\n  foreseen {got:?}\n  recorded {expected:?}");
            }
            Outcome::Invented(got) if shown => println!("{name}\n  accepted, and foreseen {got:?}"),
            _ => {}
        }
        score.count(outcome, index == last);
        send(&running.url, step).await;
    }
}

/// How a write was foreseen.
enum Outcome {
    /// No plan would send it.
    Inexpressible(&'static str),
    /// It was accepted, as foreseen.
    Accepted,
    /// It was refused with the texts that were foreseen.
    Foreseen,
    /// It depends on what no request can tell: the questions.
    Undecided { refused: bool, rules: Vec<&'static str> },
    /// It was refused, with other texts than foreseen: those, and what the registry said.
    Differs(Vec<String>, Vec<String>),
    /// It was accepted, though a refusal was foreseen.
    Invented(Vec<String>),
}

async fn outcome(url: &str, step: &Value, settings: &Settings) -> Outcome {
    let recorded = errors(step);
    let write = match Write::read(step) {
        Ok(write) => write,
        Err(reason) => return Outcome::Inexpressible(reason),
    };
    let foreseen = match foresee(url, step, &write, settings).await {
        Ok(foreseen) => foreseen,
        Err(reason) => return Outcome::Inexpressible(reason),
    };
    let decision = foreseen.decision.as_ref().unwrap();
    let said: Vec<String> = decision.errors().map(ToString::to_string).collect();
    let refused = step["status"] != 200;
    match (foreseen.verdict(), refused) {
        (Verdict::Accepted, false) => Outcome::Accepted,
        (Verdict::Refused, true) if said == recorded => Outcome::Foreseen,
        (Verdict::Refused, false) => Outcome::Invented(said),
        (Verdict::Undecided, _) => {
            let rules: BTreeSet<&str> = decision.undecided.iter().map(|undecided| undecided.rule).collect();
            Outcome::Undecided { refused, rules: rules.into_iter().collect() }
        }
        (Verdict::Refused | Verdict::Accepted, true) => Outcome::Differs(said, recorded),
    }
}

fn errors(step: &Value) -> Vec<String> {
    let messages = step["response_body"]["errormessages"]["errormessage"].as_array();
    let errors = messages.into_iter().flatten().filter(|message| message["severity"] == "Error");
    let text = |message: &Value| {
        let error = Message::error(message["text"].as_str().unwrap().to_owned());
        let args = message["args"].as_array().into_iter().flatten();
        args.filter_map(|arg| arg["value"].as_str()).fold(error, Message::arg).to_string()
    };
    errors.map(text).collect()
}

/// What a recorded request wants, as an estate would say it.
enum Write {
    Object(Object),
    Absence(Key),
}

impl Write {
    fn read(step: &Value) -> Result<Write, &'static str> {
        let path =
            percent_encoding::percent_decode_str(step["path"].as_str().unwrap()).decode_utf8().unwrap();
        let mut parts = path.trim_start_matches('/').splitn(3, '/');
        if parts.next() != Some("RIPE") {
            return Err("it goes to another source");
        }
        let class = parts.next().and_then(Class::from_text).ok_or("it is not for one object")?;
        let key = parts.next();
        if step["status"] == 301 {
            return Err("the object belongs to another source");
        }
        if step["method"] == "DELETE" {
            return Ok(Write::Absence(Key::new(class, key.ok_or("it is not for one object")?)));
        }
        let objects = step["request_body"]["objects"]["object"].as_array().ok_or("the body is malformed")?;
        let [object] = objects.as_slice() else { return Err("it is not for one object") };
        let attributes = object["attributes"]["attribute"].as_array().ok_or("the body is malformed")?;
        let pair = |attribute: &Value| {
            let text = |field: &str| attribute[field].as_str().unwrap_or_default().to_owned();
            let comment = attribute["comment"].as_str().map_or_else(String::new, |c| format!(" # {c}"));
            (text("name"), text("value") + &comment)
        };
        let object = Draft::from_pairs(attributes.iter().map(pair)).build();
        let object = object.map_err(|_| "the body is malformed")?;
        match key {
            _ if object.class() != class => Err("the path and the body differ"),
            Some(key) if Key::new(class, key) != object.key() => Err("the path and the body differ"),
            _ => Ok(Write::Object(object)),
        }
    }
}

/// Plans the write, asking until nothing is left to ask.
async fn foresee(url: &str, step: &Value, write: &Write, settings: &Settings) -> Result<Step, &'static str> {
    let keys = secret(step).map(|secret| secret.named("test")).into_iter().collect();
    let registry = Registry::new(Remote::new("sandbox", url, "RIPE"), keys, Arc::new(|_| {})).unwrap();
    let key = match write {
        Write::Object(object) => object.key(),
        Write::Absence(key) => key.clone(),
    };
    let mut world = Registered::default();
    let first = BTreeSet::from([Query::Object(key.clone())]);
    registry.ask(&first, &[], &mut world).await.map_err(reason)?;
    let mut asked = BTreeSet::new();
    let stored = world.objects.get(&key).cloned();
    let change = change(step, write, stored)?;
    let mut steps = [Step::new(TargetId::new("sandbox"), change.to_records())];
    loop {
        let key_scopes = registry.key_scopes(&world);
        let open = plan::preflight(
            &mut steps,
            EarlierRound { steps: Vec::new(), asked: Some(&asked) },
            &world,
            &key_scopes,
            settings,
            Timestamp::now(),
        );
        let new: BTreeSet<Query> = open.difference(&asked).cloned().collect();
        if new.is_empty() {
            let [step] = steps;
            return Ok(step);
        }
        registry.ask(&new, &[], &mut world).await.map_err(reason)?;
        asked.extend(new);
    }
}

/// Why a plan ends before it has foreseen anything.
fn reason(trouble: Trouble) -> &'static str {
    match trouble.kind {
        Kind::Redirect => "the object, or one that it names, belongs to the other source: the plan says so",
        _ => panic!("{trouble}"),
    }
}

/// The change that a plan would make of the write.
fn change(step: &Value, write: &Write, stored: Option<Object>) -> Result<Change, &'static str> {
    match (write, stored) {
        (Write::Object(_), Some(_)) if step["method"] == "POST" => {
            Err("it creates what exists: a plan would change it")
        }
        (Write::Object(object), stored) => {
            let declared = Inventory::of([plan::as_stored(object, stored.as_ref())]);
            let changes = plan::diff(&Inventory::of(stored), &declared);
            changes.into_iter().next().ok_or("nothing differs: a plan would not send it")
        }
        (Write::Absence(_), None) => Err("it deletes what does not exist"),
        (Write::Absence(_), Some(stored)) => Ok(Change::Delete(stored)),
    }
}

fn secret(step: &Value) -> Option<Secret> {
    step["request_headers"]["Authorization"].as_str().and_then(|header| Secret::parse(header).ok())
}

/// Sends the request as it was recorded; its answer is not looked at.
async fn send(url: &str, step: &Value) {
    let query = step["query"].as_str().filter(|query| !query.is_empty());
    let url = format!(
        "{url}{}{}",
        step["path"].as_str().unwrap(),
        query.map_or_else(String::new, |q| format!("?{q}"))
    );
    let client = reqwest::Client::builder().tls_certs_only([]).redirect(reqwest::redirect::Policy::none());
    let method = step["method"].as_str().unwrap().parse().unwrap();
    let mut request = client.no_proxy().build().unwrap().request(method, url);
    for (name, value) in step["request_headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    request = match &step["request_body"] {
        Value::Null => request,
        Value::String(text) => request.body(text.clone()),
        body => request.body(body.to_string()),
    };
    request.send().await.unwrap();
}

/// Counts of writes.
#[derive(Debug, Default)]
struct Tally {
    writes: usize,
    accepted: usize,
    refused: usize,
    foreseen: usize,
    differ: usize,
    invented: usize,
}

/// What was counted: of the last write of each case, of all, and why others were left out.
#[derive(Debug, Default)]
struct Score {
    last: Tally,
    all: Tally,
    inexpressible: BTreeMap<&'static str, usize>,
    undecided: BTreeMap<(bool, Vec<&'static str>), usize>,
}

impl Score {
    fn count(&mut self, outcome: Outcome, is_last: bool) {
        self.all.count(&outcome);
        if !is_last {
            return;
        }
        self.last.count(&outcome);
        match outcome {
            Outcome::Inexpressible(reason) => *self.inexpressible.entry(reason).or_default() += 1,
            Outcome::Undecided { refused, rules } => {
                *self.undecided.entry((refused, rules)).or_default() += 1;
            }
            _ => {}
        }
    }
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        self.writes += 1;
        match outcome {
            Outcome::Accepted => self.accepted += 1,
            Outcome::Foreseen => self.foreseen += 1,
            Outcome::Differs(..) => self.differ += 1,
            Outcome::Invented(_) => self.invented += 1,
            Outcome::Inexpressible(_) | Outcome::Undecided { .. } => {}
        }
        self.refused += usize::from(matches!(outcome, Outcome::Foreseen | Outcome::Differs(..)));
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        for (name, tally) in [("last writes", &self.last), ("all writes", &self.all)] {
            let Tally { writes, accepted, refused, foreseen, differ, invented } = tally;
            writeln!(
                f,
                "{name}: {writes}; of {refused} refused {foreseen} foreseen, {differ} differ; {accepted} accepted, {invented} refusals invented"
            )?;
        }
        for (reason, count) in &self.inexpressible {
            writeln!(f, "  not to be planned {count:4}: {reason}")?;
        }
        for ((refused, rules), count) in &self.undecided {
            let answer = if *refused { "refused" } else { "accepted" };
            writeln!(f, "  undecided and {answer} {count:4}: {}", rules.join(", "))?;
        }
        Ok(())
    }
}
