//! Runs against answers as they come from a registry, and from what may stand before it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use tokio::task::JoinSet;

use super::{
    Begun, Bounds, End, Event, Item, Journal, Keys, Log, Receipt, RipeDatabase, Run as Running, apply,
};
use crate::{
    disk::StateDir,
    estate,
    outcome::Outcome,
    registry::stub_server::{Act, Asked, Canned, absent, http, json},
    rpsl::Object,
    target::Change,
};

const MNTNER: &str = "mntner: HOBBY-MNT\nauth: SSO a@b.example\nmnt-by: HOBBY-MNT\n";
const AT: &str = "last-modified: 2026-01-01T00:00:00Z\n";
const SOURCE: &str = "source: RIPE\n";

fn object(lines: &[&str]) -> Object {
    Object::parse(lines.concat()).unwrap()
}

fn before() -> Object {
    object(&[MNTNER, AT, SOURCE])
}

fn after() -> Object {
    object(&[MNTNER, "remarks: new\n", AT, SOURCE])
}

fn person() -> Object {
    object(&["person: A B\nnic-hdl: AB1-RIPE\nmnt-by: HOBBY-MNT\n", AT, SOURCE])
}

/// A run of `changes` against a server that acts so; the lines of the journal beside it.
async fn run(changes: &[Change], act: impl Fn(&Asked, usize) -> Act + Send + Sync + 'static) -> Run {
    let server = Canned::serve(act).await;
    let directory = tempfile::tempdir().unwrap();
    let state = StateDir::open(Some(directory.path()), Path::new("")).unwrap();
    let items: Vec<Item> = changes.iter().map(|change| Item::new("test", change)).collect();
    let mut journal = Journal::begin(&state, &Begun::new("test", &items), None).unwrap();
    let mut events = 0;
    let (registry, mut observer) = (server.registry(), |_: Event<'_>| events += 1);
    let mut keys = declared(directory.path(), changes);
    let mut running = Running {
        connection: &mut RipeDatabase::new(&registry, &mut keys),
        log: Log { journal: &mut journal, observer: &mut observer },
        end: &|_| None,
    };
    let receipt = apply(&items, &mut running).await;
    let text = fs::read_to_string(journal.path()).unwrap();
    Run { receipt, server, journal: text, events, path: journal.path().to_owned(), _directory: directory }
}

/// The keys of an estate in which a file declares what `changes` make.
fn declared(root: &Path, changes: &[Change]) -> Keys {
    let texts: Vec<&str> = changes.iter().filter_map(|c| c.after().map(Object::text)).collect();
    fs::write(root.join("ripectl.toml"), "format = 1\n").unwrap();
    fs::create_dir(root.join("objects")).unwrap();
    fs::write(root.join("objects/a.rpsl"), texts.join("\n")).unwrap();
    let (estate, _) = estate::inspect(root, Some("sandbox"), &crate::user::Configuration::default());
    Keys::of(&estate.unwrap(), &BTreeSet::new())
}

struct Run {
    receipt: Receipt,
    server: Canned,
    journal: String,
    events: usize,
    path: PathBuf,
    _directory: tempfile::TempDir,
}

impl Run {
    fn statuses(&self) -> Vec<&'static str> {
        self.receipt.steps.iter().map(|step| step.status.text()).collect()
    }

    fn said(&self) -> String {
        let messages = self.receipt.steps.iter().flat_map(|step| &step.messages);
        messages.map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    fn journal_states(&self) -> Vec<String> {
        let lines = self.journal.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let states = lines.map(|line| line["state"].as_str().unwrap().to_owned());
        states.filter(|state| !["planned", "ended"].contains(&state.as_str())).collect()
    }
}

/// A registry that holds `before()`, as a dry-run shows it, and does every write.
fn willing(asked: &Asked) -> Act {
    let method = asked.line.split(' ').next().unwrap_or_default();
    let stored = match (method, asked.line.contains("dry-run")) {
        ("PUT", true) | ("DELETE", _) => before(),
        ("PUT", false) => after(),
        _ => person(),
    };
    json("200 OK", &[stored.text()], &[("Info", "x")])
}

#[tokio::test]
async fn steps_are_proved_sent_and_journalled_in_their_order() {
    let changes = [
        Change::Create(person()),
        Change::Modify { before: before(), after: after() },
        Change::Delete(before()),
    ];
    let run = run(&changes, |asked, _| match asked.line.contains("/syncupdates/") {
        true => http("200 OK", "text/plain;charset=utf-8", "---\nDelete SUCCEEDED: [mntner] HOBBY-MNT\n\n"),
        false => willing(asked),
    })
    .await;
    assert_eq!(run.statuses(), ["done", "done", "done"], "{}", run.said());
    assert_eq!(
        run.server.lines(),
        [
            "POST /ripe/person?unformatted",
            "PUT /ripe/mntner/HOBBY-MNT?dry-run&unformatted",
            "PUT /ripe/mntner/HOBBY-MNT?unformatted",
            "PUT /ripe/mntner/HOBBY-MNT?dry-run&unformatted",
            "POST /whois/syncupdates/RIPE",
            "GET /ripe/mntner/HOBBY-MNT/versions",
        ]
    );
    assert_eq!(run.journal_states(), ["begun", "sending", "done", "sending", "done", "sending", "done"]);
    assert_eq!((run.events, run.receipt.outcome(), run.receipt.next()), (6, Outcome::Clean, None));
    assert!(run.journal.contains("SSO a@b.example"), "who may is no credential, and can be put back");
    assert!(!run.journal.contains("secret-user"));
}

#[tokio::test]
async fn the_journal_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let run = run(&[], |asked, _| willing(asked)).await;
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&run.path), 0o600);
    assert_eq!(mode(run.path.parent().unwrap()), 0o700);
}

