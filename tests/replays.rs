//! Runs that were cut off, and runs that were done: gone on with, taken back, and told of.
//!
//! The program is killed at each request of an apply that makes, changes and deletes, before the request is passed on,
//! after it, and after half the answer. `resume` ends each, and nothing is left to plan; where the journal went too,
//! `apply` does.
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
    process::{Child, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use proxy::{Act, Asked, Make, Proxy};
use stage::Stage;
use tokio::runtime::Runtime;

/// How many runs go on at the same time.
const AT_ONCE: usize = 12;
/// Every so many cases the journal is lost too.
const WITHOUT_JOURNAL: usize = 7;
const APPLY: &str = "apply --registry faulty --yes --no-validate";

/// When the program is killed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kill {
    BeforeForwarding,
    AfterForwarding,
    AfterHalfTheAnswer,
}
const KILLS: [Kill; 3] = [Kill::BeforeForwarding, Kill::AfterForwarding, Kill::AfterHalfTheAnswer];

/// Two stages of a network: at first nothing of it stands, later some is to be made, changed and deleted.
#[derive(Clone, Copy, Debug)]
enum Scene {
    New,
    Grown,
}

/// A registry and an estate of a scene. What stands was written once, and is copied.
struct Prepared {
    estate: common::Estate,
}

impl Prepared {
    fn new(runtime: &Runtime, scene: Scene) -> Prepared {
        let estate = common::Estate::new();
        if let Scene::Grown = scene {
            let store = estate.path("kept.sqlite");
            let stage = runtime.block_on(Stage::with(estate, Some(&store)));
            let output = stage.command(&stage.running.url, APPLY).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            grow(&stage.estate);
            fs::remove_dir_all(stage.estate.path(".ripectl")).unwrap();
            return Prepared { estate: stage.estate };
        }
        Prepared { estate }
    }

    fn stage(&self, runtime: &Runtime) -> Stage {
        let estate = self.estate.copied();
        let store = estate.path("kept.sqlite");
        runtime.block_on(Stage::with(estate, store.exists().then_some(store.as_path())))
    }
}

/// Takes three blocks away, adds a set, and changes what is there.
fn grow(estate: &common::Estate) {
    for line in [
        "syd = { index = 13, at = [\"syd\"] }\n",
        "ewr = { index = 14, at = [\"ewr\"] }\n",
        "sjc = { index = 15, at = [\"sjc\"] }\n",
    ] {
        estate.edit("ripectl.toml", line, "");
    }
    estate.edit("ripectl.toml", "limits = { delete = 3", "limits = { delete = 6");
    estate.edit(
        "objects/as205398.rpsl",
        "descr:          Hobby Network",
        "descr:          Hobby Network, grown",
    );
    estate.edit(
        "objects/contacts.rpsl",
        "source:         RIPE",
        "remarks:        grown\nsource:         RIPE",
    );
    let route_set = "\nroute-set:      AS205398:RS-HOBBY\ntech-c:         HP1-RIPE\nadmin-c:        HP1-RIPE\n\
                     mnt-by:         HOBBY-MNT\nsource:         RIPE\n";
    let text = estate.read("objects/as205398.rpsl") + route_set;
    fs::write(estate.path("objects/as205398.rpsl"), text).unwrap();
}

type Victim = Arc<Mutex<Option<Child>>>;

fn kill(victim: &Victim) {
    if let Some(child) = victim.lock().unwrap().as_mut() {
        child.kill().unwrap();
    }
}

/// How many requests the apply of a scene takes.
fn requests(runtime: &Runtime, prepared: &Prepared) -> usize {
    let stage = prepared.stage(runtime);
    let proxy = runtime.block_on(Proxy::start(&stage.running.url, |_, _| Act::Pass));
    let output = stage.command(&proxy.url, APPLY).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    proxy.requests.load(Ordering::SeqCst)
}

