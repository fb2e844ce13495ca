//! The client and a run against the embedded registry: a whole conversation over HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test stops at what it did not expect, and says what it saw"
)]

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use ripectl::{
    apply::{Begun, Item, Journal, Keys, Log, Receipt, RipeDatabase, Run, apply},
    disk::StateDir,
    net::Block,
    outcome::Outcome,
    plan::Change,
    registered::Query,
    registered::Registered,
    registry::{Registry, Remote, Wanted},
    rpsl::{Class, Key, Name, Object},
    sandbox,
    user::Secret,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const KEY: &str = "RIPECTLUSERKEY0000000001";

struct World {
    registry: Registry,
    directory: tempfile::TempDir,
    _running: sandbox::Running,
}

impl World {
    async fn new() -> World {
        let directory = tempfile::tempdir().unwrap();
        let accounts = directory.path().join("accounts.toml");
        let key = format!(
            "[[key]]\nid = '{KEY}'\nsecret = 'hush'\naccount = 'hobby@hobby.example'\nscope = ['ANY']\n"
        );
        std::fs::write(&accounts, format!("{key}expires = '2099-01-01T00:00:00Z'\n")).unwrap();
        let options = sandbox::ServeOptions {
            listen: "127.0.0.1:0".parse().unwrap(),
            load: Vec::new(),
            accounts: Some(accounts),
            settings: None,
            state: None,
            own_key: None,
            sharing: sandbox::Sharing::Alone,
            clock: sandbox::Clock::default(),
        };
        let running = sandbox::start(options).await.unwrap();
        let secret = Secret::parse(&format!("{KEY}:hush")).unwrap();
        World { registry: client(&running.url, Some(secret)), directory, _running: running }
    }

    fn journal(&self) -> Journal {
        Journal::begin(
            &StateDir::open(None, self.directory.path()).unwrap(),
            &Begun::new("sandbox", &[]),
            None,
        )
        .unwrap()
    }

    async fn apply(&self, changes: &[Change]) -> Receipt {
        applied(&self.registry, changes, &mut self.journal()).await
    }

    async fn mntner(&self) -> Object {
        self.registry.lookup(&Key::new(Class::Mntner, "HOBBY-MNT")).await.unwrap().object().unwrap()
    }
}

async fn applied(registry: &Registry, changes: &[Change], journal: &mut Journal) -> Receipt {
    let keys = &mut Keys::default();
    let items: Vec<Item> = changes.iter().map(|change| Item::new("sandbox", change)).collect();
    let mut run = Run {
        connection: &mut RipeDatabase::new(registry, keys),
        log: Log { journal, observer: &mut |_| () },
        end: &|_| None,
    };
    apply(&items, &mut run).await
}

fn client(url: &str, secret: Option<Secret>) -> Registry {
    let keys = secret.map(|secret| secret.named("test")).into_iter().collect();
    Registry::new(Remote::new("sandbox", url, "RIPE"), keys, Arc::new(|_| ())).unwrap()
}

/// The inet6num and the route6 of each of the sixteen /48s.
fn blocks() -> Vec<Object> {
    let inet6num = |n: u8| {
        format!(
            "inet6num: 2a0f:85c1:26{n:x}::/48\nnetname: HOBBY\ncountry: NL\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\n\
             status: ASSIGNED\nmnt-by: HOBBY-MNT\nsource: RIPE\n"
        )
    };
    let route6 = |n: u8| {
        format!("route6: 2a0f:85c1:26{n:x}::/48\norigin: AS205398\nmnt-by: HOBBY-MNT\nsource: RIPE\n")
    };
    let texts = (0..16).map(inet6num).chain((0..16).map(route6));
    texts.map(|text| Object::parse(text).unwrap()).collect()
}

fn with_remark(object: &Object, remark: &str) -> Object {
    let mut draft = object.edit();
    draft.insert(object.class(), Name::Remarks, remark);
    draft.build().unwrap()
}

async fn survey(registry: &Registry, declared: &BTreeSet<Key>) -> Registered {
    let maintainers = ["HOBBY-MNT".to_owned()];
    let allocations = [Block::parse("2a0f:85c1:260::/44").unwrap()];
    let wanted = Wanted { maintainers: &maintainers, declared, allocations: &allocations };
    registry.survey(wanted).await.unwrap()
}

#[tokio::test]
async fn what_was_applied_is_what_is_found() {
    let world = World::new().await;
    let objects = blocks();
    let declared: BTreeSet<Key> = objects.iter().map(Object::key).collect();
    let before = survey(&world.registry, &declared).await;
    assert!(declared.iter().all(|key| before.object(key).unwrap().is_none()));
    assert_eq!(world.registry.key_scopes(&before)[0].maintainers(), ["HOBBY-MNT"]);

    let changes: Vec<Change> = objects.iter().cloned().map(Change::Create).collect();
    let receipt = world.apply(&changes).await;
    assert_eq!(receipt.outcome(), Outcome::Clean, "{receipt:#?}");

    let asked = world.registry.counts().requests;
    let after = survey(&world.registry, &declared).await;
    for object in &objects {
        let stored = after.object(&object.key()).unwrap().unwrap();
        assert!(stored.is_same_as(object), "{}", stored.text());
    }
    assert!(world.registry.counts().requests - asked <= 3, "one search, one maintainer, one person");
}

#[tokio::test]
async fn what_a_colleague_changed_stands() {
    let world = World::new().await;
    let read = world.mntner().await;
    let ours = Change::Modify { before: read.clone(), after: with_remark(&read, "ours") };
    let theirs = Change::Modify { before: read.clone(), after: with_remark(&read, "theirs") };
    assert_eq!(world.apply(&[theirs]).await.outcome(), Outcome::Clean);
    let receipt = world.apply(&[ours, Change::Delete(read)]).await;
    assert_eq!(receipt.outcome(), Outcome::Trouble);
    let said = receipt.steps.first().unwrap().messages.first().unwrap().to_string();
    assert!(said.contains("+ remarks: theirs"), "{said}");
    assert_eq!(world.mntner().await.value(Name::Remarks).as_deref(), Some("theirs"));
}

#[tokio::test]
async fn without_the_right_key_nothing_is_proven_and_nothing_is_written() {
    let world = World::new().await;
    let wrong = Secret::parse(&format!("{KEY}:wrong")).unwrap();
    for secret in [None, Some(wrong)] {
        let registry = client(&world.registry.remote().base, secret);
        let known = survey(&registry, &BTreeSet::new()).await;
        assert!(registry.key_scopes(&known).iter().all(|key_scope| key_scope.maintainers().is_empty()));
        let changes: Vec<Change> = blocks().into_iter().take(2).map(Change::Create).collect();
        let receipt = applied(&registry, &changes, &mut world.journal()).await;
        let statuses: Vec<_> = receipt.steps.iter().map(|step| step.status.text()).collect();
        assert_eq!(statuses, ["failed", "not_tried"]);
    }
}

#[tokio::test]
async fn open_questions_are_answered() {
    let world = World::new().await;
    let mut known = survey(&world.registry, &BTreeSet::new()).await;
    let block = Block::parse("2a0f:85c1:264::/48").unwrap();
    let allocation = Block::parse("2a0f:85c1:260::/44").unwrap();
    let maintainer = Key::new(Class::Mntner, "HOBBY-MNT");
    let queries = [
        Query::Covering(Class::Inet6num, block),
        Query::Within(Class::Domain, allocation),
        Query::Referring(maintainer.clone()),
        Query::Object(Key::new(Class::Role, "NOPE1-RIPE")),
    ];
    world.registry.ask(&BTreeSet::from(queries), &[allocation], &mut known).await.unwrap();
    let above = known.less_specific(Class::Inet6num, block).unwrap();
    assert_eq!(above.first().unwrap().first().unwrap().key().text(), "2a0f:85c1:260::/44");
    assert!(known.children(Class::Domain, allocation).unwrap().is_empty());
    assert!(known.object(&Key::new(Class::Role, "NOPE1-RIPE")).unwrap().is_none());
    assert!(known.referring(&maintainer).unwrap().len() >= 3);
}

#[tokio::test]
async fn the_journal_holds_no_secret() {
    let world = World::new().await;
    let read = world.mntner().await;
    let mut journal = world.journal();
    let change = Change::Modify { before: read.clone(), after: with_remark(&read, "x") };
    applied(&world.registry, &[change], &mut journal).await;
    let path: &Path = journal.path();
    let text = std::fs::read_to_string(path).unwrap();
    assert!(
        text.contains("\"state\":\"done\"") && text.contains("SSO hobby") && !text.contains("hush"),
        "{text}"
    );
}

/// A proxy to `url` that loses the answers to real writes, having passed the request on, or not. Returns its URL
/// and the count of real writes that it saw.
async fn losing_proxy(url: &str, loss: Loss) -> (String, Arc<AtomicUsize>) {
    let target = url.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let writes: Arc<AtomicUsize> = Arc::default();
    let count = writes.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass_on(client, target.clone(), loss, count.clone()));
        }
    });
    (proxy, writes)
}