#[tokio::test]
async fn a_refusal_is_the_last_step() {
    let changes = [Change::Create(person()), Change::Create(before()), Change::Create(person())];
    let refuse = ("Error", "Authorisation for [%s] %s failed");
    let run = run(&changes, move |_, count| match count {
        0 => json("200 OK", &[person().text()], &[]),
        _ => json("401 Unauthorized", &[before().text()], &[refuse]),
    })
    .await;
    assert_eq!(run.statuses(), ["done", "failed", "not_tried"]);
    assert_eq!(run.said(), "Authorisation for [%s] %s failed");
    assert_eq!(run.server.writes(), 2);
    assert_eq!(run.receipt.outcome(), Outcome::Trouble);
    assert!(run.receipt.next().unwrap().starts_with("1 of 3 done"));
}

#[tokio::test]
async fn what_somebody_else_changed_is_not_written_over() {
    let now = object(&[MNTNER, "remarks: of a colleague\n", "last-modified: 2026-02-02T00:00:00Z\n", SOURCE]);
    let changes = [Change::Modify { before: before(), after: after() }, Change::Delete(before())];
    let run = run(&changes, move |_, _| json("200 OK", &[now.text()], &[])).await;
    assert_eq!(run.statuses(), ["failed", "not_tried"]);
    assert_eq!(run.server.writes(), 0);
    assert!(run.said().contains("was changed by somebody else since it was read"), "{}", run.said());
    assert!(run.said().contains("\n  + remarks: of a colleague"), "{}", run.said());
    assert_eq!(run.journal_states(), ["begun"], "nothing was sent");
}

#[tokio::test]
async fn what_is_gone_is_not_made_again() {
    let fresh = object(&[MNTNER, "last-modified: 2026-11-11T00:00:00Z\n", SOURCE]);
    let changes = [Change::Modify { before: before(), after: after() }];
    let run = run(&changes, move |asked, _| match asked.line.starts_with("GET") {
        true => absent(),
        false => json("200 OK", &[fresh.text()], &[]),
    })
    .await;
    assert_eq!((run.statuses(), run.server.writes()), (vec!["failed"], 0));
    assert!(run.said().contains("is gone since it was read"), "{}", run.said());
}

#[tokio::test]
async fn an_object_that_todays_rules_refuse_is_proved_by_a_read() {
    let changes = [Change::Modify { before: before(), after: after() }];
    let run = run(&changes, |asked, _| match asked.line.contains("dry-run") {
        true => json("400 Bad Request", &[], &[("Error", "Syntax error")]),
        false if asked.line.starts_with("GET") => json("200 OK", &[before().text()], &[]),
        false => json("200 OK", &[after().text()], &[]),
    })
    .await;
    assert_eq!((run.statuses(), run.server.writes()), (vec!["done"], 1));
}

