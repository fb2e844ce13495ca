//! Time and other people: a registry that changes while we look, and two applies at once. Nobody's change is overwritten
//! unseen where it could be seen, and what could not be seen is reported afterwards.
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

use std::{sync::Arc, thread};

use proxy::{Act, Asked, Proxy};
use ripectl::{
    registry::{Mode, Registry},
    rpsl::{Class, Key, Object},
};
use stage::Stage;
use tokio::runtime::Runtime;

const APPLY: &str = "apply --registry faulty --yes --no-validate";

/// A stage on which the example stands, and the files say something else of its aut-num and of a set.
fn changed(runtime: &Runtime) -> Stage {
    let stage = runtime.block_on(Stage::new());
    let direct = stage.running.url.clone();
    assert!(stage.command(&direct, APPLY).output().unwrap().status.success());
    std::fs::remove_dir_all(stage.estate.path(".ripectl")).unwrap();
    stage
}

/// What somebody else does meanwhile: a remark more in the object with this key. The clock of the registry is past the
/// second in which it was written before, and in the next one when it goes on.
fn meddle(registry: Registry, key: Key) {
    let meddling = thread::spawn(move || {
        Runtime::new().unwrap().block_on(async {
            tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
            let now = registry.lookup(&key).await.unwrap().object().unwrap();
            let text = now.text().replace("source:", "remarks: of somebody else\nsource:");
            let other = Object::parse(text).unwrap();
            let answer = registry.modify(&other, Mode::Real).await.unwrap();
            assert!(answer.accepted(), "{answer:?}");
            tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        });
    });
    meddling.join().unwrap();
}

/// An apply in which somebody else changes the object right before the first request that is like `before`; what is
/// said, the exit status, and what stands then.
fn meddled(
    runtime: &Runtime,
    stage: &Stage,
    key: &Key,
    before: fn(&Asked) -> bool,
) -> (String, Option<i32>, Option<Object>) {
    let (truth, meant) = (stage.truth(), key.clone());
    let once = Arc::new(std::sync::Mutex::new(Some((truth, meant))));
    let act = move |asked: &Asked, _: usize| {
        let taken = if before(asked) { once.lock().unwrap().take() } else { None };
        if let Some((registry, key)) = taken {
            meddle(registry, key);
        }
        Act::Pass
    };
    // Beside the registry's own threads: who meddles keeps those of the proxy waiting.
    let beside = Runtime::new().unwrap();
    let proxy = beside.block_on(Proxy::start(&stage.running.url, act));
    let output = stage.command(&proxy.url, APPLY).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let stands = runtime.block_on(stage.truth().lookup(key)).unwrap().object();
    (said, output.status.code(), stands)
}

fn has_their_remark(object: Option<&Object>) -> bool {
    object.is_some_and(|object| object.text().contains("of somebody else"))
}

#[test]
fn what_changes_between_read_and_proof_is_not_written_over() {
    let runtime = Runtime::new().unwrap();
    let stage = changed(&runtime);
    stage.estate.edit("objects/as205398.rpsl", "descr:          Hobby Network", "descr:          Hobby");
    let key = Key::new(Class::AutNum, "AS205398");
    let proof = |asked: &Asked| asked.text.starts_with("PUT ") && asked.text.contains("dry-run");
    let (said, status, stands) = meddled(&runtime, &stage, &key, proof);
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("was changed by somebody else since it was read"), "{said}");
    assert!(said.contains("+ remarks: of somebody else") && said.contains("hint: "), "{said}");
    assert!(has_their_remark(stands.as_ref()), "it stands");
}

#[test]
fn what_changes_between_proof_and_write_is_reported_afterwards() {
    let runtime = Runtime::new().unwrap();
    let stage = changed(&runtime);
    stage.estate.edit("objects/as205398.rpsl", "descr:          Hobby Network", "descr:          Hobby");
    let key = Key::new(Class::AutNum, "AS205398");
    let write = |asked: &Asked| asked.text.starts_with("PUT ") && !asked.text.contains("dry-run");
    let (said, status, stands) = meddled(&runtime, &stage, &key, write);
    assert_eq!(status, Some(0), "{said}");
    assert!(!has_their_remark(stands.as_ref()), "nothing could be seen of it before");
    assert!(
        said.contains("aut-num/AS205398 was changed by somebody else at ") && said.contains("version 3"),
        "{said}"
    );
    assert!(said.contains("/ripe/aut-num/AS205398/versions/3"), "{said}");
    let versions = runtime.block_on(stage.truth().versions(&key)).unwrap();
    assert_eq!(versions.len(), 4, "theirs is in the history: {versions:?}");
}

#[test]
fn what_changes_between_proof_and_deletion_is_not_deleted() {
    let runtime = Runtime::new().unwrap();
    let stage = changed(&runtime);
    stage.estate.edit("ripectl.toml", "sjc = { index = 15, at = [\"sjc\"] }\n", "");
    let key = Key::new(Class::Route6, "2a0f:85c1:26f::/48AS205398");
    let delete = |asked: &Asked| asked.text.starts_with("POST /whois/syncupdates");
    let (said, status, stands) = meddled(&runtime, &stage, &key, delete);
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("doesn't match version in database"), "{said}");
    assert!(has_their_remark(stands.as_ref()), "it stands");
}

#[test]
fn what_changes_between_plan_and_apply_stops_it() {
    let runtime = Runtime::new().unwrap();
    let stage = changed(&runtime);
    let direct = stage.running.url.clone();
    stage.estate.edit("objects/as205398.rpsl", "descr:          Hobby Network", "descr:          Hobby");
    let plan = stage.command(&direct, "plan --registry faulty --out plan.json").output().unwrap();
    assert!(plan.status.success());
    meddle(stage.truth(), Key::new(Class::AutNum, "AS205398"));
    let output = stage.command(&direct, "apply plan.json --yes").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("plan.json:") && said.contains("no longer so: modify aut-num/AS205398"), "{said}");
}

#[test]
fn two_applies_at_once_do_all_of_it_once() {
    let runtime = Runtime::new().unwrap();
    for from_one in [true, false] {
        let stage = runtime.block_on(Stage::new());
        let direct = stage.running.url.clone();
        let other = stage.estate.copied();
        let start = |estate: &common::Estate| {
            let mut command = stage.command(&direct, APPLY);
            command.current_dir(estate.path("")).env("HOME", estate.path(".home"));
            user::own(estate, &stage.estate.read(".home/ripectl/config.toml"));
            command.env("XDG_CONFIG_HOME", estate.path(".home"));
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        };
        let runs = [start(&stage.estate), start(if from_one { &stage.estate } else { &other })];
        let ended = runs.map(|run| run.wait_with_output().unwrap());
        let said: Vec<String> = ended
            .iter()
            .map(|run| {
                String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr)
            })
            .collect();
        assert!(ended.iter().any(|run| run.status.success()), "{said:#?}");
        if from_one {
            assert!(ended.iter().all(|run| run.status.success()), "they take turns: {said:#?}");
        }
        let plan = stage.command(&direct, "plan --registry faulty --exit-code").output().unwrap();
        let left = String::from_utf8_lossy(&plan.stdout).into_owned();
        assert_eq!(plan.status.code(), Some(0), "{left}\n{said:#?}");
    }
}