#[derive(Clone, Copy, Debug)]
enum Loss {
    Request,
    Answer,
}

/// Passes one request after the other on.
async fn pass_on(mut client: TcpStream, target: String, loss: Loss, writes: Arc<AtomicUsize>) {
    let mut server = TcpStream::connect(target).await.unwrap();
    while let Some(request) = message(&mut client).await {
        let is_write = !request.starts_with("GET") && !request.contains("dry-run");
        writes.fetch_add(usize::from(is_write), Ordering::Relaxed);
        if is_write && matches!(loss, Loss::Request) {
            return;
        }
        server.write_all(request.as_bytes()).await.unwrap();
        let answer = message(&mut server).await.unwrap();
        if is_write {
            return;
        }
        client.write_all(answer.as_bytes()).await.unwrap();
    }
}

/// A whole request or answer: a header, and as much of a body as it says.
async fn message(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lower = head.to_ascii_lowercase();
            let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        let read = stream.read_buf(&mut bytes).await.ok()?;
        (read > 0).then_some(())?;
    }
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_what_the_registry_would_do() {
    let world = World::new().await;
    let block = blocks().into_iter().next().unwrap();
    let check = async |change: Change, loss: Loss, expected: &str| {
        let (url, writes) = losing_proxy(&world.registry.remote().base, loss).await;
        let secret = Secret::parse(&format!("{KEY}:hush")).unwrap();
        let receipt = applied(&client(&url, Some(secret)), &[change], &mut world.journal()).await;
        assert_eq!(receipt.steps.first().unwrap().status.text(), expected, "{loss:?} {receipt:#?}");
        assert_eq!(writes.load(Ordering::Relaxed), 1, "a write is sent once");
    };
    check(Change::Create(block.clone()), Loss::Request, "in_doubt").await;
    check(Change::Create(block.clone()), Loss::Answer, "done").await;
    let stored = world.registry.lookup(&block.key()).await.unwrap().object().unwrap();
    let change = || Change::Modify { before: stored.clone(), after: with_remark(&stored, "x") };
    check(change(), Loss::Request, "in_doubt").await;
    check(change(), Loss::Answer, "done").await;
    let stored = world.registry.lookup(&block.key()).await.unwrap().object().unwrap();
    check(Change::Delete(stored.clone()), Loss::Request, "in_doubt").await;
    check(Change::Delete(stored), Loss::Answer, "done").await;
}