#[tokio::test]
async fn an_answer_that_is_none_stops_before_anything_is_written() {
    let html = "<html>";
    for act in [http("200 OK", "text/html", html), http("500 Oops", "text/html", html), Act::Reset] {
        let changes = [Change::Modify { before: before(), after: after() }];
        let run = run(&changes, move |_, _| act.clone()).await;
        assert_eq!((run.statuses(), run.server.writes()), (vec!["failed"], 0), "{}", run.said());
        assert_eq!(run.receipt.outcome(), Outcome::Trouble);
    }
}

/// A server that does `act` instead of answering to writes, and dates what a dry-run would store by its count, if that
/// is not stored.
fn instead(act: Act, stored: bool) -> impl Fn(&Asked, usize) -> Act + Send + Sync + 'static {
    move |asked, count| {
        let date = if stored { 0 } else { count };
        let dated = format!("last-modified: 2026-01-01T00:00:0{date}Z\n");
        match (asked.line.contains("dry-run"), asked.line.starts_with("DELETE")) {
            (false, _) => act.clone(),
            (true, true) if stored => json("404 Not Found", &[], &[("Error", "Not Found")]),
            (true, _) => json("200 OK", &[&[MNTNER, &dated, SOURCE].concat()], &[]),
        }
    }
}

/// Holds what runs say of a creation and of a deletion when one of `acts` comes instead of the answer to it: it is done
/// if it is stored, and `otherwise` if it is not. All at once, since settling waits.
async fn check_doubts(acts: impl IntoIterator<Item = Act>, otherwise: &'static str) {
    let mut runs = JoinSet::new();
    for act in acts {
        for change in [Change::Create(before()), Change::Delete(before())] {
            runs.spawn(check_doubt(act.clone(), change.clone(), true, "done"));
            runs.spawn(check_doubt(act.clone(), change, false, otherwise));
        }
    }
    runs.join_all().await;
}

async fn check_doubt(act: Act, change: Change, stored: bool, expected: &str) {
    let run = run(std::slice::from_ref(&change), instead(act.clone(), stored)).await;
    assert_eq!(run.statuses(), [expected], "{act:?} {change:?}: {}", run.said());
    assert_eq!(run.server.writes(), 1, "{:?}", run.server.lines());
    let clean = expected == "done";
    assert_eq!(run.receipt.outcome(), if clean { Outcome::Clean } else { Outcome::Trouble });
}

#[tokio::test]
async fn a_lost_answer_is_settled_without_repeating_the_write() {
    // It may still arrive.
    let acts = [Act::Reset, Act::Hang, http("504 Gateway Timeout", "text/html", "<html>")];
    check_doubts(acts, "in_doubt").await;
}

