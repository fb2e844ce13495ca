//! Every fault at every request of an apply that makes, changes and deletes forty objects: nothing lost or doubled, never
//! a wrong success or a wrong failure, and what is gone on with ends where it should.
//!
//! All of it in this process, over the real client, journal and settling, with the sandbox behind a proxy; the registry's
//! clock goes on by seconds with each request, and the client's pauses are values, so that nobody waits. `cargo test` tries
//! a seeded part, `RIPECTL_FAULTS=all` (`make faults`) each; `RIPECTL_FAULT='17 stale copy × 2'` reruns one.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

#[allow(dead_code, reason = "not every test uses all of it")]
#[path = "common/proxy.rs"]
mod proxy;

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex, atomic::Ordering},
    time::Duration,
};

use jiff::SignedDuration;
use proxy::{Act, Asked, Make, Proxy};
use ripectl::{
    apply::{Begun, Item, Journal, Keys, Log, Receipt, RipeDatabase, Run, Status, StepResult, apply},
    disk::StateDir,
    registered::{Query, Registered},
    registry::{Limits, Registry, Remote},
    rpsl::{Class, Key, Object},
    sandbox::{self, Clock, Running, ServeOptions, Sharing},
    target::Change,
    user::Secret,
};
use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Runtime;

const KEY: &str = "RIPECTLUSERKEY0000000001:hush";
const ACCOUNTS: &str =
    "[[key]]\nid = 'RIPECTLUSERKEY0000000001'\nsecret = 'hush'\naccount = 'hobby@hobby.example'\n";
/// How many cases `cargo test` tries at least.
const PART: usize = 500;

/// A fault: its name, how often the request is passed on nonetheless, and what comes instead of the answer.
#[derive(Clone, Copy)]
struct Fault {
    name: &'static str,
    passed: usize,
    instead: Instead,
}

#[derive(Clone, Copy)]
enum Instead {
    /// What this makes of the real answer.
    Answer(Make),
    /// What was answered to such a request before.
    Stale,
    /// Nothing, for longer than the client waits.
    Silence,
    /// Nothing, and the request arrives before so many further ones have.
    Late(usize),
}

impl Fault {
    fn act(self) -> Act {
        match self.instead {
            Instead::Answer(make) => Act::Instead(self.passed, make),
            Instead::Stale => Act::Stale(self.passed),
            Instead::Silence => Act::Silence(self.passed),
            Instead::Late(after) => Act::Late(after),
        }
    }

    /// How long the client waits for an answer: no longer than it must where none comes.
    fn patience(self) -> Duration {
        match self.instead {
            Instead::Answer(_) | Instead::Stale => Duration::from_secs(5),
            Instead::Silence | Instead::Late(_) => Duration::from_millis(700),
        }
    }
}

fn answer(status: &str, kind: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"))
}

fn json(status: &str, body: &str) -> Option<String> {
    answer(status, "application/json", body)
}

const SAID: &str = r#"{"errormessages":{"errormessage":[{"severity":"Error","text":"Something is wrong"}]}}"#;
const OTHER: &str = r#"{"objects":{"object":[{"type":"as-set","attributes":{"attribute":[{"name":"as-set","value":"AS64500:AS-X"},{"name":"mnt-by","value":"HOBBY-MNT"},{"name":"last-modified","value":"2026-01-01T00:00:00Z"},{"name":"source","value":"RIPE"}]}}]}}"#;