/// Kills an apply at request `at`; then it is gone on with, and nothing may be left. What is wrong, if anything is.
fn run(runtime: &Runtime, prepared: &Prepared, kill_at: (Kill, usize), lose: bool) -> Option<String> {
    let (how, at) = kill_at;
    let stage = prepared.stage(runtime);
    let victim: Victim = Arc::default();
    let killer = Arc::clone(&victim);
    let nothing: Make = |_, _| None;
    let half: Make = |_, real| Some(real.split_at(real.len() / 2).0.to_owned());
    let act = move |_: &Asked, number: usize| {
        if number != at {
            return Act::Pass;
        }
        match how {
            Kill::BeforeForwarding => {
                kill(&killer);
                Act::Instead(0, nothing)
            }
            Kill::AfterForwarding => {
                kill(&killer);
                Act::Instead(1, nothing)
            }
            Kill::AfterHalfTheAnswer => {
                let killer = Arc::clone(&killer);
                thread::spawn(move || {
                    thread::sleep(Duration::from_millis(10));
                    kill(&killer);
                });
                Act::Instead(1, half)
            }
        }
    };
    let proxy = runtime.block_on(Proxy::start(&stage.running.url, act));
    let mut command = stage.command(&proxy.url, APPLY);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    *victim.lock().unwrap() = Some(child);
    while victim.lock().unwrap().as_mut().unwrap().try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(2));
    }
    let direct = stage.running.url.clone();
    let journal = stage.estate.path(".ripectl/journal");
    if lose {
        let _ = fs::remove_dir_all(&journal);
    }
    let has_run = fs::read_dir(&journal).is_ok_and(|files| files.count() > 0);
    let go_on = if has_run { "resume --yes --no-validate" } else { APPLY };
    let output = stage.command(&direct, go_on).output().unwrap();
    let said =
        || String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let wrong = |what: &str, said: String| Some(format!("{how:?} at request {at}, {go_on}: {what}\n{said}"));
    if output.status.code() != Some(0) {
        let cut_off_before = said().contains("was cut off before anything was sent");
        let again = cut_off_before.then(|| stage.command(&direct, APPLY).output().unwrap());
        if again.is_none_or(|again| again.status.code() != Some(0)) {
            return wrong("it does not end well", said());
        }
    }
    let plan = "plan --registry faulty --exit-code";
    let left = stage.command(&direct, plan).output().unwrap();
    let is_empty = left.status.code() == Some(0);
    if is_empty { None } else { wrong("something is left", said() + &String::from_utf8_lossy(&left.stdout)) }
}