#[tokio::test]
async fn an_answer_that_does_not_hold_the_object_is_settled() {
    let other = person();
    let changed = object(&[MNTNER, "remarks: of somebody else\n", AT, SOURCE]);
    let (this, that, error) = (before(), other, [("Error", "x")]);
    let acts = [
        http("200 OK", "application/json", r#"{"objects":{"object":[]}}"#),
        http("200 OK", "application/json", r#"{"message":"under maintenance"}"#),
        http("200 OK", "application/json", "{}"),
        http("200 OK", "text/html", "<html>"),
        http("201 Created", "application/json", r#"{"objects":{"object":[]}}"#),
        http("204 No Content", "application/json", ""),
        json("200 OK", &[that.text()], &[]),
        json("200 OK", &[changed.text()], &[]),
        json("200 OK", &[this.text(), this.text()], &[]),
        json(
            "200 OK",
            &[this.text()],
            &[("Info", "Dry-run performed, no changes to the database have been made")],
        ),
        json("200 OK", &[this.text()], &error),
        json("409 Conflict", &[this.text()], &error),
        json("404 Not Found", &[], &[("Error", "Not Found")]),
        http("404 Not Found", "application/json", r#"{"message":"Not Found"}"#),
    ];
    check_doubts(acts, "failed").await;
}

#[tokio::test]
async fn a_gateway_that_knows_nothing_does_not_prove_a_deletion() {
    let gateway = http("404 Not Found", "application/json", r#"{"message":"Not Found"}"#);
    let run = run(&[Change::Delete(before())], move |asked, count| match count {
        0 => willing(asked),
        _ => gateway.clone(),
    })
    .await;
    assert_eq!(run.statuses(), ["in_doubt"], "{}", run.said());
}

#[tokio::test]
async fn an_interrupted_run_ends_after_the_step_that_was_sent() {
    let server = Canned::serve(|asked, _| willing(asked)).await;
    let directory = tempfile::tempdir().unwrap();
    let state = StateDir::open(Some(directory.path()), Path::new("")).unwrap();
    let items = [person(), person(), person()].map(|object| Item::new("test", &Change::Create(object)));
    let mut journal = Journal::begin(&state, &Begun::new("test", &items), None).unwrap();
    let (registry, asked) = (server.registry(), AtomicUsize::new(0));
    let mut keys = Keys::default();
    let mut running = Running {
        connection: &mut RipeDatabase::new(&registry, &mut keys),
        log: Log { journal: &mut journal, observer: &mut |_| () },
        end: &|_| (asked.fetch_add(1, Ordering::Relaxed) == 1).then_some(End::Interrupted),
    };
    let receipt = apply(&items, &mut running).await;
    let statuses: Vec<_> = receipt.steps.iter().map(|step| step.status.text()).collect();
    assert_eq!(statuses, ["done", "not_tried", "not_tried"]);
    let end = receipt.end.clone();
    assert_eq!((end, receipt.outcome(), server.writes()), (Some(End::Interrupted), Outcome::Trouble, 1));
    assert!(receipt.next().unwrap().contains("does the rest"));
}

#[tokio::test]
async fn a_run_ends_in_order_after_so_many_steps() {
    let server = Canned::serve(|asked, _| willing(asked)).await;
    let directory = tempfile::tempdir().unwrap();
    let state = StateDir::open(Some(directory.path()), Path::new("")).unwrap();
    let items = [person(), person(), person()].map(|object| Item::new("test", &Change::Create(object)));
    let mut journal = Journal::begin(&state, &Begun::new("test", &items), None).unwrap();
    let (registry, bounds) = (server.registry(), Bounds { most: Some(2), until: None });
    let mut keys = Keys::default();
    let mut running = Running {
        connection: &mut RipeDatabase::new(&registry, &mut keys),
        log: Log { journal: &mut journal, observer: &mut |_| () },
        end: &|sent| bounds.reached(sent, jiff::Timestamp::UNIX_EPOCH),
    };
    let receipt = apply(&items, &mut running).await;
    let statuses: Vec<_> = receipt.steps.iter().map(|step| step.status.text()).collect();
    assert_eq!(statuses, ["done", "done", "not_tried"]);
    assert_eq!((receipt.end.clone(), receipt.outcome()), (Some(End::Enough(2)), Outcome::Trouble));
    assert!(fs::read_to_string(journal.path()).unwrap().contains("\"because\":\"max-writes\""));
    assert!(receipt.next().unwrap().contains("2 of 3 done; `ripectl resume"));
}

#[tokio::test]
async fn what_cannot_be_settled_is_in_doubt() {
    let run = run(&[Change::Create(before()), Change::Create(person())], |_, _| Act::Reset).await;
    assert_eq!(run.statuses(), ["in_doubt", "not_tried"]);
    assert_eq!(run.server.writes(), 1);
    assert_eq!(run.journal_states(), ["begun", "sending", "in_doubt"]);
    assert!(run.receipt.next().unwrap().contains("finds out whether mntner/HOBBY-MNT was done"));
}

#[tokio::test]
async fn a_key_that_the_registry_chose_is_used_by_later_steps() {
    let organisation = object(&["organisation: AUTO-1\norg-name: A\nmnt-by: HOBBY-MNT\n", SOURCE]);
    let user = object(&["aut-num: AS1\nas-name: A\norg: AUTO-1\nmnt-by: HOBBY-MNT\n", SOURCE]);
    let run = run(&[Change::Create(organisation), Change::Create(user)], |asked, count| {
        assert_eq!(asked.body.contains("ORG-A1-RIPE"), count == 1, "{}", asked.body);
        let stored = [
            "organisation: ORG-A1-RIPE\norg-name: A\nmnt-by: HOBBY-MNT\n",
            "aut-num: AS1\nas-name: A\norg: ORG-A1-RIPE\nstatus: ASSIGNED\nmnt-by: HOBBY-MNT\n",
        ];
        json("200 OK", &[&[stored[count], AT, SOURCE].concat()], &[])
    })
    .await;
    assert_eq!(run.statuses(), ["done", "done"]);
    assert_eq!(run.receipt.steps[0].id.key_text(), "ORG-A1-RIPE");
}

/// An organisation without a key, and an AS that names it.
fn unnamed() -> [Change; 2] {
    let organisation = object(&["organisation: AUTO-1\norg-name: A\nmnt-by: HOBBY-MNT\n", SOURCE]);
    let user = object(&["aut-num: AS1\nas-name: A\norg: AUTO-1\nmnt-by: HOBBY-MNT\n", SOURCE]);
    [Change::Create(organisation), Change::Create(user)]
}

fn made(key: &str) -> String {
    let now = jiff::Timestamp::now();
    format!(
        "organisation: {key}\norg-name: A\nmnt-by: HOBBY-MNT\ncreated: {now}\nlast-modified: {now}\nsource: RIPE\n"
    )
}

#[tokio::test]
async fn an_organisation_whose_answer_is_lost_is_in_doubt_unless_one_is_found() {
    let check = async |found: &[&str], statuses: [&str; 2], said: &str| {
        let objects: Vec<String> = found.iter().map(|key| made(key)).collect();
        let run = run(&unnamed(), move |asked, _| {
            let shown: Vec<&str> = objects.iter().map(String::as_str).collect();
            match (asked.line.starts_with("GET"), asked.body.contains("aut-num")) {
                (true, _) if shown.is_empty() => absent(),
                (true, _) => json("200 OK", &shown, &[]),
                (_, true) => json(
                    "200 OK",
                    &["aut-num: AS1\nas-name: A\norg: ORG-A7-RIPE\nmnt-by: HOBBY-MNT\nlast-modified: 2026-01-01T00:00:00Z\nsource: RIPE\n"],
                    &[],
                ),
                (_, false) => Act::Reset,
            }
        })
        .await;
        assert_eq!(run.statuses(), statuses, "{}", run.said());
        assert!(run.said().contains(said), "{}", run.said());
        if statuses[0] == "in_doubt" {
            let next = run.receipt.next().unwrap();
            assert!(next.contains("looks for organisation/AUTO-1 again before anything else"), "{next}");
            assert_eq!(run.journal_states(), ["begun", "sending", "in_doubt"]);
        }
    };
    check(&["ORG-A7-RIPE"], ["done", "done"], "it was found by its maintainer, its name and its age").await;
    check(&[], ["in_doubt", "not_tried"], "the request may still arrive").await;
    check(
        &["ORG-A7-RIPE", "ORG-A8-RIPE"],
        ["in_doubt", "not_tried"],
        "each of ORG-A7-RIPE, ORG-A8-RIPE may be",
    )
    .await;
}

#[tokio::test]
async fn a_key_that_cannot_be_kept_is_the_end_of_the_run() {
    let server = Canned::serve(|_, _| json("200 OK", &[&made("ORG-A7-RIPE")], &[])).await;
    let directory = tempfile::tempdir().unwrap();
    let state = StateDir::open(Some(&directory.path().join("state")), Path::new("")).unwrap();
    let items: Vec<Item> = unnamed().iter().map(|change| Item::new("test", change)).collect();
    let mut journal = Journal::begin(&state, &Begun::new("test", &items), None).unwrap();
    let mut keys = declared(directory.path(), &unnamed());
    fs::write(directory.path().join("objects/a.rpsl"), "# the user was here\n").unwrap();
    let registry = server.registry();
    let mut running = Running {
        connection: &mut RipeDatabase::new(&registry, &mut keys),
        log: Log { journal: &mut journal, observer: &mut |_| () },
        end: &|_| None,
    };
    let receipt = apply(&items, &mut running).await;
    let statuses: Vec<_> = receipt.steps.iter().map(|step| step.status.text()).collect();
    assert_eq!((statuses, receipt.outcome()), (vec!["done", "not_tried"], Outcome::Trouble));
    let said = receipt.steps[0].messages[0].to_string();
    assert!(
        said.starts_with("the registry made organisation/ORG-A7-RIPE, and it does not stand in the files: "),
        "{said}"
    );
}