fn faults() -> Vec<Fault> {
    let blind: [(&str, Make); 15] = [
        ("reset", |_, _| None),
        ("201", |_, _| json("201 Created", r#"{"objects":{"object":[]}}"#)),
        ("204", |_, _| Some("HTTP/1.1 204 No Content\r\n\r\n".to_owned())),
        ("400", |_, _| json("400 Bad Request", SAID)),
        ("401", |_, _| json("401 Unauthorized", SAID)),
        ("404", |_, _| json("404 Not Found", r#"{"message":"Not Found"}"#)),
        ("409", |_, _| json("409 Conflict", SAID)),
        ("500", |_, _| answer("500 Oops", "text/html", "<html>")),
        ("502", |_, _| answer("502 Bad Gateway", "text/html", "")),
        ("HTML", |_, _| answer("200 OK", "text/html", "<html>welcome</html>")),
        ("empty 200", |_, _| answer("200 OK", "text/plain", "")),
        ("no object", |_, _| json("200 OK", r#"{"objects":{"object":[]}}"#)),
        ("another object", |_, _| json("200 OK", OTHER)),
        ("the request, back", |asked, _| json("200 OK", asked.body())),
        ("half a header", |_, _| Some("HTTP/1.1 200 OK\r\nContent-Ty".to_owned())),
    ];
    let once: [(&str, usize, Make); 5] = [
        ("429", 0, |_, _| answer("429 Too Many Requests", "text/plain", "")),
        ("503", 0, |_, _| answer("503 Maintenance", "text/html", "")),
        ("truncated", 1, |_, real| Some(real.split_at(real.len().saturating_sub(20)).0.to_owned())),
        ("sent twice", 2, |_, real| Some(real.to_owned())),
        ("500 with the answer", 1, |_, real| {
            json("500 Oops", real.split_once("\r\n\r\n").map_or("", |(_, body)| body))
        }),
    ];
    let silent = [("stale copy", Instead::Stale), ("silence", Instead::Silence)];
    // The registry gets it after the client's next request, after its next but two, or after the whole run.
    let late = [("late by 1", 1), ("late by 3", 3), ("late by a run", usize::MAX / 2)];
    let both = blind.into_iter().map(|(name, answer)| (name, Instead::Answer(answer))).chain(silent);
    let both = both.flat_map(|(name, instead)| [0, 1].map(|passed| Fault { name, passed, instead }));
    let once = once.into_iter().map(|(name, passed, answer)| (name, passed, Instead::Answer(answer)));
    let once = once.chain(late.into_iter().map(|(name, after)| (name, 0, Instead::Late(after))));
    both.chain(once.map(|(name, passed, instead)| Fault { name, passed, instead })).collect()
}

/// What is changed, and what stands before: of forty objects some are new, some other, and some go.
struct Scene {
    base: String,
    changes: Vec<Change>,
}

impl Scene {
    fn new() -> Scene {
        let mut base =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/sandbox/base.rpsl")).unwrap();
        let block = |number: u32| {
            format!(
                "inet6num: 2a0f:85c1:26{number:x}::/48\nnetname: HOBBY\ncountry: NL\nadmin-c: HP1-RIPE\n\
                 tech-c: HP1-RIPE\nstatus: ASSIGNED\nmnt-by: HOBBY-MNT\nsource: RIPE\n"
            )
        };
        let route = |number: u32| {
            format!(
                "route6: 2a0f:85c1:26{number:x}::/48\norigin: AS205398\nmnt-by: HOBBY-MNT\nsource: RIPE\n"
            )
        };
        let set = |number: u32| {
            format!(
                "as-set: AS205398:AS-S{number}\ntech-c: HP1-RIPE\nadmin-c: HP1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n"
            )
        };
        let object = |text: &str| Object::parse(text).unwrap();
        let dated = |text: String| {
            let dates = "created: 2024-01-01T00:00:00Z\nlast-modified: 2024-01-01T00:00:00Z\nsource:";
            text.replace("source:", dates)
        };
        let mut changes = Vec::new();
        for number in 0..8 {
            changes.push(Change::Create(object(&block(number))));
            changes.push(Change::Create(object(&route(number))));
        }
        for number in 0..12 {
            let before = dated(set(number));
            base += &format!("\n{before}");
            let after = before.replace("tech-c:", &format!("members: AS6450{}\ntech-c:", number % 10));
            changes.push(Change::Modify { before: object(&before), after: object(&after) });
        }
        for number in (8..14).rev() {
            let (block, route) = (dated(block(number)), dated(route(number)));
            base += &format!("\n{block}\n{route}");
            changes.push(Change::Delete(object(&route)));
            changes.push(Change::Delete(object(&block)));
        }
        Scene { base, changes }
    }
}

/// A registry that holds the scene, a place for its journals, and nothing between.
struct Stage {
    running: Running,
    folder: tempfile::TempDir,
}

impl Stage {
    async fn new(scene: &Scene) -> Stage {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let (base, accounts) = (folder.path().join("base.rpsl"), folder.path().join("accounts.toml"));
        std::fs::write(&base, &scene.base).unwrap();
        std::fs::write(&accounts, ACCOUNTS).unwrap();
        let options = ServeOptions {
            listen: "127.0.0.1:0".parse().unwrap(),
            load: vec![base],
            accounts: Some(accounts),
            settings: None,
            state: None,
            own_key: None,
            sharing: Sharing::Alone,
            clock: Clock::stepping(SignedDuration::from_secs(2)),
        };
        Stage { running: sandbox::start(options).await.unwrap(), folder }
    }

    fn client(url: &str, patience: Duration) -> Registry {
        let limits = Limits {
            patience,
            waits: vec![Duration::ZERO; 4],
            tick: Duration::ZERO,
            lag: Duration::ZERO,
            ..Limits::of_ripe_database()
        };
        let limits = Limits { read: Duration::ZERO, write: Duration::ZERO, ..limits };
        let remote = Remote { limits, ..Remote::new("test", url, "RIPE") };
        Registry::new(remote, vec![Secret::parse(KEY).unwrap().named("test")], Arc::new(|_| ())).unwrap()
    }

    /// A client that nothing stands before.
    fn direct(&self) -> Registry {
        Stage::client(&self.running.url, Duration::from_secs(5))
    }

    /// Does these changes over a client, with a journal.
    async fn run(&self, registry: &Registry, changes: &[Change]) -> Receipt {
        let state = StateDir::open(Some(&self.folder.path().join("state")), Path::new("")).unwrap();
        let items: Vec<Item> = changes.iter().map(|change| Item::new("test", change)).collect();
        let mut journal = Journal::begin(&state, &Begun::new("test", &items), None).unwrap();
        let mut keys = Keys::default();
        let mut run = Run {
            connection: &mut RipeDatabase::new(registry, &mut keys),
            log: Log { journal: &mut journal, observer: &mut |_| () },
            end: &|_| None,
        };
        apply(&items, &mut run).await
    }

    /// What of the changes the registry does not hold, each from what stands now; asked past the proxy.
    async fn left(&self, changes: &[Change]) -> Vec<Change> {
        let (truth, mut known) = (self.direct(), Registered::default());
        let ours = Query::MaintainedBy(Key::new(Class::Mntner, "HOBBY-MNT"));
        truth.ask(&[ours].into(), &[], &mut known).await.unwrap();
        let mut left = Vec::new();
        for change in changes {
            let now = known.objects.get(&change.key()).cloned();
            left.extend(match (now, change.after()) {
                (Some(now), Some(after)) if now.is_same_as(after) => None,
                (Some(before), Some(after)) => Some(Change::Modify { before, after: after.clone() }),
                (Some(now), None) => Some(Change::Delete(now)),
                (None, Some(after)) => Some(Change::Create(after.clone())),
                (None, None) => None,
            });
        }
        left
    }
}

/// What is wrong about a receipt, given what is left.
fn wrong_about(steps: &[StepResult], left: &[Change]) -> Option<String> {
    let left: BTreeSet<Key> = left.iter().map(Change::key).collect();
    steps.iter().find_map(|step| {
        let stands = !left.contains(step.id.key()?);
        let holds = match step.status {
            Status::Done | Status::Unchanged => stands,
            Status::Failed | Status::NotTried => !stands,
            Status::InDoubt | Status::Waiting => true,
        };
        (!holds).then(|| format!("`{}` for {}, which stands: {stands}", step.status.text(), step.id))
    })
}

/// A fault at a request, and at the next ones of a burst.
#[derive(Clone, Copy)]
struct Case {
    fault: Fault,
    at: usize,
    burst: usize,
}

/// All of them.
fn cases(requests: usize) -> Vec<Case> {
    let faults = faults();
    let at = |at| faults.iter().flat_map(move |fault| [1, 3].map(|burst| Case { fault: *fault, at, burst }));
    (0..requests).flat_map(at).collect()
}

/// Those that are to be run: one by its name, all, or a part that meets every fault and every request, in both bursts: by
/// an odd stride.
fn chosen(all: &[Case]) -> Vec<Case> {
    if let Ok(only) = std::env::var("RIPECTL_FAULT") {
        let named: Vec<Case> = all.iter().filter(|case| case.name() == only).copied().collect();
        assert!(!named.is_empty(), "there is no fault `{only}`");
        return named;
    }
    if std::env::var("RIPECTL_FAULTS").is_ok_and(|which| which == "all") {
        return all.to_vec();
    }
    let stride = all.len() / PART;
    let stride = stride - usize::from(stride.is_multiple_of(2));
    all.iter().step_by(stride.max(1)).copied().collect()
}

impl Case {
    fn name(&self) -> String {
        let Case { fault, at, burst } = self;
        let when = if fault.passed > 0 { "after forwarding" } else { "before forwarding" };
        format!("{at} {} {when} × {burst}", fault.name)
    }

    /// Meets the fault; then what is left is done without. What was wrong.
    async fn run(self, scene: &Scene) -> Option<String> {
        let Case { fault, at, burst } = self;
        let stage = Stage::new(scene).await;
        let act = move |_: &Asked, number: usize| match (at..at + burst).contains(&number) {
            true => fault.act(),
            false => Act::Pass,
        };
        let proxy = Proxy::start(&stage.running.url, act).await;
        let receipt = stage.run(&Stage::client(&proxy.url, fault.patience()), &scene.changes).await;
        let left = stage.left(&scene.changes).await;
        let wrong = wrong_about(&receipt.steps, &left);
        let is_clean = receipt.steps.iter().all(|step| step.status.is_good());
        let wrong = wrong
            .or_else(|| (is_clean && !left.is_empty()).then(|| "all done, and something is left".to_owned()));
        proxy.release().await;
        let left = stage.left(&scene.changes).await;
        if !left.is_empty() {
            stage.run(&stage.direct(), &left).await;
        }
        let end = stage.left(&scene.changes).await;
        wrong.or_else(|| (!end.is_empty()).then(|| format!("{} is left in the end", end[0].key())))
    }
}

/// CPU time of this process so far, where the system can tell.
fn cpu() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(now).unwrap_or_default()
}

#[test]
fn every_fault_at_every_request() {
    let runtime = Runtime::new().unwrap();
    let scene = Arc::new(Scene::new());
    assert_eq!(scene.changes.len(), 40);
    let requests = runtime.block_on(async {
        let stage = Stage::new(&scene).await;
        let proxy = Proxy::start(&stage.running.url, |_, _| Act::Pass).await;
        let receipt = stage.run(&Stage::client(&proxy.url, Duration::from_secs(5)), &scene.changes).await;
        let said = receipt.steps.iter().flat_map(|step| &step.messages).map(ToString::to_string);
        assert!(
            receipt.steps.iter().all(|step| step.status == Status::Done),
            "{:?}",
            said.collect::<Vec<_>>()
        );
        assert!(stage.left(&scene.changes).await.is_empty());
        proxy.requests.load(Ordering::SeqCst)
    });
    let all: Vec<Case> = cases(requests);
    let cases = chosen(&all);
    let (begun, wrong) = (cpu(), Arc::new(Mutex::new(Vec::new())));
    runtime.block_on(async {
        let slots = Arc::new(tokio::sync::Semaphore::new(16));
        let mut tasks = tokio::task::JoinSet::new();
        for case in cases.clone() {
            let (scene, wrong, slots) = (Arc::clone(&scene), Arc::clone(&wrong), Arc::clone(&slots));
            tasks.spawn(async move {
                let _slot = slots.acquire().await;
                if let Some(what) = case.run(&scene).await {
                    let name = case.name();
                    let again = format!("RIPECTL_FAULT='{name}' cargo test --test matrix");
                    wrong.lock().unwrap().push(format!("{name}: {what}\n  {again}"));
                }
            });
        }
        tasks.join_all().await;
    });
    let wrong = Arc::into_inner(wrong).unwrap().into_inner().unwrap();
    let tried = cases.len();
    let each = cpu().saturating_sub(begun).as_millis() / tried as u128;
    let all = all.len();
    println!("{tried} of {all} faults at {requests} requests of 40 steps, {each} ms of CPU a case");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