#[test]
fn killed_at_any_request_it_is_gone_on_with() {
    let runtime = Runtime::new().unwrap();
    let prepared = [Scene::New, Scene::Grown].map(|scene| Prepared::new(&runtime, scene));
    let mut cases = Vec::new();
    for (scene, prepared) in prepared.iter().enumerate() {
        let count = requests(&runtime, prepared);
        cases.extend((0..count).flat_map(|at| KILLS.map(|kill| (scene, kill, at))));
    }
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let Some((scene, kill, at)) = cases.get(number) else { break };
                    let prepared = &prepared[*scene];
                    let lose = number % WITHOUT_JOURNAL == 0;
                    let outcome = run(&runtime, prepared, (*kill, *at), lose);
                    wrong.lock().unwrap().extend(outcome);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    println!("{} kills, {} of them not gone on with", cases.len(), wrong.len());
    assert!(cases.len() >= 200, "{} kills", cases.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
}

#[test]
fn runs_are_gone_on_with_and_taken_back() {
    let estate = common::Estate::new();
    estate.check("runs", 0, &["Nothing was applied from here"]);
    estate.check("undo --yes", 2, &["no run is known here", "--receipt FILE"]);
    estate.check("resume 20260101T000000Z --yes", 2, &["there is no run `20260101T000000Z` here"]);
    estate.check("undo", 2, &["nobody can be asked here"]);
    estate.check("undo --yes --gate --no-validate", 2, &["cannot be used with"]);
    estate.check("resume --yes --receipt nowhere.jsonl", 2, &["nowhere.jsonl cannot be read"]);
    estate.check("undo --yes --receipt ripectl.toml", 2, &["ripectl.toml is no journal of a run"]);

    estate.check("apply --registry sandbox --yes --no-validate --state-dir elsewhere", 0, &["38 done"]);
    estate.check("runs --state-dir elsewhere", 0, &["38 of 38 steps", "done"]);
    estate.check("resume --yes --no-validate --state-dir elsewhere", 0, &["Nothing to do"]);
    let runs = estate.run("runs --format json --state-dir elsewhere").stdout;
    let runs: serde_json::Value = serde_json::from_slice(&runs).unwrap();
    let run = runs["runs"][0]["run"].as_str().unwrap().to_owned();
    let undo = format!("undo {run} --yes --no-validate --state-dir elsewhere");
    estate.check(&format!("{undo} --registry ripe"), 2, &["against `sandbox`, and not against `ripe`"]);
    estate.check(&undo, 1, &["STOP: still announced", "role/HN1-RIPE stays: `protect` names it"]);
    let one = format!("{undo} --only as-set/AS205398:AS-HOBBY --format json --no-progress");
    estate.check(&one, 0, &["\"done\": 1"]);
    let refused = format!("{undo} --only organisation/ORG-HOBY1-RIPE");
    estate.check(&refused, 0, &["stays as it is, the registry would refuse it", "Nothing to do"]);
    estate.check(&format!("{refused} --try-anyway --verbose"), 2, &["1 failed", "cannot be removed"]);
    let all = format!("{undo} --allow-announced 2a0f:85c1:260::/44 --show-personal");
    estate.check(&all, 0, &["What of run", "organisation/ORG-HOBY1-RIPE stays as it is", "35 done"]);
    estate.check("runs --state-dir elsewhere", 0, &["taken back by", "undoes"]);
    estate.check(
        "apply --registry sandbox --yes --gate --state-dir elsewhere",
        0,
        &["16 announcements: all ok"],
    );
}

/// Objects of the classes that anybody can make, beside those of the example.
const MORE: &str = "\
mntner: HOBBY-TWO-MNT\nadmin-c: HP1-RIPE\nupd-to: noc@hobby.example\nauth: SSO hobby@hobby.example\n\
mnt-by: HOBBY-MNT\nsource: RIPE\n\n\
person: Anna Two\naddress: Street 1\ne-mail: anna@hobby.example\nphone: +31 20 5550100\nnic-hdl: AT1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n\n\
role: Two NOC\naddress: Street 1\ne-mail: two@hobby.example\nnic-hdl: TN1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n\n\
irt: irt-HOBBY\naddress: Street 1\ne-mail: irt@hobby.example\nadmin-c: HP1-RIPE\ntech-c: HP1-RIPE\n\
auth: SSO hobby@hobby.example\nmnt-by: HOBBY-MNT\nsource: RIPE\n\n\
as-set: AS205398:AS-TWO\nmembers: AS205398\ntech-c: HP1-RIPE\nadmin-c: HP1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n\n\
route-set: AS205398:RS-TWO\ntech-c: HP1-RIPE\nadmin-c: HP1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n\n\
filter-set: AS205398:FLTR-TWO\nfilter: ANY\ntech-c: HP1-RIPE\nadmin-c: HP1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n\n\
peering-set: AS205398:PRNG-TWO\npeering: AS20473\ntech-c: HP1-RIPE\nadmin-c: HP1-RIPE\nmnt-by: HOBBY-MNT\n\
source: RIPE\n\n\
rtr-set: AS205398:RTRS-TWO\ntech-c: HP1-RIPE\nadmin-c: HP1-RIPE\nmnt-by: HOBBY-MNT\nsource: RIPE\n\n\
inet-rtr: rtr.hobby.example\nlocal-as: AS205398\nifaddr: 192.0.2.1 masklen 24\ntech-c: HP1-RIPE\nadmin-c: HP1-RIPE\n\
mnt-by: HOBBY-MNT\nsource: RIPE\n";
/// Those of them whose keys are never given out again.
const FOREVER: [&str; 2] = ["AT1-RIPE", "TN1-RIPE"];

/// What is registered, without what the registry writes itself.
fn held(estate: &common::Estate) -> Vec<String> {
    let dump = String::from_utf8(estate.run("sandbox dump").stdout).unwrap();
    let is_own = |line: &&str| !line.starts_with("created:") && !line.starts_with("last-modified:");
    dump.split("\n\n").map(|object| object.lines().filter(is_own).collect::<Vec<_>>().join("\n")).collect()
}

#[test]
fn what_was_made_changed_or_deleted_is_as_it_was_for_every_class() {
    let estate = common::Estate::new();
    let apply = "apply --registry sandbox --yes --no-validate";
    let undo = "undo --yes --no-validate";
    estate.edit(
        "ripectl.toml",
        "limits = { delete = 3, modify = 10 }",
        "limits = { delete = 99, modify = 99 }",
    );
    estate.edit(
        "ripectl.toml",
        "protect = [\"organisation/*\", \"role/*\", \"person/*\", \"mntner/*\"]",
        "protect = []",
    );
    estate.check(apply, 0, &["38 done"]);

    let bare = held(&estate);
    fs::write(estate.path("objects/more.rpsl"), MORE).unwrap();
    estate.check(apply, 0, &["10 done"]);
    estate.check(undo, 0, &["10 done"]);
    assert_eq!(held(&estate), bare, "what was made is gone");

    let text = MORE.replace("AT1-RIPE", "AT2-RIPE").replace("TN1-RIPE", "TN2-RIPE");
    fs::write(estate.path("objects/more.rpsl"), &text).unwrap();
    estate.check(apply, 0, &["10 done"]);
    let whole = held(&estate);
    for file in ["objects/more.rpsl", "objects/contacts.rpsl", "objects/as205398.rpsl"] {
        let text = estate.read(file);
        let more = text.replace("mnt-by:", "remarks: changed\nmnt-by:");
        fs::write(estate.path(file), more).unwrap();
    }
    for template in ["block", "route", "zone"] {
        let file = format!("templates/{template}.rpsl");
        let text = estate.read(&file).replacen("mnt-by:", "remarks: changed\nmnt-by:", 1);
        fs::write(estate.path(&file), text).unwrap();
    }
    let said = estate.check(apply, 0, &[" done"]);
    assert!(said.contains("Applied to sandbox: 49 done"), "{said}");
    assert_ne!(held(&estate), whole);
    estate.check(undo, 0, &["49 done"]);
    assert_eq!(held(&estate), whole, "what was changed is as it was");

    let keys = "\"mntner/HOBBY-TWO-MNT\", \"person/AT2-RIPE\", \"role/TN2-RIPE\", \"irt/irt-HOBBY\", \
                \"as-set/AS205398:AS-TWO\", \"route-set/AS205398:RS-TWO\", \"filter-set/AS205398:FLTR-TWO\", \
                \"peering-set/AS205398:PRNG-TWO\", \"rtr-set/AS205398:RTRS-TWO\", \"inet-rtr/rtr.hobby.example\"";
    fs::remove_file(estate.path("objects/more.rpsl")).unwrap();
    let line = "sjc = { index = 15, at = [\"sjc\"] }\n";
    estate.edit("ripectl.toml", line, "");
    estate.edit("ripectl.toml", "[manage]\n", &format!("[manage]\nabsent = [{keys}]\n"));
    let only = "--only */*TWO* --only */*T?2* --only irt/* --only inet-rtr/* --only */2a0f:85c1:26f* --allow-irreversible 2";
    let only = only.replace("*/*T?2*", "*/AT2-RIPE --only */TN2-RIPE");
    estate.check(&format!("{apply} {only}"), 0, &["12 done"]);
    let lost = FOREVER.map(|handle| handle.replace('1', "2"));
    let parts =
        lost.each_ref().map(|handle| format!("{handle} cannot come back: its nic-hdl is never given out"));
    estate.check(undo, 0, &[&parts[0], &parts[1], "10 done"]);
    let kept: Vec<String> =
        whole.into_iter().filter(|object| !lost.iter().any(|handle| object.contains(handle))).collect();
    assert_eq!(held(&estate), kept, "what was deleted is as it was, but for what never can be");
}

#[test]
fn a_journal_on_stdout_is_a_receipt() {
    let estate = common::Estate::new();
    fs::write(
        estate.path("objects/more.rpsl"),
        "role: Two NOC\naddress: Street 1\ne-mail: two@hobby.example\nnic-hdl: AUTO-1\nmnt-by: HOBBY-MNT\nsource: RIPE\n",
    )
    .unwrap();
    let fresh = estate.copied();
    let output = estate.run("apply --registry sandbox --yes --journal - --no-validate");
    assert!(output.status.success());
    let (lines, said) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(said.contains("Applied to sandbox: 39 done"), "the rest is talk: {said}");
    let kept = fs::read_dir(estate.path(".ripectl/journal")).unwrap().next().unwrap().unwrap().path();
    assert_eq!(lines, fs::read_to_string(kept).unwrap(), "the same lines as in the file");
    let handle = estate.read("objects/more.rpsl");
    let handle = handle.lines().find_map(|line| line.strip_prefix("nic-hdl: ")).unwrap();

    // The disk of the runner is gone with the answers to the last steps: a fresh checkout, and what it printed.
    let cut: Vec<&str> = lines.lines().take_while(|line| !line.contains("\"step\":20,\"type\"")).collect();
    assert!(cut.len() > 60, "{} lines", cut.len());
    fs::write(fresh.path("receipt.jsonl"), cut.join("\n") + "\n").unwrap();
    let store = fresh.path(".ripectl");
    fs::create_dir(&store).unwrap();
    fs::copy(estate.path(".ripectl/sandbox.sqlite"), store.join("sandbox.sqlite")).unwrap();
    let resume = "resume --receipt receipt.jsonl --yes --no-validate";
    let told = [&*format!("role/{handle} stands for AUTO-1 in the files now"), "is done", "Nothing to do"];
    fresh.check(resume, 0, &told);
    assert_eq!(fresh.read("objects/more.rpsl"), estate.read("objects/more.rpsl"));
    fresh.check("plan --registry sandbox --exit-code", 0, &["Nothing to do"]);
    fs::remove_dir_all(store.join("journal")).unwrap_or_default();
    let undo = "undo --receipt receipt.jsonl --yes --no-validate --only mntner/*";
    fresh.check(undo, 0, &["1 to change", "1 done"]);
}

#[test]
fn undo_typed_again_takes_back_the_run_before() {
    let estate = common::Estate::new();
    let apply = |from: &str, to: &str| {
        if !from.is_empty() {
            estate.edit("objects/as205398.rpsl", from, to);
        }
        std::thread::sleep(std::time::Duration::from_millis(1100)); // runs of one second would have numbers
        estate.check("apply --registry sandbox --yes --no-validate", 0, &[]);
    };
    apply("", "");
    apply("descr:          Hobby Network\n", "descr:          Hobby One\n");
    apply("descr:          Hobby One\n", "descr:          Hobby Two\n");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let said = ["+ descr:          Hobby One", "the files still say what was taken back"];
    estate.check("undo --yes --no-validate", 0, &said);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    // Not what the first one did.
    estate.check(
        "undo --yes --no-validate",
        0,
        &["- descr:          Hobby One", "+ descr:          Hobby Network"],
    );
}
